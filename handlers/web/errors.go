package web

import (
	"errors"
	"math"
	"net/http"
	"strconv"
	"time"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"github.com/hlpfl/platform/internal/model"
)

// statuses is the one table from a kind of error to an HTTP status.
var statuses = map[model.Kind]int{
	model.KindInternal:     http.StatusInternalServerError,
	model.KindUnreadable:   http.StatusBadRequest,
	model.KindInvalid:      http.StatusUnprocessableEntity,
	model.KindUnauthorized: http.StatusUnauthorized,
	model.KindSecondFactor: http.StatusUnauthorized,
	model.KindStepUp:       http.StatusForbidden,
	model.KindUnproven:     http.StatusForbidden,
	model.KindFactorless:   http.StatusForbidden,
	model.KindClosing:      http.StatusForbidden,
	model.KindForbidden:    http.StatusForbidden,
	model.KindPlanLimit:    http.StatusForbidden,
	model.KindNotFound:     http.StatusNotFound,
	model.KindGone:         http.StatusGone,
	model.KindConflict:     http.StatusConflict,
	model.KindTaken:        http.StatusConflict,
	model.KindTooLarge:     http.StatusRequestEntityTooLarge,
	model.KindMediaType:    http.StatusUnsupportedMediaType,
	model.KindTooMany:      http.StatusTooManyRequests,
	model.KindUnavailable:  http.StatusServiceUnavailable,
}

var titles = map[model.Kind]string{
	model.KindInternal:     "Something broke on our side",
	model.KindUnreadable:   "This could not be read",
	model.KindInvalid:      "Something needs mending",
	model.KindUnauthorized: "Sign in first",
	model.KindSecondFactor: "One more proof",
	model.KindStepUp:       "Confirm that it is you",
	model.KindUnproven:     "Prove your address first",
	model.KindFactorless:   "A second factor first",
	model.KindClosing:      "To be deleted",
	model.KindForbidden:    "Not allowed",
	model.KindPlanLimit:    "Your plan is full",
	model.KindNotFound:     "Nothing here",
	model.KindGone:         "Not shown any more",
	model.KindConflict:     "Changed elsewhere",
	model.KindTaken:        "Taken",
	model.KindTooLarge:     "Too large",
	model.KindMediaType:    "The wrong type of body",
	model.KindTooMany:      "Too many at once",
	model.KindUnavailable:  "Away for a moment",
}

// StatusOf is the HTTP status that an error becomes.
func StatusOf(e *model.Error) int { return statuses[e.Kind] }

// types names the problems that programs tell apart (RFC 9457); the others are
// told by their status.
var types = map[model.Kind]string{
	model.KindSecondFactor: "/problems/second-factor",
	model.KindStepUp:       "/problems/step-up",
	model.KindUnproven:     "/problems/unproven-address",
	model.KindFactorless:   "/problems/second-factor-required",
	model.KindClosing:      "/problems/account-closing",
	model.KindPlanLimit:    "/problems/plan-limit",
	model.KindConflict:     "/problems/conflict",
	model.KindTaken:        "/problems/taken",
	model.KindInvalid:      "/problems/invalid",
}

// Problem is an error as programs get it: application/problem+json.
type Problem struct {
	Type      string            `json:"type"`
	Title     string            `json:"title"`
	Status    int               `json:"status"`
	Detail    string            `json:"detail"`
	Errors    map[string]string `json:"errors,omitempty"`
	RequestID string            `json:"request_id"`
	LimitName string            `json:"limit_name,omitempty"`
	Limit     *int              `json:"limit,omitempty"`
	Used      *int              `json:"used,omitempty"`
	LiftedBy  string            `json:"lifted_by,omitempty"`
	Version   int64             `json:"version,omitempty"`
	Challenge string            `json:"challenge,omitempty"`
}

// ErrorView is an error as a page shows it.
type ErrorView struct {
	Status     int
	Detail     string // what happened and what to do; "" for what is ours
	RequestID  string
	RetryAfter time.Duration // 0 for unknown
	Signed     bool
	Path       string
}

// asModel makes a model error of anything that came up from below.
func asModel(err error) *model.Error {
	var e *model.Error
	if errors.As(err, &e) {
		return e
	}
	var he *echo.HTTPError
	if errors.As(err, &he) {
		switch he.Code {
		case http.StatusNotFound, http.StatusMethodNotAllowed:
			return &model.Error{Kind: model.KindNotFound, Message: "There is nothing here."}
		case http.StatusRequestEntityTooLarge:
			return &model.Error{Kind: model.KindTooLarge, Message: "This is more than we take at once."}
		}
	}
	return &model.Error{Kind: model.KindInternal, Err: err}
}

// fail turns an error into an answer by the request's door.
func (s *Server) fail(r *Request, err error, again func(*model.Error) templ.Component) error {
	if r.Response().Committed {
		return nil // too late to say anything; it was logged where it happened
	}
	e := asModel(err)
	status := statuses[e.Kind]
	// When whoever asked went away, what was under way is cut off: that is no failure of ours.
	if status >= 500 && r.Request().Context().Err() == nil {
		s.Log.ErrorContext(r.Request().Context(), "request failed", "route", r.Path(), "status", status, "request_id", requestID(r.Context), "err", err)
	}
	detail := e.Message
	if e.Kind == model.KindInternal {
		detail = "It is logged, and nothing you had was lost. Try again in a moment."
	}
	if e.RetryAfter > 0 {
		r.Response().Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(e.RetryAfter.Seconds()))))
	}
	if r.Door == API {
		if e.Kind == model.KindUnauthorized {
			r.Response().Header().Set("WWW-Authenticate", `Bearer realm="hlpfl"`)
		}
		r.Response().Header().Set("Content-Type", "application/problem+json")
		return writeProblem(r.Context, problem(r, e, status, detail))
	}
	if e.Kind == model.KindInternal {
		detail = "" // the page has words of its own
	}
	if again != nil && e.Kind != model.KindInternal && e.Kind != model.KindNotFound {
		return s.writeHTML(r.Context, status, again(e))
	}
	return s.writeHTML(r.Context, status, s.ErrorPage(r.Request().Context(), ErrorView{
		Status: status, Detail: detail, RequestID: requestID(r.Context), Signed: r.Signed != nil, Path: r.Request().URL.Path, RetryAfter: e.RetryAfter,
	}))
}

func problem(r *Request, e *model.Error, status int, detail string) Problem {
	p := Problem{Type: types[e.Kind], Title: titles[e.Kind], Status: status, Detail: detail, Errors: e.Fields, RequestID: requestID(r.Context), Version: e.Version, Challenge: e.Challenge}
	if p.Type == "" {
		p.Type = "about:blank"
	}
	if e.Limit != nil {
		p.LimitName, p.Limit, p.Used, p.LiftedBy = e.Limit.Name, &e.Limit.Limit, &e.Limit.Used, e.Limit.LiftedBy
	}
	return p
}
