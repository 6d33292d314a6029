package auth

import (
	"context"

	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/store"
	"github.com/hlpfl/platform/views/mail"
)

// How somebody can prove to be there beside the first way in, as a session's methods
// name it.
const (
	methodTOTP     = "totp"
	methodPasskey  = "passkey"
	methodRecovery = "recovery"
)

// WithSecondFactor reports whether methods, by which a session was proven, hold a
// second factor.
func WithSecondFactor(methods []string) bool {
	for _, m := range methods {
		if m == methodTOTP || m == methodPasskey || m == methodRecovery {
			return true
		}
	}
	return false
}

// change is what became of somebody's factors: for the audit log, and in a sentence
// for the mail.
type change struct{ action, subject, what string }

// lockedFactors reads the user's factors and lets nobody else change them until the
// end of the transaction.
func lockedFactors(ctx context.Context, tx *store.UserTx) (store.Factors, error) {
	if _, err := tx.LockUser(ctx); err != nil {
		return store.Factors{}, err
	}
	return tx.Factors(ctx)
}

// factorAdded gives recovery codes with the first factor.
func (a *Auth) factorAdded(ctx context.Context, tx *store.UserTx, who Acting, before store.Factors, c change) (recovery []string, err error) {
	if !before.Any() {
		if recovery, err = setRecoveryCodes(ctx, tx); err != nil {
			return nil, err
		}
	}
	return recovery, a.factorChanged(ctx, tx, who, c)
}

// factorRemoved takes the recovery codes away with the last factor, which an admin
// must keep.
func (a *Auth) factorRemoved(ctx context.Context, tx *store.UserTx, who Acting, c change) error {
	left, err := tx.Factors(ctx)
	if err != nil {
		return err
	}
	if !left.Any() {
		user, err := tx.User(ctx)
		if err != nil {
			return err
		}
		if user.IsAdmin {
			return model.Forbidden("An admin needs a second factor. Set up another one first, then remove this one.")
		}
		if err := tx.SetRecoveryCodes(ctx, nil); err != nil {
			return err
		}
	}
	return a.factorChanged(ctx, tx, who, c)
}

// factorChanged ends every other way in that was open before, writes the change down
// and tells its owner.
func (a *Auth) factorChanged(ctx context.Context, tx *store.UserTx, who Acting, c change) error {
	if _, err := tx.EndOtherSessions(ctx, who.Session, c.action); err != nil {
		return err
	}
	err := tx.Audit(ctx, store.Entry{Actor: who.User.ID, User: who.User.ID, Action: c.action, Subject: c.subject, AddressPrefix: Network(who.From.Address)})
	if err != nil {
		return err
	}
	return tx.SendMail(ctx, store.NewMail{Kind: mail.KindFactor, User: who.User.ID, Data: map[string]string{"what": c.what}})
}
