package site_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/hlpfl/platform/internal/testenv"
)

func TestSignInMakesTheCookieAnew(t *testing.T) {
	t.Parallel()
	h := open(t, setting{})
	h.register("ines@example.com")
	form := url.Values{"email": {"ines@example.com"}, "password": {password}}

	// Fixation: a cookie that somebody planted is worth nothing after the sign-in.
	victim := h.client()
	planted := strings.Repeat("A", 43)
	victim.setCookie(planted)
	victim.do("POST", "/login", form).want(http.StatusSeeOther)
	if victim.cookie() == planted || victim.cookie() == "" {
		t.Fatalf("the planted cookie was kept: %q", victim.cookie())
	}
	thief := h.client()
	thief.setCookie(planted)
	thief.do("GET", "/dashboard/account", nil).want(http.StatusSeeOther)

	// A second sign-in in the same browser ends the first one.
	first := victim.cookie()
	victim.do("POST", "/login", form).want(http.StatusSeeOther)
	victim.do("GET", "/dashboard/account", nil).want(http.StatusOK)
	thief.setCookie(first)
	thief.do("GET", "/dashboard/account", nil).want(http.StatusSeeOther)
	if n := ask[int](h, `select count(*) from sessions where door = 'web' and end_reason = 'replaced'`); n != 1 {
		t.Errorf("%d sessions were replaced", n)
	}
}

func TestSessionsDie(t *testing.T) {
	t.Parallel()
	for name, how := range map[string]string{
		"absolute limit": `update sessions set expires_at = now() - interval '1 second'`,
		"idle limit":     `update sessions set last_seen_at = now() - interval '14 days 1 second'`,
		"ended":          `update sessions set ended_at = now()`,
		"suspended":      `update users set suspended_at = now()`,
		"deleted":        `delete from sessions`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := open(t, setting{})
			api, refresh := h.register("ines@example.com")
			browser := h.signIn("ines@example.com")
			browser.do("GET", "/dashboard/account", nil).want(http.StatusOK)
			api.do("GET", "/api/me", nil).want(http.StatusOK)
			h.exec(how)
			a := browser.do("GET", "/dashboard/account", nil).want(http.StatusSeeOther)
			if !strings.Contains(a.header.Get("Set-Cookie"), "Max-Age=0") {
				t.Errorf("the dead cookie stays: %q", a.header.Get("Set-Cookie"))
			}
			browser.do("POST", "/dashboard/account", url.Values{"name": {"X"}}).want(http.StatusUnauthorized)
			api.do("GET", "/api/me", nil).want(http.StatusUnauthorized)
			api.do("POST", "/api/auth/refresh", map[string]string{"refresh_token": refresh}).want(http.StatusUnauthorized)
		})
	}
}

func TestSessionIsTouchedOnceAMinute(t *testing.T) {
	t.Parallel()
	h := open(t, setting{})
	h.register("ines@example.com")
	browser := h.signIn("ines@example.com")
	if a := browser.do("GET", "/dashboard/account", nil).want(http.StatusOK); a.header.Get("Set-Cookie") != "" {
		t.Error("a fresh session is prolonged")
	}
	h.exec(`update sessions set last_seen_at = now() - interval '13 days'`)
	before := browser.cookie()
	if a := browser.do("GET", "/dashboard/account", nil).want(http.StatusOK); !strings.Contains(a.header.Get("Set-Cookie"), before) {
		t.Errorf("the cookie is not prolonged: %q", a.header.Get("Set-Cookie"))
	}
	if n := ask[int](h, `select count(*) from sessions where door = 'web' and last_seen_at > now() - interval '1 minute'`); n != 1 {
		t.Error("the session was not seen")
	}
	if a := browser.do("GET", "/dashboard/account", nil).want(http.StatusOK); a.header.Get("Set-Cookie") != "" {
		t.Error("it is prolonged again within the minute")
	}
}

