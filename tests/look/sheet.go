package main

import (
	"bytes"
	"context"
	"fmt"
	"html"
	"image/png"
	"strconv"
	"strings"

	"github.com/chromedp/chromedp"

	"github.com/hlpfl/platform/tests/browser"
	"github.com/hlpfl/platform/views/fan"
)

// view is one picture on a sheet.
type view struct {
	title, sample string
	on            browser.Screen
	whole         bool
}

func views() []view {
	night := func(s browser.Screen) browser.Screen { s.Dark = true; return s }
	all := []view{
		{"Normal, 1280 px", "normal", browser.Desk, false},
		{"Normal, 1280 px, dark", "normal", night(browser.Desk), false},
		{"No picture, 1280 px", "no-picture", browser.Desk, false},
		{"One link, 1280 px", "one-link", browser.Desk, false},
		{"60 characters, 1280 px", "long-name", browser.Desk, false},
		{"Japanese, 1280 px", "japanese", browser.Desk, false},
		{"Arabic, 1280 px, dark", "arabic", night(browser.Desk), false},
		{"Nothing but a name, 1280 px", "bare", browser.Desk, false},
	}
	for _, sample := range fan.Samples(supply()) {
		all = append(all, view{sample.Title + ", 390 px", sample.Name, browser.Phone, true})
		switch sample.Name {
		case "normal", "arabic", "mixed":
			all = append(all, view{sample.Title + ", 390 px, dark", sample.Name, night(browser.Phone), true})
		}
	}
	return all
}

// drawSheet photographs a theme in all views and puts them on one picture, as WebP.
func drawSheet(ctx context.Context, stage *stage, theme string) ([]byte, error) {
	var figures strings.Builder
	for i, v := range views() {
		shots, err := photographs(ctx, v, stage.address(theme, v.sample, ""), theme == "gatefold")
		if err != nil {
			return nil, fmt.Errorf("%s: %w", v.title, err)
		}
		class := "phone"
		if v.on.Width > 600 {
			class = "desk"
		}
		fmt.Fprintf(&figures, `<figure class=%s><figcaption>%s</figcaption>`, class, html.EscapeString(v.title))
		for j, shot := range shots {
			name := fmt.Sprintf("%s-%d-%d.png", theme, i, j)
			stage.keep(name, shot)
			// A long page stands beside itself, column by column.
			for column := range columns(shot) {
				fmt.Fprintf(&figures, `<div><img src="/shots/%s" style="margin-top:-%dpx"></div>`, name, column*columnHeight)
			}
		}
		figures.WriteString(`</figure>`)
	}
	document := `<!doctype html><style>
body{margin:24px;width:2360px;background:#d6d3cb;color:#333;font:16px/1.5 sans-serif;display:flex;flex-wrap:wrap;gap:24px;align-items:flex-start}
figure{margin:0;display:flex;flex-wrap:wrap;gap:12px;max-width:2360px}figcaption{flex-basis:100%}img{display:block;width:100%}
.desk{width:572px}.phone div{width:312px;max-height:` + strconv.Itoa(columnHeight) + `px;overflow:hidden}
</style>` + figures.String()
	stage.keep(theme+".html", []byte(document))
	return photographSheet(ctx, stage.server.URL+"/shots/"+theme+".html")
}

// columnHeight is how much of a page stands in one column of a sheet, in its pixels; a column is 312 of them wide.
const columnHeight = 1700

// columns is how many columns a photograph of a page takes; more than eight say nothing new.
func columns(shot []byte) int {
	size, err := png.DecodeConfig(bytes.NewReader(shot))
	if err != nil || size.Width == 0 {
		return 1
	}
	return min((size.Height*312/size.Width+columnHeight-1)/columnHeight, 8)
}

// most is how many screens of one page stand on a sheet.
const most = 9

// photographs takes a page in one piece, or screen by screen where it is drawn for the screen: a picture that stays while
// the page moves over it has no other look.
func photographs(ctx context.Context, v view, address string, screens bool) (shots [][]byte, err error) {
	if err := chromedp.Run(ctx, browser.Open(v.on, address)); err != nil {
		return nil, err
	}
	// Nobody scrolls here, so pictures further down would not be asked for.
	err = chromedp.Run(ctx, chromedp.Evaluate(`for (const i of document.images) i.loading = 'eager'; true`, nil), browser.Settle())
	if err != nil {
		return nil, err
	}
	if !v.whole || !screens {
		shots = make([][]byte, 1)
		return shots, chromedp.Run(ctx, browser.Photograph(v.on, v.whole, &shots[0]))
	}
	var height float64
	if err := chromedp.Run(ctx, chromedp.Evaluate(`document.documentElement.scrollHeight`, &height)); err != nil {
		return nil, err
	}
	for y := float64(0); y < height && len(shots) < most; y += float64(v.on.Height) {
		var shot []byte
		err := chromedp.Run(ctx, chromedp.Evaluate(fmt.Sprintf(`scrollTo(0, %f)`, y), nil), browser.Settle(), browser.Photograph(v.on, false, &shot))
		if err != nil {
			return nil, err
		}
		shots = append(shots, shot)
	}
	return shots, nil
}
