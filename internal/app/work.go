package app

import (
	"context"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/hlpfl/platform/internal/analytics"
	"github.com/hlpfl/platform/internal/jobs"
	"github.com/hlpfl/platform/store"
)

// sweepEvery is how often what is no longer needed is deleted.
const sweepEvery = 10 * time.Minute

// Work does the worker's work until ctx ends: it unpacks events, sends on those
// that wait, and does jobs. Any number of workers may run.
func (a *App) Work(ctx context.Context) error {
	pictures, err := a.pictures(ctx)
	if err != nil {
		return err
	}
	worker, err := jobs.New(jobs.Options{Store: a.store, Kinds: append(a.kinds(), a.mediaKinds(pictures)...), Registry: a.registry, Log: a.log})
	if err != nil {
		return err
	}
	// The first worker counts what waits, of these kinds too.
	people, err := a.accounts()
	if err != nil {
		return err
	}
	slow, err := jobs.New(jobs.Options{Store: a.store, Kinds: a.accountKinds(pictures, people.Limits), AtOnce: 1, Log: a.log})
	if err != nil {
		return err
	}
	g, ctx := errgroup.WithContext(ctx)
	events := analytics.NewWorker(analytics.WorkerOptions{Store: a.store, Registry: a.registry, Log: a.log})
	g.Go(func() error { return ignoreEnd(events.Run(ctx)) })
	g.Go(func() error { return ignoreEnd(analytics.KeepReplaying(ctx, a.store, a.cfg.SpoolDir, a.log)) })
	g.Go(func() error { return ignoreEnd(worker.Run(ctx)) })
	g.Go(func() error { return ignoreEnd(slow.Run(ctx)) })
	return g.Wait()
}

// kinds are all jobs that are done here.
func (a *App) kinds() []jobs.Kind {
	return []jobs.Kind{
		a.publishDrafts(),
		a.sendMails(),
		a.watchSignUps(),
		a.sweep("deleted-blocks", (*store.SystemTx).SweepDeletedBlocksOfAnyUser),
		a.sweep("changes", (*store.SystemTx).SweepChanges),
		a.sweep("answers", (*store.SystemTx).SweepAnswers),
		a.sweep("sessions", (*store.SystemTx).SweepSessions),
		a.sweep("challenges", (*store.SystemTx).SweepChallenges),
		a.sweep("ceremonies", (*store.SystemTx).SweepCeremonies),
		a.sweep("waiting-identities", (*store.SystemTx).SweepWaitingIdentities),
		a.sweep("profiles", (*store.SystemTx).PurgeDeletedOfAnyUser),
		a.sweep("media", (*store.SystemTx).SweepMedia),
		a.sweep("mails", (*store.SystemTx).SweepMails),
		a.sweep("held", (*store.SystemTx).SweepHeld),
		a.sweep("invitations", (*store.SystemTx).SweepInvitations),
		a.sweep("jobs", (*store.SystemTx).SweepJobs),
	}
}

// sweep is a job that deletes what is no longer needed of one noun.
func (a *App) sweep(what string, f func(*store.SystemTx, context.Context) (int64, error)) jobs.Kind {
	return jobs.Kind{
		Name: "sweep." + what, Every: sweepEvery,
		Attempts: 3, // the next period does it as well
		Run: func(ctx context.Context, j jobs.Job) error {
			var n int64
			err := a.store.System(ctx, func(tx *store.SystemTx) (err error) {
				if n, err = f(tx, ctx); err != nil {
					return err
				}
				return j.Finish(ctx, tx)
			})
			if err == nil && n > 0 {
				a.log.Info("swept", "what", what, "rows", n)
			}
			return err
		},
	}
}
