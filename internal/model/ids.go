// Package model holds the nouns everybody shares: typed ids, errors by kind, the
// document of a profile with its edits, and the inputs of every action. It does
// no I/O and imports nothing of the house.
package model

import (
	"crypto/rand"
	"encoding/base32"
	"strings"

	"github.com/google/uuid"
)

// ID is a UUID that knows what it names, so that one noun's id cannot be passed
// where another's belongs. It scans, stores and marshals as its UUID.
type ID[K any] struct{ uuid.UUID }

type (
	userKind    struct{}
	profileKind struct{}
	sessionKind struct{}
	eventKind   struct{}
	grantKind   struct{}
	entryKind   struct{}
	jobKind     struct{}
	passkeyKind struct{}
	mailKind    struct{}
	keyKind     struct{}
	exportKind  struct{}
	inviteKind  struct{}
)

// All ids are UUIDv7 made by the server, so they sort by the time they were made.

// UserID names a user.
type UserID = ID[userKind]

// ProfileID names a profile.
type ProfileID = ID[profileKind]

// SessionID names a sign-in.
type SessionID = ID[sessionKind]

// EventID names an event.
type EventID = ID[eventKind]

// GrantID names a plan given by hand.
type GrantID = ID[grantKind]

// EntryID names a line of the audit log.
type EntryID = ID[entryKind]

// JobID names a job.
type JobID = ID[jobKind]

// PasskeyID names a passkey.
type PasskeyID = ID[passkeyKind]

// MailID names a mail.
type MailID = ID[mailKind]

// KeyID names an API key.
type KeyID = ID[keyKind]

// ExportID names an archive of what is a user's.
type ExportID = ID[exportKind]

// InvitationID names an invitation to work on a profile.
type InvitationID = ID[inviteKind]

// NewUserID makes an id for a new user.
func NewUserID() UserID { return newID[userKind]() }

// NewProfileID makes an id for a new profile.
func NewProfileID() ProfileID { return newID[profileKind]() }

// NewSessionID makes an id for a new sign-in.
func NewSessionID() SessionID { return newID[sessionKind]() }

// NewEventID makes an id for a new event; the time inside it is the event's time.
func NewEventID() EventID { return newID[eventKind]() }

// NewGrantID makes an id for a plan given by hand.
func NewGrantID() GrantID { return newID[grantKind]() }

// NewEntryID makes an id for a line of the audit log.
func NewEntryID() EntryID { return newID[entryKind]() }

// NewJobID makes an id for a new job.
func NewJobID() JobID { return newID[jobKind]() }

// NewPasskeyID makes an id for a new passkey.
func NewPasskeyID() PasskeyID { return newID[passkeyKind]() }

// NewMailID makes an id for a new mail.
func NewMailID() MailID { return newID[mailKind]() }

// NewKeyID makes an id for a new API key.
func NewKeyID() KeyID { return newID[keyKind]() }

// NewExportID makes an id for an archive of what is a user's.
func NewExportID() ExportID { return newID[exportKind]() }

// NewInvitationID makes an id for a new invitation.
func NewInvitationID() InvitationID { return newID[inviteKind]() }

func newID[K any]() ID[K] {
	// NewV7 fails only when the system has no randomness, and then nothing works.
	return ID[K]{uuid.Must(uuid.NewV7())}
}

// ParseProfileID reads a profile's id from a path. Anything but the canonical
// 36 characters is NotFound: a malformed id names nothing.
func ParseProfileID(s string) (ProfileID, error) { return parseID[profileKind](s) }

// ParseSessionID reads a session's id from a path; malformed is NotFound.
func ParseSessionID(s string) (SessionID, error) { return parseID[sessionKind](s) }

// ParseMailID reads a mail's id from a path; malformed is NotFound.
func ParseMailID(s string) (MailID, error) { return parseID[mailKind](s) }

// ParseUserID reads a user's id from a path or token; malformed is NotFound.
func ParseUserID(s string) (UserID, error) { return parseID[userKind](s) }

// ParsePasskeyID reads a passkey's id from a path; malformed is NotFound.
func ParsePasskeyID(s string) (PasskeyID, error) { return parseID[passkeyKind](s) }

// ParseKeyID reads an API key's id from a path; malformed is NotFound.
func ParseKeyID(s string) (KeyID, error) { return parseID[keyKind](s) }

// ParseEntryID reads the id of a line of the audit log from a cursor; malformed is
// NotFound.
func ParseEntryID(s string) (EntryID, error) { return parseID[entryKind](s) }

// ParseExportID reads an archive's id from a path; malformed is NotFound.
func ParseExportID(s string) (ExportID, error) { return parseID[exportKind](s) }

// ParseInvitationID reads an invitation's id from a path; malformed is NotFound.
func ParseInvitationID(s string) (InvitationID, error) { return parseID[inviteKind](s) }

func parseID[K any](s string) (ID[K], error) {
	if len(s) != 36 {
		return ID[K]{}, NotFound()
	}
	u, err := uuid.Parse(s)
	if err != nil {
		return ID[K]{}, NotFound()
	}
	return ID[K]{u}, nil
}

// IsZero reports whether the id was never set.
func (id ID[K]) IsZero() bool { return id.UUID == uuid.Nil }

// BlockID names a block or a social link inside one document; it is the link's
// id in addresses and events. Made by the server when absent, kept ever after.
type BlockID string

// MaxBlockID is the longest block id that a caller may bring, in characters.
const MaxBlockID = 40

var blockAlphabet = base32.NewEncoding("abcdefghijkmnpqrstuvwxyz23456789").WithPadding(base32.NoPadding)

// NewBlockID makes a short random id (60 bits): it need be unique in one
// document only, and twenty of them stand in every public page.
func NewBlockID() BlockID {
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails since Go 1.24
	return BlockID(blockAlphabet.EncodeToString(b[:])[:12])
}

// ParseBlockID reads a block's id from a path; malformed is NotFound.
func ParseBlockID(s string) (BlockID, error) {
	if !validBlockID(s) {
		return "", NotFound()
	}
	return BlockID(s), nil
}

func validBlockID(s string) bool {
	return s != "" && len(s) <= MaxBlockID && strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-") == ""
}
