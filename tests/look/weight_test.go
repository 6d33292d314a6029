package main

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"github.com/hlpfl/platform/tests/browser"
	"github.com/hlpfl/platform/views/fan"
)

// What a page with twenty links, a picture and its fonts may weigh, in bytes, and how many requests it may take: the
// document, the portrait, up to three files of fonts, the beacon and the icon in the browser's tab.
const (
	mostDocument  = 14 << 10
	mostFirstView = 100 << 10
	mostRequests  = 7
)

// TestFirstView weighs all that a telephone loads without scrolling: of a page of many links, and of pages with
// everything changed that an artist can change, whose fonts and background come instead of the theme's.
func TestFirstView(t *testing.T) {
	ctx, _ := tab(t)
	for _, theme := range fan.ThemeNames() {
		for _, c := range [][2]string{{"forty-links", "?blocks=20"}, {"own-dark", ""}, {"own-light", ""}} {
			what, address := theme+"/"+c[0], shared.address(theme, c[0], c[1])
			document := packed(t, address)
			var got struct {
				Names    []string
				Bytes    float64
				Blocking []string
			}
			err := chromedp.Run(ctx, network.SetCacheDisabled(true), browser.Open(browser.Phone, address), chromedp.Evaluate(`(() => {
			  const all = performance.getEntriesByType('resource').filter(e => e.initiatorType !== 'beacon');
			  return {
			    names: all.map(e => e.name.split('/').pop()),
			    bytes: all.reduce((sum, e) => sum + e.transferSize, 0),
			    blocking: all.filter(e => e.renderBlockingStatus === 'blocking').map(e => e.name),
			  };
			})()`, &got))
			if err != nil {
				t.Fatal(err)
			}
			whole := document + int(got.Bytes)
			t.Logf("%-20s document %5d, first view %6d bytes, %d requests: %v", what, document, whole, len(got.Names)+1, got.Names)
			if document > mostDocument {
				t.Errorf("%s: the document is %d bytes, more than %d", what, document, mostDocument)
			}
			if whole > mostFirstView {
				t.Errorf("%s: the first view is %d bytes, more than %d: %v", what, whole, mostFirstView, got.Names)
			}
			if len(got.Names)+1 > mostRequests {
				t.Errorf("%s: %d requests: %v", what, len(got.Names)+1, got.Names)
			}
			if len(got.Blocking) > 0 {
				t.Errorf("%s waits for %v before it draws", what, got.Blocking)
			}
		}
	}
}

// packed is how many bytes the document at an address takes in gzip.
func packed(t *testing.T, address string) int {
	t.Helper()
	answer, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	if _, err := io.Copy(z, answer.Body); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Len()
}
