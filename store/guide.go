package store

import (
	"context"

	"github.com/hlpfl/platform/internal/model"
)

// EndGuide puts the first-run guide of a profile away. It is no edit: the version
// stays. It is NotFound or Forbidden for who may not edit the profile.
func (tx *UserTx) EndGuide(ctx context.Context, id model.ProfileID) error {
	var ended bool
	err := tx.GetContext(ctx, &ended, `
		update profiles p
		set guide = false
		where p.id = $1
		  and `+edits+`
		  and p.deleted_at is null
		returning true`, id, tx.UserID)
	return tx.tooSmall(ctx, id, model.RoleEditor, err)
}

// PickTheme ticks the guide's step of the theme: one was chosen, the one that stood
// included. It is no edit: the version stays. It is NotFound or Forbidden for who may
// not edit the profile.
func (tx *UserTx) PickTheme(ctx context.Context, id model.ProfileID) error {
	var picked bool
	err := tx.GetContext(ctx, &picked, `
		update profiles p
		set guide_theme = true
		where p.id = $1
		  and `+edits+`
		  and p.deleted_at is null
		returning true`, id, tx.UserID)
	return tx.tooSmall(ctx, id, model.RoleEditor, err)
}
