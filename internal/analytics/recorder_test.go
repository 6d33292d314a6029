package analytics

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/internal/testenv"
)

// await asks until it is so.
func await(t *testing.T, what string, so func() bool) {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); !so(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("never: " + what)
		}
	}
}

// counted reads a counter as an operator would.
func counted(c prometheus.Counter) float64 {
	registry := prometheus.NewRegistry()
	registry.MustRegister(c)
	families, err := registry.Gather()
	if err != nil || len(families) != 1 {
		return -1
	}
	return families[0].GetMetric()[0].GetCounter().GetValue()
}

func segments(t *testing.T, dir string) []string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func TestRecordedIsInTheInbox(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.recorder(t.TempDir())
	p := w.profile(w.user("artist"), "UTC")
	const askers, each = 40, 25
	var all sync.WaitGroup
	for n := range askers {
		all.Go(func() {
			for range each {
				if e := click(p, time.Now(), byte(n)); !r.Record(&e) {
					t.Error("not recorded")
				}
			}
		})
	}
	all.Wait()
	if rows := one[int](w, `select count(*) from event_inbox`); rows == 0 || rows >= askers*each {
		t.Errorf("%d rows for %d events: nobody shared a commit", rows, askers*each)
	}
	if longest := one[int](w, `select max(length(batch)) from event_inbox`); longest > 8000 {
		t.Errorf("a row of %d bytes", longest)
	}
	w.unpack(w.worker())
	if got := one[int](w, `select sum(clicks) from analytics_days`); got != askers*each {
		t.Errorf("%d clicks, want %d", got, askers*each)
	}
}

// While nothing is in the way, what Record promises stands in the database at the
// moment it returns: another connection sees it.
func TestRecordWaitsForTheCommit(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.recorder(t.TempDir())
	p := w.profile(w.user("artist"), "UTC")
	for n := 1; n <= 20; n++ {
		e := click(p, time.Now(), 1)
		if !r.Record(&e) {
			t.Fatal("not recorded")
		}
		if got := one[int](w, `select count(*) from event_inbox`); got != n {
			t.Fatalf("%d rows after %d events", got, n)
		}
	}
}

// PostgreSQL stops, and comes back: nothing that was recorded is lost or doubled.
func TestPostgresStopsAndComesBack(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name       string
		stop, back func(*testenv.Server)
	}{
		{"stopped", (*testenv.Server).Stop, (*testenv.Server).Start},
		{"killed", (*testenv.Server).Kill, (*testenv.Server).Start},
		{"frozen", (*testenv.Server).Freeze, (*testenv.Server).Thaw},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			server := testenv.OwnPostgres(t)
			w := worldAt(t, server.URL)
			dir := t.TempDir()
			r := w.recorder(dir)
			r.within = answerWithin
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			go func() { _ = r.Run(ctx) }()
			p := w.profile(w.user("artist"), "UTC")
			record := func(n int) {
				t.Helper()
				for range n {
					if e := click(p, time.Now(), 1); !r.Record(&e) {
						t.Fatal("not recorded")
					}
				}
			}
			record(10)
			c.stop(server)
			record(30)
			if counted(r.metrics.spool) < 30 {
				t.Errorf("%v events went by the spool, want those 30", counted(r.metrics.spool))
			}
			c.back(server)
			record(10)
			await(t, "PostgreSQL takes events again", func() bool { return !r.away.Load() })
			await(t, "the spool is empty", func() bool { return len(segments(t, dir)) == 0 })
			w.unpack(w.worker())
			if got := one[int](w, `select sum(clicks) from analytics_days`); got != 50 {
				t.Errorf("%d clicks, want 50", got)
			}
		})
	}
}

// The answer of an insert is lost: it is in the inbox, and goes by the spool too.
func TestLostAnswerCountsOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	dir := t.TempDir()
	r := w.recorder(dir)
	add := r.add
	r.add = func(ctx context.Context, packs ...[]byte) error {
		return errors.Join(add(ctx, packs...), errors.New("the connection broke"))
	}
	p := w.profile(w.user("artist"), "UTC")
	e := click(p, noon, 1)
	if !r.Record(&e) {
		t.Fatal("not recorded")
	}
	if one[int](w, `select count(*) from event_inbox where length(batch) > 1`) != 1 || len(segments(t, dir)) != 1 {
		t.Fatal("not in both places")
	}
	r.spool.Release()
	r.Replay(context.Background()) // its answer is lost as well
	r.Replay(context.Background())
	if n := one[int](w, `select count(*) from event_inbox where length(batch) > 1`); n != 3 {
		t.Fatalf("%d copies of the event, want 3", n)
	}
	w.unpack(w.worker())
	if got := one[string](w, `select clicks || ' ' || visitors from analytics_days`); got != "1 1" {
		t.Errorf("clicks and visitors %s, want one each", got)
	}
}

// Both fail: the event is not promised, and somebody is told.
func TestNeitherPostgresNorSpool(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.recorder(t.TempDir())
	r.add = func(context.Context, ...[]byte) error { return errors.New("away") }
	sync := r.spool.sync
	r.spool.sync = func(*os.File) error { return errors.New("no space left on device") }
	p := w.profile(w.user("artist"), "UTC")
	e := click(p, noon, 1)
	if r.Record(&e) {
		t.Error("recorded nowhere, and promised")
	}
	if got := counted(r.metrics.lost); got != 1 {
		t.Errorf("events_lost_total is %v", got)
	}
	r.spool.sync = sync
	e = click(p, noon, 2)
	if !r.Record(&e) {
		t.Error("the spool works again, and is not used")
	}
}

// A disk that hangs holds nobody for ever.
func TestHangingSpool(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.recorder(t.TempDir())
	r.add = func(context.Context, ...[]byte) error { return errors.New("away") }
	release := make(chan struct{})
	defer close(release)
	r.spool.sync = func(*os.File) error { <-release; return nil }
	p := w.profile(w.user("artist"), "UTC")
	for range 3 {
		if e := click(p, noon, 1); r.Record(&e) {
			t.Error("promised what hangs")
		}
	}
}

func TestClosedRecorderPromisesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.recorder(t.TempDir())
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	e := click(model.NewProfileID(), noon, 1)
	if r.Record(&e) {
		t.Error("recorded after the end")
	}
}
