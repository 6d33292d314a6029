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
	ctx, _ := tab(t)
	for _, theme := range fan.ThemeNames() {
		for _, c := range []struct {
			sample  string
			on      browser.Screen
			colours bool
		}{
			{"everything", browser.Phone, false},
			{"everything", browser.Desk, false},
			{"everything", browser.Phone.Night(), true},
			{"dates", browser.Phone, false},
			{"to-come", browser.Phone, true},
			{"players", browser.Phone, false},
			{"arabic", browser.Phone, false},
			{"no-picture", browser.Phone, true},
		} {
			if err := chromedp.Run(ctx, browser.Open(c.on, shared.address(theme, c.sample, ""))); err != nil {
				t.Fatal(err)
			}
			faults, err := axe.Check(ctx, c.colours)
			if err != nil {
				t.Fatal(err)
			}
			for _, fault := range faults {
				t.Errorf("%s/%s at %d, dark %v: %s", theme, c.sample, c.on.Width, c.on.Dark, fault)
			}
		}
	}
}
