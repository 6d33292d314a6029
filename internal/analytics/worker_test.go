package analytics

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/internal/plans"
)

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

func TestUnpackingCounts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.profile(w.user("free"), "UTC")
	bot := click(p, noon, 3)
	bot.Filtered, bot.Visitor = model.FilteredBot, model.VisitorHash{}
	bot.ID = model.EventIDAt(noon.Add(time.Minute))
	w.enqueue(view(p, noon, 1), click(p, noon.Add(time.Second), 1), click(p, noon.Add(2*time.Second), 1), view(p, noon.Add(time.Hour), 2), bot)
	w.unpack(w.worker())
	for query, want := range map[string]string{
		`select views || ' ' || visitors || ' ' || clicks || ' ' || clicks_inside from analytics_days`:                                                              "2 2 2 2",
		`select string_agg(hour || ' ' || views || ' ' || visitors || ' ' || clicks, ', ' order by hour) from analytics_hours`:                                      "2026-11-20 12:00:00+00 1 1 2, 2026-11-20 13:00:00+00 1 1 0",
		`select clicks from analytics_values where dimension = 'link' and value = 'tour'`:                                                                           "2",
		`select clicks from analytics_values where dimension = 'filtered' and value = 'bot'`:                                                                        "1",
		`select views || ' ' || visitors || ' ' || clicks from analytics_values where dimension = 'country' and value = 'DE'`:                                       "2 2 2",
		`select views || ' ' || clicks from analytics_values where dimension = 'source' and value = 'Instagram'`:                                                    "2 2",
		`select views || ' ' || clicks from analytics_values where dimension = 'campaign' and value = 'spring'`:                                                     "2 2",
		`select clicks from click_months where month = '2026-11-01'`:                                                                                                "2",
		`select click_data->>'target' || ' ' || (click_data->>'counted') || ' ' || coalesce(click_data->>'filtered', '') from analytics where filtered is not null`: "https://example.com/tour false bot",
		`select count(*) from analytics where created_at = '2026-11-20 12:00:00+00'`:                                                                                "1",
		`select count(*) from analytics_2026_11`:                                                                                                                    "5",
	} {
		if got := one[string](w, query); got != want {
			t.Errorf("%s\n got %s\nwant %s", query, got, want)
		}
	}
}

// Whatever comes twice counts once: within a pack, in two packs, and long after.
func TestReplaysCountOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.profile(w.user("free"), "Europe/Berlin")
	worker := w.worker()
	events := []model.Event{view(p, noon, 1), click(p, noon, 1), click(p, noon, 2)}
	w.enqueue(append(events, events...)...)
	w.unpack(worker)
	once := w.figures()
	w.enqueue(events...)
	w.enqueue(append(events, click(p, noon, 3))...)
	w.unpack(worker)
	if got := one[int](w, `select count(*) from analytics`); got != 4 {
		t.Errorf("%d raw rows, want 4", got)
	}
	if got := one[string](w, `select views || ' ' || visitors || ' ' || clicks from analytics_days`); got != "1 3 3" {
		t.Errorf("figures %s after replays, before them\n%s", got, once)
	}
	if got := one[int](w, `select clicks from click_months`); got != 3 {
		t.Errorf("%d clicks this month, want 3", got)
	}
	if got := one[int](w, `select count(*) from events_set_aside`); got != 0 {
		t.Errorf("%d events were set aside; a replay is no damage", got)
	}
}

// A replay beside new taps does not use up the plan's month a second time.
func TestReplaysTakeNobodysPlace(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.profile(w.user("free"), "UTC")
	worker := w.worker()
	limit := plans.Of(plans.Free).ClicksPerMonth
	var first, second []model.Event
	for i := range limit / 2 {
		first = append(first, click(p, noon.Add(time.Duration(i)*time.Second), 1))
		second = append(second, click(p, noon.Add(time.Hour+time.Duration(i)*time.Second), 2))
	}
	w.enqueue(first...)
	w.unpack(worker)
	w.enqueue(append(first, second...)...)
	w.unpack(worker)
	if got, want := one[string](w, `select clicks || ' ' || clicks_inside from analytics_days`), fmt.Sprintf("%d %d", limit, limit); got != want {
		t.Errorf("clicks and those inside the plan: %s, want %s", got, want)
	}
}

