package auth

import (
	"context"

	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/store"
	"github.com/hlpfl/platform/views/mail"
)

// ChangePassword gives a signed-in user a new password, who has to know the old one
// if there is one. Every other session ends with it, and each of its tokens. The
// error is Invalid and names current_password when that is wrong, TooMany after too
// many wrong ones.
func (a *Auth) ChangePassword(ctx context.Context, user model.User, session model.SessionID, in model.PasswordInput, from From) error {
	if err := a.Limits.Confirm(ctx, user.ID); err != nil {
		return err
	}
	known, _, err := a.store.CredentialsOfAnyUser(ctx, user.Email)
	if err != nil {
		return err
	}
	if known.PasswordHash != "" {
		right, _, err := a.passwords.check(ctx, in.Current, known.PasswordHash)
		if err != nil {
			return err
		}
		if !right {
			return model.Invalid("current_password", "This is not your present password. Capital letters matter.")
		}
	}
	a.Limits.Confirmed(ctx, user.ID)
	if err := model.CheckNewPassword(in.New, user.Email); err != nil {
		return model.Invalid("password", err.Error())
	}
	hash, err := a.passwords.hash(ctx, in.New)
	if err != nil {
		return err
	}
	return a.store.Entry(ctx, func(tx *store.SystemTx) error {
		changed, err := tx.ChangePassword(ctx, user.ID, known.PasswordHash, hash)
		if err != nil {
			return err
		}
		if !changed {
			return &model.Error{Kind: model.KindConflict, Message: "The password was changed elsewhere at this moment. Load the page again."}
		}
		if _, err := tx.EndSessionsOfAnyUser(ctx, user.ID, session, "password changed"); err != nil {
			return err
		}
		for _, purpose := range []store.LinkPurpose{store.LinkSignIn, store.LinkReset} {
			if err := tx.VoidEmailLinks(ctx, user.ID, purpose); err != nil {
				return err
			}
		}
		err = tx.SendMail(ctx, store.NewMail{Kind: mail.KindPasswordChanged, User: user.ID, Data: map[string]string{"way": "on your Sign-in page" + by(from)}})
		if err != nil {
			return err
		}
		return tx.Audit(ctx, store.Entry{Actor: user.ID, User: user.ID, Action: "user.password_changed", AddressPrefix: Network(from.Address)})
	})
}
