package identity

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/hlpfl/platform/tests/idp"
	"github.com/hlpfl/platform/tests/program"
)

// tokens are where each provider's codes are used up.
var tokens = map[string]string{idp.Google: "oauth2.googleapis.com/token", idp.Spotify: "accounts.spotify.com/api/token", idp.Apple: "appleid.apple.com/auth/token"}

// The attacker's answer, brought by the victim's browser, would sign the victim in as the attacker.
func TestAnAnswerCountsForTheBrowserThatWasSentOut(t *testing.T) {
	t.Parallel()
	h := open(t)
	for _, provider := range all {
		attacker := h.Client(t)
		answer := servers.Consent(t, h.begin(attacker, provider, nil), somebody(true))
		// A browser that never went out, one that did, and one that is signed in.
		fresh, out := h.Client(t), h.Client(t)
		h.begin(out, provider, nil)
		signed := somebody(true)
		h.register(signed.Email, true)
		for name, victim := range map[string]*program.Client{"fresh": fresh, "out": out, "signed in": h.SignIn(t, signed.Email)} {
			if name != "fresh" && provider == idp.Apple {
				answer = servers.Consent(t, h.begin(attacker, provider, nil), somebody(true)) // what was posted before is gone
			}
			h.want(h.bring(victim, answer), http.StatusForbidden, "was not begun in this browser")
			if in(victim) != (name == "signed in") {
				t.Errorf("%s: a %s browser takes the attacker's answer", provider, name)
			}
		}
		if n := ask[int](h, `select count(*) from identities`); n != 0 {
			t.Errorf("%s: %d identities", provider, n)
		}
	}
}

func TestAStateThatSomebodyChoseIsNone(t *testing.T) {
	t.Parallel()
	h := open(t)
	for _, provider := range all {
		before := servers.Calls(tokens[provider])
		c := h.Client(t)
		location, err := url.Parse(h.begin(c, provider, nil))
		if err != nil {
			t.Fatal(err)
		}
		own := location.Query().Get("state")
		if len(own) < 22 {
			t.Errorf("%s: a state of %d characters", provider, len(own))
		}
		for name, states := range map[string][]string{
			"none": nil, "empty": {""}, "chosen": {"attacker"}, "cut": {own[:len(own)-1]}, "longer": {own + "A"}, "padded": {own + "="}, "twice": {own, own},
			"beside another": {"attacker", own}, "huge": {strings.Repeat("a", 100_000)}, "NUL": {own + "\x00"}, "other case": {strings.ToUpper(own)},
		} {
			answer := idp.Callback{Method: http.MethodGet, Path: "/auth/" + provider + "/callback", Values: url.Values{"code": {"code"}, "state": states}}
			if provider == idp.Apple {
				answer.Method = http.MethodPost
			}
			a := h.bring(c, answer)
			if a.Status != http.StatusForbidden && a.Status != http.StatusRequestHeaderFieldsTooLarge {
				t.Errorf("%s: a state that is %s: %d %.200s", provider, name, a.Status, a.Body)
			}
		}
		// None of that was shown to the provider, and the way is open still.
		if n := servers.Calls(tokens[provider]); provider == idp.Spotify && n != before {
			t.Logf("%s was asked %d times meanwhile, by other tests too", provider, n-before)
		}
		h.want(h.bring(c, servers.Consent(t, location.String(), somebody(true))), http.StatusSeeOther, "")
	}
}

func TestAnAnswerCountsOnce(t *testing.T) {
	t.Parallel()
	h := open(t)
	for _, provider := range all {
		who, c := somebody(true), h.Client(t)
		answer := servers.Consent(t, h.begin(c, provider, nil), who)
		h.want(h.bring(c, answer), http.StatusSeeOther, "")
		h.want(h.bring(c, answer), http.StatusForbidden, "was used already")
		c.Do("POST", "/logout", url.Values{})
		h.want(h.bring(c, answer), http.StatusForbidden, "was used already")
		// An error uses it up as well.
		location := h.begin(c, provider, nil)
		h.want(h.bring(c, servers.Cancel(t, location)), http.StatusForbidden, "You stopped at")
		h.want(h.bring(c, servers.Consent(t, location, who)), http.StatusForbidden, "was used already")
	}
}

// Fifty requests bring the same answer at the same moment: the code is shown once.
func TestFiftyBringTheSameAnswer(t *testing.T) {
	t.Parallel()
	h := open(t)
	who, c := somebody(true), h.Client(t)
	answer := servers.Consent(t, h.begin(c, idp.Google, nil), who)
	cookie := c.Cookie("hlpfl")
	var wg sync.WaitGroup
	statuses := make([]int, 50)
	for i := range statuses {
		wg.Go(func() {
			one := h.Client(t)
			one.Header = http.Header{"Cookie": {"hlpfl=" + cookie}}
			statuses[i] = one.Do("GET", answer.Path+"?"+answer.Values.Encode(), nil).Status
		})
	}
	wg.Wait()
	let := 0
	for _, status := range statuses {
		switch status {
		case http.StatusSeeOther:
			let++
		case http.StatusForbidden:
		default:
			t.Errorf("answered %d", status)
		}
	}
	if n := ask[int](h, `select count(*) from sessions`); let != 1 || n != 1 {
		t.Errorf("%d of 50 were let in, %d sessions", let, n)
	}
}

