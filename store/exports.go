package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/lib/pq"

	"github.com/hlpfl/platform/internal/model"
)

// JobExport is the kind of job that makes one archive of what is a user's.
const JobExport = "account.export"

// ExportJob is its payload.
type ExportJob struct {
	Export model.ExportID `json:"export"`
}

const (
	// KeepExports is how long an archive can be fetched.
	KeepExports = 7 * 24 * time.Hour
	// ExportsADay is how many archives a user may ask for within 24 hours.
	ExportsADay = 3
)

// ExportState is how far an archive is.
type ExportState string

// What an archive can be.
const (
	ExportWaiting ExportState = "waiting"
	ExportRunning ExportState = "running"
	ExportReady   ExportState = "ready"
	ExportFailed  ExportState = "failed"
)

// Export is an archive of everything that is a user's, asked for or ready.
type Export struct {
	ID        model.ExportID `db:"id"`
	User      model.UserID   `db:"user_id"`
	State     ExportState    `db:"state"`
	File      string         `db:"file"` // its name in the blob store, for nobody's eyes
	Done      int            `db:"done"` // of Total parts
	Total     int            `db:"total"`
	Bytes     int64          `db:"bytes"`
	CreatedAt time.Time      `db:"created_at"`
	ExpiresAt *time.Time     `db:"expires_at"` // nil unless it is ready
}

// UnderWay reports whether it is still being made.
func (e Export) UnderWay() bool { return e.State == ExportWaiting || e.State == ExportRunning }

const exportColumns = `id, user_id, state, file, done, total, bytes, created_at, expires_at`

// AskForExport asks for an archive, to be stored under a name that nobody can guess.
// While one is under way that one is given, and asked is false. It is TooMany when
// there were enough within a day.
func (tx *UserTx) AskForExport(ctx context.Context, file string) (e Export, asked bool, err error) {
	// The lock makes what is counted true until the commit.
	if _, err := tx.lockOwner(ctx); err != nil {
		return e, false, err
	}
	var lately []Export
	err = tx.SelectContext(ctx, &lately, `
		select `+exportColumns+`
		from exports
		where user_id = $1
		  and (created_at > now() - interval '1 day' or state in ('waiting', 'running'))
		order by created_at desc`, tx.UserID)
	if err != nil {
		return e, false, err
	}
	if len(lately) > 0 && lately[0].UnderWay() {
		return lately[0], false, nil
	}
	if len(lately) >= ExportsADay {
		return e, false, &model.Error{Kind: model.KindTooMany, RetryAfter: time.Until(lately[ExportsADay-1].CreatedAt.Add(24 * time.Hour)),
			Message: "There were three archives within a day. Fetch one of those, or ask again tomorrow."}
	}
	id := model.NewExportID()
	err = tx.GetContext(ctx, &e, `
		insert into exports (id, user_id, file)
		values ($1, $2, $3)
		returning `+exportColumns, id, tx.UserID, file)
	if err != nil {
		return e, false, err
	}
	return e, true, tx.Enqueue(ctx, NewJob{Kind: JobExport, Payload: ExportJob{id}, Once: exportOnce(id)})
}

func exportOnce(id model.ExportID) string { return JobExport + " " + id.String() }

// Exports lists the user's archives that are kept, the newest first.
func (tx *UserTx) Exports(ctx context.Context) ([]Export, error) {
	var list []Export
	err := tx.SelectContext(ctx, &list, `
		select `+exportColumns+`
		from exports
		where user_id = $1
		  and coalesce(expires_at > now(), true)
		order by created_at desc`, tx.UserID)
	return list, err
}

// ReadyExport finds an archive of the user's that can be fetched; NotFound when it is
// not ready, has gone, or is somebody else's.
func (tx *UserTx) ReadyExport(ctx context.Context, id model.ExportID) (Export, error) {
	var e Export
	err := tx.GetContext(ctx, &e, `
		select `+exportColumns+`
		from exports
		where id = $1
		  and user_id = $2
		  and state = 'ready'
		  and expires_at > now()`, id, tx.UserID)
	return e, Translate(err)
}

