package analytics

import (
	"context"
	"crypto/sha1" //nolint:gosec // names what is damaged, protects nothing
	"errors"
	"log/slog"
	"time"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/internal/plans"
	"github.com/hlpfl/platform/store"
)

const (
	// takeEvery is how long the inbox is left alone when it was empty.
	takeEvery = 200 * time.Millisecond
	// takeBatches is how many rows of the inbox one transaction takes: about thirty
	// thousand events under load.
	takeBatches = 768
	// tidyEvery is how often partitions are made ahead and old figures thrown away.
	tidyEvery = time.Hour
	// monthsBack is how old an event may be to get its month's partition made; what
	// is older, or further ahead than two months, has a wrong clock.
	monthsBack  = 13
	monthsAhead = 2
)

// WorkerOptions say what a worker works on.
type WorkerOptions struct {
	Store    *store.Store
	Registry prometheus.Registerer // nil: the figures are not shown
	Log      *slog.Logger
	Now      func() time.Time // nil is the system's clock
}

// Worker unpacks the inbox into analytics and the roll-ups. Any number may run;
// an advisory lock lets one work at a time.
type Worker struct {
	store   *store.Store
	metrics workerMetrics
	log     *slog.Logger
	now     func() time.Time
	zones   zones
	inside  int             // the smallest plan's clicks a month
	months  map[string]bool // partitions that are known to be there

	// Up to floor all of the inbox is known to be taken. While an old snapshot is
	// held open the taken rows cannot be cleaned up; starting above them keeps the
	// taking quick.
	floor int64
	mark  store.InboxMark
}

// NewWorker makes a worker.
func NewWorker(o WorkerOptions) *Worker {
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Worker{
		store: o.Store, metrics: newWorkerMetrics(o.Registry), log: o.Log, now: o.Now,
		inside: plans.Of(plans.Free).ClicksPerMonth, months: map[string]bool{},
	}
}

// Run works until ctx ends. What fails is tried again: nothing of a transaction
// that did not commit is lost.
func (w *Worker) Run(ctx context.Context) error {
	var tidied time.Time
	var told string
	for ctx.Err() == nil {
		if w.now().Sub(tidied) >= tidyEvery {
			if err := w.Tidy(ctx); err != nil && ctx.Err() == nil {
				w.log.Warn("looking after the events' tables failed; trying again in an hour", "err", err)
			}
			tidied = w.now()
		}
		more, err := w.Unpack(ctx)
		switch {
		case ctx.Err() != nil:
			return nil //nolint:nilerr // being told to stop is no failure
		case err != nil && err.Error() != told:
			told = err.Error() // once, not five times a second
			w.log.Error("unpacking events failed; trying again", "err", err)
		case err == nil:
			told = ""
		}
		wait := takeEvery
		if more {
			continue
		} else if err != nil {
			wait = time.Second
		}
		select {
		case <-ctx.Done():
		case <-time.After(wait):
		}
	}
	return nil
}

// errNotOurs ends a transaction without a change when another worker is at work.
var errNotOurs = errors.New("another worker is at work")

// Unpack takes a number of batches in one transaction: it stores their events,
// counts what was new, sets aside what cannot be stored, and deletes the batches.
// more tells that the inbox holds more.
func (w *Worker) Unpack(ctx context.Context) (more bool, err error) {
	var batches []store.InboxBatch
	var done outcome
	var settled uint64
	var mark store.InboxMark
	err = w.store.System(ctx, func(tx *store.SystemTx) error {
		ours, err := tx.TryUnpacking(ctx)
		if err != nil {
			return err
		}
		if !ours {
			return errNotOurs
		}
		if settled, err = tx.Settled(ctx); err != nil {
			return err
		}
		if batches, err = tx.TakeInbox(ctx, w.floor, takeBatches); err != nil {
			return err
		}
		if mark, err = tx.MarkInbox(ctx); err != nil || len(batches) == 0 {
			return err
		}
		if done, err = w.unpack(ctx, tx, batches); err != nil {
			return err
		}
		return tx.EmptyInbox(ctx, batches)
	})
	if errors.Is(err, errNotOurs) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	w.raise(batches, settled, mark)
	w.metrics.unpacked.Add(float64(done.stored))
	for _, reason := range done.aside {
		w.metrics.aside.WithLabelValues(reason).Inc()
	}
	if len(batches) > 0 {
		w.metrics.age.Set(w.now().Sub(batches[0].At).Seconds())
	} else {
		w.metrics.age.Set(0)
	}
	return len(batches) == takeBatches, nil
}

// raise moves the floor after a transaction that took these batches.
func (w *Worker) raise(batches []store.InboxBatch, settled uint64, mark store.InboxMark) {
	if mark.Last < w.floor {
		// The ids began anew: somebody emptied the table.
		w.floor, w.mark = 0, store.InboxMark{}
		return
	}
	if w.mark.Next > 0 && settled >= w.mark.Next {
		// All rows up to the mark were visible to us: taken now or before.
		w.floor = max(w.floor, w.mark.Last)
		if len(batches) == takeBatches {
			w.floor = min(w.floor, batches[len(batches)-1].ID) // the rest is still there
		}
		w.mark = store.InboxMark{}
	}
	if w.mark.Next == 0 {
		w.mark = mark
	}
}

