package artist

import (
	"context"
	"net/http"

	"github.com/a-h/templ"

	"github.com/hlpfl/platform/handlers/web"
	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/store"
	"github.com/hlpfl/platform/views/artist"
	"github.com/hlpfl/platform/views/ui"
)

func (h *Account) emailPart(ctx context.Context, tx *store.UserTx) (artist.EmailPart, error) {
	user, err := tx.User(ctx)
	if err != nil {
		return artist.EmailPart{}, err
	}
	_, undelivered, err := tx.Undelivered(ctx)
	return artist.EmailPart{Address: user.Email, Proved: user.EmailVerifiedAt != nil, Undelivered: undelivered}, err
}

// EmailForm is the form of another address.
func (h *Account) EmailForm(r *web.Request) (web.Reply, error) {
	page, err := h.emailPage(r)
	if err != nil {
		return web.Reply{}, err
	}
	return web.Reply{Show: page("", nil)}, nil
}

// SaveEmail asks the new address, by a mail, whether it is the user's.
func (h *Account) SaveEmail(r *web.Request) (web.Reply, error) {
	in, invalid := web.Read[model.NewEmailInput](r)
	page, err := h.emailPage(r)
	if err == nil {
		err = invalid
	}
	if err == nil {
		err = h.Auth.AskToChangeEmail(r.Request().Context(), r.Signed.User, in.Email, r.From())
	}
	return web.Reply{
		Status: http.StatusAccepted, To: securityAfter("email-asked"),
		Again: func(e *model.Error) templ.Component { return page(in.Email, e) },
	}, err
}

// VerifyAgain sends the mail again by which the present address is proved.
func (h *Account) VerifyAgain(r *web.Request) (web.Reply, error) {
	err := h.Auth.AskToVerify(r.Request().Context(), r.Signed.User)
	return web.Reply{Status: http.StatusAccepted, To: securityAfter("verify-asked")}, err
}

// emailPage reads what the form needs and gives what draws it, with what was typed.
func (h *Account) emailPage(r *web.Request) (func(typed string, e *model.Error) templ.Component, error) {
	ctx := r.Request().Context()
	v := artist.EmailForm{Present: r.Signed.User.Email, Proved: r.Signed.User.EmailVerifiedAt != nil}
	err := h.Store.AsUser(ctx, r.UserID(), func(tx *store.UserTx) (err error) {
		v.App, err = h.frame(ctx, tx, r)
		return err
	})
	return func(typed string, e *model.Error) templ.Component {
		v.Email = typed
		if e != nil {
			if v.Errors = ui.Errors(e.Fields); len(v.Errors) == 0 {
				v.Problem = e.Message
			}
		}
		return artist.EmailPage(v)
	}, err
}
