// Package artist draws the screens behind the sign-in: profiles, editor, analytics, account. Each screen takes one
// struct of display-ready values. A form that came back wrong is the same screen with the values that were typed and
// Errors filled.
package artist

import (
	"time"

	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/views/ui"
)

// Profiles is the list of a user's profiles. With a Total of 0 it is the form for the first one.
type Profiles struct {
	App   ui.App
	Cards []ProfileCard
	// Total is how many there are, those of other pages and those that the search does not find included.
	Total int
	// Find shows the search: field "q". Search is what was searched for.
	Find   bool
	Search string
	// First and Next lead to other pages of the list; empty where there is none.
	First, Next string
	// Shared are profiles of others that the user works on. Waiting and Offered wait for an answer.
	Shared  []SharedCard
	Waiting []Invitation
	Offered []SharedCard
	// Deleted can still be brought back.
	Deleted []DeletedProfile
	// Limit is the plan's limit of profiles.
	Limit ui.Meter
	// New is the form of the first profile; used only while there are none.
	New NewProfile
}

// ProfileCard is one profile in the list.
type ProfileCard struct {
	ID           model.ProfileID
	Name, Handle string
	// Picture is the portrait's address (about 176 px wide), empty for none.
	Picture string
	// Public is false while the artist has switched the page off. Suspended was done by us.
	Public, Suspended bool
	// Changes are in the draft and not public yet.
	Changes int
	// Views of the last 28 days, and by day, oldest first (28 of them, or none at all).
	Views int
	Trace []int
}

// DeletedProfile is one that can be brought back until a day.
type DeletedProfile struct {
	ID           model.ProfileID
	Name, Handle string
	// Until is the last moment for it, in the profile's zone.
	Until time.Time
}

// NewProfile is the form that makes a profile: fields "handle", "profile_name", "time_zone".
type NewProfile struct {
	// Handle, Name and TimeZone are what was typed, or what is proposed.
	Handle, Name, TimeZone string
	Errors                 ui.Errors
	// Free tells about the handle; nil shows the hint only.
	Free *HandleAnswer
	// Host is what stands before the handle: "hlpfl.com".
	Host string
}

// Another is the form for a further profile, on its own screen.
type Another struct {
	App   ui.App
	Form  NewProfile
	Limit ui.Meter
}

// HandleAnswer says whether a handle can be had. It is what GET views.HandleFree answers, as the part HandleStatus.
type HandleAnswer struct {
	// Handle as it would be stored.
	Handle string
	// Free means that it can be had. Otherwise Reason says why not ("That handle is taken.", "Too short: two
	// characters at least."), and Instead is one that is free, or empty.
	Free    bool
	Reason  string
	Instead string
}
