package model

import "slices"

// Font is a font that an artist can choose for a page.
type Font struct {
	// ID names it in documents and in its files: static/fonts/choice/{ID}.woff2.
	ID string
	// Title is its name as people know it.
	Title string
	// Text tells that it has a regular and a bold, and reads well in lines of text. The others are for names and headings.
	Text bool
}

// fonts are in the order in which they are offered: quiet ones before loud ones. scripts/fonts makes their files.
var fonts = []Font{
	{"instrument-sans", "Instrument Sans", true},
	{"archivo", "Archivo", true},
	{"space-grotesk", "Space Grotesk", true},
	{"nunito", "Nunito", true},
	{"literata", "Literata", true},
	{"fraunces", "Fraunces", true},
	{"besley", "Besley", true},
	{"courier-prime", "Courier Prime", true},
	{"space-mono", "Space Mono", true},
	{"oswald", "Oswald", true},
	{"syne", "Syne", true},
	{"unbounded", "Unbounded", true},
	{"anton", "Anton", false},
	{"bebas-neue", "Bebas Neue", false},
	{"instrument-serif", "Instrument Serif", false},
	{"bodoni-moda", "Bodoni Moda", false},
	{"cinzel", "Cinzel", false},
	{"grenze-gotisch", "Grenze Gotisch", false},
	{"caveat", "Caveat", false},
	{"tilt-neon", "Tilt Neon", false},
	{"vt323", "VT323", false},
}

// Fonts lists the fonts there are, in the order in which they are offered.
func Fonts() []Font { return slices.Clone(fonts) }

// FontByID finds a font; false when there is none of that name.
func FontByID(id string) (Font, bool) {
	for _, font := range fonts {
		if font.ID == id {
			return font, true
		}
	}
	return Font{}, false
}