func TestEndingSessions(t *testing.T) {
	t.Parallel()
	h := open(t, setting{})
	api, _ := h.register("ines@example.com")
	browser, other := h.signIn("ines@example.com"), h.signIn("ines@example.com")
	stranger, _ := h.register("jo@example.com")

	list := api.do("GET", "/api/sessions", nil).want(http.StatusOK).json()["data"].([]any)
	if len(list) != 3 {
		t.Fatalf("%d sessions: %v", len(list), list)
	}
	var web, own string
	for _, s := range list {
		s := s.(map[string]any)
		if s["current"] == true {
			own = s["id"].(string)
		} else {
			web = s["id"].(string) // the list is by last use: this is the browser that came first
		}
		if s["device"] != "Safari on iPhone" {
			t.Errorf("device %q", s["device"])
		}
	}
	// Somebody else's, and what is no id, are not there.
	stranger.do("DELETE", "/api/sessions/"+web, nil).want(http.StatusNotFound)
	for _, id := range []string{"x", "00000000-0000-0000-0000-000000000000", strings.ToUpper(web) + "0", "%00"} {
		api.do("DELETE", "/api/sessions/"+id, nil).want(http.StatusNotFound)
	}
	stranger.do("POST", "/dashboard/account/sessions/"+web+"/end", url.Values{}).want(http.StatusUnauthorized)
	browser.do("GET", "/dashboard/account", nil).want(http.StatusOK)

	api.do("DELETE", "/api/sessions/"+web, nil).want(http.StatusNoContent)
	api.do("DELETE", "/api/sessions/"+web, nil).want(http.StatusNotFound)
	browser.do("GET", "/dashboard/account", nil).want(http.StatusSeeOther)
	// The browser's twin ends the program's session.
	page := other.do("GET", "/dashboard/account/devices", nil).want(http.StatusOK)
	if strings.Count(page.body, "Safari on iPhone") < 2 || !strings.Contains(page.body, "/dashboard/account/sessions/"+own+"/end") {
		t.Error("the screen does not list the sessions")
	}
	other.do("POST", "/dashboard/account/sessions/"+own+"/end", url.Values{}).want(http.StatusSeeOther)
	api.do("GET", "/api/me", nil).want(http.StatusUnauthorized)

	// All others at once, from either door.
	again := h.signIn("ines@example.com")
	other.do("POST", "/dashboard/account/sessions/end", url.Values{}).want(http.StatusSeeOther)
	again.do("GET", "/dashboard/account", nil).want(http.StatusSeeOther)
	other.do("GET", "/dashboard/account", nil).want(http.StatusOK)
	fresh := h.client()
	fresh.token = fresh.do("POST", "/api/auth/login", map[string]string{"email": "ines@example.com", "password": password}).want(http.StatusOK).field("access_token")
	fresh.do("DELETE", "/api/sessions", nil).want(http.StatusNoContent)
	other.do("GET", "/dashboard/account", nil).want(http.StatusSeeOther)
	fresh.do("GET", "/api/me", nil).want(http.StatusOK)
	stranger.do("GET", "/api/me", nil).want(http.StatusOK)
	if n := ask[int](h, `select count(*) from audit_log where action in ('session.ended', 'session.others_ended')`); n != 4 {
		t.Errorf("%d lines in the audit log", n)
	}
}

