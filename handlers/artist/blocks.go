package artist

import (
	"net/http"
	"strings"

	"github.com/hlpfl/platform/handlers/web"
	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/store"
	"github.com/hlpfl/platform/views"
	"github.com/hlpfl/platform/views/artist"
)

// done is the "then" of a form that is finished with; any other stays open.
const done = "done"

// editDraft saves an edit of the draft, made from a version.
func (h *Profiles) editDraft(r *web.Request, version int64, edit func(model.Profile) (model.Draft, model.Edit, error)) (p model.Profile, err error) {
	id, err := r.ProfileID()
	if err != nil {
		return p, err
	}
	err = h.as(r, func(tx *store.UserTx) error {
		p, err = tx.EditDraft(r.Request().Context(), id, version, edit)
		return err
	})
	return p, err
}

// edited is the answer to an edit that was saved.
func (h *Profiles) edited(p model.Profile, to string, block *model.Block, social *model.Social) web.Reply {
	out := h.JSON(p)
	out.Block, out.Social = block, social
	return web.Reply{JSON: out, To: to, Follow: true}
}

// AddBlock adds a block to the draft.
func (h *Profiles) AddBlock(r *web.Request) (web.Reply, error) {
	in, asked, err := h.readBlock(r)
	titleByAddress(r, &in)
	rows, more := fromForm(r, &in)
	asked = asked || rows
	var b model.Block
	var p model.Profile
	if err == nil && asked {
		err = &model.Error{Kind: model.KindInvalid} // nothing is added yet: the form was asked for again
	}
	if err == nil {
		p, err = h.editDraft(r, in.Version, func(p model.Profile) (next model.Draft, _ model.Edit, err error) {
			next = p.Working()
			if err = in.InZone(p.TimeZone); err != nil {
				return next, model.Edit{}, err
			}
			if b, err = in.New(next.Document); err != nil {
				return next, model.Edit{}, err
			}
			next.Document, b, err = next.Document.AddBlock(b, place(in.At))
			return next, model.Edit{Kind: model.EditAdd, Subject: b.ID, Title: titleOf(b)}, err
		})
	}
	if err != nil {
		return h.refused(r, err, artist.TabBlocks, func(v *artist.Editor, e *model.Error) {
			v.Add = typedForm(in.Type, in, v.Who.TimeZone, e)
			if more != "" {
				v.Add.Rows[more] = 1
			}
		})
	}
	to := views.Editor(p.ID)
	if emptyRows[in.Type] != nil || in.Type == "tour" || in.Type == "gallery" {
		to = views.EditorBlock(p.ID, b.ID) // its list is probably not at its end
	}
	reply := h.edited(p, views.Said(to, saidAdded), &b, nil)
	reply.Status, reply.Header = http.StatusCreated, located(r, "/api/profiles/"+p.ID.String()+"/blocks/"+string(b.ID))
	return reply, nil
}

// titleByAddress fills in the title of a link that was pasted into the form
// without one. While somebody is still typing it stays empty.
func titleByAddress(r *web.Request, in *model.BlockSave) {
	if r.Door != web.Form || in.URL == nil || in.Title != nil && strings.TrimSpace(*in.Title) != "" {
		return
	}
	if title := defaultTitle(*in.URL); title != "" {
		in.Title = &title
	}
}

// fromForm mends what a form alone can say. asked tells that one of its buttons did
// something to a list; more names the list that is to end with an empty row.
func fromForm(r *web.Request, in *model.BlockSave) (asked bool, more string) {
	if r.Door != web.Form {
		return false, ""
	}
	dropNoPicture(in)
	a, ok := rowActOf(in.Then)
	if ok {
		a.apply(in)
	}
	if a.do == "more" {
		more = a.list
	}
	return ok, more
}

func place(at *int) int {
	if at == nil {
		return -1
	}
	return *at
}

