package store

import (
	"context"

	"github.com/hlpfl/platform/internal/model"
)

// KeepUndo is how many saves of a draft can be taken back.
const KeepUndo = 50

// EditDraft applies an edit to the draft, made from what is published when there
// is none, and saves it as the next version. The edit sees the profile as it is,
// under lock; its error comes back as it is. EditDraft itself is Conflict when
// version is not the present one (0: whatever is there), PlanLimit when the edit
// would add a link too many.
func (tx *UserTx) EditDraft(ctx context.Context, id model.ProfileID, version int64, edit func(model.Profile) (model.Draft, model.Edit, error)) (model.Profile, error) {
	o, p, err := tx.lockProfile(ctx, id, version)
	if err != nil {
		return p, err
	}
	next, what, err := edit(p)
	if err != nil {
		return p, err
	}
	return tx.saveDraft(ctx, o, p, next, what)
}

// saveDraft stores the next draft of a profile under lock, and remembers the one
// before it for Undo.
func (tx *UserTx) saveDraft(ctx context.Context, o owner, p model.Profile, next model.Draft, what model.Edit) (model.Profile, error) {
	before, working := p.Draft, p.Working()
	if err := tx.fits(ctx, o, p.ID, next.Document, working.Document.Links(), working.Document, p.Document); err != nil {
		return p, err
	}
	changed := next.Name != working.Name || !next.Document.Equal(working.Document)
	if !changed && what.Kind != model.EditAll {
		return tx.writeProfile(ctx, p, false) // nothing to take back, nothing new to publish
	}
	p.Draft = &next
	p, err := tx.writeProfile(ctx, p, false)
	if err != nil || !changed {
		return p, err
	}
	if err := tx.keepDeleted(ctx, p.ID, working.Document, next.Document); err != nil {
		return p, err
	}
	return p, tx.remember(ctx, p.ID, p.Version, before, what)
}

// DiscardDraft throws the draft away; Undo brings it back.
func (tx *UserTx) DiscardDraft(ctx context.Context, id model.ProfileID, version int64) (model.Profile, error) {
	_, p, err := tx.lockProfile(ctx, id, version)
	if err != nil || p.Draft == nil {
		return p, err
	}
	before := p.Draft
	p.Draft = nil
	if p, err = tx.writeProfile(ctx, p, false); err != nil {
		return p, err
	}
	if err := tx.keepDeleted(ctx, p.ID, before.Document, p.Document); err != nil {
		return p, err
	}
	return p, tx.remember(ctx, p.ID, p.Version, before, model.Edit{Kind: model.EditDiscard})
}

// remember keeps the draft that stood before a save, at most KeepUndo of them.
// Saves that came by themselves while somebody typed are one. What was taken back
// before can no longer be done again.
func (tx *UserTx) remember(ctx context.Context, id model.ProfileID, version int64, before *model.Draft, what model.Edit) error {
	if _, err := tx.ExecContext(ctx, `
		delete from draft_history
		where profile_id = $1
		  and undone`, id); err != nil {
		return err
	}
	if what.Typing {
		rows, err := tx.remembered(ctx, id, undoable)
		if err != nil {
			return err
		}
		if len(rows) == 1 && rows[0].Recent && rows[0].Typing && rows[0].Kind == what.Kind && rows[0].Subject == what.Subject {
			_, err := tx.ExecContext(ctx, `
				update draft_history
				set at = now()
				where profile_id = $1
				  and version = $2`, id, rows[0].Version)
			return err
		}
	}
	draft, name, err := storedDraft(before)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		insert into draft_history (profile_id, version, draft, draft_name, kind, subject, title, typing)
		values ($1, $2, $3, $4, $5, $6, $7, $8)`,
		id, version, draft, name, what.Kind, what.Subject, what.Title, what.Typing)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		delete from draft_history
		where profile_id = $1
		  and version <= (
		    select version
		    from draft_history
		    where profile_id = $1
		    order by version desc
		    offset $2
		    limit 1)`, id, KeepUndo)
	return err
}

func (tx *UserTx) forgetHistory(ctx context.Context, id model.ProfileID) error {
	_, err := tx.ExecContext(ctx, `
		delete from draft_history
		where profile_id = $1`, id)
	return err
}
