package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

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

// AuditLine is a line of the audit log as it is read.
type AuditLine struct {
	ID            model.EntryID   `db:"id"`
	At            time.Time       `db:"at"`
	ActorID       *model.UserID   `db:"actor_id"` // nil: the program itself, or nobody signed in
	UserID        *model.UserID   `db:"user_id"`  // nil: about nobody
	Action        string          `db:"action"`
	Subject       string          `db:"subject"`
	Before        json.RawMessage `db:"before"` // null for nothing
	After         json.RawMessage `db:"after"`
	AddressPrefix string          `db:"address_prefix"`
	Actor         string          `db:"actor"` // the present address of who did it; "" when nobody knows
	User          string          `db:"about"` // of whom it is about
}

// AuditPage asks for a part of the log, the newest first.
type AuditPage struct {
	Older model.EntryID // only what is older than this line; zero for all
	Limit int
}

// AuditLog reads what is about the user.
func (tx *UserTx) AuditLog(ctx context.Context, p AuditPage) ([]AuditLine, error) {
	list := []AuditLine{}
	err := tx.SelectContext(ctx, &list, `
		select id, at, actor_id, user_id, action, subject, coalesce(before, 'null') as before, coalesce(after, 'null') as after, address_prefix,
		       '' as actor, '' as about
		from audit_log
		where user_id = $1
		  and (id < $2 or $3)
		order by id desc
		limit $4`, tx.UserID, p.Older, p.Older.IsZero(), p.Limit)
	return list, err
}

// AuditFilter narrows the whole log down.
type AuditFilter struct {
	AuditPage
	Email  string // of who did it or whom it is about; "" for everybody
	Action string // "user.signed_in"; "" for all
}

// AuditLogOfAnyUser reads the whole log, for admins.
func (tx *SystemTx) AuditLogOfAnyUser(ctx context.Context, f AuditFilter) ([]AuditLine, error) {
	list := []AuditLine{}
	// Each of the two ways into the log has an index; an "or" over them would have none.
	err := tx.SelectContext(ctx, &list, `
		with who as (select id from users where email = $1),
		lines as (
		  (select * from audit_log where $1 = '' and ($2 = '' or action = $2) and (id < $3 or $4) order by id desc limit $5)
		  union
		  (select * from audit_log where user_id in (select id from who) and ($2 = '' or action = $2) and (id < $3 or $4) order by id desc limit $5)
		  union
		  (select * from audit_log where actor_id in (select id from who) and ($2 = '' or action = $2) and (id < $3 or $4) order by id desc limit $5)
		)
		select l.id, l.at, l.actor_id, l.user_id, l.action, l.subject, coalesce(l.before, 'null') as before, coalesce(l.after, 'null') as after, l.address_prefix,
		       coalesce(a.email, '') as actor, coalesce(u.email, '') as about
		from lines l
		left join users a on a.id = l.actor_id
		left join users u on u.id = l.user_id
		order by l.id desc
		limit $5`, f.Email, f.Action, f.Older, f.Older.IsZero(), f.Limit)
	return list, err
}

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
