package mail_test

import (
	"context"
	"encoding/hex"
	"io/fs"
	"log/slog"
	netmail "net/mail"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"
	_ "github.com/lib/pq"

	"github.com/hlpfl/platform/config"
	"github.com/hlpfl/platform/internal/mail"
	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/internal/testenv"
	"github.com/hlpfl/platform/store"
	"github.com/hlpfl/platform/tests/post"
	views "github.com/hlpfl/platform/views/mail"
)

// house has one user and a post whose server answers as the test says.
type house struct {
	t     *testing.T
	store *store.Store
	db    *sqlx.DB
	post  *mail.Post
	user  model.UserID
}

const ines = "ines@example.com"

func open(t *testing.T, smtp config.SMTP, box *mail.Mailbox) *house {
	t.Helper()
	url := testenv.Database(t)
	s, err := store.Open(store.Options{DatabaseURL: url})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	h := &house{t: t, store: s, db: sqlx.MustOpen("postgres", url), user: model.NewUserID()}
	t.Cleanup(func() { h.db.Close() })
	h.db.MustExec(`insert into users (id, email, name, email_verified_at) values ($1, $2, 'Ines', now())`, h.user, ines)
	h.post = mail.New(mail.Options{
		Store: s, From: netmail.Address{Name: "Hölpfl", Address: "mail@hlpfl.example"}, Origin: "https://hlpfl.example",
		SMTP: smtp, Mailbox: box, Log: slog.New(slog.DiscardHandler),
	})
	return h
}

func at(box *post.Box, tls config.TLS) config.SMTP {
	return config.SMTP{Host: "127.0.0.1", Port: box.Port(), TLS: tls}
}

// ask asks for a mail and gives its id.
func (h *house) ask(m store.NewMail) model.MailID {
	h.t.Helper()
	if err := h.store.AsUser(h.t.Context(), h.user, func(tx *store.UserTx) error { return tx.SendMail(h.t.Context(), m) }); err != nil {
		h.t.Fatal(err)
	}
	var id string
	if err := h.db.Get(&id, `select id from mails order by id desc limit 1`); err != nil {
		h.t.Fatal(err)
	}
	parsed, err := model.ParseMailID(id)
	if err != nil {
		h.t.Fatal(err)
	}
	return parsed
}

// send tries to send it and gives what its row says, and whether the job was finished with it.
func (h *house) send(id model.MailID, last bool) (row mailRow, finished bool, err error) {
	h.t.Helper()
	err = h.post.Send(h.t.Context(), mail.Delivery{Mail: id, Last: last, Finish: func(context.Context, *store.SystemTx) error {
		finished = true
		return nil
	}})
	if e := h.db.Get(&row, `select state, attempts, error, sent_at is not null as sent from mails where id = $1`, id); e != nil {
		h.t.Fatal(e)
	}
	return row, finished, err
}

type mailRow struct {
	State    string `db:"state"`
	Attempts int    `db:"attempts"`
	Error    string `db:"error"`
	Sent     bool   `db:"sent"`
}

func TestAMailIsSentAsItIsMeant(t *testing.T) {
	t.Parallel()
	box := post.Open(t, post.Options{})
	h := open(t, at(box, config.TLSNone), nil)
	id := h.ask(store.NewMail{Kind: views.KindSignIn, Link: store.LinkSignIn})
	if row, finished, err := h.send(id, false); err != nil || !finished || row != (mailRow{"sent", 1, "", true}) {
		t.Fatalf("%+v, %v", row, err)
	}
	m := box.Taken()[0]
	if m.From != "mail@hlpfl.example" || m.To != ines || m.Received.To != ines || m.Subject != "Your way in" {
		t.Errorf("%+v", m)
	}
	raw, err := netmail.ReadMessage(strings.NewReader(string(m.Raw)))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"Message-Id": "<" + id.String() + "@hlpfl.example>", "Auto-Submitted": "auto-generated", "Mime-Version": "1.0",
		"From": "=?utf-8?q?H=C3=B6lpfl?= <mail@hlpfl.example>", "To": "<" + ines + ">", "User-Agent": "", "X-Mailer": "",
	} {
		if got := raw.Header.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if date, err := raw.Header.Date(); err != nil || time.Since(date) > time.Minute {
		t.Errorf("Date: %v %v", date, err)
	}
	if !strings.HasPrefix(m.Link(), "https://hlpfl.example/link/sign-in?token=") || !strings.Contains(m.HTML, m.Link()) || !strings.Contains(m.HTML, "Ines, here is your way in.") {
		t.Errorf("text:\n%s\nHTML:\n%s", m.Text, m.HTML)
	}
	// A second time there is nothing to do.
	if _, finished, err := h.send(id, false); err != nil || !finished || len(box.Taken()) != 1 {
		t.Errorf("sent %d times, %v", len(box.Taken()), err)
	}
}

