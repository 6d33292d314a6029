package site

import (
	"errors"

	"github.com/a-h/templ"

	"github.com/hlpfl/platform/handlers/web"
	"github.com/hlpfl/platform/internal/auth"
	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/store"
	"github.com/hlpfl/platform/views"
	"github.com/hlpfl/platform/views/site"
)

// PasskeyOptions begins a sign-in by passkey.
func (h *Site) PasskeyOptions(r *web.Request) (web.Reply, error) {
	asked, err := h.Auth.AskPasskey(r.Request().Context(), r.From())
	return h.Cookies.Asked(r, asked, err)
}

// PasskeySignIn signs in by a passkey alone.
func (h *Site) PasskeySignIn(r *web.Request) (web.Reply, error) {
	in, err := web.Read[model.PasskeySignIn](r)
	next := localPath(in.Next)
	again := web.Reply{Again: func(e *model.Error) templ.Component {
		return h.loginPage(r, site.Login{Next: next}, e)
	}}
	if err != nil {
		return again, err
	}
	ceremony, err := h.Cookies.Ceremony(r, in.Ceremony, in.Credential)
	if err != nil {
		return again, err
	}
	entered, err := h.Auth.SignInByPasskey(r.Request().Context(), ceremony, string(in.Credential), h.from(r, next))
	if err != nil {
		return again, err
	}
	return h.admitted(r, entered, next)
}

// SecondFactorForm asks for the second proof of a sign-in.
func (h *Site) SecondFactorForm(r *web.Request) (web.Reply, error) {
	if r.Signed != nil {
		return web.Reply{To: views.Dashboard()}, nil
	}
	challenge, next, err := h.Cookies.Challenge(r.Context)
	if err != nil {
		return web.Reply{}, err
	}
	_, has, err := h.Auth.Waiting(r.Request().Context(), challenge, store.DoorWeb)
	if errors.Is(err, auth.ErrChallengeOver) {
		if next == "" {
			return web.Reply{To: views.Login()}, nil
		}
		return web.Reply{To: views.LoginThen(next)}, nil
	}
	if err != nil {
		return web.Reply{}, err
	}
	return web.Reply{Show: site.SecondFactorPage(h.secondFactor(has))}, nil
}

func (h *Site) secondFactor(has store.Factors) site.SecondFactor {
	return site.SecondFactor{App: has.TOTPSince != nil, Passkey: len(has.Passkeys) > 0 && h.Auth.PasskeysOffered(), Recovery: has.RecoveryLeft > 0}
}

// SecondFactor takes the second proof of a sign-in.
func (h *Site) SecondFactor(r *web.Request) (web.Reply, error) {
	in, invalid := web.Read[model.SecondFactorInput](r)
	ctx := r.Request().Context()
	challenge, next := in.Challenge, ""
	var has store.Factors
	if r.Door != web.API {
		var err error
		if challenge, next, err = h.Cookies.Challenge(r.Context); err != nil {
			return web.Reply{}, err
		}
		if _, has, err = h.Auth.Waiting(ctx, challenge, store.DoorWeb); err != nil {
			return h.beginAgain(r, next), err
		}
	}
	again := web.Reply{Again: func(e *model.Error) templ.Component {
		v := h.secondFactor(has)
		v.Problem, v.Errors = told(e)
		return site.SecondFactorPage(v)
	}}
	if invalid != nil {
		return again, invalid
	}
	ceremony, err := h.Cookies.Ceremony(r, in.Ceremony, in.Credential)
	if err != nil {
		return again, err
	}
	entered, err := h.Auth.Redeem(ctx, challenge, auth.SecondProof{Code: in.Code, Ceremony: ceremony, Credential: string(in.Credential)}, h.from(r, next))
	if errors.Is(err, auth.ErrChallengeOver) {
		return h.beginAgain(r, next), err
	}
	if err != nil {
		return again, err
	}
	return h.admitted(r, entered, next)
}

// beginAgain shows the sign-in form with why it has to be begun again.
func (h *Site) beginAgain(r *web.Request, next string) web.Reply {
	return web.Reply{Again: func(e *model.Error) templ.Component {
		return h.loginPage(r, site.Login{Next: next}, e)
	}}
}

// SecondFactorOptions begins a passkey's answer as the second proof of a sign-in.
func (h *Site) SecondFactorOptions(r *web.Request) (web.Reply, error) {
	var challenge string
	if r.Door == web.API {
		in, err := web.Read[model.ChallengeInput](r)
		if err != nil {
			return web.Reply{}, err
		}
		challenge = in.Challenge
	} else {
		var err error
		if challenge, _, err = h.Cookies.Challenge(r.Context); err != nil {
			return web.Reply{}, err
		}
	}
	asked, err := h.Auth.AskSecondFactor(r.Request().Context(), challenge, r.From())
	return h.Cookies.Asked(r, asked, err)
}
