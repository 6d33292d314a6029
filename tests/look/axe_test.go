package main

import (
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/hlpfl/platform/tests/axe"
	"github.com/hlpfl/platform/tests/browser"
	"github.com/hlpfl/platform/views/fan"
)

// TestAxe looks for what keeps people out: every block there is, on a phone and on a desk, and its colours at night; and
// the states in which a page is drawn differently.
func TestAxe(t *testing.T) {
	t.Parallel()
	for _, theme := range fan.ThemeNames() {
		t.Run(theme, func(t *testing.T) {
			t.Parallel()
			ctx, _ := tab(t)
			for _, c := range []struct {
				sample string
				looks  []look
			}{
				{"everything", []look{{browser.Phone, false}, {browser.Phone.Night(), true}, {browser.Desk, false}}},
				{"dates", []look{{browser.Phone, false}}},
				{"to-come", []look{{browser.Phone, true}}},
				{"players", []look{{browser.Phone, false}}},
				{"arabic", []look{{browser.Phone, false}}},
				{"no-picture", []look{{browser.Phone, true}}},
				{"own-dark", []look{{browser.Phone, false}}},
				{"own-light", []look{{browser.Phone, false}}},
			} {
				if err := chromedp.Run(ctx, browser.Open(c.looks[0].on, shared.address(theme, c.sample, ""))); err != nil {
					t.Fatal(err)
				}
				for i, l := range c.looks {
					if i > 0 {
						if err := chromedp.Run(ctx, browser.Resize(l.on), browser.Colours(l.on), browser.Settle()); err != nil {
							t.Fatal(err)
						}
					}
					faults, err := axe.Check(ctx, l.colours)
					if err != nil {
						t.Fatal(err)
					}
					for _, fault := range faults {
						t.Errorf("%s at %d, dark %v: %s", c.sample, l.on.Width, l.on.Dark, fault)
					}
				}
			}
		})
	}
}

// look is one at a page: on a screen, with all rules or for contrast alone.
type look struct {
	on      browser.Screen
	colours bool
}
