package main

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"
	"slices"
	"strconv"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/hlpfl/platform/tests/browser"
	"github.com/hlpfl/platform/views/fan"
)

// pairs are what is written on what, by the themes' own names for their colours, and the contrast it needs: 4.5 for
// text, 3 for big figures and for what only marks.
var pairs = map[string][]struct {
	on, under string
	least     float64
}{
	"gatefold": {
		{"--on-picture", "--ink-b", 4.5},
		{"--ink-a", "--paper", 4.5},
		{"--quiet", "--paper", 4.5},
	},
	"jacket": {
		{"--text", "--paper", 4.5},
		{"--ink-a", "--ink-b", 4.5},
		{"--on-a", "--ink-a", 4.5},
		{"--ink-b", "--ink-a", 4.5},
		{"--number", "--paper", 3},
	},
	"tape": {
		{"--ink", "--card", 4.5},
		{"--quiet", "--card", 4.5},
		{"--stamp", "--card", 4.5},
		{"--on-label", "--label", 4.5},
	},
	"plain": {
		{"--ink", "--paper", 4.5},
		{"--quiet", "--paper", 4.5},
	},
	"riso": {
		{"--third", "--paper", 4.5},
		{"--third", "--ink-b", 4.5},
		{"--paper", "--ink-a", 4.5},
		{"--paper", "--third", 4.5},
	},
	"stadium": {
		{"--on-field", "--paper", 4.5},
		{"--ink-b", "--paper", 3},
		{"--ink-a", "--pill", 4.5},
		{"--ink-a", "--band-1", 4.5},
		{"--ink-a", "--band-2", 4.5},
		{"--ink-a", "--band-3", 4.5},
		{"--band-2", "--ink-a", 4.5},
	},
}

// palettes are colours of an artist's own: ground, text, accent. Text on ground can be read, or they would not be saved;
// all else is up to the theme.
var palettes = []string{"101820,f2ede4,f2aa4c", "f4f1ea,2b2350,5b3df5", "ffffff,767676,ffe14d", "c42b10,ffffff,0000ff", "ffd53d,171411,ffd53d"}

func TestContrast(t *testing.T) {
	ctx, _ := tab(t)
	states := []string{"?scheme=light", "?scheme=dark"}
	for _, own := range palettes {
		states = append(states, "?colours="+own)
	}
	for theme, list := range pairs {
		for _, state := range states {
			if err := chromedp.Run(ctx, browser.Open(browser.Phone, shared.address(theme, "normal", state))); err != nil {
				t.Fatal(err)
			}
			for _, pair := range list {
				ratio := contrast(luminance(ctx, t, pair.on), luminance(ctx, t, pair.under))
				if ratio < pair.least {
					t.Errorf("%s%s: %s on %s is %.2f, needs %.1f", theme, state, pair.on, pair.under, ratio, pair.least)
				}
			}
		}
	}
}

// TestVeil looks at the ground over the whitest and the blackest background: what is written there can be read.
func TestVeil(t *testing.T) {
	ctx, _ := tab(t)
	for theme, pair := range map[string][2]string{
		"jacket": {"--text", "--paper"}, "tape": {"--ink", "--card"}, "plain": {"--ink", "--paper"}, "riso": {"--third", "--paper"}, "stadium": {"--on-field", "--paper"},
	} {
		for _, scheme := range []string{"light", "dark"} {
			if err := chromedp.Run(ctx, browser.Open(browser.Phone, shared.address(theme, "own-light", "?colours=none&scheme="+scheme))); err != nil {
				t.Fatal(err)
			}
			var veil string
			if err := chromedp.Run(ctx, chromedp.Evaluate(`getComputedStyle(document.documentElement).getPropertyValue('--veil')`, &veil)); err != nil {
				t.Fatal(err)
			}
			part, err := strconv.ParseFloat(veil, 64)
			if err != nil {
				t.Fatalf("%s has a veil of %q: %v", theme, veil, err)
			}
			ink, ground := luminance(ctx, t, pair[0]), colour(ctx, t, pair[1])
			for _, picture := range []float64{0, 255} {
				var seen [3]float64
				for i, c := range ground {
					seen[i] = part*c + (1-part)*picture
				}
				if ratio := contrast(ink, relative(seen[0], seen[1], seen[2])); ratio < 4.5 {
					t.Errorf("%s, %s: %.2f over a background of %v", theme, scheme, ratio, picture)
				}
			}
		}
	}
}

// luminance reads a colour of the page; WCAG says how bright it is.
func luminance(ctx context.Context, t *testing.T, name string) float64 {
	t.Helper()
	c := colour(ctx, t, name)
	return relative(c[0], c[1], c[2])
}

// colour reads a colour of the page, three parts from 0 to 255.
func colour(ctx context.Context, t *testing.T, name string) [3]float64 {
	t.Helper()
	var set bool
	err := chromedp.Run(ctx, chromedp.Evaluate(fmt.Sprintf(`getComputedStyle(document.documentElement).getPropertyValue('%s') !== ''`, name), &set))
	if err != nil || !set {
		t.Fatalf("the theme has no colour %s: %v", name, err)
	}
	var shown string
	err = chromedp.Run(ctx, chromedp.Evaluate(fmt.Sprintf(`(() => { const e = document.createElement('b'); document.body.append(e);
	  document.body.style.setProperty('color', 'var(%s)'); const c = getComputedStyle(e).color; e.remove(); return c; })()`, name), &shown))
	if err != nil {
		t.Fatal(err)
	}
	var red, green, blue float64
	if _, err := fmt.Sscanf(shown, "rgb(%f, %f, %f)", &red, &green, &blue); err != nil {
		t.Fatalf("%s is %q: %v", name, shown, err)
	}
	return [3]float64{red, green, blue}
}

