package local

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Scratch is a private PostgreSQL or Redis in a temporary folder, for tests and benchmarks. It can be stopped, killed,
// frozen and started again; it and its folder go away with the process that started it.
type Scratch struct {
	URL      string // of PostgreSQL: the owner of database hlpfl
	SuperURL string // of PostgreSQL alone: the superuser, in database postgres

	folder, sockets string
	kept            *kept
	pid             func() int
}

// ScratchOptions says what a scratch PostgreSQL is for.
type ScratchOptions struct {
	Durable  bool     // with fsync, synchronous_commit and full_page_writes; without, it is fast and loses all in a crash
	Settings []string // further ones, name=value
	Log      *slog.Logger
}

// ScratchPostgres starts an empty PostgreSQL.
func ScratchPostgres(ctx context.Context, o ScratchOptions) (*Scratch, error) {
	h, err := scratchHome(ctx)
	if err != nil {
		return nil, err
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	po := postgresOptions{
		home: h, logFile: filepath.Join(h.folder, "postgres.log"), remove: h.folder, once: true, log: o.Log,
		signal: "QUIT", fresh: []string{"--no-sync"},
		settings: []string{"max_connections=300", "max_wal_senders=0", "wal_level=minimal", "max_locks_per_transaction=256"},
	}
	if o.Durable {
		po.settings = append(po.settings, "fsync=on", "synchronous_commit=on", "full_page_writes=on")
	} else {
		po.settings = append(po.settings, "fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off",
			"log_checkpoints=off")
	}
	po.settings = append(po.settings, o.Settings...)
	k, err := startPostgres(ctx, po)
	if err != nil {
		_ = os.RemoveAll(h.folder)
		return nil, err
	}
	return &Scratch{
		URL: postgresURL(h.sockets, owner, database), SuperURL: postgresURL(h.sockets, superior, "postgres"),
		folder: h.folder, sockets: h.sockets, kept: k,
		pid: func() int { return postmaster(filepath.Join(h.folder, "postgres")) },
	}, nil
}

// ScratchRedis starts an empty Redis that keeps nothing, or says that redis-server is not installed.
func ScratchRedis(ctx context.Context) (*Scratch, error) {
	h, err := scratchHome(ctx)
	if err != nil {
		return nil, err
	}
	r, err := startRedis(ctx, redisOptions{
		home: h, logFile: filepath.Join(h.folder, "redis.log"), remove: h.folder, once: true, log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		_ = os.RemoveAll(h.folder)
		return nil, err
	}
	return &Scratch{
		URL: r.url, folder: h.folder, sockets: h.sockets, kept: r.kept,
		pid: func() int { return redisProcess(filepath.Join(h.folder, "redis")) },
	}, nil
}

// scratchHome makes a temporary home.
func scratchHome(ctx context.Context) (*home, error) {
	as, err := unprivileged("")
	if err != nil {
		return nil, err
	}
	base := os.TempDir()
	if !as.reaches(ctx, base) {
		base = "/tmp"
	}
	folder, err := os.MkdirTemp(base, "hlpfl-")
	if err != nil {
		return nil, fmt.Errorf("cannot make a temporary folder in %s: %w", base, plain(err))
	}
	if err := as.own(folder); err != nil {
		return nil, err
	}
	sockets, err := socketFolder(ctx, folder, as)
	return &home{folder: folder, sockets: sockets, as: as}, err
}

// Stop ends the server as Ctrl-C would and keeps its folder for Start.
func (s *Scratch) Stop(ctx context.Context) error {
	if err := s.kept.hold(); err != nil {
		return err
	}
	// The watcher would send QUIT, which PostgreSQL takes for a crash.
	if pid := s.pid(); pid != 0 {
		_ = syscall.Kill(pid, syscall.SIGINT)
		s.kept.mu.Lock()
		p := s.kept.process
		s.kept.mu.Unlock()
		select {
		case <-p.done:
		case <-ctx.Done():
		}
	}
	return s.kept.stop(ctx)
}

// Kill ends the server by kill -9, as a crash would, and keeps its folder for Start.
func (s *Scratch) Kill(ctx context.Context) error {
	if err := s.kept.hold(); err != nil {
		return err
	}
	for _, pid := range s.processes() {
		_ = syscall.Kill(pid, syscall.SIGKILL)
	}
	return s.kept.stop(ctx)
}

// Start starts a server again that was stopped or killed, at the same address.
func (s *Scratch) Start(ctx context.Context) error {
	if err := freed(ctx, s.kept.service.lock, s.pid); err != nil {
		return err
	}
	return s.kept.start(ctx)
}

// Freeze stops all processes of the server where they stand: connections stay open and nothing answers. Thaw lets
// them go on.
func (s *Scratch) Freeze() error { return s.signal(syscall.SIGSTOP) }

// Thaw ends a Freeze.
func (s *Scratch) Thaw() error { return s.signal(syscall.SIGCONT) }

// Close ends the server and removes its folder.
func (s *Scratch) Close(ctx context.Context) error {
	_ = s.Thaw() // a frozen process cannot end
	err := s.kept.stop(ctx)
	if !strings.HasPrefix(s.sockets, s.folder) {
		err = errors.Join(err, os.RemoveAll(s.sockets))
	}
	return errors.Join(err, os.RemoveAll(s.folder))
}

// CPU is the processor time that all processes of the server have taken so far, those that have ended included.
func (s *Scratch) CPU() time.Duration {
	const ticks = 100 // a second, as /proc counts on every Linux
	var total time.Duration
	for i, pid := range s.processes() {
		fields := statFields(pid)
		if len(fields) < 15 {
			continue
		}
		counted := fields[11:13] // user and system time
		if i == 0 {
			counted = fields[11:15] // and those of children it has seen end
		}
		for _, f := range counted {
			n, _ := strconv.ParseInt(f, 10, 64)
			total += time.Duration(n) * time.Second / ticks
		}
	}
	return total
}

func (s *Scratch) signal(sig syscall.Signal) error {
	pids := s.processes()
	if len(pids) == 0 {
		return errors.New("the server does not run")
	}
	var failed error
	for _, pid := range pids {
		if err := syscall.Kill(pid, sig); err != nil && !errors.Is(err, syscall.ESRCH) {
			failed = errors.Join(failed, err)
		}
	}
	return failed
}

// processes are the server and its children, the server first.
func (s *Scratch) processes() []int {
	server := s.pid()
	if server == 0 {
		return nil
	}
	return append([]int{server}, childrenOf(server)...)
}

// childrenOf are the processes whose parent is pid, as /proc tells.
func childrenOf(pid int) []int {
	var pids []int
	entries, _ := os.ReadDir("/proc")
	for _, e := range entries {
		child, err := strconv.Atoi(e.Name())
		if err != nil {
			continue
		}
		if fields := statFields(child); len(fields) > 1 && fields[1] == strconv.Itoa(pid) {
			pids = append(pids, child)
		}
	}
	return pids
}

// statFields are the fields of /proc/PID/stat from the third on: state, parent, … The second, the name, may hold
// anything.
func statFields(pid int) []string {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return nil
	}
	return strings.Fields(string(text[bytes.LastIndexByte(text, ')')+1:]))
}
