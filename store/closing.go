package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/lib/pq"

	"github.com/hlpfl/platform/internal/model"
)

// Grace is how long an account that is to be deleted can be kept.
const Grace = 14 * 24 * time.Hour

// HeldFor is how long nobody gets the address of an account that is gone.
const HeldFor = 30 * 24 * time.Hour

// CloseAccount sets when a user's account is deleted: Grace from now. The user's pages
// are deleted at once, in a way that KeepAccount knows again. Asked again it changes
// nothing and tells the same day; asked is then false. An admin's is Forbidden.
func (tx *SystemTx) CloseAccount(ctx context.Context, user model.UserID) (day time.Time, asked bool, err error) {
	var row struct {
		Admin bool       `db:"is_admin"`
		At    *time.Time `db:"closes_at"`
	}
	err = tx.GetContext(ctx, &row, `
		select is_admin, closes_at
		from users
		where id = $1
		for update`, user)
	switch {
	case err != nil:
		return day, false, err
	case row.Admin:
		return day, false, model.Forbidden("An admin’s account cannot be deleted. Have the right taken away first.")
	case row.At != nil:
		return *row.At, false, nil
	}
	err = tx.GetContext(ctx, &day, `
		update users
		set closes_at = now() + make_interval(secs => $2), updated_at = now()
		where id = $1
		returning closes_at`, user, Grace.Seconds())
	if err != nil {
		return day, false, err
	}
	return day, true, tx.switchProfiles(ctx, `
		update profiles
		set deleted_at = now(), closed = true, publish_version = null, version = version + 1
		where user_id = $1
		  and deleted_at is null
		returning id, handle`, user)
}

// KeepAccount keeps an account that was to be deleted, with the pages that went off for
// it. kept is false when it was not to be deleted.
func (tx *SystemTx) KeepAccount(ctx context.Context, user model.UserID) (kept bool, err error) {
	done, err := tx.ExecContext(ctx, `
		update users
		set closes_at = null, updated_at = now()
		where id = $1
		  and closes_at is not null`, user)
	if err != nil {
		return false, err
	}
	if n, err := done.RowsAffected(); err != nil || n == 0 {
		return false, err
	}
	return true, tx.switchProfiles(ctx, `
		update profiles
		set deleted_at = null, closed = false, version = version + 1
		where user_id = $1
		  and closed
		returning id, handle`, user)
}

// switchProfiles changes what fans see of a user's profiles and notes it.
func (tx *SystemTx) switchProfiles(ctx context.Context, statement string, user model.UserID) error {
	var changed []struct {
		ID     model.ProfileID `db:"id"`
		Handle model.Handle    `db:"handle"`
	}
	if err := tx.SelectContext(ctx, &changed, statement, user); err != nil {
		return err
	}
	for _, p := range changed {
		if err := tx.NoteChange(ctx, p.ID, p.Handle); err != nil {
			return err
		}
	}
	return nil
}

// dueAccount holds for a user whose account is to be removed now. Who became an admin
// meanwhile stays.
const dueAccount = `closes_at <= now() and not is_admin`

// DueAccounts gives some users whose grace is over.
func (tx *SystemTx) DueAccounts(ctx context.Context, some int) (due []model.UserID, err error) {
	err = tx.SelectContext(ctx, &due, `
		select id
		from users
		where `+dueAccount+`
		order by closes_at
		limit $1`, some)
	return due, err
}

