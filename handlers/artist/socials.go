package artist

import (
	"net/http"

	"github.com/hlpfl/platform/handlers/web"
	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/internal/providers"
	"github.com/hlpfl/platform/views"
	"github.com/hlpfl/platform/views/artist"
	"github.com/hlpfl/platform/views/ui"
)

// AddSocial adds an icon to the row.
func (h *Profiles) AddSocial(r *web.Request) (web.Reply, error) {
	in, err := web.Read[model.SocialSave](r)
	var s model.Social
	var p model.Profile
	if err == nil {
		p, err = h.editDraft(r, in.Version, func(p model.Profile) (next model.Draft, _ model.Edit, err error) {
			next = p.Working()
			s, err = checkSocial(model.Social{ID: model.BlockID(in.ID), URL: model.URL(deref(in.URL)), Network: deref(in.Network)})
			if err == nil {
				next.Document, s, err = next.Document.AddSocial(s, place(in.At))
			}
			return next, model.Edit{Kind: model.EditAdd, Subject: s.ID, Title: socialProvider(s).Name}, err
		})
	}
	if err != nil {
		return h.refused(r, err, artist.TabElsewhere, func(v *artist.Editor, e *model.Error) {
			v.Elsewhere.Add = artist.SocialForm{URL: deref(in.URL), Network: deref(in.Network), Errors: ui.Errors(fieldsOf(e))}
		})
	}
	reply := h.edited(p, views.Said(views.EditorTab(p.ID, string(artist.TabElsewhere)), saidAdded), nil, &s)
	reply.Status, reply.Header = http.StatusCreated, located(r, "/api/profiles/"+p.ID.String()+"/socials/"+string(s.ID))
	return reply, nil
}

// checkSocial mends an icon and finds out its network. The error is Invalid.
func checkSocial(s model.Social, held ...model.Document) (model.Social, error) {
	s, problems := s.Check()
	if len(problems) == 0 {
		fixed, err := setNetwork(s, held...)
		problems.Add("network", err)
		s = fixed
	}
	return s, problems.Err()
}

// SaveSocial changes an icon of the row.
func (h *Profiles) SaveSocial(r *web.Request) (web.Reply, error) {
	in, err := web.Read[model.SocialSave](r)
	id, malformed := r.BlockID()
	if malformed != nil {
		return web.Reply{}, malformed
	}
	var s model.Social
	var p model.Profile
	if err == nil {
		p, err = h.editDraft(r, in.Version, func(p model.Profile) (next model.Draft, _ model.Edit, err error) {
			next = p.Working()
			if s, err = changedSocial(next.Document, id, in, r.Door == web.Form); err == nil {
				next.Document, err = next.Document.ReplaceSocial(s)
			}
			return next, model.Edit{Kind: model.EditChange, Subject: id, Title: socialProvider(s).Name, Typing: r.Door == web.Form && in.Then != done}, err
		})
	}
	if model.KindOf(err) == model.KindConflict && r.Door == web.Form {
		return h.socialConflict(r, id, in, err)
	}
	if err != nil {
		return h.refused(r, err, artist.TabElsewhere, func(v *artist.Editor, e *model.Error) {
			for i := range v.Elsewhere.Socials {
				if row := &v.Elsewhere.Socials[i]; row.ID == id {
					row.Form = artist.SocialForm{URL: deref(in.URL), Network: deref(in.Network), Errors: ui.Errors(fieldsOf(e))}
				}
			}
		})
	}
	return h.edited(p, views.EditorTab(p.ID, string(artist.TabElsewhere)), nil, &s), nil
}

