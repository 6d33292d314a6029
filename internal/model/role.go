package model

// Role is what somebody may do on a profile. Each holds all that the next one does.
type Role string

// The roles on a profile. The zero Role may nothing: who has it is told that there is
// no such profile.
const (
	RoleOwner  Role = "owner"  // everything; one a profile
	RoleEditor Role = "editor" // edits, publishes and schedules, and brings pictures
	RoleViewer Role = "viewer" // looks at preview, versions and analytics
)

var ranks = map[Role]int{RoleViewer: 1, RoleEditor: 2, RoleOwner: 3}

// May reports whether a role is enough for what needs another.
func (r Role) May(need Role) bool { return ranks[r] > 0 && ranks[r] >= ranks[need] }

// Enough is nil when a role is enough for what needs another, NotFound for somebody
// who has none, and Forbidden for one whose role is too small.
func (r Role) Enough(need Role) error {
	switch {
	case r.May(need):
		return nil
	case ranks[r] == 0:
		return NotFound()
	case need == RoleOwner:
		return Forbidden("Only the owner of this profile may do this.")
	}
	return Forbidden("You may look at this profile and change nothing. Its owner can make you an editor.")
}

// ParseRole reads a role that can be given to somebody; owner is none of them: a
// profile is handed over. The error is a Reason.
func ParseRole(text string) (Role, error) {
	switch role := Role(text); role {
	case RoleEditor, RoleViewer:
		return role, nil
	case RoleOwner:
		return "", Reason("A profile has one owner. Make somebody an editor first, then hand the profile over.")
	}
	return "", Reason("Choose editor or viewer.")
}
