// Package oidc signs in at an OpenID provider that is not ours: the example server of zitadel/oidc, in Google's place.
//
// It runs under Google's host names and paths, and everything in the program is what runs for Google: its addresses,
// PKCE, nonce, the exchange, the id token with its keys. Two things are Google's own ways and are put in between: user
// information asks for the token in the address, and calls "sub" "id" and "email_verified" "verified_email".
package oidc

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/zitadel/oidc/v3/example/server/exampleop"
	"github.com/zitadel/oidc/v3/example/server/storage"
	"github.com/zitadel/oidc/v3/pkg/op"

	"github.com/hlpfl/platform/tests/idp"
	"github.com/hlpfl/platform/tests/program"
)

var servers *idp.Servers

func TestMain(m *testing.M) {
	var err error
	if servers, err = idp.Start(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	servers.Close()
	os.Exit(code)
}

// independent is the other server, once it knows where the program is.
func independent(id, secret, back string) http.Handler {
	const issuer = "https://accounts.google.com"
	storage.RegisterClients(storage.WebClient(id, secret, back))
	return exampleop.SetupServer(issuer, storage.NewStorage(storage.NewUserStore(issuer)), slog.New(slog.DiscardHandler), false,
		op.WithCustomAuthEndpoint(op.NewEndpoint("/o/oauth2/auth")), op.WithCustomTokenEndpoint(op.NewEndpoint("/token")),
		op.WithCustomKeysEndpoint(op.NewEndpoint("/oauth2/v3/certs")), op.WithCustomUserinfoEndpoint(op.NewEndpoint("/oauth2/v2/userinfo")))
}

// googles words user information as Google does.
func googles(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasSuffix(r.URL.Path, "/userinfo") {
			h.ServeHTTP(w, r)
			return
		}
		r.Header.Set("Authorization", "Bearer "+r.URL.Query().Get("access_token"))
		answer := httptest.NewRecorder()
		h.ServeHTTP(answer, r)
		said := map[string]any{}
		if json.Unmarshal(answer.Body.Bytes(), &said) == nil {
			said["id"], said["verified_email"] = said["sub"], said["email_verified"]
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(answer.Code)
		_ = json.NewEncoder(w).Encode(said)
	})
}

func TestSignInAtAProviderThatIsNotOurs(t *testing.T) {
	p := program.Start(t, program.Options{Env: map[string]string{"GOOGLE_CLIENT_ID": "hlpfl", "GOOGLE_CLIENT_SECRET": "a secret of theirs"}})
	server := independent("hlpfl", "a secret of theirs", p.URL+"/auth/google/callback")
	for _, host := range []string{"accounts.google.com", "oauth2.googleapis.com", "www.googleapis.com"} {
		servers.Play(host, googles(server))
	}
	c := p.Client(t)
	for round := range 2 { // a new account, and the same again
		at := c.Do("POST", "/auth/google/start", url.Values{}).Header.Get("Location")
		page, back := walk(t, p, at, nil)
		if page == "" {
			t.Fatalf("no sign-in there, but %s", back)
		}
		request, err := url.Parse(page)
		if err != nil {
			t.Fatal(err)
		}
		_, back = walk(t, p, "https://accounts.google.com/login/username",
			url.Values{"id": {request.Query().Get("authRequestID")}, "username": {"test-user@accounts.google.com"}, "password": {"verysecure"}})
		a := c.Do("GET", strings.TrimPrefix(back, p.URL), nil)
		if a.Status != http.StatusSeeOther || a.Header.Get("Location") != "/dashboard" {
			t.Fatalf("round %d: %d %s %.1500s", round, a.Status, a.Header.Get("Location"), a.Body)
		}
		me := string(c.Do("GET", "/dashboard/account", nil).Body)
		if !strings.Contains(me, "test-user@zitadel.ch") || !strings.Contains(me, "Test User") {
			t.Errorf("signed in as somebody else: %.2000s", me)
		}
		// The code was good once, for them too.
		if a := p.Client(t).Do("GET", strings.TrimPrefix(back, p.URL), nil); a.Status != http.StatusForbidden {
			t.Errorf("once more: %d", a.Status)
		}
		c.Do("POST", "/logout", url.Values{})
	}
}

// walk goes on from an address until a page stands, or the way leads back to the program.
func walk(t *testing.T, p *program.Program, at string, form url.Values) (page, back string) {
	t.Helper()
	b := servers.Browser()
	defer b.CloseIdleConnections()
	for range 10 {
		var res *http.Response
		var err error
		if form != nil {
			res, err = b.PostForm(at, form)
		} else {
			res, err = b.Get(at)
		}
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		form = nil
		switch {
		case res.StatusCode == http.StatusOK:
			return at, ""
		case res.StatusCode < 300 || res.StatusCode >= 400:
			t.Fatalf("%s answers %s", at, res.Status)
		}
		to, err := res.Location()
		if err != nil {
			t.Fatal(err)
		}
		if at = to.String(); strings.HasPrefix(at, p.URL) {
			return "", at
		}
	}
	t.Fatal("it leads nowhere")
	return "", ""
}
