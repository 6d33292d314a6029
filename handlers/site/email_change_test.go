package site_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// askToChange has somebody ask for another address and gives the token that went there.
func (h *house) askToChange(c *client, email string) string {
	h.t.Helper()
	c.do("POST", "/api/me/email", map[string]string{"email": email}).want(http.StatusAccepted)
	_, token := h.link(email, changeMail)
	return token
}

func (h *house) email() string { return ask[string](h, `select email from users`) }

func TestANewAddressProvesItself(t *testing.T) {
	t.Parallel()
	h := open(t, setting{})
	api := h.proved("old@example.com")
	browser, elsewhere := h.signIn("old@example.com"), h.signIn("old@example.com")
	if page := browser.do("GET", "/dashboard/account/email", nil).want(http.StatusOK); !strings.Contains(page.body, "a way back that works for seven days") {
		t.Error("the form does not say what will happen")
	}
	a := browser.do("POST", "/dashboard/account/email", url.Values{"email": {"old@"}}).want(http.StatusUnprocessableEntity)
	if !strings.Contains(a.body, `value="old@"`) || !strings.Contains(a.body, "aria-invalid") {
		t.Error("what was typed is gone")
	}
	browser.do("POST", "/dashboard/account/email", url.Values{"email": {"old@example.com"}}).want(http.StatusUnprocessableEntity)
	browser.do("POST", "/dashboard/account/email", url.Values{"email": {"new@example.com"}}).want(http.StatusSeeOther)
	path, token := h.link("new@example.com", changeMail)
	if page := browser.do("GET", path+"?token="+token, nil).want(http.StatusOK); !strings.Contains(page.body, "new@example.com") || !strings.Contains(page.body, "old@example.com") {
		t.Error("the page does not say which")
	}
	if h.email() != "old@example.com" {
		t.Fatal("a look has changed the address")
	}
	a = browser.do("POST", path, form(token)).want(http.StatusSeeOther)
	if h.email() != "new@example.com" || !h.isProved("new@example.com") || a.header.Get("Location") != "/dashboard/account/security?done=email" {
		t.Errorf("%s, sent to %s", h.email(), a.header.Get("Location"))
	}
	browser.do("GET", "/dashboard", nil).want(http.StatusOK)
	elsewhere.do("GET", "/dashboard", nil).want(http.StatusSeeOther)
	api.do("GET", "/api/me", nil).want(http.StatusUnauthorized)
	sent := h.send()
	if len(sent) != 1 || sent[0].To != "old@example.com" || sent[0].Subject != changedMail || !strings.Contains(sent[0].Text, "new@example.com") {
		t.Errorf("the old address is told %+v", sent)
	}
}

// What matters most asks for a fresh proof.
func TestAnAddressIsChangedByWhoIsThere(t *testing.T) {
	t.Parallel()
	h := open(t, setting{})
	api := h.proved("old@example.com")
	browser := h.signIn("old@example.com")
	h.exec(`update sessions set proved_at = now() - interval '11 minutes'`)
	if a := api.do("POST", "/api/me/email", map[string]string{"email": "new@example.com"}).want(http.StatusForbidden); a.field("type") != "/problems/step-up" {
		t.Error(a.body)
	}
	browser.do("POST", "/dashboard/account/email", url.Values{"email": {"new@example.com"}}).want(http.StatusSeeOther)
	if sent := h.send(); len(sent) > 0 {
		t.Errorf("sent all the same: %+v", sent)
	}
}

