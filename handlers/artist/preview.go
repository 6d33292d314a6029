package artist

import (
	"net/http"
	"time"

	"github.com/hlpfl/platform/handlers/web"
	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/internal/pages"
	"github.com/hlpfl/platform/internal/plans"
)

// PreviewQuery asks for the page as it will be, or was.
type PreviewQuery struct {
	At string `json:"at" doc:"a time on the clocks of the artist's zone (2026-12-24T20:00), or an instant; now when absent"`
}

// Preview is the draft as fans would see it, now or at any instant: the real page,
// which counts nothing and which the dashboard may frame.
func (h *Profiles) Preview(r *web.Request) (web.Reply, error) {
	p, err := h.profile(r)
	if err != nil {
		return web.Reply{}, err
	}
	q, err := web.ReadQuery[PreviewQuery](r)
	if err != nil {
		return web.Reply{}, err
	}
	at, err := instantIn(q.At, p.TimeZone)
	if err != nil {
		return web.Reply{}, model.Invalid("at", err.Error())
	}
	return h.framedAt(p, p.Working(), at)
}

// instantIn reads an instant, or what the clocks of a zone show then; "" is zero.
func instantIn(text, zone string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	if at, err := model.ParseInstant(text); err == nil {
		return at, nil
	}
	return model.LocalInstant(text, zone)
}

// framed is a page for its owner's eyes: it counts nothing, and the dashboard may
// frame it.
func (h *Profiles) framed(p model.Profile, draft model.Draft) (web.Reply, error) {
	return h.framedAt(p, draft, time.Time{})
}

// framedAt is framed at an instant; zero means now.
func (h *Profiles) framedAt(p model.Profile, draft model.Draft, at time.Time) (web.Reply, error) {
	html, csp, err := h.Pages.Preview(pages.Content{
		ID: p.ID, Handle: p.Handle, Name: draft.Name, Document: draft.Document, Plan: plans.Plan(p.Plan),
	}, at)
	if err != nil {
		return web.Reply{}, err
	}
	return web.Reply{
		Header: http.Header{"Content-Security-Policy": {csp}},
		Stream: func(w http.ResponseWriter) error {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			_, err := w.Write(html)
			return err
		},
	}, nil
}