// BeginExport says that an archive is being made from now on, from its beginning. ok
// is false when there is nothing to make: it is ready, was given up, or is gone.
func (tx *SystemTx) BeginExport(ctx context.Context, id model.ExportID) (e Export, ok bool, err error) {
	err = tx.GetContext(ctx, &e, `
		update exports
		set state = 'running', done = 0, total = 0
		where id = $1
		  and state in ('waiting', 'running')
		returning `+exportColumns, id)
	if errors.Is(err, sql.ErrNoRows) {
		return Export{}, false, nil
	}
	return e, err == nil, err
}

// ExportProgress says how far an archive is.
func (tx *SystemTx) ExportProgress(ctx context.Context, id model.ExportID, done, total int) error {
	_, err := tx.ExecContext(ctx, `
		update exports
		set done = $2, total = $3
		where id = $1
		  and state = 'running'`, id, done, total)
	return err
}

// ExportReady says that an archive can be fetched, for KeepExports. ok is false when
// nobody waits for it any more.
func (tx *SystemTx) ExportReady(ctx context.Context, id model.ExportID, bytes int64) (ok bool, err error) {
	done, err := tx.ExecContext(ctx, `
		update exports
		set state = 'ready', done = total, bytes = $2, finished_at = now(), expires_at = now() + make_interval(secs => $3)
		where id = $1
		  and state = 'running'`, id, bytes, KeepExports.Seconds())
	if err != nil {
		return false, err
	}
	n, err := done.RowsAffected()
	return n == 1, err
}

// ExportFailed gives an archive up that was not ready.
func (tx *SystemTx) ExportFailed(ctx context.Context, id model.ExportID) error {
	_, err := tx.ExecContext(ctx, `
		update exports
		set state = 'failed', finished_at = now()
		where id = $1
		  and state in ('waiting', 'running')`, id)
	return err
}

// FailLostExports gives up archives whose job ended without a word, as after a worker
// that was killed too often, and says how many.
func (tx *SystemTx) FailLostExports(ctx context.Context) (int64, error) {
	done, err := tx.ExecContext(ctx, `
		update exports e
		set state = 'failed', finished_at = now()
		where e.state in ('waiting', 'running')
		  and not exists (
		    select from jobs j
		    where j.once = $1 || ' ' || cast(e.id as text)
		      and j.state in ('waiting', 'running'))`, JobExport)
	if err != nil {
		return 0, err
	}
	return done.RowsAffected()
}

// LockOldExports gives some archives whose time is over, and failed ones as old, and
// locks their rows until the end of the transaction, in which their files go.
func (tx *SystemTx) LockOldExports(ctx context.Context, some int) ([]Export, error) {
	var list []Export
	err := tx.SelectContext(ctx, &list, `
		select `+exportColumns+`
		from exports
		where coalesce(expires_at, finished_at + make_interval(secs => $1)) < now()
		order by created_at
		limit $2
		for update skip locked`, KeepExports.Seconds(), some)
	return list, err
}

// ExportsOfAnyUser gives all archives of a user, and locks their rows until the end of
// the transaction.
func (tx *SystemTx) ExportsOfAnyUser(ctx context.Context, user model.UserID) ([]Export, error) {
	var list []Export
	err := tx.SelectContext(ctx, &list, `
		select `+exportColumns+`
		from exports
		where user_id = $1
		for update`, user)
	return list, err
}

// ForgetExports deletes the rows of archives whose files are gone.
func (tx *SystemTx) ForgetExports(ctx context.Context, files []string) error {
	_, err := tx.ExecContext(ctx, `
		delete from exports
		where file = any($1)`, pq.Array(files))
	return err
}

// FilesWithoutExport gives those of some files that no archive has.
func (tx *SystemTx) FilesWithoutExport(ctx context.Context, files []string) (lost []string, err error) {
	err = tx.SelectContext(ctx, &lost, `
		select found.file
		from unnest(cast($1 as text[])) as found (file)
		where not exists (select from exports e where e.file = found.file)`, pq.Array(files))
	return lost, err
}
