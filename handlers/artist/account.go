package artist

import (
	"context"
	"slices"
	"time"

	"github.com/a-h/templ"

	"github.com/hlpfl/platform/handlers/web"
	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/internal/plans"
	"github.com/hlpfl/platform/store"
	"github.com/hlpfl/platform/views"
	"github.com/hlpfl/platform/views/artist"
	"github.com/hlpfl/platform/views/ui"
)

// Account answers for the signed-in user's own account and devices.
type Account struct {
	Store *store.Store
	Now   func() time.Time
}

// Session is a sign-in as programs get it.
type Session struct {
	ID         model.SessionID `json:"id"`
	Door       string          `json:"door" doc:"web for a browser, api for a program"`
	Device     string          `json:"device" doc:"like Safari on iPhone; empty when unknown"`
	Current    bool            `json:"current" doc:"the one that asks"`
	CreatedAt  time.Time       `json:"created_at"`
	LastSeenAt time.Time       `json:"last_seen_at" doc:"to the minute"`
}

// SessionList is the list of sign-ins that are alive.
type SessionList struct {
	Data []Session `json:"data"`
	Next *string   `json:"next"`
}

// account is what the screen and the API show of a user.
type account struct {
	user     model.User
	used     store.Usage
	sessions []store.Session
	profile  model.ProfileID
}

func (h *Account) read(ctx context.Context, tx *store.UserTx) (a account, err error) {
	if a.user, err = tx.User(ctx); err != nil {
		return a, err
	}
	if a.used, err = tx.Usage(ctx); err != nil {
		return a, err
	}
	if a.sessions, err = tx.Sessions(ctx); err != nil {
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
	return web.Reply{JSON: web.MeOf(a.user, a.used), Show: h.page(r, a, model.MeInput{}, nil)}, nil
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
		JSON:  web.MeOf(a.user, a.used),
		To:    views.AccountDone("saved"),
		Again: func(e *model.Error) templ.Component { return h.page(r, a, in, e) },
	}, err
}

// Sessions lists the devices that are signed in.
func (h *Account) Sessions(r *web.Request) (web.Reply, error) {
	ctx := r.Request().Context()
	out := SessionList{Data: []Session{}}
	err := h.Store.AsUser(ctx, r.UserID(), func(tx *store.UserTx) error {
		list, err := tx.Sessions(ctx)
		for _, s := range list {
			out.Data = append(out.Data, Session{s.ID, s.Door, s.Device, s.ID == r.Signed.Session, s.CreatedAt.UTC(), s.LastSeenAt.UTC()})
		}
		return err
	})
	return web.Reply{JSON: out}, err
}

// EndSession ends one session, at whichever door it is.
func (h *Account) EndSession(r *web.Request) (web.Reply, error) {
	id, err := model.ParseSessionID(r.Param("id"))
	if err != nil {
		return web.Reply{}, err
	}
	ctx := r.Request().Context()
	err = h.Store.AsUser(ctx, r.UserID(), func(tx *store.UserTx) error {
		if err := tx.EndSession(ctx, id, "ended by the user"); err != nil {
			return err
		}
		return tx.Audit(ctx, h.entry(r, "session.ended", id.String()))
	})
	return web.Reply{To: views.AccountDone("ended")}, err
}

// EndOtherSessions ends every session but the one that asks.
func (h *Account) EndOtherSessions(r *web.Request) (web.Reply, error) {
	ctx := r.Request().Context()
	err := h.Store.AsUser(ctx, r.UserID(), func(tx *store.UserTx) error {
		if n, err := tx.EndOtherSessions(ctx, r.Signed.Session, "ended by the user"); err != nil || n == 0 {
			return err
		}
		return tx.Audit(ctx, h.entry(r, "session.others_ended", r.Signed.Session.String()))
	})
	return web.Reply{To: views.AccountDone("all-ended")}, err
}

func (h *Account) entry(r *web.Request, action, subject string) store.Entry {
	from := origin(r)
	return store.Entry{Actor: from.Actor, User: from.Actor, Action: action, Subject: subject, AddressPrefix: from.AddressPrefix}
}

// page draws the account; with e, the form again as it was typed.
func (h *Account) page(r *web.Request, a account, typed model.MeInput, e *model.Error) templ.Component {
	zone := model.Zone(a.user.TimeZone)
	v := artist.Account{
		App:   frame(r, "Account", ui.PlaceAccount, a.profile),
		Email: a.user.Email, Name: a.user.Name, TimeZone: a.user.TimeZone,
		Plan: plans.Of(plans.Plan(a.user.Plan)).Name, Limits: meters(plans.Plan(a.user.Plan), a.used),
		Now: h.Now().In(zone),
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
	for _, s := range a.sessions {
		v.Sessions = append(v.Sessions, artist.Session{
			ID: s.ID, Device: device(s), Since: s.CreatedAt.In(zone), Seen: s.LastSeenAt.In(zone), Here: s.ID == r.Signed.Session,
		})
	}
	slices.SortStableFunc(v.Sessions, func(x, y artist.Session) int { return rank(x) - rank(y) })
	return artist.AccountPage(v)
}

// rank puts the session that asks first.
func rank(s artist.Session) int {
	if s.Here {
		return 0
	}
	return 1
}

func device(s store.Session) string {
	switch {
	case s.Device != "":
		return s.Device
	case s.Door == store.DoorAPI:
		return "API client"
	}
	return "Unknown browser"
}

func accountDone(what string) *ui.Flash {
	switch what {
	case "saved":
		return &ui.Flash{Text: "Saved."}
	case "ended":
		return &ui.Flash{Text: "Ended. That device has to sign in again."}
	case "all-ended":
		return &ui.Flash{Text: "Ended. Only this device is signed in."}
	}
	return nil
}

// meters shows how much of the plan is used, over all profiles.
func meters(p plans.Plan, used store.Usage) []ui.Meter {
	e := plans.Of(p)
	return []ui.Meter{
		meter("profiles", used.Profiles, e, func(e plans.Entitlements) int { return e.Profiles }),
		meter("links on one profile", used.Links, e, func(e plans.Entitlements) int { return e.Links }),
		meter("clicks this month", used.ClicksPerMonth, e, func(e plans.Entitlements) int { return e.ClicksPerMonth }),
	}
}
