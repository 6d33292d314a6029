// Package store is the only place that knows SQL and Redis: one noun a file.
//
// It has three doors, so that row-level security can stand behind them: AsUser
// for everything a person does, Public for what fans read and write, System for
// the worker and the command line (and, as Entry, for sign-in). Each works as a
// role of its own that owns nothing.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"time"

	"github.com/gomodule/redigo/redis"
	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/hlpfl/platform/internal/model"
)

// Options say where the data is.
type Options struct {
	DatabaseURL string
	RedisURL    string // "" leaves Redis out (commands that need none)
	MaxConns    int    // of the app's pool; 0 means 10
}

// Store is open connections to PostgreSQL and Redis. It is safe for use by many
// goroutines. Opening does not wait for either to answer: a web process started
// while PostgreSQL is away serves, and says not ready.
type Store struct {
	app, public, system, entry *sqlx.DB
	redis                      *redis.Pool
	databaseURL                string            // for pools of their own: the inbox
	profiles                   profileStatements // of the fans' door
	hints                      hints
	limits                     localLimits
}

// Open makes the pools. It fails only when an address cannot be understood.
func Open(o Options) (*Store, error) {
	if o.MaxConns == 0 {
		o.MaxConns = 10
	}
	s := &Store{databaseURL: o.DatabaseURL}
	for _, door := range []struct {
		db    **sqlx.DB
		role  string
		conns int
		wait  time.Duration
	}{
		{&s.app, "hlpfl_app", o.MaxConns, 10 * time.Second},
		{&s.public, "hlpfl_public", o.MaxConns, 5 * time.Second},
		{&s.system, "hlpfl_system", max(o.MaxConns/2, 4), 10 * time.Minute},
		{&s.entry, "hlpfl_system", o.MaxConns, 10 * time.Second},
	} {
		db, err := openPool(o.DatabaseURL, door.role, door.conns, door.wait)
		if err != nil {
			return nil, fmt.Errorf("DATABASE_URL: %w", err)
		}
		*door.db = db
	}
	if o.RedisURL != "" {
		s.redis = openRedis(o.RedisURL)
	}
	return s, nil
}

// Close ends all connections.
func (s *Store) Close() error {
	errs := []error{s.app.Close(), s.public.Close(), s.system.Close(), s.entry.Close()}
	if s.redis != nil {
		errs = append(errs, s.redis.Close())
	}
	return errors.Join(errs...)
}

// Redis hands the pool to the session store; nobody else needs it.
func (s *Store) Redis() *redis.Pool { return s.redis }

// Ping reports whether PostgreSQL and Redis answer.
func (s *Store) Ping(ctx context.Context) (postgres, redis error) {
	postgres = s.public.PingContext(ctx)
	if s.redis == nil {
		return postgres, nil
	}
	c, err := s.redis.GetContext(ctx)
	if err != nil {
		return postgres, err
	}
	defer c.Close()
	_, redis = c.Do("PING")
	return postgres, redis
}

func openPool(databaseURL, role string, conns int, wait time.Duration) (*sqlx.DB, error) {
	dsn, err := withParameters(databaseURL, map[string]string{
		"options":         "-c role=" + role + " -c timezone=UTC",
		"connect_timeout": "5",
	})
	if err != nil {
		return nil, err
	}
	connector, err := pq.NewConnector(dsn)
	if err != nil {
		return nil, err
	}
	// lib/pq ignores a context's deadline while a connection is black-holed, so
	// the connection itself gives up a read after a while.
	connector.Dialer(deadlineDialer{wait})
	db := sqlx.NewDb(sql.OpenDB(connector), "postgres")
	db.SetMaxOpenConns(conns)
	db.SetMaxIdleConns(conns)
	db.SetConnMaxIdleTime(5 * time.Minute)
	return db, nil
}

// withParameters adds connection parameters to a postgres URL; sslmode is set to
// lib/pq's strict default explicitly unless the operator chose one.
func withParameters(databaseURL string, add map[string]string) (string, error) {
	u, err := url.Parse(databaseURL)
	if err != nil || (u.Scheme != "postgres" && u.Scheme != "postgresql") {
		return "", errors.New("must look like postgres://user:password@host:5432/database")
	}
	q := u.Query()
	for k, v := range add {
		if !q.Has(k) {
			q.Set(k, v)
		}
	}
	if !q.Has("sslmode") {
		q.Set("sslmode", "require")
		if strings.HasPrefix(q.Get("host"), "/") || u.Hostname() == "localhost" || net.ParseIP(u.Hostname()).IsLoopback() {
			q.Set("sslmode", "disable")
		}
	}
	// lib/pq reads the query form-decoded, where a space is a plus sign.
	u.RawQuery = q.Encode()
	return u.String(), nil
}

type deadlineDialer struct{ wait time.Duration }

// Dial makes a connection that gives up.
func (d deadlineDialer) Dial(network, address string) (net.Conn, error) {
	return d.DialTimeout(network, address, 5*time.Second)
}

// DialTimeout is Dial with a limit for connecting.
func (d deadlineDialer) DialTimeout(network, address string, timeout time.Duration) (net.Conn, error) {
	return d.wrap((&net.Dialer{Timeout: timeout}).Dial(network, address))
}

// DialContext is Dial that can be cancelled.
func (d deadlineDialer) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	return d.wrap((&net.Dialer{}).DialContext(ctx, network, address))
}

func (d deadlineDialer) wrap(c net.Conn, err error) (net.Conn, error) {
	if err != nil {
		return nil, err
	}
	return &deadlineConn{c, d.wait}, nil
}

