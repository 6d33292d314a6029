package local

import (
	"context"
	"database/sql"
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestScratchPostgresSurvivesWhatItIsMadeToSuffer(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	s, err := ScratchPostgres(ctx, ScratchOptions{Durable: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close(context.Background()) })
	if got := ask(t, s.URL, "show fsync"); got != "on" {
		t.Errorf("fsync is %q", got)
	}
	do(t, s.URL, "create table kept as select 'still here' as word")
	if s.CPU() <= 0 {
		t.Error("it took no processor time")
	}
	for _, end := range []struct {
		name string
		do   func(context.Context) error
	}{{"stop", s.Stop}, {"kill", s.Kill}, {"stop again", s.Stop}} {
		if err := end.do(ctx); err != nil {
			t.Fatal(end.name, err)
		}
		db, err := sql.Open("postgres", s.URL)
		if err != nil {
			t.Fatal(err)
		}
		if db.PingContext(ctx) == nil {
			t.Errorf("it still answers after %s", end.name)
		}
		db.Close()
		if err := s.Start(ctx); err != nil {
			t.Fatal(end.name, err)
		}
		if got := ask(t, s.URL, "select word from kept"); got != "still here" {
			t.Errorf("after %s the table holds %q", end.name, got)
		}
	}
	if err := s.Close(ctx); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(s.folder); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("its folder is left behind: %v", err)
	}
}

func TestFrozenPostgresDoesNotAnswer(t *testing.T) {
	t.Parallel()
	s, err := ScratchPostgres(t.Context(), ScratchOptions{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close(context.Background()) })
	db, err := sql.Open("postgres", s.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.PingContext(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := s.Freeze(); err != nil {
		t.Fatal(err)
	}
	answered := make(chan error, 1)
	go func() {
		_, err := db.Exec("select 1")
		answered <- err
	}()
	select {
	case err := <-answered:
		t.Errorf("a frozen server answered: %v", err)
	case <-time.After(300 * time.Millisecond):
	}
	if err := s.Thaw(); err != nil {
		t.Fatal(err)
	}
	if err := <-answered; err != nil {
		t.Errorf("thawed, the same statement fails: %v", err)
	}
}

func TestScratchRedis(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	s, err := ScratchRedis(ctx)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close(context.Background()) })
	redisDo(t, s.URL, "SET", "a", "b")
	if err := s.Kill(ctx); err != nil {
		t.Fatal(err)
	}
	if err := s.Start(ctx); err != nil {
		t.Fatal(err)
	}
	if got := redisDo(t, s.URL, "PING"); got != "PONG" {
		t.Error(got)
	}
}

// TestStartTellsWhy: a server that ends at once takes its folder with it, and the reason must not go along, or a port
// taken in between is not known for what it is and not tried again.
func TestStartTellsWhy(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	h, err := scratchHome(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(h.folder) })
	binary, err := exec.LookPath("redis-server")
	if err != nil {
		t.Fatal(err)
	}
	folder := filepath.Join(h.folder, "redis")
	if err := h.as.folder(folder); err != nil {
		t.Fatal(err)
	}
	o := redisOptions{home: h, logFile: filepath.Join(h.folder, "redis.log"), remove: h.folder, once: true}
	_, err = launchRedis(t.Context(), o, binary, folder, filepath.Join(h.folder, "redis.lock"), strconv.Itoa(taken.Addr().(*net.TCPAddr).Port), "secret")
	if err == nil || !strings.Contains(err.Error(), "Address already in use") {
		t.Errorf("it said: %v", err)
	}
}
