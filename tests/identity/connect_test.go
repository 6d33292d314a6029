package identity

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/hlpfl/platform/tests/idp"
	"github.com/hlpfl/platform/tests/program"
)

// connect presses the button of the settings and goes the whole way.
func (h *house) connect(c *program.Client, provider string, who idp.Person) program.Answer {
	h.t.Helper()
	return h.bring(c, servers.Consent(h.t, h.out(c, provider), who))
}

func (h *house) out(c *program.Client, provider string) string {
	h.t.Helper()
	a := c.Do("POST", "/dashboard/account/connections/"+provider, url.Values{})
	to := a.Header.Get("Location")
	if a.Status != http.StatusSeeOther || !strings.HasPrefix(to, "https://") {
		h.t.Fatalf("connecting %s: %d %s %.300s", provider, a.Status, to, a.Body)
	}
	return to
}

func TestConnectAndDisconnect(t *testing.T) {
	t.Parallel()
	h := open(t)
	token := h.register("maud@example.com", false)
	c, other := h.SignIn(t, "maud@example.com"), h.SignIn(t, "maud@example.com")
	for _, provider := range all {
		who := somebody(false) // another address, proven or not: she is signed in
		h.want(h.connect(c, provider, who), http.StatusSeeOther, "/dashboard/account/security?done=connected")
		h.want(h.connect(c, provider, who), http.StatusSeeOther, "/dashboard/account/security?done=connected") // once more is once
		h.want(c.Do("GET", "/dashboard/account/security", nil), http.StatusOK, who.Email)
		h.want(h.connect(c, provider, somebody(true)), http.StatusConflict, "Disconnect that one first")
		again := h.Client(t)
		h.want(h.enter(again, provider, who), http.StatusSeeOther, "/dashboard")
		if me := ask[string](h, `select u.email from users u join identities i on i.user_id = u.id where i.subject = $1`, who.Subject); me != "maud@example.com" {
			t.Errorf("%s is connected to %s", provider, me)
		}
	}
	if in(other) || token.Do("GET", "/api/me", nil).Status != http.StatusUnauthorized {
		t.Error("another session lives on after a connection")
	}
	fresh := h.SignIn(t, "maud@example.com")
	api := h.Client(t)
	api.Token = api.Do("POST", "/api/auth/login", map[string]string{"email": "maud@example.com", "password": program.Password}).JSON(t)["access_token"].(string)
	if me := string(api.Do("GET", "/api/me", nil).Body); strings.Count(me, `"connected_at"`) != 3 || !strings.Contains(me, `"provider":"apple"`) {
		t.Errorf("/api/me: %s", me)
	}
	h.want(c.Do("POST", "/dashboard/account/connections/google/disconnect", url.Values{}), http.StatusSeeOther, "/dashboard/account/connections?done=disconnected")
	if in(fresh) || !in(c) {
		t.Error("another session lives on after a disconnection")
	}
	h.want(c.Do("POST", "/dashboard/account/connections/google/disconnect", url.Values{}), http.StatusNotFound, "")
	for kind, want := range map[string]int{"connected": 3, "disconnected": 1} {
		if n := ask[int](h, `select count(*) from mails where kind = $1`, kind); n != want {
			t.Errorf("%d mails of kind %s", n, kind)
		}
		if n := ask[int](h, `select count(*) from audit_log where action = 'identity.' || $1`, kind); n != want {
			t.Errorf("%d lines about %s", n, kind)
		}
	}
}

func TestTheLastWayInStays(t *testing.T) {
	t.Parallel()
	h := open(t)
	who := somebody(true)
	c := h.Client(t)
	h.want(h.enter(c, idp.Google, who), http.StatusSeeOther, "/dashboard")
	// The address is proven: a mail would let her in. Without that, Google is all she has.
	h.exec(`update users set email_verified_at = null`)
	h.want(c.Do("GET", "/dashboard/account/connections", nil), http.StatusOK, "This is your only way in")
	h.want(c.Do("POST", "/dashboard/account/connections/google/disconnect", url.Values{}), http.StatusConflict, "is your only way in, so it stays")
	if n := ask[int](h, `select count(*) from identities`); n != 1 || !in(c) {
		t.Fatal("the last way in is gone")
	}
	for way, statement := range map[string]string{
		"a password":       `update users set password_hash = 'x'`,
		"a proven address": `update users set email_verified_at = now()`,
		"a passkey": `insert into passkeys (id, user_id, credential_id, public_key, sign_count, aaguid, backup_eligible, backed_up, name)
			select gen_random_uuid(), id, 'c', 'k', 0, 'a', false, false, 'x' from users`,
		"another connection": `insert into identities (provider, subject, user_id) select 'apple', 'another', id from users`,
	} {
		h.exec(`delete from passkeys`)
		h.exec(`delete from identities where provider = 'apple'`)
		h.exec(`update users set password_hash = null, email_verified_at = null`)
		h.exec(statement)
		if a := c.Do("POST", "/dashboard/account/connections/google/disconnect", url.Values{}); a.Status != http.StatusSeeOther {
			t.Errorf("with %s: %d", way, a.Status)
		}
		h.exec(`insert into identities (provider, subject, user_id) select 'google', $1, id from users on conflict do nothing`, who.Subject)
	}
}

