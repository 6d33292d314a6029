package store

import (
	"context"
	"database/sql"
	"errors"

	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/internal/plans"
)

// lockProfile locks a profile that the user may edit, and checks that it is at the
// version that the write was made from (0: whatever is there). It gives its owner's
// plan, which cannot change meanwhile. It is Forbidden for who may only look.
func (tx *UserTx) lockProfile(ctx context.Context, id model.ProfileID, version int64) (owner, model.Profile, error) {
	var row profileRow
	err := tx.GetContext(ctx, &row, `
		select `+profileColumns+`
		from profiles p
		where p.id = $1
		  and `+edits+`
		  and p.deleted_at is null
		for update of p`, id, tx.UserID)
	if err != nil {
		return owner{}, model.Profile{}, tx.tooSmall(ctx, id, model.RoleEditor, err)
	}
	o := owner{Entitlements: plans.Of(plans.Plan(row.Plan))}
	if version != 0 && version != row.Version {
		return o, model.Profile{}, model.Conflict(row.Version)
	}
	p, err := row.profile()
	return o, p, err
}

// writeProfile stores a profile that was read under lock, as its next version. A
// draft that changes is no longer the one that was to go public by itself.
func (tx *UserTx) writeProfile(ctx context.Context, p model.Profile, published bool) (model.Profile, error) {
	data, err := p.Document.Stored()
	if err != nil {
		return p, err
	}
	var draft, draftName any
	if p.Draft != nil {
		raw, err := p.Draft.Document.Stored()
		if err != nil {
			return p, err
		}
		draft, draftName = string(raw), p.Draft.Name
	}
	var row profileRow
	err = tx.GetContext(ctx, &row, `
		update profiles p
		set handle = $3, profile_name = $4, profile_data = $5, draft = $6, draft_name = $7, is_active = $8, time_zone = $9,
		    version = version + 1, updated_at = now(),
		    published_at = case when $10 then now() else published_at end,
		    publish_at = case when cast($6 as jsonb) is null then null else publish_at end,
		    publish_version = case
		      when draft is distinct from cast($6 as jsonb) or draft_name is distinct from $7 then null
		      else publish_version
		    end,
		    publish_refused = case when cast($6 as jsonb) is null then '' else publish_refused end
		where p.id = $1
		  and `+edits+`
		returning `+profileColumns,
		p.ID, tx.UserID, p.Handle.String(), p.Name, string(data), draft, draftName, p.IsActive, p.TimeZone, published)
	if constraint(err) == "profiles_handle_key" {
		return p, HandleTaken()
	}
	if err != nil {
		return p, err
	}
	return row.profile()
}

// SaveProfile saves what a change names, made from a version. Name and document
// are published, and a draft that stood there goes (Undo brings it back), unless
// the change is a draft. It is Conflict, Taken, PlanLimit or Invalid, or Forbidden
// where the user's role is too small, and then nothing is saved.
func (tx *UserTx) SaveProfile(ctx context.Context, id model.ProfileID, version int64, c model.ProfileChange, from Origin) (model.Profile, error) {
	o, p, err := tx.lockProfile(ctx, id, version)
	if err != nil {
		return p, err
	}
	was := p
	if c.AtOnce(p) {
		if err := p.Role.Enough(model.RoleOwner); err != nil {
			return p, err
		}
	}
	if err := tx.applyAtOnce(ctx, &p, c); err != nil {
		return p, err
	}
	switch {
	case c.Name == nil && c.Document == nil:
		p, err = tx.writeProfile(ctx, p, false)
	case c.AsDraft:
		next := p.Working()
		applyDocument(&next.Name, &next.Document, c)
		p, err = tx.saveDraft(ctx, o, p, next, model.Edit{Kind: model.EditAll})
	default:
		p, err = tx.saveAndPublish(ctx, o, p, c)
	}
	if err != nil {
		return p, err
	}
	return p, tx.told(ctx, was, p, from)
}

// applyAtOnce takes over what never waits for a publish.
func (tx *UserTx) applyAtOnce(ctx context.Context, p *model.Profile, c model.ProfileChange) error {
	if c.Handle != nil {
		p.Handle = *c.Handle
	}
	if c.IsActive != nil {
		p.IsActive = *c.IsActive
	}
	if c.TimeZone != nil && *c.TimeZone != p.TimeZone {
		p.TimeZone = *c.TimeZone
		return tx.knownZone(ctx, p.TimeZone)
	}
	return nil
}

func applyDocument(name *string, d *model.Document, c model.ProfileChange) {
	if c.Name != nil {
		*name = *c.Name
	}
	if c.Document != nil {
		*d = *c.Document
	}
}

