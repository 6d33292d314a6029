package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"runtime/debug"
	"strings"

	"github.com/a-h/templ"
	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"github.com/hlpfl/platform/internal/auth"
	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/views"
)

// Who says who may use a route. It stands beside each route in the route table.
type Who string

// Who may.
const (
	Public  Who = "public"  // anybody
	User    Who = "user"    // anybody signed in; sees their own alone
	Owner   Who = "owner"   // the owner of the row in the path; NotFound for everybody else
	Editor  Who = "editor"  // who edits the profile in the path: its owner or an editor; NotFound for who does not work on it
	Viewer  Who = "viewer"  // who works on the profile in the path, in any role; NotFound for everybody else
	Admin   Who = "admin"   // an admin
	Webhook Who = "webhook" // whoever proves it by a signature
	Local   Who = "local"   // loopback, in local mode alone
)

// Server turns Handlers into echo's handlers: it finds out who asks, guards,
// runs the handler and says what it returned.
type Server struct {
	Log        *slog.Logger
	CDN        string // prefix for static files and media, "" for none
	Secure     bool   // people reach us by https
	Cookies    *Cookies
	Tokens     *Tokens
	Idempotent *Idempotent
	ErrorPage  func(context.Context, ErrorView) templ.Component
	Role       func(context.Context, model.UserID, model.ProfileID) (model.Role, error) // what somebody may do on a profile
	SignIn     func(next string) string                                                 // where a visitor goes who must sign in first
	Confirm    func(next string) string                                                 // where somebody goes who must prove again to be there
	Providers  []string                                                                 // origins of the identity providers that sign-ins lead to
	Factors    func() string                                                            // where an admin goes who signed in without a second factor
	csrf       *http.CrossOriginProtection
}

// NewServer finishes a server from its parts.
func NewServer(s Server) *Server {
	s.csrf = http.NewCrossOriginProtection()
	return &s
}

// Wrap makes echo's handler of a route.
func (s *Server) Wrap(route Route) echo.HandlerFunc {
	return func(c echo.Context) (err error) {
		r := &Request{Context: c, Door: route.Door}
		s.headers(c, route.Door)
		if route.Leaves {
			s.letFormsLeave(c)
		}
		defer func() {
			p := recover()
			if p == nil {
				return
			}
			if cut, ok := p.(error); ok && errors.Is(cut, http.ErrAbortHandler) {
				panic(p) // somebody wants the connection cut
			}
			err = s.fail(r, fmt.Errorf("panic: %v\n%s", p, debug.Stack()), nil)
		}()
		reply, err := s.run(r, route)
		if err != nil {
			return s.fail(r, err, reply.Again)
		}
		if err := s.write(r, reply); err != nil {
			return s.fail(r, err, nil)
		}
		return nil
	}
}

func (s *Server) run(r *Request, route Route) (Reply, error) {
	if r.Door != API && !route.CrossSite {
		// Cookies are sent along by any page; only our own may make them act.
		if err := s.csrf.Check(r.Request()); err != nil {
			return Reply{}, model.Forbidden("This came from another site. Open the page here and send it again.")
		}
	}
	err := s.whoAsks(r, route.Who)
	if err != nil {
		return Reply{}, err
	}
	switch route.Who {
	case User, Owner, Editor, Viewer, Admin:
		if r.Signed == nil {
			return s.askToSignIn(r)
		}
		if day := r.Signed.User.ClosesAt; day != nil && !route.Closing {
			if r.Door == API {
				return Reply{}, model.Closing(*day)
			}
			return Reply{To: views.Closing()}, nil
		}
		if route.Who == Admin && !r.Signed.User.IsAdmin {
			return Reply{}, model.Forbidden("This is for admins.")
		}
		if err := keyMay(r, route); err != nil {
			return Reply{}, err
		}
		if err := s.roleMay(r, route.Who); err != nil {
			return Reply{}, err
		}
		if route.Who == Admin && !auth.WithSecondFactor(r.Signed.Methods) {
			return s.askForFactor(r)
		}
		if route.Fresh && !r.Signed.Fresh {
			return s.askToConfirm(r)
		}
	}
	if r.Door == API && r.Signed != nil && r.Request().Method == http.MethodPost {
		return s.Idempotent.Once(r, route)
	}
	return route.Handle(r)
}

// keyMay lets a key do what it was made for and nothing else. A key for one profile
// knows no other one.
func keyMay(r *Request, route Route) error {
	key := r.Signed.Key
	switch {
	case key == nil:
		return nil
	case route.Scope == "":
		return model.Forbidden("An API key cannot do this. Sign in with a password and use that access token.")
	case !key.May(route.Scope):
		return model.Forbidden("This API key may not do this: it lacks the scope " + string(route.Scope) + ".")
	case !key.Profile.IsZero() && route.Who == User && route.Method != http.MethodGet:
		return model.Forbidden("This API key is for one profile alone.")
	case !key.Profile.IsZero() && route.Who != User && r.Param("id") != key.Profile.String():
		return model.NotFound()
	}
	return nil
}

