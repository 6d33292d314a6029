package artist

import (
	"maps"
	"slices"

	"github.com/a-h/templ"

	"github.com/hlpfl/platform/handlers/web"
	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/internal/providers"
	"github.com/hlpfl/platform/views"
	"github.com/hlpfl/platform/views/artist"
	"github.com/hlpfl/platform/views/ui"
)

// conflict shows both sides of a save that was made from an old version. fill gets
// the profile as it is now and says what stands on them. When both say the same,
// there is nothing to choose: it leads back to where theirs stands.
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
	if len(v.Parts) == 0 && !v.Gone {
		return web.Reply{To: v.Back, Follow: true}, nil
	}
	v.Hidden = slices.DeleteFunc(v.Hidden, func(o artist.Option) bool {
		return slices.ContainsFunc(v.Parts, func(part artist.ConflictPart) bool { return part.Written && part.Name == o.Value })
	})
	return web.Reply{Again: func(*model.Error) templ.Component { return artist.ConflictPage(v) }}, err
}

// written is a part of one text, where both sides differ; all of them go along.
type written struct {
	name, label   string
	yours, theirs string
	long          bool
}

// texts puts parts of one text on the page of a conflict: those that differ to be
// chosen, the others to go along.
func texts(v *artist.Conflict, take []string, all ...written) {
	for _, w := range all {
		v.Hidden = append(v.Hidden, artist.Option{Value: w.name, Label: w.yours})
		if w.yours != w.theirs || v.Gone {
			v.Parts = append(v.Parts, artist.ConflictPart{
				Name: w.name, Label: w.label, Written: true, Long: w.long, Yours: w.yours, Theirs: w.theirs, Take: slices.Contains(take, w.name),
			})
		}
	}
}

func (h *Profiles) socialConflict(r *web.Request, id model.BlockID, in model.SocialSave, err error) (web.Reply, error) {
	return h.conflict(r, err, func(p model.Profile, v *artist.Conflict) {
		v.Back, v.What = views.EditorTab(p.ID, string(artist.TabElsewhere)), "this address"
		theirs, there := p.Working().Document.Social(id)
		if !there {
			v.Gone, v.Action = true, views.SocialNew(p.ID)
			v.Hidden = append(v.Hidden, artist.Option{Value: "id", Label: string(id)})
		}
		// The form does not show the sign: it is found from the address, unless the
		// address stays where it leads.
		v.Hidden = append(v.Hidden, artist.Option{Value: "network", Label: deref(in.Network)})
		texts(v, nil, written{"url", "Address", deref(in.URL), theirs.URL.String(), false})
	})
}

// placeConflict is about where the row of socials stands.
func (h *Profiles) placeConflict(r *web.Request, in model.SocialsAtSave, err error) (web.Reply, error) {
	return h.conflict(r, err, func(p model.Profile, v *artist.Conflict) {
		v.Back, v.What = views.EditorTab(p.ID, string(artist.TabElsewhere)), "the row of icons"
		side := func(at string) []artist.ConflictLine {
			return []artist.ConflictLine{{Text: "At the " + model.PlaceWord(at) + " of the page"}}
		}
		v.Hidden = []artist.Option{{Value: "socials_at", Label: in.At}}
		if theirs := p.Working().Document.SocialsAt; theirs != in.At {
			v.Parts = []artist.ConflictPart{{Name: "socials_at", Label: "Where they stand", YourLines: side(in.At), TheirLines: side(theirs)}}
		}
	})
}

func (h *Profiles) whoConflict(r *web.Request, in model.WhoSave, err error) (web.Reply, error) {
	return h.conflict(r, err, func(p model.Profile, v *artist.Conflict) {
		theirs := p.Working()
		v.What, v.Back = "name and bio", views.EditorTab(p.ID, string(artist.TabWho))
		texts(v, in.Theirs, written{"profile_name", "Name", in.ProfileName, theirs.Name, false}, written{"bio", "Bio", in.Bio, theirs.Document.Bio, true})
	})
}

func (h *Profiles) addressConflict(r *web.Request, in model.AddressSave, err error) (web.Reply, error) {
	return h.conflict(r, err, func(p model.Profile, v *artist.Conflict) {
		v.What, v.Back = "this page", views.EditorTab(p.ID, string(artist.TabWho))
		all := []written{{"handle", "Handle", deref(in.Handle), p.Handle.String(), false}}
		if in.TimeZone != nil {
			all = append(all, written{"time_zone", "Time zone", *in.TimeZone, p.TimeZone, false})
		}
		texts(v, in.Theirs, all...)
	})
}

// pictureConflict is about the portrait. A file that came with the form is stored
// already, under a name that the form sends again.
func (h *Profiles) pictureConflict(r *web.Request, mine model.Picture, err error) (web.Reply, error) {
	return h.conflict(r, err, func(p model.Profile, v *artist.Conflict) {
		v.What, v.Back = "the picture", views.EditorTab(p.ID, string(artist.TabWho))
		theirs := p.Working().Document.Picture
		if theirs == nil {
			theirs = &model.Picture{}
		}
		if mine.Media == "" {
			mine.Media = theirs.Media // words and focus of the one that is there
		}
		if mine.Media == "" && p.Document.Picture != nil {
			mine.Media = p.Document.Picture.Media // it was taken out meanwhile, and fans still see it
		}
		values := func(pic model.Picture) map[string]string {
			own := map[string]string{"picture.media": pic.Media, "picture.alt": pic.Alt, "picture.focus": pic.Focus}
			maps.DeleteFunc(own, func(_, value string) bool { return value == "" })
			return own
		}
		for name, value := range map[string]string{"media": mine.Media, "alt": mine.Alt, "focus": mine.Focus} {
			v.Hidden = append(v.Hidden, artist.Option{Value: model.PictureField + "." + name, Label: value})
		}
		if yours, saved := values(mine), values(*theirs); !maps.Equal(yours, saved) {
			v.Parts = append(v.Parts, h.part("picture", yours, saved))
		}
	})
}

// networkName is what people call a service, by its key.
func networkName(key string) string {
	if p, ok := providers.ByKey(key); ok {
		return p.Name
	}
	return key
}
