package analytics

import (
	"context"
	"encoding/json"
	"log/slog"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"
	_ "github.com/lib/pq"

	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/internal/testenv"
	"github.com/hlpfl/platform/store"
)

// world is a database with the program's doors and its owner's.
type world struct {
	t     *testing.T
	url   string
	store *store.Store
	owner *sqlx.DB
	inbox *store.Inbox
}

func newWorld(t *testing.T) *world { return worldAt(t, testenv.Database(t)) }

func worldAt(t *testing.T, url string) *world {
	t.Helper()
	s, err := store.Open(store.Options{DatabaseURL: url})
	if err != nil {
		t.Fatal(err)
	}
	owner, err := sqlx.Open("postgres", url)
	if err != nil {
		t.Fatal(err)
	}
	inbox, err := s.Inbox(silentFor)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = inbox.Close()
		_ = owner.Close()
		_ = s.Close()
	})
	return &world{t, url, s, owner, inbox}
}

func (w *world) exec(query string, args ...any) {
	w.t.Helper()
	if _, err := w.owner.Exec(query, args...); err != nil {
		w.t.Fatalf("%s: %v", query, err)
	}
}

// one reads a single value.
func one[T any](w *world, query string, args ...any) T {
	w.t.Helper()
	var v T
	if err := w.owner.Get(&v, query, args...); err != nil {
		w.t.Fatalf("%s: %v", query, err)
	}
	return v
}

func (w *world) user(plan string) model.UserID {
	id := model.NewUserID()
	w.exec(`insert into users (id, email, subscription_tier) values ($1, $2, $3)`, id.String(), id.String()+"@example.com", plan)
	return id
}

// profile makes a profile with one link, "tour", to example.com.
func (w *world) profile(user model.UserID, zone string) model.ProfileID {
	id := model.NewProfileID()
	w.exec(`insert into profiles (id, user_id, handle, profile_name, profile_data, time_zone, plan)
		select $1, id, $3, 'Vera', $4, $5, subscription_tier from users where id = $2`, id.String(), user.String(), "p"+id.String()[24:],
		`{"theme":{"name":"plain"},"socials":[],"blocks":[{"id":"tour","type":"link","title":"Tour dates","url":"https://example.com/tour"}]}`, zone)
	return id
}

// click is a counted tap of a visitor at a time.
func click(p model.ProfileID, at time.Time, visitor byte) model.Event {
	return model.Event{
		ID: model.EventIDAt(at), Profile: p, Kind: model.Click, Link: "tour", Target: "https://example.com/tour",
		Visitor: model.VisitorHash{visitor, 1}, Visit: model.Visit{Country: "DE", Device: "phone", OS: "iOS", Browser: "Safari"},
	}
}

func view(p model.ProfileID, at time.Time, visitor byte) model.Event {
	e := click(p, at, visitor)
	e.Kind, e.Link, e.Target, e.Source, e.Campaign = model.View, "", "", "Instagram", "spring"
	return e
}

func (w *world) enqueue(events ...model.Event) {
	w.t.Helper()
	if err := Enqueue(context.Background(), w.inbox, events); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) worker() *Worker {
	return NewWorker(WorkerOptions{Store: w.store, Log: slog.New(slog.DiscardHandler)})
}

// unpack works until the inbox is empty.
func (w *world) unpack(worker *Worker) {
	w.t.Helper()
	for {
		if _, err := worker.Unpack(context.Background()); err != nil {
			w.t.Fatal(err)
		}
		if one[int](w, `select count(*) from event_inbox`) == 0 {
			return
		}
	}
}

// figures are all roll-ups of all profiles, as text to compare.
func (w *world) figures() string {
	w.t.Helper()
	var all []string
	for _, query := range []string{
		`select to_jsonb(t) from analytics_days t order by profile_id, day`,
		`select to_jsonb(t) from analytics_hours t order by profile_id, day, hour`,
		`select to_jsonb(t) from analytics_values t order by profile_id, day, dimension, value`,
	} {
		var rows []string
		if err := w.owner.Select(&rows, query); err != nil {
			w.t.Fatal(err)
		}
		all = append(all, rows...)
	}
	text, err := json.MarshalIndent(all, "", " ")
	if err != nil {
		w.t.Fatal(err)
	}
	return string(text)
}

func (w *world) recorder(dir string) *Recorder {
	w.t.Helper()
	r, err := NewRecorder(RecorderOptions{Store: w.store, SpoolDir: dir, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		w.t.Fatal(err)
	}
	r.within = 30 * time.Second // a busy machine is no reason to go by the spool
	w.t.Cleanup(func() { _ = r.Close() })
	return r
}
