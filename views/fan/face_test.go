package fan

import (
	"strings"
	"testing"
)

// TestWordsKeepTheirRoom looks for the widths by which the lines of a name break alike in every font.
func TestWordsKeepTheirRoom(t *testing.T) {
	themes, err := NewThemes("")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		what, name, theme, font string
		want, not               string
	}{
		{"two words", "Ines Okafor", "jacket", "", ".word:nth-child(2){inline-size:", ":nth-child(3)"},
		{"a word that may have to break", "Donaudampfschifffahrt Okafor", "jacket", "unbounded", ".word:nth-child(2)", ".word:nth-child(1)"},
		{"a word with a hyphen", "Anne-Marie Okafor", "stadium", "", ".word:nth-child(2)", ".word:nth-child(1)"},
		{"letters that the font lacks", "Ines 夜", "stadium", "", ".word:nth-child(1){", ":nth-child(2)"},
		{"a theme that fits no names", "Ines Okafor", "plain", "", "--words:2", ".word:nth-child"},
		{"the same in a chosen font", "Ines Okafor", "plain", "anton", ".word:nth-child(1){inline-size:", ":nth-child(3)"},
	} {
		html, _, err := themes.Render(Page{Handle: "ines", Name: Measure(c.name), Theme: c.theme, Look: Look{NameFont: c.font}})
		if err != nil {
			t.Fatal(err)
		}
		_, values, _ := strings.Cut(string(html), "<style>:root:root{")
		values, _, _ = strings.Cut(values, "</style>")
		if !strings.Contains(values, c.want) || strings.Contains(values, c.not) {
			t.Errorf("%s: %s", c.what, values)
		}
	}
}

// TestNoFontInVain looks for fonts of a theme on a page that is set in others.
func TestNoFontInVain(t *testing.T) {
	themes, err := NewThemes("")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		look        Look
		names, text bool
	}{
		{Look{}, true, true},
		{Look{NameFont: "anton"}, false, true},
		{Look{TextFont: "literata"}, true, false},
		{Look{NameFont: "anton", TextFont: "literata"}, false, false},
	} {
		html, _, err := themes.Render(Page{Handle: "ines", Name: Measure("Ines"), Theme: "stadium", Look: c.look})
		if err != nil {
			t.Fatal(err)
		}
		names, text := strings.Contains(string(html), "bricolage-stadium-display"), strings.Contains(string(html), "bricolage-stadium-text")
		if names != c.names || text != c.text {
			t.Errorf("%+v: font of names %v, of text %v", c.look, names, text)
		}
	}
}