func TestNoSecretOfALinkIsEverStored(t *testing.T) {
	t.Parallel()
	box := post.Open(t, post.Options{})
	h := open(t, at(box, config.TLSNone), nil)
	id := h.ask(store.NewMail{Kind: views.KindReset, Link: store.LinkReset})
	var links int
	if err := h.db.Get(&links, `select count(*) from email_links`); err != nil || links != 0 {
		t.Fatalf("a link waits before its mail is sent: %d, %v", links, err)
	}
	if _, _, err := h.send(id, false); err != nil {
		t.Fatal(err)
	}
	_, secret, _ := strings.Cut(box.Taken()[0].Link(), "token=")
	if len(secret) < 22 { // 128 bits
		t.Fatalf("a secret of %d characters", len(secret))
	}
	var all string
	err := h.db.Get(&all, `select (select string_agg(m::text, ' ') from mails m) || (select string_agg(l::text, ' ') from email_links l) || (select string_agg(j::text, ' ') from jobs j)`)
	if err != nil || !strings.Contains(all, "reset") || strings.Contains(all, secret) || strings.Contains(all, hex.EncodeToString([]byte(secret))) {
		t.Errorf("%v, the tables hold:\n%s", err, all)
	}
	if strings.Contains(mustGet(t, h.db, `select string_agg(payload::text, ' ') from jobs`), "@") {
		t.Error("a job's payload holds an address")
	}
}

func mustGet(t *testing.T, db *sqlx.DB, query string) (text string) {
	t.Helper()
	if err := db.Get(&text, query); err != nil {
		t.Fatal(err)
	}
	return text
}

func TestWhatAMailServerSays(t *testing.T) {
	t.Parallel()
	always := func(err error) func(string) error { return func(string) error { return err } }
	for name, c := range map[string]struct {
		o     post.Options
		last  bool
		state string // of the mail
		again bool   // it is to be tried again
	}{
		"busy":                         {post.Options{Receiver: always(post.Say(450, "mailbox busy"))}, false, "waiting", true},
		"busy to the last":             {post.Options{Receiver: always(post.Say(450, "mailbox busy"))}, true, "failed", true},
		"no such mailbox":              {post.Options{Receiver: always(post.Say(550, "no such user ines@example.com"))}, false, "failed", false},
		"this mail never":              {post.Options{Mail: always(post.Say(554, "spam"))}, false, "failed", false},
		"this mail later":              {post.Options{Mail: always(post.Say(451, "greylisted"))}, false, "waiting", true},
		"hung up":                      {post.Options{Mail: always(post.ErrDrop)}, false, "waiting", true},
		"hung up at once":              {post.Options{Sender: always(post.ErrDrop)}, false, "waiting", true},
		"our own address is not liked": {post.Options{Sender: always(post.Say(553, "who are you"))}, false, "waiting", true},
		"it does not know us":          {post.Options{User: "somebody", Password: "else"}, false, "waiting", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			box := post.Open(t, c.o)
			h := open(t, at(box, config.TLSNone), nil)
			id := h.ask(store.NewMail{Kind: views.KindVerify, Link: store.LinkVerify})
			row, finished, err := h.send(id, c.last)
			if row.State != c.state || (err != nil) != c.again || finished == c.again || row.Attempts != 1 || row.Error == "" || row.Sent {
				t.Errorf("%+v, finished %v, %v", row, finished, err)
			}
			if err != nil && strings.Contains(err.Error(), ines) {
				t.Errorf("an address gets into the log: %v", err)
			}
			var told bool
			err = h.store.AsUser(t.Context(), h.user, func(tx *store.UserTx) (err error) {
				_, told, err = tx.Undelivered(t.Context())
				return err
			})
			if err != nil || told != (c.state == "failed") {
				t.Errorf("the user is told: %v, %v", told, err)
			}
		})
	}
}

