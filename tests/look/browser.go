package main

import (
	"context"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// newBrowser starts a headless Chromium that asks nobody for anything; stop ends it.
func newBrowser(ctx context.Context) (browser context.Context, stop func()) {
	options := append([]chromedp.ExecAllocatorOption{},
		chromedp.Headless, chromedp.NoSandbox, chromedp.NoFirstRun, chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true),
		chromedp.Flag("hide-scrollbars", true),
		chromedp.Flag("font-render-hinting", "none"),
	)
	allocator, stopAllocator := chromedp.NewExecAllocator(ctx, options...)
	browser, stopBrowser := chromedp.NewContext(allocator)
	return browser, func() { stopBrowser(); stopAllocator() }
}

// screen is what a page is looked at on.
type screen struct {
	width, height int64
	density       float64
	dark          bool
}

var (
	phone = screen{width: 390, height: 844, density: 2}
	desk  = screen{width: 1280, height: 850, density: 1.5}
)

// resize turns the screen into another without loading the page again.
func resize(on screen) chromedp.Action {
	return emulation.SetDeviceMetricsOverride(on.width, on.height, on.density, on.width < 600)
}

// open goes to an address and waits until its fonts and pictures stand still.
func open(on screen, address string) chromedp.Action {
	scheme := "light"
	if on.dark {
		scheme = "dark"
	}
	return chromedp.Tasks{
		resize(on),
		emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{
			{Name: "prefers-color-scheme", Value: scheme},
			{Name: "prefers-reduced-motion", Value: "reduce"},
		}),
		chromedp.Navigate(address),
		chromedp.Evaluate(`Promise.all([document.fonts.ready, ...Array.from(document.images, i => i.decode().catch(() => {}))]).then(() => true)`,
			nil, awaitPromise),
		chromedp.Sleep(50 * time.Millisecond),
	}
}

// photograph takes a picture of the page, whole or of the screen alone.
func photograph(on screen, whole bool, into *[]byte) chromedp.Action {
	return chromedp.ActionFunc(func(ctx context.Context) error {
		capture := page.CaptureScreenshot().WithFormat(page.CaptureScreenshotFormatPng)
		if whole {
			var height float64
			if err := chromedp.Evaluate(`Math.ceil(document.documentElement.getBoundingClientRect().height)`, &height).Do(ctx); err != nil {
				return err
			}
			capture = capture.WithCaptureBeyondViewport(true).
				WithClip(&page.Viewport{Width: float64(on.width), Height: max(height, 400), Scale: 1})
		}
		var err error
		*into, err = capture.Do(ctx)
		return err
	})
}

// withoutScripts switches scripts off, or on again, for the pages that the tab opens from then on.
func withoutScripts(off bool) chromedp.Action { return emulation.SetScriptExecutionDisabled(off) }
