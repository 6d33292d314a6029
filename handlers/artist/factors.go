package artist

import (
	"context"
	"io"
	"time"

	"github.com/a-h/templ"

	"github.com/hlpfl/platform/handlers/web"
	"github.com/hlpfl/platform/internal/auth"
	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/store"
	"github.com/hlpfl/platform/views"
	"github.com/hlpfl/platform/views/artist"
	"github.com/hlpfl/platform/views/ui"
)

// Factors are a user's second factors as programs get them.
type Factors struct {
	TOTP         bool      `json:"totp" doc:"an authenticator app is in use"`
	Passkeys     []Passkey `json:"passkeys"`
	RecoveryLeft int       `json:"recovery_codes_left"`
}

// Passkey is one passkey as programs get it.
type Passkey struct {
	ID         model.PasskeyID `json:"id"`
	Name       string          `json:"name"`
	BackedUp   bool            `json:"backed_up" doc:"it is on its owner's other devices too"`
	CreatedAt  time.Time       `json:"created_at"`
	LastUsedAt *time.Time      `json:"last_used_at"`
}

// RecoveryCodes are shown once.
type RecoveryCodes struct {
	RecoveryCodes []string `json:"recovery_codes" doc:"each good once; shown here and never again. Empty when there are some already"`
}

func (h *Account) factors(r *web.Request) (has store.Factors, app ui.App, err error) {
	ctx := r.Request().Context()
	err = h.Store.AsUser(ctx, r.UserID(), func(tx *store.UserTx) (err error) {
		if app, err = h.frame(ctx, tx, r); err != nil {
			return err
		}
		has, err = tx.Factors(ctx)
		return err
	})
	return has, app, err
}

// Factors shows the second factors.
func (h *Account) Factors(r *web.Request) (web.Reply, error) {
	has, app, err := h.factors(r)
	if err != nil {
		return web.Reply{}, err
	}
	out := Factors{TOTP: has.TOTPSince != nil, RecoveryLeft: has.RecoveryLeft, Passkeys: []Passkey{}}
	for _, p := range has.Passkeys {
		one := Passkey{ID: p.ID, Name: p.Name, BackedUp: p.BackedUp, CreatedAt: p.CreatedAt.UTC()}
		if p.LastUsedAt != nil {
			at := p.LastUsedAt.UTC()
			one.LastUsedAt = &at
		}
		out.Passkeys = append(out.Passkeys, one)
	}
	v := h.factorsView(r, has, app)
	v.App.Flash = factorsDone(r.QueryParam("done"))
	return web.Reply{JSON: out, Show: artist.FactorsPage(v)}, nil
}

func (h *Account) factorsView(r *web.Request, has store.Factors, app ui.App) artist.Factors {
	zone := model.Zone(r.Signed.User.TimeZone)
	v := artist.Factors{
		App: app, Email: r.Signed.User.Email, Now: h.Now().In(zone), RecoveryLeft: has.RecoveryLeft, RecoveryAll: auth.RecoveryCodes,
		Offered: h.Auth.PasskeysOffered(), Needed: r.QueryParam("needed") != "",
	}
	if has.TOTPSince != nil {
		v.AppSince = has.TOTPSince.In(zone)
	}
	for _, p := range has.Passkeys {
		one := artist.Passkey{ID: p.ID, Name: p.Name, BackedUp: p.BackedUp, Since: p.CreatedAt.In(zone)}
		if p.LastUsedAt != nil {
			one.Used = p.LastUsedAt.In(zone)
		}
		v.Passkeys = append(v.Passkeys, one)
	}
	return v
}

// factorsAgain shows the page with what went wrong with something done on it.
func (h *Account) factorsAgain(r *web.Request, change func(*artist.Factors, *model.Error)) func(*model.Error) templ.Component {
	return func(e *model.Error) templ.Component {
		has, app, err := h.factors(r)
		if err != nil {
			return templ.ComponentFunc(func(context.Context, io.Writer) error { return err })
		}
		v := h.factorsView(r, has, app)
		if change != nil && len(e.Fields) > 0 {
			change(&v, e)
		} else {
			v.Problem = e.Message
		}
		return artist.FactorsPage(v)
	}
}

var factorsSaid = map[string]string{
	"passkey":         "Your passkey is there. Every other device has to sign in again.",
	"renamed":         "Renamed.",
	"passkey-removed": "Removed. Every other device has to sign in again.",
	"app":             "The app is on. Every other device has to sign in again.",
	"app-removed":     "Removed. Every other device has to sign in again.",
}

func factorsDone(what string) *ui.Flash {
	if text := factorsSaid[what]; text != "" {
		return &ui.Flash{Text: text}
	}
	return nil
}

// after is what follows a factor that was set up: its recovery codes, or the list.
func (h *Account) after(r *web.Request, codes []string, done string) (web.Reply, error) {
	reply := web.Reply{To: views.Done(views.Factors(), done)}
	if len(codes) > 0 && r.Door != web.API {
		page, err := h.recoveryPage(r, codes, true)
		return web.Reply{Show: page}, err
	}
	return reply, nil
}

func (h *Account) recoveryPage(r *web.Request, codes []string, first bool) (templ.Component, error) {
	_, app, err := h.factors(r)
	return artist.RecoveryPage(artist.Recovery{App: app, Email: r.Signed.User.Email, Codes: codes, First: first}), err
}

// RenewRecovery makes new recovery codes.
func (h *Account) RenewRecovery(r *web.Request) (web.Reply, error) {
	again := web.Reply{Again: h.factorsAgain(r, nil)}
	codes, err := h.Auth.NewRecoveryCodes(r.Request().Context(), r.Acting())
	if err != nil {
		return again, err
	}
	reply := web.Reply{JSON: RecoveryCodes{codes}}
	if r.Door != web.API {
		reply.Show, err = h.recoveryPage(r, codes, false)
	}
	return reply, err
}
