package auth

import (
	"context"
	"time"

	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/store"
	"github.com/hlpfl/platform/views/mail"
)

// askToVerify sends the mail that a new account's address is proved by.
func askToVerify(ctx context.Context, tx *store.SystemTx, user model.UserID) error {
	return tx.SendMail(ctx, store.NewMail{Kind: mail.KindVerify, User: user, Link: store.LinkVerify})
}

// AskToVerify sends that mail again. It is nothing for an address that is proved
// already, and TooMany past the limit, which whoever is signed in may know of.
func (a *Auth) AskToVerify(ctx context.Context, user model.User) error {
	if user.EmailVerifiedAt != nil {
		return nil
	}
	if err := a.Limits.MailAgain(ctx, user.ID); err != nil {
		return err
	}
	if !a.Limits.mailTo(ctx, user.Email) {
		return nil // quietly: others may have asked for those before
	}
	return a.store.Entry(ctx, func(tx *store.SystemTx) error { return askToVerify(ctx, tx, user.ID) })
}

// Verify notes that whoever shows the token has the account's address, and made the
// account. The errors are Link's.
func (a *Auth) Verify(ctx context.Context, token string, from From) error {
	return a.follow(ctx, store.LinkVerify, token, from, func(tx *store.SystemTx, link store.EmailLink) error {
		return a.prove(ctx, tx, link, true, from)
	})
}

// Disown turns out whoever made an account with somebody else's address. The account
// stays, without any way in but a mail to that address. The errors are Link's.
func (a *Auth) Disown(ctx context.Context, token string, from From) error {
	return a.follow(ctx, store.LinkVerify, token, from, func(tx *store.SystemTx, link store.EmailLink) error {
		if link.User.EmailVerifiedAt != nil {
			return badLink() // it is its owner's by now: a way in, and out, stands there
		}
		if err := a.turnOut(ctx, tx, link.User.ID, time.Time{}, "its address is somebody else's"); err != nil {
			return err
		}
		return tx.Audit(ctx, store.Entry{User: link.User.ID, Action: "user.disowned", AddressPrefix: Network(from.Address)})
	})
}
