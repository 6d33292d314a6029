// Package testenv gives tests a real PostgreSQL and a real Redis of their own. Only tests import it.
//
// A database is a private clone of a migrated template, so tests run in parallel without seeing each other. The servers
// behind them are those that make test started, or the test process starts its own, which end with it however it ends.
package testenv

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/lib/pq"

	"github.com/hlpfl/platform/internal/local"
	"github.com/hlpfl/platform/migrations"
	"github.com/hlpfl/platform/store"
)

// Variable names the environment variable with the address of the shared test server: its owner hlpfl, any database.
const Variable = "HLPFL_TEST_PG"

// patience bounds each step, so that a hanging server fails a test rather than the whole run.
const patience = time.Minute

// Database is the URL of a fresh, migrated, empty database, dropped when the test ends. Its server runs without fsync.
func Database(t testing.TB) string {
	t.Helper()
	s, err := shared()
	if err != nil {
		t.Fatal(err)
	}
	return s.clone(t)
}

// server is a PostgreSQL that holds templates and their clones.
type server struct {
	url   string  // of its maintenance database
	admin *sql.DB // to that database
}

// shared is the server without fsync that all tests of this process use.
var shared = sync.OnceValues(func() (*server, error) {
	if given := os.Getenv(Variable); given != "" {
		return connect(given)
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	pg, err := local.ScratchPostgres(ctx, local.ScratchOptions{})
	if err != nil {
		return nil, err
	}
	return connect(pg.URL) // it ends with the process
})

func connect(address string) (*server, error) {
	address = withDatabase(address, "postgres")
	admin, err := sql.Open("postgres", address)
	if err != nil {
		return nil, err
	}
	admin.SetMaxOpenConns(4)
	return &server{url: address, admin: admin}, nil
}

// clone makes a database from the template.
func (s *server) clone(t testing.TB) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	template, err := s.template(ctx)
	if err != nil {
		t.Fatal(err)
	}
	name := "test_" + random()
	if err := s.copy(ctx, template, name); err != nil {
		t.Fatal(err)
	}
	s.dropAfter(t, name)
	return withDatabase(s.url, name)
}

// copy makes a database from another that nobody is connected to.
func (s *server) copy(ctx context.Context, from, to string) error {
	for {
		_, err := s.admin.ExecContext(ctx, "create database "+to+" template "+from)
		var busy *pq.Error
		// 55006: a connection of the one who made the template is not quite gone yet.
		if err == nil || !errors.As(err, &busy) || busy.Code != "55006" {
			return err
		}
		select {
		case <-time.After(20 * time.Millisecond):
		case <-ctx.Done():
			return err
		}
	}
}

// template is the name of a database with all migrations applied, made by whichever test process comes first. Its name
// holds the migrations' hash, so another version of them makes another one.
func (s *server) template(ctx context.Context) (string, error) {
	hash, err := migrationsHash()
	if err != nil {
		return "", err
	}
	name := "template_" + hash
	conn, err := s.admin.Conn(ctx)
	if err != nil {
		return "", err
	}
	defer conn.Close()
	if ok, err := exists(ctx, conn, name); ok || err != nil {
		return name, err
	}
	if _, err := conn.ExecContext(ctx, `select pg_advisory_lock(hashtext('hlpfl test template'))`); err != nil {
		return "", err
	}
	defer conn.ExecContext(context.WithoutCancel(ctx), `select pg_advisory_unlock(hashtext('hlpfl test template'))`) //nolint:errcheck // closing the session unlocks too
	if ok, err := exists(ctx, conn, name); ok || err != nil {
		return name, err
	}
	draft := "draft_" + random()
	if _, err := conn.ExecContext(ctx, "create database "+draft); err != nil {
		return "", err
	}
	address := withDatabase(s.url, draft)
	if _, err := store.Migrate(ctx, address, address); err != nil {
		_, dropErr := conn.ExecContext(context.WithoutCancel(ctx), "drop database "+draft+" with (force)")
		return "", errors.Join(fmt.Errorf("migrating the test template: %w", err), dropErr)
	}
	// A copy under the final name, so that a template exists whole or not at all.
	if err := s.copy(ctx, draft, name); err != nil {
		return "", err
	}
	_, err = conn.ExecContext(ctx, "drop database "+draft+" with (force)")
	return name, err
}

func exists(ctx context.Context, conn *sql.Conn, name string) (bool, error) {
	var there bool
	err := conn.QueryRowContext(ctx, `select exists (select from pg_database where datname = $1)`, name).Scan(&there)
	return there, err
}

// migrationsHash is the hash of all migrations, by name and text.
func migrationsHash() (string, error) {
	h := sha256.New()
	err := fs.WalkDir(migrations.Files, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := fs.ReadFile(migrations.Files, path)
		fmt.Fprintf(h, "%s %d\n%s", path, len(text), text)
		return err
	})
	return hex.EncodeToString(h.Sum(nil)[:8]), err
}

// withDatabase is the address of another database of the same server.
func withDatabase(address, name string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	u.Path = "/" + name
	return u.String()
}

func random() string {
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails
	return hex.EncodeToString(b[:])
}

// withPassword is the address with another password.
func withPassword(address, password string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	u.User = url.UserPassword("", password)
	return u.String()
}

// EmptyDatabase is the URL of a fresh database without a schema, dropped when the test ends, for tests of migrating.
func EmptyDatabase(t testing.TB) string {
	t.Helper()
	s, err := shared()
	if err != nil {
		t.Fatal(err)
	}
	name := "test_" + random()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if _, err := s.admin.ExecContext(ctx, "create database "+name); err != nil {
		t.Fatal(err)
	}
	s.dropAfter(t, name)
	return withDatabase(s.url, name)
}

// dropAfter drops a database when the test ends.
func (s *server) dropAfter(t testing.TB, name string) {
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		_, err := s.admin.ExecContext(ctx, "drop database if exists "+name+" with (force)")
		// 42501: the connection of another role, which force may not end, is not quite gone yet.
		for other := (*pq.Error)(nil); errors.As(err, &other) && other.Code == "42501" && ctx.Err() == nil; {
			time.Sleep(20 * time.Millisecond)
			_, err = s.admin.ExecContext(ctx, "drop database if exists "+name+" with (force)")
		}
		// A test that ended its server has nothing left to drop.
		if err != nil && s.admin.PingContext(ctx) == nil {
			t.Errorf("dropping the test's database: %v", err)
		}
	})
}
