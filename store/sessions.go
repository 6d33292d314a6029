package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/hlpfl/platform/internal/model"
)

// How long a sign-in lasts: unused at most SessionIdle, and never longer than
// SessionAbsolute.
const (
	SessionIdle     = 14 * 24 * time.Hour
	SessionAbsolute = 90 * 24 * time.Hour
	// sessionTouch is how old last_seen_at may be before a request writes it anew.
	sessionTouch = time.Minute
)

// The doors of a session.
const (
	DoorWeb = "web" // a cookie
	DoorAPI = "api" // tokens
)

// Session is one sign-in.
type Session struct {
	ID         model.SessionID `db:"id"`
	Door       string          `db:"door"`
	Device     string          `db:"device"` // "Safari on iPhone", "" for unknown
	CreatedAt  time.Time       `db:"created_at"`
	LastSeenAt time.Time       `db:"last_seen_at"`
}

// alive holds for a session s that may be used.
const alive = `
	s.ended_at is null
	and s.expires_at > now()
	and s.last_seen_at > now() - interval '14 days'`

// NewSession is what a sign-in writes down.
type NewSession struct {
	ID            model.SessionID
	User          model.UserID
	Door          string // DoorWeb or DoorAPI
	Device        string
	AddressPrefix string
	Methods       []string // how it was proven: "password", "totp" …
}

// AddSession writes a sign-in down.
func (tx *SystemTx) AddSession(ctx context.Context, n NewSession) error {
	_, err := tx.ExecContext(ctx, `
		insert into sessions (id, user_id, door, device, address_prefix, expires_at, methods)
		values ($1, $2, $3, $4, $5, now() + make_interval(secs => $6), coalesce(cast($7 as text[]), '{}'))`,
		n.ID, n.User, n.Door, n.Device, n.AddressPrefix, SessionAbsolute.Seconds(), pq.Array(n.Methods))
	return err
}

// SignedIn is who is signed in by a session, and how well that is known.
type SignedIn struct {
	model.User
	Methods pq.StringArray `db:"methods"` // how the session was proven
	Fresh   bool           `db:"fresh"`   // the person proved to be there within FreshFor
	Touched bool           `db:"-"`       // this request is the first for a minute: the idle limit began anew
	Stale   bool           `db:"stale"`
}

// FreshFor is how long a proof is good for what matters most.
const FreshFor = 10 * time.Minute

// SignedIn finds who is signed in by a session, at its own door alone. ok is false
// when it has ended, expired, was not used for too long, was never there, or the
// user is suspended.
func (s *Store) SignedIn(ctx context.Context, id model.SessionID, door string) (who SignedIn, ok bool, err error) {
	err = s.entry.GetContext(ctx, &who, `
		select `+userColumns+`,
		       s.methods,
		       s.proved_at > now() - make_interval(secs => $4) as fresh,
		       s.last_seen_at < now() - make_interval(secs => $3) as stale
		from sessions s
		join users u on u.id = s.user_id
		where s.id = $1
		  and s.door = $2
		  and u.suspended_at is null
		  and `+alive, id, door, sessionTouch.Seconds(), FreshFor.Seconds())
	if errors.Is(err, sql.ErrNoRows) {
		return SignedIn{}, false, nil
	}
	if err != nil {
		return SignedIn{}, false, Translate(err)
	}
	if who.Stale {
		// Of many requests at the same moment one writes.
		done, err := s.entry.ExecContext(ctx, `
			update sessions
			set last_seen_at = now()
			where id = $1
			  and last_seen_at < now() - make_interval(secs => $2)`, id, sessionTouch.Seconds())
		if err != nil {
			return SignedIn{}, false, Translate(err)
		}
		n, err := done.RowsAffected()
		who.Touched = err == nil && n == 1
	}
	return who, true, nil
}

// SessionProved notes that the person behind a live session proved to be there just
// now, and how. It is NotFound when the session is over.
func (tx *SystemTx) SessionProved(ctx context.Context, id model.SessionID, method string) error {
	return sessionProved(ctx, tx.Tx, id, method)
}

// SessionProved is SystemTx.SessionProved for the session that the user acts by.
func (tx *UserTx) SessionProved(ctx context.Context, id model.SessionID, method string) error {
	return sessionProved(ctx, tx.Tx, id, method)
}