// SaveBlock changes a block of the draft.
func (h *Profiles) SaveBlock(r *web.Request) (web.Reply, error) {
	in, picture, err := h.readBlock(r)
	if in.Then == done {
		titleByAddress(r, &in)
	}
	_, more := fromForm(r, &in)
	id, malformed := r.BlockID()
	if malformed != nil {
		return web.Reply{}, malformed
	}
	var b model.Block
	var p model.Profile
	if err == nil {
		p, err = h.editDraft(r, in.Version, func(p model.Profile) (next model.Draft, _ model.Edit, err error) {
			next = p.Working()
			mine := in.WithoutTheirs()
			if err = mine.InZone(p.TimeZone); err == nil {
				was, _ := next.Document.Block(id)
				sameMinute(&mine, was, model.Zone(p.TimeZone))
				b, err = mine.Change(next.Document, id)
			}
			if err == nil {
				next.Document, err = next.Document.ReplaceBlock(b)
			}
			return next, model.Edit{Kind: model.EditChange, Subject: b.ID, Title: titleOf(b), Typing: r.Door == web.Form && in.Then != done && !picture}, err
		})
	}
	if model.KindOf(err) == model.KindConflict && r.Door == web.Form {
		return h.blockConflict(r, id, in, err)
	}
	if err != nil {
		saved := h.savedForm(r, id, in)
		return h.refused(r, err, artist.TabBlocks, func(v *artist.Editor, e *model.Error) {
			for i := range v.Blocks {
				if row := &v.Blocks[i]; row.ID == id && !row.Gone {
					row.Form = typedForm(row.Type, in, v.Who.TimeZone, e)
					takeTheirs(row.Form, saved, in.Theirs)
					if more != "" {
						row.Form.Rows[more] = 1
					}
				}
			}
		})
	}
	to := views.EditorBlock(p.ID, id)
	if more != "" {
		to = views.EditorMore(p.ID, id, more)
	}
	if in.Then == done {
		to = views.EditorTab(p.ID, string(artist.TabBlocks))
	}
	return h.edited(p, to, &b, nil), nil
}

// blockOf finds a block of a document; NotFound when it is not there.
func blockOf(d model.Document, id model.BlockID) (model.Block, error) {
	b, ok := d.Block(id)
	if !ok {
		return b, model.NotFound()
	}
	return b, nil
}

// act is an edit of one block or social whose form has nothing that is typed.
type act struct {
	version int64
	wrong   error      // of reading the input
	tab     artist.Tab // where its form stands
	said    string     // what the next page says, "" for nothing
}

// act does it. The edit may put the block or social into the API's answer.
func (h *Profiles) act(r *web.Request, a act, edit func(model.Profile, model.BlockID, *Profile) (model.Document, model.Edit, error)) (web.Reply, error) {
	id, err := r.BlockID()
	if err != nil {
		return web.Reply{}, err
	}
	var p model.Profile
	var with Profile
	err = a.wrong
	if err == nil {
		p, err = h.editDraft(r, a.version, func(p model.Profile) (next model.Draft, what model.Edit, err error) {
			next = p.Working()
			next.Document, what, err = edit(p, id, &with)
			what.Subject = id
			return next, what, err
		})
	}
	if err != nil {
		return h.refused(r, err, a.tab)
	}
	to := views.EditorTab(p.ID, string(a.tab))
	if a.said != "" {
		to = views.Said(to, a.said)
	}
	return h.edited(p, to, with.Block, with.Social), nil
}

// MoveBlock puts a block at another place.
func (h *Profiles) MoveBlock(r *web.Request) (web.Reply, error) {
	in, err := web.Read[model.Move](r)
	return h.act(r, act{version: in.Version, wrong: err, tab: artist.TabBlocks}, func(p model.Profile, id model.BlockID, with *Profile) (model.Document, model.Edit, error) {
		d := p.Working().Document
		b, err := blockOf(d, id)
		if err != nil {
			return d, model.Edit{}, err
		}
		with.Block = &b
		kind, move := model.EditMove, d.MoveBlock
		if in.Group && d.Group(id) > 1 {
			kind, move = model.EditGroup, d.MoveGroup
		}
		d, err = move(id, in.Place(d.Place(id)))
		return d, model.Edit{Kind: kind, Title: titleOf(b)}, err
	})
}

