package artist

import (
	"time"

	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/views/ui"
)

// FactorsPart is what the page of how one signs in says of the second factors.
type FactorsPart struct {
	Passkeys     int
	AppSince     time.Time // zero: none
	RecoveryLeft int
}

// Any reports whether there is a second factor.
func (p FactorsPart) Any() bool { return p.Passkeys > 0 || !p.AppSince.IsZero() }

// Factors is the page of the second factors.
type Factors struct {
	App          ui.App
	Email        string
	Now          time.Time
	Passkeys     []Passkey
	AppSince     time.Time // zero: no authenticator app
	RecoveryLeft int
	RecoveryAll  int // how many there are at first
	// Offered: this site can have passkeys.
	Offered bool
	// Needed: an admin was sent here.
	Needed  bool
	Problem string
	// Renamed is the passkey whose new name was wrong, Name what was typed.
	Renamed model.PasskeyID
	Name    string
	Errors  ui.Errors
}

// Any reports whether there is a second factor.
func (v Factors) Any() bool { return len(v.Passkeys) > 0 || !v.AppSince.IsZero() }

// Passkey is one of the list.
type Passkey struct {
	ID       model.PasskeyID
	Name     string
	Since    time.Time
	Used     time.Time // zero: never
	BackedUp bool      // it is on the owner's other devices too
}

// AppForm sets an authenticator app up: field "code".
type AppForm struct {
	App     ui.App
	Email   string
	Secret  string // in groups of four
	URL     string // otpauth://…
	Errors  ui.Errors
	Problem string
}

// PasskeyForm makes a passkey: what a script puts into "credential".
type PasskeyForm struct {
	App     ui.App
	Email   string
	Offered bool
	Problem string
}

// Recovery shows recovery codes, once.
type Recovery struct {
	App   ui.App
	Email string
	Codes []string
	// First: the second factor was set up just now.
	First bool
}

// Confirm asks somebody signed in to prove again to be there: "password", "code", or what a script puts into
// "credential".
type Confirm struct {
	App   ui.App
	Email string
	Next  string
	// Password, Code, Passkey and Recovery are what the account can do it with.
	Password, Code, Passkey, Recovery bool
	Providers                         []Connection
	Errors                            ui.Errors
	Problem                           string
}

// Ways reports whether there is any.
func (v Confirm) Ways() bool {
	return v.Password || v.Code || v.Passkey || v.Recovery || len(v.Providers) > 0
}