// The attack: get hold of a session, move the account to an address of one's own.
func TestTheOldAddressTakesTheAccountBack(t *testing.T) {
	t.Parallel()
	h := open(t, setting{})
	thief := h.proved("owner@example.com") // with the owner's token
	h.client().do("POST", "/link/change", form(h.askToChange(thief, "thief@example.com"))).want(http.StatusSeeOther)
	_, undo := h.link("owner@example.com", changedMail)
	if days := ask[int](h, `select cast(extract(epoch from expires_at - created_at) / 86400 as integer) from email_links where purpose = 'undo'`); days != 7 {
		t.Errorf("the way back is open for %d days", days)
	}
	// The thief settles in: a passkey, a password by mail, another address still, and a
	// link that waits.
	h.client().do("POST", "/forgot", url.Values{"email": {"thief@example.com"}}).want(http.StatusSeeOther)
	_, reset := h.link("thief@example.com", resetMail)
	h.client().do("POST", "/link/reset", url.Values{"token": {reset}, "password": {another}}).want(http.StatusSeeOther)
	in := h.client().do("POST", "/api/auth/login", map[string]string{"email": "thief@example.com", "password": another}).want(http.StatusOK)
	thief.token = in.field("access_token")
	h.client().do("POST", "/link/change", form(h.askToChange(thief, "thief2@example.com"))).want(http.StatusSeeOther)
	_, thiefsUndo := h.link("thief@example.com", changedMail)
	in = h.client().do("POST", "/api/auth/login", map[string]string{"email": "thief2@example.com", "password": another}).want(http.StatusOK)
	thief.token = in.field("access_token")
	h.client().do("POST", "/forgot", url.Values{"email": {"thief2@example.com"}}).want(http.StatusSeeOther)
	_, waiting := h.link("thief2@example.com", resetMail)

	user := ask[string](h, `select id from users`)
	h.exec(`insert into passkeys (id, user_id, credential_id, public_key, sign_count, aaguid, backup_eligible, backed_up, name, created_at)
		values (gen_random_uuid(), $1, '\x01', '\x01', 0, '\x00', false, false, 'thief', now()), (gen_random_uuid(), $1, '\x02', '\x01', 0, '\x00', false, false, 'owner', now() - interval '1 year')`, user)
	// And blocks the old address by an account of its own.
	h.client().do("POST", "/api/auth/register", map[string]string{"email": "owner@example.com", "password": another}).want(http.StatusConflict)

	h.client().do("GET", "/link/undo?token="+undo, nil).want(http.StatusOK)
	if h.email() != "thief2@example.com" {
		t.Fatal("a look has changed the address")
	}
	h.client().do("POST", "/link/undo", form(undo)).want(http.StatusSeeOther)
	if h.email() != "owner@example.com" {
		t.Fatalf("it is %s still", h.email())
	}
	thief.do("GET", "/api/me", nil).want(http.StatusUnauthorized)
	for _, secret := range []string{password, another} {
		h.client().do("POST", "/api/auth/login", map[string]string{"email": "owner@example.com", "password": secret}).want(http.StatusUnauthorized)
	}
	h.client().do("POST", "/link/reset", url.Values{"token": {waiting}, "password": {"a third one altogether"}}).want(http.StatusGone)
	h.client().do("POST", "/link/undo", form(thiefsUndo)).want(http.StatusGone)
	h.client().do("POST", "/link/undo", form(undo)).want(http.StatusGone)
	if left := ask[string](h, `select string_agg(name, ' ') from passkeys`); left != "owner" {
		t.Errorf("passkeys of %s are left", left)
	}
	// The owner chooses a password by the mail that came, and is in.
	_, token := h.link("owner@example.com", "Your account is back at this address")
	h.client().do("POST", "/link/reset", url.Values{"token": {token}, "password": {"an owl above the harbour"}}).want(http.StatusSeeOther)
	in = h.client().do("POST", "/api/auth/login", map[string]string{"email": "owner@example.com", "password": "an owl above the harbour"})
	if in.field("type") != "/problems/second-factor" { // the owner's passkey comes next
		t.Error(in.body)
	}
}

// The old address may be taken before the mail about it went out, too.
func TestAnAddressThatWasLeftIsHeld(t *testing.T) {
	t.Parallel()
	h := open(t, setting{})
	ines := h.proved("old@example.com")
	jo := h.proved("jo@example.com")
	h.client().do("POST", "/link/change", form(h.askToChange(ines, "new@example.com"))).want(http.StatusSeeOther)
	h.client().do("POST", "/api/auth/register", map[string]string{"email": "old@example.com", "password": another}).want(http.StatusConflict)
	h.send()
	h.client().do("POST", "/link/change", form(h.askToChange(jo, "old@example.com"))).want(http.StatusConflict)
	h.exec(`update email_links set expires_at = now() where purpose = 'undo'`)
	h.client().do("POST", "/api/auth/register", map[string]string{"email": "old@example.com", "password": another}).want(http.StatusCreated)
}

// An address that was mistyped once may be a stranger's, who gets no way in by it.
func TestAnAddressThatNobodyProvedGetsNoWayBack(t *testing.T) {
	t.Parallel()
	h := open(t, setting{})
	api, _ := h.register("mistyped@example.com")
	_, verify := h.link("mistyped@example.com", verifyMail)
	h.client().do("POST", "/link/change", form(h.askToChange(api, "right@example.com"))).want(http.StatusSeeOther)
	for _, m := range h.send() {
		if m.To == "mistyped@example.com" {
			t.Errorf("a stranger is told: %s", m.Text)
		}
	}
	h.client().do("POST", "/link/verify", form(verify)).want(http.StatusGone)
}