func (tx *UserTx) saveAndPublish(ctx context.Context, o owner, p model.Profile, c model.ProfileChange) (model.Profile, error) {
	held, draft, before := p.Document, p.Draft, p.Working().Document
	applyDocument(&p.Name, &p.Document, c)
	p.Draft = nil
	if err := tx.fits(ctx, o, p.ID, p.Document, held.Links(), held); err != nil {
		return p, err
	}
	p, err := tx.publish(ctx, p, false)
	if err == nil {
		err = tx.keepDeleted(ctx, p.ID, before, p.Document)
	}
	if err != nil || draft == nil {
		return p, err
	}
	// The draft that was cleared is not lost.
	return p, tx.remember(ctx, p.ID, p.Version, draft, model.Edit{Kind: model.EditDiscard})
}

// told notes what changes for fans at once (the time zone decides which day their
// visits are of), and what the audit log keeps.
func (tx *UserTx) told(ctx context.Context, was, is model.Profile, from Origin) error {
	if was.Handle == is.Handle && was.IsActive == is.IsActive && was.TimeZone == is.TimeZone {
		return nil
	}
	if err := tx.NoteChange(ctx, is.ID, was.Handle, is.Handle); err != nil {
		return err
	}
	if was.Handle != is.Handle {
		if err := tx.takeHandle(ctx, is.Handle); err != nil {
			return err
		}
		if err := tx.leaveHandle(ctx, is.ID, was.Handle); err != nil {
			return err
		}
		err := tx.auditProfile(ctx, from, "profile.handle_changed", is.ID, map[string]any{"handle": was.Handle}, map[string]any{"handle": is.Handle})
		if err != nil {
			return err
		}
	}
	if was.IsActive != is.IsActive {
		return tx.auditProfile(ctx, from, "profile.switched", is.ID, map[string]any{"is_active": was.IsActive}, map[string]any{"is_active": is.IsActive})
	}
	return nil
}

// DeleteProfile takes a profile down; it can be restored for model.RestorableFor,
// and its handle is held meanwhile. version as in PublishProfile.
func (tx *UserTx) DeleteProfile(ctx context.Context, id model.ProfileID, version int64, from Origin) error {
	if err := tx.OwnProfile(ctx, id); err != nil {
		return err
	}
	_, p, err := tx.lockProfile(ctx, id, version)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		update profiles p
		set deleted_at = now(), version = version + 1, updated_at = now()
		where p.id = $1
		  and `+owns, id, tx.UserID)
	if err != nil {
		return err
	}
	if err := tx.NoteChange(ctx, id, p.Handle); err != nil {
		return err
	}
	return tx.auditProfile(ctx, from, "profile.deleted", id, map[string]any{"handle": p.Handle, "profile_name": p.Name}, nil)
}

// RestoreProfile brings a deleted profile back as it was. One that is not deleted
// is given as it is. It is NotFound when it was deleted too long ago, PlanLimit
// when the plan holds no further profile. version as in PublishProfile.
func (tx *UserTx) RestoreProfile(ctx context.Context, id model.ProfileID, version int64, from Origin) (model.Profile, error) {
	o, err := tx.lockOwner(ctx)
	if err != nil {
		return model.Profile{}, err
	}
	if err := tx.OwnProfile(ctx, id); err != nil {
		return model.Profile{}, err
	}
	p, err := tx.Profile(ctx, id)
	if !errors.Is(err, sql.ErrNoRows) {
		return p, err
	}
	var row profileRow
	err = tx.GetContext(ctx, &row, `
		update profiles p
		set deleted_at = null, version = version + 1, updated_at = now()
		where p.id = $1
		  and `+owns+`
		  and deleted_at > now() - make_interval(secs => $3)
		returning `+profileColumns, id, tx.UserID, model.RestorableFor.Seconds())
	if err != nil {
		return p, err
	}
	if was := row.Version - 1; version != 0 && version != was {
		return p, model.Conflict(was)
	}
	if p, err = row.profile(); err != nil {
		return p, err
	}
	// It is counted already, and undone with the transaction when it is one too many.
	if err := tx.roomForProfiles(ctx, o, 0); err != nil {
		return p, err
	}
	if err := tx.NoteChange(ctx, id, p.Handle); err != nil {
		return p, err
	}
	return p, tx.auditProfile(ctx, from, "profile.restored", id, nil, map[string]any{"handle": p.Handle})
}

// PurgeDeletedOfAnyUser deletes for ever what can no longer be restored, with all
// that belongs to it, and sets its handles free. It gives how many there were.
func (tx *SystemTx) PurgeDeletedOfAnyUser(ctx context.Context) (int64, error) {
	done, err := tx.ExecContext(ctx, `
		delete from profiles
		where deleted_at < now() - make_interval(secs => $1)`, model.RestorableFor.Seconds())
	if err != nil {
		return 0, err
	}
	return done.RowsAffected()
}
