package pages

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/internal/testenv"
	"github.com/hlpfl/platform/store"
	"github.com/hlpfl/platform/views/fan"
)

// world is a database with one user in it, and a clock that a test turns.
type world struct {
	t     *testing.T
	url   string
	db    *sql.DB
	user  model.UserID
	clock atomic.Int64
}

func newWorld(t *testing.T, databaseURL string) *world {
	t.Helper()
	db, err := sql.Open("postgres", databaseURL)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	w := &world{t: t, url: databaseURL, db: db, user: model.NewUserID()}
	w.clock.Store(noon.UnixNano())
	w.exec(`insert into users (id, email) values ($1, 'ines@example.com')`, w.user)
	return w
}

func (w *world) now() time.Time { return time.Unix(0, w.clock.Load()).UTC() }

func (w *world) exec(query string, args ...any) {
	w.t.Helper()
	if _, err := w.db.Exec(query, args...); err != nil {
		w.t.Fatal(err)
	}
}

// replica is one process's cache, following when it is given back.
func (w *world) replica(redisURL string, bytes int64) (*Pages, *store.Store) {
	w.t.Helper()
	s, err := store.Open(store.Options{DatabaseURL: w.url, RedisURL: redisURL})
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { s.Close() })
	return newPages(w.t, Options{Store: s, BaseURL: "https://hlpfl.example", MaxBytes: bytes, Now: w.now}), s
}

func newPages(t testing.TB, o Options) *Pages {
	t.Helper()
	var err error
	if o.Themes, err = fan.NewThemes(""); err != nil {
		t.Fatal(err)
	}
	p, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// follow runs Follow for as long as the test lasts, and waits for its place.
func (w *world) follow(p *Pages) {
	w.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); p.Follow(ctx) }()
	w.t.Cleanup(func() { cancel(); <-done })
	w.until("the cache has its place among the changes", func() bool {
		p.mu.Lock()
		defer p.mu.Unlock()
		return p.following
	})
}

func (w *world) until(what string, ok func() bool) {
	w.t.Helper()
	for end := time.Now().Add(10 * time.Second); !ok(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(end) {
			w.t.Fatalf("not within ten seconds: %s", what)
		}
	}
}

// document has one link with a title that tells pages apart.
func document(title string) model.Document {
	doc := model.NewDocument()
	doc.Bio = "This page says " + title + "."
	doc.Blocks = []model.Block{{ID: "vinyl", Enabled: true, Body: model.Link{Title: title, URL: model.URL("https://example.com/" + title)}}}
	return doc
}

func (w *world) add(handle string, doc model.Document) model.ProfileID {
	w.t.Helper()
	id := model.NewProfileID()
	data, err := json.Marshal(doc)
	if err != nil {
		w.t.Fatal(err)
	}
	w.exec(`insert into profiles (id, user_id, handle, profile_name, profile_data) values ($1, $2, $3, 'Ines Okafor', $4)`, id, w.user, handle, data)
	return id
}

