package model

import "time"

// InstantOf reads what a datetime-local field holds as an instant in a zone. Where
// clocks go back a time comes twice: twice then tells so, and second chooses the
// later one. Where clocks go forward a time is left out; that, and what is no time at
// all, is a Reason.
func InstantOf(text string, zone *time.Location, second bool) (at time.Time, twice bool, err error) {
	local, err := ParseLocal(text)
	if err != nil {
		return at, false, Reason("Give a day and a time, like 2026-12-24 18:00.")
	}
	at = local.In(zone).In(zone)
	if LocalOf(at, zone) != local {
		start, _ := at.ZoneBounds() // it was read with the offset from before the jump
		return at, false, Reason("The clocks go forward that night and leave " + local.Wall().Format("15:04") + " out. Choose " +
			start.In(zone).Format("15:04") + " or later.")
	}
	first, later := occurrences(at)
	if second {
		at = later
	} else {
		at = first
	}
	return at, !first.Equal(later), nil
}

// ComesTwice reports whether the clocks of an instant's zone show its time twice that
// day, and whether it is the later one.
func ComesTwice(at time.Time) (twice, second bool) {
	first, later := occurrences(at)
	return !first.Equal(later), !first.Equal(later) && at.Equal(later)
}

// occurrences are the first and the last instant at which an instant's zone shows its
// time, the same where it comes once.
func occurrences(at time.Time) (first, last time.Time) {
	first, last = at, at
	start, end := at.ZoneBounds()
	if !start.IsZero() {
		if other := shifted(at, start.Add(-time.Second)); other.Before(start) && shows(other, at) {
			first = other
		}
	}
	if !end.IsZero() {
		if other := shifted(at, end); !other.Before(end) && shows(other, at) {
			last = other
		}
	}
	return first, last
}

// shifted is the instant that would show at's time if the clocks stood as they do at
// another instant.
func shifted(at, like time.Time) time.Time {
	_, here := at.Zone()
	_, there := like.In(at.Location()).Zone()
	return at.Add(time.Duration(here-there) * time.Second)
}

func shows(a, b time.Time) bool { return LocalOf(a, a.Location()) == LocalOf(b, b.Location()) }
