// Package analytics records what fans do, counts it, and answers what the
// dashboard asks. Recording is durable before it says so; counting happens once
// for each event, whatever is killed or replayed; questions read roll-ups.
package analytics

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/store"
)

const (
	// answerWithin is how long PostgreSQL may take to commit before a pack goes to
	// the spool instead.
	answerWithin = 150 * time.Millisecond
	// spoolWithin is how long the spool may take before an event counts as lost.
	spoolWithin = 2 * time.Second
	// probeEvery is how often it is tried whether PostgreSQL is back.
	probeEvery = 500 * time.Millisecond
	// silentFor is how long a connection may say nothing before it is given up.
	silentFor = 3 * time.Second
	// replayEvery is how often the spool is looked through.
	replayEvery = time.Second
)

// RecorderOptions say where events go.
type RecorderOptions struct {
	Store    *store.Store
	SpoolDir string
	Registry prometheus.Registerer // nil: the figures are not shown
	Log      *slog.Logger
}

// Recorder makes events durable: in PostgreSQL's inbox, or in the spool while
// PostgreSQL does not answer. Requests that wait at the same moment share one row
// and one commit. It is safe for use by many goroutines.
type Recorder struct {
	inbox    *store.Inbox
	spool    *Spool
	visitors *visitors
	zones    zones
	metrics  recorderMetrics
	log      *slog.Logger

	mu      sync.Mutex
	waiting *group // whoever comes now joins it; nil when nobody waits
	closed  bool
	wake    chan struct{}
	stopped chan struct{} // closed when the flusher has ended

	away     atomic.Bool // PostgreSQL does not answer: straight to the spool
	spooling chan struct{}
	probing  sync.WaitGroup
	end      chan struct{}

	// add commits packs in the inbox; a test may make it slow or fail, and wait
	// longer for it on a busy machine.
	add    func(ctx context.Context, packs ...[]byte) error
	within time.Duration
}

// group is the requests that share a commit.
type group struct {
	packs  [][]byte
	events int
	done   chan struct{}
	stored bool // valid when done is closed
}

// NewRecorder starts a recorder. It fails when the spool cannot be written.
// PostgreSQL need not be there yet.
func NewRecorder(o RecorderOptions) (*Recorder, error) {
	if o.Log == nil {
		o.Log = slog.Default()
	}
	spool, err := OpenSpool(o.SpoolDir, o.Log)
	if err != nil {
		return nil, err
	}
	inbox, err := o.Store.Inbox(silentFor)
	if err != nil {
		return nil, err
	}
	r := &Recorder{
		inbox:    inbox,
		spool:    spool,
		visitors: newVisitors(o.Store),
		metrics:  newRecorderMetrics(o.Registry),
		log:      o.Log,
		wake:     make(chan struct{}, 1),
		stopped:  make(chan struct{}),
		spooling: make(chan struct{}, 1),
		end:      make(chan struct{}),
		add:      inbox.Add,
		within:   answerWithin,
	}
	go r.flushAll()
	return r, nil
}

// Spool is where this recorder's events wait while PostgreSQL is away.
func (r *Recorder) Spool() *Spool { return r.spool }

// Visitor gives the hash that stands for a fan on a profile today. zone is the
// profile's time zone by its name.
func (r *Recorder) Visitor(profile model.ProfileID, zone string, address netip.Addr, agent string) model.VisitorHash {
	return r.visitors.hash(profile, r.zones.zone(zone), address, agent, time.Now())
}

// Record makes an event durable and reports whether it is. It waits for the
// commit; that takes as long as the slower of PostgreSQL and the spool may take,
// about two seconds at worst. When it gives false the event may be stored all the
// same, but nobody may rely on it.
func (r *Recorder) Record(e *model.Event) (recorded bool) {
	r.mu.Lock()
	if r.closed {
		r.mu.Unlock()
		r.metrics.lost.Inc()
		return false
	}
	g := r.waiting
	if g == nil {
		g = &group{done: make(chan struct{})}
		r.waiting = g
	}
	g.join(e)
	r.mu.Unlock()
	select {
	case r.wake <- struct{}{}:
	default: // the flusher knows already
	}
	<-g.done
	return g.stored
}

// join packs an event beside the others.
func (g *group) join(e *model.Event) {
	g.events++
	const typical = 300 // bytes of an event
	if n := len(g.packs) - 1; n >= 0 {
		before := len(g.packs[n])
		joined := appendEvent(g.packs[n], e)
		if len(joined) <= store.MaxBatch {
			g.packs[n] = joined
			return
		}
		g.packs[n] = joined[:before]
	}
	pack := append(make([]byte, 0, 4*typical), packVersion)
	g.packs = append(g.packs, appendEvent(pack, e))
}

