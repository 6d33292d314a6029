package identity

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/hlpfl/platform/tests/idp"
	"github.com/hlpfl/platform/tests/program"
)

// register makes an account by the API with a password, whose address is proven or not.
func (h *house) register(email string, proven bool) *program.Client {
	h.t.Helper()
	c := h.Register(h.t, email)
	h.exec(`update users set email_verified_at = case when $2 then now() end where email = $1`, email, proven)
	return c
}

func TestAnAddressLinksWhenBothSidesHaveProvenIt(t *testing.T) {
	t.Parallel()
	h := open(t)
	for _, provider := range []string{idp.Google, idp.Apple} {
		who := somebody(true)
		token := h.register(who.Email, true)
		browser := h.SignIn(t, who.Email)
		h.exec(`insert into identities (provider, subject, user_id) select 'spotify', 'a stranger''s ' || $2, id from users where email = $1`, who.Email, provider)
		h.exec(`insert into api_keys (id, user_id, name, scopes, hash, ending) select gen_random_uuid(), id, 'key', '{}', cast($2 as bytea), 'x' from users where email = $1`, who.Email, provider)

		c := h.Client(t)
		h.want(h.enter(c, provider, who), http.StatusSeeOther, "/dashboard/account/security?done=linked")
		h.want(c.Do("GET", "/dashboard/account/security?done=linked", nil), http.StatusOK, "what let in before does so no more")
		if in(browser) || token.Do("GET", "/api/me", nil).Status != http.StatusUnauthorized {
			t.Errorf("%s: an older session lives on", provider)
		}
		if a := h.Client(t).Do("POST", "/api/auth/login", map[string]string{"email": who.Email, "password": program.Password}); a.Status != http.StatusUnauthorized {
			t.Errorf("%s: the older password lets in: %d", provider, a.Status)
		}
		left := ask[string](h, `select string_agg(provider, ',') from identities i join users u on u.id = i.user_id where u.email = $1`, who.Email)
		keys := ask[int](h, `select count(*) from api_keys k join users u on u.id = k.user_id where u.email = $1 and k.ended_at is null`, who.Email)
		mails := ask[int](h, `select count(*) from mails where kind = 'linked' and to_address = $1`, who.Email)
		if left != provider || keys != 0 || mails != 1 {
			t.Errorf("%s: identities %s, %d keys, %d mails", provider, left, keys, mails)
		}
		if n := ask[int](h, `select count(*) from audit_log a join users u on u.id = a.user_id where a.action = 'identity.linked' and u.email = $1`, who.Email); n != 1 {
			t.Errorf("%s: %d lines in the audit log", provider, n)
		}
	}
}

// Somebody registers with another's address and waits for its owner to come.
func TestAPreRegisteredAddressIsNotLinked(t *testing.T) {
	t.Parallel()
	h := open(t)
	for _, provider := range []string{idp.Google, idp.Apple} {
		who := somebody(true)
		waiting := h.register(who.Email, false)
		c := h.Client(t)
		h.want(h.enter(c, provider, who), http.StatusConflict, "nobody has shown yet that the address is theirs")
		if in(c) {
			t.Errorf("%s: signed in to an account that somebody else may have made", provider)
		}
		if n := ask[int](h, `select count(*) from identities`); n != 0 {
			t.Errorf("%s: linked", provider)
		}
		if waiting.Do("GET", "/api/me", nil).Status != http.StatusOK {
			t.Errorf("%s: the account was changed", provider)
		}
	}
}

func TestAnAddressThatTheProviderDidNotProveLinksNothing(t *testing.T) {
	t.Parallel()
	h := open(t)
	for _, provider := range all {
		for _, proven := range []bool{true, false} {
			who := somebody(provider == idp.Spotify) // Spotify's word counts for nothing
			h.register(who.Email, proven)
			stranger := somebody(provider == idp.Spotify)
			c := h.Client(t)
			a := h.enter(c, provider, who)
			b := h.enter(h.Client(t), provider, stranger)
			// The answer is the same as to an address that nobody has.
			if a.Status != http.StatusSeeOther || a.Header.Get("Location") != "/auth/address" || b.Header.Get("Location") != a.Header.Get("Location") {
				t.Fatalf("%s: %d %s and %s", provider, a.Status, a.Header.Get("Location"), b.Header.Get("Location"))
			}
			h.want(c.Do("GET", "/auth/address", nil), http.StatusOK, "does not vouch")
			h.want(c.Do("POST", "/auth/address", url.Values{"email": {who.Email}}), http.StatusConflict, "This address has an account already")
			if in(c) || ask[int](h, `select count(*) from identities where subject = $1`, who.Subject) != 0 {
				t.Errorf("%s: an unproven address opens an account", provider)
			}
			// Another address is as good, and proves nothing.
			h.want(c.Do("POST", "/auth/address", url.Values{"email": {"new-" + who.Email}}), http.StatusSeeOther, "/dashboard")
			if !in(c) || ask[bool](h, `select email_verified_at is not null from users where email = $1`, "new-"+who.Email) {
				t.Errorf("%s: an address that nobody proved counts as proven", provider)
			}
		}
	}
}

func TestNoAddressAtAllIsAskedFor(t *testing.T) {
	t.Parallel()
	h := open(t)
	for _, provider := range all {
		who := servers.Add(idp.Person{Subject: "no-address-" + provider, Name: "Jo Barrow", Verified: true})
		c := h.Client(t)
		h.want(h.enter(c, provider, who), http.StatusSeeOther, "/auth/address")
		for wrong, says := range map[string]string{"": "Write your e-mail address", "x": "no e-mail address", "a@b.example\r\nBcc: c@d.example": "", strings.Repeat("a", 10_000) + "@example.com": ""} {
			h.want(c.Do("POST", "/auth/address", url.Values{"email": {wrong}}), http.StatusUnprocessableEntity, says)
		}
		h.want(c.Do("POST", "/auth/address", url.Values{"email": {"Jo-" + provider + "@Example.COM"}}), http.StatusSeeOther, "/dashboard")
		if name := ask[string](h, `select name from users where email = $1 and email_verified_at is null`, "jo-"+provider+"@example.com"); name != "Jo Barrow" {
			t.Errorf("%s: %q", provider, name)
		}
		h.want(h.enter(h.Client(t), provider, who), http.StatusSeeOther, "/dashboard")
		// Without having been at a provider nobody makes an account here.
		h.want(h.Client(t).Do("POST", "/auth/address", url.Values{"email": {"nobody@example.com"}}), http.StatusForbidden, "start again")
	}
}
