package store

import (
	"context"

	"github.com/hlpfl/platform/internal/model"
)

// remembered is a line of draft_history.
type remembered struct {
	Version int64          `db:"version"`
	Draft   []byte         `db:"draft"`
	Name    *string        `db:"draft_name"`
	Kind    model.EditKind `db:"kind"`
	Subject model.BlockID  `db:"subject"`
	Title   string         `db:"title"`
	Typing  bool           `db:"typing"`
	Recent  bool           `db:"recent"` // not older than a pause in typing
}

func (r remembered) edit() model.Edit {
	return model.Edit{Kind: r.Kind, Subject: r.Subject, Title: r.Title, Typing: r.Typing}
}

// Which end of the history: saves that stand are taken back from the newest on,
// those that were taken back are done again from the oldest on.
const (
	undoable = false
	redoable = true
)

// Edits are what Undo would take back and what Redo would do again; nil for nothing.
type Edits struct{ Undo, Redo *model.Edit }

// Edits reads both.
func (tx *UserTx) Edits(ctx context.Context, id model.ProfileID) (e Edits, err error) {
	for _, end := range []struct {
		undone bool
		into   **model.Edit
	}{{undoable, &e.Undo}, {redoable, &e.Redo}} {
		rows, err := tx.remembered(ctx, id, end.undone)
		if err != nil {
			return e, err
		}
		if len(rows) == 1 {
			last := rows[0].edit()
			*end.into = &last
		}
	}
	return e, nil
}

// remembered gives the next line of one end of the history, none when there is none.
func (tx *UserTx) remembered(ctx context.Context, id model.ProfileID, undone bool) (rows []remembered, err error) {
	err = tx.SelectContext(ctx, &rows, `
		select h.version, h.draft, h.draft_name, h.kind, h.subject, h.title, h.typing, h.at > now() - interval '2 minutes' as recent
		from draft_history h
		join profiles p on p.id = h.profile_id
		where h.profile_id = $1
		  and `+sees+`
		  and h.undone = $3
		order by case when h.undone then h.version else -h.version end
		limit 1`, id, tx.UserID, undone)
	return rows, err
}

// Undo takes the last save of the draft back. It gives the profile and what was
// taken back, and is Invalid when there is nothing to take back.
func (tx *UserTx) Undo(ctx context.Context, id model.ProfileID, version int64) (model.Profile, model.Edit, error) {
	return tx.turn(ctx, id, version, undoable, "There is nothing to take back.")
}

// Redo does again what Undo took back last, as Undo; any other edit in between ends
// what can be done again.
func (tx *UserTx) Redo(ctx context.Context, id model.ProfileID, version int64) (model.Profile, model.Edit, error) {
	return tx.turn(ctx, id, version, redoable, "There is nothing to do again.")
}

// turn exchanges the draft for the one that a line of the history holds.
func (tx *UserTx) turn(ctx context.Context, id model.ProfileID, version int64, undone bool, nothing string) (model.Profile, model.Edit, error) {
	_, p, err := tx.lockProfile(ctx, id, version)
	if err != nil {
		return p, model.Edit{}, err
	}
	rows, err := tx.remembered(ctx, id, undone)
	if err != nil {
		return p, model.Edit{}, err
	}
	if len(rows) == 0 {
		return p, model.Edit{}, model.Invalid("version", nothing)
	}
	last, before, working := rows[0], p.Draft, p.Working()
	p.Draft = nil
	if last.Draft != nil {
		d, err := readDocument(id, last.Draft)
		if err != nil {
			return p, model.Edit{}, err
		}
		p.Draft = &model.Draft{Name: p.Name, Document: d}
		if last.Name != nil {
			p.Draft.Name = *last.Name
		}
	}
	// No limit is checked: a draft that is over the plan's can be edited down, and
	// cannot be published.
	if p, err = tx.writeProfile(ctx, p, false); err != nil {
		return p, model.Edit{}, err
	}
	keep := tx.keepDeleted
	if !undone && (last.Kind == model.EditAdd || last.Kind == model.EditPaste) {
		keep = tx.forgetDeleted // what was added by mistake need not be kept: Redo has it
	}
	if err := keep(ctx, p.ID, working.Document, p.Working().Document); err != nil {
		return p, model.Edit{}, err
	}
	draft, name, err := storedDraft(before)
	if err != nil {
		return p, model.Edit{}, err
	}
	_, err = tx.ExecContext(ctx, `
		update draft_history
		set draft = $3, draft_name = $4, undone = not undone
		where profile_id = $1
		  and version = $2`, id, last.Version, draft, name)
	return p, last.edit(), err
}

// storedDraft is a draft as its columns hold it; nil for none.
func storedDraft(d *model.Draft) (draft, name any, err error) {
	if d == nil {
		return nil, nil, nil
	}
	raw, err := d.Document.Stored()
	return string(raw), d.Name, err
}
