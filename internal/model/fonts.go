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
	{"unbounded", "Unbounded", true},
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
