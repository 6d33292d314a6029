package artist

import (
	"time"

	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/views/ui"
)

// Analytics is the screen of a profile's figures over a range of days.
type Analytics struct {
	App          ui.App
	ID           model.ProfileID
	Name, Handle string
	// Host and URL are the public address as it is written and as it is followed.
	Host, URL string
	// TimeZone is whose days they are: "Europe/London".
	TimeZone string

	// From and To are the first and last day, inclusive, in the profile's zone.
	From, To time.Time
	// Ranges are the ready-made choices, one of them Current unless the days were typed.
	Ranges []Range
	// Errors of the fields "from" and "to".
	Errors ui.Errors

	Views, Visitors, Clicks Count
	// Days in order, without gaps, one for each of the range. With Hourly each is an hour.
	Days   []Day
	Hourly bool
	// Links by clicks, most first.
	Links []LinkClicks
	// Filtered are the reasons why something was written down and not counted, most first.
	Filtered []Reason
	// Limit tells what the plan hides; nil when it hides nothing.
	Limit *PlanLimit
	// Ever is false when the profile has had no event at all yet; the screen then says how to get the first.
	Ever bool
}

// Range is one ready-made choice of days.
type Range struct {
	Label    string // "Last 28 days"
	From, To string // 2006-01-02
	Current  bool
}

// Count is a figure and the one of the same number of days before.
type Count struct {
	Now, Before int
	// Compared is false when there is no earlier period to compare with (the profile is younger).
	Compared bool
}

// Day is one day, or hour, of the series. Before is the clicks of the same place in the period before.
type Day struct {
	At                      time.Time
	Views, Visitors, Clicks int
	Before                  int
}

// LinkClicks is one link's share.
type LinkClicks struct {
	// Title as it is, or was last; Host is the target's.
	Title, Host string
	Clicks      int
	// Gone is no longer on the page.
	Gone bool
}

// Reason is one reason for not counting. Known reasons ("bot", "prefetch", "head", "gone", …) get words here, an
// unknown one is shown as it is.
type Reason struct {
	Reason string
	Count  int
}

// PlanLimit is what the plan hides.
type PlanLimit struct {
	// PerMonth clicks are shown a calendar month (UTC), 0 for no limit; Used of them are; Hidden are recorded and not shown.
	PerMonth, Used, Hidden int
	// Locked are the parts the plan leaves out, as the API names them: "countries", "devices", …
	Locked []string
	// Plan is the present one, LiftedBy the lowest that shows all.
	Plan, LiftedBy string
}
