package media

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"time"

	"gocloud.dev/blob"
	"gocloud.dev/gcerrors"

	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/store"
)

// Keep stores a picture and gives it to a profile, so that its document may name
// it. When it returns nil, row and files last. Killed at any moment it leaves at
// most files that nobody has, which are swept: the row that names them comes last.
func (s *Store) Keep(ctx context.Context, db *store.Store, user model.UserID, profile model.ProfileID, p Picture) error {
	return s.keep(ctx, db, user, profile, p, func(*store.UserTx) error { return nil })
}

// KeepCrop is Keep for a picture that was cut out of another one of the profile,
// which stays beside it. It is NotFound when that one is gone meanwhile.
func (s *Store) KeepCrop(ctx context.Context, db *store.Store, user model.UserID, profile model.ProfileID, p Picture, c model.Crop) error {
	return s.keep(ctx, db, user, profile, p, func(tx *store.UserTx) error { return tx.NoteCrop(ctx, profile, p.Name, c) })
}

func (s *Store) keep(ctx context.Context, db *store.Store, user model.UserID, profile model.ProfileID, p Picture, note func(*store.UserTx) error) error {
	err := db.AsUser(ctx, user, func(tx *store.UserTx) error { return tx.TouchMedia(ctx, p.Name, p.Bytes()) })
	if err != nil {
		return err
	}
	if err := s.Put(ctx, p); err != nil {
		return err
	}
	return db.AsUser(ctx, user, func(tx *store.UserTx) error {
		if err := tx.AddMedia(ctx, profile, p.Name); err != nil {
			return err
		}
		return note(tx)
	})
}

// SweepFiles deletes the files of pictures that no profile has any more, and gives
// how many pictures they were.
func (s *Store) SweepFiles(ctx context.Context, db *store.Store) (gone int64, err error) {
	for {
		var names []string
		err := db.System(ctx, func(tx *store.SystemTx) (err error) {
			if names, err = tx.LockIdleMedia(ctx); err != nil {
				return err
			}
			for _, name := range names {
				if err := s.remove(ctx, name); err != nil {
					return err
				}
			}
			return tx.ForgetMedia(ctx, names)
		})
		if err != nil || len(names) == 0 {
			return gone, err
		}
		gone += int64(len(names))
	}
}

// remove deletes all files of a picture; those that are gone already are no error.
func (s *Store) remove(ctx context.Context, name string) error {
	for _, file := range filesOf(name) {
		if err := s.bucket.Delete(ctx, keyOf(file)); err != nil && gcerrors.Code(err) != gcerrors.NotFound {
			return model.Unavailable(fmt.Errorf("delete picture %s: %w", file, err))
		}
	}
	return nil
}

// AdoptFiles makes rows for files that have none and rested for a while, as a
// restored database may leave them, so that they are swept like all others. It
// gives how many pictures they were.
func (s *Store) AdoptFiles(ctx context.Context, db *store.Store) (adopted int64, err error) {
	err = s.each(ctx, time.Now().Add(-store.MediaRests), func(names []string) error {
		return db.System(ctx, func(tx *store.SystemTx) error {
			n, err := tx.AdoptMedia(ctx, names)
			adopted += n
			return err
		})
	})
	return adopted, err
}

// each calls f with the names of pictures that have files older than a time, some
// at once. A picture may come twice.
func (s *Store) each(ctx context.Context, before time.Time, f func(names []string) error) error {
	const some = 500
	var names []string
	files := s.bucket.List(&blob.ListOptions{Prefix: "m/"})
	for {
		o, err := files.Next(ctx)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return model.Unavailable(fmt.Errorf("list pictures: %w", err))
		}
		name, ok := pictureOf(path.Base(o.Key))
		if !ok || o.ModTime.After(before) || (len(names) > 0 && names[len(names)-1] == name) {
			continue
		}
		if names = append(names, name); len(names) == some {
			if err := f(names); err != nil {
				return err
			}
			names = nil
		}
	}
	if len(names) == 0 {
		return nil
	}
	return f(names)
}

// Faults is what Check found.
type Faults struct {
	Pictures int      // that profiles have
	Missing  []string // files of those that are not there
	Orphans  []string // pictures that no profile has, with files older than a day
}

// Check compares rows and files.
func (s *Store) Check(ctx context.Context, db *store.Store) (f Faults, err error) {
	const some = 500
	for after := ""; ; {
		var names []string
		err := db.System(ctx, func(tx *store.SystemTx) (err error) {
			names, err = tx.MediaInUse(ctx, after, some)
			return err
		})
		if err != nil {
			return f, err
		}
		for _, name := range names {
			f.Pictures++
			for _, file := range filesOf(name) {
				there, err := s.bucket.Exists(ctx, keyOf(file))
				if err != nil {
					return f, model.Unavailable(fmt.Errorf("look for picture %s: %w", file, err))
				}
				if !there {
					f.Missing = append(f.Missing, file)
				}
			}
		}
		if len(names) < some {
			break
		}
		after = names[len(names)-1]
	}
	return f, s.each(ctx, time.Now().Add(-24*time.Hour), func(names []string) error {
		return db.System(ctx, func(tx *store.SystemTx) error {
			idle, err := tx.MediaWithoutUse(ctx, names)
			f.Orphans = append(f.Orphans, idle...)
			return err
		})
	})
}
