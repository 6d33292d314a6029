package store

import (
	"context"

	"github.com/hlpfl/platform/internal/model"
)

// Pictures lists the names of a profile's stored pictures, the newest first, at most
// limit. A profile that is not the user's has none.
func (tx *UserTx) Pictures(ctx context.Context, id model.ProfileID, limit int) (names []string, err error) {
	err = tx.SelectContext(ctx, &names, `
		select m.name
		from media m
		join profiles p on p.id = m.profile_id
		where m.profile_id = $1
		  and p.user_id = $2
		order by m.created_at desc, m.name
		limit $3`, id, tx.UserID, limit)
	return names, err
}