// Whose an address is counts when the link is followed, not when it was asked for.
func TestATakenAddressStaysWhoseItIs(t *testing.T) {
	t.Parallel()
	h := open(t, setting{})
	ines, jo := h.proved("ines@example.com"), h.proved("jo@example.com")
	taken := h.askToChange(ines, "jo@example.com") // the answer does not tell that it is
	h.client().do("POST", "/link/change", form(taken)).want(http.StatusConflict)
	free := h.askToChange(ines, "free@example.com")
	h.client().do("POST", "/link/change", form(h.askToChange(jo, "free@example.com"))).want(http.StatusSeeOther)
	h.client().do("POST", "/link/change", form(free)).want(http.StatusConflict)
	ines.do("GET", "/api/me", nil).want(http.StatusOK)
	if email := ines.do("GET", "/api/me", nil).field("email"); email != "ines@example.com" {
		t.Errorf("it is %s", email)
	}
}

func TestAResetEndsWhatThePasswordOpened(t *testing.T) {
	t.Parallel()
	h := open(t, setting{})
	api := h.proved("ines@example.com")
	browser := h.signIn("ines@example.com")
	refresh := h.client().do("POST", "/api/auth/login", map[string]string{"email": "ines@example.com", "password": password}).want(http.StatusOK).field("refresh_token")
	h.exec(`insert into totp_secrets (user_id, secret, confirmed_at) select id, '\x01', now() from users`)
	h.client().do("POST", "/forgot", url.Values{"email": {"ines@example.com"}}).want(http.StatusSeeOther)
	path, token := h.link("ines@example.com", resetMail)
	h.client().do("GET", path+"?token="+token, nil).want(http.StatusOK)
	a := h.client().do("POST", path, url.Values{"token": {token}, "password": {"short"}}).want(http.StatusUnprocessableEntity)
	if !strings.Contains(a.body, "too short") || !strings.Contains(a.body, token) {
		t.Error("the form does not come again with what is wrong")
	}
	h.client().do("POST", path, url.Values{"token": {token}, "password": {"ines@example.com"}}).want(http.StatusUnprocessableEntity)
	h.client().do("POST", path, url.Values{"token": {token}, "password": {another}, "username": {"ines@example.com"}}).want(http.StatusSeeOther)
	api.do("GET", "/api/me", nil).want(http.StatusUnauthorized)
	browser.do("GET", "/dashboard", nil).want(http.StatusSeeOther)
	h.client().do("POST", "/api/auth/refresh", map[string]string{"refresh_token": refresh}).want(http.StatusUnauthorized)
	h.client().do("POST", "/api/auth/login", map[string]string{"email": "ines@example.com", "password": password}).want(http.StatusUnauthorized)
	// A second factor is not got around by a mail.
	in := h.client().do("POST", "/api/auth/login", map[string]string{"email": "ines@example.com", "password": another}).want(http.StatusUnauthorized)
	if in.field("type") != "/problems/second-factor" {
		t.Error(in.body)
	}
	in = h.client().do("POST", "/api/auth/email-link/redeem", map[string]string{"token": h.asked("ines@example.com")}).want(http.StatusUnauthorized)
	if in.field("type") != "/problems/second-factor" {
		t.Error(in.body)
	}
	told := ask[string](h, `select string_agg(kind || ' ' || state, ', ') from mails where kind = 'password_changed'`)
	if told != "password_changed sent" {
		t.Errorf("the mails about it: %s", told)
	}
}

// Whoever's mail comes back is told on the page where it can be mended.
func TestAMailThatCameBackIsTold(t *testing.T) {
	t.Parallel()
	h := open(t, setting{})
	h.register("ines@example.com")
	browser := h.signIn("ines@example.com")
	if page := browser.do("GET", "/dashboard/account/security", nil); strings.Contains(page.body, "could not deliver") {
		t.Error("told before anything came back")
	}
	h.exec(`update mails set state = 'failed', error = '550 no such user'`)
	if page := browser.do("GET", "/dashboard/account/security", nil); !strings.Contains(page.body, "We could not deliver to ines@example.com") {
		t.Error("it is not told")
	}
	browser.do("POST", "/dashboard/account/email/verify", url.Values{}).want(http.StatusSeeOther)
	h.send()
	if page := browser.do("GET", "/dashboard/account/security", nil); strings.Contains(page.body, "could not deliver") {
		t.Error("told after a later one arrived")
	}
}
