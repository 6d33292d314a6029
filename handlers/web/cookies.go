package web

import (
	"context"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/alexedwards/scs/redisstore"
	"github.com/alexedwards/scs/v2"
	"github.com/labstack/echo/v4"

	"github.com/hlpfl/platform/internal/auth"
	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/store"
)

// What an entry holds: the session's id; or, before there is one, the challenge that
// waits for a second proof, and where to go after it.
const (
	sessionKey   = "session"
	challengeKey = "challenge"
	nextKey      = "next"
)

// Cookies is the browser's way to be signed in: a cookie names an entry in Redis,
// that names a session, and the session's row in PostgreSQL says whether it is
// alive. An entry is read once a request and written at once when it changes,
// before anything of the answer has left.
type Cookies struct {
	scs  *scs.SessionManager
	auth *auth.Auth
	log  *slog.Logger
}

// NewCookies makes it, with its entries in the store's Redis. With secure the
// cookie goes over https alone and cannot be set by a neighbouring host.
func NewCookies(st *store.Store, a *auth.Auth, secure bool, log *slog.Logger) *Cookies {
	m := scs.New()
	m.Store = redisstore.NewWithPrefix(st.Redis(), "session:")
	m.HashTokenInStore = true
	m.Lifetime = store.SessionAbsolute
	m.IdleTimeout = store.SessionIdle
	m.Cookie.Name = "hlpfl"
	m.Cookie.Secure = secure
	if secure {
		m.Cookie.Name = "__Host-hlpfl"
	}
	return &Cookies{m, a, log}
}

// Signed tells who the request's cookie stands for; nil for a visitor. The error
// is Unavailable while Redis or PostgreSQL is away.
func (k *Cookies) Signed(c echo.Context) (*Signed, error) {
	if k.token(c) == "" {
		return nil, nil
	}
	ctx, err := k.load(c)
	if err != nil {
		return nil, err
	}
	id, ok := k.session(ctx)
	if !ok {
		return nil, nil // no entry behind the cookie
	}
	who, ok, err := k.auth.Cookie(ctx, id)
	if err != nil {
		return nil, err
	}
	if !ok {
		// It ended somewhere else, or its time is over.
		k.SignOut(c)
		return nil, nil
	}
	if who.Touched {
		// The idle limit begins anew, for the entry and the cookie too.
		if err := k.commit(c); err != nil {
			k.log.WarnContext(ctx, "a session's entry was not prolonged", "err", err)
		}
	}
	return &Signed{User: who.User, Session: id, Methods: who.Methods, Fresh: who.Fresh}, nil
}

// Keeper gives auth.From.Keep for this request: it puts a session behind a new
// cookie. A cookie that was there before is worth nothing afterwards.
func (k *Cookies) Keeper(c echo.Context) func(context.Context, model.SessionID) error {
	return func(_ context.Context, id model.SessionID) error {
		ctx, err := k.load(c)
		if err != nil {
			return err
		}
		if err := k.scs.RenewToken(ctx); err != nil {
			return model.Unavailable(err)
		}
		for _, key := range k.scs.Keys(ctx) {
			k.scs.Remove(ctx, key) // what was under way before is over
		}
		k.scs.Put(ctx, sessionKey, id.String())
		return k.commit(c)
	}
}

// Holder gives auth.From.Hold for this request: it puts a challenge behind a new
// cookie, with the path to go to once it is met.
func (k *Cookies) Holder(c echo.Context, next string) func(context.Context, string) error {
	return func(_ context.Context, challenge string) error {
		return k.Put(c, map[string]string{challengeKey: challenge, nextKey: next})
	}
}

// Challenge is what Holder put behind this browser's cookie; "" for nothing.
func (k *Cookies) Challenge(c echo.Context) (challenge, next string, err error) {
	if k.token(c) == "" {
		return "", "", nil
	}
	ctx, err := k.load(c)
	if err != nil {
		return "", "", err
	}
	return k.scs.GetString(ctx, challengeKey), k.scs.GetString(ctx, nextKey), nil
}

// Renew puts what this browser's cookie stands for behind a new one: whoever knew the
// old one gains nothing by what was just proved.
func (k *Cookies) Renew(c echo.Context) error { return k.Put(c, nil) }

