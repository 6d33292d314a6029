package model

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// SuggestHandles makes handles of a profile's name, the plainest first: Miranda
// Lee gives mirandalee, miranda.lee, miranda-lee, … mirandalee.music. All are
// valid; whether they are free the store knows. Empty when the name has no letter
// that can be written in a–z.
func SuggestHandles(name string) []Handle {
	words := strings.FieldsFunc(transliterate(name), func(r rune) bool { return !handleLetter(r) })
	var list []Handle
	for _, between := range []string{"", ".", "-", "_"} {
		list = addHandle(list, cut(strings.Join(words, between), MaxHandle))
	}
	joined := strings.Join(words, "")
	if joined == "" {
		return nil
	}
	return addVariants(list, joined)
}

// Variants are handles near one that is taken: mirandalee gives mirandalee.music
// and more. All are valid and differ from it.
func (h Handle) Variants() []Handle {
	list := addVariants(nil, string(h))
	return slices.DeleteFunc(list, func(v Handle) bool { return v == h })
}

// variants say what a musician could add to a name without posing as somebody
// ("official" would).
var variants = []struct{ before, after string }{
	{"", ".music"}, {"", ".live"}, {"", ".sounds"}, {"", "-music"}, {"hello.", ""}, {"the.", ""}, {"", ".plays"}, {"", "1"},
}

func addVariants(list []Handle, name string) []Handle {
	for _, v := range variants {
		stem := cut(name, MaxHandle-len(v.before)-len(v.after))
		list = addHandle(list, v.before+stem+v.after)
	}
	return list
}

func addHandle(list []Handle, name string) []Handle {
	h, err := ParseHandle(name)
	if err != nil || slices.Contains(list, h) {
		return list
	}
	return append(list, h)
}

// cut shortens to at most n characters and leaves no mark at the end.
func cut(name string, n int) string {
	if len(name) > n {
		name = name[:n]
	}
	return strings.TrimRight(name, "-_.")
}

// transliterate writes a name in small a–z and digits as far as that goes: letters
// with marks lose them, and those of the Latin, Cyrillic and Greek alphabets that
// have no plain twin are spelled out. Apostrophes vanish, everything else parts words.
func transliterate(name string) string {
	var b strings.Builder
	composed := norm.NFC.String(strings.ToValidUTF8(name, ""))
	for _, r := range composed {
		r = unicode.ToLower(r)
		if spelled, ok := spelling[r]; ok {
			b.WriteString(spelled)
			continue
		}
		for _, part := range norm.NFKD.String(string(r)) {
			part = unicode.ToLower(part)
			spelled, known := spelling[part]
			switch {
			case handleLetter(part):
				b.WriteRune(part)
			case known:
				b.WriteString(spelled)
			case unicode.Is(unicode.Mn, part): // the mark of a letter
			case strings.ContainsRune("'’‘ʼ`´", part): // O'Brien is one word
			default:
				b.WriteByte(' ')
			}
		}
	}
	return b.String()
}

// spelling is how letters without a plain twin are written in a–z.
var spelling = map[rune]string{
	'ß': "ss", 'æ': "ae", 'œ': "oe", 'ø': "o", 'đ': "d", 'ð': "d", 'ł': "l", 'þ': "th", 'ı': "i", 'ħ': "h", 'ŧ': "t", 'ŋ': "ng", 'ə': "e", 'ĸ': "k",
	'&': " and ", '$': "s",

	'а': "a", 'б': "b", 'в': "v", 'г': "g", 'д': "d", 'е': "e", 'ё': "yo", 'ж': "zh", 'з': "z", 'и': "i", 'й': "y", 'к': "k", 'л': "l", 'м': "m",
	'н': "n", 'о': "o", 'п': "p", 'р': "r", 'с': "s", 'т': "t", 'у': "u", 'ф': "f", 'х': "kh", 'ц': "ts", 'ч': "ch", 'ш': "sh", 'щ': "shch",
	'ъ': "", 'ы': "y", 'ь': "", 'э': "e", 'ю': "yu", 'я': "ya",
	'і': "i", 'ї': "yi", 'є': "ye", 'ґ': "g", 'ў': "u", 'ј': "j", 'љ': "lj", 'њ': "nj", 'ћ': "c", 'ђ': "dj", 'џ': "dz", 'ѓ': "gj", 'ќ': "kj", 'ѕ': "dz",

	'α': "a", 'β': "v", 'γ': "g", 'δ': "d", 'ε': "e", 'ζ': "z", 'η': "i", 'θ': "th", 'ι': "i", 'κ': "k", 'λ': "l", 'μ': "m", 'ν': "n", 'ξ': "x",
	'ο': "o", 'π': "p", 'ρ': "r", 'σ': "s", 'ς': "s", 'τ': "t", 'υ': "y", 'φ': "f", 'χ': "ch", 'ψ': "ps", 'ω': "o",
}
