package pages

import (
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/internal/testenv"
)

// boundary is an instant when a page changes by itself, told as people tell it: a
// wall clock's time in a zone whose clocks jump that day.
type boundary struct {
	name, local, zone string
	// utc is that instant, worked out by hand.
	utc string
	// of makes the block whose change it is.
	of func(local model.Local, zone string) model.Block
	// before and after are what the page says on each side, and never on the other.
	before, after string
	// link is open on one side alone: after, or before when until is set.
	link  model.BlockID
	until bool
}

func instantOf(local model.Local, zone string) *time.Time {
	at := local.In(model.Zone(zone))
	return &at
}

func starts(local model.Local, zone string) model.Block {
	return model.Block{ID: "b", StartsAt: instantOf(local, zone), Body: model.Link{Title: "AFTER", URL: "https://example.com"}}
}

func ends(local model.Local, zone string) model.Block {
	return model.Block{ID: "b", EndsAt: instantOf(local, zone), Body: model.Link{Title: "BEFORE", URL: "https://example.com"}}
}

func released(local model.Local, zone string) model.Block {
	return model.Block{ID: "b", Body: model.Release{Title: "Slow Harbour", Date: local, Zone: zone,
		Services: []model.Service{{ID: "out", URL: "https://tidal.com/browse/album/1"}}, PreSaves: []model.Service{{ID: "pre", URL: "https://example.com/pre"}}}}
}

// played is a show on the evening before: the boundary is the midnight after it.
func played(local model.Local, zone string) model.Block {
	evening := model.Local(local.Wall().Add(-3 * time.Hour).Format("2006-01-02T15:04"))
	return model.Block{ID: "b", Body: model.Tour{Title: "On tour", Shows: []model.Show{{ID: "d", City: "Harbourtown", Starts: evening, Zone: zone, Status: model.ShowOn,
		Tickets: []model.Ticket{{ID: "t", Kind: model.TicketSale, URL: "https://example.com"}}}}}}
}

func sold(local model.Local, zone string) model.Block {
	return model.Block{ID: "b", Body: model.Tour{Title: "On tour", Shows: []model.Show{{ID: "d", City: "Harbourtown", Starts: "2027-12-31T20:00", Zone: zone, Status: model.ShowOn, OnSaleAt: instantOf(local, zone),
		Tickets: []model.Ticket{{ID: "t", Kind: model.TicketSale, URL: "https://example.com"}, {ID: "p", Kind: model.TicketPresale, URL: "https://example.com"}}}}}}
}

var boundaries = []boundary{
	// New York leaves out 02:00 to 03:00 on 8 March, and has 01:00 to 02:00 twice on 1 November.
	{"start in the gap", "2026-03-08T02:30", "America/New_York", "2026-03-08T07:30:00Z", starts, "", "AFTER", "b", false},
	{"end after the gap", "2026-03-08T03:00", "America/New_York", "2026-03-08T07:00:00Z", ends, "BEFORE", "", "b", true},
	{"start in the hour that comes twice", "2026-11-01T01:30", "America/New_York", "2026-11-01T05:30:00Z", starts, "", "AFTER", "b", false},
	{"release on the night", "2026-11-01T00:00", "America/New_York", "2026-11-01T04:00:00Z", released, `class="countdown"`, "TIDAL", "out", false},
	{"pre-save until then", "2026-03-09T00:00", "America/New_York", "2026-03-09T04:00:00Z", released, "example.com", "TIDAL", "pre", true},
	{"show before the short night", "2026-03-08T00:00", "America/New_York", "2026-03-08T05:00:00Z", played, "Harbourtown", "No dates now", "t", true},
	// Berlin: 29 March and 25 October.
	{"end in the gap", "2026-03-29T02:30", "Europe/Berlin", "2026-03-29T01:30:00Z", ends, "BEFORE", "", "b", true},
	{"release at a wall clock's noon after", "2026-03-29T12:00", "Europe/Berlin", "2026-03-29T10:00:00Z", released, `class="countdown"`, "TIDAL", "out", false},
	{"show on the long day", "2026-10-26T00:00", "Europe/Berlin", "2026-10-25T23:00:00Z", played, "Harbourtown", "No dates now", "t", true},
	{"sale in the hour that comes twice", "2026-10-25T02:30", "Europe/Berlin", "2026-10-25T00:30:00Z", sold, `class="onsale"`, ">Tickets", "t", false},
	{"presale until the sale", "2026-10-25T10:00", "Europe/Berlin", "2026-10-25T09:00:00Z", sold, "Presale", ">Tickets", "p", true},
	// Lord Howe's clocks move by half an hour: 4 October and 5 April.
	{"start in the half hour that never comes", "2026-10-04T02:15", "Australia/Lord_Howe", "2026-10-03T15:45:00Z", starts, "", "AFTER", "b", false},
	{"end in the half hour that comes twice", "2026-04-05T01:45", "Australia/Lord_Howe", "2026-04-04T14:45:00Z", ends, "BEFORE", "", "b", true},
	{"show on that night", "2026-04-06T00:00", "Australia/Lord_Howe", "2026-04-05T13:30:00Z", played, "Harbourtown", "No dates now", "t", true},
	{"release on that day", "2026-10-04T18:00", "Australia/Lord_Howe", "2026-10-04T07:00:00Z", released, `class="countdown"`, "TIDAL", "out", false},
}