// Put keeps texts for this browser beside what its entry holds, behind a new cookie:
// what somebody knew of the old one is worth nothing for them.
func (k *Cookies) Put(c echo.Context, texts map[string]string) error {
	ctx, err := k.load(c)
	if err != nil {
		return err
	}
	if err := k.scs.RenewToken(ctx); err != nil {
		return model.Unavailable(err)
	}
	for key, text := range texts {
		k.scs.Put(ctx, key, text)
	}
	return k.commit(c)
}

// Text is a text that Put kept; "" for nothing.
func (k *Cookies) Text(c echo.Context, key string) (string, error) {
	if k.token(c) == "" {
		return "", nil
	}
	ctx, err := k.load(c)
	if err != nil {
		return "", err
	}
	return k.scs.GetString(ctx, key), nil
}

// Note is Put behind the cookie that is there: for what is worth nothing to anybody
// but this browser's own script, beside requests of the same page under way.
func (k *Cookies) Note(c echo.Context, key, text string) error {
	ctx, err := k.load(c)
	if err != nil {
		return err
	}
	k.scs.Put(ctx, key, text)
	return k.commit(c)
}

// Take gives a text that Put kept and forgets it: of several requests with the same
// cookie that come one after another, one gets it. "" for nothing.
func (k *Cookies) Take(c echo.Context, key string) (string, error) {
	if k.token(c) == "" {
		return "", nil
	}
	ctx, err := k.load(c)
	if err != nil {
		return "", err
	}
	text := k.scs.PopString(ctx, key)
	if text == "" {
		return "", nil
	}
	return text, k.commit(c)
}

// SignOut forgets the cookie and its entry, after auth has ended the session. An
// entry that stays because Redis is away names a session that is over.
func (k *Cookies) SignOut(c echo.Context) {
	if err := k.forget(c); err != nil {
		k.log.WarnContext(c.Request().Context(), "an ended session's entry stays until its time is over", "err", err)
	}
}

// token is the cookie's value, "" without one.
func (k *Cookies) token(c echo.Context) string {
	cookie, err := c.Cookie(k.scs.Cookie.Name)
	if err != nil {
		return ""
	}
	return cookie.Value
}

// session is what the loaded entry names.
func (k *Cookies) session(ctx context.Context) (model.SessionID, bool) {
	id, err := model.ParseSessionID(k.scs.GetString(ctx, sessionKey))
	return id, err == nil
}

// load reads the entry, once a request.
func (k *Cookies) load(c echo.Context) (context.Context, error) {
	ctx, err := k.scs.Load(c.Request().Context(), k.token(c))
	if err != nil {
		return nil, model.Unavailable(err)
	}
	c.SetRequest(c.Request().WithContext(ctx))
	return ctx, nil
}

func (k *Cookies) commit(c echo.Context) error {
	token, expires, err := k.scs.Commit(c.Request().Context())
	if err != nil {
		return model.Unavailable(err)
	}
	k.set(c, http.Cookie{Value: token, Expires: expires.UTC()})
	return nil
}

func (k *Cookies) forget(c echo.Context) error {
	k.set(c, http.Cookie{MaxAge: -1})
	ctx, err := k.load(c)
	if err != nil {
		return err
	}
	return k.scs.Destroy(ctx)
}

// set writes a cookie; what was written before under its name is replaced.
func (k *Cookies) set(c echo.Context, cookie http.Cookie) {
	if cookie.Name == "" {
		cookie.Name = k.scs.Cookie.Name
	}
	cookie.Path, cookie.HttpOnly, cookie.Secure, cookie.SameSite = "/", true, k.scs.Cookie.Secure, http.SameSiteLaxMode
	h := c.Response().Header()
	h["Set-Cookie"] = slices.DeleteFunc(h["Set-Cookie"], func(line string) bool { return strings.HasPrefix(line, cookie.Name+"=") })
	h.Add("Set-Cookie", cookie.String())
}

// knownFor is how long a browser is known after its last sign-in.
const knownFor = 365 * 24 * time.Hour

// Known is the mark that Remember left with this browser; "" for none.
func (k *Cookies) Known(c echo.Context) string {
	cookie, err := c.Cookie(k.scs.Cookie.Name + "-known")
	if err != nil {
		return ""
	}
	return cookie.Value
}

// Remember gives auth.From.Remember for this request. The mark opens nothing: it says
// that somebody signed in here before.
func (k *Cookies) Remember(c echo.Context) func(mark string) {
	return func(mark string) {
		k.set(c, http.Cookie{Name: k.scs.Cookie.Name + "-known", Value: mark, MaxAge: int(knownFor.Seconds())})
	}
}
