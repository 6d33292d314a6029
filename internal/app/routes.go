package app

import (
	"encoding/json"
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/hlpfl/platform/handlers"
	"github.com/hlpfl/platform/handlers/admin"
	"github.com/hlpfl/platform/handlers/artist"
	"github.com/hlpfl/platform/handlers/fan"
	"github.com/hlpfl/platform/handlers/site"
	"github.com/hlpfl/platform/handlers/web"
)

// RouteInfo is one route as `hlpfl routes --json` tells it.
type RouteInfo struct {
	Method string  `json:"method"`
	Path   string  `json:"path"`
	Who    web.Who `json:"who"`
	Fresh  bool    `json:"fresh,omitempty"` // asks for a fresh proof
	Scope  string  `json:"scope,omitempty"` // what an API key needs; "": closed to keys
	Body   bool    `json:"-"`               // takes a body that is JSON
}

// Routes lists every route of the program. It needs no services.
func Routes() ([]RouteInfo, error) {
	table, err := handlers.Table(handlers.Rooms{Site: &site.Site{}, Profiles: &artist.Profiles{}, Account: &artist.Account{}, Figures: &artist.Analytics{}, Views: &fan.Views{}, Admin: &admin.Admin{}}, "", "")
	if err != nil {
		return nil, err
	}
	var out []RouteInfo
	for _, r := range table {
		out = append(out, RouteInfo{r.Method, r.Path, r.Who, r.Fresh, string(r.Scope), r.In != nil})
	}
	return out, nil
}

// PrintRoutes writes the routes as a table, or as JSON.
func PrintRoutes(w io.Writer, asJSON bool) error {
	routes, err := Routes()
	if err != nil {
		return err
	}
	if asJSON {
		enc := json.NewEncoder(w)
		enc.SetIndent("", "  ")
		return enc.Encode(routes)
	}
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, r := range routes {
		fmt.Fprintf(table, "%s\t%s\t%s\n", r.Method, r.Path, r.Who)
	}
	return table.Flush()
}
