package main

import (
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/hlpfl/platform/tests/browser"
	"github.com/hlpfl/platform/views/fan"
)

// ink finds words of big type that are printed over one another: it measures how far the letters of each word really
// reach, above and below the line they stand on.
const ink = `(() => {
  const canvas = document.createElement('canvas').getContext('2d'), words = [];
  for (const e of document.querySelectorAll('.name, .bio, .title, .city, .day, .month, summary, .price, .countdown')) {
    const s = getComputedStyle(e);
    if (s.visibility === 'hidden' || s.clipPath !== 'none' || !e.getClientRects().length) continue;
    const walker = document.createTreeWalker(e, NodeFilter.SHOW_TEXT);
    for (let node; node = walker.nextNode();) for (const found of node.data.matchAll(/[^\s-]+/g)) {
      const own = getComputedStyle(node.parentElement);
      canvas.font = own.fontWeight + ' ' + own.fontSize + ' ' + own.fontFamily;
      const m = canvas.measureText(own.textTransform === 'uppercase' ? found[0].toUpperCase() : found[0]);
      const range = document.createRange();
      range.setStart(node, found.index); range.setEnd(node, found.index + found[0].length);
      const boxes = range.getClientRects();
      if (boxes.length !== 1) continue;
      const b = boxes[0], baseline = b.top + m.fontBoundingBoxAscent;
      words.push({text: found[0], left: b.left, right: b.right, top: baseline - m.actualBoundingBoxAscent, bottom: baseline + m.actualBoundingBoxDescent, size: parseFloat(own.fontSize)});
    }
  }
  const faults = [];
  for (const [i, a] of words.entries()) for (const b of words.slice(i + 1)) {
    const over = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top), along = Math.min(a.right, b.right) - Math.max(a.left, b.left);
    const em = Math.min(a.size, b.size);
    if (along > .1 * em && over > .12 * em) faults.push('"' + a.text + '" and "' + b.text + '" lie ' + (over / em).toFixed(2) + ' em over one another');
  }
  return faults;
})()`

// TestLinesStandApart sets names, titles and dates in fonts of high capitals, of long tails and of wide letters: nothing
// runs out of its place, and no line is printed over another by more than the themes let their own fonts touch.
func TestLinesStandApart(t *testing.T) {
	t.Parallel()
	ctx, _ := tab(t)
	for _, theme := range fan.ThemeNames() {
		for _, font := range []string{"anton", "besley", "syne"} {
			for _, sample := range []string{"long-name", "everything"} {
				var over, out []string
				err := chromedp.Run(ctx, browser.Open(browser.Phone, shared.address(theme, sample, "?font="+font)),
					chromedp.Evaluate(ink, &over), chromedp.Evaluate(layout, &out))
				if err != nil {
					t.Fatal(err)
				}
				for _, fault := range append(over, out...) {
					t.Errorf("%s/%s in %s: %s", theme, sample, font, fault)
				}
			}
		}
	}
}
