package app

import (
	"context"

	"github.com/hlpfl/platform/internal/jobs"
	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/store"
)

// publishDrafts is the job that makes drafts public at their time. It may be done
// any number of times: a draft that changed, was called off or is public already is
// left alone, and so is a profile that is gone.
func (a *App) publishDrafts() jobs.Kind {
	return jobs.Kind{
		Name: store.JobPublish,
		Run: func(ctx context.Context, j jobs.Job) error {
			var p store.PublishJob
			if err := j.Read(&p); err != nil {
				return err
			}
			err := a.store.AsUser(ctx, p.User, func(tx *store.UserTx) error { return tx.PublishScheduled(ctx, p.Profile, p.Version) })
			if err != nil && model.KindOf(err) == model.KindNotFound {
				return nil
			}
			return err
		},
	}
}