func TestAServerThatNeverAnswersIsLeft(t *testing.T) {
	t.Parallel()
	slow := make(chan struct{})
	box := post.Open(t, post.Options{Receiver: func(string) error { <-slow; return nil }})
	t.Cleanup(func() { close(slow) })
	h := open(t, at(box, config.TLSNone), nil)
	h.post.Through(nil, 300*time.Millisecond)
	began := time.Now()
	row, finished, err := h.send(h.ask(store.NewMail{Kind: views.KindVerify, Link: store.LinkVerify}), false)
	if err == nil || finished || row.State != "waiting" || time.Since(began) > 10*time.Second {
		t.Errorf("%+v, %v after %v", row, err, time.Since(began))
	}
}

func TestAMailIsTakenAtASecondTry(t *testing.T) {
	t.Parallel()
	tries := 0
	box := post.Open(t, post.Options{Receiver: func(string) error {
		if tries++; tries == 1 {
			return post.Say(450, "later")
		}
		return nil
	}})
	h := open(t, at(box, config.TLSNone), nil)
	id := h.ask(store.NewMail{Kind: views.KindVerify, Link: store.LinkVerify})
	if _, _, err := h.send(id, false); err == nil {
		t.Fatal("no error")
	}
	if row, _, err := h.send(id, false); err != nil || row != (mailRow{"sent", 2, "", true}) {
		t.Errorf("%+v, %v", row, err)
	}
	// The link of the first try is void: one is good.
	if good := mustGet(t, h.db, `select count(*)::text from email_links where expires_at > now()`); good != "1" {
		t.Errorf("%s links are good", good)
	}
}

func TestMailsGoByTLSAndWithOurPassword(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		o     post.Options
		tls   config.TLS
		trust bool
		taken bool
	}{
		"from the start":                 {post.Options{TLS: true}, config.TLSFromTheStart, true, true},
		"STARTTLS":                       {post.Options{StartTLS: true}, config.TLSStart, true, true},
		"STARTTLS is not offered":        {post.Options{}, config.TLSStart, true, false},
		"somebody else's certificate":    {post.Options{TLS: true}, config.TLSFromTheStart, false, false},
		"somebody else's after STARTTLS": {post.Options{StartTLS: true}, config.TLSStart, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c.o.User, c.o.Password = "hlpfl", "s3cret"
			box := post.Open(t, c.o)
			smtp := at(box, c.tls)
			smtp.User, smtp.Password = "hlpfl", "s3cret"
			h := open(t, smtp, nil)
			if c.trust {
				h.post.Through(box.Roots, 5*time.Second)
			}
			_, _, err := h.send(h.ask(store.NewMail{Kind: views.KindVerify, Link: store.LinkVerify}), false)
			if (err == nil) != c.taken {
				t.Fatal(err)
			}
			if c.taken && (!box.Taken()[0].Crypt || box.Taken()[0].User != "hlpfl") || !c.taken && len(box.Taken()) > 0 {
				t.Errorf("%+v", box.Taken())
			}
		})
	}
}

func TestWhatNobodyWaitsForIsNotSent(t *testing.T) {
	t.Parallel()
	box := post.Open(t, post.Options{})
	for name, c := range map[string]struct {
		link   store.LinkPurpose
		change string
		sent   bool
	}{
		"a sign-in of an hour ago":         {store.LinkSignIn, `update mails set created_at = now() - interval '61 minutes'`, false},
		"a verification of a day ago":      {store.LinkVerify, `update mails set created_at = now() - interval '1 day'`, true},
		"the account has another address":  {store.LinkReset, `update users set email = 'other@example.com'`, false},
		"the way back from that":           {store.LinkUndo, `update users set email = 'other@example.com'`, true},
		"the account is suspended":         {store.LinkSignIn, `update users set suspended_at = now()`, false},
		"a newer one was asked for":        {store.LinkSignIn, `insert into mails (id, user_id, to_address, kind, link) select 'ffffffff-ffff-7fff-bfff-ffffffffffff', id, email, 'sign_in', 'sign_in' from users`, false},
		"a newer one for something else":   {store.LinkSignIn, `insert into mails (id, user_id, to_address, kind, link) select 'ffffffff-ffff-7fff-bfff-ffffffffffff', id, email, 'reset', 'reset' from users`, true},
		"nothing happened in the meantime": {store.LinkSignIn, `select 1`, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := open(t, at(box, config.TLSNone), nil)
			id := h.ask(store.NewMail{Kind: views.KindSignIn, Link: c.link, Data: map[string]string{"new": "n@example.com"}})
			h.db.MustExec(c.change)
			row, finished, err := h.send(id, false)
			if err != nil || !finished || (row.State == "sent") != c.sent || (row.State == "void") == c.sent {
				t.Errorf("%+v, %v", row, err)
			}
		})
	}
}

