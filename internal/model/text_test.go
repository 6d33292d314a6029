package model

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

func TestCleanKeeps(t *testing.T) {
	for _, text := range []string{
		"Slow Harbour", "<script>alert(1)</script> & <b>bold</b>", `"quotes" 'and' \backslash`, "宇多田ヒカル", "أم كلثوم", "עִבְרִ֥ית",
		"ก็ยังรักเธออยู่", "Nguyễn Văn Đức", "நன்றி", "ཨོཾ་མ་ཎི་པདྨེ་ཧཱུྃ", "👩‍👩‍👧‍👦", "👩🏽‍🎤", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "1️⃣ ❤️‍🔥", "می\u200cخواهم", "abc\u200fאבג", "\u200eLTR",
		"a  b", "naïve", "e\u0323\u0301",
	} {
		for name, clean := range map[string]func(string, int) (string, error){"CleanLine": CleanLine, "CleanText": CleanText} {
			got, err := clean(text, 100)
			if err != nil || got != norm.NFC.String(text) {
				t.Errorf("%s(%q) = %q, %v", name, text, got, err)
			}
		}
	}
}

func TestCleanMends(t *testing.T) {
	for _, c := range []struct{ given, line, text string }{
		{"  Miranda Lee\t\n", "Miranda Lee", "Miranda Lee"},
		{"\u00a0\u3000x\ufeff\u200b", "x", "x"},
		{"e\u0301", "é", "é"},
		{"\u1112\u1161\u11ab", "한", "한"},
		{"", "", ""},
		{" \n ", "", ""},
		{"\u3164", "", ""},             // Hangul filler: a letter nobody sees
		{"\u200e\u2060\ufe0f", "", ""}, // marks and joiners alone
		{"\u2800\u2800", "", ""},       // blank Braille
	} {
		if got, err := CleanLine(c.given, 50); err != nil || got != c.line {
			t.Errorf("CleanLine(%q) = %q, %v", c.given, got, err)
		}
		if got, err := CleanText(c.given, 50); err != nil || got != c.text {
			t.Errorf("CleanText(%q) = %q, %v", c.given, got, err)
		}
	}
	got, err := CleanText("one\r\ntwo\rthree\u2028four\u2029five\n\n\tsix", 50)
	if err != nil || got != "one\ntwo\nthree\nfour\nfive\n\n\tsix" {
		t.Errorf("line breaks become %q, %v", got, err)
	}
}

func TestCleanRefuses(t *testing.T) {
	for _, c := range []struct{ given, says string }{
		{"a\x00b", "U+0000"}, {"a\x1bb", "U+001B"}, {"a\x7fb", "U+007F"}, {"a\u009bb", "U+009B"}, {"a\vb", "U+000B"},
		{"a\xffb", "damaged"}, {"a\xed\xa0\x80b", "damaged"}, {"a\xc0\x80b", "damaged"}, {"a\ufffdb", "damaged"},
		{"a\uffffb", "damaged"}, {"a\ufdd0b", "damaged"}, {"a\U0001fffeb", "damaged"},
		{"a\u202ab", "U+202A"}, {"a\u202bb", "U+202B"}, {"a\u202cb", "U+202C"}, {"a\u202db", "U+202D"}, {"a\u202eb", "U+202E"},
		{"a\u2066b", "U+2066"}, {"a\u2067b", "U+2067"}, {"a\u2068b", "U+2068"}, {"a\u2069b", "U+2069"},
		{"\u202eevil", "U+202E"},
		{"Z" + strings.Repeat("\u0301", 9), "accents"}, {"Z" + strings.Repeat("\u0336", 1000), "at most"},
		{"Z" + strings.Repeat("\u0301\u200d", 9), "accents"}, // joiners in between change nothing
		{strings.Repeat("a", 101), "101 characters long; at most 100 fit. Shorten it by 1."},
		{strings.Repeat("字", 1<<20), "1,048,576 characters"},
	} {
		for name, clean := range map[string]func(string, int) (string, error){"CleanLine": CleanLine, "CleanText": CleanText} {
			got, err := clean(c.given, 100)
			if err == nil || got != "" || !strings.Contains(err.Error(), c.says) {
				t.Errorf("%s(%.40q) = %.40q, %v; want it to say %q", name, c.given, got, err, c.says)
			}
		}
	}
	for _, c := range []struct{ given, says string }{
		{"a\nb", "one line"}, {"a\r\nb", "one line"}, {"a\u2028b", "one line"}, {"a\u0085b", "one line"}, {"a\tb", "space instead"},
	} {
		if got, err := CleanLine(c.given, 100); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("CleanLine(%q) = %q, %v", c.given, got, err)
		}
	}
}

func TestCleanCounts(t *testing.T) {
	for _, c := range []struct {
		given string
		fits  bool
	}{
		{strings.Repeat("字", 10), true}, {strings.Repeat("字", 11), false},
		{strings.Repeat("e\u0301", 10), true}, // ten after composing
		{"  " + strings.Repeat("a", 10) + "  ", true},
	} {
		if _, err := CleanLine(c.given, 10); (err == nil) != c.fits {
			t.Errorf("CleanLine(%q, 10): %v", c.given, err)
		}
	}
}

func FuzzCleanText(f *testing.F) {
	for _, seed := range []string{"Slow Harbour", " a\r\nb ", "e\u0301", "\u202e", "\xff", "Z\u0301\u0301", "👩‍👩‍👧", "\u0958\u1d160", "\u3164", "<b>"} {
		f.Add(seed, 40)
	}
	f.Fuzz(func(t *testing.T, raw string, limit int) {
		limit = max(1, min(limit, 10_000))
		text, err := CleanText(raw, limit)
		checkCleaned(t, raw, text, err, limit, CleanText)
		if strings.Trim(text, " ") != text {
			t.Fatalf("%q has blank ends", text)
		}
		line, err := CleanLine(raw, limit)
		checkCleaned(t, raw, line, err, limit, CleanLine)
		if strings.ContainsAny(line, "\n\r\t") {
			t.Fatalf("%q is no line", line)
		}
		if err == nil && line != text {
			t.Fatalf("a line %q and a text %q of the same", line, text)
		}
	})
}

func checkCleaned(t *testing.T, raw, got string, err error, limit int, clean func(string, int) (string, error)) {
	t.Helper()
	if err != nil {
		if got != "" || err.Error() == "" {
			t.Fatalf("%q beside the error %v", got, err)
		}
		return
	}
	if !utf8.ValidString(got) || utf8.RuneCountInString(got) > limit || !norm.NFC.IsNormalString(got) {
		t.Fatalf("%q became %q", raw, got)
	}
	for _, r := range got {
		if bidiControl(r) || r == utf8.RuneError || unicode.Is(unicode.Cc, r) && r != '\n' && r != '\t' {
			t.Fatalf("%q holds %U", got, r)
		}
	}
	if again, err := clean(got, limit); err != nil || again != got {
		t.Fatalf("%q, again %q, %v", got, again, err)
	}
}
