package store

import (
	"context"

	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/internal/plans"
)

// GrantPlan gives a user a plan by hand, for a reason, in the place of what was
// given by hand before; Free takes that back. The plan that holds from now on is
// written everywhere in the same transaction, the grant also into the audit log.
// That plan is given back.
func (tx *SystemTx) GrantPlan(ctx context.Context, user model.UserID, granted plans.Plan, reason string) (plans.Plan, error) {
	_, err := tx.ExecContext(ctx, `
		update grants
		set ended_at = now()
		where user_id = $1
		  and ended_at is null`, user)
	if err != nil {
		return "", err
	}
	if granted != plans.Free {
		_, err = tx.ExecContext(ctx, `
			insert into grants (id, user_id, plan, reason)
			values ($1, $2, $3, $4)`, model.NewGrantID(), user, string(granted), reason)
		if err != nil {
			return "", err
		}
	}
	had, plan, err := tx.settlePlan(ctx, user)
	if err != nil {
		return "", err
	}
	return plan, tx.Audit(ctx, Entry{
		User: user, Action: "plan.granted", Subject: reason,
		Before: map[string]plans.Plan{"plan": had}, After: map[string]plans.Plan{"granted": granted, "plan": plan},
	})
}

// settlePlan writes down which plan a user has: the highest that is granted. It is
// the only writer of users.subscription_tier, and copies the plan to where one row
// has to give a whole public page. What fans see of every profile may change.
// It gives the plan before and after.
func (tx *SystemTx) settlePlan(ctx context.Context, user model.UserID) (had, plan plans.Plan, err error) {
	// The owner's row is the lock under which profiles are counted. "no key": whoever
	// publishes has a profile's lock and then refers to this row.
	err = tx.GetContext(ctx, &had, `
		select subscription_tier
		from users
		where id = $1
		for no key update`, user)
	if err != nil {
		return "", "", err
	}
	var granted []plans.Plan
	err = tx.SelectContext(ctx, &granted, `
		select plan
		from grants
		where user_id = $1
		  and ended_at is null`, user)
	if err != nil {
		return "", "", err
	}
	plan = plans.Free
	for _, g := range granted {
		plan = plans.Higher(plan, g)
	}
	if plan == had {
		return had, plan, nil
	}
	_, err = tx.ExecContext(ctx, `
		update users
		set subscription_tier = $2, updated_at = now()
		where id = $1`, user, string(plan))
	if err != nil {
		return "", "", err
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
		return "", "", err
	}
	for _, p := range changed {
		if err := tx.NoteChange(ctx, p.ID, p.Handle); err != nil {
			return "", "", err
		}
	}
	return had, plan, nil
}
