package ui

import (
	"maps"
	"slices"
	"strings"
)

// Did says in words what a line of the audit log tells, as people speak of their own
// account. An action that has no words is told by its name.
func Did(action string) string {
	if words := did[action]; words != "" {
		return words
	}
	words := strings.NewReplacer(".", ", ", "_", " ").Replace(action)
	return strings.ToUpper(words[:min(1, len(words))]) + words[min(1, len(words)):]
}

// Actions are those that have words, in alphabetical order.
func Actions() []string { return slices.Sorted(maps.Keys(did)) }

var did = map[string]string{
	"deletion.asked":            "The account is to be deleted",
	"deletion.cancelled":        "The account is kept after all",
	"deletion.done":             "The account was deleted",
	"export.asked":              "An archive of everything was asked for",
	"export.downloaded":         "The archive of everything was fetched",
	"key.ended":                 "An API key was ended",
	"key.made":                  "An API key was made",
	"member.invited":            "Somebody was invited to a profile",
	"member.joined":             "Somebody joined a profile",
	"member.left":               "Somebody left a profile",
	"member.refused":            "An invitation was refused",
	"member.removed":            "Somebody no longer works on a profile",
	"member.role_changed":       "A role on a profile was changed",
	"member.uninvited":          "An invitation was taken back",
	"plan.granted":              "A plan was given",
	"profile.deleted":           "A profile was deleted",
	"profile.handle_changed":    "A profile’s address was changed",
	"profile.offer_ended":       "The offer of a profile ended",
	"profile.offered":           "A profile was offered to somebody",
	"profile.transferred":       "A profile has another owner",
	"profile.restored":          "A profile was brought back",
	"profile.switched":          "A profile was switched on or off",
	"session.ended":             "A device was signed out",
	"session.others_ended":      "All other devices were signed out",
	"session.refresh_reused":    "A program’s token was used twice, so its session ended",
	"session.step_up_failed":    "A confirmation failed",
	"session.stepped_up":        "It was confirmed that it is you",
	"signups.spike":             "Admins were told of many new accounts",
	"user.admin":                "Admin rights were changed",
	"user.imported":             "The account was made by an import",
	"user.password_changed":     "The password was changed",
	"user.registered":           "The account was made",
	"user.second_factor_failed": "A second factor was wrong",
	"user.sign_in_failed":       "A sign-in failed",
	"user.signed_in":            "Signed in",
	"user.signed_out":           "Signed out",
	"user.signed_out_by_admin":  "All devices were signed out by HLPFL",
	"user.suspended":            "The account was suspended",
	"user.unsuspended":          "The suspension was lifted",
}
