package store

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"

	"github.com/lib/pq"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"github.com/hlpfl/platform/migrations"
)

// Migrate brings the schema up to date as the owner at adminURL, under a lock, so
// that of many replicas one does it and the others wait. programURL is how the
// program signs in: its user is made a member of the program's roles. It gives
// the number of migrations applied.
func Migrate(ctx context.Context, adminURL, programURL string) (applied int, err error) {
	dsn, err := withParameters(adminURL, map[string]string{"connect_timeout": "5"})
	if err != nil {
		return 0, fmt.Errorf("DATABASE_ADMIN_URL: %w", err)
	}
	connector, err := pq.NewConnector(dsn)
	if err != nil {
		return 0, err
	}
	db := sql.OpenDB(connector)
	defer db.Close()
	locker, err := lock.NewPostgresSessionLocker()
	if err != nil {
		return 0, err
	}
	provider, err := goose.NewProvider(goose.DialectPostgres, db, migrations.Files, goose.WithSessionLocker(locker))
	if err != nil {
		return 0, err
	}
	results, err := provider.Up(ctx)
	if err != nil {
		return 0, fmt.Errorf("migrating: %w", err)
	}
	return len(results), letIn(ctx, db, programURL)
}

// letIn makes the program's user a member of the program's roles, unless it is a
// member already.
func letIn(ctx context.Context, db *sql.DB, programURL string) error {
	u, err := url.Parse(programURL)
	if err != nil {
		return err
	}
	user := u.User.Username()
	for _, role := range []string{"hlpfl_app", "hlpfl_public", "hlpfl_system"} {
		var member bool
		err := db.QueryRowContext(ctx, `
			select pg_has_role(coalesce(nullif($1, ''), current_user)::name, $2::name, 'member')`, user, role).Scan(&member)
		if err != nil {
			return fmt.Errorf("is %s a member of %s: %w", user, role, err)
		}
		if member {
			continue
		}
		if _, err := db.ExecContext(ctx, `grant `+role+` to `+pq.QuoteIdentifier(user)); err != nil {
			return fmt.Errorf("let %s be %s: %w", user, role, err)
		}
	}
	return nil
}
