package model

import (
	"strings"
	"testing"
	"time"
)

func TestLocalTimesOverDST(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ local, zone, want, shown string }{
		{"2026-07-01T21:00", "Europe/Berlin", "2026-07-01T19:00:00Z", "2026-07-01T21:00"},
		// The gap: 02:30 never comes, and is read with the offset from before the jump.
		{"2026-03-29T02:30", "Europe/Berlin", "2026-03-29T01:30:00Z", "2026-03-29T03:30"},
		{"2026-03-08T02:30", "America/New_York", "2026-03-08T07:30:00Z", "2026-03-08T03:30"},
		{"2026-10-04T02:15", "Australia/Lord_Howe", "2026-10-03T15:45:00Z", "2026-10-04T02:45"}, // half an hour
		// The overlap: 02:30 comes twice, and the first is meant.
		{"2026-10-25T02:30", "Europe/Berlin", "2026-10-25T00:30:00Z", "2026-10-25T02:30"},
		{"2026-11-01T01:30", "America/New_York", "2026-11-01T05:30:00Z", "2026-11-01T01:30"},
		{"2026-04-05T01:45", "Australia/Lord_Howe", "2026-04-04T14:45:00Z", "2026-04-05T01:45"},
		// Just beside both.
		{"2026-03-29T01:59", "Europe/Berlin", "2026-03-29T00:59:00Z", "2026-03-29T01:59"},
		{"2026-03-29T03:00", "Europe/Berlin", "2026-03-29T01:00:00Z", "2026-03-29T03:00"},
		{"2026-10-25T03:00", "Europe/Berlin", "2026-10-25T02:00:00Z", "2026-10-25T03:00"},
		{"2026-05-01T12:00", "Asia/Kathmandu", "2026-05-01T06:15:00Z", "2026-05-01T12:00"},
		// Midnight itself does not come: Santiago's clocks jump at it.
		{"2026-09-06T00:00", "America/Santiago", "2026-09-06T04:00:00Z", "2026-09-06T01:00"},
		// A whole day that never was.
		{"2011-12-30T12:00", "Pacific/Apia", "2011-12-30T22:00:00Z", "2011-12-31T12:00"},
	} {
		local, err := ParseLocal(c.local)
		if err != nil {
			t.Fatal(err)
		}
		at := local.In(Zone(c.zone))
		if got := at.UTC().Format(time.RFC3339); got != c.want {
			t.Errorf("%s in %s is %s, want %s", c.local, c.zone, got, c.want)
		}
		if got := LocalOf(at, Zone(c.zone)); string(got) != c.shown {
			t.Errorf("%s in %s is shown as %s, want %s", c.local, c.zone, got, c.shown)
		}
	}
}

func TestParseLocal(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]Local{"2026-12-04": "2026-12-04T00:00", "2026-12-04T21:30": "2026-12-04T21:30", "2026-12-04 21:30": "2026-12-04T21:30", "2026-12-04T21:30:59": "2026-12-04T21:30"} {
		if got, err := ParseLocal(raw); err != nil || got != want {
			t.Errorf("%q: %q %v", raw, got, err)
		}
	}
	for _, raw := range []string{"", "tomorrow", "2026-02-30", "2026-12-04T25:00", "2026-12-04T21:30Z", "0001-01-01", "9999-12-31", "2026-12-04T21:30:00+01:00"} {
		if got, err := ParseLocal(raw); err == nil {
			t.Errorf("%q becomes %q", raw, got)
		}
	}
	if got := Local("2026-12-31T22:00").Midnight(); got != "2027-01-01T00:00" {
		t.Errorf("midnight is %s", got)
	}
}

// In three zones: a time that is left out, one that comes twice, and the minutes beside them.
func TestInstantOf(t *testing.T) {
	for _, c := range []struct {
		zone, local string
		second      bool
		want        string // in UTC; "" for a time that is left out
		twice       bool
	}{
		{"Europe/London", "2026-03-29T00:59", false, "2026-03-29T00:59:00Z", false},
		{"Europe/London", "2026-03-29T01:00", false, "", false},
		{"Europe/London", "2026-03-29T01:59", false, "", false},
		{"Europe/London", "2026-03-29T02:00", false, "2026-03-29T01:00:00Z", false},
		{"Europe/London", "2026-10-25T00:59", false, "2026-10-24T23:59:00Z", false},
		{"Europe/London", "2026-10-25T01:00", false, "2026-10-25T00:00:00Z", true},
		{"Europe/London", "2026-10-25T01:00", true, "2026-10-25T01:00:00Z", true},
		{"Europe/London", "2026-10-25T01:59", true, "2026-10-25T01:59:00Z", true},
		{"Europe/London", "2026-10-25T02:00", true, "2026-10-25T02:00:00Z", false},
		{"America/New_York", "2026-03-08T02:30", false, "", false},
		{"America/New_York", "2026-11-01T01:30", false, "2026-11-01T05:30:00Z", true},
		{"America/New_York", "2026-11-01T01:30", true, "2026-11-01T06:30:00Z", true},
		{"Australia/Lord_Howe", "2026-10-04T02:15", false, "", false}, // half an hour is left out
		{"Australia/Lord_Howe", "2026-10-04T02:30", false, "2026-10-03T15:30:00Z", false},
		{"Australia/Lord_Howe", "2026-04-05T01:45", true, "2026-04-04T15:15:00Z", true},
		{"UTC", "2026-03-29T01:30", true, "2026-03-29T01:30:00Z", false},
	} {
		at, twice, err := InstantOf(c.local, Zone(c.zone), c.second)
		switch {
		case c.want == "" && (err == nil || !strings.Contains(err.Error(), "clocks go forward")):
			t.Errorf("%s in %s is left out, and gave %v, %v", c.local, c.zone, at, err)
		case c.want == "":
		case err != nil || at.UTC().Format(time.RFC3339) != c.want || twice != c.twice:
			t.Errorf("%s in %s (second: %v) is %v, twice %v, %v; want %s", c.local, c.zone, c.second, at.UTC(), twice, err, c.want)
		default:
			if both, second := ComesTwice(at); both != c.twice || second != (c.twice && c.second) {
				t.Errorf("%v comes twice: %v, as the second: %v", at, both, second)
			}
			if LocalOf(at, Zone(c.zone)) != Local(c.local) {
				t.Errorf("%s in %s shows as %s", c.local, c.zone, LocalOf(at, Zone(c.zone)))
			}
		}
	}
	if _, _, err := InstantOf("tomorrow", time.UTC, false); err == nil {
		t.Error("tomorrow is no time")
	}
	_, _, err := InstantOf("2026-03-29T01:30", Zone("Europe/London"), false)
	if err == nil || !strings.Contains(err.Error(), "01:30 out") || !strings.Contains(err.Error(), "02:00 or later") {
		t.Errorf("told as %v", err)
	}
}
