package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/lib/pq"

	"github.com/hlpfl/platform/internal/model"
)

// TOTPWaits is how long a secret that was shown waits for its first code.
const TOTPWaits = time.Hour

// Factors are what a user can prove to be there with, beside the first way in.
type Factors struct {
	Passkeys     []Passkey  // the oldest first
	TOTPSince    *time.Time // since when codes of an app are asked for; nil: they are not
	RecoveryLeft int        // recovery codes that were not used
}

// Any reports whether there is a second factor. Recovery codes alone are none: they
// stand in for another.
func (f Factors) Any() bool { return f.TOTPSince != nil || len(f.Passkeys) > 0 }

// Factors reads the user's factors.
func (tx *UserTx) Factors(ctx context.Context) (Factors, error) {
	return factorsOf(ctx, tx, tx.UserID)
}

// FactorsOfAnyUser reads those of any user.
func (tx *SystemTx) FactorsOfAnyUser(ctx context.Context, user model.UserID) (Factors, error) {
	return factorsOf(ctx, tx, user)
}

// selecting is either door's transaction.
type selecting interface {
	GetContext(ctx context.Context, dest any, query string, args ...any) error
	SelectContext(ctx context.Context, dest any, query string, args ...any) error
}

func factorsOf(ctx context.Context, tx selecting, user model.UserID) (f Factors, err error) {
	if f.Passkeys, err = passkeysOf(ctx, tx, user); err != nil {
		return f, err
	}
	err = tx.GetContext(ctx, &f.TOTPSince, `
		select max(confirmed_at)
		from totp_secrets
		where user_id = $1`, user)
	if err != nil {
		return f, err
	}
	err = tx.GetContext(ctx, &f.RecoveryLeft, `
		select count(*)
		from recovery_codes
		where user_id = $1
		  and used_at is null`, user)
	return f, err
}

// SecondFactor reports whether a user has one, and so has to bring it to sign in.
func (tx *SystemTx) SecondFactor(ctx context.Context, user model.UserID) (bool, error) {
	return secondFactorOf(ctx, tx, user)
}

// SecondFactor reports whether the user has one.
func (tx *UserTx) SecondFactor(ctx context.Context) (bool, error) {
	return secondFactorOf(ctx, tx, tx.UserID)
}

func secondFactorOf(ctx context.Context, tx selecting, user model.UserID) (has bool, err error) {
	err = tx.GetContext(ctx, &has, `
		select exists (select 1 from passkeys where user_id = $1)
		    or exists (select 1 from totp_secrets where user_id = $1 and confirmed_at is not null)`, user)
	return has, err
}

// LockUser holds the user's row until the end of the transaction: whoever changes
// factors at the same moment waits, and sees what this one did.
func (tx *UserTx) LockUser(ctx context.Context) (model.User, error) {
	var u model.User
	err := tx.GetContext(ctx, &u, `
		select `+userColumns+`
		from users u
		where u.id = $1
		for update`, tx.UserID)
	return u, err
}

// PendingTOTP is the sealed secret that was shown to the user and waits for its
// first code. ok is false when none does.
func (tx *UserTx) PendingTOTP(ctx context.Context) (sealed []byte, ok bool, err error) {
	err = tx.GetContext(ctx, &sealed, `
		select secret
		from totp_secrets
		where user_id = $1
		  and confirmed_at is null
		  and created_at > now() - make_interval(secs => $2)`, tx.UserID, TOTPWaits.Seconds())
	if errors.Is(err, sql.ErrNoRows) {
		return nil, false, nil
	}
	return sealed, err == nil, err
}

// SetPendingTOTP keeps a sealed secret that waits for its first code, in the place
// of another that did. It is Taken when an app is in use already.
func (tx *UserTx) SetPendingTOTP(ctx context.Context, sealed []byte) error {
	done, err := tx.ExecContext(ctx, `
		insert into totp_secrets (user_id, secret)
		values ($1, $2)
		on conflict (user_id) do update
		set secret = excluded.secret, last_step = 0, created_at = now()
		where totp_secrets.confirmed_at is null`, tx.UserID, sealed)
	if err != nil {
		return err
	}
	if n, err := done.RowsAffected(); err != nil || n == 1 {
		return err
	}
	return TOTPTaken()
}

