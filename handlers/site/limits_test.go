package site_test

import (
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/hlpfl/platform/internal/testenv"
)

func tooMany(t *testing.T, a answer) {
	t.Helper()
	a.want(http.StatusTooManyRequests)
	if s, err := strconv.Atoi(a.header.Get("Retry-After")); err != nil || s < 1 || s > 3600 {
		t.Errorf("Retry-After is %q", a.header.Get("Retry-After"))
	}
}

func TestSignInLimitByAddress(t *testing.T) {
	t.Parallel()
	redis := testenv.OwnRedis(t)
	for _, away := range []bool{false, true} {
		t.Run(fmt.Sprintf("redis away: %t", away), func(t *testing.T) {
			h := open(t, setting{scale: 1, redis: redis.URL})
			if away {
				redis.Stop() // limits go on in process
			}
			for i := range 11 {
				// Nobody believes these headers: they make no new address.
				c := h.client()
				c.head.Set("X-Forwarded-For", fmt.Sprintf("203.0.113.%d", i))
				c.head.Set("X-Real-IP", fmt.Sprintf("203.0.113.%d", i))
				c.head.Set("Forwarded", fmt.Sprintf("for=203.0.113.%d", i))
				a := c.do("POST", "/api/auth/login", map[string]string{"email": fmt.Sprintf("user%d@example.com", i), "password": password})
				if i < 10 {
					a.want(http.StatusUnauthorized)
					continue
				}
				tooMany(t, a)
				// The form counts with it, and comes back as typed.
				page := c.do("POST", "/login", url.Values{"email": {"typed@example.com"}, "password": {password}})
				tooMany(t, page)
				if !strings.Contains(page.body, "typed@example.com") || !strings.Contains(page.body, "Try again in") {
					t.Error("the form does not say how long to wait")
				}
			}
		})
	}
}

func TestAddressesBehindProxies(t *testing.T) {
	t.Parallel()
	h := open(t, setting{scale: 0.1, trusted: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("10.0.0.0/8")}})
	tries := 0
	try := func(h *house, forwarded ...string) answer {
		c := h.client()
		tries++ // accounts have a limit of their own
		c.head["X-Forwarded-For"] = forwarded
		return c.do("POST", "/api/auth/login", map[string]string{"email": fmt.Sprintf("a%d@example.com", tries), "password": password})
	}
	// At this scale an address has one sign-in a minute.
	try(h, "203.0.113.1").want(http.StatusUnauthorized)
	try(h, "203.0.113.2").want(http.StatusUnauthorized)
	tooMany(t, try(h, "203.0.113.1"))
	tooMany(t, try(h, "198.51.100.7, 203.0.113.1"))             // forged by the client, to the left
	tooMany(t, try(h, "198.51.100.8", "203.0.113.1, 10.1.2.3")) // several headers, several proxies
	tooMany(t, try(h, "garbage, 203.0.113.1:4711"))
	// IPv6 counts by its /64.
	other := open(t, setting{scale: 0.1, trusted: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}})
	try(other, "2001:db8:1:2::1").want(http.StatusUnauthorized)
	tooMany(t, try(other, "[2001:db8:1:2:ffff::9]:443"))
	try(other, "2001:db8:1:3::1").want(http.StatusUnauthorized)
}

func TestFailuresByAccount(t *testing.T) {
	t.Parallel()
	h := open(t, setting{scale: 1, trusted: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}})
	h.register("ines@example.com")
	h.register("jo@example.com")
	address := 0
	try := func(email, password string) answer {
		c := h.client()
		address++
		c.head["X-Forwarded-For"] = []string{fmt.Sprintf("203.0.113.%d", address)} // a new one each time
		return c.do("POST", "/api/auth/login", map[string]string{"email": email, "password": password})
	}
	for _, email := range []string{"ines@example.com", "nobody@example.com"} { // known or not, the same
		for range 5 {
			try(email, "wrong password").want(http.StatusUnauthorized)
		}
		tooMany(t, try(email, "wrong password"))
		tooMany(t, try(strings.ToUpper(email), password)) // the right one too, however it is written
	}
	// A sign-in that succeeds forgets the failures before it.
	for range 3 {
		for range 4 {
			try("jo@example.com", "wrong password").want(http.StatusUnauthorized)
		}
		try("jo@example.com", password).want(http.StatusOK)
	}
}

func TestRegisterAndAPILimits(t *testing.T) {
	t.Parallel()
	h := open(t, setting{scale: 0.1}) // register 2 an hour, the API 60 a minute
	c, refresh := h.register("a@example.com")
	other, _ := h.register("b@example.com")
	tooMany(t, h.client().do("POST", "/api/auth/register", map[string]string{"email": "c@example.com", "password": password}))
	tooMany(t, h.client().do("POST", "/register", url.Values{"email": {"c@example.com"}, "password": {password}}))
	for range 60 {
		c.do("GET", "/api/sessions", nil).want(http.StatusOK)
	}
	tooMany(t, c.do("GET", "/api/sessions", nil))
	// A fresh token of the same session is no way around it.
	c.token = c.do("POST", "/api/auth/refresh", map[string]string{"refresh_token": refresh}).want(http.StatusOK).field("access_token")
	tooMany(t, c.do("GET", "/api/me", nil))
	other.do("GET", "/api/me", nil).want(http.StatusOK)
}
