package model

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

func TestContrastIsTheStandards(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b Colour
		want string
	}{
		{"#000000", "#ffffff", "21.0:1"}, {"#ffffff", "#000000", "21.0:1"}, {"#777777", "#ffffff", "4.4:1"}, {"#767676", "#ffffff", "4.5:1"},
		{"#ff0000", "#ffffff", "3.9:1"}, {"#0000ff", "#ffffff", "8.5:1"}, {"#c42b10", "#f6f1e7", "5.0:1"},
	} {
		if got := Ratio(Contrast(c.a, c.b)); got != c.want {
			t.Errorf("%s on %s: %s, want %s", c.a, c.b, got, c.want)
		}
	}
}

// Any text can be made readable on any ground, by as little as will do.
func TestMended(t *testing.T) {
	t.Parallel()
	any := rand.New(rand.NewPCG(4, 5)) //nolint:gosec // the same colours each time
	colour := func() Colour { return Colour(fmt.Sprintf("#%06x", any.IntN(1<<24))) }
	for range 3000 {
		ink, ground := colour(), colour()
		mended := ink.Mended(ground)
		if r := Contrast(mended, ground); r < LeastContrast {
			t.Fatalf("%s on %s became %s: %.2f", ink, ground, mended, r)
		}
		if Contrast(ink, ground) >= LeastContrast && mended != ink {
			t.Fatalf("%s can be read on %s and became %s", ink, ground, mended)
		}
	}
	if got := Colour("#808080").Mended("#ffffff"); got != "#757575" && got != "#767676" && got != "#747474" {
		t.Errorf("a grey on white went as far as %s", got)
	}
}

func TestMixBeginsAndEndsWhereItSays(t *testing.T) {
	t.Parallel()
	for _, c := range []Colour{"#000000", "#ffffff", "#ff7426", "#10162b", "#00ff00", "#123456"} {
		if got := Mix(c, "#ff00ff", 0); got != c {
			t.Errorf("%s begins at %s", c, got)
		}
		if got := Mix("#ff00ff", c, 1); got != c {
			t.Errorf("%s is reached as %s", c, got)
		}
	}
}

func TestLookOfOnesOwn(t *testing.T) {
	t.Parallel()
	picture := strings.Repeat("ab", 16) + "_800x600"
	for _, c := range []struct{ theme, want string }{
		{`{"name":"riso"}`, ""},
		{`{"name":"riso","colours":null,"name_font":"","background":null}`, ""},
		{`{"name":"riso","colours":{"ground":"#FFF","ink":" 10162B","accent":"#ff7426"},"buttons":"soft","background":{"media":"` + picture + `","alt":""}}`, ""},
		{`{"name":"riso","colours":{"ground":"white","ink":"#000","accent":"#f00"}}`, "profile_data.theme.colours.ground"},
		{`{"name":"riso","colours":{"ground":"#fff","ink":"#000"}}`, "profile_data.theme.colours.accent"},
		{`{"name":"riso","colours":{"ground":"#ffffff","ink":"#888888","accent":"#ff0000"}}`, "profile_data.theme.colours.ink"},
		{`{"name":"riso","colours":{"ground":"#fff","ink":"#000","accent":"#f00","shine":"#fff"}}`, "profile_data.theme.colours.shine"},
		{`{"name":"riso","colours":"#fff"}`, "profile_data.theme.colours"},
		{`{"name":"riso","name_font":"comic-sans"}`, "profile_data.theme.name_font"},
		{`{"name":"riso","text_font":7}`, "profile_data.theme.text_font"},
		{`{"name":"riso","buttons":"blob"}`, "profile_data.theme.buttons"},
		{`{"name":"riso","background":{"media":"../etc/passwd"}}`, "profile_data.theme.background.media"},
		{`{"name":"riso","style":"body{}"}`, "profile_data.theme.style"},
	} {
		d, err := ParseDocument([]byte(`{"theme":` + c.theme + `}`))
		problems := Problems{}
		if left := problems.AddAll("profile_data.", err); left != nil {
			t.Fatal(c.theme, left)
		}
		if c.want != "" {
			if len(problems) != 1 || problems[c.want] == "" {
				t.Errorf("%s: %v, want %s", c.theme, problems, c.want)
			}
			continue
		}
		if len(problems) > 0 {
			t.Errorf("%s: %v", c.theme, problems)
			continue
		}
		raw, err := d.Stored()
		if err != nil {
			t.Fatal(err)
		}
		back, err := ReadStored(raw)
		if err != nil || !back.Equal(d) {
			t.Errorf("%s came back as %s (%v)", c.theme, mustJSON(back), err)
		}
	}
}

