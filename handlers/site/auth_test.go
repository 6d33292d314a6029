package site_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func TestRegisterAtBothDoors(t *testing.T) {
	t.Parallel()
	h := open(t, setting{})
	api := h.client().do("POST", "/api/auth/register", map[string]string{
		"email": "  Ines@Example.COM ", "password": password, "name": "Ines Okafor", "time_zone": "Europe/Lisbon"}).want(http.StatusCreated)
	for path, want := range map[string]string{"email": "ines@example.com", "name": "Ines Okafor", "time_zone": "Europe/Lisbon", "plan": "free", "language": "en"} {
		if got := api.field("user", path); got != want {
			t.Errorf("%s is %q, want %q", path, got, want)
		}
	}
	if api.field("token_type") != "Bearer" || api.json()["expires_in"] != 900.0 || api.field("refresh_token") == "" {
		t.Errorf("tokens: %s", api.body)
	}

	browser := h.client()
	form := browser.do("POST", "/register", url.Values{
		"email": {"Jo@example.com"}, "password": {password}, "name": {""}, "time_zone": {"Mars/Olympus"}, "handle": {"jo-sound"}}).want(http.StatusSeeOther)
	if to := form.header.Get("Location"); to != "/dashboard?handle=jo-sound" {
		t.Errorf("a new user is sent to %q", to)
	}
	if zone := ask[string](h, `select time_zone from users where email = 'jo@example.com'`); zone != "UTC" {
		t.Errorf("a zone that nobody knows became %q", zone)
	}
	browser.do("GET", "/dashboard/account", nil).want(http.StatusOK)
	// At the API a wrong zone is told: a program can mend it.
	wrong := h.client().do("POST", "/api/auth/register", map[string]string{"email": "x@example.com", "password": password, "time_zone": "Mars/Olympus"})
	if wrong.want(http.StatusUnprocessableEntity).field("errors", "time_zone") == "" {
		t.Errorf("the wrong zone is not named: %s", wrong.body)
	}

	for _, taken := range []string{"ines@example.com", "JO@example.com"} {
		a := h.client().do("POST", "/api/auth/register", map[string]string{"email": taken, "password": password}).want(http.StatusConflict)
		if a.field("errors", "email") == "" || a.field("type") != "/problems/taken" {
			t.Errorf("a taken address: %s", a.body)
		}
		page := h.client().do("POST", "/register", url.Values{"email": {taken}, "password": {password}, "name": {"Typed Before"}}).want(http.StatusConflict)
		if !strings.Contains(page.body, `value="Typed Before"`) || !strings.Contains(page.body, "has an account already") {
			t.Errorf("the form does not come back with what was typed and why")
		}
		if strings.Contains(page.body, password) {
			t.Error("the form shows the password again")
		}
	}
	if n := ask[int](h, `select count(*) from users`); n != 2 {
		t.Errorf("%d users", n)
	}
	if n := ask[int](h, `select count(*) from audit_log where action = 'user.registered' and user_id is not null and address_prefix = '127.0.0.0/24'`); n != 2 {
		t.Errorf("%d registrations in the audit log", n)
	}
	if hash := ask[string](h, `select min(password_hash) from users`); !strings.HasPrefix(hash, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("the password is kept as %s", hash)
	}
}

func TestSignInAnswersAlikeForKnownAndUnknown(t *testing.T) {
	t.Parallel()
	h := open(t, setting{})
	h.register("known@example.com")
	h.exec(`insert into users (id, email) values (gen_random_uuid(), 'imported@example.com')`) // has no password
	var bodies, pages []string
	for _, email := range []string{"known@example.com", "unknown@example.com", "imported@example.com"} {
		a := h.client().do("POST", "/api/auth/login", map[string]string{"email": email, "password": "not the password"}).want(http.StatusUnauthorized)
		bodies = append(bodies, strings.Replace(a.body, a.field("request_id"), "", 1))
		p := h.client().do("POST", "/login", url.Values{"email": {email}, "password": {"not the password"}, "next": {"/dashboard/account"}}).want(http.StatusUnauthorized)
		if !strings.Contains(p.body, `value="`+email+`"`) || !strings.Contains(p.body, `value="/dashboard/account"`) {
			t.Error("the form forgets what was typed")
		}
		if p.header.Get("Set-Cookie") != "" {
			t.Error("a failed sign-in sets a cookie")
		}
		pages = append(pages, strings.Replace(p.body, email, "", 1))
	}
	for i := range bodies {
		if bodies[i] != bodies[0] || pages[i] != pages[0] {
			t.Errorf("answers differ:\n%s\n%s", bodies[i], bodies[0])
		}
	}
	if n := ask[int](h, `select count(*) from audit_log where action = 'user.sign_in_failed'`); n != 6 {
		t.Errorf("%d failures in the audit log", n)
	}
}

