package ui

import (
	"testing"
	"time"
)

func TestNumbersAreWritten(t *testing.T) {
	for want, got := range map[string]string{
		"0": Number(0), "999": Number(999), "13,334": Number(13334), "1,000,000": Number(1000000), "−4,000": Number(-4000),
		"No": Words(0), "Twelve": Words(12), "13": Words(13),
		"1 change": Plural(1, "change", "changes"), "0 changes": Plural(0, "change", "changes"),
		"24 %": Percent(24, 100), "< 1 %": Percent(1, 1000), "0 %": Percent(0, 0),
		"37.2 %": Rate(4962, 13334), "–": Rate(0, 0),
		"67.4%": Width(812, 1204), "0%": Width(3, 0), "100.0%": Width(9, 3),
		"↑ 20 %": Moved(120, 100), "↑ 12 times": Moved(1204, 100), "↑ 999 %": Moved(1099, 100), "↓ 50 %": Moved(1, 2), "No change": Moved(0, 0), "New": Moved(3, 0), "↑ < 1 %": Moved(1001, 1000),
		"↑ 0.6 points": Points(372, 1000, 366, 1000), "↓ 1.0 points": Points(1, 100, 2, 100),
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	if got := Points(1, 2, 1, 2); got != "No change" {
		t.Errorf("equal rates: %q", got)
	}
}

func TestTimesAreWritten(t *testing.T) {
	now := time.Date(2026, 11, 23, 15, 47, 0, 0, time.UTC)
	for want, passed := range map[string]time.Duration{
		"just now": time.Second, "3 seconds ago": 3 * time.Second, "1 minute ago": 70 * time.Second,
		"59 minutes ago": 59*time.Minute + 59*time.Second, "2 hours ago": 2 * time.Hour, "on 21 Nov": 48 * time.Hour, "on 23 Nov 2025": 365 * 24 * time.Hour,
	} {
		if got := Ago(now.Add(-passed), now); got != want {
			t.Errorf("%v: %q, want %q", passed, got, want)
		}
	}
	if got := Ago(now.Add(time.Hour), now); got != "just now" {
		t.Errorf("a clock that runs ahead: %q", got)
	}
	if got := Moment(now.AddDate(1, 0, 0), now); got != "23 Nov 2027, 15:47" {
		t.Errorf("another year: %q", got)
	}
}

func TestScaleHoldsTheLargest(t *testing.T) {
	for most := range 5000 {
		step, top := scale(most)
		if step < 1 || top < most || top < 1 || top%step != 0 || top/step > 6 {
			t.Fatalf("%d: steps of %d to %d", most, step, top)
		}
	}
	if step, top := scale(871); step != 200 || top != 1000 {
		t.Errorf("871: steps of %d to %d", step, top)
	}
}

func TestLabelsAtTheEndsDoNotTouch(t *testing.T) {
	c := Chart{Points: []string{"a", "b"}, Lines: []Line{
		{Name: "One", Values: []int{5, 0}}, {Name: "Two", Values: []int{5, 0}}, {Name: "Three", Values: []int{0, 1}}, {Name: "Four", Values: []int{1, 1}},
	}}
	for _, f := range []frame{wideFrame, narrowFrame} {
		ends := c.draw(f).ends
		for i, a := range ends {
			if a.y > f.base+5.01 || a.y < f.top {
				t.Errorf("%s stands at %.1f", a.text, a.y)
			}
			for _, b := range ends[:i] {
				if gap := a.y - b.y; gap < 17.9 && gap > -17.9 {
					t.Errorf("%s and %s are %.1f apart", a.text, b.text, gap)
				}
			}
		}
	}
}

func TestChartsOfAlmostNothing(t *testing.T) {
	for name, c := range map[string]Chart{
		"no points": {},
		"one point": {Points: []string{"a"}, Lines: []Line{{Name: "x", Values: []int{7}}}},
		"all zero":  {Points: []string{"a", "b", "c"}, Lines: []Line{{Name: "x", Values: []int{0, 0, 0}}}},
		"no values": {Points: []string{"a", "b"}, Lines: []Line{{Name: "x"}}},
	} {
		d := c.draw(wideFrame)
		if len(d.stamps) != len(c.Points) || len(d.ticks) == 0 {
			t.Errorf("%s: %d stamps, %d ticks", name, len(d.stamps), len(d.ticks))
		}
	}
	if got := (Chart{Points: []string{"a"}, Lines: []Line{{Values: []int{7}}}}).draw(wideFrame).paths[0]; got[len(got)-4:] != "h.01" {
		t.Errorf("one value is no dot: %s", got)
	}
	if SparkPath([]int{1}, 200, 48) != "" || SparkPath([]int{0, 0}, 200, 48) == "" {
		t.Error("spark of one, of zeros")
	}
}

func TestMeterSays(t *testing.T) {
	for _, c := range []struct {
		m          Meter
		text, lift string
	}{
		{Meter{What: "links", Used: 3, Limit: 5, Plan: "Free"}, "3 of 5 links", ""},
		{Meter{What: "links", Used: 5, Limit: 5, Plan: "Free", LiftedBy: "Artist"}, "Free holds five links, and you have five.", "Artist has no limit"},
		{Meter{What: "profiles", Used: 1, Limit: 1, Plan: "Free", LiftedBy: "Artist", Lifted: 3}, "Free holds one profile, and you have it.", "Artist holds three"},
		{Meter{What: "links", Used: 9, Limit: 5, Plan: "Free", LiftedBy: "Artist"}, "Free holds five links, and you have nine.", "Artist has no limit"},
	} {
		if text, lift := c.m.says(); text != c.text || lift != c.lift {
			t.Errorf("%+v: %q, %q", c.m, text, lift)
		}
	}
}
