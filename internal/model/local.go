package model

import (
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
	wall, err := time.Parse(localForm, string(l))
	if err != nil {
		return time.Time{}
	}
	// The two offsets that can matter are those of the day before and of the day after.
	read := func(near time.Time) (at time.Time, valid bool) {
		_, offset := near.In(zone).Zone()
		at = wall.Add(-time.Duration(offset) * time.Second)
		_, there := at.In(zone).Zone()
		return at, there == offset
	}
	before, ok := read(wall.Add(-24 * time.Hour))
	if after, valid := read(wall.Add(24 * time.Hour)); valid && (!ok || after.Before(before)) {
		return after
	}
	return before
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
