package e2e

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	cdpbrowser "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"github.com/hlpfl/platform/tests/browser"
	"github.com/hlpfl/platform/tests/program"
)

// ahead lets the clock of a tab go ahead of the machine's.
func ahead(b *browser.Tab, by time.Duration) {
	b.T.Helper()
	script := fmt.Sprintf(`{ const now = Date.now; Date.now = () => now() + %d }`, by.Milliseconds())
	b.Do(chromedp.ActionFunc(func(ctx context.Context) error {
		_, err := page.AddScriptToEvaluateOnNewDocument(script).Do(ctx)
		return err
	}))
}

// TestFromNothingToAReleaseDay takes the first steps as the editor proposes them, up to the copied address; then a
// release of tomorrow and a tour, seen as tomorrow will see them; and at the instant the page that a fan has open
// switches by itself.
func TestFromNothingToAReleaseDay(t *testing.T) {
	t.Parallel()
	var later atomic.Int64
	p := program.Start(t, program.Options{Now: func() time.Time { return time.Now().Add(time.Duration(later.Load())) }})
	b := artist(t, p)
	b.Forgive("/dates.*status of 422|status of 422.*/dates") // a table that is only looked at is not saved
	b.Do(chromedp.ActionFunc(func(ctx context.Context) error {
		return cdpbrowser.GrantPermissions([]cdpbrowser.PermissionType{cdpbrowser.PermissionTypeClipboardReadWrite, cdpbrowser.PermissionTypeClipboardSanitizedWrite}).
			WithOrigin(p.URL).WithBrowserContextID(b.Person()).Do(ctx)
	}))
	file := filepath.Join(t.TempDir(), "me.jpg")
	if err := os.WriteFile(file, portrait(t, 200), 0o600); err != nil {
		t.Fatal(err)
	}

	began := time.Now()
	claim(b)
	b.Link("Name and a line about you").Click()
	b.Field("Bio").Paste("Songs about buses.")
	saved(b)
	b.Do(chromedp.SetUploadFiles(`[id="portrait-picture.file"]`, []string{file}, chromedp.ByQuery))
	b.Until("the portrait", func() bool { return shownPicture(b) != "" })
	b.Link("Paste your addresses").Click()
	b.Field("Paste addresses").Paste(real[0].pasted + "\n" + real[1].pasted + "\n" + real[3].pasted)
	b.Button("Add them").Click()
	b.Until("three rows", func() bool { return len(rows(b)) == 3 })
	b.Link("Pick a theme").Click()
	b.Button("Jacket*").Click()
	b.Until("Jacket to be chosen", func() bool { return b.Button("Jacket*").Is("pressed") == "true" })
	b.Button("Publish*").Click()
	b.Button("Nothing to publish").See()
	b.Button("Copy it").Click()
	b.Button("Copied").See()
	var copied string
	b.Must(`navigator.clipboard.readText()`, &copied)
	if copied != p.URL+"/maudteller" {
		t.Errorf("copied %q", copied)
	}
	t.Logf("from the door to the copied address: %.1f s of scripted time", time.Since(began).Seconds())

	out := time.Now().UTC().AddDate(0, 0, 1).Truncate(time.Minute)
	b.Link("Blocks*").Click()
	b.Link("Release").Click()
	b.Field("Title").Paste("Slow Harbour")
	setTime(b, "add-date", out)
	b.Find("combobox", "On the clocks of").Paste("UTC")
	b.Field("Address 1").Paste("https://open.spotify.com/album/4uLU6hMCjMI75M1A2tKUQC")
	b.Button("Add it").Click()
	b.Until("the release", func() bool { return len(rows(b)) == 4 })
	b.Link("Tour").Click()
	b.Field("Title").Paste("On tour")
	b.Button("Add it").Click()
	b.Until("the tour", func() bool { return len(rows(b)) == 5 })
	b.Until("the tour's table", func() bool { return b.Eval(`document.querySelector('#tracks details.table').open = true`, nil) == nil })
	b.Field("Or paste it here").Paste("date,time,city,venue,zone,tickets\n" +
		"2031-05-12,20:30,Lisbon,Example Hall,Europe/Lisbon,https://example.com/lisbon\n" +
		"2031-05-14,21:00,Berlin,Example Club,Europe/Berlin,https://example.com/berlin\n" +
		"2031-05-17,19:00,Tokyo,Example Room,Asia/Tokyo,https://example.com/tokyo\n")
	b.Button("Look at it").Click()
	b.Button("Add 3 dates").Click()
	b.Until("the tour's dates", func() bool { return strings.Contains(strings.Join(rows(b), "\n"), "three dates") })

	// Today the release is to come; as tomorrow will see it, it is out.
	b.Until("the draft in the preview", func() bool { return strings.Contains(preview(b), "Tokyo") })
	toCome := func() (is bool) {
		_ = b.Eval(`document.querySelector('#preview-page').contentDocument.querySelector('.countdown') !== null`, &is)
		return is
	}
	if !toCome() {
		t.Errorf("today's preview says %q", preview(b))
	}
	setTime(b, "view-at", out.Add(time.Minute))
	b.Button("See it").Click()
	b.Until("tomorrow's preview", func() bool { return strings.Contains(preview(b), "Slow Harbour") && !toCome() })
	b.Button("Publish*").Click()
	b.Button("Nothing to publish").See()
	if data := public(t, p, "maudteller"); !inOrder(data, "data-countdown", "Lisbon", "Berlin", "Tokyo") {
		t.Error("the public page has no countdown or not all dates")
	}

	// Four seconds before the instant, on the program's clock and the fan's.
	by := time.Until(out) - 4*time.Second
	later.Store(int64(by))
	f := fan(t, p, true)
	ahead(f, by)
	f.Go("/maudteller")
	counts := func() (is bool) { _ = f.Eval(`document.querySelector('[data-countdown]') !== null`, &is); return is }
	if time.Now().Add(by).Before(out) && !counts() {
		t.Error("before the instant nothing counts down")
	}
	f.Until("the page to switch by itself", func() bool { return !counts() && f.Reads("Slow Harbour") })
	if now := time.Now().Add(by); now.Before(out) {
		t.Errorf("it switched %s early", out.Sub(now))
	} else {
		t.Logf("the open page was the released one %.1f s after the instant", now.Sub(out).Seconds())
	}
	f.Link("*Spotify*").See()
	noTraces(t, f)
}
