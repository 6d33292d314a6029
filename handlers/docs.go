package handlers

import (
	"encoding/json"

	"github.com/hlpfl/platform/handlers/web"
	"github.com/hlpfl/platform/views/site"
)

// Docs shows the API's description: to programs, and as a page to people. It is
// filled once, when the table is whole.
type Docs struct {
	openapi json.RawMessage
	page    site.Docs
}

func (d *Docs) describe(routes []web.Route, origin, version string) (err error) {
	if d.openapi, err = OpenAPI(routes, origin, version); err != nil {
		return err
	}
	d.page, err = site.ReadDocs(d.openapi)
	return err
}

// JSON is the description as OpenAPI 3.1.
func (d *Docs) JSON(*web.Request) (web.Reply, error) { return web.Reply{JSON: d.openapi}, nil }

// Page is the description for people.
func (d *Docs) Page(r *web.Request) (web.Reply, error) {
	page := d.page
	page.Bar.SignedIn = r.Signed != nil
	return web.Reply{Show: site.DocsPage(page)}, nil
}
