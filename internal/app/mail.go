package app

import (
	"context"
	"path/filepath"

	"github.com/hlpfl/platform/internal/jobs"
	"github.com/hlpfl/platform/internal/mail"
	"github.com/hlpfl/platform/store"
)

// mailbox is where mails go in local mode; nil where a mail server takes them.
func (a *App) mailbox() *mail.Mailbox {
	if a.cfg.SMTP.Host != "" {
		return nil
	}
	return mail.NewMailbox(filepath.Join(a.cfg.DataDir, "mailbox"))
}

// mailTries is how often a mail is tried to be sent: for about a day, while the mail
// server is away or says that it cannot take it yet.
const mailTries = 10

// sendMails is the job that sends one mail.
func (a *App) sendMails() jobs.Kind {
	post := mail.New(mail.Options{
		Store: a.store, From: a.cfg.MailFrom, Origin: a.cfg.Origin(), SMTP: a.cfg.SMTP, Mailbox: a.mailbox(), Log: a.log,
	})
	return jobs.Kind{
		Name: store.JobMail, Attempts: mailTries,
		Run: func(ctx context.Context, j jobs.Job) error {
			var p store.MailJob
			if err := j.Read(&p); err != nil {
				return err
			}
			return post.Send(ctx, mail.Delivery{Mail: p.Mail, Last: j.Attempt() >= mailTries, Finish: j.Finish})
		},
	}
}
