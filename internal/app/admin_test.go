package app_test

import (
	"strings"
	"testing"

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
