package site_test

import (
	"crypto/hkdf"
	"crypto/sha256"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/hlpfl/platform/config"
)

// forge signs a token as the program does, but for what change does to it.
func forge(t *testing.T, secret config.Key, method jwt.SigningMethod, user, session string, change func(jwt.MapClaims)) string {
	t.Helper()
	key, err := hkdf.Key(sha256.New, secret, nil, "hlpfl access token v1", 32)
	if err != nil {
		t.Fatal(err)
	}
	c := jwt.MapClaims{
		"iss": "http://hlpfl.test", "aud": "http://hlpfl.test/api", "sub": user, "sid": session,
		"iat": time.Now().Unix(), "exp": time.Now().Add(time.Minute).Unix(),
	}
	if change != nil {
		change(c)
	}
	var with any = key
	if method == jwt.SigningMethodNone {
		with = jwt.UnsafeAllowNoneSignatureType
	}
	token, err := jwt.NewWithClaims(method, c).SignedString(with)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func TestForgedTokens(t *testing.T) {
	t.Parallel()
	h := open(t, setting{})
	good, _ := h.register("ines@example.com")
	h.register("jo@example.com")
	h.signIn("ines@example.com")
	user := ask[string](h, `select id from users where email = 'ines@example.com'`)
	other := ask[string](h, `select id from users where email = 'jo@example.com'`)
	session := ask[string](h, `select id from sessions where door = 'api' and user_id = $1`, user)
	web := ask[string](h, `select id from sessions where door = 'web' and user_id = $1`, user)
	hs := jwt.SigningMethodHS256
	c := h.client()

	// The measure of all that follows: a forged token that lacks nothing is good.
	c.token = forge(t, oneKey, hs, user, session, nil)
	c.do("GET", "/api/me", nil).want(http.StatusOK)

	for name, token := range map[string]string{
		"no signature":      forge(t, oneKey, jwt.SigningMethodNone, user, session, nil),
		"another algorithm": forge(t, oneKey, jwt.SigningMethodHS512, user, session, nil),
		"another key":       forge(t, config.Key(strings.Repeat("x", 32)), hs, user, session, nil),
		"expired":           forge(t, oneKey, hs, user, session, func(c jwt.MapClaims) { c["exp"] = time.Now().Add(-time.Second).Unix() }),
		"never expires":     forge(t, oneKey, hs, user, session, func(c jwt.MapClaims) { delete(c, "exp") }),
		"another issuer":    forge(t, oneKey, hs, user, session, func(c jwt.MapClaims) { c["iss"] = "http://other.test" }),
		"another audience":  forge(t, oneKey, hs, user, session, func(c jwt.MapClaims) { c["aud"] = "http://hlpfl.test" }),
		"no audience":       forge(t, oneKey, hs, user, session, func(c jwt.MapClaims) { delete(c, "aud") }),
		"another's session": forge(t, oneKey, hs, other, session, nil),
		"a cookie's":        forge(t, oneKey, hs, user, web, nil),
		"no session":        forge(t, oneKey, hs, user, "", nil),
		"no user":           forge(t, oneKey, hs, "' or 1=1", session, nil),
		"wrong types":       forge(t, oneKey, hs, user, session, func(c jwt.MapClaims) { c["sid"] = 7 }),
		"cut off":           good.token[:len(good.token)-1],
		"signature removed": good.token[:strings.LastIndexByte(good.token, '.')+1],
		"garbage":           "x.y.z",
		"two dots":          "..",
		"very long":         strings.Repeat("a", 5000),
	} {
		c.token = token
		a := c.do("GET", "/api/me", nil)
		if a.status != http.StatusUnauthorized || a.header.Get("WWW-Authenticate") == "" {
			t.Errorf("%s: %d %s", name, a.status, a.body)
		}
	}
	for _, header := range []string{good.token, "Basic " + good.token, "Bearer", "Bearer ", "Bearer  " + good.token, "Bearer " + good.token + " x", "Bearer " + good.token + ",x"} {
		c.token, c.head = "", http.Header{"Authorization": {header}}
		c.do("GET", "/api/me", nil).want(http.StatusUnauthorized)
	}
	c.head = http.Header{"Authorization": {"Bearer " + good.token, "Bearer " + good.token}}
	c.do("GET", "/api/me", nil).want(http.StatusUnauthorized)
	c.head = http.Header{"Authorization": {"bearer " + good.token}}
	c.do("GET", "/api/me", nil).want(http.StatusOK)
	// A cookie opens nothing at the API, and a token nothing at the dashboard.
	h.signIn("ines@example.com").do("GET", "/api/me", nil).want(http.StatusUnauthorized)
	good.do("GET", "/dashboard/account", nil).want(http.StatusSeeOther)
}

func TestKeysRotate(t *testing.T) {
	t.Parallel()
	before := open(t, setting{})
	c, _ := before.register("ines@example.com")
	user := ask[string](before, `select id from users`)
	session := ask[string](before, `select id from sessions`)
	newKey := config.Key(strings.Repeat("n", 32))
	after := open(t, setting{keys: []config.Key{newKey, oneKey}})
	after.exec(`insert into users (id, email) values ($1, 'ines@example.com')`, user)
	after.exec(`insert into sessions (id, user_id, door, expires_at) values ($1, $2, 'api', now() + interval '1 day')`, session, user)
	moved := after.client()
	moved.token = c.token // signed by what is the second key now
	moved.do("GET", "/api/me", nil).want(http.StatusOK)
	moved.token = forge(t, newKey, jwt.SigningMethodHS256, user, session, nil)
	moved.do("GET", "/api/me", nil).want(http.StatusOK)
	// The new key signs: the house that knows the old one alone refuses its tokens.
	signed, _ := after.register("jo@example.com")
	c.token = signed.token
	c.do("GET", "/api/me", nil).want(http.StatusUnauthorized)
}

func TestRefreshRotates(t *testing.T) {
	t.Parallel()
	h := open(t, setting{})
	c, first := h.register("ines@example.com")
	// An old access token that a program sends along everywhere is in nobody's way.
	c.token = "old"
	a := c.do("POST", "/api/auth/refresh", map[string]string{"refresh_token": first}).want(http.StatusOK)
	second := a.field("refresh_token")
	if second == first || a.json()["expires_in"] != 900.0 || a.field("token_type") != "Bearer" {
		t.Fatalf("refresh: %s", a.body)
	}
	c.token = a.field("access_token")
	c.do("GET", "/api/me", nil).want(http.StatusOK)
	if n := ask[int](h, `select count(*) from refresh_tokens where hash = sha256($1)`, []byte(second)); n != 1 {
		t.Error("the token is not kept by its hash")
	}
	// The first one again: somebody has a copy. All that came of it ends.
	c.do("POST", "/api/auth/refresh", map[string]string{"refresh_token": first}).want(http.StatusUnauthorized)
	c.do("GET", "/api/me", nil).want(http.StatusUnauthorized)
	c.do("POST", "/api/auth/refresh", map[string]string{"refresh_token": second}).want(http.StatusUnauthorized)
	if n := ask[int](h, `select count(*) from audit_log where action = 'session.refresh_reused'`); n != 1 {
		t.Errorf("%d lines in the audit log", n)
	}
	if reason := ask[string](h, `select end_reason from sessions`); reason != "refresh token used twice" {
		t.Errorf("ended because of %q", reason)
	}
}

func TestOneOfManyRefreshesWins(t *testing.T) {
	t.Parallel()
	h := open(t, setting{})
	_, token := h.register("ines@example.com")
	statuses := make([]int, 8)
	var wg sync.WaitGroup
	for i := range statuses {
		wg.Go(func() {
			statuses[i] = h.client().do("POST", "/api/auth/refresh", map[string]string{"refresh_token": token}).status
		})
	}
	wg.Wait()
	won := 0
	for _, s := range statuses {
		if s == http.StatusOK {
			won++
		} else if s != http.StatusUnauthorized {
			t.Errorf("status %d", s)
		}
	}
	if won != 1 {
		t.Errorf("%d refreshes won: %v", won, statuses)
	}
	if n := ask[int](h, `select count(*) from refresh_tokens`); n != 2 {
		t.Errorf("%d refresh tokens", n)
	}
	if n := ask[int](h, `select count(*) from sessions where ended_at is null`); n != 0 {
		t.Error("the family outlives the reuse of its token")
	}
}