// What a worker did without its commit is as if it never was.
func TestWorkerKilledBeforeCommit(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.profile(w.user("free"), "UTC")
	w.enqueue(click(p, noon, 1))
	// A trigger on the last statement ends the worker's own connection: the server
	// sees just what it sees of a process killed there.
	w.exec(`create function die() returns trigger language plpgsql as $$ begin perform pg_terminate_backend(pg_backend_pid()); return null; end $$`)
	w.exec(`create trigger die after delete on event_inbox for each statement execute function die()`)
	if _, err := w.worker().Unpack(context.Background()); err == nil {
		t.Fatal("the worker's end went unnoticed")
	}
	if n := one[int](w, `select (select count(*) from analytics) + (select count(*) from analytics_days) + (select count(*) from click_months)`); n != 0 {
		t.Fatalf("%d rows are left of a transaction that was not committed", n)
	}
	w.exec(`drop trigger die on event_inbox`)
	w.unpack(w.worker())
	if got := one[int](w, `select clicks from analytics_days`); got != 1 {
		t.Errorf("%d clicks, want 1", got)
	}
}

func TestTwoWorkersShareTheInbox(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.profile(w.user("artist"), "UTC")
	const packs, each = 300, 3
	for i := range packs {
		var events []model.Event
		for n := range each {
			events = append(events, click(p, noon.Add(time.Duration(i)*time.Second), byte(n)))
		}
		w.enqueue(events...)
	}
	var both sync.WaitGroup
	for range 2 {
		both.Go(func() { w.unpack(w.worker()) })
	}
	both.Wait()
	if got := one[string](w, `select clicks || ' ' || visitors from analytics_days`); got != fmt.Sprintf("%d %d", packs*each, each) {
		t.Errorf("clicks and visitors %s", got)
	}
}

// One event that PostgreSQL refuses costs nobody else's.
func TestRefusedEventIsSetAsideAlone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p, other := w.profile(w.user("free"), "UTC"), w.profile(w.user("free"), "UTC")
	w.exec(`alter table analytics add constraint no_xx check (country <> 'XX')`)
	bad := click(p, noon, 1)
	bad.Country = "XX"
	w.enqueue(click(p, noon, 2), click(other, noon, 3), bad, click(other, noon, 4), click(p, noon, 5))
	w.unpack(w.worker())
	if got := one[int](w, `select sum(clicks) from analytics_days`); got != 4 {
		t.Errorf("%d clicks, want the 4 good ones", got)
	}
	if got := one[string](w, `select string_agg(id || ' ' || reason, ',') from events_set_aside`); got != bad.ID.String()+" refused 23514" {
		t.Errorf("set aside: %q", got)
	}
}

func TestDamagedPacksAreSetAsideEventByEvent(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.profile(w.user("free"), "UTC")
	good := click(p, noon, 1)
	text, kind, nul := click(p, noon, 2), click(p, noon, 3), click(p, noon, 4)
	text.Source, kind.Kind, nul.Campaign = "a\xffb", "dance", "a\x00b"
	pack := []byte{packVersion}
	for _, e := range []model.Event{text, kind, good, nul} {
		pack = appendEvent(pack, &e)
	}
	ctx := context.Background()
	cut := append(appendEvent([]byte{packVersion}, ptr(click(p, noon, 5))), 0xff)
	for range 2 { // the same damage twice is one
		if err := w.inbox.Add(ctx, pack, cut, []byte("?"), []byte{packVersion}); err != nil {
			t.Fatal(err)
		}
	}
	w.unpack(w.worker())
	if got := one[int](w, `select clicks from analytics_days`); got != 2 {
		t.Errorf("%d clicks, want the two that can be read", got)
	}
	var reasons []string
	if err := w.owner.Select(&reasons, `select reason from events_set_aside order by reason`); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(reasons, ", "); got != "damaged text, damaged text, unknown kind, unreadable pack, unreadable pack" {
		t.Errorf("reasons: %s", got)
	}
}

func ptr[T any](v T) *T { return &v }

