package pages

import (
	"strings"
	"testing"
	"time"

	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/internal/testenv"
)

// At the second of a scheduled change, by the clock of this process, the page is
// another one: with PostgreSQL and without.
func TestAPageChangesAtItsTime(t *testing.T) {
	t.Parallel()
	pg := testenv.OwnPostgres(t)
	w := newWorld(t, pg.URL)
	doc := document("vinyl")
	doc.Blocks = append(doc.Blocks,
		model.Block{ID: "starts", Enabled: true, StartsAt: at(10 * time.Second), Body: model.Link{Title: "opens", URL: "https://example.com/opens"}},
		model.Block{ID: "ends", Enabled: true, EndsAt: at(20 * time.Second), Body: model.Link{Title: "closes", URL: "https://example.com/closes"}},
	)
	id := w.add("ines", doc)
	p, _ := w.replica("", 0)
	reads := counted(p)
	w.follow(p)
	check := func(after time.Duration, opens, closes bool, shared time.Duration) {
		t.Helper()
		w.clock.Store(noon.Add(after).UnixNano())
		html, a := get(t, p, "ines", Gzip)
		if strings.Contains(html, "opens") != opens || strings.Contains(html, "closes") != closes {
			t.Errorf("after %s: opens is shown: %v, closes is shown: %v", after, !opens, !closes)
		}
		if a.Shared != shared {
			t.Errorf("after %s: a CDN may keep it for %s, want %s", after, a.Shared, shared)
		}
		for link, want := range map[model.BlockID]bool{"starts": opens, "ends": closes, "vinyl": true} {
			if target, err := p.Find(t.Context(), id, link); err != nil || target.Open != want || target.URL == "" {
				t.Errorf("after %s: %s is %+v, %v", after, link, target, err)
			}
		}
	}
	check(0, false, true, 5*time.Second)
	check(6*time.Second, false, true, 4*time.Second)
	check(9*time.Second, false, true, time.Second)
	check(10*time.Second, true, true, 5*time.Second)
	pg.Stop()
	check(19*time.Second, true, true, time.Second)
	check(20*time.Second, true, false, 5*time.Second)
	check(21*time.Second, true, false, 5*time.Second)
	if n := reads.Load(); n != 1 {
		t.Errorf("the row was read %d times: what is scheduled needs no other reading", n)
	}
}

// While PostgreSQL is away, what is in the cache goes on being served; the rest
// is Unavailable at once, and there again when PostgreSQL is.
func TestPagesOutliveAnOutage(t *testing.T) {
	t.Parallel()
	pg := testenv.OwnPostgres(t)
	w := newWorld(t, pg.URL)
	known, other := w.add("known", document("first")), w.add("other", document("first"))
	p, s := w.replica("", 0)
	w.follow(p)
	says(t, p, "known", "first")
	pg.Kill()
	for range 5 {
		if !says(t, p, "known", "first") {
			t.Fatal("the page says something else")
		}
		if _, err := p.Find(t.Context(), known, "vinyl"); err != nil {
			t.Fatal(err)
		}
		for _, c := range []Coding{Plain, Brotli} {
			get(t, p, "known", c)
		}
		if _, err := p.Page(t.Context(), "other", Gzip); model.KindOf(err) != model.KindUnavailable {
			t.Fatalf("a page outside the cache: %v", err)
		}
		if _, err := p.Find(t.Context(), other, "vinyl"); model.KindOf(err) != model.KindUnavailable {
			t.Fatalf("a link outside the cache: %v", err)
		}
	}
	pg.Start()
	w.until("the other page is there", func() bool {
		w.clock.Add(int64(10 * time.Millisecond))
		_, err := p.Page(t.Context(), "other", Gzip)
		return err == nil
	})
	w.publish(s, known, "known", document("second"))
	w.until("changes are heard of again", func() bool { return says(t, p, "known", "second") })
}

// A connection that stays open while nothing answers must not hold a fan for long.
func TestAFrozenPostgresHoldsNobody(t *testing.T) {
	t.Parallel()
	pg := testenv.OwnPostgres(t)
	w := newWorld(t, pg.URL)
	w.add("known", document("first"))
	w.add("other", document("first"))
	p, _ := w.replica("", 0)
	w.follow(p)
	says(t, p, "known", "first")
	pg.Freeze()
	defer pg.Thaw()
	start := time.Now()
	_, err := p.Page(t.Context(), "other", Gzip)
	if model.KindOf(err) != model.KindUnavailable {
		t.Errorf("a page outside the cache: %v", err)
	}
	if took := time.Since(start); took > 2*loadWait {
		t.Errorf("the fan waited %s", took)
	}
	if !says(t, p, "known", "first") {
		t.Error("the page in the cache says something else")
	}
}

// Whoever could not hear of changes for longer than they are kept forgets all.
func TestALongOutageEmptiesTheCache(t *testing.T) {
	t.Parallel()
	w := newWorld(t, testenv.Database(t))
	id := w.add("ines", document("first"))
	p, s := w.replica("", 0)
	w.follow(p)
	says(t, p, "ines", "first")
	// Changed, and swept before we could read: only the time tells.
	w.exec(`update profiles set profile_data = jsonb_set(profile_data, '{bio}', '"This page says second."')`)
	w.clock.Add(int64(trustFor + time.Second))
	w.until("the page says second", func() bool { return says(t, p, "ines", "second") })
	w.publish(s, id, "ines", document("third"))
	w.until("and changes are heard of", func() bool { return says(t, p, "ines", "third") })
}
