package program

import (
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"github.com/hlpfl/platform/tests/authenticator"
)

// Code is what an authenticator app with a secret shows some steps of 30 seconds from now.
func Code(t testing.TB, secret string, steps int) string {
	t.Helper()
	const period = 30 * time.Second
	if steps < 0 { // at a step's end it would be too old by the time it is looked at
		if left := period - time.Duration(time.Now().UnixNano()%int64(period)); left < 2*time.Second {
			time.Sleep(left)
		}
	}
	code, err := totp.GenerateCode(secret, time.Now().Add(time.Duration(steps)*period))
	if err != nil {
		t.Fatal(err)
	}
	return code
}

// BareAdmin makes an admin without a second factor and gives a client with a token,
// signed in after that.
func (p *Program) BareAdmin(t testing.TB, email string) *Client {
	t.Helper()
	c := p.Register(t, email)
	if err := p.App.SetAdmin(t.Context(), email, true); err != nil {
		t.Fatal(err)
	}
	c.Token = "" // it ended with the change
	a := c.ok(c.Do("POST", "/api/auth/login", map[string]string{"email": email, "password": Password}))
	c.Token = a.JSON(t)["access_token"].(string)
	return c
}

// Admin makes an admin with an authenticator app and gives a client with a token that
// was entered with it.
func (p *Program) Admin(t testing.TB, email string) *Client {
	t.Helper()
	c := p.BareAdmin(t, email)
	c.App()
	return c
}

// SignInAdmin signs somebody with recovery codes in by the forms.
func (p *Program) SignInAdmin(t testing.TB, admin *Client) *Client {
	t.Helper()
	c := p.SignIn(t, admin.Email)
	c.ok(c.Do("POST", "/login/second-factor", url.Values{"code": {admin.RecoveryCode()}}))
	return c
}

// RecoveryCode is one of the client's that was not used.
func (c *Client) RecoveryCode() string {
	c.t.Helper()
	if len(c.Codes) == 0 {
		c.t.Fatal("no recovery code is left")
	}
	code := c.Codes[0]
	c.Codes = c.Codes[1:]
	return code
}

// App sets an authenticator app up, with the code of the step before this one, and
// gives its secret. Where it is the first factor, Codes are there afterwards.
func (c *Client) App() (secret string) {
	c.t.Helper()
	secret = c.PendingApp()
	code := Code(c.t, secret, -1)
	if c.Token != "" {
		c.keep(c.ok(c.Do("POST", "/api/auth/totp/confirm", map[string]string{"code": code})))
	} else {
		c.keep(c.ok(c.Do("POST", "/dashboard/account/factors/app", url.Values{"code": {code}})))
	}
	return secret
}

// RemoveApp takes it away.
func (c *Client) RemoveApp() {
	c.t.Helper()
	if c.Token != "" {
		c.ok(c.Do("DELETE", "/api/auth/totp", nil))
		return
	}
	c.ok(c.Do("POST", "/dashboard/account/factors/app/remove", url.Values{}))
}

// keep takes recovery codes out of what showed them.
func (c *Client) keep(shown Answer) {
	if codes := recoveryCode.FindAllString(string(shown.Body), 10); len(codes) > 0 {
		c.Codes = codes
	}
}

var recoveryCode = regexp.MustCompile(`\b[a-z2-9]{5}(?:-[a-z2-9]{5}){4}\b`)

// PendingApp is the secret of an app whose first code is still to come.
func (c *Client) PendingApp() string {
	c.t.Helper()
	if c.Token != "" {
		return c.ok(c.Do("POST", "/api/auth/totp", nil)).JSON(c.t)["secret"].(string)
	}
	page := c.ok(c.Do("GET", "/dashboard/account/factors/app", nil))
	found := regexp.MustCompile(`data-copy="([A-Z2-7]{32})"`).FindSubmatch(page.Body)
	if found == nil {
		c.t.Fatalf("no secret on the page: %s", page.Body)
	}
	return string(found[1])
}

// Passkey makes a passkey on a new device, and gives its id. The program must be Named.
func (c *Client) Passkey() (device *authenticator.Device, id string) {
	c.t.Helper()
	device = authenticator.New(c.t, c.p.URL)
	if c.Token != "" {
		made := c.ok(c.Do("POST", "/api/auth/passkeys", c.Answer("/api/auth/passkeys", device.Create)))
		c.keep(made)
		return device, made.JSON(c.t)["id"].(string)
	}
	c.keep(c.ok(c.Do("POST", "/dashboard/account/factors/passkeys", c.Answer("/dashboard/account/factors/passkeys", device.Create))))
	page := c.ok(c.Do("GET", "/dashboard/account/factors", nil))
	ids := regexp.MustCompile(`/factors/passkeys/([0-9a-f-]{36})/remove"`).FindAllSubmatch(page.Body, -1)
	if len(ids) == 0 {
		c.t.Fatalf("no passkey on the page: %s", page.Body)
	}
	return device, string(ids[len(ids)-1][1])
}

// Answer lets a device answer what a route's options ask, as the route's door takes it.
func (c *Client) Answer(route string, sign func([]byte) json.RawMessage) any {
	c.t.Helper()
	asked := c.ok(c.Do("POST", route+"/options", nil))
	if !strings.HasPrefix(route, "/api/") {
		return url.Values{"credential": {string(sign(asked.Body))}}
	}
	var options struct {
		Ceremony string          `json:"ceremony"`
		Options  json.RawMessage `json:"options"`
	}
	if err := json.Unmarshal(asked.Body, &options); err != nil {
		c.t.Fatal(err)
	}
	return map[string]any{"ceremony": options.Ceremony, "credential": sign(options.Options)}
}

// SignInByPasskey signs an account in by the form, by a device alone.
func (p *Program) SignInByPasskey(t testing.TB, device *authenticator.Device) *Client {
	t.Helper()
	c := p.Client(t)
	c.ok(c.Do("POST", "/login/passkey", c.Answer("/login/passkey", device.Sign)))
	return c
}

func (c *Client) ok(a Answer) Answer {
	c.t.Helper()
	if a.Status >= http.StatusBadRequest || a.Status == http.StatusSeeOther && strings.HasPrefix(a.Header.Get("Location"), "/login") {
		c.t.Fatalf("answered %d %s %s", a.Status, a.Header.Get("Location"), a.Body)
	}
	return a
}
