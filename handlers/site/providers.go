package site

import (
	"crypto/subtle"
	"net/url"

	"github.com/a-h/templ"

	"github.com/hlpfl/platform/handlers/web"
	"github.com/hlpfl/platform/internal/analytics"
	"github.com/hlpfl/platform/internal/auth"
	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/views"
	"github.com/hlpfl/platform/views/site"
)

// journeyKey is where a browser's entry holds the state of its way to a provider.
const journeyKey = "journey"

const (
	longestState = 128  // longer than any state of ours
	longestCode  = 4096 // longer than any code of a provider's
)

// StartProvider sends a browser to an identity provider, to sign in or register.
func (h *Site) StartProvider(r *web.Request) (web.Reply, error) {
	in, err := web.Read[model.ProviderStart](r)
	if err != nil {
		return web.Reply{}, err
	}
	j := auth.Journey{Provider: r.Param("provider"), For: auth.ToEnter, Next: localPath(in.Next), Handle: line(in.Handle), TimeZone: in.TimeZone}
	return h.depart(r, j, func(e *model.Error) templ.Component { return h.loginPage(r, site.Login{Next: j.Next}, e) })
}

// ConnectProvider sends somebody signed in to a provider, to connect an account there.
func (h *Site) ConnectProvider(r *web.Request) (web.Reply, error) {
	return h.depart(r, auth.Journey{Provider: r.Param("provider"), For: auth.ToConnect}, nil)
}

// ConfirmByProvider sends somebody signed in to a provider, to prove again to be there.
func (h *Site) ConfirmByProvider(r *web.Request) (web.Reply, error) {
	in, err := web.Read[model.ProviderStart](r)
	if err != nil {
		return web.Reply{}, err
	}
	return h.depart(r, auth.Journey{Provider: r.Param("provider"), For: auth.ToConfirm, Next: localPath(in.Next)}, nil)
}

func (h *Site) depart(r *web.Request, j auth.Journey, again func(*model.Error) templ.Component) (web.Reply, error) {
	if err := r.Unknown(); err != nil {
		return web.Reply{}, err
	}
	if r.Signed != nil {
		j.User, j.Session = r.Signed.User.ID, r.Signed.Session
	}
	address, state, err := h.Auth.Depart(r.Request().Context(), j, r.From())
	if err != nil {
		return web.Reply{Again: again}, err
	}
	if err := h.Cookies.Put(r.Context, map[string]string{journeyKey: state}); err != nil {
		return web.Reply{}, err
	}
	return web.Reply{To: address}, nil
}

// PostedBack takes Apple's answer. It comes as a POST from another site, so without
// our cookie: it is kept for a moment, and the browser comes again with its cookie by
// an address that holds the state alone.
func (h *Site) PostedBack(r *web.Request) (web.Reply, error) {
	if !h.Auth.Providers.Has(auth.Apple) {
		return web.Reply{}, model.NotFound()
	}
	given, err := web.ReadValues(r)
	if err != nil {
		return web.Reply{}, err
	}
	state, code := one(given, "state", longestState), one(given, "code", longestCode)
	if state == "" {
		return web.Reply{}, notOurs()
	}
	answer := auth.Posted{Code: code, Error: one(given, "error", 200), Name: auth.AppleName(given.Get("user"))}
	if err := h.Auth.KeepPosted(r.Request().Context(), state, answer, r.From()); err != nil {
		return web.Reply{}, err
	}
	return web.Reply{To: views.ProviderBackFor(auth.Apple, state)}, nil
}

// ProviderBack takes a provider's answer where the browser brings it. It acts although
// it is a GET: only the browser that was sent out has the state in its entry, once.
func (h *Site) ProviderBack(r *web.Request) (web.Reply, error) {
	r.Response().Header().Set("Referrer-Policy", "no-referrer") // the address holds the code
	if !h.Auth.Providers.Has(r.Param("provider")) {
		return web.Reply{}, model.NotFound()
	}
	j, answer, err := h.answer(r)
	again := web.Reply{Again: h.wayBack(r, j)}
	if err != nil {
		return again, err
	}
	ctx, name := r.Request().Context(), auth.ProviderName(j.Provider)
	switch {
	case answer.Error == "access_denied" || answer.Error == "user_cancelled_authorize":
		return again, model.Forbidden("You stopped at " + name + ". Nothing was changed.")
	case answer.Error != "" || answer.Code == "":
		return again, model.Forbidden(name + " did not say who you are. Nothing was changed. Start again, or sign in another way.")
	}
	who, err := h.Auth.Providers.Finish(ctx, j, answer.Code)
	if err != nil {
		return again, err
	}
	if who.Name == "" {
		who.Name = answer.Name
	}
	switch j.For {
	case auth.ToConnect:
		err = h.Auth.Connect(ctx, j.User, j.Session, who, r.From())
		return web.Reply{To: views.Done(views.Security(), "connected"), Again: again.Again}, err
	case auth.ToConfirm:
		err = h.Auth.ConfirmBy(ctx, j.User, j.Session, who, r.From())
		return web.Reply{To: onwards(j.Next), Again: again.Again}, err
	}
	return h.arrive(r, j, who)
}

