package analytics

import (
	"context"
	"time"

	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/store"
)

// Tidy makes the partitions of this and the next months, moves into their months
// what stands in the default partition, and throws away what is kept for a while:
// hours, what was set aside, the visitors' salts of days that are over.
func (w *Worker) Tidy(ctx context.Context) error {
	now := w.now()
	wanted := []time.Time{}
	for n := range monthsAhead + 1 {
		wanted = append(wanted, firstOfMonth(now).AddDate(0, n, 0))
	}
	err := w.store.System(ctx, func(tx *store.SystemTx) error {
		from, to := monthRange(now)
		late, err := tx.DefaultMonths(ctx, from, to)
		wanted = append(wanted, late...)
		if err != nil {
			return err
		}
		if err := tx.TidyEvents(ctx, now); err != nil {
			return err
		}
		return tx.ForgetSalts(ctx, firstDate(now))
	})
	for _, month := range wanted {
		if failed := w.makeMonth(ctx, month); err == nil {
			err = failed
		}
	}
	return err
}

// makeMonths makes the partitions of the events' months that are not known to be
// there. What fails is made later: the default partition takes everything.
func (w *Worker) makeMonths(ctx context.Context, rows []store.EventRow) {
	from, to := monthRange(w.now())
	for _, r := range rows {
		if w.months[monthName(r.Month)] || r.At().Before(from) || !r.At().Before(to) {
			continue
		}
		if err := w.makeMonth(ctx, r.Month); err != nil && ctx.Err() == nil {
			w.log.Warn("a month's partition could not be made; its events wait in the default one", "month", monthName(r.Month), "err", err)
			w.months[monthName(r.Month)] = true // Tidy tries again
		}
	}
}

// makeMonth makes a partition in a transaction of its own, which is short: it
// keeps others from the profiles' table while it is attached.
func (w *Worker) makeMonth(ctx context.Context, month time.Time) error {
	var made bool
	err := w.store.System(ctx, func(tx *store.SystemTx) (err error) {
		made, err = tx.MakeMonth(ctx, month)
		return err
	})
	if err != nil {
		return err
	}
	w.months[monthName(month)] = true
	if made {
		w.log.Info("a month's partition was made", "month", monthName(month))
	}
	return nil
}

func monthName(t time.Time) string { return t.UTC().Format("2006-01") }

func firstOfMonth(t time.Time) time.Time {
	t = t.UTC()
	return time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, time.UTC)
}

// monthRange is the time that events may be of, by a clock that is right.
func monthRange(now time.Time) (from, to time.Time) {
	return firstOfMonth(now).AddDate(0, -monthsBack, 0), firstOfMonth(now).AddDate(0, monthsAhead+1, 0)
}

// Rebuild makes the roll-ups again from the raw events: whole days whose raw rows
// all still stand, each day of each profile in a transaction of its own. Older
// days, and the counters of the plans' months, are left as they are. progress is
// called after each.
func Rebuild(ctx context.Context, s *store.Store, progress func(done, total int)) error {
	var days []store.ProfileDay
	err := s.System(ctx, func(tx *store.SystemTx) (err error) {
		days, err = tx.RebuildableDays(ctx)
		return err
	})
	if err != nil {
		return err
	}
	for i, day := range days {
		err := s.System(ctx, func(tx *store.SystemTx) error {
			if err := tx.Unpacking(ctx); err != nil {
				return err
			}
			return tx.RebuildDay(ctx, day)
		})
		if err != nil {
			return err
		}
		progress(i+1, len(days))
	}
	return nil
}

// Enqueue puts events into the inbox that were not recorded by a request: made-up
// ones, and those of tests. Their ids decide their time.
func Enqueue(ctx context.Context, inbox *store.Inbox, events []model.Event) error {
	g := group{}
	for i := range events {
		g.join(&events[i])
	}
	return inbox.Add(ctx, g.packs...)
}
