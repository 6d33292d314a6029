package store

import (
	"context"

	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/internal/plans"
)

// GrantPlan gives a user a plan by hand, for a reason, in the place of what was
// given by hand before; Free takes that back. The plan that holds from now on is
// written everywhere in the same transaction; it is given back.
func (tx *SystemTx) GrantPlan(ctx context.Context, user model.UserID, plan plans.Plan, reason string) (plans.Plan, error) {
	_, err := tx.ExecContext(ctx, `
		update grants
		set ended_at = now()
		where user_id = $1
		  and ended_at is null`, user)
	if err != nil {
		return "", err
	}
	if plan != plans.Free {
		_, err = tx.ExecContext(ctx, `
			insert into grants (id, user_id, plan, reason)
			values ($1, $2, $3, $4)`, model.NewGrantID(), user, string(plan), reason)
		if err != nil {
			return "", err
		}
	}
	return tx.SettlePlan(ctx, user)
}

// SettlePlan writes down which plan a user has: the highest that is granted. It is
// the only writer of users.subscription_tier, and copies the plan to where one row
// has to give a whole public page. What fans see of every profile may change.
func (tx *SystemTx) SettlePlan(ctx context.Context, user model.UserID) (plans.Plan, error) {
	// The owner's row is the lock under which limits are checked.
	var had plans.Plan
	err := tx.GetContext(ctx, &had, `
		select subscription_tier
		from users
		where id = $1
		for update`, user)
	if err != nil {
		return "", err
	}
	var granted []plans.Plan
	err = tx.SelectContext(ctx, &granted, `
		select plan
		from grants
		where user_id = $1
		  and ended_at is null`, user)
	if err != nil {
		return "", err
	}
	plan := plans.Free
	for _, g := range granted {
		plan = plans.Higher(plan, g)
	}
	if plan == had {
		return plan, nil
	}
	_, err = tx.ExecContext(ctx, `
		update users
		set subscription_tier = $2, updated_at = now()
		where id = $1`, user, string(plan))
	if err != nil {
		return "", err
	}
	var changed []struct {
		ID     model.ProfileID `db:"id"`
		Handle model.Handle    `db:"handle"`
	}
	err = tx.SelectContext(ctx, &changed, `
		update profiles
		set plan = $2
		where user_id = $1
		returning id, handle`, user, string(plan))
	if err != nil {
		return "", err
	}
	for _, p := range changed {
		if err := tx.NoteChange(ctx, p.ID, p.Handle); err != nil {
			return "", err
		}
	}
	return plan, nil
}
