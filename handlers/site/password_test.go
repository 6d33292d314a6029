package site_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/hlpfl/platform/internal/mail"
)

const another = "an owl above the pier"

func TestANewPasswordEndsWhatTheOldOneOpened(t *testing.T) {
	t.Parallel()
	h := open(t, setting{})
	api, refresh := h.register("ines@example.com")
	browser, elsewhere := h.signIn("ines@example.com"), h.signIn("ines@example.com")
	h.register("jo@example.com")
	stranger := h.signIn("jo@example.com")

	waiting := h.asked("ines@example.com")
	page := browser.do("GET", "/dashboard/account/password", nil).want(http.StatusOK)
	if !strings.Contains(page.body, "The one you have") {
		t.Error("the form does not ask for the present password")
	}
	a := browser.do("POST", "/dashboard/account/password", url.Values{"current_password": {password}, "password": {another}}).want(http.StatusSeeOther)
	if a.header.Get("Location") != "/dashboard/account/security?done=password" {
		t.Errorf("sent to %s", a.header.Get("Location"))
	}
	// At once, at both doors, for refresh tokens too; the one that changed it stays.
	browser.do("GET", "/dashboard/account", nil).want(http.StatusOK)
	elsewhere.do("GET", "/dashboard/account", nil).want(http.StatusSeeOther)
	api.do("GET", "/api/me", nil).want(http.StatusUnauthorized)
	api.do("POST", "/api/auth/refresh", map[string]string{"refresh_token": refresh}).want(http.StatusUnauthorized)
	stranger.do("GET", "/dashboard/account", nil).want(http.StatusOK)
	in := func(secret string) answer {
		return h.client().do("POST", "/api/auth/login", map[string]string{"email": "ines@example.com", "password": secret})
	}
	in(password).want(http.StatusUnauthorized)
	in(another).want(http.StatusOK)
	if sent := h.send(); !slices.ContainsFunc(sent, func(m mail.Received) bool {
		return m.To == "ines@example.com" && m.Subject == "Your password was changed"
	}) {
		t.Errorf("it is told by no mail: %+v", sent)
	}
	h.client().do("POST", "/link/sign-in", form(waiting)).want(http.StatusGone)
	if n := ask[int](h, `select count(*) from audit_log where action = 'user.password_changed'`); n != 1 {
		t.Errorf("%d lines in the audit log", n)
	}
}

func TestANewPasswordNeedsTheOldOne(t *testing.T) {
	t.Parallel()
	h := open(t, setting{})
	c, _ := h.register("ines@example.com")
	hash := ask[string](h, `select password_hash from users`)
	for name, in := range map[string]struct {
		body  any
		field string
	}{
		"a wrong one":       {map[string]string{"current_password": "not this one", "password": another}, "current_password"},
		"none":              {map[string]string{"password": another}, "current_password"},
		"too short":         {map[string]string{"current_password": password, "password": "short"}, "password"},
		"the own address":   {map[string]string{"current_password": password, "password": "ines@example.com"}, "password"},
		"a megabyte":        {map[string]string{"current_password": password, "password": strings.Repeat("x", 900_000)}, "password"},
		"NUL":               {map[string]string{"current_password": password, "password": "harbour\x00fog at"}, "password"},
		"somebody else's":   {map[string]string{"current_password": password, "password": another, "user_id": "x"}, "user_id"},
		"a list":            {map[string]any{"current_password": password, "password": []string{another}}, "password"},
		"a wrong megabyte":  {map[string]string{"current_password": strings.Repeat("x", 900_000), "password": another}, "current_password"},
		"a lone surrogate":  {`{"current_password":"` + password + `","password":"harbour \ud800 fog"}`, "password"},
		"one sign repeated": {map[string]string{"current_password": password, "password": "ßßßßßßßßßß"}, "password"},
	} {
		a := c.do("PUT", "/api/me/password", in.body).want(http.StatusUnprocessableEntity)
		if a.field("errors", in.field) == "" {
			t.Errorf("%s: %s", name, a.body)
		}
	}
	if ask[string](h, `select password_hash from users`) != hash {
		t.Error("the password was changed all the same")
	}
	c.do("PUT", "/api/me/password", map[string]string{"current_password": password, "password": another}).want(http.StatusNoContent)
	c.do("GET", "/api/me", nil).want(http.StatusOK)
}