// roleMay lets in who has the role on the profile of the path, before what they sent
// is looked at. The queries of the store ask once more.
func (s *Server) roleMay(r *Request, who Who) error {
	need, ok := map[Who]model.Role{Editor: model.RoleEditor, Viewer: model.RoleViewer}[who]
	if !ok {
		return nil
	}
	id, err := r.ProfileID()
	if err != nil {
		return err
	}
	role, err := s.Role(r.Request().Context(), r.UserID(), id)
	if err != nil {
		return err
	}
	return role.Enough(need)
}

// askToConfirm sends a browser to prove that its person is there, and then back to
// the page it came from; a program is told to.
func (s *Server) askToConfirm(r *Request) (Reply, error) {
	if r.Door == API {
		return Reply{}, model.StepUp()
	}
	next := r.Request().URL.RequestURI()
	if r.Request().Method != http.MethodGet {
		next = "" // what was sent is not sent again by itself: the page it was sent from is shown
		if from, err := url.Parse(r.Request().Referer()); err == nil && from.Host == r.Request().Host {
			next = from.RequestURI()
		}
	}
	return Reply{To: s.Confirm(next)}, nil
}

// askForFactor sends an admin's browser to set up a second factor, without which
// nobody is let in here; a program is told to.
func (s *Server) askForFactor(r *Request) (Reply, error) {
	if r.Door == API {
		return Reply{}, model.Factorless()
	}
	return Reply{To: s.Factors()}, nil
}

// whoAsks finds out who is signed in.
func (s *Server) whoAsks(r *Request, who Who) (err error) {
	switch {
	case r.Door == API && who == Public:
		return nil // a program may send its token everywhere, an old one to /api/auth/refresh too
	case r.Door == API:
		r.Signed, err = s.Tokens.Signed(r.Context)
		return err
	}
	r.Signed, err = s.Cookies.Signed(r.Context)
	if err != nil && who == Public && model.KindOf(err) == model.KindUnavailable {
		// What everybody may see is shown to everybody, as to a visitor.
		r.unknown, err = err, nil
	}
	return err
}

func (s *Server) askToSignIn(r *Request) (Reply, error) {
	err := model.Unauthorized("Sign in first.")
	if r.Door == API {
		return Reply{}, model.Unauthorized("Send a valid access token: Authorization: Bearer …")
	}
	if r.Request().Method != http.MethodGet {
		return Reply{}, err
	}
	return Reply{To: s.SignIn(r.Request().URL.RequestURI())}, nil
}

// Lost answers for paths that no route knows.
func (s *Server) Lost(err error, c echo.Context) {
	r := &Request{Context: c, Door: Page}
	if len(c.Request().URL.Path) >= 5 && c.Request().URL.Path[:5] == "/api/" {
		r.Door = API
	}
	s.headers(c, r.Door)
	if err := s.fail(r, err, nil); err != nil {
		if c.Request().Context().Err() == nil { // else nobody waits for it any more
			s.Log.Error("answering failed", "err", err)
		}
	}
}

// headers are the secure headers of everything but the fans' pages, which bring
// their own. No inline script, no inline style, nobody may frame us.
func (s *Server) headers(c echo.Context, door Door) {
	h := c.Response().Header()
	h.Set("X-Request-Id", uuid.Must(uuid.NewV7()).String())
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "strict-origin-when-cross-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
	h.Set("Cache-Control", "no-store")
	if s.Secure {
		h.Set("Strict-Transport-Security", "max-age=63072000; includeSubDomains")
	}
	if door == API {
		h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
		return
	}
	cdn := ""
	if u, err := url.Parse(s.CDN); err == nil && u.Host != "" {
		cdn = " " + u.Scheme + "://" + u.Host
	}
	h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'"+cdn+"; style-src 'self'"+cdn+"; font-src 'self'"+cdn+
		"; img-src 'self' data:"+cdn+"; connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
}

// letFormsLeave lets the page's forms be answered with a redirect to an identity
// provider: browsers hold those to form-action too.
func (s *Server) letFormsLeave(c echo.Context) {
	const own = "form-action 'self'"
	h := c.Response().Header()
	h.Set("Content-Security-Policy", strings.Replace(h.Get("Content-Security-Policy"), own, strings.Join(append([]string{own}, s.Providers...), " "), 1))
}

func (s *Server) pageContext(c echo.Context) context.Context {
	return views.WithCDN(c.Request().Context(), s.CDN)
}

func requestID(c echo.Context) string { return c.Response().Header().Get("X-Request-Id") }

func writeProblem(c echo.Context, p Problem) error {
	body, err := json.Marshal(p)
	if err != nil {
		return err
	}
	return c.Blob(p.Status, "application/problem+json", body)
}
