package site

import (
	"errors"
	"net/http"
	"strings"

	"github.com/a-h/templ"

	"github.com/hlpfl/platform/handlers/web"
	"github.com/hlpfl/platform/internal/auth"
	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/store"
	"github.com/hlpfl/platform/views"
	"github.com/hlpfl/platform/views/site"
	"github.com/hlpfl/platform/views/ui"
)

// Tokens are a pair of tokens as programs get it.
type Tokens struct {
	AccessToken  string `json:"access_token" doc:"for Authorization: Bearer …"`
	TokenType    string `json:"token_type" doc:"Bearer"`
	ExpiresIn    int    `json:"expires_in" doc:"seconds that the access token is good for"`
	RefreshToken string `json:"refresh_token" doc:"good once, for the next pair"`
}

// Entered is a sign-in as programs get it.
type Entered struct {
	User web.Me `json:"user"`
	Tokens
}

func tokens(t auth.Tokens) Tokens { return Tokens{t.Access, "Bearer", t.ExpiresIn, t.Refresh} }

// RegisterForm is the form of a new account; ?handle= is kept for the first profile.
func (h *Site) RegisterForm(r *web.Request) (web.Reply, error) {
	handle := line(r.QueryParam("handle"))
	if r.Signed != nil {
		return web.Reply{To: desk(handle)}, nil
	}
	return web.Reply{Show: h.registerPage(r, model.RegisterInput{Handle: handle}, nil)}, nil
}

// Register makes an account and signs it in.
func (h *Site) Register(r *web.Request) (web.Reply, error) {
	in, err := web.Read[model.RegisterInput](r)
	if r.Door == web.Form {
		in.Handle = line(in.Handle)
		err = forgiveZone(&in, err)
	}
	again := web.Reply{Again: func(e *model.Error) templ.Component { return h.registerPage(r, in, e) }}
	if err != nil {
		return again, err
	}
	entered, err := h.Auth.Register(r.Request().Context(), in, h.from(r, ""))
	if err != nil {
		return again, err
	}
	return web.Reply{
		Status: http.StatusCreated,
		JSON:   Entered{web.MeOf(entered.User, store.Usage{}, false), tokens(entered.Tokens)},
		To:     desk(in.Handle),
	}, nil
}

func (h *Site) registerPage(r *web.Request, in model.RegisterInput, e *model.Error) templ.Component {
	v := site.Register{Name: in.Name, Email: in.Email, Handle: in.Handle, TimeZone: in.TimeZone, Host: h.Host, Ways: h.ways(r, "", in.Handle)}
	v.Problem, v.Errors = told(e)
	return site.RegisterPage(v)
}

// forgiveZone lets a form pass whose only mistake is the time zone: a script
// filled that in, and nobody could mend it. An account may set it later.
func forgiveZone(in *model.RegisterInput, err error) error {
	var e *model.Error
	if !errors.As(err, &e) || e.Fields["time_zone"] == "" {
		return err
	}
	in.TimeZone = ""
	return in.Validate()
}

// LoginForm is the sign-in form; ?next= is where to go afterwards.
func (h *Site) LoginForm(r *web.Request) (web.Reply, error) {
	next := localPath(r.QueryParam("next"))
	if r.Signed != nil {
		return web.Reply{To: onwards(next)}, nil
	}
	return web.Reply{Show: h.loginPage(r, site.Login{Next: next, Done: r.QueryParam("done")}, nil)}, nil
}

func (h *Site) loginPage(r *web.Request, v site.Login, e *model.Error) templ.Component {
	v.Ways = h.ways(r, v.Next, "")
	v.Passkeys = h.Auth.PasskeysOffered()
	v.Problem, v.Errors = told(e)
	return site.LoginPage(v)
}

// Login signs in by password.
func (h *Site) Login(r *web.Request) (web.Reply, error) {
	in, err := web.Read[model.LoginInput](r)
	again := web.Reply{Again: func(e *model.Error) templ.Component {
		return h.loginPage(r, site.Login{Email: in.Email, Next: localPath(in.Next)}, e)
	}}
	if err != nil {
		return again, err
	}
	ctx := r.Request().Context()
	next := localPath(in.Next)
	entered, err := h.Auth.SignIn(ctx, in, h.from(r, next))
	if err != nil {
		return again, err
	}
	return h.admitted(r, entered, next)
}

