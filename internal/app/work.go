package app

import (
	"context"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/hlpfl/platform/internal/analytics"
	"github.com/hlpfl/platform/store"
)

// sweepEvery is how often what nobody needs any more is deleted.
const sweepEvery = 10 * time.Minute

// Work does the worker's work until ctx ends: it unpacks events, sends on what a
// killed process left in the spool, and sweeps. Any
// number of processes may; locks in the database let one unpack at a time.
func (a *App) Work(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	worker := analytics.NewWorker(analytics.WorkerOptions{Store: a.store, Registry: a.registry, Log: a.log})
	g.Go(func() error { return ignoreEnd(worker.Run(ctx)) })
	g.Go(func() error { return ignoreEnd(analytics.KeepReplaying(ctx, a.store, a.cfg.SpoolDir, a.log)) })
	g.Go(func() error { a.sweep(ctx); return nil })
	return g.Wait()
}

func (a *App) sweep(ctx context.Context) {
	sweeps := map[string]func(*store.SystemTx) (int64, error){
		"read changes":       func(tx *store.SystemTx) (int64, error) { return tx.SweepChanges(ctx) },
		"kept answers":       func(tx *store.SystemTx) (int64, error) { return tx.SweepAnswers(ctx) },
		"ended sessions":     func(tx *store.SystemTx) (int64, error) { return tx.SweepSessions(ctx) },
		"profiles long gone": func(tx *store.SystemTx) (int64, error) { return tx.PurgeDeletedOfAnyUser(ctx) },
	}
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(sweepEvery):
		}
		for what, f := range sweeps {
			var n int64
			err := a.store.System(ctx, func(tx *store.SystemTx) (err error) { n, err = f(tx); return err })
			switch {
			case err != nil && ctx.Err() == nil:
				a.log.Warn("sweeping failed; trying again later", "what", what, "err", err)
			case n > 0:
				a.log.Info("swept", "what", what, "rows", n)
			}
		}
	}
}
