package identity

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"github.com/hlpfl/platform/tests/idp"
	"github.com/hlpfl/platform/tests/program"
)

// factor gives an account an authenticator app and tells its codes.
func (h *house) factor(email string) (code func() string) {
	h.t.Helper()
	c := h.Client(h.t)
	a := c.Do("POST", "/api/auth/login", map[string]string{"email": email, "password": program.Password})
	c.Token = a.JSON(h.t)["access_token"].(string)
	a = c.Do("POST", "/api/auth/totp", map[string]any{})
	secret, _ := a.JSON(h.t)["secret"].(string)
	at := time.Now().Add(-30 * time.Second)
	code = func() string {
		h.t.Helper()
		now, err := totp.GenerateCode(secret, at)
		if err != nil {
			h.t.Fatal(err)
		}
		at = at.Add(30 * time.Second) // each code is good once
		return now
	}
	if a = c.Do("POST", "/api/auth/totp/confirm", map[string]string{"code": code()}); a.Status != http.StatusOK {
		h.t.Fatalf("the app: %d %s", a.Status, a.Body)
	}
	return code
}

func TestASecondFactorStandsBehindTheProviderToo(t *testing.T) {
	t.Parallel()
	h := open(t)
	who := somebody(true)
	h.register(who.Email, true)
	code := h.factor(who.Email)
	c := h.Client(t)
	h.want(h.enter(c, idp.Google, who), http.StatusSeeOther, "/login/second-factor")
	// Nothing has happened yet.
	if in(c) || ask[int](h, `select count(*) from identities`) != 0 || !ask[bool](h, `select password_hash is not null from users`) {
		t.Fatal("linked before the second factor was met")
	}
	h.want(c.Do("POST", "/login/second-factor", url.Values{"code": {"000000"}}), http.StatusUnauthorized, "")
	if in(c) || ask[int](h, `select count(*) from identities`) != 0 {
		t.Fatal("a wrong code links")
	}
	h.want(c.Do("POST", "/login/second-factor", url.Values{"code": {code()}}), http.StatusSeeOther, "/dashboard/account/security?done=linked")
	if !in(c) || ask[int](h, `select count(*) from identities where subject = $1`, who.Subject) != 1 || ask[bool](h, `select password_hash is not null from users`) {
		t.Error("not linked by the second factor")
	}
	if n := ask[int](h, `select count(*) from waiting_identities`); n != 0 {
		t.Errorf("%d wait still", n)
	}
	// From now on the provider is the first proof, and still not enough.
	again := h.Client(t)
	h.want(h.enter(again, idp.Google, who), http.StatusSeeOther, "/login/second-factor")
	if in(again) {
		t.Error("the provider alone is enough")
	}
}
