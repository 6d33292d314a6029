package site

import "github.com/hlpfl/platform/views/ui"

// Ways are the identity providers at the door: fields "next", "handle" (hidden) and "time_zone" (filled by script).
type Ways struct {
	Providers    []Provider
	Next, Handle string
	// App is the app in whose own browser somebody is: "Instagram", "this app"; "" in a browser.
	App string
}

// Provider is one of them.
type Provider struct {
	// Name is "google", Label what people call it.
	Name, Label string
	// Refuses: it lets nobody in from inside of an app.
	Refuses bool
}

// Address asks for the address of a new account: field "email".
type Address struct {
	// Provider is what people call it; Name is who it says somebody is, "" when it does not.
	Provider, Name string
	Email          string
	Errors         ui.Errors
	Problem        string
}
