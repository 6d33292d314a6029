package store_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hlpfl/platform/internal/testenv"
	"github.com/hlpfl/platform/store"
)

// openLimits gives stores that count in Redis and in process: both must say the same.
func openLimits(t *testing.T) map[string]*store.Store {
	t.Helper()
	out := map[string]*store.Store{}
	for name, redis := range map[string]string{"redis": testenv.Redis(t), "in process": ""} {
		// Limits need no PostgreSQL: nobody listens there.
		s, err := store.Open(store.Options{DatabaseURL: "postgres://nobody@127.0.0.1:1/none", RedisURL: redis})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { s.Close() })
		out[name] = s
	}
	return out
}

func TestTake(t *testing.T) {
	t.Parallel()
	for name, s := range openLimits(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx := t.Context()
			for i := range 3 {
				if wait := s.Take(ctx, "a", 3, time.Minute); wait != 0 {
					t.Errorf("use %d has to wait %v", i, wait)
				}
			}
			for range 2 {
				if wait := s.Take(ctx, "a", 3, time.Minute); wait <= 50*time.Second || wait > time.Minute {
					t.Errorf("the fourth has to wait %v", wait)
				}
			}
			if wait := s.Take(ctx, "b", 3, time.Minute); wait != 0 {
				t.Errorf("another key has to wait %v", wait)
			}
			// A window ends.
			s.Take(ctx, "short", 1, 50*time.Millisecond)
			wait := s.Take(ctx, "short", 1, 50*time.Millisecond)
			if wait > 50*time.Millisecond {
				t.Errorf("a short window makes wait %v", wait)
			}
			time.Sleep(60 * time.Millisecond)
			if wait := s.Take(ctx, "short", 1, time.Minute); wait != 0 {
				t.Errorf("after the window: %v", wait)
			}
		})
	}
}

func TestTakeUnderACrowd(t *testing.T) {
	t.Parallel()
	for name, s := range openLimits(t) {
		var let atomic.Int64
		var wg sync.WaitGroup
		for range 40 {
			wg.Go(func() {
				if s.Take(t.Context(), "crowd", 10, time.Minute) == 0 {
					let.Add(1)
				}
			})
		}
		wg.Wait()
		if let.Load() != 10 {
			t.Errorf("%s: %d of a crowd were let through, want 10", name, let.Load())
		}
	}
}

func TestTry(t *testing.T) {
	t.Parallel()
	for name, s := range openLimits(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			now := time.Now().Truncate(time.Millisecond)
			const first, window = 30 * time.Second, 15 * time.Minute
			try := func(want time.Duration) {
				t.Helper()
				if wait := s.TryAt(t.Context(), now, "k", 5, first, window); wait != want {
					t.Fatalf("the wait is %v, want %v", wait, want)
				}
			}
			for range 5 {
				try(0)
			}
			// From the fifth on each next one waits twice as long, no longer than the window.
			for _, wait := range []time.Duration{first, 2 * first, 4 * first, 8 * first, 16 * first, window, window} {
				try(wait)
				now = now.Add(wait / 3)
				try(wait - wait/3) // asking while waiting makes it no longer
				now = now.Add(wait - wait/3)
				try(0)
			}
			s.Forget(t.Context(), "k")
			for range 5 {
				try(0)
			}
			try(first)
		})
	}
}

func TestFailuresAreForgottenWithTheirWindow(t *testing.T) {
	t.Parallel()
	for name, s := range openLimits(t) {
		s.Try(t.Context(), "old", 2, time.Hour, 50*time.Millisecond)
		time.Sleep(60 * time.Millisecond)
		for range 2 {
			if wait := s.Try(t.Context(), "old", 2, time.Hour, time.Hour); wait != 0 {
				t.Errorf("%s: an old failure counts: %v", name, wait)
			}
		}
	}
}

func TestLimitsGoOnInProcess(t *testing.T) {
	t.Parallel()
	r := testenv.OwnRedis(t)
	s, err := store.Open(store.Options{DatabaseURL: "postgres://nobody@127.0.0.1:1/none", RedisURL: r.URL})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	ctx := context.Background()
	if s.Take(ctx, "a", 2, time.Minute) != 0 {
		t.Fatal("the first use has to wait")
	}
	r.Freeze() // it answers nobody, and is asked once a second at most
	began, let := time.Now(), 0
	for range 1000 {
		if s.Take(ctx, "a", 2, time.Minute) == 0 {
			let++
		}
	}
	if let != 2 {
		t.Errorf("%d were let through in process, want 2", let)
	}
	if took := time.Since(began); took > 30*time.Second {
		t.Errorf("each use waited for a Redis that hangs: %v for 1,000", took)
	}
	r.Thaw()
}

func TestMemoryOfLimitsIsBounded(t *testing.T) {
	t.Parallel()
	s, err := store.Open(store.Options{DatabaseURL: "postgres://nobody@127.0.0.1:1/none"})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for i := range 250_000 {
		s.Take(t.Context(), fmt.Sprint(i), 1, time.Hour)
	}
	if n := s.LocalLimits(); n > store.MaxMarks {
		t.Errorf("%d counters are kept", n)
	}
}
