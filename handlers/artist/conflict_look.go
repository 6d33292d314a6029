package artist

import (
	"slices"

	"github.com/hlpfl/platform/handlers/web"
	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/views"
	"github.com/hlpfl/platform/views/artist"
)

// themeConflict is about which theme is chosen.
func (h *Profiles) themeConflict(r *web.Request, in model.ThemeSave, err error) (web.Reply, error) {
	return h.conflict(r, err, func(p model.Profile, v *artist.Conflict) {
		v.What, v.Back = "the theme", views.EditorTab(p.ID, string(artist.TabSleeve))
		v.Hidden = []artist.Option{{Value: "theme", Label: in.Theme}}
		if theirs := p.Working().Document.Theme.Name; theirs != in.Theme {
			v.Parts = []artist.ConflictPart{oneLine("theme", "Theme", themeLabel(in.Theme), themeLabel(theirs))}
		}
	})
}

// lookConflict is about what an artist has changed of the theme.
func (h *Profiles) lookConflict(r *web.Request, in model.LookSave, err error) (web.Reply, error) {
	return h.conflict(r, err, func(p model.Profile, v *artist.Conflict) {
		v.What, v.Back = "the look", views.EditorTab(p.ID, string(artist.TabSleeve))
		hide := func(name, value string) { v.Hidden = append(v.Hidden, artist.Option{Value: name, Label: value}) }
		yours, theirs := in.Look, p.Working().Document.Theme.Look
		if in.Reset {
			hide("reset", "true")
		} else {
			hide("colours", in.Colours)
			hide("ground", in.Ground)
			hide("ink", in.Ink)
			hide("accent", in.Accent)
			hide("name_font", in.NameFont)
			hide("text_font", in.TextFont)
			hide("buttons", in.Buttons)
		}
		add := func(part artist.ConflictPart) {
			part.Take = slices.Contains(in.Theirs, part.Name)
			v.Parts = append(v.Parts, part)
		}
		if a, b := coloursSaid(yours.Colours), coloursSaid(theirs.Colours); !slices.Equal(a, b) {
			add(artist.ConflictPart{Name: "colours", Label: "Colours", YourLines: beside(a, b), TheirLines: beside(b, a)})
		}
		if yours.NameFont != theirs.NameFont {
			add(oneLine("name_font", "Font of the name", fontLabel(yours.NameFont), fontLabel(theirs.NameFont)))
		}
		if yours.TextFont != theirs.TextFont {
			add(oneLine("text_font", "Font of the rest", fontLabel(yours.TextFont), fontLabel(theirs.TextFont)))
		}
		if yours.Buttons != theirs.Buttons {
			add(oneLine("buttons", "Buttons", buttonsLabel(yours.Buttons), buttonsLabel(theirs.Buttons)))
		}
	})
}

// oneLine is a part that says one thing on each side.
func oneLine(name, label, yours, theirs string) artist.ConflictPart {
	return artist.ConflictPart{Name: name, Label: label, YourLines: []artist.ConflictLine{{Text: yours}}, TheirLines: []artist.ConflictLine{{Text: theirs}}}
}

// beside marks the lines that the other side has too.
func beside(own, other []artist.ConflictLine) []artist.ConflictLine {
	own = slices.Clone(own)
	for i, line := range own {
		own[i].Same = slices.Contains(other, line)
	}
	return own
}

func coloursSaid(c *model.Colours) []artist.ConflictLine {
	if c == nil {
		return []artist.ConflictLine{{Text: "The theme’s own"}}
	}
	return []artist.ConflictLine{{Label: "Ground", Text: string(c.Ground)}, {Label: "Text", Text: string(c.Ink)}, {Label: "Accent", Text: string(c.Accent)}}
}

func themeLabel(name string) string {
	if words, ok := themeWords[name]; ok {
		return words[0]
	}
	return name
}

func fontLabel(id string) string {
	for _, f := range model.Fonts() {
		if f.ID == id {
			return f.Title
		}
	}
	return "The theme’s own"
}

func buttonsLabel(b model.Buttons) string {
	if b == "" {
		return "The theme’s own"
	}
	return string(b)
}
