package web

import (
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
}

// MeterOut is a limit of the plan as programs get it.
type MeterOut struct {
	Limit *int `json:"limit" doc:"null where there is none"`
	Used  int  `json:"used"`
}

// MeOf makes it.
func MeOf(u model.User, used store.Usage) Me {
	allowed := plans.Of(plans.Plan(u.Plan))
	meter := func(limit, used int) MeterOut {
		if limit == plans.Unlimited {
			return MeterOut{Used: used}
		}
		return MeterOut{&limit, used}
	}
	return Me{
		ID: u.ID, Email: u.Email, EmailVerified: u.EmailVerifiedAt != nil, Name: u.Name, Language: u.Language, TimeZone: u.TimeZone, Plan: u.Plan,
		Limits: map[string]MeterOut{
			"profiles":         meter(allowed.Profiles, used.Profiles),
			"links":            meter(allowed.Links, used.Links),
			"pictures":         meter(allowed.Pictures, used.Pictures),
			"clicks_per_month": meter(allowed.ClicksPerMonth, used.ClicksPerMonth),
		},
	}
}