// RemoveAccount deletes everything of a user whose grace is over, in this transaction:
// the rows, and what others' rows tell of the address. What stays: lines of the audit
// log by ids alone, payments by Stripe's ids alone, publishes on others' pages by nobody,
// and for HeldFor the handles and the hash of the address, so that nobody else gets them.
// It gives the address; ok is false when there is nothing to remove, or it was kept.
func (tx *SystemTx) RemoveAccount(ctx context.Context, user model.UserID) (email string, ok bool, err error) {
	err = tx.GetContext(ctx, &email, `
		select email
		from users
		where id = $1
		  and `+dueAccount+`
		for update`, user)
	if errors.Is(err, sql.ErrNoRows) {
		return "", false, nil
	}
	if err != nil {
		return "", false, err
	}
	// Addresses that the user had before as well: those that can still be gone back to.
	var addresses pq.StringArray
	err = tx.SelectContext(ctx, (*[]string)(&addresses), `
		select cast($2 as text)
		union
		select address
		from email_links
		where user_id = $1
		  and purpose = 'undo'`, user, email)
	if err != nil {
		return "", false, err
	}
	type handle struct {
		Handle string    `db:"handle"`
		LeftAt time.Time `db:"left_at"`
	}
	var handles []handle
	err = tx.SelectContext(ctx, &handles, `
		select handle, now() as left_at
		from profiles
		where user_id = $1
		union all
		select handle, left_at
		from old_handles
		where user_id = $1
		  and left_at > now() - make_interval(secs => $2)`, user, model.RestorableFor.Seconds())
	if err != nil {
		return "", false, err
	}
	for _, step := range []struct {
		statement string
		args      []any
	}{
		{`delete from jobs j
		  using (
		    select cast($1 as text) as word
		    union all
		    select cast(id as text) from profiles where user_id = cast(cast($1 as text) as uuid)) as named
		  where strpos(cast(j.payload as text), named.word) > 0
		     or strpos(coalesce(j.once, ''), named.word) > 0`, []any{user.String()}},
		{`delete from events_set_aside e
		  using profiles p
		  where p.user_id = $1
		    and e.profile_id = p.id`, []any{user}},
		{`delete from profile_changes c
		  using profiles p
		  where p.user_id = $1
		    and c.profile_id = p.id
		    and c.at < now() - make_interval(secs => $2)`, []any{user, KeepChanges.Seconds()}},
		{`delete from invitations
		  where email = any($1)`, []any{addresses}},
		{`delete from mails m
		  where m.to_address = any($1)
		     or m.state <> 'waiting' and exists (
		       select from unnest(cast($1 as text[])) as named (address)
		       where strpos(cast(m.data as text), named.address) > 0)`, []any{addresses}},
		{`delete from profiles where user_id = $1`, []any{user}},
		{`delete from old_handles where user_id = $1`, []any{user}},
		{`select audit_log_forget($1, $2)`, []any{user, addresses}},
		{`delete from users where id = $1`, []any{user}},
		{`insert into held_emails (hash, until)
		  select sha256(convert_to(address, 'UTF8')), now() + make_interval(secs => $2)
		  from unnest(cast($1 as text[])) as gone (address)
		  on conflict (hash) do update set until = excluded.until`, []any{addresses, HeldFor.Seconds()}},
	} {
		if _, err := tx.ExecContext(ctx, step.statement, step.args...); err != nil {
			return "", false, err
		}
	}
	for _, h := range handles {
		_, err := tx.ExecContext(ctx, `
			insert into old_handles (handle, left_at)
			values ($1, $2)
			on conflict do nothing`, h.Handle, h.LeftAt)
		if err != nil {
			return "", false, err
		}
	}
	return email, true, tx.Audit(ctx, Entry{User: user, Action: "deletion.done"})
}

// emailRests is Taken for an address whose account went a while ago.
func (tx *SystemTx) emailRests(ctx context.Context, email string) error {
	var rests bool
	err := tx.GetContext(ctx, &rests, `
		select exists (
		  select from held_emails
		  where hash = sha256(convert_to($1, 'UTF8'))
		    and until > now())`, email)
	if err != nil || !rests {
		return err
	}
	return model.Taken("email", "The account with this address was deleted a short while ago. For 30 days nobody can use the address for another one.")
}

// SweepHeld lets go of handles and addresses that were held for long enough.
func (tx *SystemTx) SweepHeld(ctx context.Context) (int64, error) {
	var n int64
	err := tx.GetContext(ctx, &n, `
		with emails as (
		  delete from held_emails
		  where until < now()
		  returning 1
		), handles as (
		  delete from old_handles
		  where profile_id is null
		    and left_at < now() - make_interval(secs => $1)
		  returning 1
		)
		select (select count(*) from emails) + (select count(*) from handles)`, model.RestorableFor.Seconds())
	return n, err
}

// SharedProfile is a profile of the user's and how many others work on it.
type SharedProfile struct {
	ID     model.ProfileID `db:"id"`
	Name   string          `db:"profile_name"`
	Handle model.Handle    `db:"handle"`
	People int             `db:"people"`
}

// SharedProfiles lists the user's profiles that others work on too.
func (tx *UserTx) SharedProfiles(ctx context.Context) ([]SharedProfile, error) {
	var list []SharedProfile
	err := tx.SelectContext(ctx, &list, `
		select p.id, p.profile_name, p.handle, count(*) as people
		from profiles p
		join profile_members m on m.profile_id = p.id
		where p.user_id = $1
		  and p.deleted_at is null
		group by p.id
		order by p.id`, tx.UserID)
	return list, err
}