func TestNobodyWritesAHeaderOfOurs(t *testing.T) {
	t.Parallel()
	box := post.Open(t, post.Options{})
	h := open(t, at(box, config.TLSNone), nil)
	h.db.MustExec(`update users set name = E'Ines\r\nBcc: victim@example.com\r\n\r\nhello'`)
	if _, _, err := h.send(h.ask(store.NewMail{Kind: views.KindSignIn, Link: store.LinkSignIn, Data: map[string]string{"old": "a\r\nX-Evil: 1"}}), false); err != nil {
		t.Fatal(err)
	}
	raw, err := netmail.ReadMessage(strings.NewReader(string(box.Taken()[0].Raw)))
	if err != nil || raw.Header.Get("Bcc") != "" || raw.Header.Get("X-Evil") != "" {
		t.Errorf("%v, %v", raw.Header, err)
	}
	// An address that no form would take goes nowhere, whoever put it there.
	for _, to := range []string{"a@example.com\r\nRCPT TO:<victim@example.com>", "a@example.com, b@example.com", "Ines <a@example.com>", "a@example.com>\r\nDATA"} {
		row, _, err := h.send(h.ask(store.NewMail{Kind: views.KindVerify, To: to}), false)
		if err != nil || row.State != "failed" {
			t.Errorf("%q: %+v, %v", to, row, err)
		}
	}
	if n := len(box.Taken()); n != 1 {
		t.Errorf("%d mails were sent", n)
	}
}

// Whoever registers with somebody else's address writes nothing to them.
func TestANameIsToldToAProvedAddressAlone(t *testing.T) {
	t.Parallel()
	box := post.Open(t, post.Options{})
	h := open(t, at(box, config.TLSNone), nil)
	const advert = "Cheap watches at watches.example"
	h.db.MustExec(`update users set name = $1`, advert)
	ask := []store.NewMail{{Kind: views.KindSignIn, Link: store.LinkSignIn}, {Kind: views.KindChange, Link: store.LinkChange, User: h.user, To: "other@example.com"}}
	for i, named := range []bool{true, false, false} {
		if i == 2 {
			h.db.MustExec(`update users set email_verified_at = null`)
		}
		if _, _, err := h.send(h.ask(ask[i%2]), false); err != nil {
			t.Fatal(err)
		}
		if m := box.Taken()[i]; strings.Contains(m.Text+m.HTML+m.Subject, advert) != named {
			t.Errorf("mail %d to %s: %s", i, m.To, m.Text)
		}
	}
}

func TestAMailboxKeepsMailsForItsOwnerAlone(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "mailbox")
	box := mail.NewMailbox(folder)
	if list, err := box.List(); err != nil || len(list) != 0 {
		t.Fatalf("%v, %v", list, err)
	}
	h := open(t, config.SMTP{}, box)
	var first, last model.MailID
	for i := range 202 {
		id := h.ask(store.NewMail{Kind: views.KindPasswordChanged, Data: map[string]string{"way": "grüßend"}})
		if row, _, err := h.send(id, false); err != nil || row.State != "sent" {
			t.Fatalf("%+v, %v", row, err)
		}
		if i == 0 {
			first = id
		}
		last = id
	}
	list, err := mail.NewMailbox(folder).List() // as after a restart
	if err != nil || len(list) != 200 || list[0].ID != last || list[0].To != ines || list[0].Subject != "Your password was changed" || !strings.Contains(list[0].Text, "grüßend") {
		t.Fatalf("%d mails, %+v, %v", len(list), list[0], err)
	}
	if _, err := box.Read(first); model.KindOf(err) != model.KindNotFound {
		t.Errorf("the first one: %v", err)
	}
	err = filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := os.Stat(path)
		if err == nil && info.Mode().Perm()&0o077 != 0 {
			t.Errorf("others may read %s: %v", path, info.Mode())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
