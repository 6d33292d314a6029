package artist

import (
	"context"
	"time"

	"github.com/a-h/templ"

	"github.com/hlpfl/platform/handlers/web"
	accounts "github.com/hlpfl/platform/internal/account"
	"github.com/hlpfl/platform/internal/auth"
	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/internal/plans"
	"github.com/hlpfl/platform/store"
	"github.com/hlpfl/platform/views"
	"github.com/hlpfl/platform/views/artist"
	"github.com/hlpfl/platform/views/ui"
)

// Account answers for the signed-in user's own account and devices.
type Account struct {
	Store   *store.Store
	Auth    *auth.Auth
	Exports *accounts.Accounts // opens archives
	Cookies *web.Cookies
	Now     func() time.Time
}

// account is what the screen and the API show of a user.
type account struct {
	user    model.User
	used    store.Usage
	second  bool // whether there is a second factor
	profile model.ProfileID

	connections []store.Identity
}

// json is the account as programs get it.
func (a account) json() web.Me {
	me := web.MeOf(a.user, a.used, a.second)
	me.Connections = web.ConnectionsOf(a.connections)
	return me
}

func (h *Account) read(ctx context.Context, tx *store.UserTx) (a account, err error) {
	if a.user, err = tx.User(ctx); err != nil {
		return a, err
	}
	if a.used, err = tx.Usage(ctx); err != nil {
		return a, err
	}
	if a.connections, err = tx.Identities(ctx); err != nil {
		return a, err
	}
	if a.second, err = tx.SecondFactor(ctx); err != nil {
		return a, err
	}
	a.profile, err = tx.LatestProfile(ctx)
	return a, err
}

// Me shows the signed-in user.
func (h *Account) Me(r *web.Request) (web.Reply, error) {
	ctx := r.Request().Context()
	var a account
	err := h.Store.AsUser(ctx, r.UserID(), func(tx *store.UserTx) (err error) {
		a, err = h.read(ctx, tx)
		return err
	})
	if err != nil {
		return web.Reply{}, err
	}
	return web.Reply{JSON: a.json(), Show: h.page(r, a, model.MeInput{}, nil)}, nil
}

// SaveMe changes what the user may change; what is absent stays.
func (h *Account) SaveMe(r *web.Request) (web.Reply, error) {
	in, invalid := web.Read[model.MeInput](r)
	ctx := r.Request().Context()
	var a account
	err := h.Store.AsUser(ctx, r.UserID(), func(tx *store.UserTx) (err error) {
		if a, err = h.read(ctx, tx); err != nil || invalid != nil {
			return err
		}
		set := func(to *string, value *string) {
			if value != nil {
				*to = *value
			}
		}
		set(&a.user.Name, in.Name)
		set(&a.user.Language, in.Language)
		set(&a.user.TimeZone, in.TimeZone)
		return tx.SetMe(ctx, a.user.Name, a.user.Language, a.user.TimeZone)
	})
	if err == nil {
		err = invalid
	}
	return web.Reply{
		JSON:  a.json(),
		To:    views.AccountDone("saved"),
		Again: func(e *model.Error) templ.Component { return h.page(r, a, in, e) },
	}, err
}

// page draws the account; with e, the form again as it was typed.
func (h *Account) page(r *web.Request, a account, typed model.MeInput, e *model.Error) templ.Component {
	v := artist.Account{
		App:   frame(r, "Account", ui.PlaceAccount, a.profile),
		Email: a.user.Email, Name: a.user.Name, TimeZone: a.user.TimeZone,
		Plan: plans.Of(plans.Plan(a.user.Plan)).Name, Limits: meters(plans.Plan(a.user.Plan), a.used),
	}
	v.App.Flash = accountDone(r.QueryParam("done"))
	if e != nil {
		v.App.Flash = &ui.Flash{Text: e.Message, Bad: true}
		v.Errors = ui.Errors(e.Fields)
		if typed.Name != nil {
			v.Name = *typed.Name
		}
		if typed.TimeZone != nil {
			v.TimeZone = *typed.TimeZone
		}
	}
	return artist.AccountPage(v)
}

func accountDone(what string) *ui.Flash {
	switch what {
	case "saved":
		return &ui.Flash{Text: "Saved."}
	case "kept":
		return &ui.Flash{Text: "Your account stays, and your pages are back."}
	}
	return nil
}

// meters shows how much of the plan is used, over all profiles.
func meters(p plans.Plan, used store.Usage) []ui.Meter {
	e := plans.Of(p)
	return []ui.Meter{
		meter("profiles", used.Profiles, e, func(e plans.Entitlements) int { return e.Profiles }),
		meter("links on one profile", used.Links, e, func(e plans.Entitlements) int { return e.Links }),
		meter("pictures on one profile", used.Pictures, e, func(e plans.Entitlements) int { return e.Pictures }),
		meter("clicks this month", used.ClicksPerMonth, e, func(e plans.Entitlements) int { return e.ClicksPerMonth }),
	}
}
