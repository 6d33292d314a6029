package e2e

import (
	"strings"
	"testing"

	"github.com/hlpfl/platform/tests/program"
)

// TestBlocksWithoutScripts makes blocks with lists in them by plain forms: rows are added, put in order and taken out,
// what is wrong is said beside it, and nothing that was typed is lost.
func TestBlocksWithoutScripts(t *testing.T) {
	t.Parallel()
	p := program.Start(t, program.Options{})
	b := plainArtist(t, p)
	b.Forgive("status of 422")
	withProfile(t, p, b, "maud@example.com", "maudteller", map[string]any{})

	// Five addresses are five blocks, of the type that fits.
	b.Field("Paste addresses").Paste("https://www.youtube.com/watch?v=dQw4w9WgXcQ\nhttps://example.com/shop")
	b.Button("Add them").Click()
	b.Until("two rows", func() bool { return len(rows(b)) == 2 })
	if got := strings.Join(rows(b), "\n"); !inOrder(got, "Video or music, YouTube", "example.com") {
		t.Errorf("pasted were %q", got)
	}

	b.Link("Release").Click()
	b.Field("Title").Paste("Slow Harbour")
	b.Field("Address 1").Paste("https://open.spotify.com/album/4uLU6hMCjMI75M1A2tKUQC")
	b.Button("Another service").Click()
	b.Field("Title").Holds("Slow Harbour")
	b.Field("Address 2").Paste("javascript:alert(1)")
	b.Button("Add it").Click()
	b.Until("the field to be marked", func() bool { return b.Field("Address 2").Is("invalid") == "true" })
	b.Field("Address 2").Paste("https://example.bandcamp.com/album/slow-harbour")
	b.Button("Add it").Click()
	b.Button("service 2: up").Click()
	b.Field("Address 1").Holds("https://example.bandcamp.com/album/slow-harbour")
	b.Button("Take out service 1").Click()
	b.Field("Address 1").Holds("https://open.spotify.com/album/4uLU6hMCjMI75M1A2tKUQC")
	b.Button("Done").Click()
	b.See("Release, one service")

	b.Link("Tour").Click()
	b.Field("Title").Paste("On tour")
	b.Field("City").Paste("Lisbon")
	b.Button("Add it").Click()
	b.See("Say when it begins")
	b.Field("City").Holds("Lisbon")
	b.Must(`document.getElementById('add-dates[0].starts').value = '2031-12-12T21:00'`, nil)
	b.Field("Address of the tickets").Paste("https://ra.co/events/1")
	b.Button("Add it").Click()
	b.Button("Done").Click()
	b.See("Tour, one date")

	// A copy, and questions with a window on a night that has no such time.
	b.Link("On tour*").Click()
	b.Button("Duplicate").Click()
	b.Until("five rows", func() bool { return len(rows(b)) == 5 })
	b.Button("Publish*").Click()
	b.Button("Nothing to publish").See()
	if page := public(t, p, "maudteller"); !inOrder(page, "Slow Harbour", "Lisbon", "Lisbon") {
		t.Error("the page is not what was made")
	}
}
