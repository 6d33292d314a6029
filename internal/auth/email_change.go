package auth

import (
	"context"
	"time"

	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/store"
	"github.com/hlpfl/platform/views/mail"
)

// before is how long before the mail about it whoever changed an address may have set
// up another way in for themselves. The mail may have waited for a day.
const before = 48 * time.Hour

// AskToChangeEmail sends a mail to the address that an account is to have. Nothing
// changes before that one is answered, and nobody is told whether it has an account.
// The error is Invalid for the present address, or TooMany.
func (a *Auth) AskToChangeEmail(ctx context.Context, user model.User, email string, from From) error {
	if email == user.Email {
		return model.Invalid("email", "This is your address already.")
	}
	if err := RefuseDisposable("email", email); err != nil {
		return err
	}
	if err := a.Limits.MailAgain(ctx, user.ID); err != nil {
		return err
	}
	quiet := !a.Limits.mailTo(ctx, email)
	return a.store.Entry(ctx, func(tx *store.SystemTx) error {
		err := tx.Audit(ctx, store.Entry{
			Actor: user.ID, User: user.ID, Action: "email.change_asked", Before: user.Email, After: email, AddressPrefix: Network(from.Address),
		})
		if err != nil || quiet {
			return err
		}
		return tx.SendMail(ctx, store.NewMail{
			Kind: mail.KindChange, User: user.ID, To: email, Link: store.LinkChange, Data: map[string]string{"old": user.Email},
		})
	})
}

// ChangeEmail gives an account the address that whoever shows the token has. Every
// session but one ends; to the old address, if it was proved, goes the way back. The
// errors are Link's, and Taken for an address that has got an account meanwhile.
func (a *Auth) ChangeEmail(ctx context.Context, token string, but model.SessionID, from From) error {
	return a.follow(ctx, store.LinkChange, token, from, func(tx *store.SystemTx, link store.EmailLink) error {
		user, old := link.User.ID, link.User.Email
		if err := tx.SetEmail(ctx, user, link.Address); err != nil {
			return err
		}
		if _, err := tx.EndSessionsOfAnyUser(ctx, user, but, "address changed"); err != nil {
			return err
		}
		for _, purpose := range []store.LinkPurpose{store.LinkVerify, store.LinkSignIn, store.LinkReset, store.LinkChange} {
			if err := tx.VoidEmailLinks(ctx, user, purpose); err != nil {
				return err
			}
		}
		// An address that nobody proved may be a stranger's, mistyped once: it gets no
		// way into the account.
		if link.User.EmailVerifiedAt != nil {
			err := tx.SendMail(ctx, store.NewMail{
				Kind: mail.KindChanged, User: user, To: old, Link: store.LinkUndo, Data: map[string]string{"new": link.Address},
			})
			if err != nil {
				return err
			}
		}
		return tx.Audit(ctx, store.Entry{
			Actor: user, User: user, Action: "email.changed", Before: old, After: link.Address, AddressPrefix: Network(from.Address),
		})
	})
}

// UndoChange gives an account the address back that it had. Whoever changed it is out:
// the password is void, and every session, link and way in that was set up lately. The errors are Link's.
func (a *Auth) UndoChange(ctx context.Context, token string, from From) error {
	return a.follow(ctx, store.LinkUndo, token, from, func(tx *store.SystemTx, link store.EmailLink) error {
		user, other := link.User.ID, link.User.Email
		if err := tx.SetEmail(ctx, user, link.Address); err != nil {
			return err
		}
		if err := a.turnOut(ctx, tx, user, link.SentAt.Add(-before), "address taken back"); err != nil {
			return err
		}
		err := tx.SendMail(ctx, store.NewMail{Kind: mail.KindRestored, User: user, To: link.Address, Link: store.LinkReset, Data: map[string]string{"other": other}})
		if err != nil {
			return err
		}
		return tx.Audit(ctx, store.Entry{
			Actor: user, User: user, Action: "email.change_undone", Before: other, After: link.Address, AddressPrefix: Network(from.Address),
		})
	})
}
