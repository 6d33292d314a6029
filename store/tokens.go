package store

import (
	"context"
	"database/sql"
	"errors"

	"github.com/hlpfl/platform/internal/model"
)

// AddRefreshToken notes a refresh token of a session by its SHA-256.
func (tx *SystemTx) AddRefreshToken(ctx context.Context, session model.SessionID, hash []byte) error {
	_, err := tx.ExecContext(ctx, `
		insert into refresh_tokens (hash, session_id)
		values ($1, $2)`, hash, session)
	return err
}

// RefreshState is what became of a refresh token that was shown.
type RefreshState int

// What a shown refresh token can be.
const (
	RefreshUnknown RefreshState = iota // nobody's, or of a session that is over
	RefreshGood                        // it was good, and is used up now
	RefreshReused                      // it had been used before
)

// UseRefreshToken uses a refresh token up. Of several who show the same one at the
// same moment, one gets RefreshGood and the others RefreshReused. The user is
// given with both.
func (tx *SystemTx) UseRefreshToken(ctx context.Context, hash []byte) (RefreshState, model.SessionID, model.User, error) {
	var row struct {
		model.User
		Session model.SessionID `db:"session_id"`
	}
	// The update waits for whoever holds the row, and then sees that it is used.
	err := tx.GetContext(ctx, &row, `
		update refresh_tokens t
		set used_at = now()
		from sessions s
		join users u on u.id = s.user_id
		where t.hash = $1
		  and t.used_at is null
		  and s.id = t.session_id
		  and s.door = 'api'
		  and u.suspended_at is null
		  and `+alive+`
		returning t.session_id, `+userColumns, hash)
	if err == nil {
		return RefreshGood, row.Session, row.User, nil
	}
	if !errors.Is(err, sql.ErrNoRows) {
		return RefreshUnknown, model.SessionID{}, model.User{}, err
	}
	err = tx.GetContext(ctx, &row, `
		select t.session_id, `+userColumns+`
		from refresh_tokens t
		join sessions s on s.id = t.session_id
		join users u on u.id = s.user_id
		where t.hash = $1
		  and t.used_at is not null`, hash)
	if errors.Is(err, sql.ErrNoRows) {
		return RefreshUnknown, model.SessionID{}, model.User{}, nil
	}
	return RefreshReused, row.Session, row.User, err
}

// TouchSession notes that a session was just used.
func (tx *SystemTx) TouchSession(ctx context.Context, id model.SessionID) error {
	_, err := tx.ExecContext(ctx, `
		update sessions
		set last_seen_at = now()
		where id = $1`, id)
	return err
}

// SessionOfRefreshToken tells whose session a refresh token belongs to, used or
// not; zero for nobody's.
func (tx *SystemTx) SessionOfRefreshToken(ctx context.Context, hash []byte) (model.SessionID, error) {
	var id model.SessionID
	err := tx.GetContext(ctx, &id, `
		select session_id
		from refresh_tokens
		where hash = $1`, hash)
	if errors.Is(err, sql.ErrNoRows) {
		return model.SessionID{}, nil
	}
	return id, err
}
