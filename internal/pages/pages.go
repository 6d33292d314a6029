// Package pages makes the public pages and keeps them, finished and compressed, in
// memory: one row read and one drawing for all who ask until something changes.
// It also answers where a link leads, out of the same memory.
package pages

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/maypok86/otter/v2"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/store"
	"github.com/hlpfl/platform/views/fan"
)

// DefaultBytes bounds the cache where Options say nothing.
const DefaultBytes = 96 << 20

const (
	// maxAbsent bounds what is remembered of handles and ids that name nothing, and
	// absentFor how long: changes end it earlier.
	maxAbsent = 10_000
	absentFor = 2 * time.Second
	// loadWait is how long a fan waits for a page to be loaded.
	loadWait = 3 * time.Second
	// awayFor is how long PostgreSQL is left alone by loads after it did not answer.
	awayFor = time.Second
)

var errNotDrawn = errors.New("this entry holds no page")

// Options say what pages are made of.
type Options struct {
	Store    *store.Store
	Themes   *fan.Themes
	BaseURL  string // scheme and host, no slash at the end
	CDN      string // prefix of media; "" for none
	MaxBytes int64  // 0 means DefaultBytes
	Now      func() time.Time
	Registry prometheus.Registerer // nil: the figures are not shown
	Log      *slog.Logger
}

// Pages is the cache of public pages. It is safe for use by many goroutines. It
// keeps nothing before Follow has found its place in the list of changes.
type Pages struct {
	store   *store.Store
	themes  *fan.Themes
	builder builder
	now     func() time.Time
	log     *slog.Logger

	entries *otter.Cache[model.ProfileID, *entry]
	handles sync.Map // model.Handle -> *entry, those in entries alone
	absent  *otter.Cache[key, model.Kind]
	moved   *otter.Cache[model.Handle, model.Handle] // "" for a handle that nobody left

	mu        sync.Mutex // held where a fill ends, a change arrives or an entry is put in
	fills     map[key]*fill
	following bool // Follow has its place, so changes reach what is kept

	awayUntil atomic.Int64 // loads answer Unavailable at once until then, in Unix nanoseconds
	drawing   chan struct{}

	hits, misses atomic.Int64

	// read reads a profile's row; a test may make it slow.
	read func(context.Context, key) (store.PublicProfile, error)
}

// key says what is asked for: a profile by its handle or by its id, and whether
// its page is wanted or its links alone.
type key struct {
	handle model.Handle
	id     model.ProfileID
	page   bool
}

// New makes an empty cache.
func New(o Options) (*Pages, error) {
	if o.MaxBytes <= 0 {
		o.MaxBytes = DefaultBytes
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	p := &Pages{
		store:   o.Store,
		themes:  o.Themes,
		builder: newBuilder(o.BaseURL, o.CDN),
		now:     o.Now,
		log:     o.Log,
		fills:   map[key]*fill{},
		drawing: make(chan struct{}, maxDrawing()),
	}
	public := o.Store.Public()
	p.read = func(ctx context.Context, k key) (store.PublicProfile, error) {
		if k.handle != "" {
			return public.ByHandle(ctx, k.handle)
		}
		return public.ByID(ctx, k.id)
	}
	var err error
	p.entries, err = otter.New(&otter.Options[model.ProfileID, *entry]{
		MaximumWeight: uint64(o.MaxBytes),
		Weigher:       func(_ model.ProfileID, e *entry) uint32 { return e.weight() },
		OnAtomicDeletion: func(e otter.DeletionEvent[model.ProfileID, *entry]) {
			// keep looks after replacements: the same entry may stand there again.
			if e.Cause != otter.CauseReplacement {
				p.handles.CompareAndDelete(e.Value.handle, e.Value)
			}
		},
	})
	if err != nil {
		return nil, err
	}
	p.absent, err = otter.New(&otter.Options[key, model.Kind]{
		MaximumSize:      maxAbsent,
		ExpiryCalculator: otter.ExpiryWriting[key, model.Kind](absentFor),
	})
	if err != nil {
		return nil, err
	}
	p.moved, err = otter.New(&otter.Options[model.Handle, model.Handle]{
		MaximumSize:      maxAbsent,
		ExpiryCalculator: otter.ExpiryWriting[model.Handle, model.Handle](absentFor),
	})
	if err != nil {
		return nil, err
	}
	if o.Registry != nil {
		o.Registry.MustRegister(p.metrics()...)
	}
	return p, nil
}

// metrics shows Stats.
func (p *Pages) metrics() []prometheus.Collector {
	counter := func(name, help string, read func(Stats) float64) prometheus.Collector {
		return prometheus.NewCounterFunc(prometheus.CounterOpts{Name: name, Help: help}, func() float64 { return read(p.Stats()) })
	}
	gauge := func(name, help string, read func(Stats) float64) prometheus.Collector {
		return prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, func() float64 { return read(p.Stats()) })
	}
	return []prometheus.Collector{
		counter("pages_hits_total", "Public pages sent out of the cache.", func(s Stats) float64 { return float64(s.Hits) }),
		counter("pages_misses_total", "Public pages that were not in the cache.", func(s Stats) float64 { return float64(s.Misses) }),
		gauge("pages_entries", "Profiles in the cache.", func(s Stats) float64 { return float64(s.Entries) }),
		gauge("pages_bytes", "Bytes that the cache holds.", func(s Stats) float64 { return float64(s.Bytes) }),
	}
}

