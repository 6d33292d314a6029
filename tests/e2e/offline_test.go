package e2e

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp/kb"

	"github.com/hlpfl/platform/tests/browser"
	"github.com/hlpfl/platform/tests/program"
)

// offline takes a tab off the net, or brings it back.
func offline(b *browser.Tab, off bool) {
	b.T.Helper()
	b.Do(network.EmulateNetworkConditions(off, 0, -1, -1))
}

// posts are how many changes a tab has sent so far, and how many it could not.
func posts(b *browser.Tab) (sent, failed int) {
	for _, r := range b.Requests() {
		switch {
		case r.Method != http.MethodPost || !strings.Contains(r.URL, "/dashboard/"):
		case r.Status > 0:
			sent++
		default:
			failed++
		}
	}
	return sent, failed
}

// TestOfflineAndBack types and moves rows without a net: the screen keeps all of it and says so, and when the net is back
// everything is saved, in order, once.
func TestOfflineAndBack(t *testing.T) {
	t.Parallel()
	p := program.Start(t, program.Options{})
	b := artist(t, p)
	b.Forgive("ERR_INTERNET_DISCONNECTED|htmx:sendError|htmx:afterRequest")
	owner, id := withProfile(t, p, b, "maud@example.com", "maudteller", threeLinks())
	b.Link("Slow Harbour*").Click()
	b.Field("Title").See()
	b.Must(`(() => { window.told = []; new MutationObserver(() => told.push(document.querySelector('#saved-said').textContent))
		.observe(document.querySelector('#editor').parentElement, {subtree: true, childList: true, characterData: true}); })()`, nil)
	before := owner.Do("GET", "/api/profiles/"+id, nil).JSON(t)["version"].(float64)
	sent, _ := posts(b)
	refused := func(n int) {
		t.Helper()
		b.Until("the net to refuse a change", func() bool { _, failed := posts(b); return failed >= n })
		b.See("You are offline. What you type and move is kept here")
	}

	offline(b, true)
	b.Field("Title").Paste("Slow Harbour, written on a train")
	refused(1)
	b.Button("Move On vinyl, 3 of 3").Drag(b.Button("Move Slow Harbour, 1 of 3"))
	order(b, "On vinyl", "Slow Harbour", "Night Bus")
	refused(3) // what was typed tries again before a move
	b.Must(`document.querySelector('#tracks [aria-label^="Move Night Bus"]').focus()`, nil)
	b.Keys(kb.ArrowUp)
	b.Field("Title").Holds("Slow Harbour, written on a train")
	b.See("You are offline")
	if a := owner.Do("GET", "/api/profiles/"+id, nil).JSON(t); a["version"].(float64) != before {
		t.Fatal("something was saved without a net")
	}

	offline(b, false)
	b.Until("all of it to be saved", func() bool {
		return owner.Do("GET", "/api/profiles/"+id, nil).JSON(t)["version"].(float64) >= before+3
	})
	saved(b)
	order(b, "On vinyl", "Night Bus", "Slow Harbour, written on a train")
	b.Button("Move Night Bus, the video, 2 of 3").See()
	var told []string
	b.Must(`told`, &told)
	for _, word := range []string{"You are offline", "You are back", "Night Bus, the video, 2 of 3"} {
		if !slices.ContainsFunc(told, func(s string) bool { return strings.HasPrefix(s, word) }) {
			t.Errorf("%q was not announced: %q", word, slices.Compact(told))
		}
	}
	b.Reload()
	order(b, "On vinyl", "Night Bus", "Slow Harbour, written on a train")
	now, _ := posts(b)
	if now-sent != 3 {
		t.Errorf("%d changes were sent for three: %v", now-sent, b.Requests())
	}
	if a := owner.Do("GET", "/api/profiles/"+id, nil).JSON(t); a["version"].(float64) != before+3 {
		t.Errorf("saved %v times, want three", a["version"].(float64)-before)
	}
	t.Logf("three changes made offline, %d sent and saved when back; announced: %q", now-sent, slices.Compact(told))
}
