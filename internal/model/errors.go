package model

import (
	"errors"
	"time"
)

// Kind says what went wrong in the terms of the house. handlers/web alone knows
// which HTTP status a kind becomes.
type Kind int

// The kinds of error.
const (
	KindInternal     Kind = iota // ours; its text is logged and never shown
	KindUnreadable               // the request could not be read at all
	KindInvalid                  // read, and a field is wrong: Fields names each
	KindUnauthorized             // not signed in, or the proof is no good
	KindSecondFactor             // the first proof was good, the second is to come: see Challenge
	KindStepUp                   // signed in, and has to prove again to be there
	KindUnproven                 // signed in, and the address is not proved yet
	KindFactorless               // signed in without a second factor, which this needs
	KindClosing                  // signed in, and the account is to be deleted
	KindForbidden                // signed in, and still not allowed
	KindPlanLimit                // the plan does not hold that much: see Limit
	KindNotFound                 // not there, or somebody else's
	KindGone                     // was there, is suspended
	KindConflict                 // made from an old version
	KindTaken                    // somebody has it already
	KindTooLarge                 // the body is larger than the route takes
	KindMediaType                // the body is of a type the route does not read
	KindTooMany                  // slow down: see RetryAfter
	KindUnavailable              // a part we need is away: see RetryAfter
)

// Error is what every floor returns. Message is a sentence for a person: what
// happened, what to do next. It is shown, but never for KindInternal.
type Error struct {
	Kind       Kind
	Message    string
	Fields     map[string]string // field name as in JSON -> how to mend it
	Limit      *Limit            // with KindPlanLimit
	RetryAfter time.Duration     // with KindTooMany and KindUnavailable
	Version    int64             // with KindConflict: the present version
	Challenge  string            // with KindSecondFactor: what the second proof names
	Err        error             // the cause, for the log only
}

// Limit tells which limit of the plan was met.
type Limit struct {
	Name     string // "profiles", "links"
	Limit    int    // what the plan allows
	Used     int    // what is there already
	LiftedBy string // the lowest plan that allows more, "" when none does
}

// Error gives the message, or the cause of an internal one.
func (e *Error) Error() string {
	if e.Err != nil {
		return e.Message + ": " + e.Err.Error()
	}
	return e.Message
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// KindOf tells the kind of any error; what is not ours is KindInternal.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return KindInternal
}

// NotFound is the answer for what is absent and for what is somebody else's.
func NotFound() error {
	return &Error{Kind: KindNotFound, Message: "There is nothing here."}
}

// Invalid is one wrong field.
func Invalid(field, reason string) error {
	return &Error{Kind: KindInvalid, Message: "One field needs mending.", Fields: map[string]string{field: reason}}
}

// Conflict is a save made from an old version; present is the version now.
func Conflict(present int64) error {
	return &Error{Kind: KindConflict, Message: "This was changed elsewhere since you opened it. Load the present version and apply your change again.", Version: present}
}

// Taken is a value that must be unique and is not.
func Taken(field, reason string) error {
	return &Error{Kind: KindTaken, Message: reason, Fields: map[string]string{field: reason}}
}

// Unauthorized asks for a sign-in.
func Unauthorized(message string) error {
	return &Error{Kind: KindUnauthorized, Message: message}
}

// Forbidden refuses somebody who is signed in.
func Forbidden(message string) error {
	return &Error{Kind: KindForbidden, Message: message}
}

// StepUp asks somebody who is signed in to prove again to be there.
func StepUp() error {
	return &Error{Kind: KindStepUp, Message: "This needs a fresh proof that it is you. Confirm it, then send this again."}
}

// Unproven asks somebody who is signed in to prove the own address first. what is
// what needs that: "Inviting people".
func Unproven(what string) error {
	return &Error{Kind: KindUnproven, Message: what + " needs an address that is yours for sure. Press the button in the mail we sent you; your Sign-in page sends it again."}
}

// Factorless asks somebody who is signed in for a second factor, to be set up or used.
func Factorless() error {
	return &Error{Kind: KindFactorless, Message: "This needs a second factor. Set up a passkey or an authenticator app, or sign in with it."}
}

// Closing refuses somebody whose account is to be deleted.
func Closing(day time.Time) error {
	return &Error{Kind: KindClosing, Message: "This account is to be deleted on " + day.UTC().Format("2 January 2006") + ". Keep it, and everything works as before."}
}

// Unavailable says that a part we need is away for now.
func Unavailable(err error) error {
	return &Error{Kind: KindUnavailable, Message: "Something we need is not answering. Nothing is lost; try again in a few seconds.", RetryAfter: 5 * time.Second, Err: err}
}

// Problems gathers wrong fields, so that all are told at once.
type Problems map[string]string

// maxProblems is how many wrong fields are told of one input: a stranger's body
// may have a hundred thousand.
const maxProblems = 100

// Add keeps the first reason of a field.
func (p Problems) Add(field string, err error) {
	if err == nil || len(p) >= maxProblems {
		return
	}
	if _, told := p[field]; !told {
		p[field] = err.Error()
	}
}

// Err is nil when nothing was added.
func (p Problems) Err() error {
	switch len(p) {
	case 0:
		return nil
	case 1:
		return &Error{Kind: KindInvalid, Message: "One field needs mending.", Fields: p}
	}
	return &Error{Kind: KindInvalid, Message: "Some fields need mending.", Fields: p}
}

// AddAll keeps the fields of an Invalid error under a prefix, and gives back any
// other error.
func (p Problems) AddAll(prefix string, err error) error {
	var e *Error
	if !errors.As(err, &e) || e.Kind != KindInvalid {
		return err
	}
	for field, reason := range e.Fields {
		p.Add(prefix+field, Reason(reason))
	}
	return nil
}
