package app

import (
	"context"
	"time"

	"github.com/hlpfl/platform/internal/account"
	"github.com/hlpfl/platform/internal/auth"
	"github.com/hlpfl/platform/internal/jobs"
	"github.com/hlpfl/platform/internal/media"
	"github.com/hlpfl/platform/store"
)

func (a *App) account(pictures *media.Store, limits *auth.Limits) *account.Accounts {
	return account.New(account.Options{Store: a.store, Blobs: pictures, Origin: a.cfg.Origin(), ForgetLimits: limits.Forget, Log: a.log})
}

// exportTries is how often an archive is tried to be made, within about ten minutes:
// somebody waits for it.
const exportTries = 6

// accountKinds are the jobs that pack and remove what is a user's. They may take long,
// so they are done one at a time, by a worker that nothing else waits for.
func (a *App) accountKinds(pictures *media.Store, limits *auth.Limits) []jobs.Kind {
	accounts := a.account(pictures, limits)
	sweep := func(name string, every time.Duration, says string, f func(context.Context) (int64, error)) jobs.Kind {
		return jobs.Kind{Name: name, Every: every, Attempts: 3, Run: func(ctx context.Context, _ jobs.Job) error {
			n, err := f(ctx)
			if n > 0 {
				a.log.Info(says, "number", n)
			}
			return err
		}}
	}
	return []jobs.Kind{
		{
			Name: store.JobExport, Attempts: exportTries,
			Run: func(ctx context.Context, j jobs.Job) error {
				var p store.ExportJob
				if err := j.Read(&p); err != nil {
					return err
				}
				return accounts.Make(ctx, account.Order{Export: p.Export, Last: j.Attempt() >= exportTries, Finish: j.Finish})
			},
		},
		sweep("sweep.exports", sweepEvery, "archives were deleted whose time was over", accounts.SweepExports),
		sweep("remove.accounts", sweepEvery, "accounts were removed whose grace was over", accounts.RemoveDue),
		sweep("sweep.archives", 12*time.Hour, "files of archives were deleted that nobody has", accounts.SweepLostArchives),
	}
}
