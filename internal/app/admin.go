package app

import (
	"context"
	"fmt"

	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/internal/plans"
	"github.com/hlpfl/platform/store"
)

// SetAdmin makes the user with an address an admin, or an admin a user; it stands
// in the audit log.
func (a *App) SetAdmin(ctx context.Context, email string, admin bool) error {
	return a.changeUser(ctx, email, func(tx *store.SystemTx, user model.User) error {
		changed, err := tx.SetAdmin(ctx, user.ID, admin)
		if err != nil || !changed {
			return err
		}
		return tx.Audit(ctx, store.Entry{User: user.ID, Action: "user.admin", Before: user.IsAdmin, After: admin})
	})
}

// GrantPlan gives the user with an address a plan by hand.
func (a *App) GrantPlan(ctx context.Context, email, plan, reason string) error {
	if !plans.Known(plan) {
		return fmt.Errorf("there is no plan %q: choose free, artist, business or enterprise", plan)
	}
	return a.changeUser(ctx, email, func(tx *store.SystemTx, user model.User) error {
		_, err := tx.GrantPlan(ctx, user.ID, plans.Plan(plan), reason)
		return err
	})
}

func (a *App) changeUser(ctx context.Context, email string, f func(*store.SystemTx, model.User) error) error {
	if _, err := a.Migrate(ctx); err != nil {
		return err
	}
	address, err := model.ParseEmail(email)
	if err != nil {
		return fmt.Errorf("%q is no e-mail address: %w", email, err)
	}
	err = a.store.System(ctx, func(tx *store.SystemTx) error {
		user, err := tx.AnyUserByEmail(ctx, address)
		if err != nil {
			return err
		}
		return f(tx, user)
	})
	if model.KindOf(err) == model.KindNotFound {
		return fmt.Errorf("nobody is registered as %s", address)
	}
	return err
}
