package identity

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/hlpfl/platform/tests/idp"
	"github.com/hlpfl/platform/tests/program"
)

func TestNewAndKnownPeopleComeInByEachProvider(t *testing.T) {
	t.Parallel()
	h := open(t)
	for _, provider := range all {
		who := somebody(true)
		c := h.Client(t)
		location := h.begin(c, provider, url.Values{"handle": {"maud"}, "time_zone": {"Europe/Lisbon"}, "next": {""}})
		a := h.bring(c, servers.Consent(t, location, who))
		if provider == idp.Spotify {
			// Spotify proves no address: one is asked for, with what it told as a proposal.
			h.want(a, http.StatusSeeOther, "/auth/address")
			h.want(c.Do("GET", "/auth/address", nil), http.StatusOK, `value="`+who.Email+`"`)
			a = c.Do("POST", "/auth/address", url.Values{"email": {who.Email}})
		}
		h.want(a, http.StatusSeeOther, "/dashboard?handle=maud")
		if !in(c) {
			t.Fatalf("%s lets nobody in", provider)
		}
		if proven := ask[bool](h, `select email_verified_at is not null from users where email = $1`, who.Email); proven != (provider != idp.Spotify) {
			t.Errorf("%s: the address counts as proven: %v", provider, proven)
		}
		if name := ask[string](h, `select name || ' in ' || time_zone from users where email = $1`, who.Email); name != "Maud Teller in Europe/Lisbon" {
			t.Errorf("%s: %s", provider, name)
		}
		// Again, from another browser, by another address: it is the same person.
		who.Email = "moved-" + who.Email
		again := h.Client(t)
		h.want(h.enter(again, provider, servers.Add(who)), http.StatusSeeOther, "/dashboard")
		if n := ask[int](h, `select count(*) from users u join identities i on i.user_id = u.id where i.subject = $1`, who.Subject); n != 1 || !in(again) {
			t.Errorf("%s: coming again made %d", provider, n)
		}
		if how := ask[string](h, `select array_to_string(methods, ',') from sessions order by id desc limit 1`); how != provider {
			t.Errorf("the session was proven by %q", how)
		}
	}
	if n := ask[int](h, `select count(*) from users`); n != 3 {
		t.Errorf("%d accounts for three people", n)
	}
	if n := ask[int](h, `select count(*) from audit_log where action = 'user.registered' and subject in ('google', 'spotify', 'apple')`); n != 3 {
		t.Errorf("%d registrations in the audit log", n)
	}
}

func TestOnlyOfferedProvidersAreShown(t *testing.T) {
	t.Parallel()
	app := servers.NewApp(t)
	env := app.Env()
	none := program.Start(t, program.Options{})
	some := program.Start(t, program.Options{Env: map[string]string{"SPOTIFY_CLIENT_ID": env["SPOTIFY_CLIENT_ID"], "SPOTIFY_CLIENT_SECRET": env["SPOTIFY_CLIENT_SECRET"]}})
	for _, path := range []string{"/login", "/register"} {
		bare, one := none.Client(t).Do("GET", path, nil), some.Client(t).Do("GET", path, nil)
		if strings.Contains(string(bare.Body), "Continue with") || !strings.Contains(bare.Header.Get("Content-Security-Policy"), "form-action 'self';") {
			t.Errorf("%s offers what is not there", path)
		}
		if page := string(one.Body); !strings.Contains(page, "Continue with Spotify") || strings.Contains(page, "Google") || strings.Contains(page, "Apple") {
			t.Errorf("%s does not offer Spotify alone", path)
		}
		if csp := one.Header.Get("Content-Security-Policy"); !strings.Contains(csp, "form-action 'self' https://accounts.spotify.com;") {
			t.Errorf("%s: %s", path, csp)
		}
	}
	for _, p := range []*program.Program{none, some} {
		for _, provider := range []string{"google", "apple", "github", "..", "%00"} {
			c := p.Client(t)
			if a := c.Do("POST", "/auth/"+provider+"/start", url.Values{}); a.Status != http.StatusNotFound {
				t.Errorf("starting at %s: %d", provider, a.Status)
			}
			if a := c.Do("GET", "/auth/"+provider+"/callback?state=a&code=b", nil); a.Status != http.StatusNotFound {
				t.Errorf("back from %s: %d", provider, a.Status)
			}
		}
		if a := p.Client(t).Do("POST", "/auth/apple/callback", url.Values{"state": {"a"}}); a.Status != http.StatusNotFound {
			t.Errorf("Apple's post: %d", a.Status)
		}
	}
	// What is not offered leads nowhere from other pages either.
	if a := some.Client(t).Do("GET", "/pricing", nil); strings.Contains(a.Header.Get("Content-Security-Policy"), "spotify") {
		t.Error("every page lets forms leave")
	}
}

