package dev

import (
	"strings"

	"github.com/a-h/templ"

	"github.com/hlpfl/platform/handlers/web"
	"github.com/hlpfl/platform/internal/mail"
	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/views/dev"
)

// Mail shows local mode's mailbox.
type Mail struct {
	Mailbox *mail.Mailbox // nil where mails are really sent
}

func (m Mail) open(r *web.Request) error {
	if m.Mailbox == nil || !here(r.Context) {
		return model.NotFound()
	}
	return nil
}

// List lists the mails, the newest first.
func (m Mail) List(r *web.Request) (web.Reply, error) {
	if err := m.open(r); err != nil {
		return web.Reply{}, err
	}
	list, err := m.Mailbox.List()
	if err != nil {
		return web.Reply{}, err
	}
	var v dev.Mailbox
	for _, one := range list {
		v.Mails = append(v.Mails, dev.Mail{ID: one.ID, To: one.To, Subject: one.Subject, At: one.At})
	}
	return web.Reply{Show: dev.MailboxPage(v)}, nil
}

// Show shows one mail, drawn and as text.
func (m Mail) Show(r *web.Request) (web.Reply, error) {
	one, err := m.read(r)
	if err != nil {
		return web.Reply{}, err
	}
	return web.Reply{Show: dev.MailPage(dev.Mail{ID: one.ID, To: one.To, Subject: one.Subject, At: one.At, Lines: lines(one.Text)})}, nil
}

// Page is the mail itself, for the frame. Its links lead out of it.
func (m Mail) Page(r *web.Request) (web.Reply, error) {
	one, err := m.read(r)
	if err != nil {
		return web.Reply{}, err
	}
	page := strings.Replace(one.HTML, "<head>", `<head><base target="_top">`, 1)
	return web.Reply{Header: mailPolicy("'self'"), Show: templ.Raw(page)}, nil
}

func (m Mail) read(r *web.Request) (mail.Received, error) {
	if err := m.open(r); err != nil {
		return mail.Received{}, err
	}
	id, err := model.ParseMailID(r.Param("id"))
	if err != nil {
		return mail.Received{}, err
	}
	return m.Mailbox.Read(id)
}

// lines parts a text where its lines end; an address stands on a line of its own.
func lines(text string) []dev.Line {
	var list []dev.Line
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		list = append(list, dev.Line{Text: line, Link: strings.HasPrefix(line, "http://") || strings.HasPrefix(line, "https://")})
	}
	return list
}
