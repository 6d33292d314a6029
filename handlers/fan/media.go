package fan

import (
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/hlpfl/platform/internal/media"
)

// Media answers for stored pictures.
type Media struct{ Store *media.Store }

// Show answers GET and HEAD of /m/:file. A name holds its content's hash, so
// whoever has the file never asks again.
func (m Media) Show(c echo.Context) error {
	file := c.Param("file")
	r, err := m.Store.Open(c.Request().Context(), file)
	if err != nil {
		return err
	}
	defer r.Close()
	h := c.Response().Header()
	h.Set("Content-Type", media.TypeOf(file))
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("ETag", `"`+file+`"`)
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	// Pages load it from the CDN's host too.
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	http.ServeContent(c.Response(), c.Request(), "", time.Time{}, r)
	return nil
}