// Answer is a page as it is sent. Nothing in it may be changed.
type Answer struct {
	Body   []byte
	Coding Coding
	// Values of headers, made once for all who are sent this page: ETag,
	// Content-Length, and the Content-Security-Policy that belongs to these bytes.
	ETag, Length, CSP []string
	// Shared is how long a CDN may keep it.
	Shared time.Duration
}

// maxShared is how long a CDN may keep a page: it hears of no change.
const maxShared = 5 * time.Second

// Page gives the public page of a handle, which must be in the form that
// model.ParseHandle gives. It is NotFound when there is none or it is off, Gone
// when it is suspended, and Unavailable when it is not in the cache while
// PostgreSQL is away.
func (p *Pages) Page(ctx context.Context, handle model.Handle, c Coding) (Answer, error) {
	if a, ok := p.Cached(handle, c); ok {
		return a, nil
	}
	p.misses.Add(1)
	e, err := p.load(ctx, key{handle: handle, page: true}, c)
	if err != nil {
		return Answer{}, err
	}
	return p.answer(e, c)
}

// Cached is Page for a page that is in the cache; it waits for nothing.
func (p *Pages) Cached(handle model.Handle, c Coding) (Answer, bool) {
	e := p.byHandle(handle)
	if e == nil || !e.drawn || !e.valid(p.now()) {
		return Answer{}, false
	}
	a, err := p.answer(e, c)
	if err != nil {
		p.log.Error("a page in the cache cannot be read", "handle", handle, "error", err)
		return Answer{}, false
	}
	p.hits.Add(1)
	return a, true
}

// answer gives an entry's page in a coding, which the entry keeps from now on.
func (p *Pages) answer(e *entry, c Coding) (Answer, error) {
	f, grown, err := e.form(c)
	if err != nil {
		return Answer{}, err
	}
	if grown {
		p.weigh(e)
	}
	a := Answer{Body: f.body, Coding: c, ETag: f.etag, Length: f.length, CSP: e.csp, Shared: maxShared}
	if !e.until.IsZero() {
		a.Shared = max(0, min(maxShared, e.until.Sub(p.now())))
	}
	return a, nil
}

// Find tells where a link of a profile leads at this moment. An unknown link of a
// profile that is there is a Target that is not open. It is NotFound when there
// is no such profile or it is off, Gone when it is suspended, and Unavailable
// when it is not in the cache while PostgreSQL is away.
func (p *Pages) Find(ctx context.Context, profile model.ProfileID, link model.BlockID) (Target, error) {
	e, err := p.profile(ctx, profile)
	if err != nil {
		return Target{}, err
	}
	t := Target{Handle: e.handle, TimeZone: e.zone}
	t.URL, t.Open, t.Plays = e.links.find(link, p.now())
	return t, nil
}

// Handle gives the present handle of a profile that fans can see, with the
// errors of Find.
func (p *Pages) Handle(ctx context.Context, profile model.ProfileID) (model.Handle, error) {
	e, err := p.profile(ctx, profile)
	if err != nil {
		return "", err
	}
	return e.handle, nil
}

// profile gives a profile's entry, drawn or not.
func (p *Pages) profile(ctx context.Context, id model.ProfileID) (*entry, error) {
	if e, ok := p.entries.GetIfPresent(id); ok {
		return e, nil
	}
	return p.load(ctx, key{id: id}, Gzip)
}

// byHandle finds the entry of a handle, nil when it is not there.
func (p *Pages) byHandle(handle model.Handle) *entry {
	found, ok := p.handles.Load(handle)
	if !ok {
		return nil
	}
	e := found.(*entry)
	// The cache decides what is kept, and has to see what is asked for.
	if kept, ok := p.entries.GetIfPresent(e.id); !ok || kept != e {
		p.handles.CompareAndDelete(handle, e)
		return nil
	}
	return e
}

// keep puts an entry in, with p.mu held.
func (p *Pages) keep(e *entry) {
	var old *entry
	if kept, ok := p.entries.GetEntryQuietly(e.id); ok {
		old = kept.Value
		if old.drawn && !e.drawn && old.valid(p.now()) {
			return // the page and its links are both there
		}
	}
	p.handles.Store(e.handle, e)
	p.entries.Set(e.id, e)
	if old != nil && old.handle != e.handle {
		p.handles.CompareAndDelete(old.handle, old)
	}
}

// weigh tells the cache that an entry has grown.
func (p *Pages) weigh(e *entry) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if kept, ok := p.entries.GetEntryQuietly(e.id); ok && kept.Value == e {
		p.entries.Set(e.id, e)
	}
}

// Stats are figures of the cache since its start.
type Stats struct {
	Hits, Misses int64 // pages asked for
	Entries      int
	Bytes        uint64
}

// Stats reads the figures.
func (p *Pages) Stats() Stats {
	return Stats{p.hits.Load(), p.misses.Load(), p.entries.EstimatedSize(), p.entries.WeightedSize()}
}
