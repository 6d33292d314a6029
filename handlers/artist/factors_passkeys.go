package artist

import (
	"net/http"

	"github.com/a-h/templ"

	"github.com/hlpfl/platform/handlers/web"
	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/store"
	"github.com/hlpfl/platform/views"
	"github.com/hlpfl/platform/views/artist"
)

// PasskeyMade is a new passkey as programs get it.
type PasskeyMade struct {
	ID model.PasskeyID `json:"id"`
	RecoveryCodes
}

// PasskeyOptions begins to make a passkey.
func (h *Account) PasskeyOptions(r *web.Request) (web.Reply, error) {
	asked, err := h.Auth.AskNewPasskey(r.Request().Context(), r.Acting())
	return h.Cookies.Asked(r, asked, err)
}

// PasskeyForm is the form of a new passkey.
func (h *Account) PasskeyForm(r *web.Request) (web.Reply, error) {
	page, err := h.passkeyPage(r)
	if err != nil {
		return web.Reply{}, err
	}
	return web.Reply{Show: page(nil)}, nil
}

func (h *Account) passkeyPage(r *web.Request) (func(*model.Error) templ.Component, error) {
	ctx := r.Request().Context()
	v := artist.PasskeyForm{Email: r.Signed.User.Email, Offered: h.Auth.PasskeysOffered()}
	err := h.Store.AsUser(ctx, r.UserID(), func(tx *store.UserTx) (err error) {
		v.App, err = h.frame(ctx, tx, r)
		return err
	})
	return func(e *model.Error) templ.Component {
		if e != nil {
			v.Problem = e.Message
		}
		return artist.PasskeyPage(v)
	}, err
}

// AddPasskey keeps a new passkey.
func (h *Account) AddPasskey(r *web.Request) (web.Reply, error) {
	page, err := h.passkeyPage(r)
	if err != nil {
		return web.Reply{}, err
	}
	again := web.Reply{Again: page}
	in, err := web.Read[model.PasskeyCreate](r)
	if err != nil {
		return again, err
	}
	ceremony, err := h.Cookies.Ceremony(r, in.Ceremony, in.Credential)
	if err != nil {
		return again, err
	}
	id, codes, err := h.Auth.AddPasskey(r.Request().Context(), r.Acting(), in.Name, ceremony, string(in.Credential))
	if err != nil {
		return again, err
	}
	reply, err := h.after(r, codes, "passkey")
	if codes == nil {
		codes = []string{}
	}
	if r.Door == web.API {
		reply.Status, reply.JSON = http.StatusCreated, PasskeyMade{id, RecoveryCodes{codes}}
	}
	return reply, err
}

// RenamePasskey names a passkey anew.
func (h *Account) RenamePasskey(r *web.Request) (web.Reply, error) {
	id, err := r.PasskeyID()
	if err != nil {
		return web.Reply{}, err
	}
	in, err := web.Read[model.PasskeyRename](r)
	if err == nil {
		err = h.Auth.RenamePasskey(r.Request().Context(), r.Acting(), id, in.Name)
	}
	return web.Reply{To: views.Done(views.Factors(), "renamed"), Again: h.factorsAgain(r, func(v *artist.Factors, e *model.Error) {
		v.Renamed, v.Name, v.Errors = id, in.Name, e.Fields
	})}, err
}

// RemovePasskey forgets a passkey.
func (h *Account) RemovePasskey(r *web.Request) (web.Reply, error) {
	id, err := r.PasskeyID()
	if err != nil {
		return web.Reply{}, err
	}
	err = h.Auth.RemovePasskey(r.Request().Context(), r.Acting(), id)
	return web.Reply{To: views.Done(views.Factors(), "passkey-removed"), Again: h.factorsAgain(r, nil)}, err
}