func TestLogout(t *testing.T) {
	t.Parallel()
	h := open(t, setting{})
	api, refresh := h.register("ines@example.com")
	browser := h.signIn("ines@example.com")
	kept := browser.cookie()
	browser.do("GET", "/logout", nil).want(http.StatusNotFound)
	browser.do("GET", "/dashboard/account", nil).want(http.StatusOK)
	a := browser.do("POST", "/logout", url.Values{}).want(http.StatusSeeOther)
	if a.header.Get("Location") != "/" || browser.cookie() != "" {
		t.Errorf("after signing out: %v", a.header)
	}
	browser.setCookie(kept) // a copy of the cookie is worth nothing
	browser.do("GET", "/dashboard/account", nil).want(http.StatusSeeOther)
	h.client().do("POST", "/logout", url.Values{}).want(http.StatusSeeOther)

	api.do("GET", "/api/me", nil).want(http.StatusOK)
	out := map[string]string{"refresh_token": refresh}
	api.do("POST", "/api/auth/logout", out).want(http.StatusNoContent)
	api.do("GET", "/api/me", nil).want(http.StatusUnauthorized)
	api.do("POST", "/api/auth/refresh", out).want(http.StatusUnauthorized)
	api.do("POST", "/api/auth/logout", out).want(http.StatusNoContent)
	api.do("POST", "/api/auth/logout", map[string]string{"refresh_token": "nobody's"}).want(http.StatusNoContent)
	api.do("POST", "/api/auth/logout", map[string]string{}).want(http.StatusUnprocessableEntity)
}

func TestRedisAway(t *testing.T) {
	t.Parallel()
	r := testenv.OwnRedis(t)
	h := open(t, setting{redis: r.URL})
	api, refresh := h.register("ines@example.com")
	browser := h.signIn("ines@example.com")
	r.Stop()

	// Whoever needs a session is told to come back; nobody gets a bare error.
	for _, try := range []struct{ method, path string }{{"GET", "/dashboard/account"}, {"POST", "/dashboard/account"}, {"POST", "/logout"}} {
		a := browser.do(try.method, try.path, url.Values{}).want(http.StatusServiceUnavailable)
		if a.header.Get("Retry-After") == "" || !strings.Contains(a.body, "<html") {
			t.Errorf("%s %s: %v %.100s", try.method, try.path, a.header, a.body)
		}
	}
	// What is for everybody is there for everybody.
	if a := browser.do("GET", "/", nil).want(http.StatusOK); strings.Contains(a.body, "Your desk") {
		t.Error("the landing page knows who asks without a session")
	}
	browser.do("GET", "/login", nil).want(http.StatusOK)
	// A form's sign-in leaves nothing behind.
	h.client().do("POST", "/login", url.Values{"email": {"ines@example.com"}, "password": {password}}).want(http.StatusServiceUnavailable)
	h.client().do("POST", "/register", url.Values{"email": {"jo@example.com"}, "password": {password}}).want(http.StatusServiceUnavailable)
	if n := ask[int](h, `select (select count(*) from users) * 10 + (select count(*) from sessions)`); n != 12 {
		t.Errorf("users and sessions: %d, want 1 and 2", n)
	}
	// Programs do not notice.
	api.do("GET", "/api/me", nil).want(http.StatusOK)
	api.do("POST", "/api/auth/refresh", map[string]string{"refresh_token": refresh}).want(http.StatusOK)
	h.client().do("POST", "/api/auth/login", map[string]string{"email": "ines@example.com", "password": password}).want(http.StatusOK)
	h.client().do("POST", "/api/auth/register", map[string]string{"email": "jo@example.com", "password": password}).want(http.StatusCreated)
}

func TestPostgresAway(t *testing.T) {
	t.Parallel()
	pg := testenv.OwnPostgres(t)
	h := open(t, setting{database: pg.URL})
	api, _ := h.register("ines@example.com")
	browser := h.signIn("ines@example.com")
	pg.Stop()
	browser.do("GET", "/", nil).want(http.StatusOK)
	browser.do("GET", "/dashboard/account", nil).want(http.StatusServiceUnavailable)
	for _, a := range []answer{
		api.do("GET", "/api/me", nil),
		h.client().do("POST", "/api/auth/login", map[string]string{"email": "ines@example.com", "password": password}),
	} {
		if a.want(http.StatusServiceUnavailable).header.Get("Retry-After") == "" || a.header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%v %s", a.header, a.body)
		}
	}
	pg.Start()
	api.do("GET", "/api/me", nil).want(http.StatusOK)
	browser.do("GET", "/dashboard/account", nil).want(http.StatusOK)
}
