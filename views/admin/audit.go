// Package admin draws the screens of those who run HLPFL.
package admin

import (
	"time"

	"github.com/hlpfl/platform/views/ui"
)

// Audit is the whole audit log: fields "email", "action".
type Audit struct {
	User   string // who is signed in
	Email  string
	Action string
	Errors ui.Errors
	// Actions are all that there are, to choose from.
	Actions []ui.Choice
	Lines   []AuditLine
	Older   string // leads further back, empty on the last page
	Now     time.Time
}

// AuditLine is one line of the log.
type AuditLine struct {
	At                     time.Time
	Action, Subject        string
	Actor, About           string // addresses; empty for nobody
	Before, After, Network string
}
