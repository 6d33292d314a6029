// Package site is the room of everybody: landing, prices, register, sign in and
// out.
package site

import (
	"net/http"
	"strings"

	"github.com/hlpfl/platform/handlers/web"
	"github.com/hlpfl/platform/internal/auth"
	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/internal/plans"
	"github.com/hlpfl/platform/store"
	"github.com/hlpfl/platform/views"
	"github.com/hlpfl/platform/views/site"
)

// Site answers for the pages for everybody, and for /api/auth.
type Site struct {
	Store   *store.Store
	Auth    *auth.Auth
	Cookies *web.Cookies
	Host    string // before a handle: "hlpfl.com"
}

// Routes are the room's lines of the route table.
func (h *Site) Routes() []web.Route {
	return []web.Route{
		{Method: http.MethodGet, Path: views.Home(), Door: web.Page, Who: web.Public, Handle: h.Landing},
		{Method: http.MethodGet, Path: views.Pricing(), Door: web.Page, Who: web.Public, Handle: h.Pricing},
		{Method: http.MethodGet, Path: views.Register(), Door: web.Page, Who: web.Public, Handle: h.RegisterForm},
		{Method: http.MethodPost, Path: views.Register(), Door: web.Form, Who: web.Public, Handle: h.Register},
		{Method: http.MethodGet, Path: views.Login(), Door: web.Page, Who: web.Public, Handle: h.LoginForm},
		{Method: http.MethodPost, Path: views.Login(), Door: web.Form, Who: web.Public, Handle: h.Login},
		{Method: http.MethodPost, Path: views.Logout(), Door: web.Form, Who: web.Public, Handle: h.Logout},

		{Method: http.MethodPost, Path: "/api/auth/register", Door: web.API, Who: web.Public, Handle: h.Register,
			Summary: "Make an account", In: model.RegisterInput{}, Out: Entered{}, Status: http.StatusCreated},
		{Method: http.MethodPost, Path: "/api/auth/login", Door: web.API, Who: web.Public, Handle: h.Login,
			Summary: "Sign in", In: model.LoginInput{}, Out: Entered{}},
		{Method: http.MethodPost, Path: "/api/auth/refresh", Door: web.API, Who: web.Public, Handle: h.Refresh,
			Summary: "Get a new pair of tokens; the refresh token is good once, and a second use ends its session", In: model.RefreshInput{}, Out: Tokens{}},
		{Method: http.MethodPost, Path: "/api/auth/logout", Door: web.API, Who: web.Public, Handle: h.LogoutToken,
			Summary: "End the session of a refresh token", In: model.RefreshInput{}},
	}
}

// Landing is the first page.
func (h *Site) Landing(r *web.Request) (web.Reply, error) {
	return web.Reply{Show: site.LandingPage(site.Landing{Bar: bar(r.Signed), Host: h.Host, Sleeves: sleeves(), Rates: rates()})}, nil
}

// Pricing is the rate card, drawn from the table of plans.
func (h *Site) Pricing(r *web.Request) (web.Reply, error) {
	return web.Reply{Show: site.PricingPage(site.Pricing{Bar: bar(r.Signed), Rates: rates()})}, nil
}

func bar(s *web.Signed) site.Bar { return site.Bar{SignedIn: s != nil} }

func rates() site.Rates { return site.RatesFrom(plans.All()) }

func sleeves() []site.Sleeve {
	var list []site.Sleeve
	for _, name := range model.Themes() {
		list = append(list, site.Sleeve{Name: name, Label: strings.ToUpper(name[:1]) + name[1:]})
	}
	return list
}
