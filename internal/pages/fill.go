package pages

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
	"time"
	"unique"

	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/store"
)

// fill is one load on its way: all who want the same wait for it.
type fill struct {
	done  chan struct{}
	entry *entry
	err   error
	// stale tells that a change arrived after the load began, so that it may not be
	// kept: it may have read what was before. Under Pages.mu.
	stale bool
}

// maxDrawing is how many pages are drawn and compressed at the same time; more
// would only share the processors, each with its own large tables.
func maxDrawing() int { return runtime.GOMAXPROCS(0) + 1 }

// load gives an entry that is not in the cache, loading it once for all who ask.
// first is the coding that a page is packed in.
func (p *Pages) load(ctx context.Context, k key, first Coding) (*entry, error) {
	f, err := p.join(ctx, k, first)
	if err != nil {
		return nil, err
	}
	wait := time.NewTimer(loadWait)
	defer wait.Stop()
	select {
	case <-f.done:
		return f.entry, f.err
	case <-ctx.Done():
		return nil, model.Unavailable(ctx.Err())
	case <-wait.C:
		return nil, model.Unavailable(fmt.Errorf("not loaded within %s", loadWait))
	}
}

// join gives the load of a key that is on its way, or begins one. What is known
// to be absent, and anything while PostgreSQL is away, is an error at once.
func (p *Pages) join(ctx context.Context, k key, first Coding) (*fill, error) {
	if kind, ok := p.absent.GetIfPresent(key{handle: k.handle, id: k.id}); ok {
		return nil, absence(kind)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if f, ok := p.fills[k]; ok {
		return f, nil
	}
	f := &fill{done: make(chan struct{})}
	held := p.held(k)
	if held != nil && (!k.page || held.drawn && held.valid(p.now())) {
		f.entry = held // it arrived while we came here
		close(f.done)
		return f, nil
	}
	var row *store.PublicProfile
	if held != nil && held.row != nil {
		row = held.row // its time has come: the row is still the present one, no change has arrived
	} else if p.now().UnixNano() < p.awayUntil.Load() {
		return nil, model.Unavailable(fmt.Errorf("PostgreSQL did not answer a moment ago"))
	}
	p.fills[k] = f
	// The load goes on when the one who asked first goes away.
	go p.fill(context.WithoutCancel(ctx), k, first, row, f)
	return f, nil
}

// held is what the cache has under a key, valid or not.
func (p *Pages) held(k key) *entry {
	if k.handle != "" {
		return p.byHandle(k.handle)
	}
	e, _ := p.entries.GetIfPresent(k.id)
	return e
}

// fill loads, ends the wait of all, and keeps what was found unless a change
// arrived meanwhile.
func (p *Pages) fill(ctx context.Context, k key, first Coding, row *store.PublicProfile, f *fill) {
	defer close(f.done)
	f.entry, f.err = p.make(ctx, k, first, row)
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.fills[k] == f {
		delete(p.fills, k)
	}
	if f.stale || !p.following {
		return
	}
	if f.err == nil {
		p.keep(f.entry)
		return
	}
	switch kind := model.KindOf(f.err); kind {
	case model.KindNotFound, model.KindGone:
		p.absent.Set(key{handle: k.handle, id: k.id}, kind)
	}
}

// make reads the row, unless it is given, and makes an entry of it.
func (p *Pages) make(ctx context.Context, k key, first Coding, row *store.PublicProfile) (e *entry, err error) {
	defer func() {
		// One profile that cannot be drawn must not take the others down.
		if r := recover(); r != nil {
			p.log.Error("a page could not be made", "profile", k.id, "handle", k.handle, "panic", r, "stack", string(debug.Stack()))
			e, err = nil, &model.Error{Kind: model.KindInternal, Message: "page", Err: fmt.Errorf("panic: %v", r)}
		}
	}()
	if row == nil {
		fresh, err := p.readRow(ctx, k)
		if err != nil {
			return nil, err
		}
		row = &fresh
	}
	switch {
	case row.Suspended:
		return nil, absence(model.KindGone)
	case row.Off:
		return nil, absence(model.KindNotFound)
	}
	doc, err := model.ReadStored(row.Data)
	if err != nil {
		return nil, &model.Error{Kind: model.KindInternal, Message: "stored document", Err: fmt.Errorf("profile %s: %w", row.ID, err)}
	}
	e = &entry{id: row.ID, handle: row.Handle, links: packLinks(doc), zone: unique.Make(row.TimeZone).Value()}
	if filed(doc) {
		e.row = row
	}
	if !k.page {
		return e, nil
	}
	return e, p.draw(e, row, doc, first)
}

// draw makes the page of an entry.
func (p *Pages) draw(e *entry, row *store.PublicProfile, doc model.Document, first Coding) error {
	p.drawing <- struct{}{}
	defer func() { <-p.drawing }()
	at := p.now()
	html, csp, err := p.themes.Render(p.builder.page(contentOf(row, doc), at, false))
	if err != nil {
		return err
	}
	if first == Plain {
		first = Gzip // plain is not kept; who wants it unpacks
	}
	e.drawn, e.tag, e.csp = true, tagOf(html), []string{csp}
	if _, err := e.add(first, html); err != nil {
		return err
	}
	if e.until = doc.NextChange(at); !e.until.IsZero() {
		e.row = row
	}
	return nil
}

// readRow reads a profile's row. A connection that PostgreSQL has closed shows
// only when it is used, so a first failure is tried again.
func (p *Pages) readRow(ctx context.Context, k key) (store.PublicProfile, error) {
	ctx, cancel := context.WithTimeout(ctx, loadWait)
	defer cancel()
	row, err := p.read(ctx, k)
	if model.KindOf(err) == model.KindUnavailable && err != nil && ctx.Err() == nil {
		row, err = p.read(ctx, k)
	}
	if err != nil && model.KindOf(err) == model.KindUnavailable {
		p.awayUntil.Store(p.now().Add(awayFor).UnixNano())
	}
	return row, err
}

// absence is the error of a profile that fans cannot see.
func absence(kind model.Kind) error {
	if kind == model.KindGone {
		return &model.Error{Kind: model.KindGone, Message: "This page is suspended."}
	}
	return model.NotFound()
}
