package artist

import (
	"context"
	"slices"

	"github.com/a-h/templ"

	"github.com/hlpfl/platform/handlers/web"
	"github.com/hlpfl/platform/internal/auth"
	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/store"
	"github.com/hlpfl/platform/views"
	"github.com/hlpfl/platform/views/artist"
	"github.com/hlpfl/platform/views/ui"
)

// connectionsPart lists the providers that are offered, and those that are connected
// although they are offered no more.
func (h *Account) connectionsPart(ctx context.Context, tx *store.UserTx) (p artist.ConnectionsPart, err error) {
	ways, err := tx.WaysIn(ctx)
	if err != nil {
		return p, err
	}
	has, err := tx.Identities(ctx)
	if err != nil {
		return p, err
	}
	offered := h.Auth.Providers.On()
	names := slices.Clone(offered)
	for _, i := range has {
		if !slices.Contains(names, i.Provider) {
			names = append(names, i.Provider)
		}
	}
	for _, name := range names {
		c := artist.Connection{Provider: name, Label: auth.ProviderName(name), Offered: slices.Contains(offered, name)}
		for _, i := range has {
			if i.Provider == name {
				c.Connected, c.Email, c.Since, c.Used, c.Last = true, i.Email, i.CreatedAt, i.UsedAt, !ways.WithoutIdentity()
			}
		}
		p = append(p, c)
	}
	return p, nil
}

// Connections is the page on which accounts elsewhere are connected and disconnected.
func (h *Account) Connections(r *web.Request) (web.Reply, error) {
	page, err := h.connectionsPage(r)
	if err != nil {
		return web.Reply{}, err
	}
	return web.Reply{Show: page(nil)}, nil
}

func (h *Account) connectionsPage(r *web.Request) (func(*model.Error) templ.Component, error) {
	ctx := r.Request().Context()
	v := artist.Connections{Email: r.Signed.User.Email, Now: h.Now().In(model.Zone(r.Signed.User.TimeZone))}
	err := h.Store.AsUser(ctx, r.UserID(), func(tx *store.UserTx) (err error) {
		if v.App, err = h.frame(ctx, tx, r); err != nil {
			return err
		}
		v.List, err = h.connectionsPart(ctx, tx)
		return err
	})
	v.App.Flash = securityDone(r.QueryParam("done"))
	return func(e *model.Error) templ.Component {
		if e != nil {
			v.App.Flash = &ui.Flash{Text: e.Message, Bad: true}
		}
		return artist.ConnectionsPage(v)
	}, err
}

// Disconnect takes an account elsewhere away as a way in, unless it is the last. Every
// other session ends with it.
func (h *Account) Disconnect(r *web.Request) (web.Reply, error) {
	err := h.Auth.Disconnect(r.Request().Context(), r.UserID(), r.Signed.Session, r.Param("provider"), r.From())
	reply := web.Reply{To: views.Done(views.Connections(), "disconnected")}
	if err != nil {
		page, broken := h.connectionsPage(r)
		if broken != nil {
			return web.Reply{}, broken
		}
		reply.Again = page
	}
	return reply, err
}
