package site_test

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/labstack/echo/v4"
	_ "github.com/lib/pq"

	"github.com/hlpfl/platform/config"
	"github.com/hlpfl/platform/handlers"
	"github.com/hlpfl/platform/handlers/artist"
	"github.com/hlpfl/platform/handlers/fan"
	"github.com/hlpfl/platform/handlers/site"
	"github.com/hlpfl/platform/handlers/web"
	"github.com/hlpfl/platform/internal/auth"
	"github.com/hlpfl/platform/internal/testenv"
	"github.com/hlpfl/platform/store"
	"github.com/hlpfl/platform/views"
)

const (
	password = "harbour fog at seven"
	phone    = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1"
)

// setting says how a house differs from the usual one.
type setting struct {
	redis, database string // "" is one of the test's own
	scale           float64
	trusted         []netip.Prefix
	secure          bool
	keys            []config.Key // nil is one key
}

// house is the route table with the rooms that these tests enter, served on
// loopback, on a database and a Redis of its own.
type house struct {
	t     testing.TB
	url   string
	store *store.Store
	db    *sql.DB // past the store's doors, as the owner
}

var oneKey = config.Key(strings.Repeat("k", 32))

func open(t testing.TB, o setting) *house {
	t.Helper()
	if o.database == "" {
		o.database = testenv.Database(t)
	}
	if o.redis == "" {
		o.redis = testenv.Redis(t)
	}
	if o.scale == 0 {
		o.scale = 1000
	}
	if o.keys == nil {
		o.keys = []config.Key{oneKey}
	}
	s, err := store.Open(store.Options{DatabaseURL: o.database, RedisURL: o.redis})
	if err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("postgres", o.database)
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.DiscardHandler)
	accounts, err := auth.New(auth.Options{Store: s, Keys: o.keys, Origin: "http://hlpfl.test", LimitScale: o.scale, Log: log})
	if err != nil {
		t.Fatal(err)
	}
	cookies := web.NewCookies(s, accounts, o.secure, log)
	server := web.NewServer(web.Server{
		Log: log, Secure: o.secure, Cookies: cookies, Tokens: web.NewTokens(accounts), Idempotent: web.NewIdempotent(s, log),
		ErrorPage: site.Errors{Public: s.Public(), Host: "hlpfl.test"}.Page, SignIn: views.LoginThen, Confirm: views.Confirm, Role: s.Role,
	})
	e := echo.New()
	e.IPExtractor = web.ClientIP(o.trusted)
	e.HTTPErrorHandler = server.Lost
	routes, err := handlers.Table(handlers.Rooms{
		Server: server, Views: &fan.Views{}, Profiles: &artist.Profiles{Store: s, Origin: "http://hlpfl.test", Now: time.Now},
		Site:    &site.Site{Store: s, Auth: accounts, Cookies: cookies, Host: "hlpfl.test"},
		Account: &artist.Account{Store: s, Auth: accounts, Cookies: cookies, Now: time.Now},
	}, "http://hlpfl.test", "test")
	if err != nil {
		t.Fatal(err)
	}
	handlers.Mount(e, server, routes)
	listening := httptest.NewServer(e)
	t.Cleanup(func() {
		listening.Close()
		db.Close()
		s.Close()
	})
	return &house{t, listening.URL, s, db}
}

// exec does something behind the program's back.
func (h *house) exec(query string, args ...any) {
	h.t.Helper()
	if _, err := h.db.Exec(query, args...); err != nil {
		h.t.Fatal(err)
	}
}

// ask reads one value behind the program's back.
func ask[T any](h *house, query string, args ...any) T {
	h.t.Helper()
	var v T
	if err := h.db.QueryRow(query, args...).Scan(&v); err != nil {
		h.t.Fatal(err)
	}
	return v
}

// client is one person: a browser with its cookies, or a program with its token.
type client struct {
	h     *house
	http  *http.Client
	token string
	head  http.Header // sent with every request
	host  string      // in the place of the real one, "" for that
}

func (h *house) client() *client {
	jar, _ := cookiejar.New(nil)
	return &client{h: h, head: http.Header{"User-Agent": {phone}}, http: &http.Client{Jar: jar, Timeout: time.Minute,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// answer is what came back.
type answer struct {
	t      testing.TB
	status int
	header http.Header
	body   string
}

// do sends a request: url.Values go as a form, a string as JSON as it stands,
// anything else is marshalled.
func (c *client) do(method, path string, body any) answer {
	c.h.t.Helper()
	var reader io.Reader
	kind := "application/json"
	switch b := body.(type) {
	case nil:
	case url.Values:
		reader, kind = strings.NewReader(b.Encode()), "application/x-www-form-urlencoded"
	case string:
		reader = strings.NewReader(b)
	default:
		raw, err := json.Marshal(b)
		if err != nil {
			c.h.t.Fatal(err)
		}
		reader = bytes.NewReader(raw)
	}
	req, err := http.NewRequest(method, c.h.url+path, reader)
	if err != nil {
		c.h.t.Fatal(err)
	}
	if reader != nil {
		req.Header.Set("Content-Type", kind)
	}
	if c.token != "" {
		req.Header.Set("Authorization", "Bearer "+c.token)
	}
	for name, values := range c.head {
		req.Header[name] = values
	}
	req.Host = c.host
	res, err := c.http.Do(req)
	if err != nil {
		c.h.t.Fatal(err)
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		c.h.t.Fatal(err)
	}
	return answer{c.h.t, res.StatusCode, res.Header, string(raw)}
}

// want fails unless the status is this one.
func (a answer) want(status int) answer {
	a.t.Helper()
	if a.status != status {
		a.t.Fatalf("status %d, want %d: %s", a.status, status, a.body)
	}
	return a
}

// json reads the body.
func (a answer) json() map[string]any {
	a.t.Helper()
	var v map[string]any
	if err := json.Unmarshal([]byte(a.body), &v); err != nil {
		a.t.Fatalf("no JSON object: %s", a.body)
	}
	return v
}

// field reads one text of the body's JSON, by its path.
func (a answer) field(path ...string) string {
	a.t.Helper()
	var v any = a.json()
	for _, step := range path {
		m, ok := v.(map[string]any)
		if !ok {
			a.t.Fatalf("no %v in %s", path, a.body)
		}
		v = m[step]
	}
	s, _ := v.(string)
	return s
}

// register makes an account by the API and gives a client with its token, and the
// refresh token.
func (h *house) register(email string) (*client, string) {
	h.t.Helper()
	c := h.client()
	a := c.do("POST", "/api/auth/register", map[string]string{"email": email, "password": password}).want(http.StatusCreated)
	c.token = a.field("access_token")
	return c, a.field("refresh_token")
}

// signIn signs an account in by the form.
func (h *house) signIn(email string) *client {
	h.t.Helper()
	return h.signInWith(email, password)
}

func (h *house) signInWith(email, secret string) *client {
	h.t.Helper()
	c := h.client()
	c.do("POST", "/login", url.Values{"email": {email}, "password": {secret}}).want(http.StatusSeeOther)
	return c
}

// cookie is the session cookie that the client holds, "" for none.
func (c *client) cookie() string {
	u, _ := url.Parse(c.h.url)
	for _, k := range c.http.Jar.Cookies(u) {
		if k.Name == "hlpfl" {
			return k.Value
		}
	}
	return ""
}

func (c *client) setCookie(value string) {
	u, _ := url.Parse(c.h.url)
	c.http.Jar.SetCookies(u, []*http.Cookie{{Name: "hlpfl", Value: value, Path: "/"}})
}
