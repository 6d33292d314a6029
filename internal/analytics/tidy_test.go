package analytics

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/hlpfl/platform/internal/model"
)

func (w *world) workerAt(now time.Time) *Worker {
	return NewWorker(WorkerOptions{Store: w.store, Log: slog.New(slog.DiscardHandler), Now: func() time.Time { return now }})
}

func (w *world) tidy(worker *Worker) {
	w.t.Helper()
	if err := worker.Tidy(context.Background()); err != nil {
		w.t.Fatal(err)
	}
}

func TestMonthsAreMadeAhead(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	now := time.Date(2026, 11, 30, 23, 59, 0, 0, time.UTC)
	w.tidy(w.workerAt(now))
	w.tidy(w.workerAt(now)) // twice is once
	const parts = `select string_agg(relname, ' ' order by relname) from pg_class where relname like 'analytics\_2%' and relkind = 'r'`
	if got := one[string](w, parts); got != "analytics_2026_11 analytics_2026_12 analytics_2027_01" {
		t.Errorf("partitions: %s", got)
	}
	// The last moment of a month and the first of the next.
	p := w.profile(w.user("artist"), "UTC")
	w.enqueue(click(p, now.Add(59*time.Second+999*time.Millisecond), 1), click(p, now.Add(time.Minute), 1))
	w.unpack(w.workerAt(now))
	if got := one[string](w, `select (select count(*) from analytics_2026_11) || ' ' || (select count(*) from analytics_2026_12)`); got != "1 1" {
		t.Errorf("rows of November and December: %s", got)
	}
}

// A wrong clock's events are kept and counted; when their month comes they are
// moved out of the default partition before the month is attached.
func TestWrongClock(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.profile(w.user("artist"), "UTC")
	early := w.workerAt(noon)
	ahead, past := noon.AddDate(4, 0, 0), time.Date(1999, 12, 31, 23, 0, 0, 0, time.UTC)
	events := []model.Event{click(p, ahead, 1), click(p, past, 1), click(p, noon, 1)}
	w.enqueue(events...)
	w.unpack(early)
	if got := one[int](w, `select count(*) from analytics_default`); got != 2 {
		t.Fatalf("%d rows in the default partition, want the two of a wrong clock", got)
	}
	later := w.workerAt(ahead.AddDate(0, -1, 0))
	w.tidy(later)
	if got := one[string](w, `select (select count(*) from analytics_default) || ' ' || (select count(*) from analytics_2030_11)`); got != "1 1" {
		t.Errorf("rows in the default and in their month: %s, want one moved", got)
	}
	w.enqueue(events...)
	w.unpack(later)
	if got := one[string](w, `select count(*) || ' ' || (select sum(clicks) from analytics_days) from analytics`); got != "3 3" {
		t.Errorf("rows and clicks after a replay: %s, want 3 of each", got)
	}
}

// Events of a month whose partition somebody keeps from being made wait in the
// default one, and the worker goes on.
func TestMonthThatCannotBeMade(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.profile(w.user("artist"), "UTC")
	tx := w.owner.MustBegin()
	tx.MustExec(`lock table analytics_default in access share mode`)
	worker := w.workerAt(noon)
	w.enqueue(click(p, noon, 1))
	w.unpack(worker)
	if got := one[int](w, `select count(*) from only analytics_default`); got != 1 {
		t.Errorf("%d rows in the default partition", got)
	}
	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}
	w.tidy(worker)
	if got := one[int](w, `select count(*) from analytics_2026_11`); got != 1 {
		t.Errorf("%d rows in their month after tidying", got)
	}
}

func TestWhatIsKeptForAWhile(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.profile(w.user("artist"), "UTC")
	old := noon.AddDate(0, 0, -91)
	w.enqueue(click(p, old, 1), click(p, noon.AddDate(0, 0, -90), 1), click(p, noon, 1))
	worker := w.workerAt(noon)
	w.unpack(worker)
	w.exec(`insert into visitor_salts (day, salt) values ('2026-11-18', 'x'), ('2026-11-19', 'x'), ('2026-11-20', 'x')`)
	w.exec(`insert into events_set_aside (id, reason, at) values (gen_random_uuid(), 'old', '2026-08-01'), (gen_random_uuid(), 'new', '2026-11-01')`)
	w.tidy(worker)
	for query, want := range map[string]string{
		`select count(*) from analytics_hours`:                              "2",
		`select count(*) from analytics_days`:                               "3",
		`select string_agg(day::text, ' ' order by day) from visitor_salts`: "2026-11-20",
		`select string_agg(reason, ' ') from events_set_aside`:              "new",
	} {
		if got := one[string](w, query); got != want {
			t.Errorf("%s: %s, want %s", query, got, want)
		}
	}
}

// While somebody holds an old snapshot open the taken rows cannot be cleaned up.
// The floor rises all the same, so taking does not walk over them.
func TestFloorRisesBesideAnOldSnapshot(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.profile(w.user("artist"), "UTC")
	old := w.owner.MustBegin()
	defer old.Rollback()
	old.MustExec(`set transaction isolation level repeatable read`)
	old.MustExec(`select count(*) from event_inbox`)
	worker := w.worker()
	for i := range 50 {
		w.enqueue(click(p, noon.Add(time.Duration(i)*time.Second), 1))
		w.unpack(worker)
	}
	last := one[int64](w, `select last_value from event_inbox_id_seq`)
	// Transactions of other tests on the same server hold it back for a moment.
	await(t, "the floor is above all that is taken", func() bool {
		w.unpack(worker)
		return worker.floor == last
	})
}

// A row whose transaction commits late has a low id: the floor must not pass it.
func TestFloorWaitsForLateCommits(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.profile(w.user("artist"), "UTC")
	worker := w.worker()
	late := w.owner.MustBegin()
	e := click(p, noon, 9)
	late.MustExec(`insert into event_inbox (batch) values ($1)`, appendEvent([]byte{packVersion}, &e))
	for i := range 20 {
		w.enqueue(click(p, noon.Add(time.Duration(i+1)*time.Second), 1))
		w.unpack(worker)
	}
	if err := late.Commit(); err != nil {
		t.Fatal(err)
	}
	w.unpack(worker)
	if got := one[int](w, `select sum(clicks) from analytics_days`); got != 21 {
		t.Errorf("%d clicks, want 21 with the late one", got)
	}
}

// Somebody empties the table by hand: ids begin anew, below the floor.
func TestFloorOfAnInboxThatBeganAnew(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.profile(w.user("artist"), "UTC")
	worker := w.worker()
	for i := range 10 {
		w.enqueue(click(p, noon.Add(time.Duration(i)*time.Second), 1))
		w.unpack(worker)
	}
	// Transactions of other tests on the same server hold it back for a moment.
	await(t, "the floor rises", func() bool {
		w.unpack(worker)
		return worker.floor > 0
	})
	w.exec(`truncate event_inbox restart identity`)
	w.enqueue(click(p, noon.Add(time.Hour), 1))
	w.unpack(worker)
	if got := one[int](w, `select sum(clicks) from analytics_days`); got != 11 {
		t.Errorf("%d clicks, want 11", got)
	}
}
