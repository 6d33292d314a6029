package app_test

import (
	"strings"
	"testing"
	"time"

	"github.com/hlpfl/platform/tests/program"
)

func TestAdminCommandsSayWhomTheyDoNotKnow(t *testing.T) {
	t.Parallel()
	p := program.Start(t, program.Options{})
	for _, err := range []error{
		p.App.SetAdmin(t.Context(), "nobody@example.com", true),
		p.App.GrantPlan(t.Context(), "Nobody@example.com ", "artist", "a try"),
	} {
		if err == nil || err.Error() != "nobody is registered as nobody@example.com" {
			t.Errorf("said %v", err)
		}
	}
	if err := p.App.GrantPlan(t.Context(), "nobody@example.com", "gold", "a try"); err == nil || !strings.Contains(err.Error(), `no plan "gold"`) {
		t.Errorf("an unknown plan: %v", err)
	}
}

func TestAGrantLiftsThePlanAndIsWrittenDown(t *testing.T) {
	t.Parallel()
	p := program.Start(t, program.Options{})
	c := p.Register(t, "granted@example.com")
	if err := p.App.GrantPlan(t.Context(), "Granted@Example.com", "business", "a gift"); err != nil {
		t.Fatal(err)
	}
	if plan := c.Do("GET", "/api/me", nil).JSON(t)["plan"]; plan != "business" {
		t.Errorf("the plan is %v", plan)
	}
}

func TestSuspendingClosesEverythingAndLiftingOpensIt(t *testing.T) {
	t.Parallel()
	p := program.Start(t, program.Options{})
	c := p.Register(t, "ines@example.com")
	other := p.Register(t, "jo@example.com")
	if err := p.App.GrantPlan(t.Context(), "ines@example.com", "business", "keys"); err != nil {
		t.Fatal(err)
	}
	c.Profile("suspended-page")
	other.Profile("another-page")
	browser := p.SignIn(t, "ines@example.com")
	key := p.Client(t)
	key.Token = c.Do("POST", "/api/keys", map[string]any{"name": "x", "scopes": []string{"profiles:read"}}).JSON(t)["key"].(string)
	fan := p.Client(t)
	status := func(c *program.Client, path string) int { return c.Do("GET", path, nil).Status }
	login := func() program.Answer {
		return p.Client(t).Do("POST", "/api/auth/login", map[string]string{"email": "ines@example.com", "password": program.Password})
	}
	page := func(want int) {
		t.Helper()
		for until := time.Now().Add(5 * time.Second); status(fan, "/suspended-page") != want; time.Sleep(50 * time.Millisecond) {
			if time.Now().After(until) {
				t.Fatalf("the page answers %d five seconds later, want %d", status(fan, "/suspended-page"), want)
			}
		}
	}
	page(200)
	if err := p.App.Suspend(t.Context(), "Ines@example.com", "spam", true); err != nil {
		t.Fatal(err)
	}
	if a, b, k := status(c, "/api/me"), status(browser, "/dashboard"), status(key, "/api/profiles"); a != 401 || b != 303 || k != 401 {
		t.Errorf("API %d, desk %d, key %d", a, b, k)
	}
	if a := login(); a.Status != 403 || !strings.Contains(string(a.Body), "suspended") {
		t.Errorf("signing in: %d %s", a.Status, a.Body)
	}
	page(410)
	if status(fan, "/another-page") != 200 {
		t.Error("somebody else's page is gone too")
	}
	if err := p.App.Suspend(t.Context(), "ines@example.com", "it was none", false); err != nil {
		t.Fatal(err)
	}
	page(200)
	// What ended stays ended.
	if a, k := status(c, "/api/me"), status(key, "/api/profiles"); a != 401 || k != 401 {
		t.Errorf("API %d, key %d", a, k)
	}
	if a := login(); a.Status != 200 {
		t.Errorf("signing in again: %d", a.Status)
	}
}

func TestAdminRightsAskForANewSignIn(t *testing.T) {
	t.Parallel()
	p := program.Start(t, program.Options{})
	c := p.Register(t, "boss@example.com")
	for _, admin := range []bool{true, false} {
		if err := p.App.SetAdmin(t.Context(), "boss@example.com", admin); err != nil {
			t.Fatal(err)
		}
		if a := c.Do("GET", "/api/me", nil); a.Status != 401 {
			t.Errorf("with the rights of before: %d", a.Status)
		}
		a := c.Do("POST", "/api/auth/login", map[string]string{"email": "boss@example.com", "password": program.Password})
		c.Token, _ = a.JSON(t)["access_token"].(string)
	}
}

func TestAnAdminSignsSomebodyOut(t *testing.T) {
	t.Parallel()
	p := program.Start(t, program.Options{})
	c, other := p.Register(t, "ines@example.com"), p.Register(t, "jo@example.com")
	browser := p.SignIn(t, "ines@example.com")
	if err := p.App.SignOut(t.Context(), "ines@example.com", "a lost phone"); err != nil {
		t.Fatal(err)
	}
	if a, b, o := c.Do("GET", "/api/me", nil).Status, browser.Do("GET", "/dashboard", nil).Status, other.Do("GET", "/api/me", nil).Status; a != 401 || b != 303 || o != 200 {
		t.Errorf("API %d, desk %d, somebody else %d", a, b, o)
	}
}
