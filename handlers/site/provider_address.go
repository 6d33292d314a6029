package site

import (
	"encoding/json"
	"time"

	"github.com/a-h/templ"

	"github.com/hlpfl/platform/handlers/web"
	"github.com/hlpfl/platform/internal/auth"
	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/views"
	"github.com/hlpfl/platform/views/site"
)

// newcomerKey is where a browser's entry holds whom a provider has named and no
// account belongs to.
const newcomerKey = "newcomer"

// newcomerLife is how long somebody may think about an address.
const newcomerLife = 30 * time.Minute

// newcomer is somebody whose provider proves no address.
type newcomer struct {
	Person   auth.Person `json:"person"`
	Handle   string      `json:"handle,omitempty"`
	TimeZone string      `json:"time_zone,omitempty"`
	Until    time.Time   `json:"until"`
}

// askAddress sends somebody on to write an address. It is asked for whether an account
// has the address that the provider told or not: it proves nothing, so it is told
// nothing.
func (h *Site) askAddress(r *web.Request, j auth.Journey, who auth.Person) (web.Reply, error) {
	kept, err := json.Marshal(newcomer{who, j.Handle, j.TimeZone, time.Now().Add(newcomerLife)})
	if err != nil {
		return web.Reply{}, err
	}
	if err := h.Cookies.Put(r.Context, map[string]string{newcomerKey: string(kept)}); err != nil {
		return web.Reply{}, err
	}
	return web.Reply{To: views.ProviderAddress()}, nil
}

func (h *Site) newcomer(r *web.Request) (n newcomer, ok bool, err error) {
	kept, err := h.Cookies.Text(r.Context, newcomerKey)
	if err != nil || kept == "" {
		return n, false, err
	}
	err = json.Unmarshal([]byte(kept), &n)
	return n, err == nil && time.Now().Before(n.Until), err
}

// AddressForm asks a newcomer for an address.
func (h *Site) AddressForm(r *web.Request) (web.Reply, error) {
	n, ok, err := h.newcomer(r)
	if err != nil {
		return web.Reply{}, err
	}
	if !ok || r.Signed != nil {
		return web.Reply{To: views.Register()}, nil
	}
	return web.Reply{Show: h.addressPage(n, n.Person.Email, nil)}, nil
}

// SaveAddress makes a newcomer's account. Nobody has proven the address.
func (h *Site) SaveAddress(r *web.Request) (web.Reply, error) {
	in, err := web.Read[model.AddressInput](r)
	n, ok, lost := h.newcomer(r)
	switch {
	case lost != nil:
		return web.Reply{}, lost
	case !ok:
		return web.Reply{Again: h.wayBack(r, auth.Journey{})}, notOurs()
	}
	again := web.Reply{Again: func(e *model.Error) templ.Component { return h.addressPage(n, in.Email, e) }}
	if err != nil {
		return again, err
	}
	next := desk(n.Handle)
	arrival, err := h.Auth.RegisterBy(r.Request().Context(), n.Person, in.Email, n.TimeZone, h.from(r, next))
	if err != nil {
		return again, err
	}
	return h.admitted(r, arrival.Entered, next)
}

func (h *Site) addressPage(n newcomer, email string, e *model.Error) templ.Component {
	v := site.Address{Provider: auth.ProviderName(n.Person.Provider), Name: n.Person.Name, Email: email}
	v.Problem, v.Errors = told(e)
	return site.AddressPage(v)
}
