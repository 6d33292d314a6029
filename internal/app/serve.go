package app

import (
	"context"
	"errors"
	"net"
	"net/http"

	"golang.org/x/sync/errgroup"
)

// ServeOptions say what serve does.
type ServeOptions struct {
	WebOnly bool // leave the worker out
	Demo    bool // put the demo artists in first
}

// Serve answers HTTP and, unless told otherwise, does the worker's work, until ctx
// ends.
func (a *App) Serve(ctx context.Context, o ServeOptions) error {
	l, err := listen(ctx, a.cfg.Host, a.cfg.Port)
	if err != nil {
		return err
	}
	defer l.Close()
	g, ctx := errgroup.WithContext(ctx)
	if a.Local() {
		// Nothing of ours can be away here: a first start is ready before it answers.
		if _, err := a.Migrate(ctx); err != nil {
			return ignoreEnd(err)
		}
	} else {
		g.Go(func() error { return ignoreEnd(a.keepMigrating(ctx)) })
	}
	h, err := a.Web(ctx)
	if err != nil {
		return ignoreEnd(err)
	}
	if o.Demo {
		if err := a.Seed(ctx, SeedOptions{}); err != nil {
			return ignoreEnd(err)
		}
	}
	if !o.WebOnly {
		g.Go(func() error { return a.Work(ctx) })
	}
	g.Go(func() error { return ignoreEnd(serveUntil(ctx, newHTTPServer(h), l)) })
	g.Go(func() error { return a.serveMetrics(ctx) })
	g.Go(func() error { tendHeap(ctx); return nil })
	a.log.Info("serving", "address", a.cfg.Origin())
	return g.Wait()
}

// serveMetrics shows the program's figures on a listener of their own. A second
// program on the machine finds the address in use: it is told, and serves on.
func (a *App) serveMetrics(ctx context.Context) error {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", a.cfg.MetricsAddr)
	if err != nil {
		a.log.Warn("no metrics: METRICS_ADDR is in use or not ours", "address", a.cfg.MetricsAddr)
		return nil //nolint:nilerr // told above; fans need no metrics
	}
	return ignoreEnd(serveUntil(ctx, newHTTPServer(a.watch()), l))
}

// ignoreEnd: being told to stop is no failure.
func ignoreEnd(err error) error {
	if errors.Is(err, context.Canceled) || errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}
