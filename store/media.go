package store

import (
	"context"
	"time"

	"github.com/lib/pq"

	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/internal/plans"
)

// TouchMedia says that a picture is about to be stored under a name. It has to be
// committed before the first file is written: for as long as MediaRests from then
// nobody deletes files of that name. It waits while somebody does.
func (tx *UserTx) TouchMedia(ctx context.Context, name string, bytes int64) error {
	_, err := tx.ExecContext(ctx, `
		insert into media_files (name, bytes)
		values ($1, $2)
		on conflict (name) do update set bytes = excluded.bytes, touched_at = now()`, name, bytes)
	return err
}

// RoomForMedia is PlanLimit when the plan holds no further picture on the profile,
// NotFound when the user does not work on the profile, Forbidden when the user may
// only look. It is asked before the work; AddMedia decides.
func (tx *UserTx) RoomForMedia(ctx context.Context, profile model.ProfileID) error {
	o, err := tx.lockMedia(ctx, profile)
	if err != nil {
		return err
	}
	used, err := tx.MediaCount(ctx, profile)
	if err != nil {
		return err
	}
	return roomForMedia(o, used, 1)
}

// MediaCount is how many pictures a profile has, those included that no document
// names any more and that are not yet swept.
func (tx *UserTx) MediaCount(ctx context.Context, profile model.ProfileID) (n int, err error) {
	err = tx.GetContext(ctx, &n, `
		select count(*)
		from media m
		join profiles p on p.id = m.profile_id
		where m.profile_id = $1
		  and `+sees, profile, tx.UserID)
	return n, err
}

// lockMedia locks a profile that the user may edit, so that nobody else adds pictures
// to it, and gives its owner's plan.
func (tx *UserTx) lockMedia(ctx context.Context, profile model.ProfileID) (owner, error) {
	var plan plans.Plan
	err := tx.GetContext(ctx, &plan, `
		select p.plan
		from profiles p
		where p.id = $1
		  and `+edits+`
		  and p.deleted_at is null
		for no key update of p`, profile, tx.UserID)
	if err != nil {
		return owner{}, tx.tooSmall(ctx, profile, model.RoleEditor, err)
	}
	return owner{Entitlements: plans.Of(plan)}, nil
}

func roomForMedia(o owner, used, more int) error {
	if plans.Within(used+more, o.Pictures) {
		return nil
	}
	return planLimit(o, "pictures", "picture", used, func(e plans.Entitlements) int { return e.Pictures })
}

