package config

import (
	"net"
	"net/mail"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
)

// SMTP is the server that takes our mails.
type SMTP struct {
	Host     string // "" is none
	Port     int
	TLS      TLS
	User     string // "" signs in nowhere
	Password Secret
}

// TLS is how a connection to a mail server is kept private.
type TLS int

// The ways.
const (
	// TLSFromTheStart speaks TLS from the first byte (smtps://).
	TLSFromTheStart TLS = iota
	// TLSStart begins in the clear and sends nothing of anybody's before STARTTLS (smtp://).
	TLSStart
	// TLSNone stays in the clear: on loopback alone, where nobody listens (smtp://localhost).
	TLSNone
)

const smtpShape = "must look like smtps://user:password@host:465, or smtp://user:password@host:587 for a server with STARTTLS"

func (r *reader) smtp(name string, local bool) SMTP {
	value := r.text(name, "")
	if value == "" {
		if !local {
			r.required(name)
		}
		return SMTP{}
	}
	u, err := url.Parse(value)
	if err != nil || u.Hostname() == "" || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" {
		r.wrong(name, smtpShape)
		return SMTP{}
	}
	s := SMTP{Host: u.Hostname()}
	switch u.Scheme {
	case "smtps":
		s.Port, s.TLS = 465, TLSFromTheStart
	case "smtp":
		s.Port, s.TLS = 587, TLSStart
		if loopback(s.Host) {
			s.TLS = TLSNone
		}
	default:
		r.wrong(name, smtpShape)
		return SMTP{}
	}
	if port := u.Port(); port != "" {
		if s.Port, err = strconv.Atoi(port); err != nil || s.Port < 1 || s.Port > 65535 {
			r.wrong(name, smtpShape)
		}
	}
	if u.User != nil {
		password, _ := u.User.Password()
		s.User, s.Password = u.User.Username(), Secret(password)
		if s.User == "" || s.Password == "" {
			r.wrong(name, "names half of a sign-in: it takes user and password, or neither")
		}
	}
	return s
}

// mailFrom is who our mails are from: a name with an address, or the address alone.
func (r *reader) mailFrom(name string, local bool) mail.Address {
	value := r.text(name, "")
	switch {
	case value == "" && local:
		value = "HLPFL <mail@hlpfl.localhost>"
	case value == "":
		r.required(name)
		return mail.Address{}
	}
	from, err := mail.ParseAddress(value)
	if err != nil || !strings.Contains(from.Address[strings.LastIndexByte(from.Address, '@'):], ".") || strings.ContainsAny(value, "\r\n") {
		r.wrong(name, "must look like HLPFL <mail@hlpfl.example>")
		return mail.Address{}
	}
	return *from
}

func loopback(host string) bool {
	if host == "localhost" {
		return true
	}
	address, err := netip.ParseAddr(host)
	return err == nil && address.Unmap().IsLoopback()
}

// Address is host and port, as one dials them.
func (s SMTP) Address() string { return net.JoinHostPort(s.Host, strconv.Itoa(s.Port)) }
