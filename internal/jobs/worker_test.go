package jobs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"
	_ "github.com/lib/pq" // database/sql's driver

	"github.com/hlpfl/platform/internal/testenv"
	"github.com/hlpfl/platform/store"
)

// world is a database with the program's doors and its owner's.
type world struct {
	t     *testing.T
	url   string
	store *store.Store
	owner *sqlx.DB
}

func newWorld(t *testing.T) *world {
	t.Helper()
	return worldAt(t, testenv.Database(t))
}

func worldAt(t *testing.T, url string) *world {
	t.Helper()
	s, err := store.Open(store.Options{DatabaseURL: url})
	if err != nil {
		t.Fatal(err)
	}
	owner := sqlx.MustOpen("postgres", url)
	t.Cleanup(func() { _ = owner.Close(); _ = s.Close() })
	return &world{t, url, s, owner}
}

func (w *world) enqueue(jobs ...store.NewJob) {
	w.t.Helper()
	err := w.store.System(context.Background(), func(tx *store.SystemTx) error {
		for _, j := range jobs {
			if err := tx.Enqueue(context.Background(), j); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

// row is the one job there is.
type row struct {
	State     string  `db:"state"`
	Attempts  int     `db:"attempts"`
	Token     int64   `db:"token"`
	LastError string  `db:"last_error"`
	Due       bool    `db:"due"`
	Seconds   float64 `db:"seconds"` // until it is due
}

func (w *world) row() (r row) {
	w.t.Helper()
	err := w.owner.Get(&r, `select state, attempts, token, last_error, run_at <= now() as due, extract(epoch from run_at - now())::float as seconds from jobs`)
	if err != nil {
		w.t.Fatal(err)
	}
	return r
}

func (w *world) count(query string) (n int) {
	w.t.Helper()
	if err := w.owner.Get(&n, query); err != nil {
		w.t.Fatal(err)
	}
	return n
}

func (w *world) await(what string, so func() bool) {
	w.t.Helper()
	for end := time.Now().Add(time.Minute); !so(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			w.t.Fatalf("never: %s; the rows: %+v", what, w.rows())
		}
	}
}

func (w *world) rows() (all []string) {
	if err := w.owner.Select(&all, `select to_jsonb(j)::text from jobs j limit 5`); err != nil {
		w.t.Log(err)
	}
	return all
}

// start lets a worker run until the returned function is called, or the test ends.
func (w *world) start(o Options) (stop func()) {
	w.t.Helper()
	worker := w.worker(o)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		if err := worker.Run(ctx); err != nil {
			w.t.Error(err)
		}
	}()
	stop = func() { cancel(); <-ended }
	w.t.Cleanup(stop)
	return stop
}

func (w *world) worker(o Options) *Worker {
	w.t.Helper()
	if o.Store == nil {
		o.Store = w.store
	}
	o.Log = slog.New(slog.DiscardHandler)
	worker, err := New(o)
	if err != nil {
		w.t.Fatal(err)
	}
	worker.backoff = func(int) time.Duration { return time.Millisecond }
	return worker
}

func TestManyWorkersDoEachJobOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const jobs = 400
	var mu sync.Mutex
	did := map[int]int{}
	var atOnce, most atomic.Int64
	kinds := []Kind{{Name: "count", Run: func(ctx context.Context, j Job) error {
		most.Store(max(most.Load(), atOnce.Add(1)))
		defer atOnce.Add(-1)
		var p struct{ N int }
		if err := j.Read(&p); err != nil {
			return err
		}
		mu.Lock()
		defer mu.Unlock()
		did[p.N]++
		return nil
	}}}
	for range 4 {
		w.start(Options{Store: worldAt(t, w.url).store, Kinds: kinds, AtOnce: 5})
	}
	var all []store.NewJob
	for n := range jobs {
		all = append(all, store.NewJob{Kind: "count", Payload: map[string]int{"N": n}})
	}
	w.enqueue(all...)
	w.await("all are done", func() bool { return w.count(`select count(*) from jobs where state = 'done'`) == jobs })
	for n := range jobs {
		if did[n] != 1 {
			t.Errorf("job %d was done %d times", n, did[n])
		}
	}
	if n := w.count(`select count(*) from jobs where attempts <> 1 or token <> 1`); n != 0 {
		t.Errorf("%d jobs were taken more than once", n)
	}
	if most.Load() > 20 {
		t.Errorf("%d jobs ran at once; four workers of five places may run 20", most.Load())
	}
}

func TestAJobFollowsItsTransaction(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	back := errors.New("rolled back")
	err := w.store.System(ctx, func(tx *store.SystemTx) error {
		return errors.Join(tx.Enqueue(ctx, store.NewJob{Kind: "x"}), back)
	})
	if !errors.Is(err, back) || w.count(`select count(*) from jobs`) != 0 {
		t.Errorf("after a rollback: %v, %d jobs", err, w.count(`select count(*) from jobs`))
	}
	w.enqueue(
		store.NewJob{Kind: "x", Once: "the same"}, store.NewJob{Kind: "x", Once: "the same"}, store.NewJob{Kind: "x", Once: "another"},
		store.NewJob{Kind: "x", RunAt: time.Now().Add(time.Hour)}, store.NewJob{Kind: "of a newer version"})
	if n := w.count(`select count(*) from jobs`); n != 4 {
		t.Fatalf("%d jobs, want 4: two under the same words are one", n)
	}
	var did atomic.Int64
	w.start(Options{Kinds: []Kind{{Name: "x", Run: func(context.Context, Job) error { did.Add(1); return nil }}}})
	w.await("two are done", func() bool { return w.count(`select count(*) from jobs where state = 'done'`) == 2 })
	if n := w.count(`select count(*) from jobs where state = 'waiting' and attempts = 0 and (run_at > now() or kind <> 'x')`); n != 2 || did.Load() != 2 {
		t.Errorf("what is not due, and what nobody here knows, does not wait: %d wait, %d were done", n, did.Load())
	}
	// A job that is due later is done when its time has come.
	w.owner.MustExec(`update jobs set run_at = now() + interval '300 ms' where kind = 'x' and state = 'waiting'`)
	w.await("the third is done", func() bool { return did.Load() == 3 })
}

func TestWhatFailsIsTriedAgainAndGivenUp(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		run      func(Job) error
		attempts int
		state    string
		says     string
	}{
		"always":  {func(j Job) error { return fmt.Errorf("no luck \x00\xff at %d", j.Attempt()) }, 3, "dead", "no luck \uFFFD at 3"},
		"finally": {func(Job) error { return Final(errors.New("never")) }, 1, "dead", "never"},
		"payload": {func(j Job) error { var p struct{ N []int }; return j.Read(&p) }, 1, "dead", "the payload: json: cannot unmarshal"},
		"panic":   {func(Job) error { panic("oh") }, 3, "dead", "panic: oh"},
		"in the end": {func(j Job) error {
			if j.Attempt() == 3 {
				return nil
			}
			return errors.New("not yet")
		}, 3, "done", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			var did atomic.Int64
			w.enqueue(store.NewJob{Kind: "x", Payload: map[string]string{"N": "text"}})
			w.start(Options{Kinds: []Kind{{Name: "x", Attempts: 3, Run: func(_ context.Context, j Job) error { did.Add(1); return c.run(j) }}}})
			w.await("it ended", func() bool { return w.count(`select count(*) from jobs where finished_at is not null`) == 1 })
			r := w.row()
			if r.State != c.state || r.Attempts != c.attempts || int(did.Load()) != c.attempts || !strings.HasPrefix(r.LastError, c.says) || (c.says == "") != (r.LastError == "") {
				t.Errorf("%+v after %d runs", r, did.Load())
			}
		})
	}
}

