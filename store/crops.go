package store

import (
	"context"
	"database/sql"
	"errors"

	"github.com/lib/pq"

	"github.com/hlpfl/platform/internal/model"
)

// cropRow is a picture that was cut out of another one, as the table has it.
type cropRow struct {
	Name string         `db:"name"`
	From sql.NullString `db:"cropped_from"`
	Rect pq.Int64Array  `db:"crop"`
}

func (r cropRow) crop() (c model.Crop, ok bool) {
	if !r.From.Valid || len(r.Rect) != 4 {
		return c, false
	}
	at := func(i int) int { return int(r.Rect[i]) }
	return model.Crop{From: r.From.String, Rect: model.Rect{Left: at(0), Top: at(1), Width: at(2), Height: at(3)}}, true
}

// Crops are the pictures of a profile that were cut out of another one, by their
// names. A profile that the user does not work on has none.
func (tx *UserTx) Crops(ctx context.Context, id model.ProfileID) (map[string]model.Crop, error) {
	var rows []cropRow
	err := tx.SelectContext(ctx, &rows, `
		select m.name, m.cropped_from, m.crop
		from media m
		join profiles p on p.id = m.profile_id
		where m.profile_id = $1
		  and `+sees+`
		  and m.cropped_from is not null`, id, tx.UserID)
	crops := map[string]model.Crop{}
	for _, r := range rows {
		if c, ok := r.crop(); ok {
			crops[r.Name] = c
		}
	}
	return crops, err
}

// CropOf tells where a picture of a profile was cut out; cut is false for a whole
// one. It is NotFound when the picture is no picture of the profile, or the profile
// somebody else's.
func (tx *UserTx) CropOf(ctx context.Context, id model.ProfileID, name string) (c model.Crop, cut bool, err error) {
	var r cropRow
	err = tx.GetContext(ctx, &r, `
		select m.name, m.cropped_from, m.crop
		from media m
		join profiles p on p.id = m.profile_id
		where m.profile_id = $1
		  and `+sees+`
		  and p.deleted_at is null
		  and m.name = $3`, id, tx.UserID, name)
	if errors.Is(err, sql.ErrNoRows) {
		return c, false, model.NotFound()
	}
	c, cut = r.crop()
	return c, cut, err
}

// NoteCrop says of a picture that AddMedia added in this transaction where it was
// cut out. The whole picture stays as long as the cut one does; it is NotFound when
// it is gone already.
func (tx *UserTx) NoteCrop(ctx context.Context, id model.ProfileID, name string, c model.Crop) error {
	// The whole one rests anew, before it is named here: a sweep that waits for this row then leaves it alone.
	done, err := tx.ExecContext(ctx, `
		update media m
		set wanted_at = now()
		from profiles p
		where p.id = m.profile_id
		  and m.profile_id = $1
		  and `+edits+`
		  and m.name = $3`, id, tx.UserID, c.From)
	if err != nil {
		return err
	}
	if n, err := done.RowsAffected(); err != nil || n == 0 {
		if err == nil {
			err = model.NotFound()
		}
		return err
	}
	_, err = tx.ExecContext(ctx, `
		update media
		set cropped_from = $3, crop = $4
		where profile_id = $1
		  and name = $2`, id, name, c.From, pq.Int64Array{int64(c.Left), int64(c.Top), int64(c.Width), int64(c.Height)})
	return err
}
