package model

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

func TestParseHandle(t *testing.T) {
	for _, c := range []struct{ given, want string }{
		{"mirandalee", "mirandalee"},
		{" @MirandaLee ", "mirandalee"},
		{"mirandalee.music", "mirandalee.music"},
		{"a1", "a1"},
		{"10cc", "10cc"},
		{"K-Pop", "k-pop"},
		{"a-b_c.d", "a-b_c.d"},
		{"artist.live", "artist.live"},
		{"json.band", "json.band"},
		{"jsonica", "jsonica"},
		{"administratrix", "administratrix"},
		{strings.Repeat("a", 30), strings.Repeat("a", 30)},
	} {
		got, err := ParseHandle(c.given)
		if err != nil || string(got) != c.want {
			t.Errorf("ParseHandle(%q) = %q, %v", c.given, got, err)
		}
	}
	for _, c := range []struct{ given, says string }{
		{"", "Choose"}, {" @ ", "Choose"}, {"a", "too short"}, {strings.Repeat("a", 31), "31 characters"},
		{strings.Repeat("a", 1<<20), "1,048,576 characters"},
		{"-ab", "begins and ends"}, {"ab.", "begins and ends"}, {"_a", "begins and ends"}, {"a_", "begins and ends"},
		{"a..b", "side by side"}, {"a-_b", "side by side"}, {".well-known", "begins and ends"},
		{"miranda lee", "A space"}, {"@@lee", "@ cannot"}, {"mirandä", "ä cannot"}, {"a/b", "/ cannot"}, {"a%2fb", "% cannot"},
		{"<b>", "< cannot"}, {"ab\x00", "U+0000"}, {"ab\u202ecd", "U+202E"}, {"ab\u200bcd", "U+200B"}, {"ab\xffcd", "damaged"},
		{"\u212aing", "cannot"}, {"ｍｉｒａ", "cannot"}, {"ıstanbul", "cannot"},
		{"robots.txt", ".txt"}, {"Favicon.ICO", ".ico"}, {"sitemap.xml", ".xml"}, {"app.js", ".js"}, {"a.css", ".css"}, {"me.html", ".html"},
		{"x.php", ".php"}, {"x.png", ".png"}, {"x.json", ".json"}, {"x.map", ".map"}, {"app.webmanifest", ".webmanifest"}, {"my.song.mp3", ".mp3"},
		{"dashboard", "kept for HLPFL"}, {"ADMIN", "kept"}, {"log-in", "kept"}, {"l.o.g.i.n", "kept"}, {"well-known", "kept"}, {"hlp.fl", "kept"},
		{"no-reply", "kept"}, {"noreply", "kept"},
	} {
		got, err := ParseHandle(c.given)
		if err == nil || got != "" || !strings.Contains(err.Error(), c.says) {
			t.Errorf("ParseHandle(%.40q) = %q, %v; want it to say %q", c.given, got, err, c.says)
		}
	}
}

// Every first step of an address of ours must be out of reach.
func TestReservedWords(t *testing.T) {
	for _, word := range strings.Fields(`dashboard admin api auth hooks login logout register pricing static dev livez readyz metrics about help
		support terms privacy security settings account billing status blog www mail root hlpfl well-known healthz debug`) {
		if h, err := ParseHandle(word); err == nil {
			t.Errorf("%q may be taken as a handle: %q", word, h)
		}
	}
	for _, word := range []string{"r", "v", "m"} {
		if !reserved(word) {
			t.Errorf("%q is not reserved", word)
		}
	}
}

