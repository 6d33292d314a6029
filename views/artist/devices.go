package artist

import (
	"time"

	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/views/ui"
)

// Devices is the list of what is signed in.
type Devices struct {
	App   ui.App
	Email string
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
	// Place is the country it was signed in from, empty when nobody knows.
	Place string
	// Since and Seen are when it began and when it was used last.
	Since, Seen time.Time
	// Here is the one that asks.
	Here bool
}
