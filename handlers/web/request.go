// Package web is what all rooms of handlers share: reading input, replying,
// turning errors into answers, sessions and guards. Together with the rooms it is
// the only place that knows HTTP.
package web

import (
	"github.com/labstack/echo/v4"

	"github.com/hlpfl/platform/internal/auth"
	"github.com/hlpfl/platform/internal/model"
)

// Door is where a request comes in. The route decides it, never a header.
type Door string

// The doors.
const (
	Page Door = "page" // anybody's pages; a signed-in user is known, none is needed
	Form Door = "form" // the dashboard: cookie session, same-origin only, HTML
	API  Door = "api"  // programs: bearer token, JSON
)

// Signed is who is signed in, and by which session or key.
type Signed struct {
	User    model.User
	Session model.SessionID // zero with a key
	Key     *auth.Key       // nil with a session
	Methods []string        // how the session was proven: "password", "totp" …
	Fresh   bool            // the person proved to be there within store.FreshFor
}

// Request is one request on its way to a Handler.
type Request struct {
	echo.Context
	Door   Door
	Signed *Signed // nil for a visitor; never nil behind a guard

	unknown error
}

// Unknown is Unavailable when nobody could tell who asks, on a route that is for
// everybody: there is a cookie, and what stands behind it is away. Else it is nil.
func (r *Request) Unknown() error { return r.unknown }

// Handler answers one request. It returns what to say and never writes it; an
// error becomes an answer in errors.go.
type Handler func(*Request) (Reply, error)

// IsHTMX reports whether htmx asked, which swaps parts of a page.
func (r *Request) IsHTMX() bool {
	return r.Request().Header.Get("HX-Request") == "true" && r.Request().Header.Get("HX-Boosted") != "true"
}

// UserID is the signed-in user's id. Only for routes behind a guard.
func (r *Request) UserID() model.UserID { return r.Signed.User.ID }

// ProfileID reads the path's profile; malformed is NotFound.
func (r *Request) ProfileID() (model.ProfileID, error) { return model.ParseProfileID(r.Param("id")) }

// Acting is the signed-in user, for auth. Only for routes behind a guard.
func (r *Request) Acting() auth.Acting {
	return auth.Acting{User: r.Signed.User, Session: r.Signed.Session, From: r.From()}
}

// PasskeyID reads the path's passkey; malformed is NotFound.
func (r *Request) PasskeyID() (model.PasskeyID, error) { return model.ParsePasskeyID(r.Param("id")) }

// BlockID reads the path's block or social; malformed is NotFound.
func (r *Request) BlockID() (model.BlockID, error) { return model.ParseBlockID(r.Param("block")) }