// TOTPTaken is the answer when an app is in use already.
func TOTPTaken() error {
	return &model.Error{Kind: model.KindTaken, Message: "An authenticator app is set up already. Remove it first, then set up the new one."}
}

// ConfirmTOTP takes the waiting secret into use with the step of its first code,
// which is used up by it. It reports false when no secret waits.
func (tx *UserTx) ConfirmTOTP(ctx context.Context, step int64) (bool, error) {
	done, err := tx.ExecContext(ctx, `
		update totp_secrets
		set confirmed_at = now(), last_step = $2
		where user_id = $1
		  and confirmed_at is null
		  and created_at > now() - make_interval(secs => $3)`, tx.UserID, step, TOTPWaits.Seconds())
	if err != nil {
		return false, err
	}
	n, err := done.RowsAffected()
	return n == 1, err
}

// RemoveTOTP forgets the app. It is NotFound when none is in use.
func (tx *UserTx) RemoveTOTP(ctx context.Context) error {
	done, err := tx.ExecContext(ctx, `
		delete from totp_secrets
		where user_id = $1
		  and confirmed_at is not null`, tx.UserID)
	if err != nil {
		return err
	}
	if n, err := done.RowsAffected(); err != nil || n == 1 {
		return err
	}
	return model.NotFound()
}

// TOTPOfAnyUser is the sealed secret of the app that a user has in use. ok is false
// when there is none.
func (tx *SystemTx) TOTPOfAnyUser(ctx context.Context, user model.UserID) (sealed []byte, ok bool, err error) {
	err = tx.GetContext(ctx, &sealed, `
		select secret
		from totp_secrets
		where user_id = $1
		  and confirmed_at is not null`, user)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, false, nil
	}
	return sealed, err == nil, err
}

// UseTOTPStepOfAnyUser uses up the code of a step, and with it all before. Of many
// who bring it at the same moment one gets true: the update waits for whoever holds
// the row, and then sees that the step is past. fresh takes the sealed secret's
// place; nil leaves it.
func (tx *SystemTx) UseTOTPStepOfAnyUser(ctx context.Context, user model.UserID, step int64, fresh []byte) (bool, error) {
	done, err := tx.ExecContext(ctx, `
		update totp_secrets
		set last_step = $2, secret = coalesce($3, secret)
		where user_id = $1
		  and confirmed_at is not null
		  and last_step < $2`, user, step, fresh)
	if err != nil {
		return false, err
	}
	n, err := done.RowsAffected()
	return n == 1, err
}

// SetRecoveryCodes puts new codes, by their SHA-256, in the place of all before.
func (tx *UserTx) SetRecoveryCodes(ctx context.Context, hashes [][]byte) error {
	if _, err := tx.ExecContext(ctx, `
		delete from recovery_codes
		where user_id = $1`, tx.UserID); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `
		insert into recovery_codes (user_id, hash)
		select $1, unnest($2::bytea[])`, tx.UserID, pq.ByteaArray(hashes))
	return err
}

// UseRecoveryCodeOfAnyUser uses a code up, and says how many are left. Of many who
// bring the same one at the same moment one gets true.
func (tx *SystemTx) UseRecoveryCodeOfAnyUser(ctx context.Context, user model.UserID, hash []byte) (used bool, left int, err error) {
	done, err := tx.ExecContext(ctx, `
		update recovery_codes
		set used_at = now()
		where user_id = $1
		  and hash = $2
		  and used_at is null`, user, hash)
	if err != nil {
		return false, 0, err
	}
	if n, err := done.RowsAffected(); err != nil || n == 0 {
		return false, 0, err
	}
	err = tx.GetContext(ctx, &left, `
		select count(*)
		from recovery_codes
		where user_id = $1
		  and used_at is null`, user)
	return true, left, err
}
