// Package ui holds the components that all screens of the desk are made of: the frame, buttons, fields, tables,
// figures, charts, marks. A component takes display-ready values; numbers and times are given as numbers and times
// (in the zone they are to be shown in) and written here, so that they read the same everywhere.
package ui

import (
	"github.com/a-h/templ"

	"github.com/hlpfl/platform/internal/model"
)

// Sample is one state of a component or a screen, for /dev/views and the contact sheets.
type Sample struct {
	// Name is unique in its room, words joined by hyphens: "editor-conflict".
	Name string
	// Component draws the state; a whole document when Page is true, else a part to be put into one.
	Component templ.Component
	Page      bool
}

// Place says which entry of the bar is the present one.
type Place string

// The places of the bar.
const (
	PlaceNone      Place = ""
	PlaceEdit      Place = "edit"
	PlaceAnalytics Place = "analytics"
	PlaceProfiles  Place = "profiles"
	PlaceAccount   Place = "account"
)

// App is the frame of every screen behind the sign-in.
type App struct {
	// Title is the document's title without the house's name.
	Title string
	// User is how the bar calls who is signed in: the name, or the address when there is no name.
	User string
	// Here is the present place.
	Here Place
	// Profile is where "Edit" and "Analytics" lead: the profile on this screen, or the user's only or last one. Zero
	// leaves both out.
	Profile model.ProfileID
	// Viewer means that the user may only look at Profile: there is no "Edit".
	Viewer bool
	// Admin adds the way to the admin screens.
	Admin bool
	// Flash is what happened with the last thing done, shown once; nil for nothing.
	Flash *Flash
}

// Flash tells what happened with the last thing done.
type Flash struct {
	// Text is one sentence: "Published. Four changes are public."
	Text string
	// Bad marks it in pencil and announces it at once.
	Bad bool
	// Do is a button beside it that posts to Action ("Put back"); empty for none.
	Do, Action string
	// Version goes with the button's form when it is not 0.
	Version int64
	// Others are further choices that another form posts to OthersTo as the field OthersName.
	OthersTo, OthersName string
	Others               []Choice
}

// Errors are wrong fields by name (as in JSON), each with how to mend it.
type Errors map[string]string

// Meter shows a plan's limit before one runs into it.
type Meter struct {
	// What is counted, plural, lower case: "links", "profiles".
	What string
	// Used of Limit; Limit 0 means no limit, and then nothing is shown.
	Used, Limit int
	// Plan is the present plan's name: "Free". LiftedBy is the lowest plan that allows more, and Lifted how many that
	// one allows (0: no limit); LiftedBy is empty when none does.
	Plan, LiftedBy string
	Lifted         int
}

// Full reports whether nothing more fits.
func (m Meter) Full() bool { return m.Limit > 0 && m.Used >= m.Limit }
