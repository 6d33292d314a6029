package model

import (
	"strings"
	"testing"
	"time"
)

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

func TestSummary(t *testing.T) {
	block := func(id BlockID, body Body) Block { return Block{ID: id, Enabled: true, Body: body} }
	link := func(id BlockID, title string) Block {
		return block(id, Link{Title: title, URL: "https://example.com"})
	}
	was := NewDocument()
	was.Blocks = []Block{link("a", "A"), link("b", "B"), block("h", Heading{Text: "Press"})}
	same := was
	if got := Summary(was, same, false); got != "nothing changed" {
		t.Errorf("nothing is %q", got)
	}
	is := NewDocument()
	is.Blocks = []Block{link("b", "B"), link("a", "A"), link("c", "C"), link("d", "D"), block("r", Release{Title: "R"})}
	is.Theme.Name, is.Bio = "tape", "New"
	if got, want := Summary(was, is, true), "2 links added, 1 release added, 1 link moved, 1 heading deleted, name changed, bio changed, theme changed"; got != want {
		t.Errorf("it is %q, want %q", got, want)
	}
	is = was
	is.Blocks = []Block{link("a", "Another"), was.Blocks[1], was.Blocks[2]}
	is.Picture = &Picture{Media: "x"}
	if got, want := Summary(was, is, false), "1 link changed, picture changed"; got != want {
		t.Errorf("it is %q, want %q", got, want)
	}
}
