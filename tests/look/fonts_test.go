package main

import (
	"fmt"
	"html"
	"math"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/hlpfl/platform/static"
	"github.com/hlpfl/platform/tests/browser"
	"github.com/hlpfl/platform/views/fan"
)

// lines are what the fonts set in TestFonts: pairs that stand close, letters of the second file, running text.
var lines = []string{"Ines Okafor", "AVA TOYS LTD", "Łukasz Öst & Co", "New record out now, tickets from 12 May in Lisbon, Berlin and New York"}

// TestFonts compares the fonts that artists choose with their tables of widths, and with what stands in until they are
// there: no letter may move when they come. Capitals stand in the middle of the line. Ligatures are off, as they are wherever
// a theme spaces letters.
func TestFonts(t *testing.T) {
	ctx, complaints := tab(t)
	var page strings.Builder
	page.WriteString(`<!doctype html><link rel="icon" href="data:,"><title>Fonts</title><style>`)
	for _, font := range fan.Fonts() {
		page.WriteString(static.CSS(font.CSS, ""))
	}
	page.WriteString(`p{position:absolute;white-space:nowrap;font-size:100px;font-variant-ligatures:none}</style>`)
	for _, font := range fan.Fonts() {
		families := strings.Split(font.Stack, ",")
		fmt.Fprintf(&page, `<p data-font="%s" style="font-family:%s;font-weight:%d">H</p>`, font.ID, families[0], font.Weight)
		weights := []int{font.Weight}
		if font.Text {
			weights = append(weights, 400)
		}
		for _, weight := range weights {
			for i, line := range lines {
				for kind, stack := range map[string]string{"real": families[0], "stand": strings.Join(families[1:], ",")} {
					fmt.Fprintf(&page, `<p id="%s-%d-%d-%s" style="font-family:%s;font-weight:%d">%s</p>`, font.ID, weight, i, kind, stack, weight, html.EscapeString(line))
				}
			}
		}
	}
	shared.keep("fonts.html", []byte(page.String()))
	var got struct {
		Boxes map[string][2]float64
		Found map[string]bool // the faces that this machine has
		// Capitals are how high an H is, and how much further a line reaches up than down: as much, when it is in the middle.
		Capitals map[string][2]float64
	}
	err := chromedp.Run(ctx, chromedp.Navigate(shared.server.URL+"/shots/fonts.html"), chromedp.Evaluate(`(async () => {
	  const found = {};
	  await Promise.all(Array.from(document.fonts, f => f.load().then(() => found[f.family.replaceAll('"', '') + ' ' + f.weight] = true, () => 0)));
	  const boxes = {};
	  for (const p of document.querySelectorAll('p')) { const b = p.getBoundingClientRect(); boxes[p.id] = [b.width / 100, b.height / 100]; }
	  const capitals = {}, canvas = document.createElement('canvas').getContext('2d');
	  for (const p of document.querySelectorAll('p[data-font]')) {
	    const s = getComputedStyle(p);
	    canvas.font = s.fontWeight + ' 100px ' + s.fontFamily;
	    const m = canvas.measureText('H');
	    capitals[p.dataset.font] = [m.actualBoundingBoxAscent / 100, (m.fontBoundingBoxAscent - m.fontBoundingBoxDescent) / 100];
	  }
	  return {boxes, found, capitals};
	})()`, &got, browser.Await))
	if err != nil {
		t.Fatal(err)
	}
	stoodIn := 0
	for _, font := range fan.Fonts() {
		box := func(weight, line int, kind string) [2]float64 {
			return got.Boxes[fmt.Sprintf("%s-%d-%d-%s", font.ID, weight, line, kind)]
		}
		for i, line := range lines {
			want, ok := font.Width(line)
			if real := box(font.Weight, i, "real"); !ok || math.Abs(real[0]/want-1) > .01 {
				t.Errorf("%s: the table says that %q is %.3f em wide, the browser %.3f", font.ID, line, want, real[0])
			}
		}
		if high := got.Capitals[font.ID]; math.Abs(high[0]-font.Capital) > .02 || math.Abs(high[1]-font.Capital) > .025 {
			t.Errorf("%s: capitals are %.3f em high, the browser says %.3f, and %.3f more of the line is above than below", font.ID, font.Capital, high[0], high[1])
		}
		for _, weight := range []int{400, font.Weight} {
			if !font.Text && weight != font.Weight || !standsIn(got.Found, font, weight) {
				continue
			}
			stoodIn++
			real, stand := box(weight, len(lines)-1, "real"), box(weight, len(lines)-1, "stand")
			if wide, high := stand[0]/real[0], stand[1]/real[1]; math.Abs(wide-1) > .06 || math.Abs(high-1) > .03 {
				t.Errorf("%s at %d: what stands in is %.3f times as wide and %.3f times as high", font.ID, weight, wide, high)
			}
		}
	}
	if stoodIn < len(fan.Fonts()) {
		t.Errorf("of %d fonts, only %d faces had something to stand in: are Debian's Noto fonts here?", len(fan.Fonts()), stoodIn)
	}
	for _, complaint := range complaints() {
		t.Errorf("the browser says: %s", complaint)
	}
}

// standsIn tells whether this machine has a font that stands in for one at a weight.
func standsIn(found map[string]bool, font fan.Font, weight int) bool {
	families := strings.Split(font.Stack, ",")
	for _, family := range families[1 : len(families)-1] {
		family = strings.Trim(family, "'")
		if found[fmt.Sprintf("%s %d", family, min(weight, 700))] || found[family+" 100 900"] {
			return true
		}
	}
	return false
}
