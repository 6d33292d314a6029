package fan

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/hlpfl/platform/internal/model"
)

// worn is a page with everything changed of its theme that can be.
func worn(t *testing.T) Page {
	t.Helper()
	p := normal()
	p.Look = Look{
		Colours:  &model.Colours{Ground: "#101820", Ink: "#f2ede4", Accent: "#f2aa4c"},
		NameFont: "unbounded", TextFont: "space-grotesk", Buttons: model.ButtonsSoft,
		Background: &Picture{Src: "/m/back.webp", SrcSet: "/m/back-480.webp 480w, /m/back.webp 960w", Width: 960, Height: 600, Focus: "30% 70%"},
	}
	return p
}

// TestTonesCanBeRead tries what artists may choose: whatever a theme writes on another tone has the contrast it needs.
func TestTonesCanBeRead(t *testing.T) {
	chance := rand.New(rand.NewPCG(7, 11)) //nolint:gosec // the same colours each time
	colour := func() model.Colour { return model.Colour(fmt.Sprintf("#%06x", chance.IntN(1<<24))) }
	for range 2000 {
		c := model.Colours{Ground: colour(), Accent: colour()}
		c.Ink = colour().Mended(c.Ground)
		o := tonesOf(c)
		for name, pair := range map[string][2]model.Colour{
			"ink on ground": {o.ink, o.ground}, "quiet on ground": {o.quiet, o.ground}, "sign on ground": {o.sign, o.ground},
			"on on accent": {o.on, o.accent}, "ink on wash": {o.ink, o.wash}, "white on deep": {white, o.deep},
			"on on far 1": {o.on, o.far[0]}, "on on far 2": {o.on, o.far[1]}, "on on far 3": {o.on, o.far[2]},
		} {
			if ratio := model.Contrast(pair[0], pair[1]); ratio < model.LeastContrast-.05 {
				t.Fatalf("%+v: %s is %.2f (%s on %s)", c, name, ratio, pair[0], pair[1])
			}
		}
	}
}

// TestVeil covers pictures as white and as black as they come.
func TestVeil(t *testing.T) {
	for _, c := range [][2]model.Colour{{"#151514", "#fcfcfa"}, {"#f1f0ec", "#131312"}, {"#767676", "#ffffff"}, {"#2b2350", "#f4f1ea"}} {
		part := veil(c[0], c[1])
		for _, picture := range []model.Colour{white, black} {
			if ratio := model.Contrast(c[0], c[1].Over(picture, part)); part < 1 && ratio < model.LeastContrast {
				t.Errorf("%s on %s over %s is %.2f under a veil of %.2f", c[0], c[1], picture, ratio, part)
			}
		}
		if part < .66 || part > 1 {
			t.Errorf("a veil of %v", part)
		}
	}
	if got := white.Over(black, .5); got != "#808080" {
		t.Errorf("half white over black is %s", got)
	}
}

func TestALookReachesThePage(t *testing.T) {
	page := worn(t)
	all := themes(t, "https://cdn.example")
	for _, name := range ThemeNames() {
		page.Theme = name
		raw, csp, err := all.Render(page)
		if err != nil {
			t.Fatal(err)
		}
		html := string(raw)
		for _, want := range []string{
			`class="t-` + name + ` own shaped backed"`, `data-scheme="dark"`, "--own-ground:#101820", "--shape:.75rem", "--heavy:", "--back:30% 70%",
			`--big:'Unbounded'`, `--run:'Space Grotesk'`, `class="backdrop"`, `sizes="50vw"`,
			`<link rel="preload" href="https://cdn.example/static/fonts/choice/unbounded.`, "https://cdn.example/static/fonts/choice/space-grotesk.",
		} {
			if name == "gatefold" && (strings.Contains(want, "back") || strings.Contains(want, "50vw")) {
				continue // its portrait is the background already
			}
			if !strings.Contains(html, strings.ReplaceAll(want, "'", `"`)) && !strings.Contains(html, want) {
				t.Errorf("%s lacks %s", name, want)
			}
		}
		if strings.Count(csp, "sha256-") != 2 || strings.Contains(csp, "unsafe") {
			t.Errorf("%s: %s", name, csp)
		}
	}
}

// A page without a look of its own is as small as before.
func TestNoLookCostsNothing(t *testing.T) {
	for _, name := range ThemeNames() {
		page := normal()
		page.Theme = name
		raw, _, err := themes(t, "").Render(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, not := range []string{"--own-", `class="backdrop"`, "--shape", "fonts/choice"} {
			if strings.Contains(string(raw), not) {
				t.Errorf("%s has %s", name, not)
			}
		}
	}
}
