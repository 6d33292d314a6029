// Package mail sends the mails that transactions asked for: it writes each from its
// row, makes the secret of the link that it carries, and gives it to a mail server,
// or in local mode to a mailbox in a folder.
package mail

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"log/slog"
	netmail "net/mail"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"github.com/hlpfl/platform/config"
	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/store"
	"github.com/hlpfl/platform/views"
	"github.com/hlpfl/platform/views/mail"
)

// tooLate is how long after it was asked for a link is still worth sending: whoever
// waited for it has given up, and it would only be one more way in.
const tooLate = time.Hour

// Options say how mails are sent.
type Options struct {
	Store   *store.Store
	From    netmail.Address
	Origin  string      // BASE_URL without a slash at its end: every link begins with it
	SMTP    config.SMTP // without a host, mails go to Mailbox
	Mailbox *Mailbox
	Log     *slog.Logger
}

// Post sends mails. It is safe for use by many goroutines.
type Post struct {
	store   *store.Store
	from    netmail.Address
	origin  string
	carrier carrier
	log     *slog.Logger
}

// carrier takes a written mail to where it goes. What it says about one that was
// not taken is a refusal or an error that may pass.
type carrier interface {
	carry(ctx context.Context, id model.MailID, m *gomail.Msg) error
}

// New makes a Post.
func New(o Options) *Post {
	p := &Post{store: o.Store, from: o.From, origin: o.Origin, log: o.Log, carrier: o.Mailbox}
	if o.SMTP.Host != "" {
		p.carrier = server{SMTP: o.SMTP}
	}
	return p
}

// Delivery is one try to send one mail.
type Delivery struct {
	Mail model.MailID
	Last bool // there will be no other try
	// Finish says in the transaction that notes how it ended that nothing is left to do.
	Finish func(context.Context, *store.SystemTx) error
}

// Send sends a mail. The error is one that may pass by itself: try again later. A
// mail that its receiver's server refuses is noted as that, and is no error.
//
// A mail is sent at least once: when the server takes it and we are killed before
// that is noted, the second one carries the same Message-ID.
func (p *Post) Send(ctx context.Context, d Delivery) error {
	m, link, ok, err := p.prepare(ctx, d)
	if err != nil || !ok {
		return err
	}
	written, err := p.write(m, link)
	if err == nil {
		err = p.carrier.carry(ctx, m.ID, written)
	} else {
		err = refusal{err} // no later try will write it better
	}
	if err == nil {
		return p.note(ctx, d, func(tx *store.SystemTx) error { return tx.MailSent(ctx, m.ID) })
	}
	forGood := isRefusal(err)
	note := func(tx *store.SystemTx) error { return tx.MailFailed(ctx, m.ID, forGood || d.Last, words(err)) }
	if forGood {
		p.log.WarnContext(ctx, "a mail was refused", "mail", m.ID.String(), "kind", m.Kind, "err", err)
		return p.note(ctx, d, note)
	}
	if noted := p.store.System(ctx, note); noted != nil {
		p.log.WarnContext(ctx, "why a mail was not sent could not be noted", "mail", m.ID.String(), "err", noted)
	}
	return err
}

// note writes down how a mail ended, with the end of its job.
func (p *Post) note(ctx context.Context, d Delivery, how func(*store.SystemTx) error) error {
	return p.store.System(ctx, func(tx *store.SystemTx) error {
		if err := how(tx); err != nil {
			return err
		}
		return d.Finish(ctx, tx)
	})
}

// prepare reads the mail and makes the link that it carries. ok is false when there
// is nothing to send.
func (p *Post) prepare(ctx context.Context, d Delivery) (m store.Mail, link string, ok bool, err error) {
	err = p.store.System(ctx, func(tx *store.SystemTx) error {
		if m, ok, err = tx.WaitingMail(ctx, d.Mail); err != nil {
			return err
		}
		if ok {
			if why := void(m); why != "" {
				ok, err = false, tx.MailVoid(ctx, m.ID, why)
			}
		}
		if err != nil || !ok {
			return firstOf(err, func() error { return d.Finish(ctx, tx) })
		}
		if m.Link == "" {
			return nil
		}
		secret := newSecret()
		link = p.origin + views.MailLinkWith(strings.ReplaceAll(string(m.Link), "_", "-"), secret, nextOf(m))
		return tx.AddEmailLink(ctx, store.NewEmailLink{Secret: secret, User: m.User, Purpose: m.Link, Address: m.To})
	})
	return m, link, ok, err
}

func firstOf(err error, f func() error) error {
	if err != nil {
		return err
	}
	return f()
}

// void says why nobody wants a mail any more, "" when it is to be sent.
func void(m store.Mail) string {
	switch m.Link {
	case "":
		return ""
	case store.LinkUndo:
		return "" // the way back is always sent
	}
	switch {
	case m.Outdone:
		return "a newer one was asked for"
	case m.Suspended:
		return "the account is suspended"
	case m.Link != store.LinkChange && m.To != m.Address:
		return "the account has another address now"
	case m.Link != store.LinkVerify && time.Since(m.CreatedAt) > tooLate:
		return "it would come too late"
	}
	return ""
}

// nextOf is where a link leads on to; its data may say so.
func nextOf(m store.Mail) string {
	var data struct {
		Next string `json:"next"`
	}
	if json.Unmarshal(m.Data, &data) != nil {
		return "" // told when the letter is written
	}
	return data.Next
}

// newSecret makes a link's secret, of 256 bits.
func newSecret() string {
	var b [32]byte
	_, _ = rand.Read(b[:]) // never fails since Go 1.24
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// write makes the message of a mail.
func (p *Post) write(m store.Mail, link string) (*gomail.Msg, error) {
	to, err := model.ParseEmail(m.To)
	if err != nil || to != m.To {
		return nil, fmt.Errorf("the address is none: %w", err)
	}
	facts := mail.Facts{Origin: p.origin, Name: m.Name, To: m.To, Link: link}
	if err := json.Unmarshal(m.Data, &facts.Data); err != nil {
		return nil, fmt.Errorf("its data: %w", err)
	}
	letter, err := mail.Write(m.Kind, facts)
	if err != nil {
		return nil, err
	}
	return compose(p.from, m, letter)
}

// longestSubject is what lists of mails show of one, and more, in characters.
const longestSubject = 200

func compose(from netmail.Address, m store.Mail, letter mail.Letter) (*gomail.Msg, error) {
	subject, err := model.CleanLine(letter.Subject, longestSubject)
	if err != nil {
		return nil, fmt.Errorf("its subject: %w", err) // also: a line break, where another header could begin
	}
	var page strings.Builder
	if err := letter.HTML().Render(context.Background(), &page); err != nil {
		return nil, err
	}
	msg := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	msg.FromMailAddress(&from)
	msg.EnvelopeFromMailAddress(&netmail.Address{Address: from.Address})
	if err := msg.To(m.To); err != nil {
		return nil, err
	}
	msg.Subject(subject)
	msg.SetDate()
	_, domain, _ := strings.Cut(from.Address, "@")
	msg.SetMessageIDWithValue(m.ID.String() + "@" + domain)
	// Nobody's holiday notice is to answer (RFC 3834).
	msg.SetGenHeader("Auto-Submitted", "auto-generated")
	msg.SetBodyString(gomail.TypeTextPlain, letter.Text())
	msg.AddAlternativeString(gomail.TypeTextHTML, page.String())
	return msg, nil
}
