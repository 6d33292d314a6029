package artist

import (
	"strings"

	"github.com/a-h/templ"

	"github.com/hlpfl/platform/handlers/web"
	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/store"
	"github.com/hlpfl/platform/views"
	"github.com/hlpfl/platform/views/artist"
	"github.com/hlpfl/platform/views/ui"
)

// TOTP is what an authenticator app has to know.
type TOTP struct {
	Secret string `json:"secret" doc:"base32, to be typed; good for an hour until its first code is confirmed"`
	URL    string `json:"otpauth_url" doc:"the same, to be shown as a QR code"`
}

// StartApp gives a program a secret for an authenticator app.
func (h *Account) StartApp(r *web.Request) (web.Reply, error) {
	if err := noBody(r); err != nil {
		return web.Reply{}, err
	}
	setup, err := h.Auth.StartTOTP(r.Request().Context(), r.Acting(), false)
	return web.Reply{JSON: TOTP{setup.Secret, setup.URL}}, err
}

// noBody reads a body that has nothing to say.
func noBody(r *web.Request) error {
	_, err := web.Read[struct{}](r)
	return err
}

// AppForm shows the secret for an authenticator app, the same until it is confirmed.
func (h *Account) AppForm(r *web.Request) (web.Reply, error) {
	page, err := h.appPage(r)
	if model.KindOf(err) == model.KindTaken {
		return web.Reply{To: views.Factors()}, nil // it is on: another tab was quicker
	}
	if err != nil {
		return web.Reply{}, err
	}
	return web.Reply{Show: page(nil)}, nil
}

// ConfirmApp takes the app into use with its first code.
func (h *Account) ConfirmApp(r *web.Request) (web.Reply, error) {
	in, err := web.Read[model.TOTPConfirm](r)
	var codes []string
	if err == nil {
		codes, err = h.Auth.ConfirmTOTP(r.Request().Context(), r.Acting(), in.Code)
	}
	if err != nil && r.Door != web.API {
		page, reading := h.appPage(r)
		if model.KindOf(reading) == model.KindTaken {
			return web.Reply{To: views.Factors()}, nil // it is on: this form was sent twice
		}
		if reading != nil {
			return web.Reply{}, reading
		}
		return web.Reply{Again: page}, err
	}
	if err != nil {
		return web.Reply{}, err
	}
	reply, err := h.after(r, codes, "app")
	if codes == nil {
		codes = []string{}
	}
	reply.JSON = RecoveryCodes{codes}
	return reply, err
}

func (h *Account) appPage(r *web.Request) (func(*model.Error) templ.Component, error) {
	ctx := r.Request().Context()
	setup, err := h.Auth.StartTOTP(ctx, r.Acting(), true)
	if err != nil {
		return nil, err
	}
	v := artist.AppForm{Email: r.Signed.User.Email, Secret: inFours(setup.Secret), URL: setup.URL}
	err = h.Store.AsUser(ctx, r.UserID(), func(tx *store.UserTx) (err error) {
		v.App, err = h.frame(ctx, tx, r)
		return err
	})
	return func(e *model.Error) templ.Component {
		if e != nil {
			if v.Errors = ui.Errors(e.Fields); len(v.Errors) == 0 {
				v.Problem = e.Message
			}
		}
		return artist.AppPage(v)
	}, err
}

// inFours writes a secret as people copy it.
func inFours(secret string) string {
	var groups []string
	for len(secret) > 4 {
		groups, secret = append(groups, secret[:4]), secret[4:]
	}
	return strings.Join(append(groups, secret), " ")
}

// RemoveApp forgets the authenticator app.
func (h *Account) RemoveApp(r *web.Request) (web.Reply, error) {
	err := h.Auth.RemoveTOTP(r.Request().Context(), r.Acting())
	return web.Reply{To: views.Done(views.Factors(), "app-removed"), Again: h.factorsAgain(r, nil)}, err
}