// AddMedia notes that a stored picture belongs to a profile that the user edits, so
// that its document may name it. All its files are stored by then, after
// TouchMedia. Noting it again makes it last as if it were new. Its errors are those of
// RoomForMedia.
func (tx *UserTx) AddMedia(ctx context.Context, profile model.ProfileID, name string) error {
	o, err := tx.lockMedia(ctx, profile)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		insert into media (profile_id, name)
		values ($1, $2)
		on conflict (profile_id, name) do update set wanted_at = now()`, profile, name)
	if err != nil {
		return err
	}
	used, err := tx.MediaCount(ctx, profile)
	if err != nil {
		return err
	}
	// It is counted already, and undone with the transaction when it is one too many.
	if plans.Within(used, o.Pictures) {
		return nil
	}
	return roomForMedia(o, used-1, 1)
}

// MediaRests is how long a picture that nothing names is left alone: somebody may
// be about to name it. It is a little less than the day after which it counts as an
// orphan.
const MediaRests = 22 * time.Hour

// sweepAtOnce is how many pictures one sweep looks at.
const sweepAtOnce = 500

// SweepMedia lets go of pictures that nothing of their profile has named for
// MediaRests: neither what is published, nor the draft, nor what one can go back
// to, nor a picture that was cut out of it. It gives how many there were. What is named rests for as long again.
func (tx *SystemTx) SweepMedia(ctx context.Context) (int64, error) {
	var due []struct {
		Profile model.ProfileID `db:"profile_id"`
		Name    string          `db:"name"`
	}
	// The profile's row is the lock under which documents are saved: none begins to
	// name a picture that is being let go. Profiles somebody is at work on come later.
	err := tx.SelectContext(ctx, &due, `
		select m.profile_id, m.name
		from media m
		join profiles p on p.id = m.profile_id
		where m.wanted_at < now() - make_interval(secs => $1)
		order by m.wanted_at
		limit $2
		for update of p skip locked`, MediaRests.Seconds(), sweepAtOnce)
	if err != nil {
		return 0, err
	}
	var gone int64
	for _, m := range due {
		// A name holds a hash: wherever it stands in a document, that is what names it.
		done, err := tx.ExecContext(ctx, `
			delete from media
			where profile_id = $1
			  and name = $2
			  and wanted_at < now() - make_interval(secs => $3)
			  and not exists (select from profiles where id = $1 and (strpos(profile_data::text, $2) > 0 or strpos(draft::text, $2) > 0))
			  and not exists (select from profile_versions where profile_id = $1 and strpos(profile_data::text, $2) > 0)
			  and not exists (select from draft_history where profile_id = $1 and strpos(draft::text, $2) > 0)
			  and not exists (select from deleted_blocks where profile_id = $1 and strpos(data::text, $2) > 0)
			  and not exists (select from media cut where cut.profile_id = $1 and cut.cropped_from = $2)`,
			m.Profile, m.Name, MediaRests.Seconds())
		if err != nil {
			return gone, err
		}
		n, err := done.RowsAffected()
		if err != nil {
			return gone, err
		}
		gone += n
		if n == 1 {
			continue
		}
		_, err = tx.ExecContext(ctx, `
			update media
			set wanted_at = now()
			where profile_id = $1
			  and name = $2`, m.Profile, m.Name)
		if err != nil {
			return gone, err
		}
	}
	return gone, nil
}

// LockIdleMedia names some pictures that no profile has and nobody touched for
// MediaRests, and keeps everybody from storing them anew until the transaction
// ends: their files may be deleted within it.
func (tx *SystemTx) LockIdleMedia(ctx context.Context) (names []string, err error) {
	err = tx.SelectContext(ctx, &names, `
		select name
		from media_files f
		where touched_at < now() - make_interval(secs => $1)
		  and not exists (select from media m where m.name = f.name)
		order by touched_at
		limit $2
		for update skip locked`, MediaRests.Seconds(), sweepAtOnce/10)
	return names, err
}

// ForgetMedia deletes the rows of pictures whose files are gone, in the transaction
// of LockIdleMedia.
func (tx *SystemTx) ForgetMedia(ctx context.Context, names []string) error {
	_, err := tx.ExecContext(ctx, `
		delete from media_files
		where name = any($1)`, pq.Array(names))
	return err
}

// AdoptMedia makes rows for files that were found without one, as of old, so that
// they are swept like all others. It gives how many had none.
func (tx *SystemTx) AdoptMedia(ctx context.Context, names []string) (int64, error) {
	done, err := tx.ExecContext(ctx, `
		insert into media_files (name, touched_at)
		select name, '-infinity'
		from unnest(cast($1 as text[])) as found (name)
		on conflict do nothing`, pq.Array(names))
	if err != nil {
		return 0, err
	}
	return done.RowsAffected()
}

// MediaInUse lists pictures that a profile has, by name, those after a name, at
// most limit.
func (tx *SystemTx) MediaInUse(ctx context.Context, after string, limit int) (names []string, err error) {
	err = tx.SelectContext(ctx, &names, `
		select distinct name
		from media
		where name > $1
		order by name
		limit $2`, after, limit)
	return names, err
}

// MediaWithoutUse gives those of some names that no profile has, and that nobody
// set out to store within the last day.
func (tx *SystemTx) MediaWithoutUse(ctx context.Context, names []string) (idle []string, err error) {
	err = tx.SelectContext(ctx, &idle, `
		select found.name
		from unnest(cast($1 as text[])) as found (name)
		where not exists (select from media m where m.name = found.name)
		  and not exists (select from media_files f where f.name = found.name and f.touched_at > now() - interval '1 day')`, pq.Array(names))
	return idle, err
}