// Two ways in, both taken away at the same moment.
func TestTheLastTwoWaysInAreNotTakenAtOnce(t *testing.T) {
	t.Parallel()
	h := open(t)
	c := h.Client(t)
	h.want(h.enter(c, idp.Google, somebody(true)), http.StatusSeeOther, "/dashboard")
	for range 5 {
		h.exec(`insert into identities (provider, subject, user_id) select p, p, id from users, unnest(array['google', 'apple']) p on conflict do nothing`)
		h.exec(`update users set email_verified_at = null`)
		var wg sync.WaitGroup
		for _, provider := range []string{idp.Google, idp.Apple} {
			wg.Go(func() { c.Do("POST", "/dashboard/account/connections/"+provider+"/disconnect", url.Values{}) })
		}
		wg.Wait()
		if n := ask[int](h, `select count(*) from identities`); n != 1 {
			t.Fatalf("%d ways in are left", n)
		}
	}
}

func TestWhatSignsSomebodyElseInIsNotConnected(t *testing.T) {
	t.Parallel()
	h := open(t)
	who := somebody(true)
	h.want(h.enter(h.Client(t), idp.Google, who), http.StatusSeeOther, "/dashboard")
	h.register("bo@example.com", true)
	c := h.SignIn(t, "bo@example.com")
	a := h.connect(c, idp.Google, who)
	h.want(a, http.StatusConflict, "it signs somebody in already")
	if page := string(a.Body); strings.Contains(page, who.Email) || strings.Contains(page, who.Name) {
		t.Error("it is told whose it is")
	}
	if owner := ask[string](h, `select u.email from users u join identities i on i.user_id = u.id`); owner != who.Email {
		t.Errorf("it is %s's now", owner)
	}
}

// The attacker connects an account of theirs to the victim's, or the victim's to theirs.
func TestAConnectionIsMadeByWhoBeganIt(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.register("maud@example.com", true)
	h.register("eve@example.com", true)
	for _, provider := range all {
		maud, eve := h.SignIn(t, "maud@example.com"), h.SignIn(t, "eve@example.com")
		answer := servers.Consent(t, h.out(eve, provider), somebody(true))
		h.want(h.bring(maud, answer), http.StatusForbidden, "Nothing was changed")
		// The same browser, and somebody else signed in by now.
		shared := h.SignIn(t, "eve@example.com")
		answer = servers.Consent(t, h.out(shared, provider), somebody(true))
		shared.Do("POST", "/logout", url.Values{})
		h.want(h.bring(shared, answer), http.StatusForbidden, "Nothing was changed")
		answer = servers.Consent(t, h.out(eve, provider), somebody(true))
		eve.Do("POST", "/login", url.Values{"email": {"maud@example.com"}, "password": {program.Password}})
		h.want(h.bring(eve, answer), http.StatusForbidden, "Nothing was changed")
	}
	if n := ask[int](h, `select count(*) from identities`); n != 0 {
		t.Errorf("%d connections", n)
	}
}

func TestConnectionsAskForAFreshProof(t *testing.T) {
	t.Parallel()
	h := open(t)
	who := somebody(true)
	c := h.Client(t)
	h.want(h.enter(c, idp.Google, who), http.StatusSeeOther, "/dashboard")
	stale := func() { h.exec(`update sessions set proved_at = now() - interval '11 minutes'`) }
	stale()
	for _, path := range []string{"/dashboard/account/connections/apple", "/dashboard/account/connections/google/disconnect"} {
		h.want(c.Do("POST", path, url.Values{}), http.StatusSeeOther, "/dashboard/confirm")
	}
	h.want(c.Do("GET", "/dashboard/account/connections", nil), http.StatusSeeOther, "/dashboard/confirm")
	// Who has nothing but Google confirms by Google; another account there confirms nothing.
	confirm := func(who idp.Person) program.Answer {
		a := c.Do("POST", "/dashboard/confirm/google", url.Values{"next": {"/dashboard/account/connections"}})
		return h.bring(c, servers.Consent(t, a.Header.Get("Location"), who))
	}
	h.want(c.Do("GET", "/dashboard/confirm?next=/dashboard/account/connections", nil), http.StatusOK, "Confirm with Google")
	h.want(confirm(somebody(true)), http.StatusForbidden, "does not confirm that it is you")
	h.want(c.Do("GET", "/dashboard/account/connections", nil), http.StatusSeeOther, "/dashboard/confirm")
	h.want(confirm(who), http.StatusSeeOther, "/dashboard/account/connections")
	h.want(c.Do("GET", "/dashboard/account/connections", nil), http.StatusOK, "Accounts elsewhere")
	// Where there is a second factor, it is asked for instead.
	stale()
	h.exec(`insert into totp_secrets (user_id, secret, confirmed_at) select id, 'x', now() from users where email = $1`, who.Email)
	h.want(confirm(who), http.StatusForbidden, "does not confirm that it is you")
}
