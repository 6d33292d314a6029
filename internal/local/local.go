// Package local is local mode: it runs a private PostgreSQL and a private Redis in a data folder, for as long as the
// process lives and not a moment longer, so that the program works on a machine where nothing is set up. One process
// holds a folder; others join it by the addresses written into the folder's lock.
package local

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// Options says whose services are started and on whose behalf.
type Options struct {
	DataDir string       // made where it is missing; its parent must exist
	Command string       // our subcommand, told to others that want the folder
	Address string       // of serve: the URL that people open, told to a second serve
	Log     *slog.Logger // nil: nothing is logged
}

// Services are the private services of one data folder.
type Services struct {
	DatabaseURL string // the owner of database hlpfl, by socket
	RedisURL    string // with password, on loopback
	SecretKey   string // 64 hex digits, the same at every start
	Joined      bool   // they belong to another process, which keeps them running

	dataDir  string
	lock     *os.File // of the folder; of a joiner: its mark
	home     *home
	postgres *kept
	redis    *redisServer
	patient  bool // waits at its end for those who joined
	log      *slog.Logger
}

// ErrNotRunning says that no process holds the data folder.
var ErrNotRunning = errors.New("no hlpfl runs in this data folder: start one with hlpfl serve")

// Start takes the data folder and starts its services; it is for serve. It returns when both answer: within a second
// on an existing database, a few when it is made. The error is *Held when another process has the folder, and
// otherwise one sentence that says what to do. Call Stop at the end; when the process dies without it, even by kill -9,
// the services stop by themselves.
func Start(ctx context.Context, o Options) (*Services, error) {
	o = o.complete("serve")
	dataDir, err := openData(o.DataDir)
	if err != nil {
		return nil, err
	}
	return start(ctx, dataDir, o)
}

// Join returns the services of the process that holds the folder, and waits for it while it is starting. It is
// ErrNotRunning when there is none. Stop leaves them running.
func Join(ctx context.Context, dataDir string) (*Services, error) {
	dataDir, err := filepath.Abs(dataDir)
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(lockPath(dataDir)); errors.Is(err, os.ErrNotExist) {
		return nil, ErrNotRunning
	}
	for began := time.Now(); ; {
		f, err := tryLock(lockPath(dataDir))
		if err == nil {
			return nil, errors.Join(f.Close(), ErrNotRunning)
		}
		if !errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, unusable(dataDir, err)
		}
		if r, err := readRecord(dataDir); err == nil && r.DatabaseURL != "" {
			return join(dataDir, r)
		}
		if time.Since(began) > startPatience {
			r, _ := readRecord(dataDir)
			return nil, fmt.Errorf("hlpfl %s (process %d) holds %s but its database does not come up: see the logs there", r.Command, r.PID, dataDir)
		}
		if err := pause(ctx, 20*time.Millisecond); err != nil {
			return nil, err
		}
	}
}

// Acquire joins the process that holds the folder, or starts the services when there is none; it is for every command
// but serve. One that started them waits in Stop until those who joined it are done.
func Acquire(ctx context.Context, o Options) (*Services, error) {
	o = o.complete("command")
	o.Address = ""
	dataDir, err := openData(o.DataDir)
	if err != nil {
		return nil, err
	}
	for {
		s, err := Join(ctx, dataDir)
		if !errors.Is(err, ErrNotRunning) {
			return s, err
		}
		s, err = start(ctx, dataDir, o)
		var held *Held
		if errors.As(err, &held) { // somebody was quicker: join them
			continue
		}
		if s != nil {
			s.patient = true
		}
		return s, err
	}
}

// Stop stops the services, PostgreSQL with a checkpoint, and gives the folder back. When ctx ends first they are left
// to stop on their own and its error is returned; nothing committed is lost by that. Services that were joined go on.
// Stopping twice does nothing the second time.
func (s *Services) Stop(ctx context.Context) error {
	if s.lock == nil {
		return nil
	}
	lock := s.lock
	s.lock = nil
	if s.Joined {
		return lock.Close()
	}
	if s.patient {
		s.waitForJoined(ctx)
	}
	var failed error
	if s.redis != nil {
		failed = errors.Join(failed, s.redis.stop(ctx))
	}
	if s.postgres != nil {
		failed = errors.Join(failed, s.postgres.stop(ctx))
	}
	if s.home != nil {
		s.home.close()
	}
	_ = lock.Truncate(0) // only politeness: a free lock is what counts
	return errors.Join(failed, lock.Close())
}

func (o Options) complete(command string) Options {
	if o.Command == "" {
		o.Command = command
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return o
}

func join(dataDir string, r record) (*Services, error) {
	secret, err := readSecret(dataDir)
	if err != nil {
		return nil, err
	}
	f, err := mark(dataDir)
	if err != nil {
		return nil, err
	}
	return &Services{DatabaseURL: r.DatabaseURL, RedisURL: r.RedisURL, SecretKey: secret, Joined: true, dataDir: dataDir, lock: f}, nil
}

// start takes the folder and starts all.
func start(ctx context.Context, dataDir string, o Options) (_ *Services, err error) {
	me := record{PID: os.Getpid(), Command: o.Command, Address: o.Address}
	lock, err := take(dataDir, me)
	if err != nil {
		return nil, err
	}
	s := &Services{dataDir: dataDir, lock: lock, log: o.Log}
	defer func() {
		if err != nil {
			end, cancel := context.WithTimeout(context.Background(), 30*time.Second)
			defer cancel()
			_ = s.Stop(end)
		}
	}()
	if s.SecretKey, err = secret(dataDir); err != nil {
		return nil, err
	}
	if s.home, err = openHome(ctx, dataDir, o.Log); err != nil {
		return nil, err
	}
	logs := map[string]string{}
	for _, name := range []string{"postgres", "redis"} {
		logs[name] = filepath.Join(dataDir, name+".log")
		if err := trimLog(logs[name]); err != nil {
			return nil, err
		}
	}
	s.postgres, err = startPostgres(ctx, postgresOptions{
		home: s.home, logFile: logs["postgres"], signal: "INT", log: o.Log,
		// What PostgreSQL does anyway, said aloud: people's events are in here.
		settings: []string{"fsync=on", "synchronous_commit=on", "full_page_writes=on", "max_connections=200"},
		fresh:    []string{"--data-checksums"},
	})
	if err != nil {
		return nil, err
	}
	s.redis, err = startRedis(ctx, redisOptions{home: s.home, logFile: logs["redis"], lasting: true, log: o.Log})
	if errors.Is(err, errNoRedis) {
		o.Log.Warn("redis-server is not installed: sessions and limits are kept in memory and forgotten at the end (apt-get install redis-server)")
		s.redis, err = startMiniredis()
	}
	if err != nil {
		return nil, err
	}
	s.DatabaseURL = postgresURL(s.home.sockets, owner, database)
	s.RedisURL = s.redis.url
	me.DatabaseURL, me.RedisURL = s.DatabaseURL, s.RedisURL
	return s, writeRecord(lock, me)
}

// waitForJoined waits until nobody uses our services any more.
func (s *Services) waitForJoined(ctx context.Context) {
	path := filepath.Join(s.dataDir, "joined")
	for said := false; ; said = true {
		if _, err := os.Stat(path); err != nil {
			return // nobody ever joined
		}
		f, err := tryLock(path)
		if err == nil {
			f.Close()
			return
		}
		if !said {
			s.log.Info("waiting for other commands that use this database")
		}
		if pause(ctx, 50*time.Millisecond) != nil {
			return
		}
	}
}
