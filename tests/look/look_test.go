package main

import (
	"context"
	"fmt"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	cdplog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"github.com/hlpfl/platform/tests/browser"
	"github.com/hlpfl/platform/views/fan"
)

var (
	shared  *stage
	session context.Context
)

func TestMain(m *testing.M) {
	code := func() int {
		var err error
		if shared, err = newStage(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		defer shared.close()
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
		defer cancel()
		started, stop, err := browser.Start(ctx, browser.Options{})
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		defer stop()
		session = started
		return m.Run()
	}()
	os.Exit(code)
}

// tab opens an own tab and collects what the browser complains about: refused styles, missing files, script errors.
func tab(t *testing.T) (context.Context, func() []string) {
	t.Helper()
	return tabOf(session, t)
}

// tabOf is tab in another browser than the one that is shared.
func tabOf(session context.Context, t *testing.T) (context.Context, func() []string) {
	t.Helper()
	ctx, cancel := chromedp.NewContext(session)
	t.Cleanup(cancel)
	ctx, timeout := context.WithTimeout(ctx, 3*time.Minute)
	t.Cleanup(timeout)
	var mu sync.Mutex
	var complaints []string
	chromedp.ListenTarget(ctx, func(event any) {
		mu.Lock()
		defer mu.Unlock()
		switch e := event.(type) {
		case *cdplog.EventEntryAdded:
			complaints = append(complaints, e.Entry.Text+" "+e.Entry.URL)
		case *runtime.EventExceptionThrown:
			complaints = append(complaints, e.ExceptionDetails.Error())
		}
	})
	if err := chromedp.Run(ctx, cdplog.Enable()); err != nil {
		t.Fatal(err)
	}
	return ctx, func() []string {
		mu.Lock()
		defer mu.Unlock()
		return append([]string(nil), complaints...)
	}
}

// layout asks a page for what must hold everywhere: nothing wider than the screen, every target large enough to tap,
// no text under another block.
const layout = `(() => {
  const faults = [];
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth > width) faults.push('the page is ' + document.documentElement.scrollWidth + ' wide');
  const shown = e => { const s = getComputedStyle(e); return s.visibility !== 'hidden' && s.clipPath === 'none'; };
  for (const e of document.querySelectorAll('.name, .word, .bio, .title, .figure, .label, .text p, .text li, .mark a, .note, .city, .venue, .month, .price, .countdown, .onsale, summary, .answer p')) {
    if (!shown(e)) continue;
    const b = e.getBoundingClientRect();
    // A name may stand out by the empty side of its first letter.
    const slack = e.matches('.name, .word') ? parseFloat(getComputedStyle(e).fontSize) * .05 : 0;
    if (b.width && (b.right > width + 1.5 || b.left < -1.5 - slack)) faults.push(e.className + ' "' + e.textContent.slice(0, 20) + '" spans ' + b.left.toFixed(1) + ' to ' + b.right.toFixed(1));
    const r = document.createRange(); r.selectNodeContents(e);
    const c = r.getBoundingClientRect();
    if (e.matches('.title, .figure, .text p, .text li, .bio, .note, .city, .venue, .price, .onsale, summary, .answer p') && c.width > b.width + 2) faults.push(e.className + ' "' + e.textContent.slice(0, 20) + '" runs out of its box');
  }
  for (const a of document.querySelectorAll('a, summary, button, iframe')) {
    const b = a.getBoundingClientRect();
    if (b.width < 44 || b.height < 44) faults.push('target "' + a.textContent.trim().slice(0, 20) + '" is ' + b.width.toFixed(1) + ' × ' + b.height.toFixed(1));
  }
  return faults;
})()`

func TestLayout(t *testing.T) {
	t.Parallel() // not beside those that change what the stage serves
	for _, theme := range fan.ThemeNames() {
		t.Run(theme, func(t *testing.T) {
			t.Parallel()
			ctx, complaints := tab(t)
			for _, sample := range fan.Samples(supply()) {
				if err := chromedp.Run(ctx, browser.Open(browser.Phone, shared.address(theme, sample.Name, ""))); err != nil {
					t.Fatalf("%s: %v", sample.Name, err)
				}
				for _, width := range []int64{320, 390, 768, 1280} {
					var faults []string
					if err := chromedp.Run(ctx, browser.Resize(browser.Screen{Width: width, Height: 800, Density: 1}), chromedp.Evaluate(layout, &faults)); err != nil {
						t.Fatalf("%s at %d: %v", sample.Name, width, err)
					}
					for _, fault := range faults {
						t.Errorf("%s at %d: %s", sample.Name, width, fault)
					}
				}
			}
			for _, complaint := range complaints() {
				t.Errorf("the browser says: %s", complaint)
			}
		})
	}
}

// TestFocusIsSeen goes to the first link by the keyboard.
func TestFocusIsSeen(t *testing.T) {
	ctx, _ := tab(t)
	for _, theme := range fan.ThemeNames() {
		var got struct {
			Tag, Style string
			Width      float64
		}
		err := chromedp.Run(ctx, browser.Open(browser.Phone, shared.address(theme, "normal", "")), chromedp.KeyEvent("\t"),
			chromedp.Evaluate(`(() => { const e = document.activeElement, s = getComputedStyle(e);
			  return {tag: e.tagName, style: s.outlineStyle, width: parseFloat(s.outlineWidth)}; })()`, &got))
		if err != nil {
			t.Fatal(err)
		}
		if got.Tag != "A" || got.Style != "solid" || got.Width < 2 {
			t.Errorf("%s: focus is shown as %+v", theme, got)
		}
	}
}

// TestNameWidths compares the table of widths with what the browser sets: the widest word must fill the sleeve and may
// not run over it.
func TestNameWidths(t *testing.T) {
	ctx, _ := tab(t)
	const script = `(() => {
	  const name = document.querySelector('.name'), size = parseFloat(getComputedStyle(name).fontSize);
	  const fit = parseFloat(getComputedStyle(document.documentElement).getPropertyValue('--fit'));
	  const set = w => { const r = document.createRange(); r.selectNodeContents(w); return r.getBoundingClientRect().width; };
	  const widest = Math.max(...Array.from(document.querySelectorAll('.word'), set));
	  return {fit, widest: widest / size, share: widest / document.querySelector('.who').clientWidth};
	})()`
	for theme, least := range map[string]float64{"jacket": .97, "riso": .93, "stadium": .96} {
		for _, sample := range []string{"normal", "long-name"} {
			var got struct{ Fit, Widest, Share float64 }
			if err := chromedp.Run(ctx, browser.Open(browser.Phone, shared.address(theme, sample, "")), chromedp.Evaluate(script, &got)); err != nil {
				t.Fatal(err)
			}
			if got.Fit == 0 || got.Widest/got.Fit < .98 || got.Widest/got.Fit > 1.01 {
				t.Errorf("%s, %s: the table says %.3f em, the browser %.3f", theme, sample, got.Fit, got.Widest)
			}
			if got.Share < least || got.Share > 1.001 {
				t.Errorf("%s, %s: the widest word takes %.3f of the sleeve", theme, sample, got.Share)
			}
		}
	}
}

// eventsSince waits until there are as many new events as asked for, and a moment more for those too many.
func eventsSince(before, want int) []event {
	deadline := time.Now().Add(5 * time.Second)
	for len(shared.recorded())-before < want && time.Now().Before(deadline) {
		time.Sleep(10 * time.Millisecond)
	}
	time.Sleep(300 * time.Millisecond)
	return shared.recorded()[before:]
}

func TestBeaconCountsOneViewALoad(t *testing.T) {
	whole, stop, err := browser.Start(t.Context(), browser.Options{Whole: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	ctx, complaints := tabOf(whole, t)
	before := len(shared.recorded())
	address := shared.address("plain", "normal", "?utm_source=poster&secret=1&utm_medium=qr#top")
	if err := chromedp.Run(ctx, chromedp.Navigate(address)); err != nil {
		t.Fatal(err)
	}
	events := eventsSince(before, 1)
	if len(events) != 1 {
		t.Fatalf("%d events for one load: %v", len(events), events)
	}
	first := events[0]
	if first.method != "POST" || !strings.HasPrefix(first.path, "/v/") || strings.HasSuffix(first.path, ".gif") {
		t.Errorf("the view is told by %s %s", first.method, first.path)
	}
	field := func(e event, name string) string { return strings.Join(e.fields[name], ",") }
	if field(first, "k") != "view" || len(field(first, "id")) != 32 || field(first, "q") != "utm_source=poster&utm_medium=qr" || field(first, "l") != "" {
		t.Errorf("fields %v", first.fields)
	}

	// Away and back: out of the back/forward cache it is the same load, else a new one with a new id.
	before = len(shared.recorded())
	shared.keep("elsewhere.html", []byte(`<!doctype html><link rel="icon" href="data:,"><title>Elsewhere</title>`))
	var restored atomic.Bool
	chromedp.ListenTarget(ctx, func(event any) {
		if e, ok := event.(*page.EventFrameNavigated); ok && e.Type == page.NavigationTypeBackForwardCacheRestore {
			restored.Store(true)
		}
	})
	err = chromedp.Run(ctx,
		chromedp.Navigate(shared.server.URL+"/shots/elsewhere.html"),
		chromedp.Evaluate(`history.back()`, nil),
		chromedp.Sleep(500*time.Millisecond))
	if err != nil {
		t.Fatal(err)
	}
	want := 1
	if restored.Load() {
		want = 0
	}
	if events := eventsSince(before, want); len(events) != want {
		t.Errorf("%d events after coming back, restored %v", len(events), restored.Load())
	}
	if !restored.Load() {
		t.Error("the page does not go into the back/forward cache")
	}

	before = len(shared.recorded())
	if err := chromedp.Run(ctx, chromedp.Reload()); err != nil {
		t.Fatal(err)
	}
	again := eventsSince(before, 1)
	if len(again) != 1 || field(again[0], "id") == field(first, "id") {
		t.Errorf("a reload is one new view: %v", again)
	}
	if got := complaints(); len(got) > 0 {
		t.Errorf("the browser says %q", got)
	}
}

func TestBeaconCountsTapsThatNoServerSees(t *testing.T) {
	ctx, _ := tab(t)
	before := len(shared.recorded())
	var cookies, stored string
	err := chromedp.Run(ctx,
		browser.Open(browser.Phone, shared.address("plain", "normal", "")),
		// The tap is enough; a mail program is not to open.
		chromedp.Evaluate(`addEventListener('click', e => e.preventDefault())`, nil),
		chromedp.Evaluate(`document.querySelector('a[data-link] .title').click(); document.querySelector('a:not([data-link])').click()`, nil),
		chromedp.Evaluate(`document.cookie`, &cookies),
		chromedp.Evaluate(`String(localStorage.length + sessionStorage.length)`, &stored))
	if err != nil {
		t.Fatal(err)
	}
	events := eventsSince(before, 2)
	if len(events) != 2 {
		t.Fatalf("%d events for a view and a tap: %v", len(events), events)
	}
	tap := events[1].fields
	if strings.Join(tap["k"], "") != "click" || strings.Join(tap["l"], "") != "press" || strings.Join(tap["id"], "") == strings.Join(events[0].fields["id"], "") {
		t.Errorf("the tap is told as %v", tap)
	}
	if cookies != "" || stored != "0" {
		t.Errorf("something is kept on the device: cookies %q, %s entries", cookies, stored)
	}
}

func TestPixelWithoutScripts(t *testing.T) {
	ctx, _ := tab(t)
	before := len(shared.recorded())
	if err := chromedp.Run(ctx, browser.WithoutScripts(true), chromedp.Navigate(shared.address("tape", "normal", "")), chromedp.Sleep(100*time.Millisecond)); err != nil {
		t.Fatal(err)
	}
	events := eventsSince(before, 1)
	if len(events) != 1 || events[0].method != "GET" || !strings.HasSuffix(events[0].path, ".gif") {
		t.Errorf("without scripts: %v", events)
	}
}

func TestPreviewCountsNothing(t *testing.T) {
	ctx, complaints := tab(t)
	before := len(shared.recorded())
	if err := chromedp.Run(ctx, browser.Open(browser.Phone, shared.address("jacket", "normal", "?preview=1"))); err != nil {
		t.Fatal(err)
	}
	if events := eventsSince(before, 0); len(events) != 0 {
		t.Errorf("a preview told %v", events)
	}
	if got := complaints(); len(got) > 0 {
		t.Errorf("the browser says %q", got)
	}
}
