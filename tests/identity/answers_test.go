package identity

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/hlpfl/platform/tests/idp"
)

// What a provider says is looked at before it counts: whatever is wrong with it, nobody is let in, nothing is changed,
// the person is told what to do, and no secret stands in the log.
func TestWhatCannotBeTrustedLetsNobodyIn(t *testing.T) {
	t.Parallel()
	h := open(t)
	known := map[string]idp.Person{}
	for _, provider := range all {
		known[provider] = somebody(provider != idp.Spotify)
		c := h.Client(t)
		if h.enter(c, provider, known[provider]); provider == idp.Spotify {
			c.Do("POST", "/auth/address", url.Values{"email": {known[provider].Email}})
		}
	}
	before := ask[string](h, `select string_agg(cast(u as text), ' ' order by id) from users u`)
	signed := []idp.Fault{idp.NoIDToken, idp.OtherKey, idp.UnknownKey, idp.AlgNone, idp.KeyConfusion, idp.OtherIssuer, idp.OtherAudience,
		idp.OtherNonce, idp.NoNonce, idp.Expired, idp.OtherHash, idp.NoSubject}
	away := []idp.Fault{idp.TokenEmpty, idp.TokenHuge, idp.TokenBroken}
	for provider, faults := range map[string]map[int][]idp.Fault{
		idp.Google: {http.StatusUnauthorized: append(signed, idp.UserOther),
			http.StatusServiceUnavailable: append(away, idp.TokenHTML, idp.UserEmpty, idp.UserHuge, idp.UserBroken)},
		idp.Apple:   {http.StatusUnauthorized: signed, http.StatusServiceUnavailable: append(away, idp.TokenHTML)},
		idp.Spotify: {http.StatusServiceUnavailable: append(away, idp.UserEmpty, idp.UserHuge, idp.UserBroken)},
	} {
		for status, list := range faults {
			for _, fault := range list {
				who := known[provider]
				who.Faults = []idp.Fault{fault}
				servers.Add(who)
				c := h.Client(t)
				a := h.enter(c, provider, who)
				page := string(a.Body)
				if a.Status != status || !strings.Contains(page, "othing was changed") || !strings.Contains(page, "E-mail") {
					t.Errorf("%s, %s: %d %.600s", provider, fault, a.Status, page)
				}
				if in(c) {
					t.Errorf("%s lets in although %s", provider, fault)
				}
			}
		}
	}
	if after := ask[string](h, `select string_agg(cast(u as text), ' ' order by id) from users u`); after != before {
		t.Errorf("an account was changed:\n%s\n%s", before, after)
	}
	if n := ask[int](h, `select count(*) from sessions`); n != 3 {
		t.Errorf("%d sessions", n)
	}
	h.keepsSecrets()
}

// keepsSecrets fails when the log holds what nobody may read there.
func (h *house) keepsSecrets() {
	h.t.Helper()
	log := h.log.String()
	if !strings.Contains(log, "level=") {
		h.t.Error("there is no log to look at")
	}
	for _, secret := range append(servers.Secrets(), h.app.Env()["GOOGLE_CLIENT_SECRET"], h.app.Env()["APPLE_PRIVATE_KEY"][40:80]) {
		if strings.Contains(log, secret) {
			h.t.Errorf("%.12s… stands in the log", secret)
		}
	}
}

// Late is another matter: one waits for it.
func TestALateProviderIsNotWaitedForForEver(t *testing.T) {
	t.Parallel()
	h := open(t)
	for provider, fault := range map[string]idp.Fault{idp.Google: idp.UserLate, idp.Spotify: idp.TokenLate, idp.Apple: idp.TokenLate} {
		t.Run(provider, func(t *testing.T) {
			t.Parallel()
			h := &house{Program: h.Program, t: t, app: h.app, db: h.db, log: h.log}
			c, began := h.Client(t), time.Now()
			a := h.enter(c, provider, somebody(true, fault))
			if a.Status != http.StatusServiceUnavailable || !strings.Contains(string(a.Body), "did not answer as it should") || !strings.Contains(string(a.Body), "Nothing was changed") || a.Header.Get("Retry-After") == "" {
				t.Errorf("%d %.500s", a.Status, a.Body)
			}
			if waited := time.Since(began); waited > 25*time.Second {
				t.Errorf("waited %v", waited)
			}
			if in(c) {
				t.Error("let in")
			}
			h.keepsSecrets()
		})
	}
}

