package store

import (
	"context"
	"time"

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
	return tx.publishDraft(ctx, o, p, false)
}

func (tx *UserTx) publishDraft(ctx context.Context, o owner, p model.Profile, scheduled bool) (model.Profile, error) {
	if err := tx.fits(ctx, o, p.ID, p.Draft.Document, p.Document.Links(), p.Document); err != nil {
		return p, err
	}
	p.Name, p.Document, p.Draft = p.Draft.Name, p.Draft.Document, nil
	return tx.publish(ctx, p, scheduled)
}

// publish writes a profile whose published side is new, and keeps that version.
func (tx *UserTx) publish(ctx context.Context, p model.Profile, scheduled bool) (model.Profile, error) {
	p, err := tx.writeProfile(ctx, p, true)
	if err != nil {
		return p, err
	}
	if err := tx.keepVersion(ctx, p, scheduled); err != nil {
		return p, err
	}
	if err := tx.forgetHistory(ctx, p.ID); err != nil {
		return p, err
	}
	return p, tx.NoteChange(ctx, p.ID, p.Handle)
}

// keepVersion keeps what is published now, so that one can go back to it.
func (tx *UserTx) keepVersion(ctx context.Context, p model.Profile, scheduled bool) error {
	data, err := p.Document.Stored()
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		insert into profile_versions (profile_id, version, profile_name, profile_data, published_by, scheduled)
		values ($1, $2, $3, $4, $5, $6)`, p.ID, p.Version, p.Name, string(data), tx.UserID, scheduled)
	return err
}

// Version is one publish.
type Version struct {
	Number    int64 // of the save that made it; they rise, and not by one
	Name      string
	Document  model.Document
	At        time.Time
	By        model.UserID // zero for somebody whose account is gone
	ByName    string       // or the address of somebody without a name; "" with By
	Scheduled bool         // it went public by itself, as By had set
	Present   bool         // it is what is public now: the newest
}

type versionRow struct {
	Number    int64        `db:"version"`
	Name      string       `db:"profile_name"`
	Data      []byte       `db:"profile_data"`
	At        time.Time    `db:"published_at"`
	By        model.UserID `db:"published_by"`
	ByName    string       `db:"by_name"`
	Scheduled bool         `db:"scheduled"`
	Present   bool         `db:"present"`
}

const selectVersions = `
	select v.version, v.profile_name, v.profile_data, v.published_at, v.scheduled,
	       coalesce(v.published_by, '00000000-0000-0000-0000-000000000000') as published_by,
	       coalesce(person_on(v.profile_id, v.published_by), '') as by_name,
	       v.version = (select max(version) from profile_versions where profile_id = $1) as present
	from profile_versions v
	join profiles p on p.id = v.profile_id
	where v.profile_id = $1
	  and ` + sees + `
	  and p.deleted_at is null`

// Versions lists what was published, the newest first, those before a number (0:
// from the newest), at most limit. A profile that the user does not work on has none.
func (tx *UserTx) Versions(ctx context.Context, id model.ProfileID, before int64, limit int) ([]Version, error) {
	var rows []versionRow
	err := tx.SelectContext(ctx, &rows, selectVersions+`
		  and ($3 = 0 or v.version < $3)
		order by v.version desc
		limit $4`, id, tx.UserID, before, limit)
	if err != nil {
		return nil, err
	}
	list := make([]Version, len(rows))
	for i, row := range rows {
		if list[i], err = row.version(id); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// Version reads one publish; NotFound when there is no such one.
func (tx *UserTx) Version(ctx context.Context, id model.ProfileID, number int64) (Version, error) {
	var row versionRow
	if err := tx.GetContext(ctx, &row, selectVersions+` and v.version = $3`, id, tx.UserID, number); err != nil {
		return Version{}, err
	}
	return row.version(id)
}

func (row versionRow) version(id model.ProfileID) (Version, error) {
	d, err := readDocument(id, row.Data)
	return Version{row.Number, row.Name, d, row.At.UTC(), row.By, row.ByName, row.Scheduled, row.Present}, err
}

// RestoreVersion makes a publish the draft, name and all: nothing goes public, and
// Undo takes it back. It is NotFound when there is no such publish, else as
// EditDraft.
func (tx *UserTx) RestoreVersion(ctx context.Context, id model.ProfileID, number, version int64) (model.Profile, error) {
	was, err := tx.Version(ctx, id, number)
	if err != nil {
		return model.Profile{}, err
	}
	return tx.EditDraft(ctx, id, version, func(model.Profile) (model.Draft, model.Edit, error) {
		return model.Draft{Name: was.Name, Document: was.Document}, model.Edit{Kind: model.EditBack}, nil
	})
}
