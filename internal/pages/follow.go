package pages

import (
	"context"
	"time"

	"github.com/hlpfl/platform/store"
)

const (
	// followEvery is how often changes are read without any hint.
	followEvery = time.Second
	// followRest is the least time between two readings: many hints make one.
	followRest = 20 * time.Millisecond
	// trustFor is how long the list of changes can be taken up again where it was
	// left. It is well below the time that rows are kept.
	trustFor = store.KeepChanges / 4
)

// follower is a place in the list of changes.
type follower struct {
	pages *Pages
	next  uint64                // read from this transaction on; 0: no place yet
	seen  map[store.Change]bool // what was read from there on already
	at    time.Time             // of the last reading that worked
	away  bool
}

// Follow reads what changed and forgets it, once a second and when hinted, until
// ctx ends.
func (p *Pages) Follow(ctx context.Context) {
	hints := p.store.ChangeHints(ctx)
	tick := time.NewTicker(followEvery)
	defer tick.Stop()
	f := follower{pages: p}
	for ctx.Err() == nil {
		f.read(ctx)
		select {
		case <-ctx.Done():
		case <-time.After(followRest):
		}
		select {
		case <-ctx.Done():
		case <-tick.C:
		case <-hints:
		}
	}
}

// read takes the changes since the last time. Without a place, or when the last
// one is too old to be trusted, everything is forgotten.
func (f *follower) read(ctx context.Context) {
	since := f.next
	if f.pages.now().Sub(f.at) > trustFor {
		since = 0
	}
	changes, next, err := f.pages.store.Public().Changes(ctx, since)
	if err != nil {
		if !f.away && ctx.Err() == nil {
			f.away = true
			f.pages.log.Warn("changes of pages cannot be read; pages in the cache go on being served", "error", err)
		}
		return
	}
	if f.away {
		f.away = false
		f.pages.log.Info("changes of pages are read again")
	}
	f.pages.awayUntil.Store(0)
	f.at = f.pages.now()
	// A number below ours means another history: PostgreSQL was set back.
	if since == 0 || next < since {
		f.next, f.seen = next, map[store.Change]bool{}
		f.pages.forgetAll()
		return
	}
	var fresh []store.Change
	for _, c := range changes {
		if !f.seen[c] {
			f.seen[c] = true
			fresh = append(fresh, c)
		}
	}
	f.next = next
	for c := range f.seen {
		if c.XID < next {
			delete(f.seen, c) // it will not be read again
		}
	}
	f.pages.forget(fresh)
}

// forget drops what is known of changed profiles, and marks the loads that may
// have read what was before.
func (p *Pages) forget(changes []store.Change) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range changes {
		p.entries.Invalidate(c.Profile)
		// Somebody else's entry under this handle would be out of date too.
		if e := p.byHandle(c.Handle); e != nil {
			p.entries.Invalidate(e.id)
		}
		for _, k := range []key{{handle: c.Handle}, {id: c.Profile}} {
			p.absent.Invalidate(k)
			p.spoil(k)
			k.page = true
			p.spoil(k)
		}
	}
}

// spoil marks a load as stale; who comes from now on begins another. With p.mu held.
func (p *Pages) spoil(k key) {
	if f, ok := p.fills[k]; ok {
		f.stale = true
		delete(p.fills, k)
	}
}

// forgetAll drops everything.
func (p *Pages) forgetAll() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.following = true
	for k, f := range p.fills {
		f.stale = true
		delete(p.fills, k)
	}
	p.entries.InvalidateAll()
	p.absent.InvalidateAll()
}
