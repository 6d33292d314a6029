// Package fan is the room of the fans: public pages, pictures, clicks and views.
// There is no session in here, ever.
package fan

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/internal/pages"
	"github.com/hlpfl/platform/views"
)

// Pages answers for public pages.
type Pages struct {
	Cache *pages.Pages
	// Secure tells that people reach us by https.
	Secure bool
}

// Show answers GET and HEAD of /:handle. Another spelling of a handle leads to
// the right one, and one that a profile left to the one it has now.
func (p Pages) Show(c echo.Context) error {
	raw := c.Param("handle")
	handle, err := model.ParseHandle(raw)
	if err != nil {
		return model.NotFound()
	}
	if handle.String() != raw {
		return leadTo(c, handle)
	}
	r := c.Request()
	answer, err := p.Cache.Page(r.Context(), handle, coding(r.Header))
	if err != nil && model.KindOf(err) == model.KindNotFound {
		if to, moved := p.Cache.Moved(r.Context(), handle); moved == nil && to != handle {
			// Somebody else may take the address some day: nobody keeps the answer.
			c.Response().Header()["Cache-Control"] = sharedFive
			return leadTo(c, to)
		}
	}
	if err != nil {
		return err
	}
	p.write(c.Response(), r, answer)
	return nil
}

// leadTo sends a fan to the address that is right, with the query they came with.
func leadTo(c echo.Context, handle model.Handle) error {
	to := views.Profile(handle.String())
	if query := c.Request().URL.RawQuery; query != "" {
		to += "?" + query
	}
	return c.Redirect(http.StatusMovedPermanently, to)
}

// Front answers for pages that are in the cache before the router and its
// middleware see the request: a fan needs none of it. Everything else is next's,
// pages to be loaded and errors too.
func (p Pages) Front(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		path := r.URL.Path
		if len(path) > 1 && len(path) <= 1+model.MaxHandle && (r.Method == http.MethodGet || r.Method == http.MethodHead) &&
			strings.IndexByte(path[1:], '/') < 0 {
			if answer, ok := p.Cache.Cached(model.Handle(path[1:]), coding(r.Header)); ok {
				p.write(w, r, answer)
				return
			}
		}
		next.ServeHTTP(w, r)
	})
}

// Values of headers that are the same on every page. Nobody changes them.
var (
	htmlType     = []string{"text/html; charset=utf-8"}
	varyCoding   = []string{"Accept-Encoding"}
	gzipCoding   = []string{pages.Gzip.String()}
	brotliCoding = []string{pages.Brotli.String()}
	noSniff      = []string{"nosniff"}
	referrer     = []string{"strict-origin-when-cross-origin"}
	sameOrigin   = []string{"same-origin"}
	permissions  = []string{"camera=(), geolocation=(), microphone=(), payment=(), usb=()"}
	httpsOnly    = []string{"max-age=63072000; includeSubDomains"}
	sharedFive   = []string{shared(5 * time.Second)}
)

// shared lets a CDN keep a page for whole seconds, browsers never without asking.
func shared(d time.Duration) string {
	return "public, max-age=0, s-maxage=" + strconv.Itoa(int(d/time.Second))
}

func (p Pages) write(w http.ResponseWriter, r *http.Request, a pages.Answer) {
	// Written past Set: the names are canonical, and this runs for every fan.
	h := w.Header()
	h["Vary"] = varyCoding
	h["Etag"] = a.ETag
	h["Content-Security-Policy"] = a.CSP
	h["X-Content-Type-Options"] = noSniff
	h["Referrer-Policy"] = referrer
	h["Cross-Origin-Opener-Policy"] = sameOrigin
	h["Permissions-Policy"] = permissions
	if p.Secure {
		h["Strict-Transport-Security"] = httpsOnly
	}
	if a.Shared == 5*time.Second {
		h["Cache-Control"] = sharedFive
	} else {
		h["Cache-Control"] = []string{shared(a.Shared)}
	}
	if asked := r.Header["If-None-Match"]; asked != nil && matches(asked, a.ETag[0]) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h["Content-Type"] = htmlType
	switch a.Coding {
	case pages.Gzip:
		h["Content-Encoding"] = gzipCoding
	case pages.Brotli:
		h["Content-Encoding"] = brotliCoding
	}
	h["Content-Length"] = a.Length
	w.WriteHeader(http.StatusOK)
	if r.Method != http.MethodHead {
		_, _ = w.Write(a.Body) // the fan went away: nobody is left to tell
	}
}

// matches compares an If-None-Match header with an entity tag, weakly: a CDN that
// compressed on its way has weakened the tag.
func matches(headers []string, etag string) bool {
	for _, header := range headers {
		for part := range strings.SplitSeq(header, ",") {
			part = strings.TrimPrefix(strings.TrimSpace(part), "W/")
			if part == etag || part == "*" {
				return true
			}
		}
	}
	return false
}

// coding chooses what the client likes best of what we have, brotli before gzip
// where it likes them the same. A client that says nothing gets plain bytes.
func coding(h http.Header) pages.Coding {
	best, weight := pages.Plain, 0.0
	// What "*" says holds for every coding that is not named.
	gzip, brotli, rest := -1.0, -1.0, -1.0
	for _, header := range h["Accept-Encoding"] {
		for part := range strings.SplitSeq(header, ",") {
			name, parameters, _ := strings.Cut(part, ";")
			switch name = strings.TrimSpace(name); {
			case name == "br":
				brotli = quality(parameters)
			case name == "gzip" || name == "x-gzip":
				gzip = quality(parameters)
			case name == "*":
				rest = quality(parameters)
			case strings.EqualFold(name, "identity"):
				weight = quality(parameters)
			case strings.EqualFold(name, "gzip"):
				gzip = quality(parameters)
			case strings.EqualFold(name, "br"):
				brotli = quality(parameters)
			}
		}
	}
	if gzip < 0 {
		gzip = rest
	}
	if brotli < 0 {
		brotli = rest
	}
	if gzip > 0 && gzip >= weight {
		best, weight = pages.Gzip, gzip
	}
	if brotli > 0 && brotli >= weight {
		best = pages.Brotli
	}
	return best
}

// quality reads the q of a coding: 1 when it is absent, 0 when it cannot be read.
func quality(parameters string) float64 {
	if parameters == "" {
		return 1
	}
	value, found := strings.CutPrefix(strings.ToLower(strings.TrimSpace(parameters)), "q=")
	if !found {
		return 1
	}
	q, err := strconv.ParseFloat(value, 64)
	if err != nil || q < 0 || q > 1 {
		return 0
	}
	return q
}