func TestWaitingGrowsAndIsSpread(t *testing.T) {
	for attempts, want := range map[int]time.Duration{0: firstWait, 1: firstWait, 2: 2 * firstWait, 5: 16 * firstWait, 13: longestWait, 1000: longestWait} {
		least, most := time.Duration(1<<62), time.Duration(0)
		for range 200 {
			got := backoff(attempts)
			least, most = min(least, got), max(most, got)
		}
		if least < want*3/4 || most > want*5/4 || most-least < want/8 {
			t.Errorf("after %d attempts: from %v to %v, want about %v, spread", attempts, least, most, want)
		}
	}
	w := newWorld(t)
	w.enqueue(store.NewJob{Kind: "x"})
	worker := w.worker(Options{Kinds: []Kind{{Name: "x", Run: func(context.Context, Job) error { return errors.New("no") }}}})
	worker.backoff = backoff
	if _, err := worker.look(t.Context()); err != nil {
		t.Fatal(err)
	}
	worker.running.Wait()
	if r := w.row(); r.State != "waiting" || r.Due || r.Seconds < 5 || r.Seconds > 13 {
		t.Errorf("after its first failure: %+v", r)
	}
}

func TestAPeriodHasOneJob(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var mu sync.Mutex
	var periods []time.Time
	kinds := []Kind{{Name: "tick", Every: time.Second, Run: func(_ context.Context, j Job) error {
		var p struct{ Period time.Time }
		if err := j.Read(&p); err != nil {
			return err
		}
		mu.Lock()
		defer mu.Unlock()
		periods = append(periods, p.Period)
		return nil
	}}, {Name: "hourly", Every: time.Hour, Run: func(context.Context, Job) error { return nil }}}
	for range 2 {
		w.start(Options{Store: worldAt(t, w.url).store, Kinds: kinds})
	}
	w.await("four periods are done", func() bool { return w.count(`select count(*) from jobs where kind = 'tick' and state = 'done'`) >= 4 })
	mu.Lock()
	defer mu.Unlock()
	seen := map[time.Time]bool{}
	for _, p := range periods {
		if seen[p] || p.Nanosecond() != 0 {
			t.Errorf("the period of %v was done twice, or does not begin with a second", p)
		}
		seen[p] = true
	}
	if n := w.count(`select count(*) from jobs where kind = 'hourly'`); n > 2 {
		t.Errorf("%d hours have begun in these seconds", n)
	}
}

func TestBeingToldToStopGivesAJobBackAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.enqueue(store.NewJob{Kind: "long"})
	at := make(chan struct{})
	stop := w.start(Options{Kinds: []Kind{{Name: "long", Run: func(ctx context.Context, _ Job) error {
		close(at)
		<-ctx.Done()
		return ctx.Err()
	}}}})
	<-at
	stop()
	if r := w.row(); r.State != "waiting" || !r.Due || r.Attempts != 0 {
		t.Fatalf("after the worker stopped: %+v", r)
	}
	var attempt atomic.Int64
	w.start(Options{Kinds: []Kind{{Name: "long", Run: func(_ context.Context, j Job) error { attempt.Store(int64(j.Attempt())); return nil }}}})
	w.await("another does it", func() bool { return w.row().State == "done" })
	if attempt.Load() != 1 {
		t.Errorf("it was attempt %d", attempt.Load())
	}
}

// What is nearly done when the worker is told to stop is said to be done.
func TestWhatEndsWhileStoppingIsDone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.enqueue(store.NewJob{Kind: "long"})
	at := make(chan struct{})
	stop := w.start(Options{Kinds: []Kind{{Name: "long", Run: func(ctx context.Context, _ Job) error { close(at); <-ctx.Done(); return nil }}}})
	<-at
	stop()
	if r := w.row(); r.State != "done" {
		t.Errorf("%+v", r)
	}
}

func TestKindsAreChecked(t *testing.T) {
	run := func(context.Context, Job) error { return nil }
	for name, kinds := range map[string][]Kind{
		"twice": {{Name: "a", Run: run}, {Name: "a", Run: run}}, "nothing to run": {{Name: "a"}}, "no name": {{Run: run}},
		"no whole seconds": {{Name: "a", Run: run, Every: 1500 * time.Millisecond}},
	} {
		if _, err := New(Options{Kinds: kinds}); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}

func TestPayloadsAreKeptAsTheyAre(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.enqueue(store.NewJob{Kind: "x"})
	var got json.RawMessage
	if err := w.owner.Get(&got, `select payload from jobs`); err != nil || string(got) != "{}" {
		t.Errorf("without one it is %s, %v", got, err)
	}
	err := w.store.System(t.Context(), func(tx *store.SystemTx) error {
		return tx.Enqueue(t.Context(), store.NewJob{Kind: "x", Payload: func() {}})
	})
	if err == nil {
		t.Error("a function was taken for a payload")
	}
}
