package site_test

import (
	"context"
	"log/slog"
	"net/http"
	netmail "net/mail"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/hlpfl/platform/internal/mail"
	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/store"
)

// origin is BASE_URL in these tests, on which every link is built.
const origin = "https://hlpfl.test"

// send sends the mails that wait, as the worker does, and gives them.
func (h *house) send() (sent []mail.Received) {
	h.t.Helper()
	box := mail.NewMailbox(h.t.TempDir())
	post := mail.New(mail.Options{Store: h.store, From: netmail.Address{Address: "mail@hlpfl.test"}, Origin: origin, Mailbox: box, Log: slog.New(slog.DiscardHandler)})
	rows, err := h.db.Query(`select id from mails where state = 'waiting' order by id`)
	if err != nil {
		h.t.Fatal(err)
	}
	defer rows.Close()
	var ids []model.MailID
	for rows.Next() {
		var id model.MailID
		if err := rows.Scan(&id); err != nil {
			h.t.Fatal(err)
		}
		ids = append(ids, id)
	}
	if err := rows.Err(); err != nil {
		h.t.Fatal(err)
	}
	for _, id := range ids {
		if err := post.Send(h.t.Context(), mail.Delivery{Mail: id, Finish: func(context.Context, *store.SystemTx) error { return nil }}); err != nil {
			h.t.Fatal(err)
		}
		one, err := box.Read(id)
		if err == nil {
			sent = append(sent, one)
		} else if model.KindOf(err) != model.KindNotFound { // void: not sent
			h.t.Fatal(err)
		}
	}
	return sent
}

var linkInMail = regexp.MustCompile(regexp.QuoteMeta(origin) + `(/link/[a-z-]+)\?token=([A-Za-z0-9_-]+)`)

// link sends what waits and gives path and token of the link in the mail to an address.
func (h *house) link(to, subject string) (path, token string) {
	h.t.Helper()
	sent := h.send()
	for _, m := range sent {
		if m.To == to && m.Subject == subject {
			found := linkInMail.FindStringSubmatch(m.Text)
			if found == nil {
				h.t.Fatalf("no link in\n%s", m.Text)
			}
			return found[1], found[2]
		}
	}
	h.t.Fatalf("no mail %q to %s among %d: %+v", subject, to, len(sent), sent)
	return "", ""
}

// The subjects of the mails.
const (
	verifyMail  = "Is this your address?"
	signInMail  = "Your way in"
	resetMail   = "Choose a new password"
	changeMail  = "Is this your new address?"
	changedMail = "Your account has another address now"
)

func form(token string) url.Values { return url.Values{"token": {token}} }

// asked has somebody ask for a link that signs in, and gives its token.
func (h *house) asked(email string) string {
	h.t.Helper()
	h.client().do("POST", "/login/link", url.Values{"email": {email}}).want(http.StatusSeeOther)
	_, token := h.link(email, signInMail)
	return token
}

// proved makes an account whose address is proved.
func (h *house) proved(email string) *client {
	h.t.Helper()
	c, _ := h.register(email)
	_, token := h.link(email, verifyMail)
	h.client().do("POST", "/link/verify", form(token)).want(http.StatusSeeOther)
	return c
}

func (h *house) isProved(email string) bool {
	return ask[bool](h, `select email_verified_at is not null from users where email = $1`, email)
}

func TestAnAddressIsProvedByAButtonAndNotByALook(t *testing.T) {
	t.Parallel()
	h := open(t, setting{})
	h.register("ines@example.com")
	path, token := h.link("ines@example.com", verifyMail)
	for range 3 { // programs that read mails open every link
		a := h.client().do("GET", path+"?token="+token, nil).want(http.StatusOK)
		h.client().do("HEAD", path+"?token="+token, nil).want(http.StatusOK)
		if !strings.Contains(a.body, "Yes, this is my address") || !strings.Contains(a.body, "I did not make this account") || !strings.Contains(a.body, "ines@example.com") {
			t.Errorf("the page: %s", a.body)
		}
		if got := a.header.Get("Referrer-Policy"); got != "strict-origin" {
			t.Errorf("Referrer-Policy %q: the token is told to whoever the page loads from", got)
		}
	}
	if h.isProved("ines@example.com") {
		t.Fatal("a look has proved the address")
	}
	a := h.client().do("POST", path, url.Values{"token": {token}, "answer": {"yes"}}).want(http.StatusSeeOther)
	if !h.isProved("ines@example.com") || a.header.Get("Location") != "/login?done=verified" {
		t.Errorf("sent to %s", a.header.Get("Location"))
	}
	if me := h.signIn("ines@example.com").do("GET", "/dashboard/account/security", nil).want(http.StatusOK); !strings.Contains(me.body, "yours for sure") {
		t.Error("the Sign-in page does not say so")
	}
	h.client().do("POST", path, form(token)).want(http.StatusGone)
	h.client().do("GET", path+"?token="+token, nil).want(http.StatusGone)
}

