package fan

import "strings"

// face is the widths of one font at one weight, in ems, for themes whose names fill a given width exactly.
type face struct {
	advances map[rune]float64
	// kerns are what stands closer together, by the two letters: {'L','T'}: -.09.
	kerns map[[2]rune]float64
	// capitals tells that the theme sets names in capitals.
	capitals bool
	// spacing is the theme's letter-spacing.
	spacing float64
}

// advances turns letters grouped by width into widths by letter.
func advances(groups map[float64]string) map[rune]float64 {
	all := map[rune]float64{}
	for em, letters := range groups {
		for _, r := range letters {
			all[r] = em
		}
	}
	return all
}

// kerns turns pairs grouped by how much closer they stand into kerning by pair.
func kerns(groups map[float64]string) map[[2]rune]float64 {
	all := map[[2]rune]float64{}
	for em, pairs := range groups {
		for pair := range strings.FieldsSeq(pairs) {
			r := []rune(pair)
			all[[2]rune{r[0], r[1]}] = -em
		}
	}
	return all
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
