package auth

import (
	"context"

	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/store"
	"github.com/hlpfl/platform/views/mail"
)

// SendSignInLink sends a mail that lets in whoever reads it, on to next afterwards.
// The answer and the work are the same whether the address has an account or not,
// and when it gets no more mails for now. The error is TooMany for a network that
// asks too often.
func (a *Auth) SendSignInLink(ctx context.Context, email, next string, from From) error {
	return a.send(ctx, store.NewMail{Kind: mail.KindSignIn, Link: store.LinkSignIn, To: email, Data: map[string]string{"next": next}}, from)
}

// send sends a mail with a link to an address that anybody wrote; to one that has no
// account goes a mail that says so.
func (a *Auth) send(ctx context.Context, m store.NewMail, from From) error {
	if err := a.Limits.Mail(ctx, from.Address); err != nil {
		return err
	}
	// Quietly: who else asked for mails to that address is nobody's business.
	quiet := !a.Limits.mailTo(ctx, m.To)
	return a.store.Entry(ctx, func(tx *store.SystemTx) error {
		user, err := tx.AnyUserByEmail(ctx, m.To)
		switch {
		case model.KindOf(err) == model.KindNotFound:
			m = store.NewMail{Kind: mail.KindNoAccount, To: m.To}
		case err != nil:
			return err
		default:
			m.User = user.ID
		}
		if quiet {
			return nil
		}
		return tx.SendMail(ctx, m)
	})
}

// SignInByLink lets in whoever shows the token of a mail. Until its address was proved
// an account could be anybody's: what let them in is void from now on. The errors are
// Link's and admit's.
func (a *Auth) SignInByLink(ctx context.Context, token string, from From) (entered Entered, err error) {
	err = a.follow(ctx, store.LinkSignIn, token, from, func(tx *store.SystemTx, link store.EmailLink) error {
		if err := a.prove(ctx, tx, link, false, from); err != nil {
			return err
		}
		entered, err = a.admit(ctx, tx, link.User, Proof{Method: "email_link"}, from)
		return err
	})
	return entered, err
}