func TestSignInAtBothDoors(t *testing.T) {
	t.Parallel()
	h := open(t, setting{})
	h.register("ines@example.com")
	api := h.client().do("POST", "/api/auth/login", map[string]string{"email": "INES@example.com", "password": password}).want(http.StatusOK)
	if api.field("user", "email") != "ines@example.com" || api.field("access_token") == "" {
		t.Errorf("sign-in: %s", api.body)
	}
	browser := h.client()
	a := browser.do("POST", "/login", url.Values{"email": {" ines@example.com"}, "password": {password}}).want(http.StatusSeeOther)
	if a.header.Get("Location") != "/dashboard" {
		t.Errorf("sent to %q", a.header.Get("Location"))
	}
	for _, cookie := range a.header.Values("Set-Cookie") {
		for _, part := range []string{"HttpOnly", "SameSite=Lax", "Path=/"} {
			if !strings.Contains(cookie, part) {
				t.Errorf("the cookie lacks %s: %s", part, cookie)
			}
		}
	}
	if n := len(a.header.Values("Set-Cookie")); n != 2 { // the session's, and the known device's
		t.Errorf("%d cookies", n)
	}
	// Who is signed in needs no form.
	for _, path := range []string{"/login?next=/dashboard/account", "/register"} {
		browser.do("GET", path, nil).want(http.StatusSeeOther)
	}
	if page := browser.do("GET", "/", nil).want(http.StatusOK); !strings.Contains(page.body, "Your desk") {
		t.Error("the landing page does not know who is signed in")
	}
	if page := h.client().do("GET", "/", nil).want(http.StatusOK); strings.Contains(page.body, "Your desk") || page.header.Get("Set-Cookie") != "" {
		t.Error("the landing page takes a visitor for somebody")
	}
	// A suspended user is told, and not let in.
	h.exec(`update users set suspended_at = now()`)
	browser.do("GET", "/dashboard/account", nil).want(http.StatusSeeOther)
	h.client().do("POST", "/api/auth/login", map[string]string{"email": "ines@example.com", "password": password}).want(http.StatusForbidden)
}

func TestSecureCookieIsBoundToTheHost(t *testing.T) {
	t.Parallel()
	h := open(t, setting{secure: true})
	h.register("ines@example.com")
	a := h.client().do("POST", "/login", url.Values{"email": {"ines@example.com"}, "password": {password}}).want(http.StatusSeeOther)
	for _, cookie := range a.header.Values("Set-Cookie") {
		if !strings.HasPrefix(cookie, "__Host-hlpfl") || !strings.Contains(cookie, "Secure") || strings.Contains(cookie, "Domain") {
			t.Errorf("cookie over https: %s", cookie)
		}
	}
	if a.header.Get("Strict-Transport-Security") == "" {
		t.Error("https is not held on to")
	}
}

func TestNextLeadsNowhereElse(t *testing.T) {
	t.Parallel()
	h := open(t, setting{})
	h.register("ines@example.com")
	for next, want := range map[string]string{
		"/dashboard/account":              "/dashboard/account",
		"/dashboard/profiles/x?tab=who#a": "/dashboard/profiles/x?tab=who#a",
		"":                                "/dashboard",
		"//evil.example":                  "/dashboard",
		"///evil.example":                 "/dashboard",
		"/\\evil.example":                 "/dashboard",
		"\\\\evil.example":                "/dashboard",
		"https://evil.example/":           "/dashboard",
		"javascript:alert(1)":             "/dashboard",
		"/\t/evil.example":                "/dashboard",
		" //evil.example":                 "/dashboard",
		"/logout":                         "/dashboard",
		"/login?next=/login":              "/dashboard",
		"/" + strings.Repeat("a", 3000):   "/dashboard",
	} {
		a := h.client().do("POST", "/login", url.Values{"email": {"ines@example.com"}, "password": {password}, "next": {next}}).want(http.StatusSeeOther)
		if got := a.header.Get("Location"); got != want {
			t.Errorf("next %.40q leads to %.40q", next, got)
		}
	}
	a := h.client().do("GET", "/dashboard/account?done=saved", nil).want(http.StatusSeeOther)
	if got := a.header.Get("Location"); got != "/login?next=%2Fdashboard%2Faccount%3Fdone%3Dsaved" {
		t.Errorf("a visitor of the desk is sent to %q", got)
	}
}

func TestPagesForEverybody(t *testing.T) {
	t.Parallel()
	h := open(t, setting{})
	for path, want := range map[string]string{
		"/": "Send them", "/pricing": "The rate card", "/login": "Back again", "/register": "Make it yours",
		"/register?handle=ines-okafor": "hlpfl.test/ines-okafor",
	} {
		a := h.client().do("GET", path, nil).want(http.StatusOK)
		if !strings.Contains(a.body, want) {
			t.Errorf("%s lacks %q", path, want)
		}
		csp := a.header.Get("Content-Security-Policy")
		if !strings.Contains(csp, "default-src 'none'") || strings.Contains(csp, "unsafe") || a.header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: headers %v", path, a.header)
		}
	}
	// A stranger's handle is text like any other.
	a := h.client().do("GET", "/register?handle="+url.QueryEscape(`"><script>alert(1)</script>`), nil).want(http.StatusOK)
	if strings.Contains(a.body, "<script>alert") {
		t.Error("a handle breaks out of the page")
	}
}
