package artist

import (
	"github.com/a-h/templ"

	"github.com/hlpfl/platform/handlers/web"
	"github.com/hlpfl/platform/internal/auth"
	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/store"
	"github.com/hlpfl/platform/views"
	"github.com/hlpfl/platform/views/artist"
	"github.com/hlpfl/platform/views/ui"
)

// ConfirmForm asks somebody signed in to prove again to be there; ?next= is where to
// go on to.
func (h *Account) ConfirmForm(r *web.Request) (web.Reply, error) {
	next := afterwards(r.QueryParam("next"))
	if r.Signed.Fresh {
		return web.Reply{To: next}, nil
	}
	page, err := h.confirmPage(r, next)
	if err != nil {
		return web.Reply{}, err
	}
	return web.Reply{Show: page(nil)}, nil
}

// afterwards is where a proof leads on to; the settings where it was for nothing that
// can be shown.
func afterwards(next string) string {
	if next = web.LocalPath(next); next == "" {
		return views.Security()
	}
	return next
}

func (h *Account) confirmPage(r *web.Request, next string) (func(*model.Error) templ.Component, error) {
	ctx := r.Request().Context()
	ways, err := h.Auth.Ways(ctx, r.Signed.User)
	if err != nil {
		return nil, err
	}
	v := artist.Confirm{Email: r.Signed.User.Email, Next: next, Password: ways.Password, Code: ways.TOTP, Passkey: ways.Passkey, Recovery: ways.Recovery}
	for _, name := range ways.Providers {
		v.Providers = append(v.Providers, artist.Connection{Provider: name, Label: auth.ProviderName(name)})
	}
	err = h.Store.AsUser(ctx, r.UserID(), func(tx *store.UserTx) (err error) {
		v.App, err = h.frame(ctx, tx, r)
		v.App.Title = "Is it you?"
		return err
	})
	return func(e *model.Error) templ.Component {
		if e != nil {
			if v.Errors = ui.Errors(e.Fields); len(v.Errors) == 0 {
				v.Problem = e.Message
			}
		}
		return artist.ConfirmPage(v)
	}, err
}

// Confirm takes the proof.
func (h *Account) Confirm(r *web.Request) (web.Reply, error) {
	in, err := web.Read[model.StepUpInput](r)
	next := afterwards(in.Next)
	if err == nil {
		proof := auth.SecondProof{Code: in.Code, Credential: string(in.Credential)}
		if proof.Ceremony, err = h.Cookies.Ceremony(r, in.Ceremony, in.Credential); err == nil {
			err = h.Auth.StepUp(r.Request().Context(), r.Acting(), in.Password, proof)
		}
	}
	if err != nil && r.Door != web.API {
		page, reading := h.confirmPage(r, next)
		if reading != nil {
			return web.Reply{}, reading
		}
		return web.Reply{Again: page}, err
	}
	if r.Door != web.API {
		err = h.Cookies.Renew(r.Context)
	}
	return web.Reply{To: next}, err
}

// ConfirmOptions begins a passkey's proof.
func (h *Account) ConfirmOptions(r *web.Request) (web.Reply, error) {
	asked, err := h.Auth.AskStepUp(r.Request().Context(), r.Acting())
	return h.Cookies.Asked(r, asked, err)
}
