package e2e

import (
	"net/http"
	"strings"
	"testing"

	"github.com/hlpfl/platform/tests/program"
)

// TestMailJourney goes by mail alone, through a real mail server: the address is proved, a link signs in, a forgotten
// password becomes another.
func TestMailJourney(t *testing.T) {
	t.Parallel()
	p := program.Start(t, program.Options{})
	b := artist(t, p)
	b.Go("/register")
	b.Field("E-mail").Paste("maud@example.com")
	b.Field("Password").Paste(program.Password)
	b.Button("Register").Click()
	b.At("/dashboard")
	b.Go("/dashboard/account/security")
	b.See("maud@example.com, not proved yet")

	m := p.Box.Wait(t, 1, "maud@example.com", "Is this your address?")
	b.Go(strings.TrimPrefix(m.Link(), p.URL))
	b.See("Is this yours?")
	b.Button("Yes, this is my address").Click()
	b.See("The address is yours for sure now.")
	var from string
	b.Must(`document.referrer`, &from)
	if strings.Contains(from, "token") || !strings.HasPrefix(from, p.URL) {
		t.Errorf("the page after the link was told of %q", from)
	}
	b.Button("Sign out").Click()
	b.Button("Sign out").SeeNot()

	b.Go("/login?next=/dashboard/account")
	b.Field("E-mail").Paste("maud@example.com")
	b.Button("E-mail me a link instead").Click()
	b.See("Look into your mail.")
	in := p.Box.Wait(t, 1, "maud@example.com", "Your way in").Link()
	b.Go(strings.TrimPrefix(in, p.URL))
	b.Button("Sign in").Click()
	b.At("/dashboard/account") // where one was going
	b.Button("Sign out").Click()
	b.Button("Sign out").SeeNot()
	b.Forgive("status of 410")
	b.Go(strings.TrimPrefix(in, p.URL))
	b.See("Not this one.")

	b.Go("/login")
	b.Link("I forgot my password").Click()
	b.Field("E-mail").Paste("maud@example.com")
	b.Button("Send me the mail").Click()
	b.See("Look into your mail.")
	b.Go(strings.TrimPrefix(p.Box.Wait(t, 1, "maud@example.com", "Choose a new password").Link(), p.URL))
	b.Field("The new password").Paste("an owl above the pier")
	b.Button("Save").Click()
	b.See("Every device has to sign in with the new password.")
	b.Field("E-mail").Paste("maud@example.com")
	b.Field("Password").Paste("an owl above the pier")
	b.Button("Sign in").Click()
	b.At("/dashboard")
	p.Box.Wait(t, 1, "maud@example.com", "Your password was changed")
	if a := p.Client(t).Do("POST", "/api/auth/login", map[string]string{"email": "maud@example.com", "password": program.Password}); a.Status != http.StatusUnauthorized {
		t.Errorf("the old password: %d", a.Status)
	}
}
