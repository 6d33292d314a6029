package fan

import (
	"fmt"
	"strings"
	"testing"
)

// written puts a name's words as they are set: | between words without a space, / where a line may break.
func written(n Name) string {
	var out strings.Builder
	for i, word := range n.Words {
		switch {
		case i > 0 && word.Spaced:
			out.WriteString(" ")
		case i > 0:
			out.WriteString("|")
		}
		text := strings.Join(word.Parts, "/")
		if word.Emoji {
			text = "<" + text + ">"
		}
		out.WriteString(text)
	}
	return out.String()
}

func TestMeasure(t *testing.T) {
	for _, c := range []struct {
		name, written   string
		longest, length float64
		script, dir     string
		lang            string
	}{
		{"Ines Okafor", "Ines Okafor", 6, 10, "latin", "ltr", ""},
		{"  Ines \t\n Okafor ", "Ines Okafor", 6, 10, "latin", "ltr", ""},
		{"Mima Wu", "Mima Wu", 4.3, 7.2, "latin", "ltr", ""},
		{"夜の港オーケストラ", "夜の港|オーケストラ", 12, 18, "cjk", "ltr", "ja"},
		{"山田", "山田", 4, 4, "cjk", "ltr", "zh"},
		{"방탄", "방탄", 4, 4, "cjk", "ltr", "ko"},
		{"ليلى الميناء", "ليلى الميناء", 7, 11.5, "arab", "rtl", "ar"},
		{"گروه پژواک", "گروه پژواک", 5, 9.5, "arab", "rtl", "fa"},
		{"שלום", "שלום", 4, 4, "other", "rtl", "he"},
		{"Кино", "Кино", 4, 4, "other", "ltr", "ru"},
		{"Океан Ельзи Ї", "Океан Ельзи Ї", 5, 12, "other", "ltr", "uk"},
		{"✨ Ines & the 🌊", "<✨> Ines & the <🌊>", 3.5, 13.5, "latin", "ltr", ""},
		{"❤️ 👩🏽‍🎤 🇯🇵", "<❤️> <👩🏽‍🎤> <🇯🇵>", 2, 7, "latin", "ltr", ""},
		{"Jean-Luc", "Jean-/Luc", 8, 8, "latin", "ltr", ""},
		{"Extraordinarily Long-Winded-Orchestras", "Extraordinarily Long-/Winded-/Orchestras", 13.5, 35.9, "latin", "ltr", ""},
		{"-Dash-", "-Dash-", 6, 6, "latin", "ltr", ""},
		{"e\u0301te\u0301", "e\u0301te\u0301", 3, 3, "latin", "ltr", ""},
		{"42", "42", 2, 2, "latin", "ltr", ""},
		{"DJ ليلى", "DJ ليلى", 4, 6.5, "arab", "ltr", "ar"},
		{"", "", 1, 1, "latin", "ltr", ""},
		{"\u200b", "\u200b", 1, 1, "latin", "ltr", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			n := Measure(c.name)
			if got := written(n); got != c.written {
				t.Errorf("words %q, want %q", got, c.written)
			}
			if got, want := fmt.Sprintf("%.2f %.2f", n.Longest, n.Length), fmt.Sprintf("%.2f %.2f", c.longest, c.length); got != want {
				t.Errorf("longest and length %s, want %s", got, want)
			}
			if got, want := n.Script+" "+n.Dir+" "+n.Lang, c.script+" "+c.dir+" "+c.lang; got != want {
				t.Errorf("script, direction and language %q, want %q", got, want)
			}
		})
	}
}

func TestMeasureLongWords(t *testing.T) {
	for _, name := range []string{strings.Repeat("a", 60), strings.Repeat("港", 40), strings.Repeat("e\u0301", 60), strings.Repeat("👩🏽‍🎤", 30)} {
		n := Measure(name)
		if len(n.Words) != 1 {
			t.Fatalf("%q has %d words", name, len(n.Words))
		}
		if got := strings.Join(n.Words[0].Parts, ""); got != name {
			t.Errorf("%q was changed to %q", name, got)
		}
		if n.Longest > longestWhole+2 || n.Longest < longestWhole/2 {
			t.Errorf("%q: the widest part is %.1f letters wide, meant are about %d", name, n.Longest, longestWhole)
		}
		for _, part := range n.Words[0].Parts {
			if strings.HasPrefix(part, "\u0301") || strings.HasPrefix(part, "\u200d") || strings.HasSuffix(part, "\u200d") {
				t.Errorf("%q is cut inside a letter: %q", name, part)
			}
		}
	}
	if parts := Measure(strings.Repeat("ليل", 20)).Words[0].Parts; len(parts) != 1 {
		t.Errorf("letters that join were cut into %d parts", len(parts))
	}
}

func TestFaceWidth(t *testing.T) {
	// A L T at weight 900, capitals, with the kerning of L before T and the theme's spacing on every letter.
	want := .53 + .432 + .475 - .09 - 3*.03
	if got, ok := archivo.width("alt"); !ok || fmt.Sprintf("%.3f", got) != fmt.Sprintf("%.3f", want) {
		t.Errorf("width of ALT %.3f, want %.3f", got, want)
	}
	if _, ok := archivo.width("夜"); ok {
		t.Error("the face claims to know a letter that it lacks")
	}
	if sharp, _ := archivo.width("ß"); sharp < .8 {
		t.Errorf("ß is set as SS in capitals, measured %.3f", sharp)
	}
	if _, ok := archivo.widest(Measure("Ines 夜")); ok {
		t.Error("a name with an unknown letter must be estimated")
	}
	whole, _ := archivo.widest(Measure("Jean-Luc"))
	if part, _ := archivo.width("Jean-"); whole <= part {
		t.Errorf("Jean-Luc stays whole: %.3f is not more than its part %.3f", whole, part)
	}
}

func TestHalf(t *testing.T) {
	kinds := func(letters string) []Block {
		var blocks []Block
		for _, letter := range letters {
			blocks = append(blocks, Block{Kind: map[rune]Kind{'l': KindLink, 'h': KindHeading, 't': KindText}[letter]})
		}
		return blocks
	}
	for letters, want := range map[string]int{
		"": -1, "l": -1, "lll": -1, "llll": 2, "lllll": 2, "lllllllll": 4,
		"llhl": 2, "lhll": 1, "lhhll": 1, "llhll": 2, "lllhllll": 3, "hhhhhh": 1,
	} {
		if got := half(kinds(letters)); got != want {
			t.Errorf("half of %s is block %d, want %d", letters, got, want)
		}
	}
}
