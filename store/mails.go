package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/hlpfl/platform/internal/model"
)

// JobMail is the kind of job that sends one mail.
const JobMail = "mail.send"

// MailJob is its payload.
type MailJob struct {
	Mail model.MailID `json:"mail"`
}

// KeepMails is how long the rows of mails are kept.
const KeepMails = 30 * 24 * time.Hour

// NewMail is a mail that a transaction wants sent once it is committed.
type NewMail struct {
	Kind string            // as views/mail knows it
	User model.UserID      // whose it is, who also gets it unless To says otherwise; zero for nobody's
	To   string            // as model.ParseEmail writes it; "" is the user's present address
	Data map[string]string // what it tells, by the names that its kind reads. Rows stay for weeks: no secrets
	Link LinkPurpose       // of the link that it carries; "" for none. Its secret is made when it is sent
}

// SendMail asks for a mail with this transaction: no commit, no mail. It is this
// transaction's user's mail, whoever it goes to: with the user, its row goes too.
func (tx *UserTx) SendMail(ctx context.Context, m NewMail) error {
	if m.User.IsZero() {
		m.User = tx.UserID
	}
	if m.User != tx.UserID {
		return errors.New("a mail about another user than the transaction's")
	}
	return sendMail(ctx, tx.Tx, m)
}

// SendMail is UserTx.SendMail for the program itself.
func (tx *SystemTx) SendMail(ctx context.Context, m NewMail) error { return sendMail(ctx, tx.Tx, m) }

func sendMail(ctx context.Context, tx *sqlx.Tx, m NewMail) error {
	data, err := json.Marshal(m.Data)
	if err != nil || m.Data == nil {
		data = []byte(`{}`)
	}
	if m.To == "" {
		if err := tx.GetContext(ctx, &m.To, `select email from users where id = $1`, m.User); err != nil {
			return fmt.Errorf("a mail of kind %s to nobody: %w", m.Kind, err)
		}
	}
	id := model.NewMailID()
	_, err = tx.ExecContext(ctx, `
		insert into mails (id, user_id, to_address, kind, data, link)
		values ($1, $2, $3, $4, $5, $6)`, id, idOrNull(m.User), m.To, m.Kind, string(data), m.Link)
	if err != nil {
		return err
	}
	return enqueue(ctx, tx, NewJob{Kind: JobMail, Payload: MailJob{id}})
}

// Mail is a mail that waits to be sent.
type Mail struct {
	ID        model.MailID    `db:"id"`
	Kind      string          `db:"kind"`
	To        string          `db:"to_address"`
	Data      json.RawMessage `db:"data"`
	Link      LinkPurpose     `db:"link"`
	CreatedAt time.Time       `db:"created_at"`

	// Of the user that it is about; zero, "" and false without one.
	User model.UserID `db:"user_id"`
	// Name is told to the address that the user has proved alone: whoever registers
	// with somebody else's could write to them by it.
	Name      string `db:"name"`
	Address   string `db:"email"` // the present one
	Suspended bool   `db:"suspended"`
	Outdone   bool   `db:"outdone"` // they asked for a link of that purpose again since
}

// WaitingMail reads a mail that is to be sent and locks it until the end of the
// transaction. ok is false when it was sent or given up already, or is gone.
func (tx *SystemTx) WaitingMail(ctx context.Context, id model.MailID) (m Mail, ok bool, err error) {
	err = tx.GetContext(ctx, &m, `
		select m.id, m.kind, m.to_address, m.data, m.link, m.created_at,
		       coalesce(m.user_id, '00000000-0000-0000-0000-000000000000') as user_id,
		       case when u.email_verified_at is not null and u.email = m.to_address then u.name else '' end as name, coalesce(u.email, '') as email, u.suspended_at is not null as suspended,
		       m.link <> '' and exists (
		         select 1
		         from mails later
		         where later.user_id = m.user_id
		           and later.link = m.link
		           and later.id > m.id) as outdone
		from mails m
		left join users u on u.id = m.user_id
		where m.id = $1
		  and m.state = 'waiting'
		for update of m`, id)
	if errors.Is(err, sql.ErrNoRows) {
		return Mail{}, false, nil
	}
	return m, err == nil, err
}

// MailSent notes that the mail server took a mail.
func (tx *SystemTx) MailSent(ctx context.Context, id model.MailID) error {
	_, err := tx.ExecContext(ctx, `
		update mails
		set state = 'sent', sent_at = now(), attempts = attempts + 1, error = ''
		where id = $1`, id)
	return err
}

// MailFailed notes that a mail could not be sent, and why; for good, or until it is
// tried again.
func (tx *SystemTx) MailFailed(ctx context.Context, id model.MailID, forGood bool, why string) error {
	_, err := tx.ExecContext(ctx, `
		update mails
		set state = case when $2 then 'failed' else 'waiting' end, attempts = attempts + 1, error = $3
		where id = $1`, id, forGood, text(why))
	return err
}

// MailVoid notes that a mail is not to be sent any more, and why.
func (tx *SystemTx) MailVoid(ctx context.Context, id model.MailID, why string) error {
	_, err := tx.ExecContext(ctx, `
		update mails
		set state = 'void', error = $2
		where id = $1`, id, why)
	return err
}

// Undelivered tells of a mail to the user's present address that its mail server
// refused, with no later one that it took.
type Undelivered struct {
	Address string    `db:"to_address"`
	At      time.Time `db:"created_at"`
}

// Undelivered finds the last such mail; ok is false when there is none.
func (tx *UserTx) Undelivered(ctx context.Context) (u Undelivered, ok bool, err error) {
	err = tx.GetContext(ctx, &u, `
		select m.to_address, m.created_at
		from mails m
		join users u on u.id = m.user_id and u.email = m.to_address
		where m.user_id = $1
		  and m.state = 'failed'
		  and not exists (
		    select 1
		    from mails later
		    where later.user_id = m.user_id
		      and later.to_address = m.to_address
		      and later.state = 'sent'
		      and later.created_at > m.created_at)
		order by m.created_at desc
		limit 1`, tx.UserID)
	if errors.Is(err, sql.ErrNoRows) {
		return Undelivered{}, false, nil
	}
	return u, err == nil, err
}

// SweepMails deletes mails after KeepMails, and links that nobody can use as long.
func (tx *SystemTx) SweepMails(ctx context.Context) (int64, error) {
	var n int64
	for _, statement := range []string{
		`delete from mails where created_at < now() - make_interval(secs => $1)`,
		`delete from email_links where expires_at < now() - make_interval(secs => $1)`,
	} {
		done, err := tx.ExecContext(ctx, statement, KeepMails.Seconds())
		if err != nil {
			return n, err
		}
		swept, err := done.RowsAffected()
		if err != nil {
			return n, err
		}
		n += swept
	}
	return n, nil
}