// An account without a password (an import's, a provider's) gets a first one.
func TestAFirstPassword(t *testing.T) {
	t.Parallel()
	h := open(t, setting{})
	c, _ := h.register("ines@example.com")
	h.exec(`update users set password_hash = null, password_set_at = null`)
	c.do("PUT", "/api/me/password", map[string]string{"password": another}).want(http.StatusNoContent)
	h.client().do("POST", "/api/auth/login", map[string]string{"email": "ines@example.com", "password": another}).want(http.StatusOK)
}

func TestWrongGuessesWithinASessionAreSlowed(t *testing.T) {
	t.Parallel()
	h := open(t, setting{scale: 1})
	c, _ := h.register("ines@example.com")
	h.register("jo@example.com")
	for range 5 {
		c.do("PUT", "/api/me/password", map[string]string{"current_password": "not this one", "password": another}).want(http.StatusUnprocessableEntity)
	}
	if a := c.do("PUT", "/api/me/password", map[string]string{"current_password": password, "password": another}).want(http.StatusTooManyRequests); a.header.Get("Retry-After") == "" {
		t.Error("nobody is told when to come back")
	}
	// The owner can sign in elsewhere meanwhile.
	h.client().do("POST", "/api/auth/login", map[string]string{"email": "ines@example.com", "password": password}).want(http.StatusOK)
}

func TestWhatMattersMostAsksForAFreshProof(t *testing.T) {
	t.Parallel()
	h := open(t, setting{})
	c, _ := h.register("ines@example.com")
	browser := h.signIn("ines@example.com")
	h.exec(`update sessions set proved_at = now() - interval '11 minutes'`)

	a := c.do("PUT", "/api/me/password", map[string]string{"current_password": password, "password": another}).want(http.StatusForbidden)
	if a.field("type") != "/problems/step-up" {
		t.Errorf("told: %s", a.body)
	}
	to := browser.do("GET", "/dashboard/account/password", nil).want(http.StatusSeeOther).header.Get("Location")
	if to != "/dashboard/confirm?next=%2Fdashboard%2Faccount%2Fpassword" {
		t.Errorf("sent to %s", to)
	}
	// A post leads back to the page that it came from, and to no other site's.
	form := url.Values{"current_password": {password}, "password": {another}}
	browser.head.Set("Referer", h.url+"/dashboard/account/password?x=1")
	if to := browser.do("POST", "/dashboard/account/password", form).want(http.StatusSeeOther).header.Get("Location"); to != "/dashboard/confirm?next=%2Fdashboard%2Faccount%2Fpassword%3Fx%3D1" {
		t.Errorf("sent to %s", to)
	}
	browser.head.Set("Referer", "https://evil.example/dashboard")
	if to := browser.do("POST", "/dashboard/account/password", form).want(http.StatusSeeOther).header.Get("Location"); to != "/dashboard/confirm?next=" {
		t.Errorf("sent to %s", to)
	}
	h.client().do("POST", "/api/auth/login", map[string]string{"email": "ines@example.com", "password": password}).want(http.StatusOK)
	h.exec(`update sessions set proved_at = now() - interval '9 minutes'`)
	c.do("PUT", "/api/me/password", map[string]string{"current_password": password, "password": another}).want(http.StatusNoContent)
}

func TestAConfirmationMakesTheCookieAnew(t *testing.T) {
	t.Parallel()
	h := open(t, setting{})
	h.register("ines@example.com")
	browser := h.signIn("ines@example.com")
	old := browser.cookie()
	h.exec(`update sessions set proved_at = now() - interval '11 minutes'`)
	browser.do("POST", "/dashboard/confirm", url.Values{"password": {"not this one"}, "next": {"/dashboard/account/password"}}).want(http.StatusUnprocessableEntity)
	browser.do("POST", "/dashboard/confirm", url.Values{"password": {password}, "next": {"/dashboard/account/password"}}).want(http.StatusSeeOther)
	browser.do("GET", "/dashboard/account/password", nil).want(http.StatusOK)
	if browser.cookie() == old {
		t.Error("the cookie is the one of before")
	}
	thief := h.client()
	thief.setCookie(old)
	thief.do("GET", "/dashboard/account", nil).want(http.StatusSeeOther)
}
