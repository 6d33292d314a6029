package store

import (
	"context"

	"github.com/hlpfl/platform/internal/model"
)

// SetSuspended closes a user's account with all its pages, or opens it again with
// those that were closed by it. It reports whether that changed anything.
func (tx *SystemTx) SetSuspended(ctx context.Context, user model.UserID, suspended bool) (changed bool, err error) {
	// The pages first: they know by the time in the user's row what closed them.
	var pages []struct {
		ID     model.ProfileID `db:"id"`
		Handle model.Handle    `db:"handle"`
	}
	err = tx.SelectContext(ctx, &pages, `
		update profiles p
		set suspended_at = case when $2 then now() end
		from users u
		where u.id = $1
		  and p.user_id = u.id
		  and (u.suspended_at is null) = $2
		  and p.suspended_at is not distinct from u.suspended_at
		returning p.id, p.handle`, user, suspended)
	if err != nil {
		return false, err
	}
	for _, p := range pages {
		if err := tx.NoteChange(ctx, p.ID, p.Handle); err != nil {
			return false, err
		}
	}
	done, err := tx.ExecContext(ctx, `
		update users
		set suspended_at = case when $2 then now() end, updated_at = now()
		where id = $1
		  and (suspended_at is null) = $2`, user, suspended)
	if err != nil {
		return false, err
	}
	n, err := done.RowsAffected()
	return n == 1, err
}
