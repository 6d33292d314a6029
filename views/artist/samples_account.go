package artist

import (
	"time"

	"github.com/hlpfl/platform/internal/model"
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
	samples = append(samples, securitySamples(app)...)
	samples = append(samples, factorSamples(app)...)
	samples = append(samples, keySamples(app)...)
	samples = append(samples, activitySamples(app)...)
	return append(samples, dataSamples(app)...)
}

func dataSamples(app ui.App) []ui.Sample {
	id := model.ExportID(sampleSession)
	ready := Export{ID: id, State: "ready", Bytes: 48_230_113, Asked: sampleNow.AddDate(0, 0, -2), Until: sampleNow.AddDate(0, 0, 5)}
	page := func(name string, list ...Export) ui.Sample {
		return ui.Sample{Name: name, Component: DataPage(Data{App: app, Email: sampleEmail, Now: sampleNow, Exports: list})}
	}
	return []ui.Sample{
		page("data"), page("data-waiting", Export{ID: id, State: "waiting", Asked: sampleNow}),
		page("data-running", Export{ID: id, State: "running", Done: 112, Total: 301, Asked: sampleNow.Add(-20 * time.Second)}, ready),
		{Name: "delete", Component: DeletePage(Delete{App: app, Email: sampleEmail, Day: sampleNow.AddDate(0, 0, 14), Pages: 3, Shared: []SharedPage{{Name: "Ines Okafor", Handle: "inesokafor", People: 2}}})},
		{Name: "delete-wrong", Component: DeletePage(Delete{App: app, Email: sampleEmail, Typed: "ines@", Day: sampleNow.AddDate(0, 0, 14), Errors: ui.Errors{"email": "This is not the account’s address. Type it as it stands above."}})},
		{Name: "delete-admin", Component: DeletePage(Delete{App: app, Email: sampleEmail, Admin: true})},
		{Name: "closing", Component: ClosingPage(Closing{Email: sampleEmail, Day: sampleNow.AddDate(0, 0, 14)})},
		page("data-ready", ready), page("data-failed", Export{ID: id, State: "failed", Asked: sampleNow.Add(-time.Hour)}, ready),
	}
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
	whole := Security{App: app, Email: sampleEmail, Now: sampleNow, Mail: EmailPart{Address: sampleEmail, Proved: true}, Password: PasswordPart{Set: true, ChangedAt: sampleNow.AddDate(0, -3, 0)}, Connections: sampleConnections()}
	bare := Security{App: app, Email: sampleEmail, Now: sampleNow, Mail: EmailPart{Address: sampleEmail, Undelivered: true}}
	email := EmailForm{App: app, Present: sampleEmail, Proved: true}
	mistyped := email
	mistyped.Email, mistyped.Errors = "ines@new", ui.Errors{"email": "This is no e-mail address we can write to. It looks like name@example.com."}
	form := PasswordForm{App: app, Email: sampleEmail, Set: true}
	wrong := form
	wrong.Errors = ui.Errors{"current_password": "This is not your present password. Capital letters matter.", "password": "This is too short: 8 characters at least."}
	return []ui.Sample{
		{Name: "connections", Component: ConnectionsPage(Connections{App: app, Email: sampleEmail, Now: sampleNow, List: sampleConnections()})},
		{Name: "security", Component: SecurityPage(whole)}, {Name: "security-bare", Component: SecurityPage(bare)},
		{Name: "email", Component: EmailPage(email)}, {Name: "email-wrong", Component: EmailPage(mistyped)},
		{Name: "password", Component: PasswordPage(form)}, {Name: "password-wrong", Component: PasswordPage(wrong)},
	}
}

func keySamples(app ui.App) []ui.Sample {
	key := model.KeyID(sampleSession)
	other := model.KeyID(sampleProfile)
	list := Keys{App: app, Email: sampleEmail, Now: sampleNow, Keys: []Key{
		{ID: key, Name: "Website", Ending: "q7fa", May: []string{"See profiles, drafts and versions"}, Made: sampleNow.AddDate(0, -2, 0), Used: sampleNow.Add(-3 * time.Minute)},
		{ID: other, Name: longName, Ending: "2mzz", Handle: "inesokafor", May: []string{"See and export analytics", "See your name, address and plan"}, Made: sampleNow.AddDate(0, -1, 0), Expires: sampleNow.AddDate(0, 2, 0)},
	}}
	made := list
	made.Made = "hlpfl_" + "abcdefghijklmnopqrstuvwxyz234567abcdefghijklmnopqrst"
	closed := Keys{App: app, Email: sampleEmail, Now: sampleNow, Closed: "Your plan, Free, has no API keys. Business has."}
	form := KeyForm{App: app, Email: sampleEmail, Days: "90", Profiles: []ui.Choice{{Value: "", Label: "All of mine", Chosen: true}, {Value: "x", Label: "Ines Okafor (inesokafor)"}}}
	for _, s := range model.Scopes() {
		form.Scopes = append(form.Scopes, ui.Choice{Value: string(s.Scope), Label: s.Words})
	}
	wrong := form
	wrong.Errors = ui.Errors{"name": "Say what the key is for, so that you know it again.", "scopes": "Choose at least one thing that the key may do."}
	return []ui.Sample{
		{Name: "keys", Component: KeysPage(list)}, {Name: "keys-made", Component: KeysPage(made)}, {Name: "keys-none", Component: KeysPage(Keys{App: app, Email: sampleEmail, Now: sampleNow})},
		{Name: "keys-closed", Component: KeysPage(closed)}, {Name: "key-new", Component: KeyPage(form)}, {Name: "key-wrong", Component: KeyPage(wrong)},
	}
}

// sampleConnections are one that can go, one that may not, and one that is not there.
func sampleConnections() ConnectionsPart {
	since, used := sampleNow.AddDate(0, -2, 0), sampleNow.AddDate(0, 0, -3)
	return ConnectionsPart{
		{Provider: "google", Label: "Google", Connected: true, Offered: true, Email: sampleEmail, Since: since, Used: used},
		{Provider: "apple", Label: "Apple", Connected: true, Offered: true, Since: since, Used: used, Last: true},
		{Provider: "spotify", Label: "Spotify", Offered: true},
	}
}

func activitySamples(app ui.App) []ui.Sample {
	log := Activity{App: app, Email: sampleEmail, Now: sampleNow, Older: "/dashboard/account/activity?cursor=x", Lines: []ActivityLine{
		{What: ui.Did("user.signed_in"), Detail: "by password and totp, Safari on iPhone", From: "203.0.113.0/24", At: sampleNow.Add(-time.Minute)},
		{What: ui.Did("user.sign_in_failed"), By: "by somebody else", From: "2001:db8:77::/48", At: sampleNow.Add(-time.Hour), Bad: true},
		{What: ui.Did("key.made"), Detail: longName, From: "203.0.113.0/24", At: sampleNow.AddDate(0, 0, -2)},
		{What: ui.Did("plan.granted"), Detail: "business", By: "by HLPFL", At: sampleNow.AddDate(0, -2, 0)},
	}}
	end := Activity{App: app, Email: sampleEmail, Now: sampleNow, Back: true}
	return []ui.Sample{{Name: "activity", Component: ActivityPage(log)}, {Name: "activity-end", Component: ActivityPage(end)}}
}
