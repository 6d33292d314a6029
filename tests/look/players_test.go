package main

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"github.com/hlpfl/platform/tests/browser"
	"github.com/hlpfl/platform/views/fan"
)

// staged shows a page of these blocks under a name of its own.
func staged(t *testing.T, name string, blocks ...fan.Block) string {
	t.Helper()
	page := shared.samples["normal"].Page
	page.Blocks = blocks
	shared.samples[name] = fan.Sample{Name: name, Title: name, Page: page}
	t.Cleanup(func() { delete(shared.samples, name) })
	return shared.address("plain", name, "")
}

// Until the tap nothing of the service is asked for; then its player is there, alone
// the one that was tapped, and the tap is told once.
func TestAPlayerComesOnATap(t *testing.T) {
	ctx, complaints := tab(t)
	var mu sync.Mutex
	var abroad []string
	chromedp.ListenTarget(ctx, func(event any) {
		if e, ok := event.(*network.EventRequestWillBeSent); ok && !strings.HasPrefix(e.Request.URL, shared.server.URL) {
			mu.Lock()
			abroad = append(abroad, e.Request.URL)
			mu.Unlock()
		}
	})
	asked := func() []string { mu.Lock(); defer mu.Unlock(); return slices.Clone(abroad) }
	address := staged(t, "plays",
		fan.Block{Kind: fan.KindVideo, Title: "Night Bus", Figure: "YouTube", Network: "youtube", Href: "/r/profile/film", Frame: "https://www.youtube-nocookie.com/embed/aaaaaaaaaaa?autoplay=1"},
		fan.Block{Kind: fan.KindEmbed, Title: "Slow Harbour", Figure: "Spotify", Network: "spotify", Href: "/r/profile/record", Frame: "https://open.spotify.com/embed/album/aaaaaaaaaaaaaaaaaaaaaa", Tall: 352})
	before := len(shared.recorded())
	if err := chromedp.Run(ctx, network.Enable(), browser.Open(browser.Phone, address)); err != nil {
		t.Fatal(err)
	}
	eventsSince(before, 1)
	if got := asked(); len(got) != 0 {
		t.Fatalf("before the tap others are asked for %v", got)
	}
	if got := complaints(); len(got) > 0 {
		t.Errorf("the browser says %q", got)
	}
	before = len(shared.recorded())
	var got struct {
		Frame, Class, Title, Beside, Focus string
		Facades, Height                    int
	}
	err := chromedp.Run(ctx, chromedp.Click(".video .facade", chromedp.ByQuery), chromedp.Evaluate(`(() => {
		const f = document.querySelector('iframe'), beside = document.querySelector('.beside');
		return {frame: f.src, title: f.title, class: f.parentElement.className, beside: beside.getAttribute('href') + ' ' + beside.textContent, focus: document.activeElement.tagName,
			facades: document.querySelectorAll('.facade').length, height: Math.round(beside.getBoundingClientRect().height)};
	})()`, &got))
	if err != nil {
		t.Fatal(err)
	}
	if got.Frame != "https://www.youtube-nocookie.com/embed/aaaaaaaaaaa?autoplay=1" || got.Class != "frame wide" || got.Title != "Night Bus" ||
		got.Beside != "/r/profile/film YouTube" || got.Focus != "IFRAME" || got.Facades != 1 {
		t.Errorf("after the tap: %+v", got)
	}
	if got.Height < 44 {
		t.Errorf("the link beside the player is %d high", got.Height)
	}
	for end := time.Now().Add(5 * time.Second); len(asked()) == 0 && time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
	}
	for _, url := range asked() {
		if !strings.HasPrefix(url, "https://www.youtube-nocookie.com/embed/aaaaaaaaaaa") {
			t.Errorf("the tap asks for %s too", url)
		}
	}
	events := eventsSince(before, 1)
	if len(events) != 1 || strings.Join(events[0].fields["k"], "") != "click" || strings.Join(events[0].fields["l"], "") != "film" || len(strings.Join(events[0].fields["id"], "")) != 32 {
		t.Errorf("the tap is told as %v", events)
	}
	if got := slices.DeleteFunc(complaints(), func(s string) bool { return strings.Contains(s, "youtube-nocookie.com") }); len(got) > 0 {
		t.Errorf("the browser says %q", got)
	}
	// Music is as high as its service makes it, a video is a picture of 16:9.
	var tall, wide float64
	err = chromedp.Run(ctx, chromedp.Click(".facade", chromedp.ByQuery), chromedp.Evaluate(`document.querySelector('.frame:not(.wide) iframe').getBoundingClientRect().height`, &tall),
		chromedp.Evaluate(`(() => { const b = document.querySelector('.frame.wide iframe').getBoundingClientRect(); return b.width / b.height })()`, &wide))
	if err != nil || tall != 352 || wide < 1.76 || wide > 1.8 {
		t.Errorf("the music is %v high, the video %v times as wide as high: %v", tall, wide, err)
	}
}

