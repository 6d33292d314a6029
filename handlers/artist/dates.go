package artist

import (
	"io"

	"github.com/hlpfl/platform/handlers/web"
	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/views"
	"github.com/hlpfl/platform/views/artist"
)

// ImportedDates is the answer to a table of shows: the profile with the tour, and
// the rows that were not taken.
type ImportedDates struct {
	Profile
	WrongRows []model.WrongRow `json:"wrong_rows" doc:"not taken, each with its line and the reason; the others are added"`
}

// ImportDates adds the shows of a table to a tour of the draft.
func (h *Profiles) ImportDates(r *web.Request) (web.Reply, error) {
	id, err := r.BlockID()
	if err != nil {
		return web.Reply{}, err
	}
	in, err := web.Read[model.ShowsImport](r)
	if err != nil {
		return web.Reply{}, err
	}
	out := ImportedDates{WrongRows: []model.WrongRow{}}
	var b model.Block
	p, err := h.editDraft(r, in.Version, func(p model.Profile) (next model.Draft, _ model.Edit, err error) {
		next = p.Working()
		var wrong []model.WrongRow
		if b, wrong, err = in.AddTo(next.Document, id, p.TimeZone); err != nil {
			return next, model.Edit{}, err
		}
		out.WrongRows = append([]model.WrongRow{}, wrong...)
		next.Document, err = next.Document.ReplaceBlock(b)
		return next, model.Edit{Kind: model.EditChange, Subject: id, Title: titleOf(b)}, err
	})
	if err != nil {
		return web.Reply{}, err
	}
	out.Profile = h.JSON(p)
	out.Block = &b
	return web.Reply{JSON: out, To: views.EditorBlock(p.ID, id), Follow: true}, nil
}

// BringDates is the same by a form: the table is looked at, with every row that is
// wrong, and its dates are taken when they were seen as they are.
func (h *Profiles) BringDates(r *web.Request) (web.Reply, error) {
	id, err := r.BlockID()
	if err != nil {
		return web.Reply{}, err
	}
	p, err := h.profile(r)
	if err != nil {
		return web.Reply{}, err
	}
	in, err := readTable(r, h.Pictures.Folder)
	table := &artist.DatesTable{Text: in.Text, Zone: in.Zone}
	again := func(err error) (web.Reply, error) {
		return h.refused(r, err, artist.TabBlocks, func(v *artist.Editor, e *model.Error) {
			table.Errors = fieldsOf(e)
			for i := range v.Blocks {
				if row := &v.Blocks[i]; row.ID == id && !row.Gone {
					if b, ok := p.Working().Document.Block(id); ok {
						row.Form = formOf(b, p)
					}
					if row.Form != nil {
						row.Form.Table = table
					}
				}
			}
		})
	}
	if err != nil {
		return again(err)
	}
	ask, err := in.Import()
	if err != nil {
		return again(err)
	}
	b, add, wrong, err := ask.Look(p.Working().Document, id, p.TimeZone)
	if err != nil {
		return again(err)
	}
	if in.Then != "take:dates" || in.Seen != in.Mark() || len(add) == 0 {
		table.Looked, table.Seen, table.Dates, table.Wrong = true, in.Mark(), datesToCome(add), wrong
		return again(&model.Error{Kind: model.KindInvalid}) // nothing is taken yet: it is shown what would be
	}
	_, err = h.editDraft(r, in.Version, func(p model.Profile) (next model.Draft, _ model.Edit, err error) {
		next = p.Working()
		if b, _, err = ask.AddTo(next.Document, id, p.TimeZone); err != nil {
			return next, model.Edit{}, err
		}
		next.Document, err = next.Document.ReplaceBlock(b)
		return next, model.Edit{Kind: model.EditChange, Subject: id, Title: titleOf(b)}, err
	})
	if err != nil {
		return again(err)
	}
	return web.Reply{To: views.Said(views.EditorBlock(p.ID, id), saidAdded), Follow: true}, nil
}

// readTable reads the form; the text of a file that came with it takes the place of
// what was typed.
func readTable(r *web.Request, folder string) (in model.DatesForm, err error) {
	if !web.IsUpload(r) {
		return web.Read[model.DatesForm](r)
	}
	tooLarge := model.Invalid("file", "This file is larger than 512 KB. Save the table alone, as CSV.")
	in, file, err := web.ReadUpload[model.DatesForm](r, web.Upload{Field: "file", Most: model.MaxShowsFile, Folder: folder, TooLarge: tooLarge})
	if err != nil || file == nil {
		return in, err
	}
	defer file.Close()
	raw, err := io.ReadAll(file)
	if err != nil {
		return in, model.Unavailable(err)
	}
	text, err := model.TableText(raw)
	if err != nil {
		return in, model.Invalid("file", err.Error())
	}
	in.Text = text
	return in, nil
}

// datesToCome are shows as a table of them is looked at.
func datesToCome(shows []model.ReadShow) (list []artist.DateToCome) {
	for _, s := range shows {
		d := artist.DateToCome{Line: s.Line, Starts: s.At(), Zone: s.Zone, City: s.City, Venue: s.Venue, Status: string(s.Status)}
		for _, t := range s.Tickets {
			d.Tickets = append(d.Tickets, string(t.Kind))
		}
		if s.OnSaleAt != nil {
			d.OnSale = s.OnSaleAt.In(model.Zone(s.Zone))
		}
		list = append(list, d)
	}
	return list
}
