// Package plans holds what each plan allows and costs: the one table that limits,
// screens and the pricing page read.
package plans

import "slices"

// Plan names a plan as it stands in users.subscription_tier.
type Plan string

// The plans, from the least to the most.
const (
	Free       Plan = "free"
	Artist     Plan = "artist"
	Business   Plan = "business"
	Enterprise Plan = "enterprise"
)

// Unlimited is a limit that is none.
const Unlimited = 0

// Entitlements is what a plan allows.
type Entitlements struct {
	Plan              Plan
	Name              string // as shown
	DollarsMonthly    int
	Profiles          int // Unlimited for no limit
	Links             int // a profile; Unlimited for no limit
	Pictures          int // a profile; Unlimited for no limit
	ClicksPerMonth    int // counted clicks a calendar month (UTC) and user that analytics show
	AdvancedAnalytics bool
	OwnLook           bool // own colours and fonts
	Branding          bool // "Made with HLPFL" stands at the foot
	CustomDomains     bool
	API               bool // long-lived keys
	Integrations      bool
	WhiteLabel        bool
	CustomBranding    bool
	SLA               bool
	Support           string
}

var table = []Entitlements{
	{Plan: Free, Name: "Free", DollarsMonthly: 0, Profiles: 1, Links: 5, Pictures: 50, ClicksPerMonth: 100, Branding: true, Support: "community"},
	{Plan: Artist, Name: "Artist", DollarsMonthly: 9, Profiles: 3, Pictures: 500, AdvancedAnalytics: true, OwnLook: true, Support: "e-mail"},
	{Plan: Business, Name: "Business", DollarsMonthly: 29, Profiles: 10, Pictures: 2000, AdvancedAnalytics: true, OwnLook: true,
		CustomDomains: true, API: true, Integrations: true, WhiteLabel: true, Support: "priority"},
	{Plan: Enterprise, Name: "Enterprise", DollarsMonthly: 99, AdvancedAnalytics: true, OwnLook: true,
		CustomDomains: true, API: true, Integrations: true, WhiteLabel: true, CustomBranding: true, SLA: true, Support: "dedicated"},
}

// All lists the plans from the least to the most.
func All() []Entitlements { return slices.Clone(table) }

// Of gives what a plan allows. An unknown name allows what Free allows: a wrong
// row in the database must never give more than was paid for.
func Of(p Plan) Entitlements {
	for _, e := range table {
		if e.Plan == p {
			return e
		}
	}
	return table[0]
}

// Known reports whether a name is a plan's.
func Known(name string) bool {
	return slices.ContainsFunc(table, func(e Entitlements) bool { return string(e.Plan) == name })
}

// Higher gives the higher of two plans.
func Higher(a, b Plan) Plan {
	if rank(b) > rank(a) {
		return b
	}
	return a
}

func rank(p Plan) int {
	return slices.IndexFunc(table, func(e Entitlements) bool { return e.Plan == p })
}

// LiftedBy names the lowest plan above p whose limit allows more than p's; "" when
// none does. of picks the limit.
func LiftedBy(p Plan, of func(Entitlements) int) Plan {
	have := of(Of(p))
	for _, e := range table[max(rank(p), 0)+1:] {
		if more := of(e); have != Unlimited && (more == Unlimited || more > have) {
			return e.Plan
		}
	}
	return ""
}

// Lowest names the lowest plan that has something; there must be one.
func Lowest(has func(Entitlements) bool) Plan { return table[slices.IndexFunc(table, has)].Plan }

// Within reports whether n fits into a limit.
func Within(n, limit int) bool { return limit == Unlimited || n <= limit }
