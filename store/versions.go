package store

import (
	"context"

	"github.com/hlpfl/platform/internal/model"
)

// PublishProfile makes the draft public. Without a draft nothing changes. version
// 0 publishes whatever is there; another one that is not the present is a
// Conflict. It is PlanLimit when the draft has more links than the plan holds and
// than are public already.
func (tx *UserTx) PublishProfile(ctx context.Context, id model.ProfileID, version int64) (model.Profile, error) {
	o, p, err := tx.lockProfile(ctx, id, version)
	if err != nil || p.Draft == nil {
		return p, err
	}
	if err := roomForLinks(o, p.Draft.Document, p.Document.Links(), p.Document.Links()); err != nil {
		return p, err
	}
	p.Name, p.Document, p.Draft = p.Draft.Name, p.Draft.Document, nil
	return tx.publish(ctx, p)
}

// publish writes a profile whose published side is new, and keeps that version.
func (tx *UserTx) publish(ctx context.Context, p model.Profile) (model.Profile, error) {
	p, err := tx.writeProfile(ctx, p, true)
	if err != nil {
		return p, err
	}
	if err := tx.keepVersion(ctx, p); err != nil {
		return p, err
	}
	if err := tx.forgetHistory(ctx, p.ID); err != nil {
		return p, err
	}
	return p, tx.NoteChange(ctx, p.ID, p.Handle)
}

// keepVersion keeps what is published now, so that one can go back to it.
func (tx *UserTx) keepVersion(ctx context.Context, p model.Profile) error {
	data, err := p.Document.Stored()
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		insert into profile_versions (profile_id, version, profile_name, profile_data, published_by)
		values ($1, $2, $3, $4, $5)`, p.ID, p.Version, p.Name, string(data), tx.UserID)
	return err
}
