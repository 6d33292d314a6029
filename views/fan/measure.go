package fan

import (
	"math"
	"strings"
	"unicode"

	"golang.org/x/text/width"
)

// Words wider than longestWhole may be broken after a hyphen, and then count as their widest part. A part wider than
// longestPart may be broken anywhere, into pieces of one width: better two lines of big type than one that nobody reads.
const (
	longestWhole = 14
	longestPart  = 20
)

// Measure prepares a name for big type. It never fails: an empty name gives no words and the widths of one letter,
// so that a theme may divide by them.
func Measure(name string) Name {
	n := Name{Text: strings.Join(strings.Fields(name), " ")}
	for i, chunk := range strings.Fields(name) {
		for j, text := range splitKatakana(chunk) {
			n.Words = append(n.Words, newWord(text, i > 0 && j == 0))
		}
	}
	for _, word := range n.Words {
		n.Longest = max(n.Longest, word.Width)
		n.Length += word.total()
		if word.Spaced {
			n.Length += narrow
		}
	}
	n.Longest, n.Length = max(n.Longest, 1), max(n.Length, 1)
	letters := count(n.Text)
	n.Script, n.Dir, n.Lang = letters.script(), letters.direction(), letters.language()
	return n
}

func newWord(text string, spaced bool) Word {
	w := Word{Spaced: spaced, Emoji: allEmoji(text)}
	for _, part := range splitHyphens(text) {
		w.Parts = append(w.Parts, splitLong(part)...)
	}
	w.Width = w.total()
	if w.Width > longestWhole {
		w.Width = 0
		for _, part := range w.Parts {
			w.Width = max(w.Width, letterWidths(part))
		}
	}
	return w
}

// total is the word's width on one line.
func (w Word) total() float64 { return letterWidths(strings.Join(w.Parts, "")) }

// splitKatakana parts a Japanese name where kanji or hiragana turns to katakana: 夜の港 | オーケストラ.
func splitKatakana(text string) []string {
	var parts []string
	start, native := 0, false
	for i, r := range text {
		if native && unicode.Is(unicode.Katakana, r) {
			parts = append(parts, text[start:i])
			start = i
		}
		native = unicode.In(r, unicode.Han, unicode.Hiragana)
	}
	return append(parts, text[start:])
}

// splitHyphens parts a word after each hyphen that stands between other letters.
func splitHyphens(text string) []string {
	var parts []string
	start := 0
	for i, r := range text {
		end := i + len(string(r))
		if (r == '-' || r == '‐') && i > start && end < len(text) {
			parts = append(parts, text[start:end])
			start = end
		}
	}
	return append(parts, text[start:])
}

// splitLong parts what is wider than longestPart into pieces of about one width. Letters that join are left together:
// a cut would change their form.
func splitLong(text string) []string {
	total := letterWidths(text)
	if total <= longestPart || count(text).arab > 0 {
		return []string{text}
	}
	piece := total / math.Ceil(total/longestWhole)
	var parts []string
	start := 0
	for i, r := range text {
		whole := !unicode.In(r, unicode.Mn, unicode.Mc, unicode.Me, unicode.Cf) && !skinTone(r)
		before := text[start:i]
		if whole && i > start && !strings.HasSuffix(before, string(zeroWidthJoiner)) && letterWidths(before+string(r)) > piece+.5 {
			parts = append(parts, before)
			start = i
		}
	}
	return append(parts, text[start:])
}

// Widths in average Latin letters.
const (
	narrow = .5
	broad  = 1.4
	double = 2
)

const (
	zeroWidthJoiner = '\u200d'
	emojiSelector   = '\ufe0f'
)

// letterWidths estimates how wide a text is. Marks that stand on other letters add nothing, and a sequence of emoji
// that joins into one picture counts once.
func letterWidths(text string) float64 {
	var sum, last float64
	joined := false
	for _, r := range text {
		switch {
		case r == emojiSelector && last > 0:
			sum += double - last // a black-and-white sign turned into an emoji
			last = 0
		case r == zeroWidthJoiner:
			joined = true
			continue
		case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf) || skinTone(r):
		case joined && emoji(r):
			last = 0
		default:
			last = letterWidth(r)
			sum += last
		}
		joined = false
	}
	return sum
}

func letterWidth(r rune) float64 {
	switch {
	case strings.ContainsRune("MWmwŒÆ—…", r):
		return broad
	case strings.ContainsRune("IijlÌÍÎÏìíîïıİ|!¡.,:;·'’‘`\"“”()[]", r) || unicode.IsSpace(r):
		return narrow
	case 0x1f1e6 <= r && r <= 0x1f1ff:
		return double / 2 // half a flag
	case emoji(r):
		return double
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return double
	}
	return 1
}

func skinTone(r rune) bool { return 0x1f3fb <= r && r <= 0x1f3ff }

// emoji tells the signs that browsers draw in colour without being asked, and those that only ever join them.
func emoji(r rune) bool {
	return r >= 0x1f000 && r <= 0x1faff ||
		unicode.Is(unicode.So, r) && width.LookupRune(r).Kind() == width.EastAsianWide
}

// allEmoji tells whether nothing in the text is a letter, a figure or plain punctuation.
func allEmoji(text string) bool {
	found := false
	runes := []rune(text)
	for i, r := range runes {
		switch {
		case emoji(r), i+1 < len(runes) && runes[i+1] == emojiSelector:
			found = true
		case r == emojiSelector, r == zeroWidthJoiner, skinTone(r), r == 0x20e3, unicode.Is(unicode.Cf, r):
		default:
			return false
		}
	}
	return found
}
