package account

import (
	"context"
	"time"

	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/store"
	"github.com/hlpfl/platform/views/mail"
)

// Asked says who asks for something, and from where.
type Asked struct {
	User    model.User
	Session model.SessionID // the one that stays
	Network string          // never an address
}

// Close has an account deleted after store.Grace, and tells the day. Its pages go off at
// once, every other session and every key ends, and a mail says how to keep it. Asked
// again it tells the same day. An admin's is Forbidden.
func (a *Accounts) Close(ctx context.Context, by Asked) (day time.Time, err error) {
	err = a.store.Entry(ctx, func(tx *store.SystemTx) (err error) {
		var asked bool
		if day, asked, err = tx.CloseAccount(ctx, by.User.ID); err != nil || !asked {
			return err
		}
		if _, err := tx.EndSessionsOfAnyUser(ctx, by.User.ID, by.Session, "account to be deleted"); err != nil {
			return err
		}
		if _, err := tx.EndKeysOfAnyUser(ctx, by.User.ID); err != nil {
			return err
		}
		err = tx.SendMail(ctx, store.NewMail{Kind: mail.KindClosing, User: by.User.ID, Data: map[string]string{
			"day": day.In(model.Zone(by.User.TimeZone)).Format("2 January 2006"),
		}})
		if err != nil {
			return err
		}
		return tx.Audit(ctx, store.Entry{Actor: by.User.ID, User: by.User.ID, Action: "deletion.asked", AddressPrefix: by.Network, After: map[string]any{"closes_at": day.UTC()}})
	})
	return day, err
}

// Keep keeps an account that was to be deleted. It is no error when it was not.
func (a *Accounts) Keep(ctx context.Context, by Asked) error {
	return a.store.Entry(ctx, func(tx *store.SystemTx) error {
		kept, err := tx.KeepAccount(ctx, by.User.ID)
		if err != nil || !kept {
			return err
		}
		return tx.Audit(ctx, store.Entry{Actor: by.User.ID, User: by.User.ID, Action: "deletion.cancelled", AddressPrefix: by.Network})
	})
}

// RemoveDue removes everything of the accounts whose grace is over: archives, rows, what
// Redis counts by them, and last the pictures that nobody else has. Killed at any moment
// it goes on where it was when it is done again: a row goes after its files, and what
// has no row is found by its file. It says how many accounts went.
func (a *Accounts) RemoveDue(ctx context.Context) (gone int64, err error) {
	const some = 20
	for {
		var due []model.UserID
		err := a.store.System(ctx, func(tx *store.SystemTx) (err error) {
			due, err = tx.DueAccounts(ctx, some)
			return err
		})
		if err != nil {
			return gone, err
		}
		for _, user := range due {
			if err := a.remove(ctx, user); err != nil {
				return gone, err
			}
			gone++
		}
		if len(due) < some {
			break
		}
	}
	if gone == 0 {
		return 0, nil
	}
	_, err = a.blobs.SweepFiles(ctx, a.store)
	return gone, err
}

func (a *Accounts) remove(ctx context.Context, user model.UserID) error {
	var email string
	var removed bool
	err := a.store.System(ctx, func(tx *store.SystemTx) error {
		list, err := tx.ExportsOfAnyUser(ctx, user)
		if err != nil {
			return err
		}
		if email, removed, err = tx.RemoveAccount(ctx, user); err != nil || !removed {
			return err
		}
		// Undone together when a file cannot be deleted; a file that is gone already is no error.
		return a.forget(ctx, tx, list)
	})
	if err == nil && removed && a.forgetLimits != nil {
		a.forgetLimits(ctx, user, email)
	}
	return err
}
