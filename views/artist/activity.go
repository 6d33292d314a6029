package artist

import (
	"time"

	"github.com/hlpfl/platform/views/ui"
)

// Activity is what was done with the own account, the newest first.
type Activity struct {
	App   ui.App
	Email string
	Lines []ActivityLine
	// Older leads further back, empty on the last page; Back is true on all but the first.
	Older string
	Back  bool
	Now   time.Time
}

// ActivityLine is one line of the audit log about the user.
type ActivityLine struct {
	What string
	// Detail says more, empty for nothing: how somebody signed in, what a key is called.
	Detail string
	// By says who, empty for the user.
	By string
	// From is the network it came from, empty for none.
	From string
	At   time.Time
	// Bad marks what should not be there: a sign-in that failed.
	Bad bool
}