func TestAProviderThatRefusesIsUnderstood(t *testing.T) {
	t.Parallel()
	h := open(t)
	for _, provider := range all {
		c := h.Client(t)
		h.want(h.bring(c, servers.Cancel(t, h.begin(c, provider, url.Values{"next": {"/dashboard/account"}}))), http.StatusForbidden, "You stopped at")
		for name, values := range map[string]url.Values{
			"server_error": {"error": {"server_error"}, "error_description": {"<script>alert(1)</script>"}},
			"nothing":      {}, "an empty code": {"code": {""}}, "two codes": {"code": {"a", "b"}}, "a huge code": {"code": {strings.Repeat("a", 10_000)}},
		} {
			location, err := url.Parse(h.begin(c, provider, nil))
			if err != nil {
				t.Fatal(err)
			}
			values.Set("state", location.Query().Get("state"))
			answer := idp.Callback{Method: http.MethodGet, Path: "/auth/" + provider + "/callback", Values: values}
			if provider == idp.Apple {
				answer.Method = http.MethodPost
			}
			a := h.bring(c, answer)
			if a.Status != http.StatusForbidden || strings.Contains(string(a.Body), "<script>alert") || !strings.Contains(string(a.Body), "Nothing was changed") {
				t.Errorf("%s says %s: %d %.300s", provider, name, a.Status, a.Body)
			}
		}
		// A code that the provider never gave.
		location, err := url.Parse(h.begin(c, provider, nil))
		if err != nil {
			t.Fatal(err)
		}
		answer := idp.Callback{Method: http.MethodGet, Path: "/auth/" + provider + "/callback", Values: url.Values{"state": {location.Query().Get("state")}, "code": {"made-up"}}}
		if provider == idp.Apple {
			answer.Method = http.MethodPost
		}
		h.want(h.bring(c, answer), http.StatusUnauthorized, "start again")
		if in(c) {
			t.Errorf("%s let somebody in", provider)
		}
	}
}

// Apple's answer is the one thing that another site may post: it is trusted in nothing.
func TestWhatIsPostedAsApples(t *testing.T) {
	t.Parallel()
	h := open(t)
	post := h.Client(t)
	post.Header = http.Header{"Origin": {"https://evil.example"}, "Sec-Fetch-Site": {"cross-site"}}
	a := post.Do("POST", "/auth/apple/callback", url.Values{"state": {"chosen"}, "code": {"code"}, "user": {`{"name":{"firstName":"Eve"}}`}})
	if to := a.Header.Get("Location"); a.Status != http.StatusSeeOther || to != "/auth/apple/callback?state=chosen" || a.Header.Get("Set-Cookie") != "" {
		t.Errorf("%d %q %q", a.Status, to, a.Header.Get("Set-Cookie"))
	}
	if a := h.Client(t).Do("GET", "/auth/apple/callback?state=chosen", nil); a.Status != http.StatusForbidden || a.Header.Get("Referrer-Policy") != "no-referrer" {
		t.Errorf("%d %q", a.Status, a.Header.Get("Referrer-Policy"))
	}
	for name, body := range map[string]any{"nothing": url.Values{}, "no state": url.Values{"code": {"x"}}, "JSON": `{"state":"x"}`} {
		if a := post.Do("POST", "/auth/apple/callback", body); a.Status < 400 || a.Status >= 500 {
			t.Errorf("%s: %d", name, a.Status)
		}
	}
	if a := post.Do("POST", "/auth/apple/callback", url.Values{"state": {"x"}, "user": {strings.Repeat("a", 2<<20)}}); a.Status != http.StatusRequestEntityTooLarge {
		t.Errorf("two megabytes: %d", a.Status)
	}
	// Neither the code nor the name stands in an address.
	c := h.Client(t)
	back := servers.Consent(t, h.begin(c, idp.Apple, nil), somebody(true))
	if to := post.Do("POST", back.Path, back.Values).Header.Get("Location"); strings.Contains(to, back.Values.Get("code")) || strings.Contains(to, "Maud") {
		t.Error("the code stands in the address: " + to)
	}
	// The exemption is that route's alone.
	for _, path := range []string{"/auth/google/start", "/auth/apple/start", "/login", "/logout", "/auth/address"} {
		if a := post.Do("POST", path, url.Values{}); a.Status != http.StatusForbidden {
			t.Errorf("%s takes a post from another site: %d", path, a.Status)
		}
	}
}
