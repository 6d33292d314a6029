package store

import (
	"context"
	"fmt"
	"time"

	"github.com/gomodule/redigo/redis"
	"github.com/jmoiron/sqlx"

	"github.com/hlpfl/platform/internal/model"
)

// KeepChanges is how long a row of profile_changes is kept. Whoever could not
// read them for longer has to forget everything it knows.
const KeepChanges = time.Hour

// changesChannel is where replicas hint to each other that something changed.
const changesChannel = "hlpfl:changes"

// NoteChange says, with this transaction, that fans see something else of a
// profile from now on, under each of these handles (when it moves: the old and
// the new one). Whoever changes what fans see calls it; what is not noted shows
// late or never.
func (tx *UserTx) NoteChange(ctx context.Context, profile model.ProfileID, handles ...model.Handle) error {
	tx.after.changed = true
	return noteChange(ctx, tx.Tx, profile, handles)
}

// NoteChange is UserTx.NoteChange for the program itself.
func (tx *SystemTx) NoteChange(ctx context.Context, profile model.ProfileID, handles ...model.Handle) error {
	tx.after.changed = true
	return noteChange(ctx, tx.Tx, profile, handles)
}

func noteChange(ctx context.Context, tx *sqlx.Tx, profile model.ProfileID, handles []model.Handle) error {
	for _, handle := range handles {
		if _, err := tx.ExecContext(ctx, `
			insert into profile_changes (profile_id, handle)
			values ($1, $2)
			on conflict do nothing`, profile, string(handle)); err != nil {
			return fmt.Errorf("note the change of %s: %w", profile, err)
		}
	}
	return nil
}

// SweepChanges deletes the rows that every replica has read long ago.
func (tx *SystemTx) SweepChanges(ctx context.Context) (int64, error) {
	done, err := tx.ExecContext(ctx, `
		delete from profile_changes
		where at < now() - make_interval(secs => $1)`, KeepChanges.Seconds())
	if err != nil {
		return 0, err
	}
	return done.RowsAffected()
}

// Change is one row of profile_changes.
type Change struct {
	XID     uint64 // the transaction that made it
	Profile model.ProfileID
	Handle  model.Handle
}

// Changes reads the changes made by transactions from since on, and the number to
// read from next time: the oldest transaction that was still open. A change of a
// transaction that commits late is found by a later call; one that was read may
// be read again. With since 0 it reads no changes, only the number.
func (p Public) Changes(ctx context.Context, since uint64) (changes []Change, next uint64, err error) {
	// One statement, so that the number and the rows are of one snapshot.
	rows, err := p.db.QueryContext(ctx, `
		select cast(cast(pg_snapshot_xmin(pg_current_snapshot()) as text) as bigint),
		       cast(cast(c.xid as text) as bigint), c.profile_id, c.handle
		from (select 1) as once
		left join profile_changes c
		  on $1 <> '0'
		 and c.xid >= cast($1 as xid8)`, fmt.Sprint(since))
	if err != nil {
		return nil, 0, Translate(err)
	}
	defer rows.Close()
	for rows.Next() {
		var xid *uint64
		var profile *model.ProfileID
		var handle *string
		if err := rows.Scan(&next, &xid, &profile, &handle); err != nil {
			return nil, 0, Translate(err)
		}
		if xid != nil {
			changes = append(changes, Change{*xid, *profile, model.Handle(*handle)})
		}
	}
	return changes, next, Translate(rows.Err())
}

// afterCommit is what a transaction leaves to be done once it is committed.
type afterCommit struct{ changed bool }

// hintChange tells this process and, where there is Redis, the others that there
// are new changes to read. It is a hint: nothing relies on its arrival, so
// nobody waits for it.
func (s *Store) hintChange() {
	s.hints.send()
	if s.redis == nil {
		return
	}
	go func() {
		c := s.redis.Get()
		defer c.Close()
		_, _ = c.Do("PUBLISH", changesChannel, "") // Redis is away: they read every second anyway
	}()
}

// ChangeHints gives a channel that receives when there are probably new changes
// to read. Several hints may become one. It ends with ctx.
func (s *Store) ChangeHints(ctx context.Context) <-chan struct{} {
	hints := s.hints.listen(ctx)
	if s.redis != nil {
		go s.relayHints(ctx)
	}
	return hints
}

// relayHints turns other replicas' messages into hints, for as long as ctx lasts.
func (s *Store) relayHints(ctx context.Context) {
	const quiet = time.Minute // without a message: connect anew, the connection may be dead
	receive := func() {
		c, err := s.redis.GetContext(ctx)
		if err != nil {
			return
		}
		ps := redis.PubSubConn{Conn: c}
		defer ps.Close()
		if err := ps.Subscribe(changesChannel); err != nil {
			return
		}
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			for {
				switch m := ps.ReceiveWithTimeout(quiet).(type) {
				case redis.Message:
					s.hints.send()
				case redis.Subscription:
					if m.Count == 0 {
						return
					}
				case error:
					return
				}
			}
		}()
		select {
		case <-ended:
			return
		case <-ctx.Done():
		}
		// The answer ends the receiving: only then may the connection be put back.
		_ = ps.Unsubscribe()
		<-ended
	}
	for ctx.Err() == nil {
		receive()
		select {
		case <-ctx.Done():
		case <-time.After(time.Second):
		}
	}
}