// answer finds the journey that this browser was sent out on, and what the provider
// says to it.
func (h *Site) answer(r *web.Request) (j auth.Journey, answer auth.Posted, err error) {
	if err := r.Unknown(); err != nil {
		return j, answer, err
	}
	provider, query := r.Param("provider"), r.QueryParams()
	state := one(query, "state", longestState)
	kept, err := h.Cookies.Text(r.Context, journeyKey)
	if err != nil {
		return j, answer, err
	}
	if kept == "" || subtle.ConstantTimeCompare([]byte(kept), []byte(state)) != 1 {
		return j, answer, notOurs()
	}
	ctx := r.Request().Context()
	j, ok, err := h.Auth.Return(ctx, state)
	if err != nil {
		return j, answer, err
	}
	// The answer to a journey comes from where it led to, to whoever began it.
	if !ok || j.Provider != provider || !h.Auth.Providers.Speaks(provider, query["iss"]) || !sameAsBefore(r, j) {
		return auth.Journey{}, answer, notOurs()
	}
	if provider != auth.Apple {
		return j, auth.Posted{Code: one(query, "code", longestCode), Error: one(query, "error", 200)}, nil
	}
	answer, ok, err = h.Auth.TakePosted(ctx, state)
	if err == nil && !ok {
		err = notOurs()
	}
	return j, answer, err
}

// sameAsBefore tells whether whoever began a journey while signed in is signed in
// still, by the same session.
func sameAsBefore(r *web.Request, j auth.Journey) bool {
	return j.For == auth.ToEnter || r.Signed != nil && r.Signed.Session == j.Session && r.Signed.User.ID == j.User
}

// notOurs is the answer to what this browser was not sent out for.
func notOurs() error {
	return model.Forbidden("This way in was not begun in this browser, was used already, or took too long. Nothing was changed; start again here.")
}

// one is the only value of a name; "" when there is none, more than one, or too much.
func one(given url.Values, name string, longest int) string {
	if values := given[name]; len(values) == 1 && len(values[0]) <= longest {
		return values[0]
	}
	return ""
}

// arrive lets somebody in whom a provider has named.
func (h *Site) arrive(r *web.Request, j auth.Journey, who auth.Person) (web.Reply, error) {
	next := j.Next
	if next == "" && j.Handle != "" {
		next = desk(j.Handle)
	}
	arrival, err := h.Auth.EnterBy(r.Request().Context(), who, j.TimeZone, h.from(r, next))
	switch {
	case model.KindOf(err) == model.KindTaken:
		return web.Reply{Again: func(e *model.Error) templ.Component {
			return h.loginPage(r, site.Login{Email: who.Email, Next: j.Next}, &model.Error{Message: e.Message})
		}}, err
	case err != nil:
		return web.Reply{Again: h.wayBack(r, j)}, err
	case arrival.Ask:
		return h.askAddress(r, j, who)
	case arrival.Linked != nil:
		return h.linked(r, arrival)
	}
	return h.admitted(r, arrival.Entered, next)
}

// linked tells somebody that what let in before does so no more.
func (h *Site) linked(r *web.Request, arrival auth.Arrival) (web.Reply, error) {
	next := views.Done(views.Security(), "linked")
	if arrival.Linked.Waits {
		// It is told after the second factor.
		if err := h.Cookies.Holder(r.Context, next)(r.Request().Context(), arrival.Entered.Challenge); err != nil {
			return web.Reply{}, err
		}
	}
	return h.admitted(r, arrival.Entered, next)
}

// wayBack draws what went wrong on the page from which one can begin again.
func (h *Site) wayBack(r *web.Request, j auth.Journey) func(*model.Error) templ.Component {
	return func(e *model.Error) templ.Component {
		if r.Signed == nil {
			return h.loginPage(r, site.Login{Next: j.Next}, e)
		}
		back := views.Security()
		if j.For == auth.ToConfirm {
			back = views.Confirm(j.Next)
		}
		return site.ErrorPage(site.Error{Bar: bar(r.Signed), Status: web.StatusOf(e), Message: e.Message, Back: back})
	}
}

// ways are the providers' buttons for a page at the door.
func (h *Site) ways(r *web.Request, next, handle string) site.Ways {
	w := site.Ways{Next: next, Handle: handle, App: analytics.InApp(r.Request().UserAgent())}
	for _, name := range h.Auth.Providers.On() {
		w.Providers = append(w.Providers, site.Provider{Name: name, Label: auth.ProviderName(name), Refuses: name == auth.Google && w.App != ""})
	}
	return w
}
