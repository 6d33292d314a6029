package store

import (
	"context"
	"database/sql"
	"time"

	"github.com/lib/pq"

	"github.com/hlpfl/platform/internal/model"
)

// Figures are what is counted. ClicksInside are those of Clicks that are within
// the smallest plan's month.
type Figures struct {
	Views        int64 `db:"views"`
	Visitors     int64 `db:"visitors"`
	Clicks       int64 `db:"clicks"`
	ClicksInside int64 `db:"clicks_inside"`
}

// FiguresAt are the figures of a day, or of an hour.
type FiguresAt struct {
	At time.Time `db:"at"` // a day as midnight UTC of its date; an hour as the instant at which it began
	Figures
}

// FiguresOf are the figures of one value of a dimension.
type FiguresOf struct {
	Dimension string `db:"dimension"`
	Value     string `db:"value"`
	Figures
}

// FiguresByDay gives the days of a range, both ends inclusive, that have figures.
func (tx *UserTx) FiguresByDay(ctx context.Context, profile model.ProfileID, from, to time.Time) ([]FiguresAt, error) {
	var days []FiguresAt
	err := tx.SelectContext(ctx, &days, `
		select day as at, views, visitors, clicks, clicks_inside
		from analytics_days
		where profile_id = $1
		  and day between $2 and $3
		order by day`, profile, from.Format(time.DateOnly), to.Format(time.DateOnly))
	return days, err
}

// FiguresByHour is FiguresByDay for the hours of the range.
func (tx *UserTx) FiguresByHour(ctx context.Context, profile model.ProfileID, from, to time.Time) ([]FiguresAt, error) {
	var hours []FiguresAt
	err := tx.SelectContext(ctx, &hours, `
		select hour as at, views, visitors, clicks, clicks_inside
		from analytics_hours
		where profile_id = $1
		  and day between $2 and $3
		order by hour`, profile, from.Format(time.DateOnly), to.Format(time.DateOnly))
	return hours, err
}

// FiguresByValue gives the values of dimensions in a range, those with most clicks
// first.
func (tx *UserTx) FiguresByValue(ctx context.Context, profile model.ProfileID, from, to time.Time, dimensions ...string) ([]FiguresOf, error) {
	var values []FiguresOf
	err := tx.SelectContext(ctx, &values, `
		select dimension, value, sum(views) as views, sum(visitors) as visitors, sum(clicks) as clicks, sum(clicks_inside) as clicks_inside
		from analytics_values
		where profile_id = $1
		  and day between $2 and $3
		  and dimension = any($4)
		group by dimension, value
		order by sum(clicks) desc, sum(views) desc, dimension, value`,
		profile, from.Format(time.DateOnly), to.Format(time.DateOnly), pq.Array(dimensions))
	return values, err
}

// FiguresByDayAndLink calls f for each link of each day of a range in order.
func (tx *UserTx) FiguresByDayAndLink(ctx context.Context, profile model.ProfileID, from, to time.Time, f func(day time.Time, link model.BlockID, figures Figures) error) error {
	rows, err := tx.QueryxContext(ctx, `
		select day, value, views, visitors, clicks, clicks_inside
		from analytics_values
		where profile_id = $1
		  and day between $2 and $3
		  and dimension = 'link'
		order by day, clicks desc, value`, profile, from.Format(time.DateOnly), to.Format(time.DateOnly))
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var day time.Time
		var link model.BlockID
		var g Figures
		if err := rows.Scan(&day, &link, &g.Views, &g.Visitors, &g.Clicks, &g.ClicksInside); err != nil {
			return err
		}
		if err := f(day, link, g); err != nil {
			return err
		}
	}
	return rows.Err()
}

// FirstFigures is the first day of a profile on which anything happened; ok is
// false when nothing ever did.
func (tx *UserTx) FirstFigures(ctx context.Context, profile model.ProfileID) (day time.Time, ok bool, err error) {
	var first sql.NullTime
	err = tx.GetContext(ctx, &first, `
		select least(
			(select min(day) from analytics_days where profile_id = $1),
			(select min(day) from analytics_values where profile_id = $1))`, profile)
	return first.Time, first.Valid, err
}

// MonthClicks is how many counted clicks the profiles of a profile's owner had in the
// calendar month (UTC) of an instant: that is what the plan is measured by, whoever
// of the profile asks.
func (tx *UserTx) MonthClicks(ctx context.Context, profile model.ProfileID, at time.Time) (int64, error) {
	var n int64
	err := tx.GetContext(ctx, &n, `
		select coalesce(sum(c.clicks), 0)
		from profiles p
		join click_months c on c.user_id = p.user_id
		where p.id = $1
		  and `+sees+`
		  and c.month = $3`, profile, tx.UserID, at.UTC().Format("2006-01")+"-01")
	return n, err
}

// EarlierDocuments calls f with what was published of a profile, the newest first,
// until f gives false.
func (tx *UserTx) EarlierDocuments(ctx context.Context, profile model.ProfileID, f func(model.Document) (more bool)) error {
	rows, err := tx.QueryContext(ctx, `
		select v.profile_data
		from profile_versions v
		join profiles p on p.id = v.profile_id
		where v.profile_id = $1
		  and `+sees+`
		order by v.version desc`, profile, tx.UserID)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var data []byte
		if err := rows.Scan(&data); err != nil {
			return err
		}
		doc, err := model.ReadStored(data)
		if err == nil && !f(doc) {
			return nil
		}
	}
	return rows.Err()
}
