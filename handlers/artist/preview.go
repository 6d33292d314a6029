package artist

import (
	"net/http"

	"github.com/hlpfl/platform/handlers/web"
	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/internal/pages"
	"github.com/hlpfl/platform/internal/plans"
)

// Preview is the draft as fans would see it: the real page, which counts nothing
// and which the dashboard may frame.
func (h *Profiles) Preview(r *web.Request) (web.Reply, error) {
	p, err := h.profile(r)
	if err != nil {
		return web.Reply{}, err
	}
	return h.framed(p, p.Working())
}

// framed is a page for its owner's eyes: it counts nothing, and the dashboard may
// frame it.
func (h *Profiles) framed(p model.Profile, draft model.Draft) (web.Reply, error) {
	html, csp, err := h.Pages.Preview(pages.Content{
		ID: p.ID, Handle: p.Handle, Name: draft.Name, Document: draft.Document, Plan: plans.Plan(p.Plan),
	})
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
