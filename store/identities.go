package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/hlpfl/platform/internal/model"
)

// Identity is an account at an identity provider that signs a user in.
type Identity struct {
	Provider  string    `db:"provider"` // "google", "spotify", "apple"
	Subject   string    `db:"subject"`  // the account's id there: it never changes
	Email     string    `db:"email"`    // as the provider told it last; "" when it told none
	CreatedAt time.Time `db:"created_at"`
	UsedAt    time.Time `db:"used_at"` // when it signed in last
}

// UserOfIdentity finds whose identity it is and holds the row until the end of the
// transaction, so that it is not disconnected meanwhile. ok is false for nobody's.
func (tx *SystemTx) UserOfIdentity(ctx context.Context, provider, subject string) (u model.User, ok bool, err error) {
	err = tx.GetContext(ctx, &u, `
		select `+userColumns+`
		from identities i
		join users u on u.id = i.user_id
		where i.provider = $1
		  and i.subject = $2
		for update of i`, provider, subject)
	if errors.Is(err, sql.ErrNoRows) {
		return u, false, nil
	}
	return u, err == nil, err
}

// AddIdentity connects an identity to any user. It is Taken when somebody has it, or
// when the user has another one of that provider.
func (tx *SystemTx) AddIdentity(ctx context.Context, user model.UserID, i Identity) error {
	done, err := tx.ExecContext(ctx, addIdentity, i.Provider, i.Subject, user, i.Email)
	return addedIdentity(done, err)
}

// AddIdentity connects an identity to the user; for errors see SystemTx.AddIdentity.
func (tx *UserTx) AddIdentity(ctx context.Context, i Identity) error {
	done, err := tx.ExecContext(ctx, addIdentity, i.Provider, i.Subject, tx.UserID, i.Email)
	return addedIdentity(done, err)
}

const addIdentity = `
	insert into identities (provider, subject, user_id, email)
	values ($1, $2, $3, $4)
	on conflict do nothing`

func addedIdentity(done sql.Result, err error) error {
	if err != nil {
		return err
	}
	if n, err := done.RowsAffected(); err != nil || n == 1 {
		return err
	}
	return &model.Error{Kind: model.KindTaken, Message: "This account is connected already."}
}

// IdentityUsed notes that an identity has just signed in, and the address that its
// provider tells now.
func (tx *SystemTx) IdentityUsed(ctx context.Context, i Identity) error {
	_, err := tx.ExecContext(ctx, `
		update identities
		set used_at = now(), email = $3
		where provider = $1
		  and subject = $2`, i.Provider, i.Subject, i.Email)
	return err
}

// VoidWaysIn takes from any user what let somebody in before now, but for factors: the
// password, all identities, all API keys. Sessions are ended by EndSessionsOfAnyUser.
func (tx *SystemTx) VoidWaysIn(ctx context.Context, user model.UserID) error {
	_, err := tx.ExecContext(ctx, `
		update users
		set password_hash = null, password_set_at = null, updated_at = now()
		where id = $1`, user)
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `delete from identities where user_id = $1`, user); err != nil {
		return err
	}
	_, err = tx.EndKeysOfAnyUser(ctx, user)
	return err
}

// Identities lists the user's, by provider.
func (tx *UserTx) Identities(ctx context.Context) ([]Identity, error) {
	return identitiesOf(ctx, tx, tx.UserID)
}

// IdentitiesOfAnyUser lists those of any user.
func (tx *SystemTx) IdentitiesOfAnyUser(ctx context.Context, user model.UserID) ([]Identity, error) {
	return identitiesOf(ctx, tx, user)
}

func identitiesOf(ctx context.Context, tx selecting, user model.UserID) ([]Identity, error) {
	list := []Identity{}
	err := tx.SelectContext(ctx, &list, `
		select i.provider, i.subject, i.email, i.created_at, i.used_at
		from identities i
		where i.user_id = $1
		order by i.provider`, user)
	return list, err
}

// Disconnect takes one of the user's identities away. It is NotFound when the user has
// none of that provider.
func (tx *UserTx) Disconnect(ctx context.Context, provider string) error {
	done, err := tx.ExecContext(ctx, `
		delete from identities
		where user_id = $1
		  and provider = $2`, tx.UserID, provider)
	if err != nil {
		return err
	}
	if n, err := done.RowsAffected(); err != nil || n == 1 {
		return err
	}
	return model.NotFound()
}

// AddWaitingIdentity keeps an identity until the challenge with that hash is met.
func (tx *SystemTx) AddWaitingIdentity(ctx context.Context, hash []byte, user model.UserID, i Identity) error {
	_, err := tx.ExecContext(ctx, `
		insert into waiting_identities (hash, user_id, provider, subject, email, expires_at)
		values ($1, $2, $3, $4, $5, now() + make_interval(secs => $6))`,
		hash, user, i.Provider, i.Subject, i.Email, ChallengeLife.Seconds())
	return err
}

// TakeWaitingIdentity gives what waited for a challenge of the user, once. ok is false
// when nothing did.
func (tx *SystemTx) TakeWaitingIdentity(ctx context.Context, hash []byte, user model.UserID) (i Identity, ok bool, err error) {
	err = tx.GetContext(ctx, &i, `
		delete from waiting_identities
		where hash = $1
		  and user_id = $2
		  and expires_at > now()
		returning provider, subject, email`, hash, user)
	if errors.Is(err, sql.ErrNoRows) {
		return i, false, nil
	}
	return i, err == nil, err
}

// SweepWaitingIdentities deletes those whose time is over.
func (tx *SystemTx) SweepWaitingIdentities(ctx context.Context) (int64, error) {
	done, err := tx.ExecContext(ctx, `delete from waiting_identities where expires_at < now()`)
	if err != nil {
		return 0, err
	}
	return done.RowsAffected()
}

// WaysIn is what lets a user in.
type WaysIn struct {
	Password   bool `db:"password"`
	Link       bool `db:"link"` // by a mail to the address, which they have proven
	Passkeys   int  `db:"passkeys"`
	Identities int  `db:"identities"`
}

// WithoutIdentity reports whether the user gets in when one identity is gone.
func (w WaysIn) WithoutIdentity() bool {
	return w.Password || w.Link || w.Passkeys > 0 || w.Identities > 1
}

// WaysIn tells what lets the user in, and holds the user's row until the end of the
// transaction: of two who take ways away at the same moment, one sees the other's.
func (tx *UserTx) WaysIn(ctx context.Context) (w WaysIn, err error) {
	if _, err := tx.LockUser(ctx); err != nil {
		return w, err
	}
	err = tx.GetContext(ctx, &w, `
		select u.password_hash is not null as password,
		       u.email_verified_at is not null as link,
		       (select count(*) from passkeys p where p.user_id = u.id) as passkeys,
		       (select count(*) from identities i where i.user_id = u.id) as identities
		from users u
		where u.id = $1`, tx.UserID)
	return w, err
}

// ProveEmail notes that an address is the user's, unless the account has another one
// by now. An address that was proven before stays so since then.
func (tx *SystemTx) ProveEmail(ctx context.Context, user model.UserID, email string) error {
	_, err := tx.ExecContext(ctx, `
		update users
		set email_verified_at = coalesce(email_verified_at, now()), updated_at = now()
		where id = $1
		  and email = $2`, user, email)
	return err
}
