package fan

import (
	"sync"

	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/static"
)

// Font is a font that an artist can choose, as a page uses it.
type Font struct {
	model.Font
	// CSS is the style with its @font-face rules and nothing else, for static.CSS.
	CSS string
	// File is the file of running text, and NameFile that of names: the same one unless regular and bold are two.
	// They are for static.URL, to load early what the page sets.
	File, NameFile string
	// Stack is the font-family, with what stands in until the font is there and the generic family.
	Stack string
	// Weight is the font-weight that a name in it is set in. Files with one weight alone say that it is every weight.
	Weight int
	// Capital is how high its capitals are, in ems. They stand in the middle of a line, however high that is.
	Capital float64
	// widths are its letters' at Weight.
	widths *widths
}

// chosen are the fonts of the model, in its order, read when first needed and never changed after.
var chosen = sync.OnceValue(func() []Font {
	var all []Font
	for _, font := range model.Fonts() {
		w, file := measured(font.ID), "fonts/choice/"+font.ID
		f := Font{Font: font, CSS: file + ".css", File: file + ".woff2", NameFile: file + "-bold.woff2", Stack: w.stack, Weight: w.weight, Capital: w.capital, widths: w}
		if !static.Exists(f.NameFile) {
			f.NameFile = f.File
		}
		all = append(all, f)
	}
	return all
})

// Fonts lists the fonts that an artist can choose, in the order in which they are offered.
func Fonts() []Font { return append([]Font(nil), chosen()...) }

// FontByID finds a font that can be chosen; false when there is none of that name.
func FontByID(id string) (Font, bool) {
	for _, font := range chosen() {
		if font.ID == id {
			return font, true
		}
	}
	return Font{}, false
}

// Width is how wide a text is when it is set at Weight, in ems and before any letter-spacing. It is false when the font
// lacks a letter, and another font steps in for it.
func (f Font) Width(text string) (float64, bool) { return face{widths: f.widths}.width(text) }