type deadlineConn struct {
	net.Conn
	wait time.Duration
}

func (c *deadlineConn) Read(b []byte) (int, error) {
	if err := c.Conn.SetReadDeadline(time.Now().Add(c.wait)); err != nil {
		return 0, err
	}
	return c.Conn.Read(b)
}

func (c *deadlineConn) Write(b []byte) (int, error) {
	if err := c.Conn.SetWriteDeadline(time.Now().Add(c.wait)); err != nil {
		return 0, err
	}
	return c.Conn.Write(b)
}

func openRedis(address string) *redis.Pool {
	const limit = 500 * time.Millisecond // a black-holed call must not hold a request
	return &redis.Pool{
		MaxIdle:     16,
		MaxActive:   64,
		Wait:        false,
		IdleTimeout: 4 * time.Minute,
		DialContext: func(ctx context.Context) (redis.Conn, error) {
			options := []redis.DialOption{redis.DialConnectTimeout(limit), redis.DialReadTimeout(limit), redis.DialWriteTimeout(limit)}
			if path, ok := strings.CutPrefix(address, "unix://"); ok {
				return redis.DialContext(ctx, "unix", path, options...)
			}
			return redis.DialURLContext(ctx, address, options...)
		},
		TestOnBorrow: func(c redis.Conn, used time.Time) error {
			if time.Since(used) < 30*time.Second {
				return nil
			}
			_, err := c.Do("PING")
			return err
		},
	}
}

// UserTx is one transaction of one person: every method on it sees that
// person's rows alone.
type UserTx struct {
	*sqlx.Tx
	UserID model.UserID
	after  *afterCommit
}

// SystemTx is one transaction of the program itself. Methods that reach any
// user's rows say AnyUser in their name.
type SystemTx struct {
	*sqlx.Tx
	after *afterCommit
}

// AsUser runs f in one transaction with the tenant set in it. It commits when f
// returns nil. Errors of f come back as they are; errors of PostgreSQL come back
// as model errors (Invalid for text it cannot hold, Unavailable when it is away).
func (s *Store) AsUser(ctx context.Context, user model.UserID, f func(*UserTx) error) error {
	return s.inTx(ctx, s.app, func(tx *sqlx.Tx, after *afterCommit) error {
		// Local to the transaction: a pooled connection carries it nowhere.
		if _, err := tx.ExecContext(ctx, `select set_config('hlpfl.user_id', $1, true)`, user.String()); err != nil {
			return err
		}
		return f(&UserTx{tx, user, after})
	})
}

// System runs f in one transaction of the program itself; see AsUser for errors.
func (s *Store) System(ctx context.Context, f func(*SystemTx) error) error {
	return s.inTx(ctx, s.system, func(tx *sqlx.Tx, after *afterCommit) error { return f(&SystemTx{tx, after}) })
}

// Entry is System for finding out who somebody is (register, sign in, refresh),
// when no tenant is known yet. It has connections of its own with a short
// patience, so that nobody at the door waits behind the worker's long work.
func (s *Store) Entry(ctx context.Context, f func(*SystemTx) error) error {
	return s.inTx(ctx, s.entry, func(tx *sqlx.Tx, after *afterCommit) error { return f(&SystemTx{tx, after}) })
}

func (s *Store) inTx(ctx context.Context, db *sqlx.DB, f func(*sqlx.Tx, *afterCommit) error) error {
	var after afterCommit
	tx, err := db.BeginTxx(ctx, nil)
	if err != nil {
		return Translate(err)
	}
	defer tx.Rollback() //nolint:errcheck // after a commit it does nothing
	if err := f(tx, &after); err != nil {
		return Translate(err)
	}
	err = tx.Commit()
	if after.changed {
		s.hintChange() // also after an error: the commit may have arrived all the same
	}
	return Translate(err)
}

// Translate makes a model error of what PostgreSQL, Redis or the network said.
// Errors that are model errors already, and nil, pass through.
func Translate(err error) error {
	var ours *model.Error
	if err == nil || errors.As(err, &ours) {
		return err
	}
	if errors.Is(err, sql.ErrNoRows) {
		return model.NotFound()
	}
	var pe *pq.Error
	if errors.As(err, &pe) {
		if pe.Code == "22023" {
			return model.Unavailable(err) // our role is not there: the schema is not up to date yet
		}
		switch pe.Code.Class() {
		case "22", "54": // a value PostgreSQL cannot hold: NUL, bad UTF-8, too deep
			return &model.Error{Kind: model.KindInvalid, Message: "Something in it cannot be stored. Take out unusual control characters and try again.", Err: err}
		case "08", "53", "57": // connection, resources, shutting down
			return model.Unavailable(err)
		}
		return &model.Error{Kind: model.KindInternal, Message: "database", Err: err}
	}
	var ne net.Error
	if errors.As(err, &ne) || errors.Is(err, context.DeadlineExceeded) || isConnectionLost(err) {
		return model.Unavailable(err)
	}
	return &model.Error{Kind: model.KindInternal, Message: "store", Err: err}
}

func isConnectionLost(err error) bool {
	text := err.Error()
	for _, part := range []string{"bad connection", "connection refused", "EOF", "broken pipe", "connection reset", "no such file"} {
		if strings.Contains(text, part) {
			return true
		}
	}
	return false
}

// constraint names the constraint that a write broke, "" when it broke none.
func constraint(err error) string {
	var pe *pq.Error
	if errors.As(err, &pe) && pe.Code.Class() == "23" {
		return pe.Constraint
	}
	return ""
}
