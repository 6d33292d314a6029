package store

import (
	"context"
	"errors"
	"time"

	"github.com/lib/pq"

	"github.com/hlpfl/platform/internal/model"
)

// AnyUserLocked finds a user and locks the row until the end of the transaction. It
// is NotFound when there is none.
func (tx *SystemTx) AnyUserLocked(ctx context.Context, id model.UserID) (model.User, error) {
	var u model.User
	err := tx.GetContext(ctx, &u, `
		select `+userColumns+`
		from users u
		where u.id = $1
		for update`, id)
	return u, Translate(err)
}

// SetEmail gives a user an address that the user has proved. It is Taken when
// another account has it, or may still take it back.
func (tx *SystemTx) SetEmail(ctx context.Context, user model.UserID, email string) error {
	if err := tx.emailRests(ctx, email); err != nil {
		return err
	}
	held, err := tx.emailHeld(ctx, user, email)
	if err != nil {
		return err
	}
	if held {
		return EmailTaken()
	}
	_, err = tx.ExecContext(ctx, `
		update users
		set email = $2, email_verified_at = now(), updated_at = now()
		where id = $1`, user, email)
	var broken *pq.Error
	if errors.As(err, &broken) && broken.Code == "23505" {
		return EmailTaken()
	}
	return err
}

// emailHeld tells whether another account left an address and may still take it
// back: whoever moved it away could else have it blocked.
func (tx *SystemTx) emailHeld(ctx context.Context, but model.UserID, email string) (held bool, err error) {
	err = tx.GetContext(ctx, &held, `
		select exists (
		  select 1
		  from email_links
		  where purpose = 'undo'
		    and address = $2
		    and user_id <> $1
		    and used_at is null
		    and expires_at > now()
		  union all
		  select 1
		  from mails
		  where link = 'undo'
		    and to_address = $2
		    and user_id <> $1
		    and state = 'waiting')`, but, email)
	return held, err
}

// ResetPassword gives a user another password, whatever the old one was.
func (tx *SystemTx) ResetPassword(ctx context.Context, user model.UserID, hash string) error {
	_, err := tx.ExecContext(ctx, `
		update users
		set password_hash = $2, password_set_at = now(), updated_at = now()
		where id = $1`, user, hash)
	return err
}

// VoidProofs takes from a user everything that lets somebody in and was set up since
// a moment (zero: ever), and the password whenever that was chosen. Sessions end by
// EndSessionsOfAnyUser.
func (tx *SystemTx) VoidProofs(ctx context.Context, user model.UserID, since time.Time) error {
	_, err := tx.ExecContext(ctx, `
		update users
		set password_hash = null, password_set_at = null, updated_at = now()
		where id = $1`, user)
	if err != nil {
		return err
	}
	for _, statement := range []string{
		`delete from passkeys where user_id = $1 and created_at >= $2`,
		`delete from totp_secrets where user_id = $1 and created_at >= $2`,
		`delete from recovery_codes where user_id = $1 and created_at >= $2`,
		`delete from identities where user_id = $1 and created_at >= $2`,
		`update api_keys set ended_at = now() where user_id = $1 and created_at >= $2 and ended_at is null`,
	} {
		if _, err := tx.ExecContext(ctx, statement, user, since); err != nil {
			return err
		}
	}
	_, err = tx.ExecContext(ctx, `delete from waiting_identities where user_id = $1`, user)
	return err
}
