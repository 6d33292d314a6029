package artist

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/hlpfl/platform/handlers/web"
	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/store"
	"github.com/hlpfl/platform/views"
	"github.com/hlpfl/platform/views/artist"
	"github.com/hlpfl/platform/views/ui"
)

// ActivityLine is a line of the own audit log as programs get it.
type ActivityLine struct {
	ID      model.EntryID   `json:"id"`
	At      time.Time       `json:"at"`
	Action  string          `json:"action" doc:"user.signed_in, key.made …"`
	Subject string          `json:"subject" doc:"what it was done to; empty for the account"`
	By      string          `json:"by" doc:"you, someone_else or hlpfl"`
	Before  json.RawMessage `json:"before"`
	After   json.RawMessage `json:"after"`
	Network string          `json:"network" doc:"where it came from, never a whole address"`
}

// ActivityList is a page of the log.
type ActivityList struct {
	Data []ActivityLine `json:"data"`
	Next *string        `json:"next" doc:"the cursor of the next page; null on the last"`
}

// ActivityQuery asks for a page of the log.
type ActivityQuery struct {
	Cursor string `json:"cursor" doc:"the next of the page before"`
}

// activityShown is how many lines a page has.
const activityShown = 50

// Activity shows what was done with the user's account, the newest first.
func (h *Account) Activity(r *web.Request) (web.Reply, error) {
	page := store.AuditPage{Limit: activityShown + 1}
	if cursor := r.QueryParam("cursor"); cursor != "" {
		var err error
		if page.Older, err = model.ParseEntryID(cursor); err != nil {
			return web.Reply{}, model.Invalid("cursor", "Give the “next” of the page before, as it was.")
		}
	}
	ctx := r.Request().Context()
	zone := model.Zone(r.Signed.User.TimeZone)
	v := artist.Activity{Email: r.Signed.User.Email, Now: h.Now().In(zone), Back: !page.Older.IsZero()}
	out := ActivityList{Data: []ActivityLine{}}
	err := h.Store.AsUser(ctx, r.UserID(), func(tx *store.UserTx) (err error) {
		if v.App, err = h.frame(ctx, tx, r); err != nil {
			return err
		}
		lines, err := tx.AuditLog(ctx, page)
		if len(lines) > activityShown {
			lines = lines[:activityShown]
			last := lines[activityShown-1].ID
			next := last.String()
			out.Next, v.Older = &next, views.ActivityBefore(last)
		}
		for _, l := range lines {
			by := who(l, r.UserID())
			out.Data = append(out.Data, ActivityLine{l.ID, l.At.UTC(), l.Action, l.Subject, by, l.Before, l.After, l.AddressPrefix})
			v.Lines = append(v.Lines, artist.ActivityLine{
				What: ui.Did(l.Action), Detail: detail(l), By: byWhom[by], From: l.AddressPrefix, At: l.At.In(zone),
				Bad: strings.HasSuffix(l.Action, "_failed") || l.Action == "session.refresh_reused",
			})
		}
		return err
	})
	return web.Reply{JSON: out, Show: artist.ActivityPage(v)}, err
}

var byWhom = map[string]string{"someone_else": "by somebody else", "hlpfl": "by HLPFL"}

// who did it, as the user is told. What failed before anybody was known was done by
// somebody else, as far as we can tell.
func who(l store.AuditLine, user model.UserID) string {
	switch {
	case l.ActorID == nil && strings.HasSuffix(l.Action, "_failed"):
		return "someone_else"
	case l.ActorID == nil:
		return "hlpfl"
	case *l.ActorID == user:
		return "you"
	}
	return "someone_else"
}

// detail is what a line says more, for people: of what came after, else of what was
// before.
func detail(l store.AuditLine) string {
	for _, raw := range []json.RawMessage{l.After, l.Before} {
		var fields struct {
			Methods []string `json:"methods"`
			Device  string   `json:"device"`
			Name    string   `json:"name"`
			Handle  string   `json:"handle"`
			Plan    string   `json:"plan"`
			Email   string   `json:"email"`
		}
		if json.Unmarshal(raw, &fields) != nil {
			continue // a bare value: "on", "off"
		}
		parts := []string{}
		if len(fields.Methods) > 0 {
			parts = append(parts, "by "+strings.ReplaceAll(strings.Join(fields.Methods, " and "), "_", " "))
		}
		for _, text := range []string{fields.Device, fields.Name, fields.Handle, fields.Plan, fields.Email} {
			if text != "" {
				parts = append(parts, text)
			}
		}
		if len(parts) > 0 {
			return strings.Join(parts, ", ")
		}
	}
	return ""
}
