package store

import (
	"context"
	"time"

	"github.com/hlpfl/platform/internal/model"
)

// OnBehalf lets the program act as a user within its own transaction, by the same
// methods and under the same limits as the user.
func (tx *SystemTx) OnBehalf(ctx context.Context, user model.UserID) (*UserTx, error) {
	_, err := tx.ExecContext(ctx, `select set_config('hlpfl.user_id', $1, true)`, user.String())
	return &UserTx{tx.Tx, user, tx.after}, err
}

// HandleHolder is whose a handle is.
type HandleHolder struct {
	Profile   model.ProfileID `db:"id"`
	Owner     model.UserID    `db:"user_id"`
	DeletedAt *time.Time      `db:"deleted_at"`
}

// AnyUsersHandle finds out who has a handle; ok is false when nobody has.
func (tx *SystemTx) AnyUsersHandle(ctx context.Context, handle model.Handle) (h HandleHolder, ok bool, err error) {
	var rows []HandleHolder
	err = tx.SelectContext(ctx, &rows, `
		select id, user_id, deleted_at
		from profiles
		where handle = $1
		for update`, handle.String())
	if err != nil || len(rows) == 0 {
		return h, false, err
	}
	return rows[0], true, nil
}
