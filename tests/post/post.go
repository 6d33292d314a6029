// Package post is a mail server for tests: a real one, over a real socket, that
// answers as a script says and keeps what it took.
package post

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http/httptest"
	"regexp"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"github.com/hlpfl/platform/internal/mail"
)

// Options say how a server is.
type Options struct {
	TLS      bool // from the first byte
	StartTLS bool // offered
	// User and Password must be shown when User is set.
	User, Password string
	// Sender, Receiver and Mail answer at each step; nil takes everything. An error
	// made by Say is what the server says; Drop hangs up; Mail is asked when the mail
	// was read whole.
	Sender, Receiver, Mail func(address string) error
}

// Say is a server's answer, as 450 or 550.
func Say(code int, text string) error {
	return &smtp.SMTPError{Code: code, EnhancedCode: smtp.EnhancedCode{code / 100, 1, 1}, Message: text}
}

// ErrDrop hangs up without a word.
var ErrDrop = errors.New("hang up")

// Box is a running server with what it took.
type Box struct {
	Address string // host:port
	// Roots trust its certificate.
	Roots *x509.CertPool

	o     Options
	mu    sync.Mutex
	taken []Taken
}

// Taken is a mail that the server took.
type Taken struct {
	mail.Received
	From  string // of the envelope
	To    string // of the envelope
	Raw   []byte
	Crypt bool // by TLS
	User  string
}

// Open starts a server on loopback, which ends with the test.
func Open(t testing.TB, o Options) *Box {
	t.Helper()
	b := &Box{o: o}
	s := smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) {
		return &session{box: b, conn: c}, nil
	}))
	s.Domain, s.AllowInsecureAuth, s.ReadTimeout, s.WriteTimeout = "mail.test", true, time.Minute, time.Minute
	s.ErrorLog = quiet{}
	l, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // it ends with the test
	if err != nil {
		t.Fatal(err)
	}
	b.Address = l.Addr().String()
	if o.TLS || o.StartTLS {
		// The certificate that httptest has for loopback.
		h := httptest.NewTLSServer(nil)
		t.Cleanup(h.Close)
		b.Roots = x509.NewCertPool()
		b.Roots.AddCert(h.Certificate())
		s.TLSConfig = &tls.Config{Certificates: h.TLS.Certificates, MinVersion: tls.VersionTLS12}
		if o.TLS {
			l = tls.NewListener(l, s.TLSConfig)
		}
	}
	done := make(chan struct{})
	go func() { defer close(done); _ = s.Serve(l) }()
	t.Cleanup(func() { _ = s.Close(); <-done })
	return b
}

// URL is the server as SMTP_URL names it.
func (b *Box) URL() string { return "smtp://" + b.Address }

// Port is where it listens.
func (b *Box) Port() int {
	_, port, _ := net.SplitHostPort(b.Address)
	n, _ := strconv.Atoi(port)
	return n
}

// Taken are the mails that it took so far, the oldest first.
func (b *Box) Taken() []Taken {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]Taken(nil), b.taken...)
}

// Wait gives the newest of n mails to an address under a subject, once that many
// have come.
func (b *Box) Wait(t testing.TB, n int, to, subject string) Taken {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		var found []Taken
		for _, m := range b.Taken() {
			if m.To == to && m.Subject == subject {
				found = append(found, m)
			}
		}
		if len(found) >= n {
			return found[n-1]
		}
		if time.Now().After(deadline) {
			var have []string
			for _, m := range b.Taken() {
				have = append(have, m.To+": "+m.Subject)
			}
			t.Fatalf("%d mails %q to %s, of %q", len(found), subject, to, have)
		}
	}
}

var link = regexp.MustCompile(`https?://\S+`)

// Link is the first address in the mail's text.
func (m Taken) Link() string { return link.FindString(m.Text) }

type session struct {
	box      *Box
	conn     *smtp.Conn
	user     string
	from, to string
}

// AuthMechanisms are those offered.
func (s *session) AuthMechanisms() []string {
	if s.box.o.User == "" {
		return nil
	}
	return []string{sasl.Plain}
}

// Auth checks user and password.
func (s *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != s.box.o.User || password != s.box.o.Password {
			return smtp.ErrAuthFailed
		}
		s.user = user
		return nil
	}), nil
}

func (s *session) answer(f func(string) error, address string) error {
	if f == nil {
		return nil
	}
	err := f(address)
	if errors.Is(err, ErrDrop) {
		_ = s.conn.Conn().Close()
	}
	return err
}

// Mail takes the sender.
func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	if s.box.o.User != "" && s.user == "" {
		return smtp.ErrAuthRequired
	}
	s.from = from
	return s.answer(s.box.o.Sender, from)
}

// Rcpt takes the receiver.
func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.to = to
	return s.answer(s.box.o.Receiver, to)
}

// Data takes the mail.
func (s *session) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if err := s.answer(s.box.o.Mail, s.to); err != nil {
		return err
	}
	read, err := mail.Parse(raw)
	if err != nil {
		return Say(554, "unreadable: "+err.Error())
	}
	_, crypt := s.conn.TLSConnectionState()
	s.box.mu.Lock()
	defer s.box.mu.Unlock()
	s.box.taken = append(s.box.taken, Taken{Received: read, From: s.from, To: s.to, Raw: raw, Crypt: crypt, User: s.user})
	return nil
}

// Reset begins the next mail.
func (s *session) Reset() { s.from, s.to = "", "" }

// Logout ends the conversation.
func (s *session) Logout() error { return nil }

// quiet: what a scripted server complains about is the script.
type quiet struct{}

// Printf says nothing.
func (quiet) Printf(string, ...any) {}

// Println says nothing.
func (quiet) Println(...any) {}