// Another tab, and a page without scripts, have a link like any other.
func TestAPlayerIsALinkBeside(t *testing.T) {
	ctx, _ := tab(t)
	address := staged(t, "plain-link", fan.Block{Kind: fan.KindVideo, Title: "Night Bus", Href: "/r/profile/film", Frame: "https://www.youtube-nocookie.com/embed/aaaaaaaaaaa"})
	var prevented bool
	var frames int
	err := chromedp.Run(ctx, browser.Open(browser.Phone, address), chromedp.Evaluate(`(() => {
		let prevented;
		addEventListener('click', e => { prevented = e.defaultPrevented; e.preventDefault(); }, {once: true});
		document.querySelector('.facade').dispatchEvent(new MouseEvent('click', {bubbles: true, cancelable: true, ctrlKey: true}));
		return prevented;
	})()`, &prevented), chromedp.Evaluate(`document.querySelectorAll('iframe').length`, &frames))
	if err != nil {
		t.Fatal(err)
	}
	if prevented || frames != 0 {
		t.Errorf("with the control key it plays here: prevented %v, %d frames", prevented, frames)
	}
	var at string
	err = chromedp.Run(ctx, browser.WithoutScripts(true), chromedp.Navigate(address), chromedp.Click(".facade", chromedp.ByQuery), chromedp.Sleep(300*time.Millisecond), chromedp.Location(&at))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasSuffix(at, "/r/profile/film") {
		t.Errorf("without scripts the tap leads to %s", at)
	}
}

// The page is loaded again when its time comes while it is open, once; one that is
// loaded after its time by the device's clock is left alone.
func TestAReleaseSwitchesBeforeTheFan(t *testing.T) {
	ctx, complaints := tab(t)
	soon := time.Now().Add(4 * time.Second).Truncate(time.Second)
	address := staged(t, "soon", fan.Block{Kind: fan.KindRelease, Title: "Slow Harbour", Out: soon})
	before := len(shared.recorded())
	var said string
	if err := chromedp.Run(ctx, browser.Open(browser.Phone, address), chromedp.Sleep(100*time.Millisecond), chromedp.Text(".countdown", &said, chromedp.ByQuery)); err != nil {
		t.Fatal(err)
	}
	if time.Now().Before(soon) && (!strings.HasPrefix(said, "Out ") || !strings.Contains(said, " · in ")) {
		t.Errorf("the countdown says %q", said)
	}
	// Each load is one view: the first, and the one at its time.
	for end := time.Now().Add(20 * time.Second); len(shared.recorded())-before < 2 && time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
	}
	if n := len(shared.recorded()) - before; n != 2 || time.Now().Before(soon) {
		t.Fatalf("%d views, %s after its time", n, time.Since(soon))
	}
	time.Sleep(1500 * time.Millisecond)
	if n := len(shared.recorded()) - before; n != 2 {
		t.Errorf("the page is loaded again and again: %d views", n)
	}
	if got := complaints(); len(got) > 0 {
		t.Errorf("the browser says %q", got)
	}
}
