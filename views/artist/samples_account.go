package artist

import (
	"time"

	"github.com/hlpfl/platform/views/ui"
)

const sampleEmail = "ines@inesokafor.example"

func accountSamples() []ui.Sample {
	app := sampleApp("Account", ui.PlaceAccount)
	account := Account{
		App: app, Email: sampleEmail, Name: "Ines Okafor", TimeZone: "Europe/London", Plan: "Free",
		Limits: []ui.Meter{{What: "profiles", Used: 1, Limit: 1, Plan: "Free", LiftedBy: "Artist", Lifted: 3}, {What: "clicks this month", Used: 62, Limit: 100, Plan: "Free", LiftedBy: "Artist"}},
	}
	wrong := account
	wrong.TimeZone = "Mars/Olympus"
	wrong.Errors = ui.Errors{"time_zone": "There is no such time zone. Write it like Europe/London."}
	samples := []ui.Sample{{Name: "account", Component: AccountPage(account)}, {Name: "account-wrong", Component: AccountPage(wrong)}}
	samples = append(samples, deviceSamples(app)...)
	return append(samples, securitySamples(app)...)
}

func deviceSamples(app ui.App) []ui.Sample {
	many := Devices{App: app, Email: sampleEmail, Now: sampleNow, Sessions: []Session{
		{ID: sampleSession, Device: "Firefox on Linux", Place: "Portugal", Since: sampleNow.Add(-50 * time.Hour), Seen: sampleNow, Here: true},
		{ID: sampleSession, Device: "Safari on iPhone", Since: sampleNow.AddDate(0, -2, 0), Seen: sampleNow.Add(-3 * time.Minute)},
		{ID: sampleSession, Device: "API client", Place: "Germany", Since: sampleNow.AddDate(-1, 0, 0), Seen: sampleNow.AddDate(0, 0, -9)},
	}}
	one := many
	one.Sessions = many.Sessions[:1]
	return []ui.Sample{{Name: "devices", Component: DevicesPage(many)}, {Name: "devices-one", Component: DevicesPage(one)}}
}

func securitySamples(app ui.App) []ui.Sample {
	whole := Security{App: app, Email: sampleEmail, Now: sampleNow, Password: PasswordPart{Set: true, ChangedAt: sampleNow.AddDate(0, -3, 0)}}
	bare := Security{App: app, Email: sampleEmail, Now: sampleNow}
	form := PasswordForm{App: app, Email: sampleEmail, Set: true}
	wrong := form
	wrong.Errors = ui.Errors{"current_password": "This is not your present password. Capital letters matter.", "password": "This is too short: 8 characters at least."}
	return []ui.Sample{
		{Name: "security", Component: SecurityPage(whole)}, {Name: "security-bare", Component: SecurityPage(bare)},
		{Name: "password", Component: PasswordPage(form)}, {Name: "password-wrong", Component: PasswordPage(wrong)},
	}
}
