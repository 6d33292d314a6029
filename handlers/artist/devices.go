package artist

import (
	"time"

	"github.com/hlpfl/platform/handlers/web"
	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/store"
	"github.com/hlpfl/platform/views"
	"github.com/hlpfl/platform/views/artist"
	"github.com/hlpfl/platform/views/ui"
)

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

// Devices shows what is signed in.
func (h *Account) Devices(r *web.Request) (web.Reply, error) {
	ctx := r.Request().Context()
	zone := model.Zone(r.Signed.User.TimeZone)
	v := artist.Devices{Email: r.Signed.User.Email, Now: h.Now().In(zone)}
	err := h.Store.AsUser(ctx, r.UserID(), func(tx *store.UserTx) (err error) {
		if v.App, err = h.frame(ctx, tx, r); err != nil {
			return err
		}
		list, err := tx.Sessions(ctx, store.SessionPage{First: r.Signed.Session, Limit: sessionsShown})
		for _, s := range list {
			v.Sessions = append(v.Sessions, artist.Session{
				ID: s.ID, Device: device(s), Since: s.CreatedAt.In(zone), Seen: s.LastSeenAt.In(zone), Here: s.ID == r.Signed.Session,
			})
		}
		return err
	})
	v.App.Flash = devicesDone(r.QueryParam("done"))
	return web.Reply{Show: artist.DevicesPage(v)}, err
}

func devicesDone(what string) *ui.Flash {
	switch what {
	case "ended":
		return &ui.Flash{Text: "Ended. That device has to sign in again."}
	case "all-ended":
		return &ui.Flash{Text: "Ended. Only this device is signed in."}
	}
	return nil
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
	return web.Reply{To: views.Done(views.Devices(), "ended")}, err
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
	return web.Reply{To: views.Done(views.Devices(), "all-ended")}, err
}

func (h *Account) entry(r *web.Request, action, subject string) store.Entry {
	from := origin(r)
	return store.Entry{Actor: from.Actor, User: from.Actor, Action: action, Subject: subject, AddressPrefix: from.AddressPrefix}
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
