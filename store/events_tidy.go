package store

import (
	"context"
	"time"
)

// MakeMonth makes the partition of the calendar month (UTC) that an instant lies
// in, unless it is there. It fails after three seconds when somebody holds a lock
// that it needs; events then go into the default partition and are moved later.
func (tx *SystemTx) MakeMonth(ctx context.Context, at time.Time) (made bool, err error) {
	err = tx.GetContext(ctx, &made, `select analytics_make_month($1)`, at.UTC().Format(time.DateOnly))
	return made, err
}

// DefaultMonths lists the months between two instants that the default partition
// holds events of.
func (tx *SystemTx) DefaultMonths(ctx context.Context, from, to time.Time) ([]time.Time, error) {
	var months []time.Time
	err := tx.SelectContext(ctx, &months, `
		select distinct date_trunc('month', created_at)
		from analytics_default
		where created_at >= $1
		and created_at < $2`, from, to)
	return months, err
}

// TidyEvents throws away what is kept for a while: figures by the hour, and what
// was set aside, both after 90 days.
func (tx *SystemTx) TidyEvents(ctx context.Context, now time.Time) error {
	first := firstHoursDay(now).Format(time.DateOnly)
	if _, err := tx.ExecContext(ctx, `delete from analytics_hours where day < $1`, first); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `delete from events_set_aside where at < $1`, first)
	return err
}
