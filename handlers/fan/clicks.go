package fan

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/hlpfl/platform/internal/analytics"
	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/internal/pages"
	"github.com/hlpfl/platform/views"
)

// Clicks answers for the links on public pages: it records the tap and sends the
// fan on.
type Clicks struct {
	Cache      *pages.Pages
	Recorder   *analytics.Recorder
	Classifier *analytics.Classifier
	// Secure tells that people reach us by https.
	Secure bool
}

// Values of headers that are the same on every redirect. Nobody changes them.
var (
	noStore = []string{"no-store"}
	// A link's address is nothing to be found by a search engine.
	noIndex  = []string{"noindex, nofollow"}
	noLength = []string{"0"}
)

// Follow answers GET and HEAD of /r/:profile/:link with a redirect. It carries
// X-Request-Id, the event's id, only when the event is durable; without PostgreSQL
// and spool the fan is sent on all the same.
func (h Clicks) Follow(c echo.Context) error {
	return h.follow(c.Response(), c.Request(), c.Param("profile"), c.Param("link"))
}

// Front answers before the router and its middleware see the request: a fan needs
// none of it. What it cannot answer is next's, where it becomes an error's page.
func (h Clicks) Front(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rest, ours := strings.CutPrefix(r.URL.Path, "/r/")
		if ours && (r.Method == http.MethodGet || r.Method == http.MethodHead) {
			profile, link, _ := strings.Cut(rest, "/")
			if h.follow(w, r, profile, link) == nil {
				return
			}
		}
		next.ServeHTTP(w, r)
	})
}

func (h Clicks) follow(w http.ResponseWriter, r *http.Request, profileID, linkID string) error {
	profile, err := model.ParseProfileID(profileID)
	if err != nil {
		return err
	}
	link, err := model.ParseBlockID(linkID)
	if err != nil {
		return err
	}
	target, err := h.Cache.Find(r.Context(), profile, link)
	if err != nil {
		return err
	}
	seen := h.Classifier.Request(r, r.Referer())
	e := model.Event{ID: model.NewEventID(), Profile: profile, Kind: model.Click, Link: link, Target: string(target.URL), Visit: seen.Visit, Filtered: seen.Filtered}
	to := e.Target
	if !target.Open {
		e.Filtered, to = model.FilteredGone, views.Profile(target.Handle.String())
	}
	if e.Counted() {
		e.Visitor = h.Recorder.Visitor(profile, target.TimeZone, seen.Address, seen.Agent)
	}
	recorded := h.Recorder.Record(&e)

	// Written past Set: the names are canonical, and this runs for every tap.
	head := w.Header()
	head["Location"] = []string{to}
	head["Cache-Control"] = noStore
	head["Referrer-Policy"] = referrer // the other side learns our host, not the page's query
	head["X-Content-Type-Options"] = noSniff
	head["X-Robots-Tag"] = noIndex
	head["Content-Length"] = noLength
	if h.Secure {
		head["Strict-Transport-Security"] = httpsOnly
	}
	if recorded {
		head["X-Request-Id"] = []string{e.ID.String()}
	}
	w.WriteHeader(http.StatusFound)
	return nil
}
