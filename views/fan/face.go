package fan

import (
	"strconv"
	"strings"
)

// face is a font as a theme sets names in it, for themes whose names fill a given width exactly.
type face struct {
	*widths
	// capitals tells that the theme sets names in capitals.
	capitals bool
	// spacing is the theme's letter-spacing, in ems.
	spacing float64
}

// The faces of the themes' own fonts.
var (
	archivo          = face{widths: measured("archivo-62"), capitals: true, spacing: -.03}
	bricolageRiso    = face{widths: measured("bricolage-riso-display"), spacing: -.035}
	bricolageStadium = face{widths: measured("bricolage-stadium-display"), capitals: true, spacing: -.02}
)

// in is the theme's face with a chosen font in the place of its own: capitals and spacing are the theme's.
func (f face) in(font Font) face {
	f.widths = font.widths
	return f
}

// width is how wide a text is, in ems. It is false when the font lacks a letter: another font steps in for it, whose
// widths are not known here.
func (f face) width(text string) (float64, bool) {
	if f.capitals {
		text = strings.ToUpper(strings.ReplaceAll(text, "ß", "ss"))
	}
	var sum float64
	var last rune
	for _, r := range text {
		advance, ok := f.advances[r]
		if !ok {
			return 0, false
		}
		sum += advance + f.spacing + f.kerns[[2]rune{last, r}]
		last = r
	}
	return sum, true
}

// emojiWidth is what one emoji of a name takes, in ems of the name: the widest emoji font there is, as themes make them
// smaller, with the space they put around it.
const emojiWidth = 1.1

// widest is the width of the widest word of a name that has to stay on one line, in ems; false as for width.
func (f face) widest(name Name) (float64, bool) {
	var most float64
	for _, word := range name.Words {
		if word.Emoji {
			most = max(most, word.Width/double*emojiWidth)
			continue
		}
		parts := word.Parts
		if word.Width >= word.total() {
			parts = []string{strings.Join(parts, "")}
		}
		for _, part := range parts {
			em, ok := f.width(part)
			if !ok {
				return 0, false
			}
			most = max(most, em)
		}
	}
	return most, most > 0
}

// line is the width of the whole name on one line, in ems; false as for width.
func (f face) line(name Name) (float64, bool) {
	var sum float64
	for i, word := range name.Words {
		if word.Spaced && i > 0 {
			sum += f.advances[' '] + f.spacing
		}
		if word.Emoji {
			sum += word.total() / double * emojiWidth
			continue
		}
		em, ok := f.width(strings.Join(word.Parts, ""))
		if !ok {
			return 0, false
		}
		sum += em
	}
	return sum, sum > 0
}

// surely is how wide a word may be, in ems, and have room on the narrowest screen in every theme.
const surely = 6.5

// rooms are rules that give each word of a name the room it takes in this face, so that lines break where they will
// also before the font is there. A word that may have to break, or can, gets none.
func (f face) rooms(name Name) string {
	var out strings.Builder
	for i, word := range name.Words {
		if len(word.Parts) != 1 {
			continue
		}
		if em, ok := f.width(word.Parts[0]); ok && em <= surely {
			out.WriteString(".word:nth-child(" + strconv.Itoa(i+1) + "){inline-size:" + figure(em) + "em;white-space:nowrap}")
		}
	}
	return out.String()
}
