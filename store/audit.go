package store

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/jmoiron/sqlx"

	"github.com/hlpfl/platform/internal/model"
)

// Entry is one line of the audit log: who did what to whom, what was there before
// and after, and from which network. It can be added and never changed.
type Entry struct {
	Actor         model.UserID // zero: the program itself, or nobody signed in
	User          model.UserID // whom it is about; zero for nobody
	Action        string       // "user.signed_in", "grant.made" …
	Subject       string       // what else it is about: a session's or a profile's id
	Before, After any          // as JSON; nil for nothing
	AddressPrefix string       // a network, never an address
}

// Audit adds a line in this transaction: what is undone is not told either.
func (tx *UserTx) Audit(ctx context.Context, e Entry) error { return audit(ctx, tx.Tx, e) }

// Audit is UserTx.Audit for the program itself.
func (tx *SystemTx) Audit(ctx context.Context, e Entry) error { return audit(ctx, tx.Tx, e) }

func audit(ctx context.Context, tx *sqlx.Tx, e Entry) error {
	before, err := jsonOrNull(e.Before)
	if err != nil {
		return err
	}
	after, err := jsonOrNull(e.After)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		insert into audit_log (id, actor_id, user_id, action, subject, before, after, address_prefix)
		values ($1, $2, $3, $4, $5, $6, $7, $8)`,
		model.NewEntryID(), idOrNull(e.Actor), idOrNull(e.User), e.Action, e.Subject, before, after, e.AddressPrefix)
	if err != nil {
		return fmt.Errorf("audit %s: %w", e.Action, err)
	}
	return nil
}

func jsonOrNull(v any) (*string, error) {
	if v == nil {
		return nil, nil
	}
	text, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	s := string(text)
	return &s, nil
}

func idOrNull[K any](id model.ID[K]) any {
	if id.IsZero() {
		return nil
	}
	return id
}
