package model

import (
	"slices"
	"time"
)

// Local is a time as a clock on a wall shows it, without a zone:
// "2026-12-12T21:00". "" is none.
type Local string

// localForm is how a Local is written; it sorts by time.
const localForm = "2006-01-02T15:04"

// ParseLocal reads a wall clock's time: a date and a time with or without seconds,
// or a date alone, which means its midnight. The error is a Reason.
func ParseLocal(raw string) (Local, error) {
	for _, form := range []string{localForm, "2006-01-02T15:04:05", "2006-01-02 15:04", "2006-01-02"} {
		if t, err := time.Parse(form, raw); err == nil && t.Year() >= 1970 && t.Year() < 9999 {
			return Local(t.Format(localForm)), nil
		}
	}
	return "", Reason("Give the date and the time on the clock there, like 2026-12-24T20:00.")
}

// In is the instant when the clocks of a zone show this time, whatever summer time
// does there. Two rules hold where clocks jump, the ones of calendars (RFC 5545):
//
//   - a time that comes twice, when clocks go back, is the first of the two;
//   - a time that never comes, when clocks go forward, is read with the offset from
//     before the jump: 02:30 is what the clocks call 03:30.
func (l Local) In(zone *time.Location) time.Time {
	shown, before := l.instants(zone)
	if len(shown) > 0 {
		return shown[0]
	}
	return before
}

// instants are those at which the clocks of a zone show this time: one as a rule, two
// where they go back, none where they go forward and leave it out. before is what it
// is with the offset of the day before.
func (l Local) instants(zone *time.Location) (shown []time.Time, before time.Time) {
	wall, err := time.Parse(localForm, string(l))
	if err != nil {
		return nil, before
	}
	// The two offsets that can matter are those of the day before and of the day after.
	for i, near := range []time.Time{wall.Add(-24 * time.Hour), wall.Add(24 * time.Hour)} {
		_, offset := near.In(zone).Zone()
		at := wall.Add(-time.Duration(offset) * time.Second).In(zone)
		if i == 0 {
			before = at
		}
		if _, there := at.Zone(); there == offset && (len(shown) == 0 || !at.Equal(shown[0])) {
			shown = append(shown, at)
		}
	}
	slices.SortFunc(shown, time.Time.Compare)
	return shown, before
}

// Midnight is the beginning of the day after, on the same clocks.
func (l Local) Midnight() Local {
	wall, err := time.Parse(localForm, string(l))
	if err != nil {
		return ""
	}
	return Local(wall.Truncate(24*time.Hour).AddDate(0, 0, 1).Format(localForm))
}

// Wall is the time with its parts to be read; its zone is UTC and means nothing.
func (l Local) Wall() time.Time {
	wall, _ := time.Parse(localForm, string(l))
	return wall
}

// LocalOf is what the clocks of a zone show at an instant, to the minute.
func LocalOf(at time.Time, zone *time.Location) Local { return Local(at.In(zone).Format(localForm)) }

// LocalInstant is ParseLocal and In in one, for forms: the instant of a wall
// clock's time in a zone that ParseTimeZone gave.
func LocalInstant(raw, zone string) (time.Time, error) {
	local, err := ParseLocal(raw)
	if err != nil {
		return time.Time{}, err
	}
	return local.In(Zone(zone)).UTC(), nil
}

// InstantOf reads what a datetime-local field holds as an instant in a zone. Where
// clocks go back a time comes twice: twice then tells so, and second chooses the
// later one. Where clocks go forward a time is left out; that, and what is no time at
// all, is a Reason.
func InstantOf(text string, zone *time.Location, second bool) (at time.Time, twice bool, err error) {
	local, err := ParseLocal(text)
	if err != nil {
		return at, false, Reason("Give a day and a time, like 2026-12-24 18:00.")
	}
	shown, before := local.instants(zone)
	if len(shown) == 0 {
		jump, _ := before.ZoneBounds()
		return at, false, Reason("The clocks go forward that night and leave " + local.Wall().Format("15:04") + " out. Choose " +
			jump.In(zone).Format("15:04") + " or later.")
	}
	if second {
		return shown[len(shown)-1], len(shown) > 1, nil
	}
	return shown[0], len(shown) > 1, nil
}

// ComesTwice reports whether the clocks of an instant's zone show its time twice that
// day, and whether it is the later one.
func ComesTwice(at time.Time) (twice, second bool) {
	shown, _ := LocalOf(at, at.Location()).instants(at.Location())
	twice = len(shown) > 1
	return twice, twice && !at.Before(shown[1])
}