func TestAppleTellsTheNameOnce(t *testing.T) {
	t.Parallel()
	h := open(t)
	who := somebody(true)
	c := h.Client(t)
	// The first consent is lost on its way back, and with it the name.
	first := servers.Consent(t, h.begin(c, idp.Apple, nil), who)
	if first.Values.Get("user") == "" {
		t.Fatal("Apple told no name")
	}
	second := servers.Consent(t, h.begin(c, idp.Apple, nil), who)
	if second.Values.Get("user") != "" {
		t.Fatal("Apple told the name twice")
	}
	h.want(h.bring(c, second), http.StatusSeeOther, "/dashboard")
	if name := ask[string](h, `select name from users where email = $1`, who.Email); name != "" {
		t.Errorf("the name is %q", name)
	}
	// A name that nobody could have is left out, and its owner still comes in.
	for _, user := range []string{`{"name":{"firstName":"<b>\u0000"}}`, `{"name":`, `[]`, `"x"`, strings.Repeat("a", 5000), `{"name":{"firstName":"` + strings.Repeat("a", 300) + `"}}`} {
		who, c := somebody(true), h.Client(t)
		back := servers.Consent(t, h.begin(c, idp.Apple, nil), who)
		back.Values.Set("user", user)
		h.want(h.bring(c, back), http.StatusSeeOther, "/dashboard")
		if name := ask[string](h, `select name from users where email = $1`, who.Email); name != "" {
			t.Errorf("%.40s became %q", user, name)
		}
	}
}

func TestWhoIsSuspendedStaysSoWhateverTheWayIn(t *testing.T) {
	t.Parallel()
	h := open(t)
	for _, provider := range []string{idp.Google, idp.Apple} {
		who := somebody(true)
		h.want(h.enter(h.Client(t), provider, who), http.StatusSeeOther, "/dashboard")
		h.exec(`update users set suspended_at = now() where email = $1`, who.Email)
		c := h.Client(t)
		h.want(h.enter(c, provider, who), http.StatusForbidden, "suspended")
		if in(c) {
			t.Errorf("%s lets a suspended user in", provider)
		}
		// Nor by an identity that is new.
		other := servers.Add(idp.Person{Subject: "other-" + who.Subject, Email: who.Email, Verified: true})
		h.want(h.enter(c, provider, other), http.StatusForbidden, "suspended")
		if n := ask[int](h, `select count(*) from identities where subject = $1`, other.Subject); n != 0 || in(c) {
			t.Error("a suspended user's account was linked")
		}
	}
}

func TestWhereGoogleRefusesItIsSaidBesideTheButton(t *testing.T) {
	t.Parallel()
	h := open(t)
	c := h.Client(t)
	c.Agent = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 Instagram 337.0.3.23.54 (iPhone14,5; iOS 17_5_1; en_GB; en-GB; scale=3.00; 1170x2532; 612419486)"
	for _, path := range []string{"/login", "/register"} {
		page := string(c.Do("GET", path, nil).Body)
		if !strings.Contains(page, "Google lets nobody in from inside Instagram") || !strings.Contains(page, "Continue with Apple") {
			t.Errorf("%s says nothing of it", path)
		}
		if page := string(h.Client(t).Do("GET", path, nil).Body); strings.Contains(page, "lets nobody in") {
			t.Errorf("%s says so to a browser", path)
		}
	}
}