// flushAll is the one flusher: it takes whoever waits, commits, lets them go, and
// takes whoever came meanwhile. A lone event pays for nobody else.
func (r *Recorder) flushAll() {
	defer close(r.stopped)
	for range r.wake {
		r.mu.Lock()
		g, closed := r.waiting, r.closed
		r.waiting = nil
		r.mu.Unlock()
		if g != nil {
			g.stored = r.flush(g)
			close(g.done)
		}
		if closed {
			return
		}
	}
}

func (r *Recorder) flush(g *group) bool {
	if !r.away.Load() {
		err := within(r.within, func() error { return r.add(context.Background(), g.packs...) })
		if err == nil {
			r.metrics.inbox.Add(float64(g.events))
			return true
		}
		r.goAway(err)
	}
	// The pack that PostgreSQL may have after all goes to the spool as it is: the
	// events' ids make storing it twice harmless.
	if err := r.toSpool(g.packs); err != nil {
		r.metrics.lost.Add(float64(g.events))
		r.log.Error("events lost: neither PostgreSQL nor the spool took them", "events", g.events, "err", err)
		return false
	}
	r.metrics.spool.Add(float64(g.events))
	return true
}

var errSlow = errors.New("no answer in time")

// within runs f and waits for it for a while. What comes later is nobody's
// business any more.
func within(limit time.Duration, f func() error) error {
	done := make(chan error, 1)
	go func() { done <- f() }()
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case err := <-done:
		return err
	case <-timer.C:
		return errSlow
	}
}

// toSpool appends packs to the spool, and waits for a disk that hangs only so long.
func (r *Recorder) toSpool(packs [][]byte) error {
	select {
	case r.spooling <- struct{}{}:
	default:
		return fmt.Errorf("the spool still hangs: %w", errSlow)
	}
	return within(spoolWithin, func() error {
		defer func() { <-r.spooling }()
		return r.spool.Append(packs...)
	})
}

// goAway sends everything straight to the spool until a probe finds PostgreSQL
// taking packs again.
func (r *Recorder) goAway(why error) {
	if r.away.Swap(true) {
		return
	}
	r.metrics.away.Set(1)
	r.log.Warn("PostgreSQL does not take events; they go to the spool", "err", why)
	r.probing.Go(r.probe)
}

func (r *Recorder) probe() {
	ticker := time.NewTicker(probeEvery)
	defer ticker.Stop()
	for {
		select {
		case <-r.end:
			return
		case <-ticker.C:
		}
		// A pack of no events goes the whole way: a server that answers and cannot
		// write is not back. A connection that hangs ends after silentFor.
		if err := r.add(context.Background(), []byte{packVersion}); err != nil {
			continue
		}
		r.away.Store(false)
		r.metrics.away.Set(0)
		r.log.Info("PostgreSQL takes events again")
		r.spool.Release()
		return
	}
}

// Run does what goes on beside recording, until ctx ends: it reads the visitors'
// salts and replays what waits in the spool, other processes' too.
func (r *Recorder) Run(ctx context.Context) error {
	ticker := time.NewTicker(replayEvery)
	defer ticker.Stop()
	for told := false; ; {
		if !r.away.Load() {
			err := r.visitors.refresh(ctx, time.Now())
			if err != nil && !told && ctx.Err() == nil {
				r.log.Warn("the visitors' salts could not be read; trying again every second", "err", err)
			}
			told = err != nil // once, not every second
			r.Replay(ctx)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
	}
}

// Replay takes what nobody holds in the spool to the inbox. What cannot be taken
// now stays for the next time.
func (r *Recorder) Replay(ctx context.Context) {
	n, err := r.spool.Replay(func(packs ...[]byte) error { return r.add(ctx, packs...) })
	r.metrics.replayed.Add(float64(n))
	switch {
	case err != nil && ctx.Err() == nil:
		r.log.Warn("replaying the spool did not end", "packs", n, "err", err)
	case n > 0:
		r.log.Info("events from the spool are in the inbox", "packs", n)
	}
}

// Close waits for what is being recorded, lets go of the spool and ends the
// connections. Recording afterwards gives false.
func (r *Recorder) Close() error {
	r.mu.Lock()
	if r.closed {
		r.mu.Unlock()
		return nil
	}
	r.closed = true
	r.mu.Unlock()
	select {
	case r.wake <- struct{}{}:
	default:
	}
	<-r.stopped
	close(r.end)
	r.probing.Wait()
	r.spool.Release()
	return r.inbox.Close()
}