func sessionProved(ctx context.Context, tx *sqlx.Tx, id model.SessionID, method string) error {
	done, err := tx.ExecContext(ctx, `
		update sessions s
		set proved_at = now(), methods = case when $2 = any(methods) then methods else methods || $2 end
		where s.id = $1
		  and `+alive, id, method)
	if err != nil {
		return err
	}
	if n, err := done.RowsAffected(); err != nil || n == 1 {
		return err
	}
	return model.NotFound()
}

// EndSessionsOfAnyUser ends all sessions of a user but one (zero: all), for the
// reason, and what is under way of signing in. It says how many sessions ended.
func (tx *SystemTx) EndSessionsOfAnyUser(ctx context.Context, user model.UserID, but model.SessionID, reason string) (int64, error) {
	return endSessions(ctx, tx.Tx, user, but, reason)
}

// EndSession ends a session of any user, for the reason; one that has ended
// already keeps its first reason. It tells whose it was; zero for nobody's.
func (tx *SystemTx) EndSession(ctx context.Context, id model.SessionID, reason string) (model.UserID, error) {
	var user model.UserID
	err := tx.GetContext(ctx, &user, `
		update sessions
		set ended_at = now(), end_reason = $2
		where id = $1
		  and ended_at is null
		returning user_id`, id, reason)
	if errors.Is(err, sql.ErrNoRows) {
		return model.UserID{}, nil
	}
	return user, err
}

// SessionPage asks for a part of the user's sessions.
type SessionPage struct {
	First model.SessionID // comes first wherever it stands; zero for none
	Older model.SessionID // only what is older than this one; zero for all
	Limit int
}

// Sessions lists the user's sessions that are alive, the newest first.
func (tx *UserTx) Sessions(ctx context.Context, p SessionPage) ([]Session, error) {
	list := []Session{}
	err := tx.SelectContext(ctx, &list, `
		select s.id, s.door, s.device, s.created_at, s.last_seen_at
		from sessions s
		where s.user_id = $1
		  and (s.id < $3 or $4)
		  and `+alive+`
		order by s.id = $2 desc, s.id desc
		limit $5`, tx.UserID, p.First, p.Older, p.Older.IsZero(), p.Limit)
	return list, err
}

// EndSession ends one of the user's sessions. It is NotFound when the user has
// none of that id, or it has ended.
func (tx *UserTx) EndSession(ctx context.Context, id model.SessionID, reason string) error {
	done, err := tx.ExecContext(ctx, `
		update sessions s
		set ended_at = now(), end_reason = $3
		where s.id = $1
		  and s.user_id = $2
		  and `+alive, id, tx.UserID, reason)
	if err != nil {
		return err
	}
	if n, err := done.RowsAffected(); err != nil || n == 1 {
		return err
	}
	return model.NotFound()
}

// EndOtherSessions ends all of the user's sessions but one, with what is under way of
// signing in, and says how many sessions ended.
func (tx *UserTx) EndOtherSessions(ctx context.Context, but model.SessionID, reason string) (int64, error) {
	return endSessions(ctx, tx.Tx, tx.UserID, but, reason)
}

func endSessions(ctx context.Context, tx *sqlx.Tx, user model.UserID, but model.SessionID, reason string) (int64, error) {
	if _, err := tx.ExecContext(ctx, `delete from challenges where user_id = $1`, user); err != nil {
		return 0, err
	}
	done, err := tx.ExecContext(ctx, `
		update sessions
		set ended_at = now(), end_reason = $3
		where user_id = $1
		  and id <> $2
		  and ended_at is null`, user, but, reason)
	if err != nil {
		return 0, err
	}
	return done.RowsAffected()
}

// SweepSessions deletes sessions, with their refresh tokens, that have been of no
// use to anybody for 30 days.
func (tx *SystemTx) SweepSessions(ctx context.Context) (int64, error) {
	done, err := tx.ExecContext(ctx, `
		delete from sessions
		where least(ended_at, expires_at, last_seen_at + interval '14 days') < now() - interval '30 days'`)
	if err != nil {
		return 0, err
	}
	return done.RowsAffected()
}