// Each boundary at −1 s, 0 and +1 s, through the caches of two replicas that have
// had the page since before: its row is not read again for it.
func TestBoundariesOverDSTOnTwoReplicas(t *testing.T) {
	t.Parallel()
	w := newWorld(t, testenv.Database(t))
	first, _ := w.replica("", 0)
	second, _ := w.replica("", 0)
	replicas := []*Pages{first, second}
	reads := []*atomic.Int64{counted(first), counted(second)}
	for _, p := range replicas {
		w.follow(p)
	}
	for i, b := range boundaries {
		local, err := model.ParseLocal(b.local)
		if err != nil {
			t.Fatal(err)
		}
		want, err := time.Parse(time.RFC3339, b.utc)
		if err != nil {
			t.Fatal(err)
		}
		block := b.of(local, b.zone)
		block.Enabled = true
		doc := model.NewDocument()
		doc.Blocks = []model.Block{block}
		handle := model.Handle("page" + string(rune('a'+i)))
		id := w.add(handle.String(), doc)
		// What the editor's badge says comes of the same method as what fans see.
		if next := doc.NextChange(want.Add(-time.Minute)); !next.Equal(want) {
			t.Errorf("%s: the page knows of a change at %s, not %s", b.name, next.UTC(), want)
		}
		for _, step := range []time.Duration{-10 * time.Second, -time.Second, -time.Nanosecond, 0, time.Second} {
			at := want.Add(step)
			w.clock.Store(at.UnixNano())
			after := step >= 0
			for n, p := range replicas {
				html, a := get(t, p, handle, Gzip)
				html = html[strings.Index(html, "<main"):]
				for text, shown := range map[string]bool{b.before: !after, b.after: after} {
					if text != "" && text != "example.com" && strings.Contains(html, text) != shown {
						t.Errorf("%s, replica %d, %s: %q is shown: %v", b.name, n+1, step, text, !shown)
					}
				}
				if !after && a.Shared > want.Sub(at) {
					t.Errorf("%s, replica %d, %s: a CDN may keep it for %s", b.name, n+1, step, a.Shared)
				}
				if target, err := p.Find(t.Context(), id, b.link); err != nil || target.URL == "" || target.Open != (after != b.until) {
					t.Errorf("%s, replica %d, %s: %s is %+v, %v", b.name, n+1, step, b.link, target, err)
				}
			}
		}
		for n := range replicas {
			if read := reads[n].Load(); read != int64(i+1) {
				t.Fatalf("%s: replica %d has read %d rows for %d pages", b.name, n+1, read, i+1)
			}
		}
	}
}

// View as shows at an instant what fans will see at it, by the same clock of zones.
func TestViewAs(t *testing.T) {
	t.Parallel()
	p, _ := newWorld(t, testenv.Database(t)).replica("", 0)
	for _, b := range boundaries {
		local, _ := model.ParseLocal(b.local)
		block := b.of(local, b.zone)
		block.Enabled = true
		doc := model.NewDocument()
		doc.Blocks = []model.Block{block}
		want, _ := time.Parse(time.RFC3339, b.utc)
		for _, step := range []time.Duration{-time.Second, 0, time.Second} {
			html, _, err := p.Preview(content(doc), want.Add(step))
			if err != nil {
				t.Fatal(err)
			}
			for text, shown := range map[string]bool{b.before: step < 0, b.after: step >= 0} {
				if text != "" && text != "example.com" && strings.Contains(string(html), text) != shown {
					t.Errorf("%s, %s: %q is shown: %v", b.name, step, text, !shown)
				}
			}
		}
	}
}
