package artist

import (
	"slices"

	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/views/ui"
)

// Sleeve is the tab of the themes: field "theme" holds the name.
type Sleeve struct {
	Themes []Theme
	Look   Look
	// Background stands behind the page.
	Background Picture
	// Changed marks that the theme differs from what is public.
	Changed bool
}

// Theme is one look to choose.
type Theme struct {
	// Name as it is stored: "jacket". Label and Idea are for people: "Jacket", "A 1960s jazz cover".
	Name, Label, Idea string
	Current           bool
}

// Look is what the artist changes of the theme: fields "colours" (theme, own), "ground", "ink", "accent", "palette"
// (three colours with commas between), "name_font", "text_font", "buttons"; "reset" takes all of it back.
type Look struct {
	// Theme is what the present theme is called.
	Theme string
	// Locked says which plan holds it; empty where the present one does.
	Locked string
	// Own tells that the three colours are the artist's; else they are near the theme's, to begin with.
	Own                 bool
	Ground, Ink, Accent string
	Palettes            []Palette
	NameFont, TextFont  string
	Fonts               []model.Font
	Buttons             model.Buttons
	// Changed tells that there is something to take back.
	Changed bool
	Errors  ui.Errors
}

// Palette is three colours that go together.
type Palette struct {
	Name                string
	Ground, Ink, Accent model.Colour
	Chosen              bool
}

// Value is the palette as field "palette" has it.
func (p Palette) Value() string { return string(p.Ground + "," + p.Ink + "," + p.Accent) }

func (l Look) contrast() float64 { return model.Contrast(model.Colour(l.Ink), model.Colour(l.Ground)) }

// Low tells that the text is hard to read.
func (l Look) Low() bool { return l.contrast() < model.LeastContrast }

// Ratio is the contrast of text on background.
func (l Look) Ratio() string { return model.Ratio(l.contrast()) }

// Says is what that contrast means. static/js/look.js says the same while somebody chooses.
func (l Look) Says() string {
	if l.Low() {
		return "Hard to read: the text is made darker or lighter when it is saved."
	}
	return "Easy to read."
}

// shape is one of the button shapes to choose.
type shape struct{ ui.Choice }

// Class is the shape's, for its drawing.
func (s shape) Class() string {
	if s.Value == "" {
		return "own"
	}
	return s.Value
}

// shapes are the shapes of buttons, the theme's own first.
func (l Look) shapes() []shape {
	list := []shape{{ui.Choice{Label: "The theme’s own", Chosen: l.Buttons == ""}}}
	for _, b := range model.ButtonShapes() {
		label := map[model.Buttons]string{model.ButtonsSquare: "Square", model.ButtonsSoft: "Soft", model.ButtonsRound: "Round"}[b]
		list = append(list, shape{ui.Choice{Value: string(b), Label: label, Chosen: l.Buttons == b}})
	}
	return list
}

// textFonts are those that running text can be set in.
func textFonts(all []model.Font) []model.Font {
	return slices.DeleteFunc(slices.Clone(all), func(f model.Font) bool { return !f.Text })
}
