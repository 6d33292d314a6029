package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"github.com/hlpfl/platform/tests/browser"
	"github.com/hlpfl/platform/views/fan"
)

// mostShift is how much of a page may move while it loads, as browsers count it; they call .1 good.
const mostShift = .02

// devices are what stands in for the fonts of a page until they are there: Liberation Sans has the widths of Arial, which
// telephones and computers have, and Noto Sans is on many that run Linux.
var devices = []struct {
	name string
	// without are the families that such a device lacks, face what then stands in for letters without serifs.
	without []string
	face    string
}{
	{"Arial", []string{"Noto Sans"}, "Stand-in"},
	{"Noto", []string{"Arial", "Roboto", "Liberation Sans", "Helvetica", "Nimbus Sans"}, "Stand-in Noto"},
}

// fontconfig writes a configuration of fonts that leaves out some families, and gives its path.
func fontconfig(t *testing.T, without []string) string {
	t.Helper()
	rules := ""
	for _, family := range without {
		rules += "<rejectfont><pattern><patelt name=\"family\"><string>" + family + "</string></patelt></pattern></rejectfont>\n"
	}
	path := filepath.Join(t.TempDir(), "fonts.conf")
	err := os.WriteFile(path, []byte("<?xml version=\"1.0\"?>\n<!DOCTYPE fontconfig SYSTEM \"fonts.dtd\">\n<fontconfig>\n"+
		"<include ignore_missing=\"yes\">/etc/fonts/fonts.conf</include>\n<selectfont>\n"+rules+"</selectfont>\n</fontconfig>\n"), 0o600)
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// painted tells the stage that a page is on the screen.
const painted = `new PerformanceObserver(() => setTimeout(() => fetch('/painted', {method: 'POST'}), 50)).observe({type: 'paint', buffered: true})`

// shifted loads a page afresh and tells how much of it moved.
func shifted(ctx context.Context, on browser.Screen, address string) (shift float64, err error) {
	err = chromedp.Run(ctx, browser.Open(on, address), chromedp.Evaluate(`new Promise(done => {
	  let sum = 0;
	  new PerformanceObserver(list => { for (const e of list.getEntries()) sum += e.value; }).observe({type: 'layout-shift', buffered: true});
	  setTimeout(() => done(sum), 100);
	})`, &shift, browser.Await))
	return shift, err
}

// standing are the families among those that stand in that a device has.
const standing = `Promise.all(Array.from(document.fonts, f => f.family.includes('Stand-in') && f.load().then(() => f.family.replaceAll('"', ''), () => '')))
  .then(all => all.filter(Boolean))`

// TestNothingMovesWhileLoading looks for content that moved while fonts came in, later than anything else: the face that
// stands in for them must take the same room, whatever it is, in a theme's own look and in an artist's.
func TestNothingMovesWhileLoading(t *testing.T) {
	var all sync.WaitGroup
	for _, device := range devices {
		session, stop, err := browser.Start(t.Context(), browser.Options{Fonts: fontconfig(t, device.without)})
		if err != nil {
			t.Fatal(err)
		}
		defer stop()
		for _, on := range []browser.Screen{browser.Phone, browser.Desk} {
			all.Go(func() {
				if err := nothingMoves(session, t, on, device.name, device.face); err != nil {
					t.Errorf("at %d with %s: %v", on.Width, device.name, err)
				}
			})
		}
	}
	all.Wait()
}

// nothingMoves looks at all pages on one screen of a device, in a tab and on a stage of its own.
func nothingMoves(session context.Context, t *testing.T, on browser.Screen, device, face string) error {
	stage, err := newStage()
	if err != nil {
		return err
	}
	defer stage.close()
	stage.late.Store(true)
	ctx, cancel := chromedp.NewContext(session)
	defer cancel()
	ctx, timeout := context.WithTimeout(ctx, 2*time.Minute)
	defer timeout()
	err = chromedp.Run(ctx, network.SetCacheDisabled(true), chromedp.ActionFunc(func(ctx context.Context) error {
		_, err := page.AddScriptToEvaluateOnNewDocument(painted).Do(ctx)
		return err
	}))
	if err != nil {
		return err
	}
	for _, theme := range fan.ThemeNames() {
		for _, sample := range []string{"normal", "own-dark", "own-light"} {
			shift, err := shifted(ctx, on, stage.address(theme, sample, ""))
			if err != nil {
				return fmt.Errorf("%s/%s: %w", theme, sample, err)
			}
			t.Logf("%s/%s at %d with %s: layout shift %.4f", theme, sample, on.Width, device, shift)
			if shift > mostShift {
				t.Errorf("%s/%s at %d with %s: layout shift %.3f", theme, sample, on.Width, device, shift)
			}
		}
	}
	var found []string
	err = chromedp.Run(ctx, browser.Open(on, stage.address("jacket", "normal", "")), chromedp.Evaluate(standing, &found, browser.Await))
	if err == nil && !slices.Equal(slices.Compact(found), []string{face}) {
		err = fmt.Errorf("what stands in is %q: has scripts/need installed the fonts of tests?", found)
	}
	return err
}
