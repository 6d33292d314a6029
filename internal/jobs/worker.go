package jobs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/hlpfl/platform/store"
)

const (
	// leaseFor is how long a worker that says nothing keeps a job: what a killed one
	// had is done by another after that.
	leaseFor = time.Minute
	// lookEvery is how often is looked for jobs when no hint came.
	lookEvery = 2 * time.Second
	// countEvery is how often the figures of what waits are read.
	countEvery = 15 * time.Second
	// grace is how long jobs have to return after they were told to stop.
	grace = 20 * time.Second
	// sayWithin bounds saying what came of a job after the worker was told to stop.
	sayWithin = 5 * time.Second
)

// Options say what a worker works on.
type Options struct {
	Store    *store.Store
	Kinds    []Kind
	AtOnce   int                   // jobs at a time; 0 means 4
	Lease    time.Duration         // 0 means a minute; at least three renewals fit into it
	Registry prometheus.Registerer // nil: the figures are not shown
	Log      *slog.Logger
}

// Worker does jobs. Any number may run, in any number of processes.
type Worker struct {
	store   *store.Store
	kinds   map[string]Kind
	names   []string
	atOnce  int
	lease   time.Duration
	metrics metrics
	log     *slog.Logger

	backoff func(attempts int) time.Duration
	periods map[string]time.Time // when the next period of a cron kind begins, by our clock
	counted time.Time
	free    chan struct{} // one for every place that a job may take
	done    chan struct{} // a hint: a place became free
	running sync.WaitGroup
}

// New makes a worker. It fails when two kinds have one name, or one does nothing.
func New(o Options) (*Worker, error) {
	if o.AtOnce == 0 {
		o.AtOnce = 4
	}
	if o.Lease == 0 {
		o.Lease = leaseFor
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	w := &Worker{
		store: o.Store, kinds: map[string]Kind{}, atOnce: o.AtOnce, lease: o.Lease, log: o.Log, metrics: newMetrics(o.Registry),
		backoff: backoff, periods: map[string]time.Time{},
		free: make(chan struct{}, o.AtOnce), done: make(chan struct{}, 1),
	}
	for range o.AtOnce {
		w.free <- struct{}{}
	}
	for _, k := range o.Kinds {
		if _, twice := w.kinds[k.Name]; twice || k.Name == "" || k.Run == nil || k.Every%time.Second != 0 {
			return nil, fmt.Errorf("jobs of kind %q: it needs a name of its own, something to run and whole seconds", k.Name)
		}
		if k.Attempts == 0 {
			k.Attempts = defaultAttempts
		}
		w.kinds[k.Name] = k
		w.names = append(w.names, k.Name)
	}
	return w, nil
}

// Run works until ctx ends. Jobs that are at work then are told to stop and given
// back at once, to be done by another worker.
func (w *Worker) Run(ctx context.Context) error {
	hints, err := w.store.JobHints(ctx)
	if err != nil {
		return err
	}
	var told string
	for ctx.Err() == nil {
		wait, err := w.look(ctx)
		switch {
		case ctx.Err() != nil:
		case err != nil && err.Error() != told:
			told = err.Error() // once, not at every look
			w.log.Error("looking for jobs failed; trying again", "err", err)
		case err == nil:
			told = ""
		}
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
		case <-hints:
		case <-w.done:
		case <-timer.C:
		}
		timer.Stop()
	}
	ended := make(chan struct{})
	go func() { w.running.Wait(); close(ended) }()
	select {
	case <-ended:
	case <-time.After(grace):
		w.log.Warn("jobs did not stop when they were told to; another worker takes them when their lease has run out")
	}
	return nil
}

// look asks for the periods that have begun, takes what is due and has room, and
// gives how long nothing is to be expected.
func (w *Worker) look(ctx context.Context) (wait time.Duration, err error) {
	if err := w.askForPeriods(ctx); err != nil {
		return lookEvery, err
	}
	if err := w.count(ctx); err != nil {
		return lookEvery, err
	}
	room := w.takeRoom()
	if room == 0 {
		return lookEvery, nil // a place that becomes free wakes us
	}
	var taken []store.Job
	next := lookEvery
	err = w.store.System(ctx, func(tx *store.SystemTx) (err error) {
		if taken, err = tx.TakeJobs(ctx, w.names, room, w.lease); err != nil || len(taken) > 0 {
			return err
		}
		in, ok, err := tx.NextJob(ctx, w.names)
		if ok {
			next = min(max(in, 10*time.Millisecond), lookEvery)
		}
		return err
	})
	if err != nil {
		// The commit may have arrived all the same: those leases run out.
		taken = nil
	}
	for range room - len(taken) {
		w.free <- struct{}{}
	}
	for _, j := range taken {
		w.running.Go(func() {
			w.do(ctx, j)
			w.free <- struct{}{}
			select {
			case w.done <- struct{}{}:
			default:
			}
		})
	}
	if len(taken) > 0 {
		return 0, err // there may be more
	}
	return next, err
}

