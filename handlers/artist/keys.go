package artist

import (
	"context"
	"net/http"
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

// Key is an API key as programs get it.
type Key struct {
	ID         model.KeyID      `json:"id"`
	Name       string           `json:"name"`
	Scopes     []string         `json:"scopes"`
	ProfileID  *model.ProfileID `json:"profile_id" doc:"the one profile it is for; null for all of yours"`
	Ending     string           `json:"ending" doc:"its last characters"`
	CreatedAt  time.Time        `json:"created_at"`
	ExpiresAt  *time.Time       `json:"expires_at" doc:"null: never"`
	LastUsedAt *time.Time       `json:"last_used_at" doc:"to the minute; null: never"`
}

// KeyList is the list of keys that have not ended.
type KeyList struct {
	Data []Key   `json:"data"`
	Next *string `json:"next" doc:"null: there are at most 50"`
}

// MadeKey is a key as it is shown once.
type MadeKey struct {
	Key
	Secret string `json:"key" doc:"for Authorization: Bearer …; shown this once"`
}

func keyAsJSON(k store.Key) Key {
	utc := func(t *time.Time) *time.Time {
		if t == nil {
			return nil
		}
		at := t.UTC()
		return &at
	}
	return Key{k.ID, k.Name, k.Scopes, k.Profile, k.Ending, k.CreatedAt.UTC(), utc(k.ExpiresAt), utc(k.LastUsedAt)}
}

// Keys lists the user's API keys.
func (h *Account) Keys(r *web.Request) (web.Reply, error) {
	v, keys, err := h.keys(r)
	out := KeyList{Data: []Key{}}
	for _, k := range keys {
		out.Data = append(out.Data, keyAsJSON(k))
	}
	if r.QueryParam("done") == "ended" {
		v.App.Flash = &ui.Flash{Text: "Ended. Nothing gets in with that key any more."}
	}
	return web.Reply{JSON: out, Show: artist.KeysPage(v)}, err
}

func (h *Account) keys(r *web.Request) (artist.Keys, []store.Key, error) {
	ctx := r.Request().Context()
	zone := model.Zone(r.Signed.User.TimeZone)
	v := artist.Keys{Email: r.Signed.User.Email, Now: h.Now().In(zone)}
	if err := store.APIAccess(plans.Plan(r.Signed.User.Plan)); err != nil {
		v.Closed = err.Error()
	}
	var keys []store.Key
	err := h.Store.AsUser(ctx, r.UserID(), func(tx *store.UserTx) (err error) {
		if v.App, err = h.frame(ctx, tx, r); err != nil {
			return err
		}
		keys, err = tx.Keys(ctx)
		return err
	})
	in := func(t *time.Time) time.Time {
		if t == nil {
			return time.Time{}
		}
		return t.In(zone)
	}
	for _, k := range keys {
		row := artist.Key{ID: k.ID, Name: k.Name, Ending: k.Ending, Made: k.CreatedAt.In(zone), Used: in(k.LastUsedAt), Expires: in(k.ExpiresAt)}
		for _, s := range model.Scopes() {
			for _, may := range k.Scopes {
				if may == string(s.Scope) {
					row.May = append(row.May, s.Words)
				}
			}
		}
		if k.Handle != nil {
			row.Handle = *k.Handle
		}
		v.Keys = append(v.Keys, row)
	}
	return v, keys, err
}

// KeyForm is the form of a new key.
func (h *Account) KeyForm(r *web.Request) (web.Reply, error) {
	page, err := h.keyPage(r, model.KeyInput{Days: "90"})
	if err != nil {
		return web.Reply{}, err
	}
	return web.Reply{Show: page(nil)}, nil
}

// MakeKey makes an API key and shows it, this once.
func (h *Account) MakeKey(r *web.Request) (web.Reply, error) {
	in, invalid := web.Read[model.KeyInput](r)
	page, err := h.keyPage(r, in)
	if err == nil {
		err = invalid
	}
	if err != nil {
		return web.Reply{Again: page}, err
	}
	id, secret, err := h.Auth.NewKey(r.Request().Context(), r.UserID(), in, r.From())
	if err != nil {
		return web.Reply{Again: page}, err
	}
	v, keys, err := h.keys(r)
	v.Made = secret
	made := MadeKey{Secret: secret}
	for _, k := range keys {
		if k.ID == id {
			made.Key = keyAsJSON(k)
		}
	}
	return web.Reply{Status: http.StatusCreated, JSON: made, Show: artist.KeysPage(v)}, err
}

// keyPage reads what the form needs and gives what draws it, as it was typed.
func (h *Account) keyPage(r *web.Request, in model.KeyInput) (func(*model.Error) templ.Component, error) {
	ctx := r.Request().Context()
	v := artist.KeyForm{Email: r.Signed.User.Email, Name: in.Name, Days: in.Days, Profile: in.ProfileID}
	for _, s := range model.Scopes() {
		choice := ui.Choice{Value: string(s.Scope), Label: s.Words}
		for _, chosen := range in.Scopes {
			choice.Chosen = choice.Chosen || chosen == choice.Value
		}
		v.Scopes = append(v.Scopes, choice)
	}
	err := h.Store.AsUser(ctx, r.UserID(), func(tx *store.UserTx) (err error) {
		if v.App, err = h.frame(ctx, tx, r); err != nil {
			return err
		}
		v.Profiles, err = h.profileChoices(ctx, tx, in.ProfileID)
		return err
	})
	return func(e *model.Error) templ.Component {
		if e != nil {
			if v.Errors = ui.Errors(e.Fields); len(v.Errors) == 0 {
				v.Problem = e.Message
			}
		}
		return artist.KeyPage(v)
	}, err
}

// choicesShown is how many profiles the form offers; a program may name any.
const choicesShown = 100

func (h *Account) profileChoices(ctx context.Context, tx *store.UserTx, chosen string) ([]ui.Choice, error) {
	list, err := tx.Profiles(ctx, false, model.ProfileID{}, choicesShown)
	choices := []ui.Choice{{Value: "", Label: "All of mine", Chosen: chosen == ""}}
	for _, p := range list {
		choices = append(choices, ui.Choice{Value: p.ID.String(), Label: p.Name + " (" + p.Handle.String() + ")", Chosen: chosen == p.ID.String()})
	}
	return choices, err
}

// EndKey ends one of the user's API keys.
func (h *Account) EndKey(r *web.Request) (web.Reply, error) {
	id, err := model.ParseKeyID(r.Param("id"))
	if err != nil {
		return web.Reply{}, err
	}
	err = h.Auth.EndKey(r.Request().Context(), r.UserID(), id, r.From())
	return web.Reply{To: views.Done(views.Keys(), "ended")}, err
}