// publish changes a profile as the program does: with its note, in one transaction.
func (w *world) publish(s *store.Store, id model.ProfileID, handle model.Handle, doc model.Document) {
	w.t.Helper()
	data, err := json.Marshal(doc)
	if err != nil {
		w.t.Fatal(err)
	}
	err = s.AsUser(w.t.Context(), w.user, func(tx *store.UserTx) error {
		if _, err := tx.Exec(`update profiles set profile_data = $2 where id = $1`, id, data); err != nil {
			return err
		}
		return tx.NoteChange(w.t.Context(), id, handle)
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

// get reads a page and unpacks it.
func get(t *testing.T, p *Pages, handle model.Handle, c Coding) (string, Answer) {
	t.Helper()
	a, err := p.Page(t.Context(), handle, c)
	if err != nil {
		t.Fatalf("%s: %v", handle, err)
	}
	plain, err := unpack(a.Coding, a.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(plain), a
}

func says(t *testing.T, p *Pages, handle model.Handle, title string) bool {
	t.Helper()
	html, _ := get(t, p, handle, Gzip)
	return strings.Contains(html, "This page says "+title+".")
}

// counted counts how often a cache reads a row.
func counted(p *Pages) *atomic.Int64 {
	var n atomic.Int64
	read := p.read
	p.read = func(ctx context.Context, k key) (store.PublicProfile, error) {
		n.Add(1)
		return read(ctx, k)
	}
	return &n
}

func TestAPageIsReadOnceAndSentInEveryCoding(t *testing.T) {
	t.Parallel()
	w := newWorld(t, testenv.Database(t))
	id := w.add("ines", document("vinyl"))
	p, _ := w.replica("", 0)
	reads := counted(p)
	w.follow(p)
	var first string
	tags := map[string]bool{}
	for _, c := range []Coding{Plain, Gzip, Brotli, Plain, Brotli, Gzip} {
		html, a := get(t, p, "ines", c)
		if first == "" {
			first = html
		}
		if html != first || !strings.Contains(html, "This page says vinyl.") || a.Coding != c || a.Shared != maxShared || !strings.Contains(a.CSP[0], "default-src 'none'") {
			t.Errorf("%q: %d bytes, %+v", c, len(html), a.Coding)
		}
		tags[a.ETag[0]] = true
	}
	if len(tags) != 3 {
		t.Errorf("three codings have the tags %v", tags)
	}
	if target, err := p.Find(t.Context(), id, "vinyl"); err != nil || target != (Target{"https://example.com/vinyl", true, false, "ines", "UTC"}) {
		t.Errorf("the link leads to %+v, %v", target, err)
	}
	if target, err := p.Find(t.Context(), id, "gone"); err != nil || target != (Target{"", false, false, "ines", "UTC"}) {
		t.Errorf("a link that is gone leads to %+v, %v", target, err)
	}
	if n := reads.Load(); n != 1 {
		t.Errorf("the row was read %d times", n)
	}
	if s := p.Stats(); s.Misses != 1 || s.Hits != 5 || s.Entries != 1 {
		t.Errorf("figures: %+v", s)
	}
}

// A click on a profile that nobody looked at here needs no drawing; the page
// that is asked for afterwards is drawn.
func TestAClickLoadsTheLinksAlone(t *testing.T) {
	t.Parallel()
	w := newWorld(t, testenv.Database(t))
	id := w.add("ines", document("vinyl"))
	p, _ := w.replica("", 0)
	reads := counted(p)
	w.follow(p)
	for range 2 {
		if target, err := p.Find(t.Context(), id, "vinyl"); err != nil || !target.Open {
			t.Fatalf("%+v, %v", target, err)
		}
	}
	if n := reads.Load(); n != 1 {
		t.Errorf("two clicks read the row %d times", n)
	}
	if e, _ := p.entries.GetIfPresent(id); e == nil || e.drawn {
		t.Errorf("a click drew the page: %+v", e)
	}
	if !says(t, p, "ines", "vinyl") {
		t.Error("the page after the click is another")
	}
	if _, err := p.Find(t.Context(), id, "vinyl"); err != nil || reads.Load() != 2 {
		t.Errorf("a click after the page: %v, %d reads", err, reads.Load())
	}
}

func TestAStampedeLoadsOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, testenv.Database(t))
	w.add("ines", document("vinyl"))
	p, _ := w.replica("", 0)
	var reads atomic.Int64
	read := p.read
	p.read = func(ctx context.Context, k key) (store.PublicProfile, error) {
		reads.Add(1)
		time.Sleep(100 * time.Millisecond)
		return read(ctx, k)
	}
	w.follow(p)
	var wg sync.WaitGroup
	for i := range 200 {
		wg.Go(func() {
			if _, err := p.Page(context.Background(), "ines", Coding(i%3)); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n := reads.Load(); n != 1 {
		t.Errorf("200 fans at once made %d loads", n)
	}
}

// The fan who began a load may go away; the others get their page.
func TestALoadOutlivesWhoBeganIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t, testenv.Database(t))
	w.add("ines", document("vinyl"))
	p, _ := w.replica("", 0)
	started, goOn := make(chan struct{}), make(chan struct{})
	read := p.read
	p.read = func(ctx context.Context, k key) (store.PublicProfile, error) {
		close(started)
		<-goOn
		return read(ctx, k)
	}
	w.follow(p)
	ctx, leave := context.WithCancel(context.Background())
	left := make(chan error)
	go func() { _, err := p.Page(ctx, "ines", Gzip); left <- err }()
	<-started
	leave()
	if err := <-left; !errors.Is(err, context.Canceled) {
		t.Errorf("who left got %v", err)
	}
	got := make(chan error)
	go func() { _, err := p.Page(context.Background(), "ines", Gzip); got <- err }()
	close(goOn)
	if err := <-got; err != nil {
		t.Errorf("who stayed got %v", err)
	}
}

func TestWhatFansCannotSee(t *testing.T) {
	t.Parallel()
	w := newWorld(t, testenv.Database(t))
	p, s := w.replica("", 0)
	w.follow(p)
	id := w.add("ines", document("vinyl"))
	for _, state := range []struct {
		set  string
		kind model.Kind
	}{
		{`is_active = false`, model.KindNotFound},
		{`is_active = true, deleted_at = now()`, model.KindNotFound},
		{`deleted_at = null, suspended_at = now()`, model.KindGone},
	} {
		w.exec(`update profiles set ` + state.set)
		if err := s.System(t.Context(), func(tx *store.SystemTx) error { return tx.NoteChange(t.Context(), id, "ines") }); err != nil {
			t.Fatal(err)
		}
		for what, ask := range map[string]func() error{
			"page":   func() error { _, err := p.Page(t.Context(), "ines", Gzip); return err },
			"link":   func() error { _, err := p.Find(t.Context(), id, "vinyl"); return err },
			"handle": func() error { _, err := p.Handle(t.Context(), id); return err },
		} {
			w.until(state.set+": the "+what+" is away", func() bool { err := ask(); return err != nil && model.KindOf(err) == state.kind })
		}
	}
	w.exec(`update profiles set suspended_at = null`)
	if err := s.System(t.Context(), func(tx *store.SystemTx) error { return tx.NoteChange(t.Context(), id, "ines") }); err != nil {
		t.Fatal(err)
	}
	w.until("the page is back", func() bool { _, err := p.Page(t.Context(), "ines", Gzip); return err == nil })
}

func TestUnknownHandlesAreAskedForOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, testenv.Database(t))
	p, s := w.replica("", 0)
	reads := counted(p)
	w.follow(p)
	for range 20 {
		if _, err := p.Page(t.Context(), "nobody", Gzip); model.KindOf(err) != model.KindNotFound || err == nil {
			t.Fatalf("nobody: %v", err)
		}
	}
	if n := reads.Load(); n != 1 {
		t.Errorf("an unknown handle was read %d times", n)
	}
	// Somebody takes the handle: the page is there with the change, not when the memory of its absence ends.
	id := w.add("nobody", document("vinyl"))
	w.publish(s, id, "nobody", document("tape"))
	w.until("the new page is there", func() bool { _, err := p.Page(t.Context(), "nobody", Gzip); return err == nil })
	// However many are asked for, few are remembered.
	for i := range 3 * maxAbsent {
		p.absent.Set(key{handle: model.Handle(fmt.Sprint("nobody-", i))}, model.KindNotFound)
	}
	p.absent.CleanUp()
	if n := p.absent.EstimatedSize(); n > maxAbsent {
		t.Errorf("%d absent handles are remembered", n)
	}
}

func TestTheBoundHolds(t *testing.T) {
	t.Parallel()
	const bound = 200_000
	w := newWorld(t, testenv.Database(t))
	p, _ := w.replica("", bound)
	w.follow(p)
	for i := range 60 {
		w.add(fmt.Sprint("artist-", i), document(fmt.Sprint("record-", i)))
	}
	for round := range 2 {
		for i := range 60 {
			handle := model.Handle(fmt.Sprint("artist-", i))
			if html, _ := get(t, p, handle, Coding((i+round)%3)); !strings.Contains(html, fmt.Sprint("record-", i, ".")) {
				t.Fatalf("%s is another's page", handle)
			}
		}
		p.entries.CleanUp()
		if s := p.Stats(); s.Bytes > bound || s.Entries < 5 {
			t.Errorf("round %d: %+v under a bound of %d", round, s, bound)
		}
	}
	// What was thrown out is not held by its handle either.
	indexed := 0
	p.handles.Range(func(_, _ any) bool { indexed++; return true })
	if n := p.entries.EstimatedSize(); indexed != n {
		t.Errorf("%d handles lead to %d entries", indexed, n)
	}
}
