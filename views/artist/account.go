package artist

import (
	"time"

	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/views/ui"
)

// Account is the user's own screen: fields "name", "time_zone"; the devices that are signed in; the plan.
type Account struct {
	App   ui.App
	Email string
	// Name and TimeZone are the present values, or what was typed.
	Name, TimeZone string
	Errors         ui.Errors
	// Plan is its name: "Free". Limits are what it allows and how much is used.
	Plan   string
	Limits []ui.Meter
	// Sessions are the sign-ins that are alive, this one first.
	Sessions []Session
	// Now is this moment, for "3 minutes ago".
	Now time.Time
}

// Session is one sign-in.
type Session struct {
	ID model.SessionID
	// Device says what it is, as far as we know: "Firefox on Android", "API client".
	Device string
	// Since and Seen are when it began and when it was used last.
	Since, Seen time.Time
	// Here is the one that asks.
	Here bool
}
