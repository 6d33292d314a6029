package fan

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/internal/pages"
)

// Files answers for what fans take away from a page: contacts and dates. They are
// made of what the page's cache holds, so they say what the page says.
type Files struct {
	Cache *pages.Pages
	// Secure tells that people reach us by https.
	Secure bool
}

const (
	cardType     = "text/vcard; charset=utf-8"
	calendarType = "text/calendar; charset=utf-8"
)

// Block answers GET and HEAD of /c/:profile/:block, here "{block}.vcf" of a contact
// or "{block}.ics" of a tour.
func (h Files) Block(c echo.Context) error {
	name := c.Param("block")
	if id, ok := strings.CutSuffix(name, ".vcf"); ok {
		p, b, err := h.find(c, id)
		contact, is := b.Body.(model.Contact)
		if err != nil || !is {
			return or(err)
		}
		return h.send(c, p, cardType, p.Handle.String()+".vcf", card(contact, p.Since))
	}
	id, ok := strings.CutSuffix(name, ".ics")
	if !ok {
		return model.NotFound()
	}
	p, b, err := h.find(c, id)
	tour, is := b.Body.(model.Tour)
	if err != nil || !is {
		return or(err)
	}
	return h.send(c, p, calendarType, p.Handle.String()+".ics", calendar(p, tour.Title, h.Cache.URL(p.Handle), tour.Shows))
}

// Show answers GET and HEAD of /c/:profile/:block/:date, here "{date}.ics": one show
// of a tour.
func (h Files) Show(c echo.Context) error {
	id, ok := strings.CutSuffix(c.Param("date"), ".ics")
	if !ok {
		return model.NotFound()
	}
	p, b, err := h.find(c, c.Param("block"))
	tour, is := b.Body.(model.Tour)
	if err != nil || !is {
		return or(err)
	}
	i := slices.IndexFunc(tour.Shows, func(s model.Show) bool { return string(s.ID) == id })
	if i < 0 {
		return model.NotFound()
	}
	return h.send(c, p, calendarType, p.Handle.String()+".ics", calendar(p, "", h.Cache.URL(p.Handle), tour.Shows[i:i+1]))
}

// or is an error, or else that there is nothing.
func or(err error) error {
	if err != nil {
		return err
	}
	return model.NotFound()
}

// find gives a block that fans see now; what they do not see is NotFound.
func (h Files) find(c echo.Context, block string) (p pages.Published, b model.Block, err error) {
	profile, err := model.ParseProfileID(c.Param("profile"))
	if err != nil {
		return p, b, err
	}
	id, err := model.ParseBlockID(block)
	if err != nil {
		return p, b, err
	}
	if p, err = h.Cache.Published(c.Request().Context(), profile); err != nil {
		return p, b, err
	}
	b, ok := p.Document.Block(id)
	if !ok || !b.Shown(p.At) {
		return p, model.Block{}, model.NotFound()
	}
	return p, b, nil
}

func (h Files) send(c echo.Context, p pages.Published, kind, name, body string) error {
	r, w := c.Request(), c.Response()
	sum := sha256.Sum256([]byte(body))
	etag := `"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`
	head := w.Header()
	head.Set("Cache-Control", shared(p.Shared))
	head.Set("ETag", etag)
	head.Set("X-Content-Type-Options", "nosniff")
	head.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	head["Referrer-Policy"] = referrer
	head["X-Robots-Tag"] = noIndex
	if h.Secure {
		head["Strict-Transport-Security"] = httpsOnly
	}
	if asked := r.Header["If-None-Match"]; asked != nil && matches(asked, etag) {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	head.Set("Content-Type", kind)
	head.Set("Content-Disposition", `attachment; filename="`+name+`"`)
	head.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(http.StatusOK)
	if r.Method == http.MethodHead {
		return nil
	}
	_, _ = w.Write([]byte(body)) // the fan went away: nobody is left to tell
	return nil
}
