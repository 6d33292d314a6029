package artist

import "github.com/hlpfl/platform/views/ui"

// Account is the user's own screen: fields "name", "time_zone"; the plan.
type Account struct {
	App   ui.App
	Email string
	// Name and TimeZone are the present values, or what was typed.
	Name, TimeZone string
	Errors         ui.Errors
	// Plan is its name: "Free". Limits are what it allows and how much is used.
	Plan   string
	Limits []ui.Meter
}