// admitted answers a proof that was good, whichever it was: the way onwards and the
// tokens, or the question for a second proof.
func (h *Site) admitted(r *web.Request, entered auth.Entered, next string) (web.Reply, error) {
	switch {
	case entered.Challenge != "" && r.Door == web.API:
		return web.Reply{}, auth.SecondFactorNeeded(entered.Challenge)
	case entered.Challenge != "":
		return web.Reply{To: views.SecondFactor()}, nil
	case r.Door != web.API:
		return web.Reply{To: onwards(next)}, nil
	}
	ctx := r.Request().Context()
	var used store.Usage
	var second bool
	err := h.Store.AsUser(ctx, entered.User.ID, func(tx *store.UserTx) (err error) {
		if second, err = tx.SecondFactor(ctx); err != nil {
			return err
		}
		used, err = tx.Usage(ctx)
		return err
	})
	return web.Reply{JSON: Entered{web.MeOf(entered.User, used, second), tokens(entered.Tokens)}}, err
}

// Refresh gives a new pair for a refresh token.
func (h *Site) Refresh(r *web.Request) (web.Reply, error) {
	in, err := web.Read[model.RefreshInput](r)
	if err != nil {
		return web.Reply{}, err
	}
	entered, err := h.Auth.Refresh(r.Request().Context(), in.RefreshToken, r.From())
	return web.Reply{JSON: tokens(entered.Tokens)}, err
}

// LogoutToken ends the session of a refresh token.
func (h *Site) LogoutToken(r *web.Request) (web.Reply, error) {
	in, err := web.Read[model.RefreshInput](r)
	if err != nil {
		return web.Reply{}, err
	}
	return web.Reply{}, h.Auth.SignOutToken(r.Request().Context(), in.RefreshToken, r.From())
}

// Logout ends the session of the cookie.
func (h *Site) Logout(r *web.Request) (web.Reply, error) {
	if err := r.Unknown(); err != nil {
		return web.Reply{}, err // somebody believes to be signed in, and would believe to be out
	}
	if r.Signed != nil {
		if err := h.Auth.SignOut(r.Request().Context(), r.Signed.Session, r.From()); err != nil {
			return web.Reply{}, err
		}
		h.Cookies.SignOut(r.Context)
	}
	in, err := web.Read[model.LogoutInput](r)
	if next := localPath(in.Next); err == nil && next != "" {
		return web.Reply{To: views.LoginThen(next)}, nil
	}
	return web.Reply{To: views.Home()}, nil
}

// from says where somebody comes in; a browser's session goes behind a new cookie,
// or what waits for a second proof, with the path to go to after that.
func (h *Site) from(r *web.Request, next string) auth.From {
	from := r.From()
	if r.Door != web.API {
		from.Keep, from.Hold = h.Cookies.Keeper(r.Context), h.Cookies.Holder(r.Context, next)
		from.Known, from.Remember = h.Cookies.Known(r.Context), h.Cookies.Remember(r.Context)
	}
	return from
}

// told parts an error into the sentence above a form and those beside its fields.
func told(e *model.Error) (problem string, fields ui.Errors) {
	switch {
	case e == nil:
		return "", nil
	case len(e.Fields) > 0:
		return "", ui.Errors(e.Fields)
	}
	return e.Message, nil
}

// line makes a stranger's text fit to be carried along; "" for what is not.
func line(text string) string {
	text, err := model.CleanLine(text, 60)
	if err != nil {
		return ""
	}
	return text
}

func desk(handle string) string {
	if handle == "" {
		return views.Dashboard()
	}
	return views.DashboardFor(handle)
}

func onwards(next string) string {
	if next == "" {
		return views.Dashboard()
	}
	return next
}

// localPath lets through what leads to a page of ours to which one can go on from the
// door; "" for the rest.
func localPath(next string) string {
	if next = web.LocalPath(next); next == "" {
		return ""
	}
	path, _, _ := strings.Cut(next, "?")
	if path == views.Login() || path == views.Logout() || path == views.SecondFactor() {
		return ""
	}
	return next
}
