package e2e

import (
	"testing"

	"github.com/hlpfl/platform/tests/idp"
	"github.com/hlpfl/platform/tests/program"
)

// TestProviders goes to Google, Apple and Spotify and back, as a browser does: over their own host names, by redirects
// and, from Apple, by a post from another site. One account has two ways in, another comes without a proven address.
func TestProviders(t *testing.T) {
	t.Parallel()
	app := vendors.NewApp(t)
	p := program.Start(t, program.Options{Env: app.Env()})
	app.Serve(p.URL)
	vendors.Add(idp.Person{Subject: "g-maud", Email: "maud@example.com", Verified: true, Name: "Maud Teller"})
	vendors.Add(idp.Person{Subject: "a-maud", Email: "relay@privaterelay.example", Verified: true, Private: true, Name: "M T"})
	vendors.Add(idp.Person{Subject: "s-jo", Email: "jo@example.com", Name: "Jo Barrow"})
	b := artist(t, p)
	b.Leaves()
	b.Forgive("status of 403")
	consent := func(host, account string) {
		t.Helper()
		b.At("https://" + host + "/")
		b.Field("Account").Paste(account)
		b.Button("Continue").Click()
	}
	out := func() {
		t.Helper()
		b.Button("Sign out").Click()
		b.Button("Sign out").SeeNot()
	}

	b.Go("/register")
	b.Button("Continue with Google").Click()
	b.At("https://accounts.google.com/")
	b.Button("Cancel").Click()
	b.At("/auth/google/callback")
	b.See("You stopped at Google", "Nothing was changed")
	b.Button("Continue with Google").Click()
	consent("accounts.google.com", "maud@example.com")
	b.At("/dashboard")
	b.See("Maud Teller")

	b.Go("/dashboard/account/security")
	b.Link("Connect Apple").Click()
	b.Button("Connect Apple").Click()
	consent("appleid.apple.com", "relay@privaterelay.example")
	b.At("/dashboard/account/security")
	b.See("Connected.", "relay@privaterelay.example")
	out()

	b.Go("/login?next=/dashboard/account")
	b.Button("Continue with Apple").Click()
	consent("appleid.apple.com", "relay@privaterelay.example")
	b.At("/dashboard/account") // where one was going
	b.See("maud@example.com")
	out()

	b.Go("/login")
	b.Button("Continue with Spotify").Click()
	consent("accounts.spotify.com", "jo@example.com")
	b.At("/auth/address")
	b.See("Jo Barrow")
	b.Field("E-mail").Holds("jo@example.com")
	b.Button("Make my account").Click()
	b.At("/dashboard")
	b.See("Jo Barrow")
}
