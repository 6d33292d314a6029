package mail

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"time"

	gomail "github.com/wneessen/go-mail"

	"github.com/hlpfl/platform/config"
	"github.com/hlpfl/platform/internal/model"
)

// patience is how long one conversation with a mail server may take.
const patience = 30 * time.Second

// server is a mail server that takes our mails.
type server struct {
	config.SMTP
	roots    *x509.CertPool // whom we believe who it is; nil: the system's
	patience time.Duration  // 0: patience
}

// carry gives one mail to the server, by a connection of its own.
func (s server) carry(ctx context.Context, _ model.MailID, m *gomail.Msg) error {
	wait := s.patience
	if wait == 0 {
		wait = patience
	}
	ctx, cancel := context.WithTimeout(ctx, wait)
	defer cancel() // which closes the connection too
	client, err := gomail.NewClient(s.Host, s.options(ctx, wait)...)
	if err != nil {
		return err
	}
	err = client.DialAndSendWithContext(ctx, m)
	if err == nil || m.IsDelivered() {
		return nil // what went wrong after the server took it is no matter
	}
	return told(err)
}

func (s server) options(conversation context.Context, wait time.Duration) []gomail.Option {
	secure := &tls.Config{ServerName: s.Host, MinVersion: tls.VersionTLS12, RootCAs: s.roots}
	options := []gomail.Option{
		gomail.WithPort(s.Port), gomail.WithTimeout(wait), gomail.WithTLSConfig(secure),
		gomail.WithDialContextFunc(func(ctx context.Context, network, address string) (c net.Conn, err error) {
			if s.TLS == config.TLSFromTheStart {
				c, err = (&tls.Dialer{Config: secure}).DialContext(ctx, network, address)
			} else {
				c, err = (&net.Dialer{}).DialContext(ctx, network, address)
			}
			if err == nil {
				// Also after a beginning that failed: the library would leave it open.
				context.AfterFunc(conversation, func() { _ = c.Close() })
			}
			return c, err
		}),
	}
	switch s.TLS {
	case config.TLSFromTheStart:
		options = append(options, gomail.WithSSL())
	case config.TLSStart:
		options = append(options, gomail.WithTLSPolicy(gomail.TLSMandatory))
	case config.TLSNone:
		options = append(options, gomail.WithTLSPolicy(gomail.NoTLS)) // loopback
	}
	if s.User == "" {
		return options
	}
	options = append(options, gomail.WithUsername(s.User), gomail.WithPassword(string(s.Password)))
	if s.TLS == config.TLSNone {
		return append(options, gomail.WithSMTPAuth(gomail.SMTPAuthPlainNoEnc))
	}
	return append(options, gomail.WithOpportunisticSMTPAuth(gomail.SMTPAuthSCRAMSHA256, gomail.SMTPAuthPlain, gomail.SMTPAuthLogin, gomail.SMTPAuthCramMD5))
}

// refusal is a mail that no later try will bring through.
type refusal struct{ error }

func (r refusal) Unwrap() error { return r.error }

func isRefusal(err error) bool {
	var r refusal
	return errors.As(err, &r)
}

// reply is what a server said. Its own words often hold the address, so they go to
// the mail's row alone: logs and jobs get the number.
type reply struct {
	code int
	step string
	said error
}

// Error is fit for a log.
func (r reply) Error() string {
	if r.code == 0 {
		return "the conversation with the mail server broke off at " + r.step
	}
	return fmt.Sprintf("the mail server answered %d at %s", r.code, r.step)
}

func (r reply) Unwrap() error { return r.said }

// words are the server's own, for the mail's row.
func words(err error) string {
	var r reply
	if errors.As(err, &r) {
		return r.Error() + ": " + r.said.Error()
	}
	return err.Error()
}

// told finds out what a failed conversation means. What speaks of the receiver, or
// of this very mail, is a refusal when the server says that it is for good. Anything
// else (it does not let us in, it does not like our own address) is for the operator
// to mend, and this mail waits for that.
func told(err error) error {
	var e *gomail.SendError
	if !errors.As(err, &e) {
		return err
	}
	r := reply{code: e.ErrorCode(), step: steps[e.Reason], said: err}
	if r.step == "" {
		r.step = "its end"
	}
	about := e.Reason == gomail.ErrSMTPRcptTo || e.Reason == gomail.ErrSMTPData || e.Reason == gomail.ErrSMTPDataClose
	if about && r.code >= 500 && r.code < 600 {
		return refusal{r}
	}
	return r
}

var steps = map[gomail.SendErrReason]string{
	gomail.ErrConnCheck: "its beginning", gomail.ErrSMTPMailFrom: "the sender", gomail.ErrSMTPRcptTo: "the receiver",
	gomail.ErrSMTPData: "the mail", gomail.ErrWriteContent: "the mail", gomail.ErrSMTPDataClose: "the mail",
}