// A profile that is gone takes its events with it: they are counted, once, and
// nothing of them is kept.
func TestOrphaned(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p, gone := w.profile(w.user("free"), "UTC"), model.NewProfileID()
	lost := click(gone, noon, 1)
	for range 2 {
		w.enqueue(lost, click(p, noon, 2))
		w.unpack(w.worker())
	}
	if got := one[string](w, `select count(*) || ' ' || min(reason) || ' ' || count(event) from events_set_aside`); got != "1 orphaned 0" {
		t.Errorf("set aside: %s", got)
	}
	if got := one[int](w, `select sum(clicks) from analytics_days`); got != 2 {
		t.Errorf("%d clicks, want 2", got)
	}
}

// A profile is being deleted while its events are unpacked: the worker waits for
// the end of that, and its events are orphans, nothing of them kept.
func TestProfileDeletedMeanwhile(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p, other := w.profile(w.user("free"), "UTC"), w.profile(w.user("free"), "UTC")
	w.enqueue(click(p, noon, 1), click(other, noon, 1))
	tx := w.owner.MustBegin()
	tx.MustExec(`delete from profiles where id = $1`, p.String())
	done := make(chan error, 1)
	go func() {
		_, err := w.worker().Unpack(context.Background())
		done <- err
	}()
	await(t, "the worker waits for the deletion", func() bool {
		return one[int](w, `select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`) == 1
	})
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if got := one[string](w, `select count(*) || ' ' || min(reason) || ' ' || count(event) from events_set_aside`); got != "1 orphaned 0" {
		t.Errorf("set aside: %s", got)
	}
	if got := one[int](w, `select sum(clicks) from analytics_days`); got != 1 {
		t.Errorf("%d clicks, want the other profile's one", got)
	}
}

func TestDeletedProfileTakesItsFigures(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.profile(w.user("free"), "UTC")
	w.enqueue(click(p, noon, 1))
	w.unpack(w.worker())
	w.exec(`delete from profiles where id = $1`, p.String())
	if n := one[int](w, `select (select count(*) from analytics) + (select count(*) from analytics_days) + (select count(*) from analytics_hours) + (select count(*) from analytics_values)`); n != 0 {
		t.Errorf("%d rows of a deleted profile are left", n)
	}
}

// Clicks beyond the smallest plan's month are told apart by the calendar month in
// UTC, over all profiles of a user, across transactions, and by nothing else.
func TestInsideThePlansMonth(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	user := w.user("free")
	a, b := w.profile(user, "America/Los_Angeles"), w.profile(user, "UTC")
	worker := w.worker()
	end := time.Date(2026, 10, 31, 23, 59, 0, 0, time.UTC)
	var october, november []model.Event
	for i := range 70 {
		october = append(october, click(a, end.Add(time.Duration(i)*time.Millisecond), 1), click(b, end.Add(time.Duration(i)*time.Millisecond), 1))
		november = append(november, click(a, end.Add(time.Minute+time.Duration(i)*time.Millisecond), 1))
	}
	w.enqueue(october[:90]...)
	w.unpack(worker)
	w.enqueue(append(october[90:], november...)...)
	w.unpack(worker)
	if got := one[string](w, `select string_agg(month || ' ' || clicks, ', ' order by month) from click_months`); got != "2026-10-01 140, 2026-11-01 70" {
		t.Errorf("months: %s", got)
	}
	if got := one[string](w, `select count(*) filter (where created_at < '2026-11-01') || ' ' || count(*) filter (where created_at >= '2026-11-01') from analytics where inside_plan`); got != "100 70" {
		t.Errorf("inside the plan: %s, want 100 of October and all 70 of November", got)
	}
	// Los Angeles still has October while UTC has November.
	if got := one[string](w, `select string_agg(day || ' ' || clicks, ', ' order by day) from analytics_days where profile_id = $1`, a.String()); got != "2026-10-31 140" {
		t.Errorf("days in Los Angeles: %s", got)
	}
	if got := one[int](w, `select sum(clicks_inside) from analytics_days`); got != 170 {
		t.Errorf("%d clicks inside in the roll-ups, want 170", got)
	}
}
