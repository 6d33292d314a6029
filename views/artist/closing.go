package artist

import (
	"time"

	"github.com/hlpfl/platform/views/ui"
)

// Delete is the form by which an account is deleted; its field is "email".
type Delete struct {
	App   ui.App
	Email string
	// Typed is what was typed.
	Typed string
	// Admin: an admin's account stays until the right is gone.
	Admin bool
	// Day is when it would be gone.
	Day time.Time
	// Pages is how many profiles go; Shared are those of them that others work on.
	Pages   int
	Shared  []SharedPage
	Problem string
	Errors  ui.Errors
}

// SharedPage is a profile that others work on.
type SharedPage struct {
	Name, Handle string
	People       int
}

// Closing is an account that is to be deleted.
type Closing struct {
	Email string
	// Day is when it is gone.
	Day time.Time
}
