package site_test

import (
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"testing"
)

// loopback are proxies that these tests' clients pretend to be.
var loopback = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}

// Strangers who guess at an account hold up strangers, and never the owner at home.
func TestTheOwnerIsNotLockedOutAtHome(t *testing.T) {
	t.Parallel()
	h := open(t, setting{scale: 1, trusted: loopback})
	h.register("ines@example.com")
	from := func(c *client, address string) *client { c.head.Set("X-Forwarded-For", address); return c }
	home := from(h.client(), "203.0.113.7")
	right := url.Values{"email": {"ines@example.com"}, "password": {password}}
	wrong := url.Values{"email": {"ines@example.com"}, "password": {"not this one"}}
	home.do("POST", "/login", right).want(http.StatusSeeOther)
	home.do("POST", "/logout", url.Values{}).want(http.StatusSeeOther)

	for i := range 5 {
		from(h.client(), "198.51.100."+string(rune('1'+i))).do("POST", "/login", wrong).want(http.StatusUnauthorized)
	}
	from(h.client(), "198.51.100.9").do("POST", "/login", right).want(http.StatusTooManyRequests)
	home.do("POST", "/login", right).want(http.StatusSeeOther)

	// The mark is for one account and cannot be made up; its own tries are limited too.
	h.register("jo@example.com")
	thief := from(h.client(), "192.0.2.1")
	thief.head.Set("Cookie", "hlpfl-known="+strings.Repeat("A", 60))
	thief.do("POST", "/login", right).want(http.StatusTooManyRequests)
	other := h.signIn("jo@example.com")
	from(other, "192.0.2.2").do("POST", "/login", right).want(http.StatusTooManyRequests)
	from(home, "203.0.113.8").do("POST", "/logout", url.Values{}).want(http.StatusSeeOther)
	for range 5 {
		home.do("POST", "/login", wrong).want(http.StatusUnauthorized)
	}
	home.do("POST", "/login", right).want(http.StatusTooManyRequests)
}

// Many addresses of one network count together.
func TestANetworkIsLimitedAsOne(t *testing.T) {
	t.Parallel()
	h := open(t, setting{scale: 0.1, trusted: loopback}) // one try an address, ten a network
	statuses := map[int]int{}
	for i := range 12 {
		c := h.client()
		c.head.Set("X-Forwarded-For", "203.0.113."+strconv.Itoa(i+1))
		body := map[string]string{"email": "nobody" + string(rune('a'+i)) + "@example.com", "password": "wrong wrong"}
		statuses[c.do("POST", "/api/auth/login", body).status]++
	}
	if statuses[http.StatusUnauthorized] != 10 || statuses[http.StatusTooManyRequests] != 2 {
		t.Errorf("answers: %v", statuses)
	}
}

func TestWhatMayNotRegister(t *testing.T) {
	t.Parallel()
	h := open(t, setting{})
	for name, try := range map[string]struct{ email, password, field string }{
		"a common password":             {"a@example.com", "Password1", "password"},
		"another one":                   {"a@example.com", "iloveyou1", "password"},
		"the house's name":              {"a@example.com", "hlpfl2026!", "password"},
		"the own name with a year":      {"ines.okafor@example.com", "ines.okafor1999", "password"},
		"an address that is thrown off": {"a@mailinator.com", password, "email"},
		"a domain under such a one":     {"a@b.mailinator.com", password, "email"},
	} {
		a := h.client().do("POST", "/api/auth/register", map[string]string{"email": try.email, "password": try.password})
		if a.status != http.StatusUnprocessableEntity || a.field("errors", try.field) == "" {
			t.Errorf("%s: %d %s", name, a.status, a.body)
		}
	}
	h.client().do("POST", "/api/auth/register", map[string]string{"email": "a@example.com", "password": "mailinator harbour"}).want(http.StatusCreated)
}

func TestTheTrap(t *testing.T) {
	t.Parallel()
	h := open(t, setting{})
	form := url.Values{"email": {"ines@example.com"}, "password": {password}, "website": {"https://spam.example"}}
	a := h.client().do("POST", "/register", form).want(http.StatusUnprocessableEntity)
	if !strings.Contains(a.body, "hidden field") || !strings.Contains(a.body, `value="ines@example.com"`) || strings.Contains(a.body, "spam.example") {
		t.Error("the form does not come back with what was typed, the trap empty")
	}
	form.Set("website", "")
	h.client().do("POST", "/register", form).want(http.StatusSeeOther)
	// A program that speaks to the API has no form to fill in.
	h.client().do("POST", "/api/auth/register", map[string]string{"email": "jo@example.com", "password": password, "website": ""}).want(http.StatusUnprocessableEntity)
}
