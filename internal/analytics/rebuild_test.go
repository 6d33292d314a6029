package analytics

import (
	"context"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/hlpfl/platform/internal/model"
)

// many are plausible events of a few profiles over a few weeks.
func (w *world) many(n int) []model.Event {
	random := rand.New(rand.NewPCG(1, 2))
	users := []model.UserID{w.user("free"), w.user("artist")}
	var profiles []model.ProfileID
	for i, zone := range []string{"UTC", "America/Los_Angeles", "Asia/Kathmandu", "Europe/Berlin", "Pacific/Kiritimati"} {
		profiles = append(profiles, w.profile(users[i%2], zone))
	}
	pick := func(of ...string) string { return of[random.IntN(len(of))] }
	var events []model.Event
	for range n {
		e := click(profiles[random.IntN(len(profiles))], noon.Add(-time.Duration(random.IntN(40*24*3600))*time.Second), byte(random.IntN(40)))
		if random.IntN(2) == 0 {
			e.Kind, e.Link, e.Target, e.Source, e.Campaign = model.View, "", "", pick("", "Instagram", "TikTok"), pick("", "spring")
		} else {
			e.Link = model.BlockID(pick("tour", "shop", "album"))
		}
		e.Country, e.Device = pick("DE", "", "US"), pick("phone", "desktop")
		if random.IntN(6) == 0 {
			e.Filtered, e.Visitor = pick(model.FilteredBot, model.FilteredHead, model.FilteredGone), model.VisitorHash{}
		}
		events = append(events, e)
	}
	return events
}

func TestRebuildGivesTheSameFigures(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	worker := w.worker()
	events := w.many(3000)
	for len(events) > 0 { // late ones, early ones, in many transactions
		n := min(len(events), 170)
		w.enqueue(events[:n]...)
		w.unpack(worker)
		events = events[n:]
	}
	before := w.figures()
	// Damage of every kind: changed, lost, made up.
	w.exec(`update analytics_days set views = views + 7 where random() < 0.3`)
	w.exec(`delete from analytics_values where random() < 0.3`)
	w.exec(`delete from analytics_hours where random() < 0.3`)
	w.exec(`insert into analytics_values (profile_id, day, dimension, value, views) select id, '2026-11-01', 'source', 'nobody', 5 from profiles`)
	if w.figures() == before {
		t.Fatal("nothing was damaged")
	}
	var done, total int
	if err := Rebuild(context.Background(), w.store, func(d, t int) { done, total = d, t }); err != nil {
		t.Fatal(err)
	}
	if after := w.figures(); after != before {
		t.Errorf("figures differ after a rebuild\nbefore %.2000s\nafter %.2000s", before, after)
	}
	if done != total || total == 0 {
		t.Errorf("progress ended at %d of %d", done, total)
	}
	w.unpack(worker)
	if w.figures() != before {
		t.Error("unpacking after a rebuild changed figures")
	}
}

// Days whose raw rows may be gone are left as they are.
func TestRebuildLeavesOldDays(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.profile(w.user("artist"), "UTC")
	w.enqueue(click(p, noon.AddDate(0, 0, -3), 1), click(p, noon, 1))
	w.unpack(w.worker())
	w.exec(`update analytics_kept set since = '2026-11-18'`)
	w.exec(`update analytics_days set clicks = 100`)
	if err := Rebuild(context.Background(), w.store, func(int, int) {}); err != nil {
		t.Fatal(err)
	}
	if got := one[string](w, `select string_agg(clicks::text, ' ' order by day) from analytics_days`); got != "100 1" {
		t.Errorf("clicks by day %s, want the old day as it was and the new one right", got)
	}
}

// While somebody unpacks a rebuild waits, and neither undoes the other's work.
func TestRebuildBesideTheWorker(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	events := w.many(1500)
	w.enqueue(events[:500]...)
	w.unpack(w.worker())
	ctx, cancel := context.WithCancel(context.Background())
	worked := make(chan error, 1)
	go func() { worked <- w.worker().Run(ctx) }()
	rebuilt := make(chan error, 1)
	go func() { rebuilt <- Rebuild(ctx, w.store, func(int, int) {}) }()
	for i := 500; i < len(events); i += 50 {
		w.enqueue(events[i : i+50]...)
	}
	if err := <-rebuilt; err != nil {
		t.Error(err)
	}
	await(t, "the inbox is empty", func() bool { return one[int](w, `select count(*) from event_inbox`) == 0 })
	cancel()
	if err := <-worked; err != nil {
		t.Error(err)
	}
	got := w.figures()
	if err := Rebuild(context.Background(), w.store, func(int, int) {}); err != nil {
		t.Fatal(err)
	}
	if w.figures() != got {
		t.Error("figures differ from their raw rows")
	}
	if n := one[int](w, `select count(*) from analytics`); n != len(events) {
		t.Errorf("%d raw rows, want %d", n, len(events))
	}
}
