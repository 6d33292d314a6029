package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/jmoiron/sqlx"
)

// MaxBatch is the longest pack that one row of the inbox should hold, in bytes: a
// longer one no longer fits into a page and is stored in pieces beside it.
const MaxBatch = 8000

// maxRows is how many packs one statement brings.
const maxRows = 16

// Inbox is the way events come in: it may do nothing but add rows. It keeps
// connections of its own, so that no fan's page waits for one, and sends packs as
// they are instead of as text. It is safe for use by many goroutines.
type Inbox struct {
	db         *sqlx.DB
	statements [maxRows + 1]prepared
}

// prepared is a statement that is prepared when it is first needed.
type prepared struct {
	once sync.Mutex
	stmt *sql.Stmt
}

// Inbox opens the way in. wait is how long a connection may keep silent before it
// is given up. Opening does not wait for PostgreSQL.
func (s *Store) Inbox(wait time.Duration) (*Inbox, error) {
	address, err := withParameters(s.databaseURL, map[string]string{"binary_parameters": "yes"})
	if err != nil {
		return nil, fmt.Errorf("DATABASE_URL: %w", err)
	}
	db, err := openPool(address, "hlpfl_public", 4, wait)
	if err != nil {
		return nil, fmt.Errorf("DATABASE_URL: %w", err)
	}
	return &Inbox{db: db}, nil
}

// Add commits packs, up to sixteen in one transaction. An error never means "not stored": the
// answer may have been lost. The events' ids make adding them again harmless.
func (i *Inbox) Add(ctx context.Context, packs ...[]byte) error {
	for len(packs) > maxRows {
		if err := i.Add(ctx, packs[:maxRows]...); err != nil {
			return err
		}
		packs = packs[maxRows:]
	}
	if len(packs) == 0 {
		return nil
	}
	stmt, err := i.statement(ctx, len(packs)) //nolint:sqlclosecheck // kept for the next time; Close ends it with its connection
	if err != nil {
		return err
	}
	args := make([]any, len(packs))
	for n, p := range packs {
		args[n] = p
	}
	_, err = stmt.ExecContext(ctx, args...)
	return err
}

func (i *Inbox) statement(ctx context.Context, rows int) (*sql.Stmt, error) {
	p := &i.statements[rows]
	p.once.Lock()
	defer p.once.Unlock()
	if p.stmt != nil {
		return p.stmt, nil
	}
	var values strings.Builder
	for n := range rows {
		fmt.Fprintf(&values, ", ($%d)", n+1)
	}
	stmt, err := i.db.DB.PrepareContext(ctx, `insert into event_inbox (batch) values `+values.String()[2:])
	p.stmt = stmt
	return stmt, err
}

// Close ends the connections.
func (i *Inbox) Close() error { return i.db.Close() }
