package artist

import (
	"github.com/a-h/templ"

	"github.com/hlpfl/platform/handlers/web"
	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/views"
	"github.com/hlpfl/platform/views/artist"
	"github.com/hlpfl/platform/views/ui"
)

// conflict shows both sides of a save that was made from an old version. fill gets
// the profile as it is now and says what stands on them.
func (h *Profiles) conflict(r *web.Request, err error, fill func(model.Profile, *artist.Conflict)) (web.Reply, error) {
	p, broken := h.profile(r)
	if broken != nil {
		return web.Reply{}, broken
	}
	draft := p.Working()
	v := artist.Conflict{
		App: frame(r, draft.Name, ui.PlaceEdit, p.ID), ID: p.ID, Name: draft.Name, Version: p.Version,
		Action: r.Request().URL.Path, Back: views.Editor(p.ID),
	}
	fill(p, &v)
	return web.Reply{Again: func(*model.Error) templ.Component { return artist.ConflictPage(v) }}, err
}

func (h *Profiles) blockConflict(r *web.Request, id model.BlockID, in model.BlockSave, err error) (web.Reply, error) {
	return h.conflict(r, err, func(p model.Profile, v *artist.Conflict) {
		v.Back = views.EditorBlock(p.ID, id)
		theirs, there := p.Working().Document.Block(id)
		if !there {
			// What it was is read from what came: nothing else knows it any more.
			v.Gone, v.Action, v.Back, v.What = true, views.BlockNew(p.ID), views.Editor(p.ID), "this block"
			kind := "text"
			if in.URL != nil {
				kind = "link"
			} else if was, ok := p.Document.Block(id); ok {
				kind = was.Body.Type()
			}
			v.Hidden = []artist.Option{{Value: "type", Label: kind}}
		}
		var title, url, text string
		switch body := theirs.Body.(type) {
		case model.Link:
			title, url = body.Title, body.URL.String()
			v.What = "the link “" + titleOf(theirs) + "”"
		case model.Heading:
			text = body.Text
			v.What = "the heading “" + titleOf(theirs) + "”"
		case model.Text:
			text = body.Text
			v.What = "the text “" + titleOf(theirs) + "”"
		}
		side := func(name, label string, yours *string, theirs string, long bool) {
			if yours != nil {
				v.Fields = append(v.Fields, artist.ConflictField{Name: name, Label: label, Yours: *yours, Theirs: theirs, Long: long})
			}
		}
		side("url", "Address", in.URL, url, false)
		side("title", "Title", in.Title, title, false)
		_, long := theirs.Body.(model.Text)
		side("text", "Text", in.Text, text, long || !there)
	})
}

func (h *Profiles) socialConflict(r *web.Request, id model.BlockID, in model.SocialSave, err error) (web.Reply, error) {
	return h.conflict(r, err, func(p model.Profile, v *artist.Conflict) {
		v.Back, v.What = views.EditorTab(p.ID, string(artist.TabElsewhere)), "this address"
		theirs, there := p.Working().Document.Social(id)
		if !there {
			v.Gone, v.Action = true, views.SocialNew(p.ID)
		}
		v.Hidden = []artist.Option{{Value: "network", Label: deref(in.Network)}}
		v.Fields = []artist.ConflictField{{Name: "url", Label: "Address", Yours: deref(in.URL), Theirs: theirs.URL.String()}}
	})
}

func (h *Profiles) whoConflict(r *web.Request, in model.WhoSave, err error) (web.Reply, error) {
	return h.conflict(r, err, func(p model.Profile, v *artist.Conflict) {
		theirs := p.Working()
		v.What, v.Back = "name and bio", views.EditorTab(p.ID, string(artist.TabWho))
		v.Fields = []artist.ConflictField{
			{Name: "profile_name", Label: "Name", Yours: in.ProfileName, Theirs: theirs.Name},
			{Name: "bio", Label: "Bio", Yours: in.Bio, Theirs: theirs.Document.Bio, Long: true},
		}
	})
}

func (h *Profiles) addressConflict(r *web.Request, in model.AddressSave, err error) (web.Reply, error) {
	return h.conflict(r, err, func(p model.Profile, v *artist.Conflict) {
		v.What, v.Back = "this page", views.EditorTab(p.ID, string(artist.TabWho))
		v.Fields = []artist.ConflictField{{Name: "handle", Label: "Handle", Yours: deref(in.Handle), Theirs: p.Handle.String()}}
		if in.TimeZone != nil {
			v.Fields = append(v.Fields, artist.ConflictField{Name: "time_zone", Label: "Time zone", Yours: *in.TimeZone, Theirs: p.TimeZone})
		}
	})
}