// DuplicateBlock puts a copy of a block behind it; the answer holds the copy.
func (h *Profiles) DuplicateBlock(r *web.Request) (web.Reply, error) {
	in, err := web.Read[model.VersionOnly](r)
	reply, err := h.act(r, act{version: in.Version, wrong: err, tab: artist.TabBlocks, said: saidAdded}, func(p model.Profile, id model.BlockID, with *Profile) (model.Document, model.Edit, error) {
		d, b, err := p.Working().Document.DuplicateBlock(id)
		with.Block = &b
		return d, model.Edit{Kind: model.EditAdd, Title: titleOf(b)}, err
	})
	if err == nil {
		reply.Status = http.StatusCreated
	}
	return reply, err
}

// SwitchBlock shows or hides a block.
func (h *Profiles) SwitchBlock(r *web.Request) (web.Reply, error) {
	in, err := web.Read[model.Switch](r)
	return h.act(r, act{version: in.Version, wrong: err, tab: artist.TabBlocks}, func(p model.Profile, id model.BlockID, with *Profile) (model.Document, model.Edit, error) {
		d, err := p.Working().Document.SwitchBlock(id, in.Enabled)
		if err != nil {
			return d, model.Edit{}, err
		}
		b, err := blockOf(d, id)
		with.Block = &b
		kind := model.EditHide
		if in.Enabled {
			kind = model.EditShow
		}
		return d, model.Edit{Kind: kind, Title: titleOf(b)}, err
	})
}

// DeleteBlock takes a block out of the draft; fans see it until the next publish.
func (h *Profiles) DeleteBlock(r *web.Request) (web.Reply, error) {
	in, err := web.Read[model.VersionOnly](r)
	return h.act(r, act{version: in.Version, wrong: err, tab: artist.TabBlocks, said: saidTakenOut}, func(p model.Profile, id model.BlockID, _ *Profile) (model.Document, model.Edit, error) {
		d := p.Working().Document
		b, err := blockOf(d, id)
		if err != nil {
			return d, model.Edit{}, err
		}
		d, err = d.RemoveBlock(id)
		return d, model.Edit{Kind: model.EditDelete, Title: titleOf(b)}, err
	})
}

// RestoreBlock puts a block back: as it is public, or as it was when it was deleted.
func (h *Profiles) RestoreBlock(r *web.Request) (web.Reply, error) {
	in, err := web.Read[model.VersionOnly](r)
	id, malformed := r.ProfileID()
	block, wrong := r.BlockID()
	if malformed != nil || wrong != nil {
		return web.Reply{}, model.NotFound()
	}
	var deleted *model.Block
	asked := h.as(r, func(tx *store.UserTx) error {
		b, err := tx.DeletedBlock(r.Request().Context(), id, block)
		if err == nil {
			deleted = &b
		}
		return err
	})
	if asked != nil && model.KindOf(asked) != model.KindNotFound {
		return web.Reply{}, asked
	}
	return h.act(r, act{version: in.Version, wrong: err, tab: artist.TabBlocks, said: saidPutBack}, func(p model.Profile, id model.BlockID, with *Profile) (model.Document, model.Edit, error) {
		d := p.Working().Document
		var err error
		if _, public := p.Document.Block(id); public || deleted == nil {
			d, err = d.PutBackBlock(id, p.Document)
		} else {
			d, _, err = d.AddBlock(*deleted, -1)
		}
		if err != nil {
			return d, model.Edit{}, err
		}
		b, err := blockOf(d, id)
		with.Block = &b
		return d, model.Edit{Kind: model.EditPutBack, Title: titleOf(b)}, err
	})
}
