package fan

import (
	"strings"
	"testing"
)

// The colour of a portrait stands in the page until the portrait does, and nothing
// else than a colour reaches the style.
func TestTheColourHoldsThePlace(t *testing.T) {
	themes, err := NewThemes("")
	if err != nil {
		t.Fatal(err)
	}
	page := normal()
	for tint, want := range map[string]bool{"#a1b2c3": true, "": false, "red": false, "#a1b2c3}*{display:none": false, "#A1B2C3": false} {
		page.Picture = &Picture{Src: "/m/x.webp", Width: 100, Height: 100, Tint: tint}
		html, csp, err := themes.Render(page)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(string(html), "--tint:"+tint); tint != "" && got != want || strings.Contains(string(html), "var(--tint)") != want {
			t.Errorf("%q: %v", tint, got)
		}
		if !strings.Contains(csp, "sha256-") || strings.Contains(csp, "unsafe") {
			t.Errorf("%q: %s", tint, csp)
		}
	}
}
