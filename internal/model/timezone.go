package model

import (
	"regexp"
	"strings"
	"time"
	_ "time/tzdata" // the image of the program has no files of its own
)

// zoneForm is how the names of the IANA database look.
var zoneForm = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_+-]{0,31}(/[A-Za-z0-9_+-]{1,31}){0,2}$`)

// ParseTimeZone mends and checks the name of a time zone, like Europe/London;
// empty is UTC. The error is a Reason.
func ParseTimeZone(raw string) (string, error) {
	name := strings.TrimFunc(raw, blankAround)
	if name == "" || strings.EqualFold(name, "utc") {
		return "UTC", nil
	}
	const wrong = Reason("There is no such time zone. Give one by its region and city, like Europe/London.")
	// A machine's own files have folders beside the zones.
	if !zoneForm.MatchString(name) || name == "Local" || strings.HasPrefix(name, "posix") || strings.HasPrefix(name, "right/") {
		return "", wrong
	}
	if _, err := time.LoadLocation(name); err != nil {
		return "", wrong
	}
	return name, nil
}

// Zone is the location of a time zone that ParseTimeZone gave; UTC for any other.
func Zone(name string) *time.Location {
	if at, err := time.LoadLocation(name); err == nil {
		return at
	}
	return time.UTC
}
