// Package app wires everything once, by hand. main and the tests start the same
// program through it.
package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/hlpfl/platform/config"
	"github.com/hlpfl/platform/internal/local"
	"github.com/hlpfl/platform/internal/media"
	"github.com/hlpfl/platform/store"
)

// Options say how an app is opened.
type Options struct {
	Config  config.Config
	Command string // serve, worker, seed …: told to others that want the data folder
	Version string
	Log     *slog.Logger
	Now     func() time.Time // the clock of what fans see; nil is the system's
}

// App is the program with its services connected.
type App struct {
	cfg      config.Config
	version  string
	log      *slog.Logger
	now      func() time.Time
	services *local.Services // nil when DATABASE_URL is set
	store    *store.Store
	migrated atomic.Bool
	media    *media.Store // opened when it is first needed
	maker    *media.Maker
	registry *prometheus.Registry
	opening  sync.Mutex     // guards media and closers
	closers  []func() error // in the order they were opened
}

// Open connects an app to its services; in local mode it starts them, or joins
// the process that runs them already. Close it at the end.
func Open(ctx context.Context, o Options) (*App, error) {
	a := &App{cfg: o.Config, version: o.Version, log: o.Log, now: o.Now, registry: newRegistry(), maker: media.NewMaker()}
	if a.log == nil {
		a.log = slog.New(slog.DiscardHandler)
	}
	if a.now == nil {
		a.now = time.Now
	}
	if a.cfg.Local() {
		if err := a.startLocal(ctx, o.Command); err != nil {
			return nil, err
		}
	}
	if err := os.MkdirAll(a.cfg.SpoolDir, 0o700); err != nil {
		return nil, errors.Join(fmt.Errorf("cannot make the folder where events wait: %w: set SPOOL_DIR to a folder you may write to", err), a.Close())
	}
	var err error
	a.store, err = store.Open(store.Options{DatabaseURL: string(a.cfg.DatabaseURL), RedisURL: string(a.cfg.RedisURL)})
	if err != nil {
		return nil, errors.Join(err, a.Close())
	}
	return a, nil
}

// startLocal starts the private services and points the config at them.
func (a *App) startLocal(ctx context.Context, command string) error {
	o := local.Options{DataDir: a.cfg.DataDir, Command: command, Log: a.log}
	start := local.Acquire
	if command == "serve" {
		start, o.Address = local.Start, a.cfg.Origin()
	}
	services, err := start(ctx, o)
	if err != nil {
		return err
	}
	a.services = services
	a.cfg.DatabaseURL, a.cfg.AdminURL = config.Secret(services.DatabaseURL), config.Secret(services.DatabaseURL)
	if a.cfg.RedisURL == "" {
		a.cfg.RedisURL = config.Secret(services.RedisURL)
	}
	if len(a.cfg.SecretKeys) == 0 {
		key, err := config.ParseKey(services.SecretKey)
		if err != nil {
			return errors.Join(err, a.Close())
		}
		a.cfg.SecretKeys = []config.Key{key}
	}
	return nil
}

// Local reports whether the program runs its own services.
func (a *App) Local() bool { return a.services != nil }

// Store is the app's data, for tests that look behind the screen.
func (a *App) Store() *store.Store { return a.store }

// Close lets go of everything; private services stop.
func (a *App) Close() error {
	var errs []error
	for _, f := range slices.Backward(a.closers) {
		errs = append(errs, f())
	}
	if a.store != nil {
		errs = append(errs, a.store.Close())
	}
	if a.services != nil {
		ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
		defer cancel()
		errs = append(errs, a.services.Stop(ctx))
	}
	return errors.Join(errs...)
}

func (a *App) onClose(f func() error) {
	a.opening.Lock()
	defer a.opening.Unlock()
	a.closers = append(a.closers, f)
}

// Migrate brings the schema up to date and gives the number of migrations applied.
func (a *App) Migrate(ctx context.Context) (int, error) {
	n, err := store.Migrate(ctx, string(a.cfg.AdminURL), string(a.cfg.DatabaseURL))
	if err == nil {
		a.migrated.Store(true)
	}
	return n, err
}

// keepMigrating migrates as soon as PostgreSQL lets it, so that a web process
// started while PostgreSQL is away serves what it can, and says not ready.
func (a *App) keepMigrating(ctx context.Context) error {
	for said := false; ; said = true {
		n, err := a.Migrate(ctx)
		if err == nil {
			if n > 0 {
				a.log.Info("schema brought up to date", "migrations", n)
			}
			return nil
		}
		if !said {
			a.log.Error("the schema is not up to date; trying again until it is", "err", err)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Second):
		}
	}
}