func TestTheMailIsSentAgain(t *testing.T) {
	t.Parallel()
	h := open(t, setting{})
	api, _ := h.register("ines@example.com")
	_, first := h.link("ines@example.com", verifyMail)
	browser := h.signIn("ines@example.com")
	if page := browser.do("GET", "/dashboard/account/security", nil).want(http.StatusOK); !strings.Contains(page.body, "not proved yet") || !strings.Contains(page.body, "Send it again") {
		t.Errorf("the page: %s", page.body)
	}
	browser.do("POST", "/dashboard/account/email/verify", url.Values{}).want(http.StatusSeeOther)
	_, second := h.link("ines@example.com", verifyMail)
	h.client().do("POST", "/api/auth/email/verify", map[string]string{"token": first}).want(http.StatusGone)
	api.do("POST", "/api/me/email/verify", nil).want(http.StatusAccepted)
	_, third := h.link("ines@example.com", verifyMail)
	h.client().do("POST", "/api/auth/email/verify", map[string]string{"token": second}).want(http.StatusGone)
	h.client().do("POST", "/api/auth/email/verify", map[string]string{"token": third}).want(http.StatusNoContent)
	// Proved, there is nothing to send.
	api.do("POST", "/api/me/email/verify", nil).want(http.StatusAccepted)
	if sent := h.send(); len(sent) > 0 || !h.isProved("ines@example.com") {
		t.Errorf("%+v", sent)
	}
}

// Whoever registers with somebody else's address is out as soon as its owner says so.
func TestAStrangersAccountIsDisowned(t *testing.T) {
	t.Parallel()
	h := open(t, setting{})
	thief, refresh := h.register("victim@example.com")
	browser := h.signIn("victim@example.com")
	path, token := h.link("victim@example.com", verifyMail)
	a := h.client().do("POST", path, url.Values{"token": {token}, "answer": {"no"}}).want(http.StatusSeeOther)
	if page := h.client().do("GET", a.header.Get("Location"), nil); !strings.Contains(page.body, "Whoever made that account is out of it") {
		t.Error("nobody says what has happened")
	}
	thief.do("GET", "/api/me", nil).want(http.StatusUnauthorized)
	thief.do("POST", "/api/auth/refresh", map[string]string{"refresh_token": refresh}).want(http.StatusUnauthorized)
	browser.do("GET", "/dashboard", nil).want(http.StatusSeeOther)
	h.client().do("POST", "/api/auth/login", map[string]string{"email": "victim@example.com", "password": password}).want(http.StatusUnauthorized)
	if h.isProved("victim@example.com") {
		t.Error("the account counts as proved")
	}
	// The owner of the address may still want it.
	h.client().do("POST", "/link/sign-in", form(h.asked("victim@example.com"))).want(http.StatusSeeOther)
}

// The attack: register with a victim's address, wait until the victim comes in by
// mail, and be in the account still.
func TestWhoeverRegisteredAnAddressBeforeItsOwnerIsOut(t *testing.T) {
	t.Parallel()
	for name, in := range map[string]func(h *house){
		"by a link that signs in": func(h *house) {
			token := h.asked("victim@example.com")
			if page := h.client().do("GET", "/link/sign-in?token="+token, nil).want(http.StatusOK); !strings.Contains(page.body, "the first time that anybody proves this address") {
				t.Error("the owner is not told")
			}
			h.client().do("POST", "/link/sign-in", form(token)).want(http.StatusSeeOther)
		},
		"by a new password": func(h *house) {
			h.client().do("POST", "/forgot", url.Values{"email": {"victim@example.com"}}).want(http.StatusSeeOther)
			_, token := h.link("victim@example.com", resetMail)
			h.client().do("POST", "/link/reset", url.Values{"token": {token}, "password": {another}}).want(http.StatusSeeOther)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := open(t, setting{})
			thief, refresh := h.register("victim@example.com")
			browser := h.signIn("victim@example.com")
			user := ask[string](h, `select id from users`)
			h.exec(`insert into passkeys (id, user_id, credential_id, public_key, sign_count, aaguid, backup_eligible, backed_up, name)
				values (gen_random_uuid(), $1, '\x01', '\x01', 0, '\x00', false, false, 'thief')`, user)
			h.exec(`insert into totp_secrets (user_id, secret, confirmed_at) values ($1, '\x01', now())`, user)
			h.exec(`insert into recovery_codes (user_id, hash) values ($1, '\x01')`, user)
			h.exec(`insert into identities (provider, subject, user_id) values ('google', '1', $1)`, user)
			h.exec(`insert into api_keys (id, user_id, name, scopes, hash, ending) values (gen_random_uuid(), $1, 'thief', '{}', '\x01', 'abcd')`, user)
			in(h)
			thief.do("GET", "/api/me", nil).want(http.StatusUnauthorized)
			thief.do("POST", "/api/auth/refresh", map[string]string{"refresh_token": refresh}).want(http.StatusUnauthorized)
			browser.do("GET", "/dashboard", nil).want(http.StatusSeeOther)
			h.client().do("POST", "/api/auth/login", map[string]string{"email": "victim@example.com", "password": password}).want(http.StatusUnauthorized)
			if n := ask[int](h, `select (select count(*) from passkeys) + (select count(*) from totp_secrets) + (select count(*) from recovery_codes) + (select count(*) from identities) +
				(select count(*) from api_keys where ended_at is null)`); n != 0 {
				t.Errorf("%d ways in of the thief's are left", n)
			}
			if !h.isProved("victim@example.com") {
				t.Error("the address is not proved by it")
			}
		})
	}
}

// Once an address is proved, a sign-in by mail takes nothing away.
func TestALinkLeavesAProvedAccountAsItIs(t *testing.T) {
	t.Parallel()
	h := open(t, setting{})
	api := h.proved("ines@example.com")
	h.client().do("POST", "/link/sign-in", form(h.asked("ines@example.com"))).want(http.StatusSeeOther)
	api.do("GET", "/api/me", nil).want(http.StatusOK)
	h.signIn("ines@example.com")
}
