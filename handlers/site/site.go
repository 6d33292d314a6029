// Package site is the room of everybody: landing, prices, register, sign in and
// out.
package site

import (
	"strings"

	"github.com/hlpfl/platform/handlers/web"
	"github.com/hlpfl/platform/internal/auth"
	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/internal/plans"
	"github.com/hlpfl/platform/store"
	"github.com/hlpfl/platform/views/site"
)

// Site answers for the pages for everybody, and for /api/auth.
type Site struct {
	Store   *store.Store
	Auth    *auth.Auth
	Cookies *web.Cookies
	Host    string // before a handle: "hlpfl.com"
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
