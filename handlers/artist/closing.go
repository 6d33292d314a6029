package artist

import (
	"net/http"
	"time"

	"github.com/a-h/templ"

	"github.com/hlpfl/platform/handlers/web"
	accounts "github.com/hlpfl/platform/internal/account"
	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/store"
	"github.com/hlpfl/platform/views"
	"github.com/hlpfl/platform/views/artist"
	"github.com/hlpfl/platform/views/ui"
)

// ClosingAccount is an account that is to be deleted, as programs get it.
type ClosingAccount struct {
	ClosesAt time.Time `json:"closes_at" doc:"from then on nothing of it is left; until then POST /api/account/restore keeps it"`
}

// CloseForm is the form by which an account is deleted.
func (h *Account) CloseForm(r *web.Request) (web.Reply, error) {
	page, err := h.closePage(r, "")
	if err != nil {
		return web.Reply{}, err
	}
	return web.Reply{Show: page(nil)}, nil
}

// CloseAccount has the own account deleted after a while. In a browser the address is
// typed, so that it is nobody's slip.
func (h *Account) CloseAccount(r *web.Request) (web.Reply, error) {
	ctx := r.Request().Context()
	var again func(*model.Error) templ.Component
	if r.Door != web.API {
		in, err := web.Read[model.CloseInput](r)
		if err == nil && in.Email != r.Signed.User.Email {
			err = model.Invalid("email", "This is not the account’s address. Type it as it stands above.")
		}
		page, broken := h.closePage(r, in.Typed)
		if broken != nil {
			return web.Reply{}, broken
		}
		if again = page; err != nil {
			return web.Reply{Again: again}, err
		}
	}
	day, err := h.Exports.Close(ctx, h.asked(r))
	return web.Reply{Status: http.StatusAccepted, JSON: ClosingAccount{day.UTC()}, To: views.Closing(), Again: again}, err
}

func (h *Account) asked(r *web.Request) accounts.Asked {
	return accounts.Asked{User: r.Signed.User, Session: r.Signed.Session, Network: origin(r).AddressPrefix}
}

// closePage reads what the form tells and gives what draws it.
func (h *Account) closePage(r *web.Request, typed string) (func(*model.Error) templ.Component, error) {
	ctx := r.Request().Context()
	u := r.Signed.User
	v := artist.Delete{Email: u.Email, Typed: typed, Admin: u.IsAdmin, Day: h.Now().Add(store.Grace).In(model.Zone(u.TimeZone))}
	err := h.Store.AsUser(ctx, r.UserID(), func(tx *store.UserTx) (err error) {
		if v.App, err = h.frame(ctx, tx, r); err != nil {
			return err
		}
		if v.Pages, err = tx.ProfileCount(ctx); err != nil {
			return err
		}
		shared, err := tx.SharedProfiles(ctx)
		for _, p := range shared {
			v.Shared = append(v.Shared, artist.SharedPage{Name: p.Name, Handle: p.Handle.String(), People: p.People})
		}
		return err
	})
	return func(e *model.Error) templ.Component {
		if e != nil {
			if v.Errors = ui.Errors(e.Fields); len(v.Errors) == 0 {
				v.Problem = e.Message
			}
		}
		return artist.DeletePage(v)
	}, err
}

// ClosingPage is all that an account shows that is to be deleted.
func (h *Account) ClosingPage(r *web.Request) (web.Reply, error) {
	u := r.Signed.User
	if u.ClosesAt == nil {
		return web.Reply{To: views.Data()}, nil
	}
	return web.Reply{Show: artist.ClosingPage(artist.Closing{Email: u.Email, Day: u.ClosesAt.In(model.Zone(u.TimeZone))})}, nil
}

// KeepAccount keeps an account that was to be deleted.
func (h *Account) KeepAccount(r *web.Request) (web.Reply, error) {
	err := h.Exports.Keep(r.Request().Context(), h.asked(r))
	return web.Reply{To: views.AccountDone("kept")}, err
}
