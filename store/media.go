package store

import (
	"context"

	"github.com/lib/pq"

	"github.com/hlpfl/platform/internal/model"
)

// AddMedia notes that a stored picture belongs to one of the user's profiles, so
// that its document may name it. Noting it again changes the alternative text
// alone. It is NotFound when the profile is somebody else's or absent.
func (tx *UserTx) AddMedia(ctx context.Context, profile model.ProfileID, name string, widths []int, alt string) error {
	done, err := tx.ExecContext(ctx, `
		insert into media (profile_id, name, widths, alt)
		select id, $3, $4, $5
		from profiles
		where id = $1
		  and user_id = $2
		  and deleted_at is null
		on conflict (profile_id, name) do update set alt = excluded.alt`,
		profile, tx.UserID, name, pq.Array(widths), alt)
	if err != nil {
		return err
	}
	if n, err := done.RowsAffected(); err != nil || n == 1 {
		return err
	}
	return model.NotFound()
}
