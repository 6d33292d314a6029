package artist

import (
	"slices"

	"github.com/hlpfl/platform/handlers/web"
	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/store"
	"github.com/hlpfl/platform/views"
	"github.com/hlpfl/platform/views/artist"
	"github.com/hlpfl/platform/views/ui"
)

// SaveWho saves name and bio into the draft.
func (h *Profiles) SaveWho(r *web.Request) (web.Reply, error) {
	in, err := web.Read[model.WhoSave](r)
	var p model.Profile
	if err == nil {
		p, err = h.editDraft(r, in.Version, func(p model.Profile) (model.Draft, model.Edit, error) {
			next := p.Working()
			if !slices.Contains(in.Theirs, "profile_name") {
				next.Name = in.ProfileName
			}
			if !slices.Contains(in.Theirs, "bio") {
				next.Document.Bio = in.Bio
			}
			return next, model.Edit{Kind: model.EditWho, Typing: in.Then != done}, nil
		})
	}
	if model.KindOf(err) == model.KindConflict {
		return h.whoConflict(r, in, err)
	}
	if err != nil {
		return h.refused(r, err, artist.TabWho, func(v *artist.Editor, e *model.Error) {
			v.Who.Name, v.Who.Bio, v.Who.Errors = in.ProfileName, in.Bio, ui.Errors(fieldsOf(e))
		})
	}
	return h.edited(p, views.EditorTab(p.ID, string(artist.TabWho)), nil, nil), nil
}

// SaveAddress saves what acts at once: the handle, the time zone, whether the page
// is up.
func (h *Profiles) SaveAddress(r *web.Request) (web.Reply, error) {
	id, err := r.ProfileID()
	if err != nil {
		return web.Reply{}, err
	}
	in, err := web.Read[model.AddressSave](r)
	var p model.Profile
	if err == nil {
		err = h.as(r, func(tx *store.UserTx) error {
			p, err = tx.SaveProfile(r.Request().Context(), id, in.Version, in.Change(), origin(r))
			return err
		})
	}
	if model.KindOf(err) == model.KindConflict && in.Handle != nil {
		return h.addressConflict(r, in, err)
	}
	if err != nil {
		err = h.offerHandle(r, err, deref(in.Handle), "")
		return h.refused(r, err, artist.TabWho, func(v *artist.Editor, e *model.Error) {
			v.Who.AddressErrors = ui.Errors(fieldsOf(e))
			if in.Handle != nil {
				v.Who.Handle = *in.Handle
			}
			if in.TimeZone != nil {
				v.Who.TimeZone = *in.TimeZone
			}
		})
	}
	said := saidAddress
	switch {
	case in.IsActive == nil:
	case *in.IsActive:
		said = saidOn
	default:
		said = saidOff
	}
	return h.edited(p, views.Said(views.EditorTab(p.ID, string(artist.TabWho)), said), nil, nil), nil
}

// SaveTheme chooses a look for the draft.
func (h *Profiles) SaveTheme(r *web.Request) (web.Reply, error) {
	in, err := web.Read[model.ThemeSave](r)
	var p model.Profile
	if err == nil {
		p, err = h.editDraft(r, in.Version, func(p model.Profile) (model.Draft, model.Edit, error) {
			next := p.Working()
			next.Document.Theme.Name = in.Theme
			return next, model.Edit{Kind: model.EditTheme}, nil
		})
	}
	if err == nil && p.Guide && !p.ThemePicked {
		// The one that stood counts too, so this is noted apart from the draft.
		err = h.as(r, func(tx *store.UserTx) error { return tx.PickTheme(r.Request().Context(), p.ID) })
	}
	if model.KindOf(err) == model.KindConflict {
		return h.themeConflict(r, in, err)
	}
	if err != nil {
		return h.refused(r, err, artist.TabSleeve)
	}
	return h.edited(p, views.EditorTab(p.ID, string(artist.TabSleeve)), nil, nil), nil
}

// Undo takes the last saved change of the draft back.
func (h *Profiles) Undo(r *web.Request) (web.Reply, error) {
	return h.draftAct(r, saidUndone, func(tx *store.UserTx, id model.ProfileID, version int64) (model.Profile, error) {
		p, _, err := tx.Undo(r.Request().Context(), id, version)
		return p, err
	})
}

// Redo does again what Undo took back last.
func (h *Profiles) Redo(r *web.Request) (web.Reply, error) {
	return h.draftAct(r, saidRedone, func(tx *store.UserTx, id model.ProfileID, version int64) (model.Profile, error) {
		p, _, err := tx.Redo(r.Request().Context(), id, version)
		return p, err
	})
}

// Discard throws the draft away.
func (h *Profiles) Discard(r *web.Request) (web.Reply, error) {
	return h.draftAct(r, saidDiscarded, func(tx *store.UserTx, id model.ProfileID, version int64) (model.Profile, error) {
		return tx.DiscardDraft(r.Request().Context(), id, version)
	})
}

func (h *Profiles) draftAct(r *web.Request, said string, do func(*store.UserTx, model.ProfileID, int64) (model.Profile, error)) (web.Reply, error) {
	id, err := r.ProfileID()
	if err != nil {
		return web.Reply{}, err
	}
	in, err := web.Read[model.VersionOnly](r)
	var p model.Profile
	if err == nil {
		err = h.as(r, func(tx *store.UserTx) error {
			p, err = do(tx, id, in.Version)
			return err
		})
	}
	if err != nil {
		return h.refused(r, err, tabOf(r))
	}
	return h.edited(p, views.Said(views.EditorTab(id, string(tabOf(r))), said), nil, nil), nil
}
