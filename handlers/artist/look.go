package artist

import (
	"net/url"
	"slices"

	"github.com/hlpfl/platform/handlers/web"
	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/internal/plans"
	"github.com/hlpfl/platform/views"
	"github.com/hlpfl/platform/views/artist"
	"github.com/hlpfl/platform/views/ui"
)

// SaveLook changes what is the artist's own of the theme, in the draft.
func (h *Profiles) SaveLook(r *web.Request) (web.Reply, error) {
	in, err := web.Read[model.LookSave](r)
	var p model.Profile
	if err == nil {
		p, err = h.editDraft(r, in.Version, func(p model.Profile) (model.Draft, model.Edit, error) {
			next := p.Working()
			next.Document.Theme = in.Change(next.Document.Theme)
			return next, model.Edit{Kind: model.EditLook, Typing: in.Then != done && !in.Reset && in.Palette == ""}, nil
		})
	}
	if model.KindOf(err) == model.KindConflict {
		return h.lookConflict(r, in, err)
	}
	if err != nil {
		return h.refused(r, err, artist.TabSleeve, func(v *artist.Editor, e *model.Error) {
			l := &v.Sleeve.Look
			l.Own, l.Ground, l.Ink, l.Accent = in.Colours == "own", in.Ground, in.Ink, in.Accent
			l.NameFont, l.TextFont, l.Buttons = in.NameFont, in.TextFont, model.Buttons(in.Buttons)
			l.Errors = ui.Errors(fieldsOf(e))
		})
	}
	to := views.EditorTab(p.ID, string(artist.TabSleeve))
	if in.Mended != "" {
		to = views.Said(to, saidMended) + "&ink=" + url.QueryEscape(string(in.Mended))
	}
	return h.edited(p, to, nil, nil), nil
}

// mendedSays tells of a text colour that was made readable; "" when the address does not say which.
func mendedSays(r *web.Request, d model.Document) string {
	asked, err := model.ParseColour(r.QueryParam("ink"))
	c := d.Theme.Colours
	if err != nil || c == nil {
		return ""
	}
	return "Text in " + string(asked) + " would have had a contrast of " + model.Ratio(model.Contrast(asked, c.Ground)) + ", hard to read. It is " +
		string(c.Ink) + " now: " + model.Ratio(model.Contrast(c.Ink, c.Ground)) + "."
}

// themeColours are near a theme's own, for an artist to begin with.
var themeColours = map[string]model.Colours{
	"jacket":   {Ground: "#f4efe3", Ink: "#10162b", Accent: "#ff7426"},
	"gatefold": {Ground: "#fbf7ee", Ink: "#1b1713", Accent: "#c9502e"},
	"riso":     {Ground: "#f5f0e6", Ink: "#002a3f", Accent: "#ff5f7e"},
	"stadium":  {Ground: "#2331f2", Ink: "#fff8ee", Accent: "#ff5a36"},
	"tape":     {Ground: "#f7f3e8", Ink: "#24211d", Accent: "#b3261e"},
	"plain":    {Ground: "#fcfcfa", Ink: "#151514", Accent: "#151514"},
}

// palettes go together, and their text can be read.
var palettes = []artist.Palette{
	{Name: "Harbour", Ground: "#101820", Ink: "#f2ede4", Accent: "#f2aa4c"},
	{Name: "Violet hour", Ground: "#f4f1ea", Ink: "#2b2350", Accent: "#5b3df5"},
	{Name: "Lime", Ground: "#15171a", Ink: "#f4f6ef", Accent: "#c8f31d"},
	{Name: "Rosé", Ground: "#fff0ee", Ink: "#4a0d24", Accent: "#e0245e"},
	{Name: "Pine", Ground: "#0f2a1f", Ink: "#f1ead9", Accent: "#e8b44f"},
	{Name: "Sky", Ground: "#e6f1fb", Ink: "#0c2340", Accent: "#0a66c2"},
	{Name: "Rust", Ground: "#f3e6d4", Ink: "#3a1d10", Accent: "#c2451e"},
	{Name: "Black and white", Ground: "#ffffff", Ink: "#000000", Accent: "#000000"},
}

// lookOf is the look in the editor.
func lookOf(p model.Profile, t model.Theme) artist.Look {
	c, ok := themeColours[t.Name]
	if !ok { // a newer version's theme
		c = themeColours[model.DefaultTheme]
	}
	if t.Colours != nil {
		c = *t.Colours
	}
	l := artist.Look{
		Theme: themeWords[t.Name][0], Own: t.Colours != nil, Ground: string(c.Ground), Ink: string(c.Ink), Accent: string(c.Accent),
		NameFont: t.NameFont, TextFont: t.TextFont, Fonts: model.Fonts(), Buttons: t.Buttons, Changed: !t.Plain(), Palettes: slices.Clone(palettes),
	}
	if l.Theme == "" {
		l.Theme = "The theme"
	}
	for i := range l.Palettes {
		own := &l.Palettes[i]
		own.Chosen = l.Own && own.Value() == l.Ground+","+l.Ink+","+l.Accent
	}
	if !plans.Of(plans.Plan(p.Plan)).OwnLook {
		l.Locked = "Colours, fonts, buttons and a background of your own come with " + plans.Of(plans.Lowest(func(e plans.Entitlements) bool { return e.OwnLook })).Name + "."
	}
	return l
}
