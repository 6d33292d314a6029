// Package browser drives a headless Chromium for tests and for pictures of the screens. Only tests and tools import it.
package browser

import (
	"context"
	"fmt"
	"log"
	"os/exec"
	"strings"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// Options change how Start starts Chromium.
type Options struct {
	// World is a host:port with TLS that stands for every host but loopback. Without it other hosts cannot be found:
	// nothing that a test opens ever leaves this machine.
	World string
	// Hosts are played by servers of their own, by name: host:port with TLS for each.
	Hosts map[string]string
	// Whole is for what only a whole browser does: the back/forward cache is none of the pages' own.
	Whole bool
	// Fonts is the path of a fontconfig file that says which fonts there are; without it, all that this machine has.
	Fonts string
}

// Start starts a headless Chromium with a fresh folder of its own, which asks nobody for anything. Its context is the
// parent of every tab; stop ends it.
func Start(ctx context.Context, o Options) (session context.Context, stop func(), err error) {
	rules := "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"
	if o.World != "" {
		rules = fmt.Sprintf("MAP * %s, EXCLUDE 127.0.0.1, EXCLUDE localhost", o.World)
	}
	for host, address := range o.Hosts {
		rules = fmt.Sprintf("MAP %s %s, ", host, address) + rules // the first rule that fits counts
	}
	environment := []string{}
	if o.Fonts != "" {
		environment = append(environment, "FONTCONFIG_FILE="+o.Fonts)
	}
	executable := shell
	if o.Whole {
		executable = func(*chromedp.ExecAllocator) {} // chromedp looks for a Chromium
	}
	allocator, stopAllocator := chromedp.NewExecAllocator(ctx, executable, chromedp.Env(environment...),
		chromedp.Headless, chromedp.NoSandbox, chromedp.NoFirstRun, chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true),
		chromedp.Flag("hide-scrollbars", true),
		chromedp.Flag("font-render-hinting", "none"),
		// Tabs of other tests are not "in the background": their timers run as in front.
		chromedp.Flag("disable-background-timer-throttling", true),
		chromedp.Flag("disable-backgrounding-occluded-windows", true),
		chromedp.Flag("disable-renderer-backgrounding", true),
		chromedp.Flag("host-resolver-rules", rules),
		// The world of a test signs its own certificate.
		chromedp.Flag("ignore-certificate-errors", o.World != ""),
	)
	session, stopBrowser := chromedp.NewContext(allocator, chromedp.WithErrorf(quiet))
	stop = func() { stopBrowser(); stopAllocator() }
	if err := chromedp.Run(session); err != nil {
		stop()
		return nil, nil, fmt.Errorf("chromium does not start: %w", err)
	}
	return session, stop, nil
}

// shell chooses Debian's Chromium without a browser's window around the pages: it does the same with half the work. Where
// it is not installed, chromedp looks for another Chromium.
func shell(a *chromedp.ExecAllocator) {
	if path, err := exec.LookPath("chromium-headless-shell"); err == nil {
		chromedp.ExecPath(path)(a)
	}
}

// Screen is what a page is looked at on, in CSS pixels.
type Screen struct {
	Width, Height int64
	Density       float64
	Dark          bool
}

// The screens that every page is looked at on.
var (
	Phone = Screen{Width: 390, Height: 844, Density: 2}
	Desk  = Screen{Width: 1280, Height: 850, Density: 1.5}
)

// Night is the same screen with dark colours asked for.
func (s Screen) Night() Screen { s.Dark = true; return s }

// Resize turns the screen into another without loading the page again.
func Resize(on Screen) chromedp.Action {
	return emulation.SetDeviceMetricsOverride(on.Width, on.Height, on.Density, on.Width < 600)
}

// Colours asks the page for light or dark colours, and for no motion.
func Colours(on Screen) chromedp.Action {
	scheme := "light"
	if on.Dark {
		scheme = "dark"
	}
	return emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: scheme},
		{Name: "prefers-reduced-motion", Value: "reduce"},
	})
}

// Open goes to an address and waits until its fonts and pictures stand still.
func Open(on Screen, address string) chromedp.Action {
	return chromedp.Tasks{Resize(on), Colours(on), chromedp.Navigate(address), Settle()}
}

// Settle waits until fonts and pictures stand still.
func Settle() chromedp.Action {
	return chromedp.Tasks{
		chromedp.Evaluate(`Promise.all([document.fonts.ready, ...Array.from(document.images, i => i.loading === 'lazy' || i.decode().catch(() => {}))]).then(() => true)`,
			nil, Await),
		chromedp.Sleep(50 * time.Millisecond),
	}
}

// Photograph takes a picture of the page as PNG, whole or of the screen alone.
func Photograph(on Screen, whole bool, into *[]byte) chromedp.Action {
	return chromedp.ActionFunc(func(ctx context.Context) error {
		capture := page.CaptureScreenshot().WithFormat(page.CaptureScreenshotFormatPng)
		if whole {
			var height float64
			if err := chromedp.Evaluate(`Math.ceil(document.documentElement.getBoundingClientRect().height)`, &height).Do(ctx); err != nil {
				return err
			}
			capture = capture.WithCaptureBeyondViewport(true).
				WithClip(&page.Viewport{Width: float64(on.Width), Height: max(height, 400), Scale: 1})
		}
		var err error
		*into, err = capture.Do(ctx)
		return err
	})
}

// WithoutScripts switches scripts off, or on again, for the pages that the tab opens from then on.
func WithoutScripts(off bool) chromedp.Action { return emulation.SetScriptExecutionDisabled(off) }

// Await lets an evaluation wait for the promise that it ends with.
func Await(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }

// quiet drops what chromedp says of events that it has no name for: newer Chromiums know more.
func quiet(format string, args ...any) {
	if said := fmt.Sprintf(format, args...); !strings.HasPrefix(said, "unhandled ") && !strings.HasPrefix(said, "could not unmarshal event") {
		log.Print(said)
	}
}
