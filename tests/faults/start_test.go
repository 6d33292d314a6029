package faults

import (
	"context"
	"net/http"
	"os"
	"syscall"
	"testing"
	"time"

	"github.com/hlpfl/platform/internal/testenv"
)

// gooseLock is the advisory lock under which migrations are applied (goose's DefaultLockID).
const gooseLock = 4097083626

// term ends a process as a system does, and gives its exit code: -1 when it was the signal that ended it.
func (h *house) term(p *process) int {
	h.t.Helper()
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-p.gone:
	case <-time.After(20 * time.Second):
		h.t.Fatal("told to stop, it goes on")
	}
	return p.cmd.ProcessState.ExitCode()
}

// unborn tells that a process had not come to its first line when the signal itself ended it.
func unborn(p *process) bool { return p.cmd.ProcessState.ExitCode() == -1 && p.log.Len() == 0 }

// TestToldToStopWhileStarting tells the program to stop at every moment of its first start. It ends with 0, soon, and
// leaves nothing half done: what it did not come to, the next one does.
func TestToldToStopWhileStarting(t *testing.T) {
	t.Parallel()
	h := emptyHouse(t, testenv.EmptyDatabase(t), testenv.Redis(t))

	// Another replica migrates, so that this one waits for its turn.
	conn, err := h.db.Connx(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	lock := func(statement string) {
		t.Helper()
		if _, err := conn.ExecContext(context.Background(), statement, int64(gooseLock)); err != nil {
			t.Fatal(err)
		}
	}
	lock(`select pg_advisory_lock($1)`)
	p := h.start("serve")
	h.await("it lives and waits for its turn to migrate", func() bool {
		status, _, err := h.get("/livez")
		return err == nil && status == http.StatusOK
	})
	began := time.Now()
	if code := h.term(p); code != 0 {
		t.Errorf("waiting for its turn to migrate, it ends with %d", code)
	}
	t.Logf("waiting to migrate: ends with 0 after %s", time.Since(began).Round(time.Millisecond))
	lock(`select pg_advisory_unlock($1)`)

	// At any moment of a start: before it has read its first setting, while it migrates, before and after it listens.
	for _, after := range []time.Duration{60, 90, 120, 160, 200, 260, 330, 420} {
		after *= time.Millisecond
		p := h.start("serve")
		time.Sleep(after)
		began := time.Now()
		code := h.term(p)
		var tables int
		if err := h.db.Get(&tables, `select count(*) from pg_tables where schemaname = 'public'`); err != nil {
			t.Fatal(err)
		}
		t.Logf("%s after its start: ends with %d after %s, %d tables", after, code, time.Since(began).Round(time.Millisecond), tables)
		if code != 0 && !unborn(p) {
			t.Errorf("told to stop %s after its start, it ends with %d", after, code)
		}
	}
	p = h.start("serve")
	h.await("the next one is ready", func() bool { status, _, err := h.get("/readyz"); return err == nil && status == http.StatusOK })
	if code := h.term(p); code != 0 {
		t.Errorf("told to stop when it was ready, it ends with %d", code)
	}
}

// TestToldToStopWhileItsServicesStart does the same in local mode, where the program makes its own PostgreSQL first.
func TestToldToStopWhileItsServicesStart(t *testing.T) {
	t.Parallel()
	h := emptyHouse(t, testenv.EmptyDatabase(t), testenv.Redis(t))
	folder, err := os.MkdirTemp("", "hlpfl-start-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	if err := os.Chmod(folder, 0o755); err != nil { // PostgreSQL runs as somebody else
		t.Fatal(err)
	}
	h.env = append(h.env, "DATABASE_URL=", "REDIS_URL=", "BLOB_URL=", "SECRET_KEY=", "SMTP_URL=", "MAIL_FROM=", "DATA_DIR="+folder)
	for _, after := range []time.Duration{150, 600, 1200} {
		after *= time.Millisecond
		p := h.start("serve")
		time.Sleep(after)
		began := time.Now()
		code := h.term(p)
		t.Logf("%s after its start: ends with %d after %s", after, code, time.Since(began).Round(time.Millisecond))
		if code != 0 && !unborn(p) {
			t.Errorf("told to stop %s after its start, it ends with %d", after, code)
		}
	}
	p := h.start("serve")
	h.await("the next one is ready", func() bool { status, _, err := h.get("/readyz"); return err == nil && status == http.StatusOK })
	if code := h.term(p); code != 0 {
		t.Errorf("told to stop when it was ready, it ends with %d", code)
	}
}
