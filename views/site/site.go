// Package site draws what everybody sees: landing, prices, register and sign in, errors, the API's reference.
package site

import (
	"github.com/hlpfl/platform/internal/plans"
	"github.com/hlpfl/platform/views/ui"
)

// Bar is the head of the pages for everybody.
type Bar struct {
	// SignedIn shows the way to the desk instead of "Sign in".
	SignedIn bool
}

// Landing is the first page.
type Landing struct {
	Bar Bar
	// Host is what stands before a handle: "hlpfl.com".
	Host string
	// Sleeves are the finished themes, in order.
	Sleeves []Sleeve
	Rates   Rates
}

// Sleeve is a theme on the landing page: its name as it is stored and for people. The picture is found by the name.
type Sleeve struct{ Name, Label string }

// Pricing is the page of the rate card alone.
type Pricing struct {
	Bar   Bar
	Rates Rates
}

// Rates is the rate card: the plans, cheapest first.
type Rates struct {
	Plans []Plan
}

// Plan is one column of the rate card. Only what works today belongs into it.
type Plan struct {
	// Name is the plan's: "Free".
	Name string
	// Monthly is the price in whole US dollars a month.
	Monthly int
	// Profiles, Links and Pictures (a profile) and Clicks (shown a month); 0 means no limit.
	Profiles, Links, Pictures, Clicks int
	// Branding tells that our name stands at the foot of a page.
	Branding bool
}

// RatesFrom takes from the table of plans what works today.
func RatesFrom(table []plans.Entitlements) Rates {
	var r Rates
	for _, e := range table {
		r.Plans = append(r.Plans, Plan{
			Name: e.Name, Monthly: e.DollarsMonthly, Profiles: e.Profiles, Links: e.Links, Pictures: e.Pictures, Clicks: e.ClicksPerMonth, Branding: e.Branding,
		})
	}
	return r
}

// Register is the form of a new account: fields "name", "email", "password", "time_zone" (filled by script), and
// "handle" (hidden, kept for the first profile when it came from the landing page).
type Register struct {
	Name, Email, Handle, TimeZone string
	Errors                        ui.Errors
	// Problem is one sentence above the form, for what belongs to no field.
	Problem string
	// Host is what stands before a handle: "hlpfl.com".
	Host string
	Ways Ways
}

// Login is the sign-in form: fields "email", "password", "next" (hidden).
type Login struct {
	Email string
	// Next is the path to go to afterwards, "" for the desk.
	Next string
	// Done is what was done by a link just now, as in views.LoginAfter; "" for nothing.
	Done    string
	Errors  ui.Errors
	Problem string
	Ways    Ways
	// Passkeys shows the way in by passkey.
	Passkeys bool
}

// SecondFactor asks for the second proof of a sign-in: field "code", or what a script puts into "credential".
type SecondFactor struct {
	// App, Passkey and Recovery are what the account has.
	App, Passkey, Recovery bool
	Errors                 ui.Errors
	Problem                string
}

// Error is a page for anything that went wrong.
type Error struct {
	Bar Bar
	// Status is the HTTP status; the words depend on it.
	Status int
	// Message is a sentence that says more, from model.Error; empty takes the status's own.
	Message string
	// RequestID is shown with a 5xx, for a letter to us.
	RequestID string
	// RetryAfter in seconds, 0 for unknown.
	RetryAfter int
	// Back is where the way back leads; empty is home.
	Back string
}

// Lost is the 404 of a handle that nobody has.
type Lost struct {
	Bar Bar
	// Host and Handle are what was asked for.
	Host, Handle string
	// Nearest is a public handle one letter away, or empty.
	Nearest string
	// Free tells that the handle could be claimed.
	Free bool
}
