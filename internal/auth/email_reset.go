package auth

import (
	"context"

	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/store"
	"github.com/hlpfl/platform/views/mail"
)

// SendReset sends a mail by which a new password is chosen. It answers and works as
// SendSignInLink does.
func (a *Auth) SendReset(ctx context.Context, email string, from From) error {
	return a.send(ctx, store.NewMail{Kind: mail.KindReset, Link: store.LinkReset, To: email}, from)
}

// Reset gives the account of a link a new password. Every session and every other
// link ends with it; a second factor stays. The errors are Link's, Invalid for a
// password that is too easy to guess, Unavailable when we are overloaded.
func (a *Auth) Reset(ctx context.Context, in model.ResetInput, from From) error {
	// Looked at first: a hash costs too much for a token that is no good.
	seen, err := a.Link(ctx, store.LinkReset, in.Token, from)
	if err != nil {
		return err
	}
	if err := model.CheckNewPassword(in.Password, seen.Address); err != nil {
		return model.Invalid("password", err.Error())
	}
	hash, err := a.passwords.hash(ctx, in.Password)
	if err != nil {
		return err
	}
	err = a.follow(ctx, store.LinkReset, in.Token, from, func(tx *store.SystemTx, link store.EmailLink) error {
		user := link.User.ID
		if err := a.prove(ctx, tx, link, false, from); err != nil {
			return err
		}
		if err := tx.ResetPassword(ctx, user, hash); err != nil {
			return err
		}
		if _, err := tx.EndSessionsOfAnyUser(ctx, user, model.SessionID{}, "password reset"); err != nil {
			return err
		}
		for _, purpose := range []store.LinkPurpose{store.LinkSignIn, store.LinkReset, store.LinkChange} {
			if err := tx.VoidEmailLinks(ctx, user, purpose); err != nil {
				return err
			}
		}
		err := tx.SendMail(ctx, store.NewMail{Kind: mail.KindPasswordChanged, User: user, Data: map[string]string{"way": "with a link that we sent you" + by(from)}})
		if err != nil {
			return err
		}
		return tx.Audit(ctx, store.Entry{Actor: user, User: user, Action: "user.password_reset", AddressPrefix: Network(from.Address)})
	})
	if err == nil {
		a.Limits.Passed(ctx, accountKey(seen.Address))
	}
	return err
}

// by says from what something was done, as far as that can be told.
func by(from From) string {
	if device := Device(from.Agent); device != "" {
		return ", from " + device
	}
	return ""
}
