package testenv_test

import (
	"database/sql"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/gomodule/redigo/redis"

	"github.com/hlpfl/platform/internal/testenv"
)

func open(t *testing.T, address string) *sql.DB {
	t.Helper()
	db, err := sql.Open("postgres", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func show(t *testing.T, db *sql.DB, setting string) string {
	t.Helper()
	var value string
	if err := db.QueryRow("show " + setting).Scan(&value); err != nil {
		t.Fatal(err)
	}
	return value
}

func TestDatabasesAreMigratedAndPrivate(t *testing.T) {
	t.Parallel()
	a, b := open(t, testenv.Database(t)), open(t, testenv.Database(t))
	if _, err := a.Exec(`create table mine (); insert into users (id, email) values (gen_random_uuid(), 'a@example.test')`); err != nil {
		t.Fatal(err)
	}
	var users int
	if err := b.QueryRow(`select count(*) from users`).Scan(&users); err != nil || users != 0 {
		t.Errorf("the other database has %d users (%v), want 0", users, err)
	}
	if got := show(t, a, "fsync"); got != "off" {
		t.Errorf("fsync is %s, want off", got)
	}
}

func TestADatabaseIsDroppedWithItsTest(t *testing.T) {
	t.Parallel()
	var address string
	t.Run("inner", func(t *testing.T) {
		address = testenv.Database(t)
		if err := open(t, address).Ping(); err != nil {
			t.Fatal(err)
		}
	})
	if err := open(t, address).Ping(); err == nil || !strings.Contains(err.Error(), "does not exist") {
		t.Errorf("after its test the database answers: %v", err)
	}
}

func TestDurableDatabase(t *testing.T) {
	t.Parallel()
	db := open(t, testenv.DurableDatabase(t))
	for _, setting := range []string{"fsync", "synchronous_commit", "full_page_writes"} {
		if got := show(t, db, setting); got != "on" {
			t.Errorf("%s is %s, want on", setting, got)
		}
	}
}

func TestOwnPostgresComesBackAfterAKill(t *testing.T) {
	t.Parallel()
	s := testenv.OwnPostgres(t)
	if _, err := open(t, s.URL).Exec(`insert into users (id, email) values (gen_random_uuid(), 'a@example.test')`); err != nil {
		t.Fatal(err)
	}
	s.Kill()
	if err := open(t, s.URL).Ping(); err == nil {
		t.Fatal("a killed server answers")
	}
	s.Start()
	var users int
	if err := open(t, s.URL).QueryRow(`select count(*) from users`).Scan(&users); err != nil || users != 1 {
		t.Errorf("after the kill there are %d users (%v), want 1", users, err)
	}
}

func TestRedisIsEmptyAndClosedToEarlierTests(t *testing.T) {
	t.Parallel()
	var first string
	t.Run("first", func(t *testing.T) {
		first = testenv.Redis(t)
		c, err := redis.DialURL(first)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		if _, err := c.Do("SET", "a", "b"); err != nil {
			t.Fatal(err)
		}
	})
	t.Run("second", func(t *testing.T) {
		c, err := redis.DialURL(testenv.Redis(t))
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		if n, err := redis.Int(c.Do("DBSIZE")); err != nil || n != 0 {
			t.Errorf("it holds %d keys (%v), want 0", n, err)
		}
		if c, err := redis.DialURL(first); err == nil {
			c.Close()
			t.Error("the first test's address still works")
		}
	})
}

func TestRedisOfParallelTestsIsNotShared(t *testing.T) {
	t.Parallel()
	if a, b := testenv.Redis(t), testenv.Redis(t); a == b {
		t.Error("two tests have one Redis")
	}
}

// TestServersEndWithTheirProcess lets a second test process start servers of its own and die without a goodbye.
func TestServersEndWithTheirProcess(t *testing.T) {
	t.Parallel()
	if os.Getenv("TESTENV_INNER") != "" {
		testenv.Database(t)
		testenv.Redis(t)
		os.Stdout.WriteString("TMP " + os.Getenv("TMPDIR") + "\n")
		os.Exit(3)
	}
	tmp, err := os.MkdirTemp("", "hl")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(tmp)
	if err := os.Chmod(tmp, 0o777); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(os.Args[0], "-test.run=^TestServersEndWithTheirProcess$")
	cmd.Env = append(os.Environ(), "TESTENV_INNER=1", "TMPDIR="+tmp, testenv.Variable+"=")
	out, _ := cmd.CombinedOutput()
	if cmd.ProcessState.ExitCode() != 3 {
		t.Fatalf("the inner process ended otherwise: %s", out)
	}
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		left, err := os.ReadDir(tmp)
		if err != nil {
			t.Fatal(err)
		}
		if len(left) == 0 {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("10 seconds after its process died, %s is still there", left[0].Name())
		}
	}
}

func BenchmarkDatabase(b *testing.B) {
	for range b.N {
		testenv.Database(b)
	}
}
