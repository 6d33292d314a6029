package e2e

import (
	"context"
	"testing"

	"github.com/chromedp/cdproto/webauthn"
	"github.com/chromedp/chromedp"

	"github.com/hlpfl/platform/tests/program"
)

// TestPasskeyAppAndRecoveryCode: somebody sets up a passkey and an app, and comes in by
// each, and by a recovery code.
func TestPasskeyAppAndRecoveryCode(t *testing.T) {
	t.Parallel()
	p := program.Start(t, program.Options{Named: true})
	p.Register(t, "maud@example.com")
	b := artist(t, p)
	b.Do(webauthn.Enable(), chromedp.ActionFunc(func(ctx context.Context) error {
		_, err := webauthn.AddVirtualAuthenticator(&webauthn.VirtualAuthenticatorOptions{
			Protocol: webauthn.AuthenticatorProtocolCtap2, Transport: webauthn.AuthenticatorTransportInternal,
			HasResidentKey: true, HasUserVerification: true, IsUserVerified: true, AutomaticPresenceSimulation: true,
		}).Do(ctx)
		return err
	}))
	password := func() {
		b.Go("/login")
		b.Field("E-mail").Paste("maud@example.com")
		b.Field("Password").Paste(program.Password)
		b.Button("Sign in").Click()
	}
	password()
	b.At("/dashboard")
	b.Go("/dashboard/account/factors/passkeys")
	b.Button("Make a passkey").Click()
	b.See("It is on. Keep these.")
	var recovery string
	b.Must(`document.querySelector(".recovery__codes li").textContent`, &recovery)

	b.Go("/dashboard/account/factors/app")
	var secret string
	b.Must(`document.querySelector("[data-copy]").dataset.copy`, &secret)
	b.Field("The six digits that your app shows").Paste(program.Code(t, secret, -1))
	b.Button("Turn it on").Click()
	b.At("/dashboard/account/factors")

	// By the passkey alone: the device that is played here answers as soon as the page offers it.
	b.Button("Sign out").Click()
	b.Button("Sign out").SeeNot()
	b.Must(`setTimeout(() => location.assign("/login")), true`, nil)
	b.Until("the passkey to let in", func() bool {
		return b.Path() == "/dashboard"
	})

	// By the password and the app, and by the password and a recovery code, where the passkey is not at hand.
	for _, code := range []string{program.Code(t, secret, 0), recovery} {
		c := artist(t, p)
		c.Go("/login")
		c.Field("E-mail").Paste("maud@example.com")
		c.Field("Password").Paste(program.Password)
		c.Button("Sign in").Click()
		c.At("/login/second-factor")
		if code == recovery {
			c.Field("Recovery code").Paste(code)
			c.Button("Use the code").Click()
		} else {
			c.Field("The six digits that your app shows").Paste(code)
			c.Button("Go on").Click()
		}
		c.At("/dashboard")
	}
}
