package testenv

import (
	"context"
	"sync"
	"testing"

	"github.com/gomodule/redigo/redis"

	"github.com/hlpfl/platform/internal/local"
)

// Server is a PostgreSQL or Redis of one test's own, which may be stopped, killed and frozen.
type Server struct {
	URL string // of PostgreSQL: a migrated, empty database

	scratch *local.Scratch
	t       testing.TB
}

// Stop ends the server as a system would; its data stays for Start.
func (s *Server) Stop() { s.t.Helper(); s.must(s.scratch.Stop) }

// Kill ends all its processes by kill -9; Start recovers what was committed.
func (s *Server) Kill() { s.t.Helper(); s.must(s.scratch.Kill) }

// Start starts it again at the same address.
func (s *Server) Start() { s.t.Helper(); s.must(s.scratch.Start) }

// Freeze leaves its connections open while nothing answers, until Thaw.
func (s *Server) Freeze() {
	s.t.Helper()
	s.must(func(context.Context) error { return s.scratch.Freeze() })
}

// Thaw ends a Freeze.
func (s *Server) Thaw() {
	s.t.Helper()
	s.must(func(context.Context) error { return s.scratch.Thaw() })
}

func (s *Server) must(do func(context.Context) error) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := do(ctx); err != nil {
		s.t.Fatal(err)
	}
}

// OwnPostgres is a PostgreSQL for this test alone, with fsync on, for tests that make it fail. It costs about two
// seconds.
func OwnPostgres(t testing.TB) *Server {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	pg, err := local.ScratchPostgres(ctx, local.ScratchOptions{Durable: true})
	s := own(t, pg, err)
	admin, err := connect(pg.URL)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { admin.admin.Close() })
	s.URL = admin.clone(t)
	return s
}

// OwnRedis is a Redis for this test alone, for tests that make it fail. Killed or stopped, it forgets everything.
func OwnRedis(t testing.TB) *Server {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	r, err := local.ScratchRedis(ctx)
	return own(t, r, err)
}

func own(t testing.TB, scratch *local.Scratch, err error) *Server {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		if err := scratch.Close(ctx); err != nil {
			t.Error(err)
		}
	})
	return &Server{URL: scratch.URL, scratch: scratch, t: t}
}

// durable is the server with fsync that this process's tests share.
var durable = sync.OnceValues(func() (*server, error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	pg, err := local.ScratchPostgres(ctx, local.ScratchOptions{Durable: true})
	if err != nil {
		return nil, err
	}
	return connect(pg.URL)
})

// DurableDatabase is like Database, on a server that runs with fsync, synchronous_commit and full_page_writes as one
// with people's events does. The server is shared by the process: use OwnPostgres to make it fail.
func DurableDatabase(t testing.TB) string {
	t.Helper()
	s, err := durable()
	if err != nil {
		t.Fatal(err)
	}
	return s.clone(t)
}

// idle are Redis servers that no test uses at the moment.
var idle struct {
	sync.Mutex
	servers []*local.Scratch
}

// Redis is the URL of an empty Redis that no other test uses. Servers are used again by later tests, emptied and under
// another password, so that what an earlier test left running cannot reach it.
func Redis(t testing.TB) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	var s *local.Scratch
	idle.Lock()
	if last := len(idle.servers) - 1; last >= 0 {
		s, idle.servers = idle.servers[last], idle.servers[:last]
	}
	idle.Unlock()
	if s == nil {
		var err error
		if s, err = local.ScratchRedis(ctx); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() {
		if err := renew(s); err != nil { // the test has broken it: it is not used again
			_ = s.Close(context.Background())
			return
		}
		idle.Lock()
		idle.servers = append(idle.servers, s)
		idle.Unlock()
	})
	return s.URL
}

// renew empties a Redis, ends everybody's connections and changes its password.
func renew(s *local.Scratch) error {
	c, err := redis.DialURL(s.URL)
	if err != nil {
		return err
	}
	defer c.Close()
	password := random()
	for _, command := range [][]any{
		{"CONFIG", "SET", "requirepass", password}, {"CLIENT", "KILL", "SKIPME", "yes"}, {"FLUSHALL"}, {"CONFIG", "RESETSTAT"},
	} {
		if _, err := c.Do(command[0].(string), command[1:]...); err != nil {
			return err
		}
	}
	s.URL = withPassword(s.URL, password)
	return nil
}
