package web

import (
	"bytes"
	"encoding/json"
	"net/http"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"github.com/hlpfl/platform/internal/model"
)

// Reply is what a handler says. One reply serves every door: the API takes
// Status and JSON, a browser Show, Part or To.
type Reply struct {
	Status int // of the answer; 0 means 200, or 204 for an API answer without JSON
	JSON   any // what a program gets

	Show templ.Component // the whole page
	Part templ.Component // what htmx swaps instead of the whole page
	To   string          // where a browser goes next, after something was done

	// Follow lets htmx go to To by itself and take its part out of that page. Without
	// it the whole page is loaded anew.
	Follow bool

	// Again shows the form once more with its errors; used when the handler also
	// returns an error that names fields, or a plan's limit, or a conflict.
	Again func(*model.Error) templ.Component

	Header http.Header // sent with the answer

	// Script is what a script of our own pages asked for, as JSON, at a browser's door.
	Script any

	// Stream writes a body of its own kind (an export); it sets the content type.
	Stream func(w http.ResponseWriter) error
}

// write says it.
func (s *Server) write(r *Request, reply Reply) error {
	for name, values := range reply.Header {
		r.Response().Header()[name] = values
	}
	switch {
	case reply.Stream != nil:
		return reply.Stream(r.Response())
	case r.Door == API:
		return writeJSON(r.Context, reply.Status, reply.JSON)
	case reply.Script != nil:
		return writeJSON(r.Context, reply.Status, reply.Script)
	case r.IsHTMX() && reply.Part != nil:
		return s.writeHTML(r.Context, reply.Status, reply.Part)
	case reply.To != "" && r.IsHTMX() && !reply.Follow:
		r.Response().Header().Set("HX-Redirect", reply.To)
		return r.NoContent(http.StatusNoContent)
	case reply.To != "":
		return r.Redirect(http.StatusSeeOther, reply.To)
	}
	return s.writeHTML(r.Context, reply.Status, reply.Show)
}

func writeJSON(c echo.Context, status int, v any) error {
	if v == nil {
		if status == 0 {
			status = http.StatusNoContent
		}
		return c.NoContent(status)
	}
	if status == 0 {
		status = http.StatusOK
	}
	body, err := marshal(v)
	if err != nil {
		return err
	}
	return c.Blob(status, "application/json", body)
}

// marshal is json.Marshal with < and > as they are: our JSON never stands in HTML.
func marshal(v any) ([]byte, error) {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return buf.Bytes(), nil
}

// writeHTML renders first and writes then, so that a page that fails halfway is
// an error page and not half a page.
func (s *Server) writeHTML(c echo.Context, status int, page templ.Component) error {
	if status == 0 {
		status = http.StatusOK
	}
	var buf bytes.Buffer
	if err := page.Render(s.pageContext(c), &buf); err != nil {
		return err
	}
	return c.HTMLBlob(status, buf.Bytes())
}
