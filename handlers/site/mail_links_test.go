package site_test

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func TestSignInByALink(t *testing.T) {
	t.Parallel()
	h := open(t, setting{})
	h.proved("ines@example.com")
	c := h.client()
	c.do("POST", "/login/link", url.Values{"email": {" Ines@Example.com "}, "password": {""}, "next": {"/dashboard/account"}}).want(http.StatusSeeOther)
	sent := h.send()
	if len(sent) != 1 || !strings.Contains(sent[0].Text, "&next=%2Fdashboard%2Faccount") {
		t.Fatalf("%+v", sent)
	}
	token := linkInMail.FindStringSubmatch(sent[0].Text)[2]
	page := c.do("GET", "/link/sign-in?token="+token+"&next=%2Fdashboard%2Faccount", nil).want(http.StatusOK)
	if !strings.Contains(page.body, `name="next" value="/dashboard/account"`) {
		t.Error("the page forgets where to go")
	}
	if c.cookie() != "" {
		t.Error("a look signs in")
	}
	a := c.do("POST", "/link/sign-in", url.Values{"token": {token}, "next": {"/dashboard/account"}}).want(http.StatusSeeOther)
	if a.header.Get("Location") != "/dashboard/account" {
		t.Errorf("sent to %s", a.header.Get("Location"))
	}
	c.do("GET", "/dashboard/account", nil).want(http.StatusOK)
	if methods := ask[string](h, `select methods::text from sessions where door = 'web'`); methods != "{email_link}" {
		t.Errorf("the session came by %s", methods)
	}
	// By the API.
	api := h.client()
	api.do("POST", "/api/auth/email-link", map[string]string{"email": "ines@example.com"}).want(http.StatusAccepted)
	_, token = h.link("ines@example.com", signInMail)
	in := api.do("POST", "/api/auth/email-link/redeem", map[string]string{"token": token}).want(http.StatusOK)
	api.token = in.field("access_token")
	api.do("GET", "/api/me", nil).want(http.StatusOK)
	// Nowhere but here does it lead on.
	token = h.asked("ines@example.com")
	if a := h.client().do("POST", "/link/sign-in", url.Values{"token": {token}, "next": {"//evil.example"}}); a.header.Get("Location") != "/dashboard" {
		t.Errorf("sent to %s", a.header.Get("Location"))
	}
}

func TestALinkIsGoodOnce(t *testing.T) {
	t.Parallel()
	h := open(t, setting{})
	h.proved("ines@example.com")
	token := h.asked("ines@example.com")
	var in, gone atomic.Int32
	var wg sync.WaitGroup
	start := make(chan struct{})
	for range 50 {
		c := h.client()
		wg.Go(func() {
			<-start
			switch a := c.do("POST", "/api/auth/email-link/redeem", map[string]string{"token": token}); a.status {
			case http.StatusOK:
				in.Add(1)
			case http.StatusGone:
				gone.Add(1)
			default:
				t.Errorf("%d %s", a.status, a.body)
			}
		})
	}
	close(start)
	wg.Wait()
	if in.Load() != 1 || gone.Load() != 49 {
		t.Errorf("of 50 at the same moment %d came in, and %d were told that it is gone", in.Load(), gone.Load())
	}
}

func TestOlderLinksAreVoid(t *testing.T) {
	t.Parallel()
	h := open(t, setting{})
	h.proved("ines@example.com")
	first := h.asked("ines@example.com")
	h.client().do("POST", "/forgot", url.Values{"email": {"ines@example.com"}}).want(http.StatusSeeOther)
	_, other := h.link("ines@example.com", resetMail)
	second := h.asked("ines@example.com")
	h.client().do("GET", "/link/sign-in?token="+first, nil).want(http.StatusGone)
	h.client().do("POST", "/link/sign-in", form(first)).want(http.StatusGone)
	h.client().do("GET", "/link/reset?token="+other, nil).want(http.StatusOK) // another purpose's
	h.client().do("POST", "/link/sign-in", form(second)).want(http.StatusSeeOther)
	// A new password voids what is under way.
	third := h.asked("ines@example.com")
	h.client().do("POST", "/link/reset", url.Values{"token": {other}, "password": {another}}).want(http.StatusSeeOther)
	h.client().do("POST", "/link/sign-in", form(third)).want(http.StatusGone)
}

func TestALinkIsGoodForAWhile(t *testing.T) {
	t.Parallel()
	h := open(t, setting{})
	h.proved("ines@example.com")
	if most := ask[float64](h, `select coalesce(max(extract(epoch from expires_at - created_at)), 0) from email_links`); most > time.Hour.Seconds() {
		t.Errorf("a link is good for %.0f seconds", most)
	}
	token := h.asked("ines@example.com")
	// What lets in without any other proof is good for the shortest while.
	if most := ask[float64](h, `select max(extract(epoch from expires_at - created_at)) from email_links where purpose = 'sign_in'`); most > (10 * time.Minute).Seconds() {
		t.Errorf("a link that lets in is good for %.0f seconds", most)
	}
	h.exec(`update email_links set expires_at = now() - interval '1 second' where purpose = 'sign_in'`)
	h.client().do("POST", "/link/sign-in", form(token)).want(http.StatusGone)
}

