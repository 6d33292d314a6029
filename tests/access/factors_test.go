package access

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/hlpfl/platform/tests/authenticator"
	"github.com/hlpfl/platform/tests/program"
)

// factors is a good request to a route of the second factors; ok is false for a route
// of something else. What it needs beforehand is made at the route's own door: adding
// a factor ends every other session.
func (w *world) factors(t *testing.T, who actor) (body any, ok bool) {
	t.Helper()
	path := w.route.Path
	c := w.door[who]
	if !strings.Contains(path, "/factors") && !strings.Contains(path, "/confirm") && !strings.HasPrefix(path, "/api/auth/") {
		return nil, false
	}
	if who == anonymous {
		return nil, true
	}
	has := func(suffix string) bool { return strings.HasSuffix(path, suffix) }
	field := func(name, value string) any {
		if w.api {
			return map[string]string{name: value}
		}
		return url.Values{name: {value}}
	}
	switch {
	case has("/totp"), has("/totp/confirm"), has("/factors/app"), has("/app/remove"):
		removes := has("/remove") || w.route.Method == http.MethodDelete
		if who == admin { // who has an app, and must keep a factor
			c.Passkey()
			if !removes {
				c.RemoveApp()
			}
		} else if removes {
			c.App()
		}
		if has("/confirm") || has("/factors/app") && w.route.Method == http.MethodPost {
			return field("code", program.Code(t, c.PendingApp(), 0)), true
		}
	case has("/recovery"), has("/recovery-codes"), has("/step-up/options"), has("/confirm/options"):
		c.Passkey()
	case has("/passkeys") && w.route.Method == http.MethodPost:
		return c.Answer(path, authenticator.New(t, w.p.URL).Create), true
	case has("/:id") && w.route.Method != http.MethodDelete:
		return field("name", "The other phone"), true
	case has("/step-up"), has("/confirm") && w.route.Method == http.MethodPost:
		if who == admin {
			return field("code", w.maker[who].RecoveryCode()), true
		}
		return field("password", program.Password), true
	}
	return nil, true
}
