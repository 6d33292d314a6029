package main

import (
	"context"
	"fmt"
	"math"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/hlpfl/platform/tests/browser"
)

// pairs are what is written on what, by the themes' own names for their colours, and the contrast it needs: 4.5 for
// text, 3 for big figures and for what only marks.
var pairs = map[string][]struct {
	on, under string
	least     float64
}{
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
}

func TestContrast(t *testing.T) {
	ctx, _ := tab(t)
	for theme, list := range pairs {
		for _, scheme := range []string{"light", "dark"} {
			if err := chromedp.Run(ctx, browser.Open(browser.Phone, shared.address(theme, "normal", "?scheme="+scheme))); err != nil {
				t.Fatal(err)
			}
			for _, pair := range list {
				ratio := contrast(luminance(ctx, t, pair.on), luminance(ctx, t, pair.under))
				if ratio < pair.least {
					t.Errorf("%s, %s: %s on %s is %.2f, needs %.1f", theme, scheme, pair.on, pair.under, ratio, pair.least)
				}
			}
		}
	}
}

// luminance reads a colour of the page; WCAG says how bright it is.
func luminance(ctx context.Context, t *testing.T, name string) float64 {
	t.Helper()
	var set bool
	err := chromedp.Run(ctx, chromedp.Evaluate(fmt.Sprintf(`getComputedStyle(document.documentElement).getPropertyValue('%s') !== ''`, name), &set))
	if err != nil || !set {
		t.Fatalf("the theme has no colour %s: %v", name, err)
	}
	var colour string
	err = chromedp.Run(ctx, chromedp.Evaluate(fmt.Sprintf(`(() => { const e = document.createElement('b'); document.body.append(e);
	  document.body.style.setProperty('color', 'var(%s)'); const c = getComputedStyle(e).color; e.remove(); return c; })()`, name), &colour))
	if err != nil {
		t.Fatal(err)
	}
	var red, green, blue float64
	if _, err := fmt.Sscanf(colour, "rgb(%f, %f, %f)", &red, &green, &blue); err != nil {
		t.Fatalf("%s is %q: %v", name, colour, err)
	}
	linear := func(c float64) float64 {
		if c /= 255; c <= .04045 {
			return c / 12.92
		}
		return math.Pow((c+.055)/1.055, 2.4)
	}
	return .2126*linear(red) + .7152*linear(green) + .0722*linear(blue)
}

func contrast(a, b float64) float64 { return (max(a, b) + .05) / (min(a, b) + .05) }
