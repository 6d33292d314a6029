package store

import (
	"context"

	"github.com/hlpfl/platform/internal/model"
)

// EndGuide puts the first-run guide of a profile away. It is no edit: the version
// stays. It is NotFound for somebody else's profile.
func (tx *UserTx) EndGuide(ctx context.Context, id model.ProfileID) error {
	var ended bool
	return tx.GetContext(ctx, &ended, `
		update profiles
		set guide = false
		where id = $1
		  and user_id = $2
		  and deleted_at is null
		returning true`, id, tx.UserID)
}

// PickTheme ticks the guide's step of the theme: one was chosen, the one that stood
// included. It is no edit: the version stays. It is NotFound for somebody else's
// profile.
func (tx *UserTx) PickTheme(ctx context.Context, id model.ProfileID) error {
	var picked bool
	return tx.GetContext(ctx, &picked, `
		update profiles
		set guide_theme = true
		where id = $1
		  and user_id = $2
		  and deleted_at is null
		returning true`, id, tx.UserID)
}
