package ops

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/hlpfl/platform/static"
)

// robots keeps search engines to what is made for them: pages, not their links
// (each visit would be a click that nobody made) and not the desk.
const robots = `User-agent: *
Disallow: /dashboard
Disallow: /api/
Disallow: /r/
Disallow: /v/
`

// Robots tells search engines where to look.
func Robots(c echo.Context) error {
	c.Response().Header().Set("Cache-Control", "public, max-age=86400")
	return c.String(http.StatusOK, robots)
}

// Favicon leads browsers that ask without having read a page to the icon.
func Favicon(c echo.Context) error {
	c.Response().Header().Set("Cache-Control", "public, max-age=86400")
	return c.Redirect(http.StatusFound, static.URL("icons/favicon.svg"))
}
