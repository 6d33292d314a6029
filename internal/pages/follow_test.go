package pages

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/internal/testenv"
	"github.com/hlpfl/platform/store"
)

// Two replicas, one with Redis and one without, must both show what was published
// by the one or the other.
func TestEveryReplicaShowsAChange(t *testing.T) {
	t.Parallel()
	redisURL := testenv.Redis(t)
	for name, urls := range map[string][2]string{"with Redis": {redisURL, redisURL}, "without Redis": {}, "one with Redis": {redisURL, ""}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, testenv.Database(t))
			a, sa := w.replica(urls[0], 0)
			b, sb := w.replica(urls[1], 0)
			w.follow(a)
			w.follow(b)
			id := w.add("ines", document("first"))
			if !says(t, a, "ines", "first") || !says(t, b, "ines", "first") {
				t.Fatal("the page says something else from the start")
			}
			w.publish(sa, id, "ines", document("second"))
			w.until("both say second", func() bool { return says(t, a, "ines", "second") && says(t, b, "ines", "second") })
			w.publish(sb, id, "ines", document("third"))
			w.until("both say third", func() bool { return says(t, a, "ines", "third") && says(t, b, "ines", "third") })
			target, err := a.Find(t.Context(), id, "vinyl")
			if err != nil || target.URL != "https://example.com/third" {
				t.Errorf("the link leads to %+v, %v", target, err)
			}
		})
	}
}

// With Redis the other replica hears of a change at once: its own reading is
// slowed down here until only a hint can bring it in time.
func TestAHintComesByRedis(t *testing.T) {
	t.Parallel()
	redisURL := testenv.Redis(t)
	w := newWorld(t, testenv.Database(t))
	_, publisher := w.replica(redisURL, 0)
	_, listener := w.replica(redisURL, 0)
	hints := listener.ChangeHints(t.Context())
	id := w.add("ines", document("first"))
	// Subscribing takes a moment that nobody tells the end of.
	w.until("a hint has come", func() bool {
		w.publish(publisher, id, "ines", document("second"))
		select {
		case <-hints:
			return true
		case <-time.After(50 * time.Millisecond):
			return false
		}
	})
}

// Within the process the hint is there when the transaction is: who publishes sees
// it at once, without Redis too.
func TestAChangeIsHintedAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, testenv.Database(t))
	_, s := w.replica("", 0)
	hints := s.ChangeHints(t.Context())
	id := w.add("ines", document("first"))
	w.publish(s, id, "ines", document("second"))
	select {
	case <-hints:
	default:
		t.Error("no hint")
	}
	w.publish(s, id, "ines", document("third"))
	if err := s.AsUser(t.Context(), w.user, func(*store.UserTx) error { return nil }); err != nil {
		t.Fatal(err)
	}
	<-hints // of the publish
	select {
	case <-hints:
		t.Error("a hint without a change")
	default:
	}
}

// A transaction that began early and commits late is found, though changes with
// higher numbers were read long before.
func TestALateCommitIsNotMissed(t *testing.T) {
	t.Parallel()
	w := newWorld(t, testenv.Database(t))
	p, s := w.replica("", 0)
	w.follow(p)
	early := w.add("early", document("first"))
	w.add("late", document("first"))
	if !says(t, p, "early", "first") || !says(t, p, "late", "first") {
		t.Fatal("the pages say something else from the start")
	}
	tx, err := w.db.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback() // after a commit it does nothing
	for _, query := range []string{
		`update profiles set profile_data = jsonb_set(profile_data, '{bio}', '"This page says second."') where handle = 'late'`,
		`insert into profile_changes (profile_id, handle) select id, handle from profiles where handle = 'late'`,
	} {
		if _, err := tx.Exec(query); err != nil {
			t.Fatal(err)
		}
	}
	for range 3 { // later numbers, committed and read before
		w.publish(s, early, "early", document("other"))
		w.publish(s, early, "early", document("second"))
	}
	w.until("early says second", func() bool { return says(t, p, "early", "second") })
	if !says(t, p, "late", "first") {
		t.Fatal("late shows what is not committed")
	}
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
	w.until("late says second", func() bool { return says(t, p, "late", "second") })
}

// While some transaction stays open, the changes after it are read again and
// again; each may empty the cache only once.
func TestAChangeEmptiesTheCacheOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, testenv.Database(t))
	p, s := w.replica("", 0)
	reads := counted(p)
	w.follow(p)
	tx, err := w.db.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback() // it only has to be open
	if _, err := tx.Exec(`select pg_current_xact_id()`); err != nil {
		t.Fatal(err)
	}
	id := w.add("ines", document("first"))
	w.publish(s, id, "ines", document("second"))
	time.Sleep(followEvery / 2) // the change is read
	says(t, p, "ines", "second")
	before := reads.Load()
	for range 4 {
		time.Sleep(followEvery / 2)
		says(t, p, "ines", "second")
	}
	if n := reads.Load() - before; n != 0 {
		t.Errorf("the page was loaded %d times more without any change", n)
	}
}

