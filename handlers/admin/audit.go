// Package admin is the room of those who run HLPFL.
package admin

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/a-h/templ"

	"github.com/hlpfl/platform/handlers/web"
	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/store"
	"github.com/hlpfl/platform/views"
	"github.com/hlpfl/platform/views/admin"
	"github.com/hlpfl/platform/views/ui"
)

// Admin answers for the screens of admins, and through them for /api/admin.
type Admin struct {
	Store *store.Store
	Now   func() time.Time
}

// AuditQuery asks for a page of the audit log.
type AuditQuery struct {
	Email  string `json:"email" doc:"of who did it or whom it is about"`
	Action string `json:"action" doc:"like user.signed_in"`
	Cursor string `json:"cursor" doc:"the next of the page before"`
}

// AuditLine is a line of the audit log as programs get it.
type AuditLine struct {
	ID      model.EntryID   `json:"id"`
	At      time.Time       `json:"at"`
	Action  string          `json:"action"`
	Subject string          `json:"subject"`
	ActorID *model.UserID   `json:"actor_id" doc:"null: the program itself, or nobody signed in"`
	Actor   string          `json:"actor" doc:"the present address; empty when the account is gone"`
	UserID  *model.UserID   `json:"user_id"`
	User    string          `json:"user"`
	Before  json.RawMessage `json:"before"`
	After   json.RawMessage `json:"after"`
	Network string          `json:"network"`
}

// AuditList is a page of the log.
type AuditList struct {
	Data []AuditLine `json:"data"`
	Next *string     `json:"next" doc:"the cursor of the next page; null on the last"`
}

// linesShown is how many lines a page has.
const linesShown = 50

// Audit reads the whole audit log, the newest first.
func (h *Admin) Audit(r *web.Request) (web.Reply, error) {
	in, err := web.ReadQuery[AuditQuery](r)
	if err != nil {
		return web.Reply{}, err
	}
	v := admin.Audit{User: r.Signed.User.Name, Email: in.Email, Action: in.Action, Now: h.Now().UTC()}
	if v.User == "" {
		v.User = r.Signed.User.Email
	}
	filter, err := in.filter()
	v.Actions = actions(in.Action)
	if err != nil {
		return web.Reply{Again: func(e *model.Error) templ.Component {
			v.Errors = ui.Errors(e.Fields)
			return admin.AuditPage(v)
		}}, err
	}
	ctx := r.Request().Context()
	out := AuditList{Data: []AuditLine{}}
	err = h.Store.System(ctx, func(tx *store.SystemTx) error {
		lines, err := tx.AuditLogOfAnyUser(ctx, filter)
		if len(lines) > linesShown {
			lines = lines[:linesShown]
			next := lines[linesShown-1].ID.String()
			out.Next = &next
			v.Older = views.AuditLog() + "?" + url.Values{"email": {in.Email}, "action": {in.Action}, "cursor": {next}}.Encode()
		}
		for _, l := range lines {
			out.Data = append(out.Data, AuditLine{l.ID, l.At.UTC(), l.Action, l.Subject, l.ActorID, l.Actor, l.UserID, l.User, l.Before, l.After, l.AddressPrefix})
			v.Lines = append(v.Lines, admin.AuditLine{
				At: l.At.UTC(), Action: l.Action, Subject: l.Subject, Actor: l.Actor, About: l.User, Before: text(l.Before), After: text(l.After), Network: l.AddressPrefix,
			})
		}
		return err
	})
	return web.Reply{JSON: out, Show: admin.AuditPage(v)}, err
}

func (in AuditQuery) filter() (f store.AuditFilter, err error) {
	problems := model.Problems{}
	f.Limit, f.Action = linesShown+1, in.Action
	if in.Email != "" {
		f.Email, err = model.ParseEmail(in.Email)
		problems.Add("email", err)
	}
	if len(in.Action) > 100 || strings.Trim(in.Action, "abcdefghijklmnopqrstuvwxyz_.") != "" {
		problems.Add("action", model.Reason("There is no such action. They are written like user.signed_in."))
	}
	if in.Cursor != "" {
		if f.Older, err = model.ParseEntryID(in.Cursor); err != nil {
			problems.Add("cursor", model.Reason("Give the “next” of the page before, as it was."))
		}
	}
	return f, problems.Err()
}

// actions are the ones to choose from, and the one that is asked for.
func actions(chosen string) []ui.Choice {
	list := []ui.Choice{{Value: "", Label: "Anything", Chosen: chosen == ""}}
	for _, a := range ui.Actions() {
		list = append(list, ui.Choice{Value: a, Label: ui.Did(a), Chosen: a == chosen})
	}
	if !slices.ContainsFunc(list, func(c ui.Choice) bool { return c.Chosen }) {
		list = append(list, ui.Choice{Value: chosen, Label: chosen, Chosen: true})
	}
	return list
}

// text is JSON as a line shows it; "" for null.
func text(raw json.RawMessage) string {
	if string(raw) == "null" {
		return ""
	}
	return string(raw)
}
