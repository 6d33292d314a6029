package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/hlpfl/platform/internal/model"
)

// userColumns are those of model.User; u is the table's name in the query.
const userColumns = `
	u.id, u.email, u.name, u.subscription_tier, u.language, u.time_zone,
	u.is_admin, u.email_verified_at, u.suspended_at, u.closes_at, u.created_at`

// EmailTaken is the answer when an address has an account already.
func EmailTaken() error {
	return model.Taken("email", "This address has an account already. Sign in instead.")
}

// AddUser makes a user. passwordHash "" makes one who cannot sign in by password.
// It is Taken when the address has an account, or one that left it may still take
// it back.
func (tx *SystemTx) AddUser(ctx context.Context, u model.User, passwordHash string) error {
	if err := tx.emailRests(ctx, u.Email); err != nil {
		return err
	}
	held, err := tx.emailHeld(ctx, u.ID, u.Email)
	if err != nil {
		return err
	}
	if held {
		return EmailTaken()
	}
	done, err := tx.ExecContext(ctx, `
		insert into users (id, email, name, password_hash, password_set_at, language, time_zone)
		values ($1, $2, $3, nullif($4, ''), case when $4 <> '' then now() end, $5, $6)
		on conflict (email) do nothing`,
		u.ID, u.Email, u.Name, passwordHash, u.Language, u.TimeZone)
	if err != nil {
		return err
	}
	if n, err := done.RowsAffected(); err != nil || n == 1 {
		return err
	}
	return EmailTaken()
}

// Credentials are a user with the hash of the password; "" when there is none.
type Credentials struct {
	model.User
	PasswordHash string `db:"password_hash"`
}

// CredentialsOfAnyUser finds a user by address, as model.ParseEmail writes it. ok
// is false when nobody has it.
func (s *Store) CredentialsOfAnyUser(ctx context.Context, email string) (c Credentials, ok bool, err error) {
	err = s.entry.GetContext(ctx, &c, `
		select `+userColumns+`, coalesce(u.password_hash, '') as password_hash
		from users u
		where u.email = $1`, email)
	if errors.Is(err, sql.ErrNoRows) {
		return Credentials{}, false, nil
	}
	return c, err == nil, Translate(err)
}

// AnyUserByEmail finds a user by address and locks the row until the end of the
// transaction. It is NotFound when nobody has it.
func (tx *SystemTx) AnyUserByEmail(ctx context.Context, email string) (model.User, error) {
	var u model.User
	err := tx.GetContext(ctx, &u, `
		select `+userColumns+`
		from users u
		where u.email = $1
		for no key update`, email)
	return u, Translate(err)
}

// SetPasswordHash replaces a hash by another of the same password, unless the
// password was changed meanwhile.
func (tx *SystemTx) SetPasswordHash(ctx context.Context, user model.UserID, old, hash string) error {
	_, err := tx.ExecContext(ctx, `
		update users
		set password_hash = $3
		where id = $1
		  and password_hash = $2`, user, old, hash)
	return err
}

// ChangePassword gives a user another password, or a first one where old is "". It
// reports false when the password is not the one behind old any more.
func (tx *SystemTx) ChangePassword(ctx context.Context, user model.UserID, old, hash string) (changed bool, err error) {
	done, err := tx.ExecContext(ctx, `
		update users
		set password_hash = $3, password_set_at = now(), updated_at = now()
		where id = $1
		  and coalesce(password_hash, '') = $2`, user, old, hash)
	if err != nil {
		return false, err
	}
	n, err := done.RowsAffected()
	return n == 1, err
}

// PasswordState says whether the user has a password, and since when; zero for
// nobody noted it.
func (tx *UserTx) PasswordState(ctx context.Context) (set bool, at time.Time, err error) {
	var row struct {
		Set bool       `db:"set"`
		At  *time.Time `db:"at"`
	}
	err = tx.GetContext(ctx, &row, `
		select password_hash is not null as set, password_set_at as at
		from users
		where id = $1`, tx.UserID)
	if row.At != nil {
		at = *row.At
	}
	return row.Set, at, err
}

// SetAdmin makes a user an admin, or an admin a user. It reports whether that
// changed anything.
func (tx *SystemTx) SetAdmin(ctx context.Context, user model.UserID, admin bool) (changed bool, err error) {
	done, err := tx.ExecContext(ctx, `
		update users
		set is_admin = $2, updated_at = now()
		where id = $1
		  and is_admin <> $2`, user, admin)
	if err != nil {
		return false, err
	}
	n, err := done.RowsAffected()
	return n == 1, err
}

// User reads the user.
func (tx *UserTx) User(ctx context.Context) (model.User, error) {
	var u model.User
	err := tx.GetContext(ctx, &u, `
		select `+userColumns+`
		from users u
		where u.id = $1`, tx.UserID)
	return u, err
}

// SetMe saves what a user may change of the own account.
func (tx *UserTx) SetMe(ctx context.Context, name, language, timeZone string) error {
	_, err := tx.ExecContext(ctx, `
		update users
		set name = $2, language = $3, time_zone = $4, updated_at = now()
		where id = $1`, tx.UserID, name, language, timeZone)
	return err
}

// Usage is how much of the plan's limits a user has used.
type Usage struct {
	Profiles       int // not counting deleted ones
	Links          int // on the profile with most, published or draft
	Pictures       int // stored, on the profile with most
	ClicksPerMonth int // counted this calendar month (UTC)
}

// Usage counts it.
func (tx *UserTx) Usage(ctx context.Context) (Usage, error) {
	var u Usage
	rows, err := tx.QueryContext(ctx, `
		select profile_data, draft
		from profiles
		where user_id = $1
		  and deleted_at is null`, tx.UserID)
	if err != nil {
		return u, err
	}
	defer rows.Close()
	for rows.Next() {
		var published, draft []byte
		if err := rows.Scan(&published, &draft); err != nil {
			return u, err
		}
		u.Profiles++
		for _, data := range [][]byte{published, draft} {
			if data == nil {
				continue
			}
			doc, _ := model.ReadStored(data) // what cannot be read is not counted either
			u.Links = max(u.Links, doc.Links())
		}
	}
	if err := rows.Err(); err != nil {
		return u, err
	}
	if err := tx.GetContext(ctx, &u.Pictures, `
		select coalesce(max(stored), 0)
		from (
		  select count(*) stored
		  from media m
		  join profiles p on p.id = m.profile_id
		  where p.user_id = $1
		    and p.deleted_at is null
		  group by p.id) each`, tx.UserID); err != nil {
		return u, err
	}
	err = tx.GetContext(ctx, &u.ClicksPerMonth, `
		select coalesce(sum(clicks), 0)
		from click_months
		where user_id = $1
		  and month = date_trunc('month', now() at time zone 'UTC')`, tx.UserID)
	return u, err
}

// LatestProfile is the profile that was saved last; zero when there is none.
func (tx *UserTx) LatestProfile(ctx context.Context) (model.ProfileID, error) {
	var id model.ProfileID
	err := tx.GetContext(ctx, &id, `
		select id
		from profiles
		where user_id = $1
		  and deleted_at is null
		order by updated_at desc, id desc
		limit 1`, tx.UserID)
	if errors.Is(err, sql.ErrNoRows) {
		return model.ProfileID{}, nil
	}
	return id, err
}
