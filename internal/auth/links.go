package auth

import (
	"context"
	"time"

	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/store"
)

// linkLength is that of every secret in a link, in characters.
const linkLength = 43

// badLink is the answer to a link that is not good, or not any more; why is nobody's
// business.
func badLink() error {
	return &model.Error{Kind: model.KindGone, Message: "This link is no good, or not any more: each works once, for a while, and only the newest one. Ask for another."}
}

// Link looks at a link and gives the address that it was sent to; it changes nothing,
// because programs that read mails open every link in them. The error is Gone for a
// link that is not good, whatever is wrong with it, or TooMany.
func (a *Auth) Link(ctx context.Context, purpose store.LinkPurpose, token string, from From) (store.EmailLink, error) {
	if err := a.Limits.Link(ctx, from.Address); err != nil {
		return store.EmailLink{}, err
	}
	var link store.EmailLink
	ok := false
	if len(token) == linkLength {
		err := a.store.Entry(ctx, func(tx *store.SystemTx) (err error) {
			link, ok, err = tx.EmailLink(ctx, token, purpose)
			return err
		})
		if err != nil {
			return store.EmailLink{}, err
		}
	}
	if !ok {
		return store.EmailLink{}, badLink()
	}
	return link, nil
}

// follow uses a link up and does with its user, whose row is locked, what it is for:
// both, or neither. Whoever is suspended stays that. The errors are Link's, f's, and
// Forbidden.
func (a *Auth) follow(ctx context.Context, purpose store.LinkPurpose, token string, from From, f func(*store.SystemTx, store.EmailLink) error) error {
	if err := a.Limits.Link(ctx, from.Address); err != nil {
		return err
	}
	if len(token) != linkLength {
		return badLink()
	}
	return a.store.Entry(ctx, func(tx *store.SystemTx) error {
		link, ok, err := tx.UseEmailLink(ctx, token, purpose)
		if err != nil {
			return err
		}
		if !ok {
			return badLink()
		}
		if link.User, err = tx.AnyUserLocked(ctx, link.User.ID); err != nil {
			return err
		}
		// Locked now: it may have got another address since it was looked at.
		if !leads(purpose) && link.User.Email != link.Address {
			return badLink()
		}
		if link.User.SuspendedAt != nil {
			return suspended()
		}
		return f(tx, link)
	})
}

// leads tells whether a link leads to an account that does not have its address.
func leads(purpose store.LinkPurpose) bool {
	return purpose == store.LinkChange || purpose == store.LinkUndo
}

// prove notes that the user of a link has the address. Until then anybody could have
// registered with it: whoever did is out, with all that they set up. keep tells that
// the user recognises the account as the own one.
func (a *Auth) prove(ctx context.Context, tx *store.SystemTx, link store.EmailLink, keep bool, from From) error {
	if link.User.EmailVerifiedAt != nil {
		return nil
	}
	if !keep {
		if err := a.turnOut(ctx, tx, link.User.ID, time.Time{}, "its address was proved by its owner"); err != nil {
			return err
		}
	}
	if err := tx.ProveEmail(ctx, link.User.ID, link.Address); err != nil {
		return err
	}
	return tx.Audit(ctx, store.Entry{
		Actor: link.User.ID, User: link.User.ID, Action: "email.proved",
		After: map[string]any{"voided_older_proofs": !keep}, AddressPrefix: Network(from.Address),
	})
}

// turnOut voids the password, whatever else lets in and was set up since a moment,
// every session and every link.
func (a *Auth) turnOut(ctx context.Context, tx *store.SystemTx, user model.UserID, since time.Time, why string) error {
	if err := tx.VoidProofs(ctx, user, since); err != nil {
		return err
	}
	if _, err := tx.EndSessionsOfAnyUser(ctx, user, model.SessionID{}, why); err != nil {
		return err
	}
	return tx.VoidEmailLinks(ctx, user, "")
}
