package artist

import (
	"strings"
	"time"

	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/views/ui"
)

// Keys is the list of API keys.
type Keys struct {
	App   ui.App
	Email string
	// Closed says why the plan has none; empty when it has.
	Closed string
	// Made is the key that was made just now, shown this once; empty for none.
	Made string
	Keys []Key
	Now  time.Time
}

// Key is one API key, without what opens anything.
type Key struct {
	ID     model.KeyID
	Name   string
	Ending string
	// Handle is of the one profile that it is for; empty for all.
	Handle string
	// May is what it may do, in words.
	May                 []string
	Made, Used, Expires time.Time // Used and Expires are zero for never
}

// KeyForm is the form of a new key: fields "name", "scopes", "profile_id", "days".
type KeyForm struct {
	App      ui.App
	Email    string
	Name     string
	Days     string
	Profile  string
	Scopes   []ui.Choice
	Profiles []ui.Choice
	Problem  string
	Errors   ui.Errors
}

// keyState says in a line how a key stands.
func keyState(k Key, now time.Time) string {
	var parts []string
	if k.Handle != "" {
		parts = append(parts, "for "+k.Handle+" alone")
	}
	if k.Used.IsZero() {
		parts = append(parts, "never used")
	} else {
		parts = append(parts, "last used "+ui.Ago(k.Used, now))
	}
	switch {
	case k.Expires.IsZero():
		parts = append(parts, "does not expire")
	case k.Expires.Before(now):
		parts = append(parts, "expired "+ui.Ago(k.Expires, now))
	default:
		parts = append(parts, "until "+ui.Moment(k.Expires, now))
	}
	return strings.Join(parts, ", ")
}

func lives(days string) []ui.Choice {
	list := []ui.Choice{{Value: "30", Label: "30 days"}, {Value: "90", Label: "90 days"}, {Value: "365", Label: "A year"}, {Value: "", Label: "Until I end it"}}
	for i := range list {
		list[i].Chosen = list[i].Value == days
	}
	return list
}
