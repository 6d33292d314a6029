package jobs

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hlpfl/platform/store"
)

// doomed is the environment variable that makes this test binary a worker which
// takes a job and never returns from it.
const doomed = "HLPFL_DOOMED_WORKER"

func TestMain(m *testing.M) {
	if url := os.Getenv(doomed); url != "" {
		if err := beDoomed(url); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
		os.Exit(1)
	}
	os.Exit(m.Run())
}

func beDoomed(url string) error {
	s, err := store.Open(store.Options{DatabaseURL: url})
	if err != nil {
		return err
	}
	w, err := New(Options{Store: s, Lease: 2 * time.Second, Kinds: []Kind{{Name: "x", Attempts: 2, Run: func(context.Context, Job) error {
		fmt.Println("at work")
		select {}
	}}}})
	if err != nil {
		return err
	}
	return w.Run(context.Background())
}

// killOne starts a worker in a process of its own and kills it while it is at work.
func (w *world) killOne() {
	w.t.Helper()
	c := exec.Command(os.Args[0], "-test.run=^$")
	c.Env = append(os.Environ(), doomed+"="+w.url)
	c.Stderr = os.Stderr
	out, err := c.StdoutPipe()
	if err != nil {
		w.t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		w.t.Fatal(err)
	}
	defer c.Wait()
	defer c.Process.Kill()
	if line, err := bufio.NewReader(out).ReadString('\n'); err != nil || line != "at work\n" {
		w.t.Fatalf("the worker said %q, %v", line, err)
	}
}

func TestAKilledWorkersJobIsDoneByAnother(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.enqueue(store.NewJob{Kind: "x"})
	w.killOne()
	if r := w.row(); r.State != "running" || r.Due {
		t.Fatalf("right after the kill: %+v", r)
	}
	var attempt atomic.Int64
	w.start(Options{Kinds: []Kind{{Name: "x", Run: func(_ context.Context, j Job) error { attempt.Store(int64(j.Attempt())); return nil }}}})
	w.await("another did it", func() bool { return w.row().State == "done" })
	if attempt.Load() != 2 {
		t.Errorf("it was attempt %d, want 2", attempt.Load())
	}
}

// What kills its workers is given up in the end, without being run again.
func TestWhatKillsItsWorkersIsGivenUp(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.enqueue(store.NewJob{Kind: "x"})
	for range 2 {
		w.killOne()
		w.owner.MustExec(`update jobs set run_at = now()`)
	}
	var ran atomic.Bool
	w.start(Options{Kinds: []Kind{{Name: "x", Attempts: 2, Run: func(context.Context, Job) error { ran.Store(true); return nil }}}})
	w.await("it is dead", func() bool { return w.row().State == "dead" })
	if r := w.row(); ran.Load() || r.LastError == "" {
		t.Errorf("run: %v, %+v", ran.Load(), r)
	}
}

func TestWhoLostTheLeaseMaySayNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	w.enqueue(store.NewJob{Kind: "x"})
	in := func(f func(*store.SystemTx) error) error { return w.store.System(ctx, f) }
	take := func() (j store.Job) {
		t.Helper()
		err := in(func(tx *store.SystemTx) error {
			jobs, err := tx.TakeJobs(ctx, []string{"x"}, 9, time.Minute)
			if len(jobs) == 1 {
				j = jobs[0]
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return j
	}
	first := take()
	if again := take(); !again.ID.IsZero() {
		t.Fatal("it was taken twice within its lease")
	}
	w.owner.MustExec(`update jobs set run_at = now() - interval '1 s'`)
	second := take()
	if second.ID != first.ID || second.Token == first.Token {
		t.Fatalf("%+v after %+v", second, first)
	}
	for what, say := range map[string]func(*store.SystemTx) error{
		"renew":  func(tx *store.SystemTx) error { return tx.RenewJob(ctx, first, time.Hour) },
		"finish": func(tx *store.SystemTx) error { return tx.FinishJob(ctx, first) },
		"retry":  func(tx *store.SystemTx) error { return tx.RetryJob(ctx, first, time.Hour, "x") },
		"bury":   func(tx *store.SystemTx) error { return tx.BuryJob(ctx, first, "x") },
		"return": func(tx *store.SystemTx) error { return tx.ReturnJob(ctx, first) },
	} {
		if err := in(say); !errors.Is(err, store.ErrLeaseLost) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if r := w.row(); r.State != "running" || r.Token != second.Token || r.LastError != "" {
		t.Errorf("the row was changed by who lost it: %+v", r)
	}
	for range 2 { // an answer may get lost, and it is said again
		if err := in(func(tx *store.SystemTx) error { return tx.FinishJob(ctx, second) }); err != nil {
			t.Error(err)
		}
	}
	if err := in(func(tx *store.SystemTx) error { return tx.FinishJob(ctx, first) }); !errors.Is(err, store.ErrLeaseLost) {
		t.Errorf("after the other finished: %v", err)
	}
}

func TestAJobIsToldThatItsLeaseIsLost(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.enqueue(store.NewJob{Kind: "x"})
	at, told := make(chan struct{}), make(chan error, 1)
	w.start(Options{Lease: 2 * time.Second, Kinds: []Kind{{Name: "x", Run: func(ctx context.Context, _ Job) error {
		close(at)
		<-ctx.Done()
		told <- context.Cause(ctx)
		return ctx.Err()
	}}}})
	<-at
	w.owner.MustExec(`update jobs set token = token + 1, run_at = now() + interval '1 hour'`)
	if err := <-told; !errors.Is(err, store.ErrLeaseLost) {
		t.Errorf("told %v", err)
	}
	if r := w.row(); r.State != "running" || r.Due || r.Token != 2 {
		t.Errorf("%+v", r)
	}
}

func TestALongJobKeepsItsLease(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.enqueue(store.NewJob{Kind: "x"})
	at, end := make(chan struct{}, 9), make(chan struct{})
	kinds := []Kind{{Name: "x", Run: func(context.Context, Job) error { at <- struct{}{}; <-end; return nil }}}
	const lease = time.Second
	w.start(Options{Lease: lease, Kinds: kinds})
	<-at
	w.start(Options{Store: worldAt(t, w.url).store, Lease: lease, Kinds: kinds})
	time.Sleep(3 * lease)
	close(end)
	w.await("it is done", func() bool { return w.row().State == "done" })
	if r := w.row(); r.Token != 1 {
		t.Errorf("it was taken %d times", r.Token)
	}
}

// A job that finishes within its own transaction has its effect exactly once.
func TestFinishingWithTheEffect(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.owner.MustExec(`create table effects (n integer); grant insert on effects to hlpfl_system`)
	w.enqueue(store.NewJob{Kind: "x"})
	var taken atomic.Bool
	w.start(Options{Kinds: []Kind{{Name: "x", Run: func(ctx context.Context, j Job) error {
		return w.store.System(ctx, func(tx *store.SystemTx) error {
			if !taken.Swap(true) { // another took it meanwhile, and has not finished either
				w.owner.MustExec(`update jobs set token = token + 1, run_at = now() + interval '200 ms'`)
			}
			if _, err := tx.ExecContext(ctx, `insert into effects values (1)`); err != nil {
				return err
			}
			return j.Finish(ctx, tx)
		})
	}}}})
	w.await("it is done", func() bool { return w.row().State == "done" })
	if n := w.count(`select count(*) from effects`); n != 1 {
		t.Errorf("the effect stands %d times", n)
	}
}
