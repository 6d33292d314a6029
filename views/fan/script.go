package fan

import (
	"unicode"

	"golang.org/x/text/unicode/bidi"
)

// letters is a text's letters, counted by script.
type letters struct {
	latin, arab, han, kana, hangul, other int
	// first is the direction of the first letter that has one.
	first bidi.Direction
	// tag is the language that letters of only one language gave away, or the commonest of their script.
	tag string
}

// languages are the tags for scripts that most likely mean one language. It is a guess for screen readers and for
// the choice between regional forms of a glyph; a language that is known goes before it.
var languages = []struct {
	table *unicode.RangeTable
	tag   string
}{
	{unicode.Greek, "el"},
	{unicode.Hebrew, "he"},
	{unicode.Cyrillic, "ru"},
	{unicode.Armenian, "hy"},
	{unicode.Georgian, "ka"},
	{unicode.Devanagari, "hi"},
	{unicode.Bengali, "bn"},
	{unicode.Tamil, "ta"},
	{unicode.Telugu, "te"},
	{unicode.Thai, "th"},
	{unicode.Ethiopic, "am"},
}

// count counts the letters of all texts together.
func count(texts ...string) letters {
	l := letters{first: bidi.Neutral}
	for _, text := range texts {
		for _, r := range text {
			l.add(r)
		}
	}
	return l
}

func (l *letters) add(r rune) {
	if !unicode.IsLetter(r) {
		return
	}
	if l.first == bidi.Neutral {
		l.first = runeDirection(r)
	}
	switch {
	case unicode.Is(unicode.Latin, r):
		l.latin++
	case unicode.Is(unicode.Arabic, r):
		l.arab++
		switch r {
		case 'پ', 'چ', 'ژ', 'گ':
			if l.tag == "" {
				l.tag = "fa"
			}
		case 'ٹ', 'ڈ', 'ڑ', 'ے', 'ں':
			l.tag = "ur"
		}
	case unicode.Is(unicode.Han, r):
		l.han++
	case unicode.In(r, unicode.Hiragana, unicode.Katakana):
		l.kana++
	case unicode.Is(unicode.Hangul, r):
		l.hangul++
	default:
		l.other++
		switch r {
		case 'і', 'ї', 'є', 'ґ', 'І', 'Ї', 'Є', 'Ґ':
			l.tag = "uk"
			return
		}
		if l.tag == "" {
			for _, language := range languages {
				if unicode.Is(language.table, r) {
					l.tag = language.tag
					return
				}
			}
		}
	}
}

// script is the one that most letters belong to: latin, cjk, arab or other. Without letters it is latin.
func (l letters) script() string {
	cjk := l.han + l.kana + l.hangul
	switch most := max(l.latin, l.arab, cjk, l.other); {
	case most == 0 || most == l.latin:
		return "latin"
	case most == cjk:
		return "cjk"
	case most == l.arab:
		return "arab"
	}
	return "other"
}

// direction is rtl when the first letter is written that way, as browsers decide it for dir=auto.
func (l letters) direction() string {
	if l.first == bidi.RightToLeft {
		return "rtl"
	}
	return "ltr"
}

// known tells that a direction can be read from the text at all.
func (l letters) known() bool { return l.first != bidi.Neutral }

// language is a tag for what most letters say, empty for Latin letters, which many languages share.
func (l letters) language() string {
	switch l.script() {
	case "cjk":
		switch {
		case l.hangul > l.kana+l.han:
			return "ko"
		case l.kana > 0:
			return "ja"
		}
		return "zh"
	case "arab":
		if l.tag == "fa" || l.tag == "ur" {
			return l.tag
		}
		return "ar"
	case "other":
		return l.tag
	}
	return ""
}

func runeDirection(r rune) bidi.Direction {
	properties, _ := bidi.LookupRune(r)
	switch properties.Class() {
	case bidi.R, bidi.AL:
		return bidi.RightToLeft
	case bidi.L:
		return bidi.LeftToRight
	}
	return bidi.Neutral
}
