package app

import (
	"context"

	"github.com/hlpfl/platform/internal/jobs"
	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/store"
)

// publishDrafts is the job that makes drafts public at their time. It may be done
// any number of times: a draft that changed, was called off or is public already is
// left alone, and so is a profile that is gone. Whoever set the time publishes; when
// they do not work on the profile any more, its owner does, who could call it off.
func (a *App) publishDrafts() jobs.Kind {
	return jobs.Kind{
		Name: store.JobPublish,
		Run: func(ctx context.Context, j jobs.Job) error {
			var p store.PublishJob
			if err := j.Read(&p); err != nil {
				return err
			}
			publish := func(user model.UserID) error {
				return a.store.AsUser(ctx, user, func(tx *store.UserTx) error { return tx.PublishScheduled(ctx, p.Profile, p.Version) })
			}
			err := publish(p.User)
			if kind := model.KindOf(err); err != nil && (kind == model.KindNotFound || kind == model.KindForbidden) {
				owner, there, broken := a.store.OwnerOfAnyProfile(ctx, p.Profile)
				if broken != nil || !there {
					return broken
				}
				if err = publish(owner); model.KindOf(err) == model.KindNotFound {
					return nil
				}
			}
			return err
		},
	}
}
