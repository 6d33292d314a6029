package store

import (
	"context"
	"slices"

	"github.com/lib/pq"

	"github.com/hlpfl/platform/internal/model"
)

// leaveHandle keeps the address that a profile had until now, so that it leads to
// the new one.
func (tx *UserTx) leaveHandle(ctx context.Context, id model.ProfileID, old model.Handle) error {
	_, err := tx.ExecContext(ctx, `
		insert into old_handles (handle, profile_id, user_id)
		values ($1, $2, $3)
		on conflict (handle) do update
		set profile_id = excluded.profile_id, user_id = excluded.user_id, left_at = excluded.left_at`,
		old.String(), id, tx.UserID)
	return err
}

// takeHandle ends what an address was before: call it after a profile has it. It is
// Taken while somebody else who left it can still come back to it. Only then, behind
// the unique handle of profiles, is it seen whether somebody left it a moment ago.
func (tx *UserTx) takeHandle(ctx context.Context, handle model.Handle) error {
	var held bool
	err := tx.GetContext(ctx, &held, `
		select exists (
		  select from old_handles
		  where handle = $1
		    and user_id is distinct from $2
		    and left_at > now() - make_interval(secs => $3))`, handle.String(), tx.UserID, model.RestorableFor.Seconds())
	if err != nil {
		return err
	}
	if held {
		return HandleTaken()
	}
	_, err = tx.ExecContext(ctx, `
		delete from old_handles
		where handle = $1`, handle.String())
	return err
}

// OwnOldHandle reports whether the user left this address and can come back to it.
func (tx *UserTx) OwnOldHandle(ctx context.Context, handle model.Handle) (own bool, err error) {
	err = tx.GetContext(ctx, &own, `
		select exists (select from old_handles where handle = $1 and user_id = $2)
		   and not exists (select from profiles where handle = $1)`, handle.String(), tx.UserID)
	return own, err
}

// MovedTo gives the present handle of the profile that had this one before. It is
// NotFound when there is none, or when it was deleted.
func (p Public) MovedTo(ctx context.Context, handle model.Handle) (to model.Handle, err error) {
	err = p.db.GetContext(ctx, &to, `
		select s.handle
		from old_handles o
		join handle_states s on s.id = o.profile_id
		where o.handle = $1
		  and not s.deleted`, handle.String())
	return to, Translate(err)
}

// FreeHandles gives those of some handles that nobody has or can still come back
// to, in their order.
func (p Public) FreeHandles(ctx context.Context, handles []model.Handle) ([]model.Handle, error) {
	var taken []model.Handle
	err := p.db.SelectContext(ctx, &taken, `
		select handle
		from handle_states
		where handle = any ($1)
		union all
		select handle
		from old_handles
		where handle = any ($1)
		  and left_at > now() - make_interval(secs => $2)`, pq.Array(handles), model.RestorableFor.Seconds())
	if err != nil {
		return nil, Translate(err)
	}
	return slices.DeleteFunc(slices.Clone(handles), func(h model.Handle) bool { return slices.Contains(taken, h) }), nil
}
