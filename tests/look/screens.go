package main

import (
	"context"
	"fmt"
	"html"
	"net/http"
	"strings"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"github.com/hlpfl/platform/handlers/dev"
	"github.com/hlpfl/platform/tests/browser"
)

// deskPolicy is what the desk's pages are served under.
const deskPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'"

// screens serves the desk's samples at /screen/{room}/{sample}; the page in the drawn phone is a theme's own sample.
func (s *stage) screens(mux *http.ServeMux) {
	for _, room := range dev.Rooms() {
		for _, sample := range room.Samples {
			if !sample.Page {
				continue
			}
			mux.HandleFunc("GET /screen/"+room.Name+"/"+sample.Name, func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Content-Type", "text/html; charset=utf-8")
				w.Header().Set("Content-Security-Policy", deskPolicy)
				_ = sample.Component.Render(r.Context(), w)
			})
		}
	}
	mux.HandleFunc("GET /dashboard/profiles/{id}/preview", func(w http.ResponseWriter, r *http.Request) {
		r.SetPathValue("theme", "jacket")
		r.SetPathValue("sample", "normal")
		r.Form = map[string][]string{"preview": {"1"}}
		s.page(w, r)
	})
}

// perSheet is how many screens stand on one sheet, each in four pictures.
const perSheet = 6

// drawScreens photographs every screen of a room on both sizes, light and dark, and gives sheets of them by name.
func drawScreens(ctx context.Context, stage *stage, room dev.Room) (sheets [][]byte, err error) {
	var figures []string
	for _, sample := range room.Samples {
		if !sample.Page || strings.HasSuffix(sample.Name, "-1000") {
			continue
		}
		var row strings.Builder
		for i, on := range []browser.Screen{browser.Desk, browser.Desk.Night(), browser.Phone, browser.Phone.Night()} {
			on.Density = 1
			shot, err := wholeScreen(ctx, on, stage.server.URL+"/screen/"+room.Name+"/"+sample.Name)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", sample.Name, err)
			}
			name := fmt.Sprintf("%s-%s-%d.png", room.Name, sample.Name, i)
			stage.keep(name, shot)
			class := "desk"
			if on.Width < 600 {
				class = "phone"
			}
			fmt.Fprintf(&row, `<div class=%s><img src="/shots/%s"></div>`, class, name)
		}
		figures = append(figures, "<figure><figcaption>"+html.EscapeString(sample.Name)+"</figcaption>"+row.String()+"</figure>")
	}
	for len(figures) > 0 {
		n := min(perSheet, len(figures))
		stage.keep("screens.html", []byte(`<!doctype html><style>
body{margin:24px;width:2360px;background:#d6d3cb;color:#333;font:16px/1.5 sans-serif}
figure{margin:0 0 24px;display:flex;flex-wrap:wrap;gap:16px;align-items:flex-start}figcaption{flex-basis:100%}img{display:block;width:100%}
.desk{width:800px;max-height:1600px;overflow:hidden}.phone{width:340px;max-height:1600px;overflow:hidden}
</style>`+strings.Join(figures[:n], "")))
		figures = figures[n:]
		sheet, err := photographSheet(ctx, stage.server.URL+"/shots/screens.html")
		if err != nil {
			return nil, err
		}
		sheets = append(sheets, sheet)
	}
	return sheets, nil
}

// wholeScreen photographs a page on a phone as long as the page, so that its foot stands at its foot.
func wholeScreen(ctx context.Context, on browser.Screen, address string) (shot []byte, err error) {
	var height float64
	if err := chromedp.Run(ctx, browser.Open(on, address), chromedp.Evaluate(`document.documentElement.scrollHeight`, &height)); err != nil {
		return nil, err
	}
	if on.Width < 600 {
		on.Height = max(on.Height, int64(height))
	}
	err = chromedp.Run(ctx, browser.Resize(on), browser.Settle(), browser.Photograph(on, true, &shot))
	return shot, err
}

// photographSheet makes a WebP of a sheet's page.
func photographSheet(ctx context.Context, address string) (sheet []byte, err error) {
	err = chromedp.Run(ctx,
		emulation.SetDeviceMetricsOverride(2408, 1200, 1, false),
		chromedp.Navigate(address),
		chromedp.Evaluate(`Promise.all(Array.from(document.images, i => i.decode())).then(() => true)`, nil, browser.Await),
		chromedp.ActionFunc(func(ctx context.Context) error {
			var height float64
			if err := chromedp.Evaluate(`document.documentElement.scrollHeight`, &height).Do(ctx); err != nil {
				return err
			}
			var err error
			sheet, err = page.CaptureScreenshot().WithFormat(page.CaptureScreenshotFormatWebp).WithQuality(88).
				WithCaptureBeyondViewport(true).
				WithClip(&page.Viewport{Width: 2408, Height: min(height, 16000), Scale: 1}).Do(ctx)
			return err
		}))
	return sheet, err
}