// A load that read the row before a change, and ends after the change was heard
// of, must not be kept.
func TestALoadThatBeganBeforeAChangeIsNotKept(t *testing.T) {
	t.Parallel()
	for name, ask := range map[string]func(*Pages, model.ProfileID) error{
		"by handle": func(p *Pages, _ model.ProfileID) error {
			_, err := p.Page(context.Background(), "ines", Gzip)
			return err
		},
		"by id": func(p *Pages, id model.ProfileID) error {
			_, err := p.Find(context.Background(), id, "vinyl")
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, testenv.Database(t))
			p, s := w.replica("", 0)
			w.follow(p)
			id := w.add("ines", document("first"))
			hasRead, goOn := make(chan struct{}), make(chan struct{})
			read, slow := p.read, make(chan bool, 1)
			slow <- true
			p.read = func(ctx context.Context, k key) (store.PublicProfile, error) {
				row, err := read(ctx, k)
				select {
				case <-slow: // the first one dawdles
					close(hasRead)
					<-goOn
				default:
				}
				return row, err
			}
			done := make(chan error)
			go func() { done <- ask(p, id) }()
			<-hasRead
			w.publish(s, id, "ines", document("second"))
			w.until("the change is heard of", func() bool {
				p.mu.Lock()
				defer p.mu.Unlock()
				return len(p.fills) == 0
			})
			close(goOn)
			if err := <-done; err != nil {
				t.Fatal(err)
			}
			if !says(t, p, "ines", "second") {
				t.Error("the page from before the change was kept")
			}
			if target, err := p.Find(t.Context(), id, "vinyl"); err != nil || target.URL != "https://example.com/second" {
				t.Errorf("the link leads to %+v, %v", target, err)
			}
		})
	}
}

// Before the first reading of changes nothing tells that a page is out of date.
func TestNothingIsKeptBeforeItsChangesAreHeardOf(t *testing.T) {
	t.Parallel()
	w := newWorld(t, testenv.Database(t))
	id := w.add("ines", document("first"))
	p, _ := w.replica("", 0)
	reads := counted(p)
	for range 3 {
		if !says(t, p, "ines", "first") {
			t.Fatal("the page says something else")
		}
		if _, err := p.Find(t.Context(), id, "vinyl"); err != nil {
			t.Fatal(err)
		}
	}
	if n := reads.Load(); n != 6 || p.Stats().Entries != 0 {
		t.Errorf("%d reads, %d entries: something was kept", n, p.Stats().Entries)
	}
}

func TestAHandleMoves(t *testing.T) {
	t.Parallel()
	w := newWorld(t, testenv.Database(t))
	p, s := w.replica("", 0)
	w.follow(p)
	id := w.add("ines", document("hers"))
	if !says(t, p, "ines", "hers") {
		t.Fatal("the page says something else from the start")
	}
	if _, err := p.Page(t.Context(), "okafor", Gzip); model.KindOf(err) != model.KindNotFound || err == nil {
		t.Fatalf("the handle is not free: %v", err)
	}
	err := s.AsUser(t.Context(), w.user, func(tx *store.UserTx) error {
		if _, err := tx.Exec(`update profiles set handle = 'okafor' where id = $1`, id); err != nil {
			return err
		}
		return tx.NoteChange(t.Context(), id, "ines", "okafor")
	})
	if err != nil {
		t.Fatal(err)
	}
	w.until("the old address is gone", func() bool {
		_, err := p.Page(t.Context(), "ines", Gzip)
		return err != nil && model.KindOf(err) == model.KindNotFound
	})
	if !says(t, p, "okafor", "hers") {
		t.Error("the new address shows another page")
	}
	if target, err := p.Find(t.Context(), id, "vinyl"); err != nil || target.Handle != "okafor" {
		t.Errorf("the link: %+v, %v", target, err)
	}
	other := w.add("ines", document("another's"))
	w.publish(s, other, "ines", document("another's"))
	w.until("the address is somebody else's", func() bool {
		a, err := p.Page(t.Context(), "ines", Plain)
		return err == nil && len(a.Body) > 0 && says(t, p, "ines", "another&#39;s")
	})
	if !says(t, p, "okafor", "hers") {
		t.Error("the first profile lost its page")
	}
}

// A transaction that is rolled back changes nothing, and its note goes with it.
func TestARollbackIsNoChange(t *testing.T) {
	t.Parallel()
	w := newWorld(t, testenv.Database(t))
	p, s := w.replica("", 0)
	id := w.add("ines", document("first"))
	w.follow(p)
	says(t, p, "ines", "first")
	no := errors.New("no")
	err := s.AsUser(t.Context(), w.user, func(tx *store.UserTx) error {
		if err := tx.NoteChange(t.Context(), id, "ines"); err != nil {
			t.Error(err)
		}
		return no
	})
	if !errors.Is(err, no) {
		if model.KindOf(err) != model.KindInternal {
			t.Fatal(err)
		}
	}
	var rows int
	if err := w.db.QueryRow(`select count(*) from profile_changes`).Scan(&rows); err != nil || rows != 0 {
		t.Errorf("%d notes, %v", rows, err)
	}
}

func TestOldChangesAreSwept(t *testing.T) {
	t.Parallel()
	w := newWorld(t, testenv.Database(t))
	_, s := w.replica("", 0)
	id := w.add("ines", document("first"))
	w.publish(s, id, "ines", document("second"))
	w.exec(`insert into profile_changes (profile_id, handle, at) values ($1, 'ines', now() - interval '61 minutes')`, id)
	w.exec(`insert into profile_changes (profile_id, handle, at) values ($1, 'ines', now() - interval '59 minutes')`, id)
	var gone int64
	err := s.System(t.Context(), func(tx *store.SystemTx) (err error) { gone, err = tx.SweepChanges(t.Context()); return err })
	if err != nil || gone != 1 {
		t.Errorf("%d rows were swept, %v; want the one that is older than an hour", gone, err)
	}
}