// outcome is what became of a transaction's events.
type outcome struct {
	stored int
	aside  []string // reasons of events that were set aside
}

func (w *Worker) unpack(ctx context.Context, tx *store.SystemTx, batches []store.InboxBatch) (done outcome, err error) {
	events, aside := w.read(batches)
	rows, orphans, err := w.place(ctx, tx, events)
	if err != nil {
		return done, err
	}
	w.makeMonths(ctx, rows)
	stored, refused, err := w.storeEvents(ctx, tx, rows)
	if err != nil {
		return done, err
	}
	aside = append(append(aside, orphans...), refused...)
	reasons, err := tx.SetAside(ctx, aside)
	if len(reasons) > 0 {
		w.log.Warn("events were set aside", "events", len(reasons), "reason", reasons[0])
	}
	return outcome{stored, reasons}, err
}

// read takes packs apart. Of events with the same id one is given.
func (w *Worker) read(batches []store.InboxBatch) (events []model.Event, aside []store.Aside) {
	var broken []brokenEvent
	for _, b := range batches {
		var bad []brokenEvent
		var err error
		events, bad, err = readPack(b.Batch, events)
		broken = append(broken, bad...)
		if err != nil {
			broken = append(broken, brokenEvent{raw: b.Batch, reason: "unreadable pack"})
		}
	}
	for _, b := range broken {
		// Named by its content: the same damage coming twice is one.
		id := model.EventID{UUID: uuid.NewHash(sha1.New(), uuid.Nil, b.raw, 5)}
		aside = append(aside, store.Aside{ID: id, Reason: b.reason, Event: b.raw})
	}
	seen := make(map[model.EventID]bool, len(events))
	kept := events[:0]
	for _, e := range events {
		if !seen[e.ID] {
			seen[e.ID] = true
			kept = append(kept, e)
		}
	}
	return kept, aside
}

// place finds the events' profiles, and from them day, hour and owner. Events of
// profiles that are gone are given as orphans.
func (w *Worker) place(ctx context.Context, tx *store.SystemTx, events []model.Event) (rows []store.EventRow, orphans []store.Aside, err error) {
	var ids []model.ProfileID
	asked := map[model.ProfileID]bool{}
	for _, e := range events {
		if !asked[e.Profile] {
			asked[e.Profile] = true
			ids = append(ids, e.Profile)
		}
	}
	found, err := tx.LockEventProfiles(ctx, ids)
	if err != nil {
		return nil, nil, err
	}
	profiles := make(map[model.ProfileID]store.EventProfile, len(found))
	for _, p := range found {
		profiles[p.ID] = p
	}
	for _, e := range events {
		p, ok := profiles[e.Profile]
		if !ok {
			// Without its content: whoever is gone is forgotten.
			orphans = append(orphans, store.Aside{ID: e.ID, At: e.At(), Profile: e.Profile, Reason: "orphaned"})
			continue
		}
		at := e.At()
		local := at.In(w.zones.zone(p.TimeZone))
		rows = append(rows, store.EventRow{
			Event: e, User: p.User, Day: local, Hour: localHour(local),
			Month: time.Date(at.Year(), at.Month(), 1, 0, 0, 0, 0, time.UTC),
		})
	}
	return rows, orphans, nil
}

// localHour is the instant at which the hour on the local clock began.
func localHour(local time.Time) time.Time {
	into := time.Duration(local.Minute())*time.Minute + time.Duration(local.Second())*time.Second + time.Duration(local.Nanosecond())
	return local.Add(-into).UTC()
}

// storeEvents stores what can be stored. When the data itself is refused it looks
// for the events that are to blame, half by half, and sets them aside.
func (w *Worker) storeEvents(ctx context.Context, tx *store.SystemTx, rows []store.EventRow) (stored int, refused []store.Aside, err error) {
	err = tx.Try(ctx, func() (err error) {
		stored, err = tx.StoreEvents(ctx, rows, w.inside)
		return err
	})
	code, data := store.Refused(err)
	switch {
	case !data:
		return stored, nil, err
	case len(rows) == 1:
		e := rows[0].Event
		raw := appendEvent(nil, &e)
		return 0, []store.Aside{{ID: e.ID, At: e.At(), Profile: e.Profile, Reason: "refused " + code, Event: raw}}, nil
	}
	half := len(rows) / 2
	first, bad1, err := w.storeEvents(ctx, tx, rows[:half])
	if err != nil {
		return 0, nil, err
	}
	second, bad2, err := w.storeEvents(ctx, tx, rows[half:])
	return first + second, append(bad1, bad2...), err
}
