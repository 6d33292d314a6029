package store

import (
	"context"
	"time"

	"github.com/hlpfl/platform/internal/model"
)

// The figures of a set of events, as unpacking adds them and as a rebuild makes
// them again: one text for both, so that they cannot differ. %source is where the
// events are; everything they read was decided when the event was stored.
const (
	figures = `
	count(*) filter (where kind = 'view' and filtered is null),
	count(*) filter (where first_of_day),
	count(*) filter (where kind = 'click' and filtered is null),
	count(*) filter (where inside_plan)`

	// A campaign that nobody named, and a link where none was tapped, are no values.
	valuesOf = `
	cross join lateral (values
		('link', link), ('country', country), ('device', device),
		('browser', browser), ('source', source), ('campaign', nullif(campaign, ''))
	) as v (dimension, value)
	where filtered is null
	and value is not null`

	filteredFigures = `
	count(*) filter (where kind = 'view'),
	0,
	count(*) filter (where kind = 'click'),
	0`

	daysConflict = `
	on conflict (profile_id, day) do update set
		views = t.views + excluded.views,
		visitors = t.visitors + excluded.visitors,
		clicks = t.clicks + excluded.clicks,
		clicks_inside = t.clicks_inside + excluded.clicks_inside`
	hoursConflict = `
	on conflict (profile_id, day, hour) do update set
		views = t.views + excluded.views,
		visitors = t.visitors + excluded.visitors,
		clicks = t.clicks + excluded.clicks,
		clicks_inside = t.clicks_inside + excluded.clicks_inside`
	valuesConflict = `
	on conflict (profile_id, day, dimension, value) do update set
		views = t.views + excluded.views,
		visitors = t.visitors + excluded.visitors,
		clicks = t.clicks + excluded.clicks,
		clicks_inside = t.clicks_inside + excluded.clicks_inside`
)

// addDays, addHours and addValues are statements that count the events of a
// source in the roll-ups.
func addDays(source string) string {
	return `
	insert into analytics_days as t (profile_id, day, views, visitors, clicks, clicks_inside)
	select profile_id, local_day, ` + figures + `
	from ` + source + `
	where filtered is null
	group by profile_id, local_day` + daysConflict
}

func addHours(source string) string {
	return `
	insert into analytics_hours as t (profile_id, day, hour, views, visitors, clicks, clicks_inside)
	select profile_id, local_day, local_hour, ` + figures + `
	from ` + source + `
	where filtered is null
	group by profile_id, local_day, local_hour` + hoursConflict
}

func addValues(source string) string {
	return `
	insert into analytics_values as t (profile_id, day, dimension, value, views, visitors, clicks, clicks_inside)
	select profile_id, local_day, dimension, value, ` + figures + `
	from ` + source + valuesOf + `
	group by profile_id, local_day, dimension, value
	union all
	select profile_id, local_day, 'filtered', filtered, ` + filteredFigures + `
	from ` + source + `
	where filtered is not null
	group by profile_id, local_day, filtered` + valuesConflict
}

