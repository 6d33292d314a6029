package fan

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/maypok86/otter/v2"

	"github.com/hlpfl/platform/internal/analytics"
	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/internal/pages"
)

const (
	// maxBeacon bounds a beacon's body, in bytes.
	maxBeacon = 4 << 10
	// toldKept is how long a beacon's id is remembered: a network that doubts whether
	// it arrived sends it again.
	toldKept = 2 * time.Minute
	maxTold  = 50_000
)

// Views answers for what pages tell about themselves: that they were seen, and
// that something was tapped which leads through no counted path.
type Views struct {
	Cache      *pages.Pages
	Recorder   *analytics.Recorder
	Classifier *analytics.Classifier
	told       *otter.Cache[string, struct{}]
}

// NewViews makes the beacon's end.
func NewViews(cache *pages.Pages, recorder *analytics.Recorder, classifier *analytics.Classifier) (*Views, error) {
	told, err := otter.New(&otter.Options[string, struct{}]{
		MaximumSize: maxTold, ExpiryCalculator: otter.ExpiryCreating[string, struct{}](toldKept),
	})
	return &Views{cache, recorder, classifier, told}, err
}

// Tell answers POST /v/:profile, the beacon: a form with
//
//	id  the beacon's id, chosen by the page: what comes twice counts once
//	k   "view", or "click" for a mailto, tel or sms link and for what plays in the page
//	l   the link's id, with "click"
//	r   the page that led here
//	q   the page's own query
//
// It answers 204, and what cannot be understood is an error that names the field.
func (h *Views) Tell(c echo.Context) error {
	r := c.Request()
	// The page that tells is ours; another site's has nothing to tell.
	if r.Header.Get("Sec-Fetch-Site") == "cross-site" {
		return model.Forbidden("This came from another site.")
	}
	form, err := beacon(c.Response(), r)
	if err != nil {
		return err
	}
	profile, err := model.ParseProfileID(c.Param("profile"))
	if err != nil {
		return err
	}
	e := model.Event{ID: model.NewEventID(), Profile: profile, Kind: model.EventKind(form.Get("k"))}
	var link model.BlockID
	switch e.Kind {
	case model.View:
	case model.Click:
		if link, err = model.ParseBlockID(form.Get("l")); err != nil {
			return model.Invalid("l", "Give the id of the link that was tapped.")
		}
	default:
		return model.Invalid("k", `Say what happened: "view" or "click".`)
	}
	id := form.Get("id")
	if id == "" || len(id) > 64 {
		return model.Invalid("id", "Give it an id of 1 to 64 characters.")
	}
	target, err := h.Cache.Find(r.Context(), profile, link)
	if err != nil {
		return err
	}
	seen := h.Classifier.Request(r, form.Get("r"))
	seen.Campaign(form.Get("q"))
	e.Visit, e.Filtered = seen.Visit, seen.Filtered
	if e.Kind == model.Click {
		switch target.URL.Scheme() {
		case "http", "https":
			if target.Plays { // in the page, where no redirect sees it
				break
			}
			return model.Invalid("l", "A tap on this link is counted where it leads out.")
		}
		e.Link, e.Target = link, string(target.URL)
		if !target.Open {
			e.Filtered = model.FilteredGone
		}
	}
	if _, first := h.told.SetIfAbsent(profile.String()+string(e.Kind)+id, struct{}{}); !first && e.Counted() {
		e.Filtered = model.FilteredDuplicate
	}
	h.record(c.Response(), &e, target, seen)
	return c.NoContent(http.StatusNoContent)
}

// record makes the event durable, and says its id when it is.
func (h *Views) record(w http.ResponseWriter, e *model.Event, target pages.Target, seen analytics.Seen) {
	if e.Counted() {
		e.Visitor = h.Recorder.Visitor(e.Profile, target.TimeZone, seen.Address, seen.Agent)
	}
	head := w.Header()
	head["Cache-Control"] = noStore
	head["X-Content-Type-Options"] = noSniff
	if h.Recorder.Record(e) {
		head["X-Request-Id"] = []string{e.ID.String()}
	}
}

// beacon reads the body, which sendBeacon sends as text and a form as a form.
func beacon(w http.ResponseWriter, r *http.Request) (url.Values, error) {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || (kind != "text/plain" && kind != "application/x-www-form-urlencoded") {
		return nil, &model.Error{Kind: model.KindMediaType, Message: "Send it as text/plain or application/x-www-form-urlencoded."}
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBeacon))
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return nil, &model.Error{Kind: model.KindTooLarge, Message: "A beacon has at most 4 KB."}
	case err != nil:
		return nil, &model.Error{Kind: model.KindUnreadable, Message: "The body did not arrive whole.", Err: err}
	}
	form, err := url.ParseQuery(strings.TrimSpace(string(body)))
	if err != nil {
		return nil, &model.Error{Kind: model.KindUnreadable, Message: "The body is not a form.", Err: err}
	}
	return form, nil
}

// pixel is a transparent GIF of one point.
var pixel = []byte("GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\x00\x00\x00\x21\xf9\x04\x01\x00\x00\x00\x00\x2c\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02\x44\x01\x00\x3b")

// Pixel answers GET of /v/:profile, here "{profile}.gif": a view told by a
// browser without JavaScript. Nobody may keep it.
func (h *Views) Pixel(c echo.Context) error {
	name, ok := strings.CutSuffix(c.Param("profile"), ".gif")
	if !ok {
		return model.NotFound()
	}
	profile, err := model.ParseProfileID(name)
	if err != nil {
		return err
	}
	r := c.Request()
	target, err := h.Cache.Find(r.Context(), profile, "")
	if err != nil {
		return err
	}
	// The page that holds the pixel is the referrer: its query has the campaign.
	seen := h.Classifier.Request(r, r.Referer())
	e := model.Event{ID: model.NewEventID(), Profile: profile, Kind: model.View, Visit: seen.Visit, Filtered: seen.Filtered}
	if r.Header.Get("Sec-Fetch-Site") == "cross-site" {
		return model.Forbidden("This came from another site.")
	}
	h.record(c.Response(), &e, target, seen)
	return c.Blob(http.StatusOK, "image/gif", pixel)
}
