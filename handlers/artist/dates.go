package artist

import (
	"github.com/hlpfl/platform/handlers/web"
	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/views"
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
	out.Profile = h.asJSON(p)
	out.Block = &b
	return web.Reply{JSON: out, To: views.EditorBlock(p.ID, id), Follow: true}, nil
}