func TestSuggestHandles(t *testing.T) {
	for _, c := range []struct {
		name string
		has  []Handle // in this order
	}{
		{"Miranda Lee", []Handle{"mirandalee", "miranda.lee", "miranda-lee", "miranda_lee", "mirandalee.music"}},
		{"Björk Guðmundsdóttir", []Handle{"bjorkgudmundsdottir", "bjork.gudmundsdottir"}},
		{"Sinéad O’Connor", []Handle{"sineadoconnor", "sinead.oconnor"}},
		{"Motörhead", []Handle{"motorhead", "motorhead.music"}},
		{"Straße & Łódź", []Handle{"strasseandlodz"}},
		{"Кино", []Handle{"kino"}},
		{"Ελένη Καραΐνδρου", []Handle{"elenikaraindroy"}},
		{"ＡＢＢＡ", []Handle{"abba"}},
		{"Nguyễn Văn Đức", []Handle{"nguyenvanduc"}},
		{"admin", []Handle{"admin.live", "the.admin"}},
		{"A", []Handle{"a.music"}},
		{strings.Repeat("long name ", 20), []Handle{"longnamelongnamelongnamelongna"}},
	} {
		got := SuggestHandles(c.name)
		at := -1
		for _, want := range c.has {
			i := slices.Index(got, want)
			if i <= at {
				t.Errorf("SuggestHandles(%q) = %q: %q is missing or out of order", c.name, got, want)
			}
			at = i
		}
	}
	for _, name := range []string{"", "   ", "宇多田ヒカル", "🎸", "\xff"} {
		if got := SuggestHandles(name); len(got) != 0 {
			t.Errorf("SuggestHandles(%q) = %q", name, got)
		}
	}
	if got := SuggestHandles("admin"); slices.Contains(got, "admin") {
		t.Error("a reserved word is suggested")
	}
	if got := Handle("mirandalee").Variants(); got[0] != "mirandalee.music" || slices.Contains(got, "mirandalee") {
		t.Errorf("Variants = %q", got)
	}
	if got := Handle(strings.Repeat("a", 30)).Variants(); len(got) < 5 {
		t.Errorf("a long handle has the variants %q alone", got)
	}
}

func TestWithinOneEdit(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"", "", true}, {"", "a", true}, {"a", "", true}, {"", "ab", false},
		{"mirandalee", "mirandalee", true}, {"mirandalee", "mirandale", true}, {"mirandalee", "mirandaleee", true},
		{"mirandalee", "xirandalee", true}, {"mirandalee", "mirandalex", true}, {"mirandalee", "mirnadalee", true},
		{"mirandalee", "imrandalee", true}, {"ab", "ba", true}, {"abc", "cba", false}, {"abcd", "badc", false},
		{"mirandalee", "mirandlae", false}, {"abc", "abde", false}, {"abc", "xabcy", false}, {"abcd", "acbd", true}, {"abcd", "acxd", false},
	} {
		if got := WithinOneEdit(c.a, c.b); got != c.want {
			t.Errorf("WithinOneEdit(%q, %q) = %v", c.a, c.b, got)
		}
		if got := WithinOneEdit(c.b, c.a); got != c.want {
			t.Errorf("WithinOneEdit(%q, %q) = %v", c.b, c.a, got)
		}
	}
}

var handleForm = regexp.MustCompile(`^[a-z0-9]([a-z0-9]|[-_.][a-z0-9])+$|^[a-z0-9]{2}$`)

func FuzzParseHandle(f *testing.F) {
	for _, seed := range []string{"mirandalee", " @Miranda.Lee ", "robots.txt", "a..b", "-a", "\xff", "ab\u202e", "login", "Ünder"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		check := func(h Handle) {
			if len(h) < MinHandle || len(h) > MaxHandle || !handleForm.MatchString(string(h)) {
				t.Fatalf("%q (from %q) is no handle", h, raw)
			}
			if again, err := ParseHandle(string(h)); err != nil || again != h {
				t.Fatalf("%q (from %q) again is %q, %v", h, raw, again, err)
			}
		}
		h, err := ParseHandle(raw)
		if err == nil {
			check(h)
			for _, v := range h.Variants() {
				check(v)
			}
		} else if h != "" {
			t.Fatalf("%q beside an error", h)
		}
		for _, s := range SuggestHandles(raw) {
			check(s)
		}
	})
}