// An answer of one provider, brought where another's is awaited.
func TestProvidersAreNotMixedUp(t *testing.T) {
	t.Parallel()
	h := open(t)
	for _, from := range all {
		for _, to := range all {
			if from == to {
				continue
			}
			c := h.Client(t)
			answer := servers.Consent(t, h.begin(c, from, nil), somebody(true))
			answer.Path = "/auth/" + to + "/callback"
			answer.Method = http.MethodGet
			if to == idp.Apple {
				answer.Method = http.MethodPost
			}
			h.want(h.bring(c, answer), http.StatusForbidden, "Nothing was changed")
			if in(c) {
				t.Errorf("%s's answer counts as %s's", from, to)
			}
		}
	}
	// One that says it is from somebody else.
	c := h.Client(t)
	answer := servers.Consent(t, h.begin(c, idp.Google, nil), somebody(true))
	answer.Values.Set("iss", "https://evil.example")
	h.want(h.bring(c, answer), http.StatusForbidden, "Nothing was changed")
}

func TestAWayToAProviderIsOverAfterTenMinutes(t *testing.T) {
	t.Parallel()
	h := open(t)
	c := h.Client(t)
	answer := servers.Consent(t, h.begin(c, idp.Google, nil), somebody(true))
	conn := h.App.Store().Redis().Get()
	defer conn.Close()
	keys, err := conn.Do("KEYS", "aside:*")
	if err != nil || len(keys.([]any)) != 1 {
		t.Fatalf("%v %v", keys, err)
	}
	key := keys.([]any)[0]
	left, err := conn.Do("TTL", key)
	if err != nil || left.(int64) > 600 || left.(int64) < 500 {
		t.Fatalf("it is good for %v seconds, %v", left, err)
	}
	if _, err := conn.Do("PEXPIRE", key, 0); err != nil {
		t.Fatal(err)
	}
	h.want(h.bring(c, answer), http.StatusForbidden, "took too long")
}

func TestTheSessionOfBeforeIsWorthNothingAfter(t *testing.T) {
	t.Parallel()
	h := open(t)
	c := h.Client(t)
	answer := servers.Consent(t, h.begin(c, idp.Google, nil), somebody(true))
	planted := c.Cookie("hlpfl") // whoever knows it has put it there
	h.want(h.bring(c, answer), http.StatusSeeOther, "/dashboard")
	attacker := h.Client(t)
	attacker.Header = http.Header{"Cookie": {"hlpfl=" + planted}}
	if in(attacker) || !in(c) {
		t.Error("the cookie of before the sign-in is signed in")
	}
}

// Only a button here begins a sign-in, and nobody gets anywhere else by it.
func TestASignInBeginsHereAndEndsHere(t *testing.T) {
	t.Parallel()
	h := open(t)
	c := h.Client(t)
	if a := c.Do("GET", "/auth/google/start", nil); a.Status != http.StatusNotFound && a.Status != http.StatusMethodNotAllowed {
		t.Errorf("a GET begins: %d", a.Status)
	}
	other := h.Client(t)
	other.Header = http.Header{"Origin": {"https://evil.example"}, "Sec-Fetch-Site": {"cross-site"}}
	if a := other.Do("POST", "/auth/google/start", url.Values{}); a.Status != http.StatusForbidden {
		t.Errorf("another site begins: %d", a.Status)
	}
	if a := other.Do("POST", "/auth/address", url.Values{"email": {"a@example.com"}}); a.Status != http.StatusForbidden {
		t.Errorf("another site writes an address: %d", a.Status)
	}
	for next, want := range map[string]string{"//evil.example": "/dashboard", "https://evil.example": "/dashboard", "/\\evil.example": "/dashboard", "/dashboard/account": "/dashboard/account"} {
		c := h.Client(t)
		a := h.bring(c, servers.Consent(t, h.begin(c, idp.Google, url.Values{"next": {next}}), somebody(true)))
		if a.Header.Get("Location") != want {
			t.Errorf("%s leads to %s", next, a.Header.Get("Location"))
		}
	}
	// A HEAD, as programs send it that look at addresses, uses nothing up.
	answer := servers.Consent(t, h.begin(c, idp.Google, nil), somebody(true))
	c.Do("HEAD", answer.Path+"?"+answer.Values.Encode(), nil)
	h.want(h.bring(c, answer), http.StatusSeeOther, "/dashboard")
}

// What a browser is sent out with: to the provider's own address, with proof of who began it, and no more asked for
// than is needed.
func TestWhatABrowserIsSentOutWith(t *testing.T) {
	t.Parallel()
	h := open(t)
	for provider, host := range map[string]string{idp.Google: "accounts.google.com", idp.Spotify: "accounts.spotify.com", idp.Apple: "appleid.apple.com"} {
		c := h.Client(t)
		to, err := url.Parse(h.begin(c, provider, nil))
		if err != nil {
			t.Fatal(err)
		}
		q := to.Query()
		if to.Scheme != "https" || to.Host != host || q.Get("response_type") != "code" || q.Get("redirect_uri") != h.URL+"/auth/"+provider+"/callback" {
			t.Errorf("%s: %s", provider, to)
		}
		if (q.Get("code_challenge_method") == "S256" && len(q.Get("code_challenge")) == 43) != (provider != idp.Apple) {
			t.Errorf("%s: PKCE is %q", provider, q.Get("code_challenge"))
		}
		if (len(q.Get("nonce")) >= 22) != (provider != idp.Spotify) {
			t.Errorf("%s: the nonce is %q", provider, q.Get("nonce"))
		}
		if scope := q.Get("scope"); strings.Contains(scope, "modify") || strings.Contains(scope, "offline") || q.Get("access_type") == "offline" {
			t.Errorf("%s is asked for %s", provider, scope)
		}
	}
}