// storeEventsSQL stores events and counts what was really inserted, in one
// statement. Who comes first on a profile that day, where from, and which clicks
// are inside the plan's month is decided here, among the new events alone: an
// event that is there already must not take anybody's place.
var storeEventsSQL = `
with given as (
	select id, profile_id, user_id, created_at, kind, nullif(link, '') as link, nullif(filtered, '') as filtered,
	       case when filtered = '' and visitor <> '' then decode(visitor, 'hex') end as visitor,
	       local_day, local_hour, month, country, device, browser, source, campaign, click_data, visitor_data
	from unnest(
		cast($1 as uuid[]), cast($2 as uuid[]), cast($3 as uuid[]), cast($4 as timestamptz[]), cast($5 as text[]), cast($6 as text[]),
		cast($7 as text[]), cast($8 as text[]), cast($9 as date[]), cast($10 as timestamptz[]), cast($11 as date[]), cast($12 as text[]),
		cast($13 as text[]), cast($14 as text[]), cast($15 as text[]), cast($16 as text[]), cast($17 as jsonb[]), cast($18 as jsonb[])
	) as g (id, profile_id, user_id, created_at, kind, link, filtered, visitor, local_day, local_hour, month,
	        country, device, browser, source, campaign, click_data, visitor_data)
),
fresh as materialized (
	select g.*
	from given g
	-- Laterals with a limit: each is one probe of an index, whatever the planner
	-- believes about the table's size.
	left join lateral (
		select true as stored
		from analytics a
		where a.id = g.id
		and a.created_at = g.created_at
		limit 1
	) old on true
	where old.stored is null
),
seen as materialized (
	-- One look a visitor, not one an event.
	select v.*, a.source, a.campaign, a.id is not null as before
	from (select distinct profile_id, local_day, visitor from fresh where visitor is not null) v
	left join lateral (
		select a.id, a.source, a.campaign
		from analytics a
		where a.profile_id = v.profile_id
		and a.local_day = v.local_day
		and a.visitor = v.visitor
		and a.first_of_day
		-- Days of all zones, so that few partitions are looked into.
		and a.created_at >= v.local_day - interval '15 hours'
		and a.created_at < v.local_day + interval '39 hours'
		limit 1
	) a on true
),
ranked as (
	select f.*, s.before,
	       row_number() over visit as place,
	       coalesce(s.source, first_value(f.source) over visit) as first_source,
	       coalesce(s.campaign, first_value(f.campaign) over visit) as first_campaign,
	       row_number() over (
		       partition by f.user_id, f.month, f.kind = 'click' and f.filtered is null
		       order by f.created_at, f.id) as click_place
	from fresh f
	left join seen s on s.profile_id = f.profile_id and s.local_day = f.local_day and s.visitor = f.visitor
	window visit as (partition by f.profile_id, f.local_day, f.visitor order by f.created_at, f.id)
),
inserted as (
	insert into analytics (
		id, profile_id, click_data, visitor_data, created_at, kind, link, filtered, visitor, local_day, local_hour,
		first_of_day, inside_plan, country, device, browser, source, campaign)
	select
		r.id, r.profile_id, r.click_data, r.visitor_data, r.created_at, r.kind, r.link, r.filtered, r.visitor, r.local_day, r.local_hour,
		r.visitor is not null and r.place = 1 and not r.before,
		r.kind = 'click' and r.filtered is null and coalesce(m.clicks, 0) + r.click_place <= $19,
		r.country, r.device, r.browser,
		-- A tap does not say where the fan came from; the visitor's first event may.
		case when r.visitor is not null and r.source = '' then r.first_source else r.source end,
		case when r.visitor is not null and r.campaign = '' and r.source = '' then r.first_campaign else r.campaign end
	from ranked r
	left join click_months m on m.user_id = r.user_id and m.month = r.month
	on conflict (id, created_at) do nothing
	returning id, profile_id, kind, link, filtered, local_day, local_hour, first_of_day, inside_plan, country, device, browser, source, campaign
),
days as (` + addDays("inserted") + `),
hours as (` + addHours("inserted") + `),
dimensions as (` + addValues("inserted") + `),
months as (
	insert into click_months as t (user_id, month, clicks)
	select g.user_id, g.month, count(*)
	from inserted i
	join given g on g.id = i.id
	where i.kind = 'click'
	and i.filtered is null
	group by g.user_id, g.month
	on conflict (user_id, month) do update set clicks = t.clicks + excluded.clicks
)
select count(*) from inserted`

// ProfileDay is one day of one profile, in the profile's time zone.
type ProfileDay struct {
	Profile model.ProfileID `db:"profile_id"`
	Day     time.Time       `db:"day"` // midnight UTC of the date
}

// RebuildableDays lists the days that have raw rows or figures and whose raw rows
// all still stand. Days of any user's profiles.
func (tx *SystemTx) RebuildableDays(ctx context.Context) ([]ProfileDay, error) {
	var days []ProfileDay
	err := tx.SelectContext(ctx, &days, `
		with kept as (
			-- The first date that began everywhere after the oldest raw row that must still stand.
			select case when since = '-infinity' then date '-infinity' else cast(since + interval '15 hours' as date) + 1 end as first
			from analytics_kept
		)
		select profile_id, local_day as day from analytics where local_day >= (select first from kept)
		union
		select profile_id, day from analytics_days where day >= (select first from kept)
		union
		select profile_id, day from analytics_values where day >= (select first from kept)
		order by day, profile_id`)
	return days, err
}

// RebuildDay makes the figures of one day of one profile again from its raw rows.
// The caller has the right to change events.
func (tx *SystemTx) RebuildDay(ctx context.Context, d ProfileDay) error {
	args := []any{d.Profile.String(), d.Day.Format(time.DateOnly)}
	const source = `(
		select *
		from analytics
		where profile_id = $1
		and local_day = $2
		and created_at >= cast($2 as date) - interval '15 hours'
		and created_at < cast($2 as date) + interval '39 hours'
	) as raw`
	statements := []string{
		`delete from analytics_days where profile_id = $1 and day = $2`,
		`delete from analytics_hours where profile_id = $1 and day = $2`,
		`delete from analytics_values where profile_id = $1 and day = $2`,
		addDays(source),
		addValues(source),
	}
	if hoursStillKept(d.Day, time.Now()) {
		statements = append(statements, addHours(source))
	}
	for _, statement := range statements {
		if _, err := tx.ExecContext(ctx, statement, args...); err != nil {
			return err
		}
	}
	return nil
}

func hoursStillKept(day, now time.Time) bool { return !day.Before(firstHoursDay(now)) }

// firstHoursDay is the oldest day whose hours are kept.
func firstHoursDay(now time.Time) time.Time {
	return now.UTC().Truncate(24*time.Hour).AddDate(0, 0, -HoursKept)
}