// Whatever is wrong with a token, one page says how to get another, and the account
// is as it was.
func TestSpoiledTokens(t *testing.T) {
	t.Parallel()
	h := open(t, setting{})
	h.proved("ines@example.com")
	token := h.asked("ines@example.com")
	for name, spoiled := range map[string]string{
		"none": "", "cut": token[:42], "doubled": token + token, "padded": token + "=", "with a space": token + " ", "with a line": token + "\r\n",
		"another": strings.Repeat("A", 43), "NUL": "\x00" + token[1:], "a megabyte": strings.Repeat("a", 900_000), "other letters": strings.ToUpper(token), "no text": "\xff\xfe",
	} {
		for _, purpose := range []string{"verify", "sign-in", "reset", "change", "undo"} {
			a := h.client().do("POST", "/link/"+purpose, url.Values{"token": {spoiled}})
			if purpose == "reset" {
				a = h.client().do("POST", "/link/"+purpose, url.Values{"token": {spoiled}, "password": {another}})
			}
			if a.status != http.StatusGone || !strings.Contains(a.body, "This link is no good") {
				t.Errorf("%s, %s: %d %.300s", name, purpose, a.status, a.body)
			}
			if len(spoiled) < 1000 {
				h.client().do("GET", "/link/"+purpose+"?token="+url.QueryEscape(spoiled), nil).want(http.StatusGone)
			}
		}
	}
	// A link of one purpose is none of another.
	for _, purpose := range []string{"verify", "change", "undo"} {
		h.client().do("POST", "/link/"+purpose, form(token)).want(http.StatusGone)
	}
	h.client().do("POST", "/api/auth/password-reset/confirm", map[string]string{"token": token, "password": another}).want(http.StatusGone)
	h.client().do("POST", "/link/sign-in", url.Values{"token": {token}, "admin": {"true"}}).want(http.StatusUnprocessableEntity)
	h.client().do("POST", "/link/sign-in", form(token)).want(http.StatusSeeOther)
}

// Links lead where BASE_URL says, whatever a request says.
func TestLinksAreBuiltFromOurOwnAddress(t *testing.T) {
	t.Parallel()
	h := open(t, setting{})
	h.proved("ines@example.com")
	evil := h.client()
	for name, value := range map[string]string{
		"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "gopher", "Forwarded": "host=evil.example", "X-Original-Host": "evil.example", "X-Host": "evil.example", "Origin": "",
	} {
		if value != "" {
			evil.head.Set(name, value)
		}
	}
	for path, body := range map[string]any{"/forgot": url.Values{"email": {"ines@example.com"}}, "/api/auth/password-reset": map[string]string{"email": "ines@example.com"}} {
		evil.host = "evil.example"
		evil.do("POST", path, body)
		sent := h.send()
		if len(sent) != 1 || strings.Contains(sent[0].Text+sent[0].HTML, "evil.example") || !strings.Contains(sent[0].Text, origin+"/link/reset?token=") {
			t.Errorf("%s: %+v", path, sent)
		}
	}
}

// Nobody is told whether an address has an account, by words or by work.
func TestAskingTellsNothingOfAnybody(t *testing.T) {
	t.Parallel()
	h := open(t, setting{})
	h.proved("ines@example.com")
	h.register("suspended@example.com")
	h.send()
	h.exec(`update users set suspended_at = now() where email = 'suspended@example.com'`)
	for _, path := range []string{"/login/link", "/forgot"} {
		var answers []string
		for _, email := range []string{"ines@example.com", "nobody@example.com", "suspended@example.com"} {
			before := ask[int](h, `select count(*) from mails`)
			a := h.client().do("POST", path, url.Values{"email": {email}})
			b := h.client().do("POST", map[string]string{"/login/link": "/api/auth/email-link", "/forgot": "/api/auth/password-reset"}[path], map[string]string{"email": email})
			answers = append(answers, strings.Join([]string{http.StatusText(a.status), a.header.Get("Location"), a.body, http.StatusText(b.status), b.body}, "|"))
			if wrote := ask[int](h, `select count(*) from mails`) - before; wrote != 2 {
				t.Errorf("%s for %s wrote %d mails, for others 2", path, email, wrote)
			}
		}
		if answers[0] != answers[1] || answers[0] != answers[2] {
			t.Errorf("%s answers\n%s", path, strings.Join(answers, "\n"))
		}
	}
	for _, m := range h.send() {
		if m.To == "suspended@example.com" || m.To == "nobody@example.com" && strings.Contains(m.Text, "/link/") {
			t.Errorf("to %s: %s", m.To, m.Text)
		}
	}
}

// Nobody is bombed with mails: past the limit the answer is the same, and nothing goes out.
func TestNobodyIsBombedWithMails(t *testing.T) {
	t.Parallel()
	h := open(t, setting{scale: 1})
	h.register("ines@example.com")
	h.send()
	for range 8 {
		a := h.client().do("POST", "/login/link", url.Values{"email": {"ines@example.com"}}).want(http.StatusSeeOther)
		h.client().do("POST", "/api/auth/password-reset", map[string]string{"email": "ines@example.com"}).want(http.StatusAccepted)
		if a.header.Get("Location") != "/login/link?sent=1" {
			t.Errorf("sent to %s", a.header.Get("Location"))
		}
	}
	if n := ask[int](h, `select count(*) from mails where state = 'waiting'`); n != 3 {
		t.Errorf("%d mails to one address at once", n)
	}
	// A network that asks for many is told.
	last := 0
	for range 20 {
		last = h.client().do("POST", "/api/auth/email-link", map[string]string{"email": "other@example.com"}).status
	}
	if last != http.StatusTooManyRequests {
		t.Errorf("after 36 mails from one network: %d", last)
	}
}
