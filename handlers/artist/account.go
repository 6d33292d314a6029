package artist

import (
	"context"
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
	Next *string   `json:"next" doc:"the cursor of the next page; null on the last"`
}

// SessionQuery asks for a page of the list.
type SessionQuery struct {
	Cursor string `json:"cursor" doc:"the next of the page before"`
	Limit  int    `json:"limit" doc:"at most 100; 50 when absent"`
}

// sessionsShown is how many sessions the screen lists, and the API unless asked otherwise.
const sessionsShown = 50

// account is what the screen and the API show of a user.
type account struct {
	user     model.User
	used     store.Usage
	sessions []store.Session
	profile  model.ProfileID
}

func (h *Account) read(ctx context.Context, tx *store.UserTx, here model.SessionID) (a account, err error) {
	if a.user, err = tx.User(ctx); err != nil {
		return a, err
	}
	if a.used, err = tx.Usage(ctx); err != nil {
		return a, err
	}
	if a.sessions, err = tx.Sessions(ctx, store.SessionPage{First: here, Limit: sessionsShown}); err != nil {
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
		a, err = h.read(ctx, tx, r.Signed.Session)
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
		if a, err = h.read(ctx, tx, r.Signed.Session); err != nil || invalid != nil {
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

// Sessions lists the devices that are signed in, the newest first.
func (h *Account) Sessions(r *web.Request) (web.Reply, error) {
	page, err := sessionPage(r)
	if err != nil {
		return web.Reply{}, err
	}
	ctx := r.Request().Context()
	var list []store.Session
	err = h.Store.AsUser(ctx, r.UserID(), func(tx *store.UserTx) (err error) {
		list, err = tx.Sessions(ctx, store.SessionPage{Older: page.Older, Limit: page.Limit + 1})
		return err
	})
	out := SessionList{Data: []Session{}}
	for i, s := range list {
		if i == page.Limit {
			next := list[i-1].ID.String()
			out.Next = &next
			break
		}
		out.Data = append(out.Data, Session{s.ID, s.Door, s.Device, s.ID == r.Signed.Session, s.CreatedAt.UTC(), s.LastSeenAt.UTC()})
	}
	return web.Reply{JSON: out}, err
}

func sessionPage(r *web.Request) (store.SessionPage, error) {
	page := store.SessionPage{Limit: sessionsShown}
	in, err := web.ReadQuery[SessionQuery](r)
	if err != nil {
		return page, err
	}
	problems := model.Problems{}
	if r.QueryParams().Has("limit") {
		if page.Limit = in.Limit; in.Limit < 1 || in.Limit > 100 {
			problems.Add("limit", model.Reason("Give a number from 1 to 100."))
		}
	}
	if in.Cursor != "" {
		if page.Older, err = model.ParseSessionID(in.Cursor); err != nil {
			problems.Add("cursor", model.Reason("Give the “next” of the page before, as it was."))
		}
	}
	return page, problems.Err()
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
	return artist.AccountPage(v)
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
		meter("pictures on one profile", used.Pictures, e, func(e plans.Entitlements) int { return e.Pictures }),
		meter("clicks this month", used.ClicksPerMonth, e, func(e plans.Entitlements) int { return e.ClicksPerMonth }),
	}
}
