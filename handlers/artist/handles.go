package artist

import (
	"errors"
	"slices"

	"github.com/hlpfl/platform/handlers/web"
	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/internal/providers"
	"github.com/hlpfl/platform/store"
	"github.com/hlpfl/platform/views/artist"
)

// HandleAnswer says whether a handle can be had.
type HandleAnswer struct {
	Handle      string         `json:"handle" doc:"as it would be stored"`
	Free        bool           `json:"free"`
	Reason      string         `json:"reason,omitempty" doc:"why not, and what to do"`
	Suggestions []model.Handle `json:"suggestions" doc:"near ones that are free"`
}

// HandleQuery asks about a handle.
type HandleQuery struct {
	Handle  string `json:"handle"`
	Profile string `json:"profile" doc:"the profile that would take it: its own present one can be had"`
}

// Handle tells whether a handle can be had, while somebody types it.
func (h *Profiles) Handle(r *web.Request) (web.Reply, error) {
	a, err := h.handleAnswer(r, r.QueryParam("handle"))
	if err != nil {
		return web.Reply{}, err
	}
	part := artist.HandleStatus(viewOf(a))
	return web.Reply{JSON: a, Show: part, Part: part}, nil
}

func viewOf(a HandleAnswer) artist.HandleAnswer {
	v := artist.HandleAnswer{Handle: a.Handle, Free: a.Free, Reason: a.Reason}
	if len(a.Suggestions) > 0 {
		v.Instead = a.Suggestions[0].String()
	}
	return v
}

func (h *Profiles) handleAnswer(r *web.Request, typed string) (HandleAnswer, error) {
	handle, err := model.ParseHandle(typed)
	if err != nil {
		return HandleAnswer{Handle: typed, Reason: err.Error(), Suggestions: []model.Handle{}}, nil //nolint:nilerr // what is wrong with it is the answer
	}
	a := HandleAnswer{Handle: handle.String(), Suggestions: []model.Handle{}}
	free, err := h.Store.Public().FreeHandles(r.Request().Context(), append([]model.Handle{handle}, handle.Variants()...))
	if err != nil {
		return a, err
	}
	a.Free = slices.Contains(free, handle) || h.ownHandle(r, handle)
	if !a.Free {
		a.Reason = "That handle is taken."
		a.Suggestions = free[:min(len(free), 3)]
	}
	return a, nil
}

// ownHandle reports whether a handle is the one of the profile that asks, or one that
// the user left and can come back to.
func (h *Profiles) ownHandle(r *web.Request, handle model.Handle) bool {
	if id, err := model.ParseProfileID(r.QueryParam("profile")); err == nil {
		if p, err := h.byID(r, id); err == nil && p.Handle == handle {
			return true
		}
	}
	own := false
	err := h.as(r, func(tx *store.UserTx) (err error) {
		own, err = tx.OwnOldHandle(r.Request().Context(), handle)
		return err
	})
	return err == nil && own
}

// offerHandle adds to a Taken error a handle that is free.
func (h *Profiles) offerHandle(r *web.Request, err error, handle, name string) error {
	var e *model.Error
	if !errors.As(err, &e) || e.Kind != model.KindTaken {
		return err
	}
	near := append(model.Handle(handle).Variants(), model.SuggestHandles(name)...)
	free, asked := h.Store.Public().FreeHandles(r.Request().Context(), near)
	if asked != nil || len(free) == 0 {
		return err // taken all the same
	}
	return model.Taken("handle", "That handle is taken. "+free[0].String()+" is free.")
}

// Provider tells whose address is being typed.
func (h *Profiles) Provider(r *web.Request) (web.Reply, error) {
	var found artist.Provider
	if u, err := model.ParseURL(r.QueryParam("url")); err == nil {
		found = providerOf(providers.Detect(u), u)
		found.Title = defaultTitle(u.String())
	}
	part := artist.ProviderStatus(found)
	return web.Reply{Show: part, Part: part}, nil
}

// providerOf is a service as a row of the editor shows it.
func providerOf(p providers.Provider, u model.URL) artist.Provider {
	v := artist.Provider{Name: p.Name, Path: p.Icon.Path, Stroke: p.Icon.Stroke, Known: p.Key != providers.Website}
	if !v.Known {
		v.Name = u.Host()
	}
	return v
}
