package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hlpfl/platform/internal/model"
)

// JobPublish is the kind of the job that makes a draft public at its time.
const JobPublish = "publish-draft"

// PublishJob is its payload.
type PublishJob struct {
	User    model.UserID    `json:"user"`
	Profile model.ProfileID `json:"profile"`
	Version int64           `json:"version"` // of the save that set the time
}

// SchedulePublish sets when the draft, as it is now, goes public by itself; a time
// that was set before no longer holds. Any later change of the draft calls it off.
// It is Invalid without a draft, Conflict for another version than the present.
func (tx *UserTx) SchedulePublish(ctx context.Context, id model.ProfileID, version int64, at time.Time) (model.Profile, error) {
	_, p, err := tx.lockProfile(ctx, id, version)
	if err != nil {
		return p, err
	}
	if p.Draft == nil {
		return p, model.Invalid("publish_at", "There is nothing to publish. Change something first.")
	}
	if p, err = tx.planPublish(ctx, p, &at, ""); err != nil {
		return p, err
	}
	return p, tx.Enqueue(ctx, NewJob{
		Kind: JobPublish, RunAt: at, Once: fmt.Sprintf("%s %s %d", JobPublish, id, p.Version),
		Payload: PublishJob{tx.UserID, id, p.Version},
	})
}

// CancelPublish takes the time back. Without one nothing changes. version as in
// SchedulePublish.
func (tx *UserTx) CancelPublish(ctx context.Context, id model.ProfileID, version int64) (model.Profile, error) {
	_, p, err := tx.lockProfile(ctx, id, version)
	if err != nil || p.Scheduled == nil {
		return p, err
	}
	return tx.planPublish(ctx, p, nil, "")
}

// planPublish writes when the draft goes public, nil for never, or why it could not.
func (tx *UserTx) planPublish(ctx context.Context, p model.Profile, at *time.Time, refused string) (model.Profile, error) {
	var row profileRow
	err := tx.GetContext(ctx, &row, `
		update profiles p
		set version = version + 1, publish_at = cast($3 as timestamptz), publish_refused = $4,
		    publish_version = case when cast($3 as timestamptz) is null or $4 <> '' then null else version + 1 end
		where p.id = $1
		  and `+edits+`
		returning `+profileColumns, p.ID, tx.UserID, at, refused)
	if err != nil {
		return p, err
	}
	return row.profile()
}

// PublishScheduled makes a draft public whose time has come. of is the version that
// set the time: when the draft changed since, when it was called off or is public
// already, nothing happens, so it may be asked for any number of times. What refuses
// a publish by hand calls this one off, and says so in the editor.
func (tx *UserTx) PublishScheduled(ctx context.Context, id model.ProfileID, of int64) error {
	o, p, err := tx.lockProfile(ctx, id, 0)
	if err != nil {
		return err
	}
	if !p.Scheduled.Stands() || p.Scheduled.Version != of {
		return nil
	}
	at := p.Scheduled.At
	_, err = tx.publishDraft(ctx, o, p, true)
	var refused *model.Error
	if errors.As(err, &refused) && (refused.Kind == model.KindPlanLimit || refused.Kind == model.KindInvalid || refused.Kind == model.KindTooLarge) {
		_, err = tx.planPublish(ctx, p, &at, refused.Message)
	}
	return err
}
