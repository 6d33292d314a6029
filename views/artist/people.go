package artist

import (
	"time"

	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/views/ui"
)

// People is who works on a profile. The form that invites has the fields "email" and "role".
type People struct {
	App          ui.App
	ID           model.ProfileID
	Name, Handle string
	// Owner means that whoever looks owns the profile: all others see who is there, and can go.
	Owner bool
	// Unproved means that the one who looks has not proved the own address, and so invites nobody.
	Unproved bool
	People   []Person
	// Invited are asked and have not answered.
	Invited []Person
	// Offer is the profile's, seen by who made it and who got it; nil for none.
	Offer *Offer
	Now   time.Time
	// Email and Role are what was typed.
	Email, Role string
	Problem     string
	Errors      ui.Errors
}

// Person is somebody who works on a profile, or is asked to.
type Person struct {
	// ID is a user's, or an invitation's.
	ID          string
	Name, Email string
	Role        string
	Since       time.Time
	// Until is how long an invitation can be accepted.
	Until time.Time
	You   bool
}

// Offer is a profile on its way to another owner.
type Offer struct {
	To    string
	You   bool // it is offered to who looks
	Stays bool
	Until time.Time
}

// HandOver is the form that offers a profile: fields "member" and "stays".
type HandOver struct {
	App     ui.App
	ID      model.ProfileID
	Handle  string
	People  []ui.Choice
	Stays   bool
	Problem string
	Errors  ui.Errors
}

// TakeOver shows an offer to who got it.
type TakeOver struct {
	App                 ui.App
	ID                  model.ProfileID
	Name, Handle, Owner string
	Stays               bool
	Until               time.Time
	// Plan is the name of the plan that the page has from then on.
	Plan    string
	Problem string
}

// Waiting are the invitations that wait for who looks.
type Waiting struct {
	App         ui.App
	Email       string
	Unproved    bool
	Invitations []Invitation
}

// Invitation asks who looks to work on a profile.
type Invitation struct {
	ID                  model.InvitationID
	Name, Handle, Owner string
	Role                string
	Until               time.Time
}

// SharedCard is somebody else's profile in the list of profiles.
type SharedCard struct {
	ProfileCard
	Owner string
	Role  string
}

// roleName is what a role is called.
func roleName(role string) string {
	return map[string]string{"owner": "Owner", "editor": "Editor", "viewer": "Viewer"}[role]
}

// roleSays is what a role may do.
func roleSays(role string) string {
	return map[string]string{
		"owner":  "Everything, and whose it is.",
		"editor": "Edits, publishes and schedules.",
		"viewer": "Sees preview, versions and figures.",
	}[role]
}