// relative is WCAG's luminance of a colour of three parts from 0 to 255.
func relative(red, green, blue float64) float64 {
	linear := func(c float64) float64 {
		if c /= 255; c <= .04045 {
			return c / 12.92
		}
		return math.Pow((c+.055)/1.055, 2.4)
	}
	return .2126*linear(red) + .7152*linear(green) + .0722*linear(blue)
}

func contrast(a, b float64) float64 { return (max(a, b) + .05) / (min(a, b) + .05) }

func TestEveryThemeHasItsPairs(t *testing.T) {
	for _, theme := range fan.ThemeNames() {
		if len(pairs[theme]) == 0 {
			t.Errorf("nobody measures the colours of %s", theme)
		}
	}
}

// flat is a portrait of one colour.
func flat(t *testing.T, c color.Color) []byte {
	t.Helper()
	picture := image.NewRGBA(image.Rect(0, 0, 40, 50))
	for y := range 50 {
		for x := range 40 {
			picture.Set(x, y, c)
		}
	}
	var out bytes.Buffer
	if err := png.Encode(&out, picture); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// written is what stands on the artist's picture itself, and, with the sleeve drawn over it, on the sleeve.
var written = []struct {
	scroll int
	least  map[string]float64
}{
	{0, map[string]float64{".name": 3, ".bio": 4.5}},
	{300, map[string]float64{".row .title": 4.5, ".row .figure": 4.5}},
}

// TestGatefoldOverAnyPicture measures what is really on the screen: Gatefold writes on the artist's own picture and on a
// sleeve that lets it shine through, so no two colours of the theme say how well that can be read. Black and white are
// the worst that a picture can be.
func TestGatefoldOverAnyPicture(t *testing.T) {
	ctx, _ := tab(t)
	shared.keep("white.png", flat(t, color.White))
	shared.keep("black.png", flat(t, color.Black))
	for _, picture := range []string{"white", "black"} {
		for _, scheme := range []string{"light", "dark"} {
			for _, at := range written {
				err := chromedp.Run(ctx,
					browser.Open(browser.Phone, shared.address("gatefold", "normal", "?picture="+picture+".png&scheme="+scheme)),
					chromedp.Evaluate(fmt.Sprintf(`scrollTo(0, %d)`, at.scroll), nil), browser.Settle())
				if err != nil {
					t.Fatal(err)
				}
				for what, least := range at.least {
					worst := onScreen(ctx, t, what)
					t.Logf("%s picture, %s: %s has %.2f", picture, scheme, what, worst)
					if worst < least {
						t.Errorf("over a %s picture, %s: %s has %.2f, needs %.1f", picture, scheme, what, worst, least)
					}
				}
			}
		}
	}
}

// onScreen is the least contrast of an element's type with what it stands on, as the screen shows it: with all type
// hidden, what is left at its place is its ground.
func onScreen(ctx context.Context, t *testing.T, what string) float64 {
	t.Helper()
	var place [4]float64
	var ink string
	var shot []byte
	err := chromedp.Run(ctx,
		chromedp.Evaluate(fmt.Sprintf(`(() => { const b = document.querySelector('%s').getBoundingClientRect(); return [b.left, b.top, b.right, b.bottom]; })()`, what), &place),
		chromedp.Evaluate(fmt.Sprintf(`getComputedStyle(document.querySelector('%s')).color`, what), &ink),
		chromedp.Evaluate(`(() => { const s = new CSSStyleSheet(); s.replaceSync('*{color:#0000!important;fill:#0000!important}'); document.adoptedStyleSheets = [s]; })()`, nil),
		browser.Settle(), browser.Photograph(browser.Phone, false, &shot),
		chromedp.Evaluate(`document.adoptedStyleSheets = []; true`, nil))
	if err != nil {
		t.Fatal(err)
	}
	seen, err := png.Decode(bytes.NewReader(shot))
	if err != nil {
		t.Fatal(err)
	}
	var red, green, blue float64
	if _, err := fmt.Sscanf(ink, "rgb(%f, %f, %f)", &red, &green, &blue); err != nil {
		t.Fatalf("%s is %q: %v", what, ink, err)
	}
	grounds := grounds(seen, place, browser.Phone.Density)
	if len(grounds) == 0 {
		t.Fatalf("%s is not on the screen: %v", what, place)
	}
	letters := relative(red, green, blue)
	return min(contrast(letters, slices.Min(grounds)), contrast(letters, slices.Max(grounds)))
}

// grounds are the luminances within a place of the screen, given in CSS pixels.
func grounds(seen image.Image, place [4]float64, density float64) []float64 {
	var all []float64
	area := image.Rect(int(place[0]*density), int(place[1]*density), int(place[2]*density), int(place[3]*density)).Intersect(seen.Bounds())
	for y := area.Min.Y; y < area.Max.Y; y += 4 {
		for x := area.Min.X; x < area.Max.X; x += 4 {
			red, green, blue, _ := seen.At(x, y).RGBA()
			all = append(all, relative(float64(red>>8), float64(green>>8), float64(blue>>8)))
		}
	}
	return all
}