// The refusal says which colour would do, and that one does.
func TestUnreadableTextIsToldWhatWouldDo(t *testing.T) {
	t.Parallel()
	_, err := ParseDocument([]byte(`{"theme":{"name":"plain","colours":{"ground":"#fafafa","ink":"#bbbbbb","accent":"#ff0000"}}}`))
	problems := Problems{}
	_ = problems.AddAll("", err)
	said := problems["theme.colours.ink"]
	would := strings.TrimSuffix(said[strings.LastIndex(said, "#"):], " would do.")
	if Contrast(Colour(would), "#fafafa") < LeastContrast {
		t.Errorf("%q offers %q", said, would)
	}
}

// What a newer version stored in a look stays through an older form.
func TestNewerLookIsKept(t *testing.T) {
	t.Parallel()
	const stored = `{"bio":"","blocks":[],"socials":[],"theme":{"colours":{"accent":"#ff0000","glow":"#00ff00","ground":"#ffffff","ink":"#000000"},"motion":"slow","name":"neon"}}`
	held, err := ReadStored([]byte(stored))
	if err != nil {
		t.Fatal(err)
	}
	if got := string(mustJSON(held)); got != stored {
		t.Fatalf("read and written: %s", got)
	}
	back, err := ParseDocument([]byte(stored), held)
	if err != nil || !back.Equal(held) {
		t.Errorf("sent back: %s, %v", mustJSON(back), err)
	}
	if _, err := ParseDocument([]byte(stored)); err == nil {
		t.Error("the same was taken from a stranger")
	}
}

func TestLookWithin(t *testing.T) {
	t.Parallel()
	full := Look{Colours: &Colours{"#ffffff", "#000000", "#ff0000", nil}, NameFont: "anton", TextFont: "dm-mono", Buttons: ButtonsSoft, Background: &Picture{Media: "a"}}
	if !full.Within(full) || !(Look{}).Within(full) || !(Look{Buttons: ButtonsSoft}).Within(full) {
		t.Error("what stands there is not within")
	}
	for _, more := range []Look{
		{Colours: &Colours{"#fffffe", "#000000", "#ff0000", nil}}, {NameFont: "caveat"}, {TextFont: "anton"}, {Buttons: ButtonsRound}, {Background: &Picture{Media: "b"}},
	} {
		if more.Within(full) {
			t.Errorf("%+v is within", more)
		}
	}
}

func TestPicturesAreAllFound(t *testing.T) {
	t.Parallel()
	pic := func(n int) *Picture { return &Picture{Media: fmt.Sprintf("%d", n)} }
	d := Document{Picture: pic(1), Theme: Theme{Look: Look{Background: pic(2)}}, Blocks: []Block{
		{Body: Link{Thumb: pic(3)}}, {Body: Image{Picture: pic(4)}}, {Body: Gallery{Pictures: []Picture{*pic(5), *pic(6)}}},
		{Body: Merch{Picture: pic(7)}}, {Body: Embed{Picture: pic(8)}}, {Body: Release{Cover: pic(9)}}, {Body: Heading{}},
	}}
	var got []string
	for _, n := range d.Pictures() {
		got = append(got, n.Field+"="+n.Picture.Media)
	}
	const want = "picture=1 theme.background=2 blocks[0].thumb=3 blocks[1].picture=4 blocks[2].pictures[0]=5 blocks[2].pictures[1]=6 blocks[3].picture=7 blocks[4].picture=8 blocks[5].cover=9"
	if strings.Join(got, " ") != want {
		t.Errorf("%v", got)
	}
	left := d.WithoutPictures(func(media string) bool { return media == "6" })
	if now := left.Pictures(); len(now) != 1 || now[0].Field != "blocks[1].pictures[0]" || len(left.Blocks) != 6 {
		t.Errorf("left: %+v, %d blocks", now, len(left.Blocks))
	}
	if len(d.Pictures()) != 9 {
		t.Error("the document that was given changed")
	}
}
