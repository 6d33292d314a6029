package model

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// MaxKeyName is the longest name of an API key, in characters.
const MaxKeyName = 60

// KeyInput makes an API key.
type KeyInput struct {
	Name      string   `json:"name" required:"true" doc:"what it is for: the website, the label's spreadsheet"`
	Scopes    []string `json:"scopes" required:"true" doc:"profiles:read, profiles:write, analytics:read, account:read"`
	ProfileID string   `json:"profile_id" doc:"the one profile it is for; all of yours when left out"`
	ExpiresAt string   `json:"expires_at" doc:"when it stops working, RFC 3339; never when left out"`
	Days      string   `json:"days" door:"form"` // the same as a choice: "30", "" for never

	Profile ProfileID  `json:"-"` // zero for all
	Expires *time.Time `json:"-"` // nil for never
}

// Validate mends and checks it, but for whether the profile is the user's.
func (in *KeyInput) Validate() error {
	p := Problems{}
	var err error
	in.Name, err = keep(in.Name, func(raw string) (string, error) { return CleanLine(raw, MaxKeyName) })
	p.Add("name", err)
	if err == nil && in.Name == "" {
		p.Add("name", Reason("Say what the key is for, so that you know it again."))
	}
	p.Add("scopes", in.checkScopes())
	if in.ProfileID != "" {
		if in.Profile, err = ParseProfileID(in.ProfileID); err != nil {
			p.Add("profile_id", Reason("There is no such profile of yours."))
		}
	}
	p.Add("expires_at", in.readExpiry())
	return p.Err()
}

func (in *KeyInput) checkScopes() error {
	if len(in.Scopes) == 0 {
		return Reason("Choose at least one thing that the key may do.")
	}
	if len(in.Scopes) > len(Scopes()) {
		return Reason("Name each scope once.")
	}
	for i, s := range in.Scopes {
		if !knownScope(s) {
			return Reason(fmt.Sprintf("There is no scope %q. Choose of profiles:read, profiles:write, analytics:read and account:read.", shortText(s)))
		}
		if slices.Contains(in.Scopes[:i], s) {
			return Reason("Name each scope once.")
		}
	}
	return nil
}

// keyDays are the lives that the form offers.
var keyDays = map[string]time.Duration{"": 0, "30": 30 * 24 * time.Hour, "90": 90 * 24 * time.Hour, "365": 365 * 24 * time.Hour}

func (in *KeyInput) readExpiry() error {
	life, known := keyDays[in.Days]
	switch {
	case !known:
		return Reason("Choose one of the times that are offered.")
	case life > 0:
		at := time.Now().Add(life).UTC()
		in.Expires = &at
		return nil
	case in.ExpiresAt == "":
		return nil
	}
	at, err := time.Parse(time.RFC3339, strings.TrimSpace(in.ExpiresAt))
	switch {
	case err != nil:
		return Reason("Write the time like 2027-01-31T00:00:00Z.")
	case !at.After(time.Now()):
		return Reason("This time is over already.")
	case at.Year() > 9999:
		return Reason("Give a year of four digits, or leave it out for a key that does not expire.")
	}
	at = at.UTC()
	in.Expires = &at
	return nil
}

// shortText makes a stranger's text fit to be named in a sentence.
func shortText(s string) string {
	s = strings.ToValidUTF8(s, "?")
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}
