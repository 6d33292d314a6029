package app

import (
	"context"
	"fmt"

	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/internal/plans"
	"github.com/hlpfl/platform/store"
)

// SetAdmin makes the user with an address an admin, or an admin a user; it stands
// in the audit log. Who is signed in with the old rights has to sign in anew.
func (a *App) SetAdmin(ctx context.Context, email string, admin bool) error {
	return a.changeUser(ctx, email, func(tx *store.SystemTx, user model.User) error {
		changed, err := tx.SetAdmin(ctx, user.ID, admin)
		if err != nil || !changed {
			return err
		}
		if _, err := tx.EndSessionsOfAnyUser(ctx, user.ID, model.SessionID{}, "admin rights changed"); err != nil {
			return err
		}
		return tx.Audit(ctx, store.Entry{User: user.ID, Action: "user.admin", Before: user.IsAdmin, After: admin})
	})
}

// Suspend closes the account of the user with an address, or opens it again; the
// reason stands in the audit log. All sessions and keys end, and the pages answer 410.
func (a *App) Suspend(ctx context.Context, email, reason string, suspended bool) error {
	return a.changeUser(ctx, email, func(tx *store.SystemTx, user model.User) error {
		changed, err := tx.SetSuspended(ctx, user.ID, suspended)
		if err != nil || !changed {
			return err
		}
		action := "user.unsuspended"
		if suspended {
			action = "user.suspended"
			if _, err := tx.EndSessionsOfAnyUser(ctx, user.ID, model.SessionID{}, "suspended"); err != nil {
				return err
			}
			if _, err := tx.EndKeysOfAnyUser(ctx, user.ID); err != nil {
				return err
			}
		}
		return tx.Audit(ctx, store.Entry{User: user.ID, Action: action, After: map[string]string{"reason": reason}})
	})
}

// SignOut ends all sessions of the user with an address; the reason stands in the
// audit log.
func (a *App) SignOut(ctx context.Context, email, reason string) error {
	return a.changeUser(ctx, email, func(tx *store.SystemTx, user model.User) error {
		n, err := tx.EndSessionsOfAnyUser(ctx, user.ID, model.SessionID{}, "ended by an admin")
		if err != nil {
			return err
		}
		return tx.Audit(ctx, store.Entry{User: user.ID, Action: "user.signed_out_by_admin", After: map[string]any{"reason": reason, "sessions": n}})
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