// changedSocial is an icon as it is after an input. The form sends the network it
// was drawn with: when the address leads elsewhere now, it is found anew.
func changedSocial(d model.Document, id model.BlockID, in model.SocialSave, form bool) (model.Social, error) {
	s, ok := d.Social(id)
	if !ok {
		return s, model.NotFound()
	}
	if in.ID != "" && model.BlockID(in.ID) != id {
		return s, model.Invalid("id", "It keeps its id. Send it as it was, or leave it out.")
	}
	if in.At != nil {
		return s, model.Invalid("at", "Only a new one is given a place. Move this one by …/move.")
	}
	was := s
	if in.URL != nil {
		s.URL = model.URL(*in.URL)
		if mended, err := model.ParseURL(*in.URL); err == nil {
			s.URL = mended
		}
	}
	switch {
	case in.Network != nil && (!form || *in.Network != was.Network):
		s.Network = *in.Network
	case s.URL != was.URL && (!form || !providers.Fits(was.Network, s.URL)):
		s.Network = ""
	}
	return checkSocial(s, d)
}

// SaveSocialsAt puts the whole row at the top or at the foot of the page.
func (h *Profiles) SaveSocialsAt(r *web.Request) (web.Reply, error) {
	in, err := web.Read[model.SocialsAtSave](r)
	var p model.Profile
	if err == nil {
		p, err = h.editDraft(r, in.Version, func(p model.Profile) (model.Draft, model.Edit, error) {
			next := p.Working()
			next.Document.SocialsAt = in.At
			return next, model.Edit{Kind: model.EditSocials, Title: model.PlaceWord(in.At)}, nil
		})
	}
	if model.KindOf(err) == model.KindConflict {
		return h.placeConflict(r, in, err)
	}
	if err != nil {
		return h.refused(r, err, artist.TabElsewhere)
	}
	return h.edited(p, views.EditorTab(p.ID, string(artist.TabElsewhere)), nil, nil), nil
}

// MoveSocial puts an icon at another place of the row.
func (h *Profiles) MoveSocial(r *web.Request) (web.Reply, error) {
	in, err := web.Read[model.Move](r)
	return h.act(r, act{version: in.Version, wrong: err, tab: artist.TabElsewhere}, func(p model.Profile, id model.BlockID, with *Profile) (model.Document, model.Edit, error) {
		d := p.Working().Document
		s, err := socialOf(d, id)
		if err != nil {
			return d, model.Edit{}, err
		}
		with.Social = &s
		d, err = d.MoveSocial(id, in.Place(d.Place(id)))
		return d, model.Edit{Kind: model.EditMove, Title: socialProvider(s).Name}, err
	})
}

// DeleteSocial takes an icon out of the row.
func (h *Profiles) DeleteSocial(r *web.Request) (web.Reply, error) {
	in, err := web.Read[model.VersionOnly](r)
	return h.act(r, act{version: in.Version, wrong: err, tab: artist.TabElsewhere, said: saidTakenOut}, func(p model.Profile, id model.BlockID, _ *Profile) (model.Document, model.Edit, error) {
		d := p.Working().Document
		s, err := socialOf(d, id)
		if err != nil {
			return d, model.Edit{}, err
		}
		d, err = d.RemoveSocial(id)
		return d, model.Edit{Kind: model.EditDelete, Title: socialProvider(s).Name}, err
	})
}

// RestoreSocial puts an icon back that is still public.
func (h *Profiles) RestoreSocial(r *web.Request) (web.Reply, error) {
	in, err := web.Read[model.VersionOnly](r)
	return h.act(r, act{version: in.Version, wrong: err, tab: artist.TabElsewhere}, func(p model.Profile, id model.BlockID, with *Profile) (model.Document, model.Edit, error) {
		d, err := p.Working().Document.PutBackSocial(id, p.Document)
		if err != nil {
			return d, model.Edit{}, err
		}
		s, err := socialOf(d, id)
		with.Social = &s
		return d, model.Edit{Kind: model.EditPutBack, Title: socialProvider(s).Name}, err
	})
}

// socialOf finds an icon of a document; NotFound when it is not there.
func socialOf(d model.Document, id model.BlockID) (model.Social, error) {
	s, ok := d.Social(id)
	if !ok {
		return s, model.NotFound()
	}
	return s, nil
}
