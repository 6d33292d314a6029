package analytics

import (
	"fmt"
	"strings"
	"time"

	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/store"
)

const (
	// usualDays is the range when none is asked for, today included.
	usualDays = 28
	// mostDays bounds a range: eleven years.
	mostDays = 4018
)

// Interval is how wide the places of a series are.
type Interval string

// The intervals.
const (
	Hourly Interval = "hour"
	Daily  Interval = "day"
)

// Question is what somebody wants to know, as it stands in the address.
type Question struct {
	From     string `json:"from,omitempty" query:"from" doc:"first day, in the profile's zone: 2026-11-01"`
	To       string `json:"to,omitempty" query:"to" doc:"last day, that day too; today when absent"`
	Interval string `json:"interval,omitempty" query:"interval" doc:"hour or day; day when absent"`
}

// Range is whole days of a time zone, both ends inclusive.
type Range struct {
	From, To time.Time // as midnight UTC of their dates
	Zone     *time.Location
	Interval Interval
}

// rangeOf reads a question at an instant. The error names each field that is
// wrong.
func (q Question) rangeOf(zone *time.Location, now time.Time) (Range, error) {
	r := Range{Zone: zone, Interval: Daily}
	problems := model.Problems{}
	year, month, day := now.In(zone).Date()
	today := time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
	r.To = today
	if q.To = strings.TrimSpace(q.To); q.To != "" {
		r.To = readDay("to", q.To, problems)
	}
	r.From = r.To.AddDate(0, 0, 1-usualDays)
	if q.From = strings.TrimSpace(q.From); q.From != "" {
		r.From = readDay("from", q.From, problems)
	}
	switch Interval(strings.TrimSpace(q.Interval)) {
	case "", Daily:
	case Hourly:
		r.Interval = Hourly
	default:
		problems.Add("interval", model.Reason(`Say "hour" or "day".`))
	}
	if err := problems.Err(); err != nil {
		return r, err
	}
	switch {
	case r.From.After(r.To):
		problems.Add("from", model.Reason("The first day comes after the last one. Exchange them."))
	case r.Days() > mostDays:
		problems.Add("from", model.Reason(fmt.Sprintf("That is more than eleven years. Ask for at most %d days at once.", mostDays)))
	case r.Interval == Hourly && r.From.Before(today.AddDate(0, 0, 1-store.HoursKept)):
		problems.Add("from", model.Reason(fmt.Sprintf("Hours are kept for %d days. Choose a later day, or ask by the day.", store.HoursKept)))
	case r.Interval == Hourly && r.Days() > store.HoursKept:
		problems.Add("to", model.Reason(fmt.Sprintf("Hours are shown for at most %d days at once.", store.HoursKept)))
	}
	return r, problems.Err()
}

func readDay(field, text string, problems model.Problems) time.Time {
	day, err := time.Parse(time.DateOnly, text)
	if err != nil || day.Year() < 1 {
		problems.Add(field, model.Reason("Give a day like 2026-11-23."))
	}
	return day
}

// Days is how many days the range has.
func (r Range) Days() int { return int(r.To.Sub(r.From).Hours())/24 + 1 }

// Before is the range of as many days before this one, as a question.
func (r Range) Before() Question {
	return Question{
		From: r.From.AddDate(0, 0, -r.Days()).Format(time.DateOnly), To: r.From.AddDate(0, 0, -1).Format(time.DateOnly), Interval: string(r.Interval),
	}
}

// begin is the instant at which a day begins in the zone. Where clocks skip
// midnight it is the first instant there is.
func (r Range) begin(day time.Time) time.Time {
	t := time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, r.Zone)
	// Date gives an instant of the day before when midnight does not exist.
	for t.Day() != day.Day() {
		t = t.Add(30 * time.Minute)
	}
	return t
}

// places are the instants at which the places of the series begin.
func (r Range) places() []time.Time {
	var all []time.Time
	for day := r.From; !day.After(r.To); day = day.AddDate(0, 0, 1) {
		if r.Interval == Daily {
			all = append(all, r.begin(day))
			continue
		}
		next := r.begin(day.AddDate(0, 0, 1))
		// The next hour on the clock begins earlier where clocks move by half hours.
		for at := r.begin(day); at.Before(next); at = localHour(at.Add(time.Hour).In(r.Zone)) {
			all = append(all, at)
		}
	}
	return all
}
