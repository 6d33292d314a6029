package web

import (
	"time"

	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/internal/plans"
	"github.com/hlpfl/platform/store"
)

// Me is the signed-in user as programs get it.
type Me struct {
	ID            model.UserID        `json:"id"`
	Email         string              `json:"email"`
	EmailVerified bool                `json:"email_verified"`
	Name          string              `json:"name"`
	Language      string              `json:"language"`
	TimeZone      string              `json:"time_zone"`
	Plan          string              `json:"plan" doc:"free, artist, business or enterprise"`
	Limits        map[string]MeterOut `json:"limits" doc:"by name: profiles, links and pictures (of the profile with most) and clicks_per_month"`
	SecondFactor  bool                `json:"second_factor"`
	ClosesAt      *time.Time          `json:"closes_at" doc:"when the account is deleted; null: it stays"`
	Connections   []Connection        `json:"connections,omitempty" doc:"accounts elsewhere that sign the user in; told by /api/me alone"`
}

// Connection is an account elsewhere that signs a user in, as programs get it.
type Connection struct {
	Provider    string    `json:"provider" doc:"google, spotify or apple"`
	Email       string    `json:"email" doc:"as the provider told it last; empty when it told none"`
	ConnectedAt time.Time `json:"connected_at"`
	UsedAt      time.Time `json:"used_at" doc:"when it signed in last"`
}

// ConnectionsOf makes them.
func ConnectionsOf(list []store.Identity) []Connection {
	var out []Connection
	for _, i := range list {
		out = append(out, Connection{i.Provider, i.Email, i.CreatedAt.UTC(), i.UsedAt.UTC()})
	}
	return out
}

// MeterOut is a limit of the plan as programs get it.
type MeterOut struct {
	Limit *int `json:"limit" doc:"null where there is none"`
	Used  int  `json:"used"`
}

// MeOf makes it; second tells whether the user has a second factor.
func MeOf(u model.User, used store.Usage, second bool) Me {
	allowed := plans.Of(plans.Plan(u.Plan))
	meter := func(limit, used int) MeterOut {
		if limit == plans.Unlimited {
			return MeterOut{Used: used}
		}
		return MeterOut{&limit, used}
	}
	return Me{
		ID: u.ID, Email: u.Email, EmailVerified: u.EmailVerifiedAt != nil, Name: u.Name, Language: u.Language, TimeZone: u.TimeZone, Plan: u.Plan, SecondFactor: second,
		ClosesAt: u.ClosesAt,
		Limits: map[string]MeterOut{
			"profiles":         meter(allowed.Profiles, used.Profiles),
			"links":            meter(allowed.Links, used.Links),
			"pictures":         meter(allowed.Pictures, used.Pictures),
			"clicks_per_month": meter(allowed.ClicksPerMonth, used.ClicksPerMonth),
		},
	}
}
