package store

import (
	"context"
	"slices"

	"github.com/lib/pq"

	"github.com/hlpfl/platform/internal/model"
)

// Pictures lists the names of a profile's stored pictures, the newest first, at most
// limit. A profile that the user does not work on has none.
func (tx *UserTx) Pictures(ctx context.Context, id model.ProfileID, limit int) (names []string, err error) {
	err = tx.SelectContext(ctx, &names, `
		select m.name
		from media m
		join profiles p on p.id = m.profile_id
		where m.profile_id = $1
		  and `+sees+`
		order by m.created_at desc, m.name
		limit $3`, id, tx.UserID, limit)
	return names, err
}

// ownPictures refuses pictures that do not belong to the profile. What was held
// before was checked then.
func (tx *UserTx) ownPictures(ctx context.Context, id model.ProfileID, d model.Document, held []model.Document) error {
	known := map[string]bool{}
	for _, h := range held {
		for _, n := range h.Pictures() {
			known[n.Picture.Media] = true
		}
	}
	asked := slices.DeleteFunc(d.Pictures(), func(n model.Named) bool { return known[n.Picture.Media] })
	absent, err := tx.AbsentPictures(ctx, id, asked)
	if err != nil {
		return err
	}
	problems := model.Problems{}
	for _, n := range absent {
		problems.Add("profile_data."+n.Field+".media", model.Reason("There is no such picture on this profile. Leave the picture out."))
	}
	return problems.Err()
}

// AbsentPictures are those among the named pictures that do not belong to a profile.
func (tx *UserTx) AbsentPictures(ctx context.Context, id model.ProfileID, named []model.Named) ([]model.Named, error) {
	if len(named) == 0 {
		return nil, nil
	}
	names := make([]string, len(named))
	for i, n := range named {
		names[i] = n.Picture.Media
	}
	var there []string
	err := tx.SelectContext(ctx, &there, `
		select name
		from media
		where profile_id = $1
		  and name = any($2)`, id, pq.Array(names))
	return slices.DeleteFunc(slices.Clone(named), func(n model.Named) bool { return slices.Contains(there, n.Picture.Media) }), err
}