// takeRoom takes all places that are free.
func (w *Worker) takeRoom() (n int) {
	for {
		select {
		case <-w.free:
			n++
		default:
			return n
		}
	}
}

func (w *Worker) askForPeriods(ctx context.Context) error {
	for _, name := range w.names {
		k := w.kinds[name]
		if k.Every == 0 || time.Now().Before(w.periods[name]) {
			continue
		}
		var left time.Duration
		err := w.store.System(ctx, func(tx *store.SystemTx) (err error) {
			left, err = tx.EnqueuePeriod(ctx, name, k.Every)
			return err
		})
		if err != nil {
			return err
		}
		w.periods[name] = time.Now().Add(left)
	}
	return nil
}

func (w *Worker) count(ctx context.Context) error {
	if time.Since(w.counted) < countEvery {
		return nil
	}
	w.counted = time.Now()
	return w.store.System(ctx, func(tx *store.SystemTx) error {
		counts, err := tx.JobCounts(ctx)
		for state, n := range counts {
			w.metrics.rows.WithLabelValues(state).Set(float64(n))
		}
		return err
	})
}

// errStopping is why a job's context ends when the worker is told to stop.
var errStopping = errors.New("the worker is stopping")

// do does one job that was taken and says what came of it.
func (w *Worker) do(ctx context.Context, j store.Job) {
	k := w.kinds[j.Kind]
	w.metrics.late.Set(j.Late)
	began := time.Now()
	if j.Attempts > k.Attempts {
		// Whoever had it last was killed, or could not say what came of it.
		w.say(ctx, j, "dead", errors.New("its workers ended before they could say what came of it"))
		return
	}
	at, cancel := context.WithCancelCause(context.WithoutCancel(ctx))
	defer cancel(nil)
	stop := context.AfterFunc(ctx, func() { cancel(errStopping) })
	defer stop()
	renewed := make(chan struct{})
	go func() { defer close(renewed); w.renew(at, j, cancel) }()
	err := run(at, k, Job{j})
	cause := context.Cause(at)
	cancel(nil)
	<-renewed
	w.metrics.took.WithLabelValues(j.Kind).Observe(time.Since(began).Seconds())
	switch {
	case errors.Is(cause, store.ErrLeaseLost) || errors.Is(err, store.ErrLeaseLost):
		w.say(ctx, j, "lost", err)
	case err == nil:
		w.say(ctx, j, "done", nil)
	case errors.Is(cause, errStopping):
		w.say(ctx, j, "returned", err)
	case isFinal(err), j.Attempts >= k.Attempts:
		w.say(ctx, j, "dead", err)
	default:
		w.say(ctx, j, "failed", err)
	}
}

// run makes an error of a panic: one job's mistake ends that job alone.
func run(ctx context.Context, k Kind, j Job) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return k.Run(ctx, j)
}

// renew keeps the lease until ctx ends. When it is lost, or could not be renewed
// for as long as it lasts, the job is told to stop.
func (w *Worker) renew(ctx context.Context, j store.Job, cancel context.CancelCauseFunc) {
	tick := time.NewTicker(w.lease / 4)
	defer tick.Stop()
	until := time.Now().Add(w.lease)
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		asked := time.Now()
		try, done := context.WithTimeout(ctx, w.lease/4)
		err := w.store.System(try, func(tx *store.SystemTx) error { return tx.RenewJob(try, j, w.lease) })
		done()
		switch {
		case err == nil:
			until = asked.Add(w.lease)
		case errors.Is(err, store.ErrLeaseLost), !time.Now().Before(until.Add(-w.lease / 4)):
			cancel(store.ErrLeaseLost)
			return
		}
	}
}

// say writes down what came of a job, and tells the log what somebody may want to
// look at. What cannot be written is done again when the lease has run out.
func (w *Worker) say(ctx context.Context, j store.Job, outcome string, cause error) {
	// Also after the worker was told to stop, but not for ever.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), max(w.lease, sayWithin))
	defer cancel()
	wait := w.backoff(j.Attempts)
	err := w.store.System(ctx, func(tx *store.SystemTx) error {
		switch outcome {
		case "done":
			return tx.FinishJob(ctx, j)
		case "failed":
			return tx.RetryJob(ctx, j, wait, cause.Error())
		case "dead":
			return tx.BuryJob(ctx, j, cause.Error())
		case "returned":
			return tx.ReturnJob(ctx, j)
		}
		return nil // lost: it is another's to say
	})
	log := w.log.With("kind", j.Kind, "job", j.ID.String(), "attempt", j.Attempts)
	switch {
	case errors.Is(err, store.ErrLeaseLost):
		outcome = "lost"
	case err != nil:
		log.Error("what came of a job could not be written; it is done again", "outcome", outcome, "err", err)
		outcome = "unsaid"
	}
	w.metrics.ended.WithLabelValues(j.Kind, outcome).Inc()
	switch outcome {
	case "failed":
		log.Warn("a job failed; trying again", "in", wait.Round(time.Second), "err", cause)
	case "dead":
		log.Error("a job was given up", "err", cause)
	case "lost":
		log.Warn("a job took longer than its lease; another worker does it")
	}
}
