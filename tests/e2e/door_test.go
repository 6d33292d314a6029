package e2e

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/hlpfl/platform/tests/program"
)

func TestSignInAndOut(t *testing.T) {
	t.Parallel()
	p := program.Start(t, program.Options{})
	p.Register(t, "maud@example.com")
	b := artist(t, p)
	b.Forgive("status of (401|409|422)")

	b.Go("/dashboard/account")
	b.At("/login")
	b.Field("E-mail").Paste("maud@example.com")
	b.Field("Password").Paste("not the password")
	b.Button("Sign in").Click()
	b.Find("alert", "").See()
	b.Field("E-mail").Holds("maud@example.com")
	if b.Field("Password").Value() != "" {
		t.Error("a wrong password comes back")
	}
	unknown := b.Text()
	b.Field("E-mail").Paste("nobody@example.com")
	b.Field("Password").Paste("not the password")
	b.Button("Sign in").Click()
	b.Field("E-mail").Holds("nobody@example.com")
	if b.Text() != unknown {
		t.Errorf("the answer tells who has an account:\n%s\n%s", unknown, b.Text())
	}
	b.Field("E-mail").Paste(" Maud@Example.com ")
	b.Field("Password").Paste(program.Password)
	b.Button("Sign in").Click()
	b.At("/dashboard/account") // where one was going

	b.Button("Sign out").Click()
	b.Button("Sign out").SeeNot()
	b.Go("/dashboard")
	b.At("/login")
	// Back shows nothing of the desk to whoever sits there next.
	b.Must(`history.back(), history.go(-1), true`, nil)
	b.Until("no desk to be left", func() bool { return !b.Reads("Time zone") })

	// An address that has an account is told so at the door to it, with the way in.
	b.Go("/register")
	b.Field("E-mail").Paste("maud@example.com")
	b.Field("Password").Paste(program.Password)
	b.Button("Register").Click()
	b.Until("the field to be marked", func() bool { return b.Field("E-mail").Is("invalid") == "true" })
	b.Field("E-mail").Holds("maud@example.com")
	b.Field("E-mail").Paste("not an address")
	b.Field("Password").Paste("short")
	b.Button("Register").Click()
	b.Until("both to be marked", func() bool {
		return b.Field("E-mail").Is("invalid") == "true" && b.Field("Password").Is("invalid") == "true"
	})
	b.Field("E-mail").Holds("not an address")
}

// TestAFormFromElsewhere sends our own form from other origins, with the cookies that a browser sends along: another
// port of our host counts as the same site for cookies, so only the program can tell.
func TestAFormFromElsewhere(t *testing.T) {
	t.Parallel()
	p := program.Start(t, program.Options{})
	b := artist(t, p)
	owner, id := withProfile(t, p, b, "maud@example.com", "maudteller", threeLinks())
	stranger := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = fmt.Fprintf(w, `<!doctype html><html lang="en"><title>Win</title><link rel="icon" href="data:,"><form method="post" action="%s/dashboard/profiles/%s/delete"><button>Win a prize</button></form>`, p.URL, id)
	}))
	defer stranger.Close()
	b.Forgive("status of 403")
	for _, from := range []string{stranger.URL, strings.Replace(stranger.URL, "127.0.0.1", "localhost", 1)} {
		b.Leaves()
		b.Go(from)
		b.Button("Win a prize").Click()
		b.At("/dashboard/profiles/" + id + "/delete")
		if a := owner.Do("GET", "/api/profiles/"+id, nil); a.Status != http.StatusOK {
			t.Fatalf("a form from %s has deleted the profile", from)
		}
	}
	sent := false
	for _, r := range b.Requests() {
		if r.Method == http.MethodPost && strings.HasSuffix(r.URL, "/delete") {
			sent = sent || r.Sent != ""
			if r.Status != http.StatusForbidden {
				t.Errorf("answered %d", r.Status)
			}
		}
	}
	if !sent {
		t.Error("no cookie went along, so nothing was shown")
	}
	b.Go("/dashboard")
	b.See("Maud Teller")
}
