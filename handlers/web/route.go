package web

import (
	"github.com/labstack/echo/v4"

	"github.com/hlpfl/platform/internal/model"
)

// Route is one line of the route table: what, who may, and what answers.
type Route struct {
	Method, Path string
	Door         Door
	Who          Who
	Scope        model.Scope      // what an API key needs; "": the route is closed to keys
	Secret       bool             // the answer holds a secret that is shown once, so it is not kept for a second asking
	Fresh        bool             // the person must have proved to be there within store.FreshFor
	CrossSite    bool             // a POST from another site is let in; the handler trusts nothing in it
	Leaves       bool             // forms on this page lead to identity providers
	Closing      bool             // it works while the account waits for its deletion too
	Handle       Handler          // one of these two
	Raw          echo.HandlerFunc // for fans: runs past sessions and all that a fan does not need

	// What the API's description says (/api/openapi.json); for the API door alone.
	Summary string
	In      any // a value of the input type; nil when there is no body
	Upload  any // the same for a body that is multipart/form-data
	Query   any // a value of the type whose json names are the query's
	Out     any // a value of what comes back; nil for no body
	Status  int // of success; 0 means 200, or 204 without Out
}
