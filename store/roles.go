package store

import (
	"context"
	"database/sql"
	"errors"

	"github.com/hlpfl/platform/internal/model"
)

// Who may, as SQL: of a profile p and the user $2. Every query of a person's says one
// of these, and the policies of the database say the same once more.
const (
	owns  = `p.user_id = $2`
	sees  = `(p.user_id = $2 or exists (select from profile_members m where m.profile_id = p.id and m.user_id = $2))`
	edits = `(p.user_id = $2 or exists (select from profile_members m where m.profile_id = p.id and m.user_id = $2 and m.role = 'editor'))`
)

// roleOf is the role of the user $2 on a profile p; null for none.
const roleOf = `
	case when p.user_id = $2 then 'owner'
	     else (select m.role from profile_members m where m.profile_id = p.id and m.user_id = $2)
	end`

// Role is what the user may do on a profile, a deleted one only when it is the own;
// "" for nothing.
func (tx *UserTx) Role(ctx context.Context, id model.ProfileID) (role model.Role, err error) {
	err = tx.GetContext(ctx, &role, `
		select `+roleOf+`
		from profiles p
		where p.id = $1
		  and `+sees+`
		  and (p.deleted_at is null or `+owns+`)`, id, tx.UserID)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return role, err
}

// tooSmall makes of a query that found nothing what it means: NotFound, or Forbidden
// where the user sees the profile and the query needs more. Other errors, and nil,
// pass through.
func (tx *UserTx) tooSmall(ctx context.Context, id model.ProfileID, need model.Role, err error) error {
	if !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	role, err := tx.Role(ctx, id)
	if err != nil {
		return err
	}
	if err := role.Enough(need); err != nil {
		return err
	}
	return model.NotFound() // it went away this very moment
}

// OwnerOfAnyProfile tells whose a profile is; there is false when there is none, or it
// was deleted.
func (s *Store) OwnerOfAnyProfile(ctx context.Context, id model.ProfileID) (owner model.UserID, there bool, err error) {
	err = s.system.GetContext(ctx, &owner, `
		select user_id
		from profiles
		where id = $1
		  and deleted_at is null`, id)
	if errors.Is(err, sql.ErrNoRows) {
		return owner, false, nil
	}
	return owner, err == nil, Translate(err)
}

// Role is UserTx.Role in a transaction of its own.
func (s *Store) Role(ctx context.Context, user model.UserID, id model.ProfileID) (role model.Role, err error) {
	err = s.AsUser(ctx, user, func(tx *UserTx) error {
		role, err = tx.Role(ctx, id)
		return err
	})
	return role, err
}
