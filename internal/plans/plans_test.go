package plans

import "testing"

// The contract's table, by hand: a change of the code alone must fail here.
func TestTableIsTheContracts(t *testing.T) {
	for _, want := range []struct {
		plan                                       Plan
		dollars, profiles, links, clicks, pictures int
		advanced, look, branding, api, white, sla  bool
	}{
		{Free, 0, 1, 5, 100, 50, false, false, true, false, false, false},
		{Artist, 9, 3, Unlimited, Unlimited, 500, true, true, false, false, false, false},
		{Business, 29, 10, Unlimited, Unlimited, 2000, true, true, false, true, true, false},
		{Enterprise, 99, Unlimited, Unlimited, Unlimited, Unlimited, true, true, false, true, true, true},
	} {
		e := Of(want.plan)
		if e.DollarsMonthly != want.dollars || e.Profiles != want.profiles || e.Links != want.links || e.ClicksPerMonth != want.clicks ||
			e.AdvancedAnalytics != want.advanced || e.OwnLook != want.look || e.Branding != want.branding || e.API != want.api ||
			e.Pictures != want.pictures || e.WhiteLabel != want.white || e.SLA != want.sla {
			t.Errorf("%s: %+v", want.plan, e)
		}
	}
}

func TestUnknownPlanIsFree(t *testing.T) {
	if Of("gold").Plan != Free || Known("gold") || !Known("business") {
		t.Error("an unknown plan must allow what Free allows")
	}
}

func TestLiftedBy(t *testing.T) {
	profiles := func(e Entitlements) int { return e.Profiles }
	for plan, want := range map[Plan]Plan{Free: Artist, Artist: Business, Business: Enterprise, Enterprise: ""} {
		if got := LiftedBy(plan, profiles); got != want {
			t.Errorf("LiftedBy(%s) = %q, want %q", plan, got, want)
		}
	}
	if got := LiftedBy(Artist, func(e Entitlements) int { return e.Links }); got != "" {
		t.Errorf("unlimited links are lifted by %q", got)
	}
}

func TestOwnLookBeginsWithArtist(t *testing.T) {
	if p := Lowest(func(e Entitlements) bool { return e.OwnLook }); p != Artist {
		t.Errorf("a look of one's own begins with %s", p)
	}
}

func TestHigherAndWithin(t *testing.T) {
	if Higher(Free, Business) != Business || Higher(Enterprise, Artist) != Enterprise {
		t.Error("Higher")
	}
	if !Within(5, 5) || Within(6, 5) || !Within(1_000_000, Unlimited) {
		t.Error("Within")
	}
}
