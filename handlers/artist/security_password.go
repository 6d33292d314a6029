package artist

import (
	"context"

	"github.com/a-h/templ"

	"github.com/hlpfl/platform/handlers/web"
	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/store"
	"github.com/hlpfl/platform/views/artist"
	"github.com/hlpfl/platform/views/ui"
)

func (h *Account) passwordPart(ctx context.Context, tx *store.UserTx) (p artist.PasswordPart, err error) {
	p.Set, p.ChangedAt, err = tx.PasswordState(ctx)
	return p, err
}

// PasswordForm is the form of a new password.
func (h *Account) PasswordForm(r *web.Request) (web.Reply, error) {
	page, err := h.passwordPage(r)
	if err != nil {
		return web.Reply{}, err
	}
	return web.Reply{Show: page(nil)}, nil
}

// SavePassword gives the user a new password.
func (h *Account) SavePassword(r *web.Request) (web.Reply, error) {
	in, invalid := web.Read[model.PasswordInput](r)
	page, err := h.passwordPage(r)
	if err == nil {
		err = invalid
	}
	if err == nil {
		err = h.Auth.ChangePassword(r.Request().Context(), r.Signed.User, r.Signed.Session, in, r.From())
	}
	return web.Reply{To: securityAfter("password"), Again: page}, err
}

// passwordPage reads what the form needs and gives what draws it. What was typed is
// not sent back: a password is typed anew.
func (h *Account) passwordPage(r *web.Request) (func(*model.Error) templ.Component, error) {
	ctx := r.Request().Context()
	v := artist.PasswordForm{Email: r.Signed.User.Email}
	err := h.Store.AsUser(ctx, r.UserID(), func(tx *store.UserTx) (err error) {
		if v.App, err = h.frame(ctx, tx, r); err != nil {
			return err
		}
		v.Set, _, err = tx.PasswordState(ctx)
		return err
	})
	return func(e *model.Error) templ.Component {
		if e != nil {
			if v.Errors = ui.Errors(e.Fields); len(v.Errors) == 0 {
				v.Problem = e.Message
			}
		}
		return artist.PasswordPage(v)
	}, err
}
