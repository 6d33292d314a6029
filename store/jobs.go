package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/hlpfl/platform/internal/model"
)

// jobsChannel is where PostgreSQL hints that a job waits.
const jobsChannel = "hlpfl_jobs"

// ErrLeaseLost says that a job is no longer this worker's: its lease ran out and
// another may have it. Whatever it was about to write must not be written.
var ErrLeaseLost = errors.New("the lease of the job was lost")

// NewJob is what a transaction asks for. It is done once the transaction is
// committed, at least once and usually once: what a job does must be safe to do
// twice.
type NewJob struct {
	Kind    string
	Payload any       // marshalled as JSON; ids, nothing of anybody's own. nil: {}
	RunAt   time.Time // zero: at once
	// Once, when it is not "", makes of several jobs under the same words one, for
	// as long as the first one's row is kept (KeepDone after it was done).
	Once string
}

// Enqueue asks for a job with this transaction: no commit, no job.
func (tx *UserTx) Enqueue(ctx context.Context, j NewJob) error { return enqueue(ctx, tx.Tx, j) }

// Enqueue is UserTx.Enqueue for the program itself.
func (tx *SystemTx) Enqueue(ctx context.Context, j NewJob) error { return enqueue(ctx, tx.Tx, j) }

func enqueue(ctx context.Context, tx *sqlx.Tx, j NewJob) error {
	payload := []byte(`{}`)
	if j.Payload != nil {
		var err error
		if payload, err = json.Marshal(j.Payload); err != nil {
			return fmt.Errorf("the payload of a job of kind %s: %w", j.Kind, err)
		}
	}
	var at *time.Time
	if !j.RunAt.IsZero() {
		at = &j.RunAt
	}
	// Nothing is read and no arbiter is named: the role may insert and no more.
	_, err := tx.ExecContext(ctx, `
		insert into jobs (id, kind, payload, once, run_at)
		values ($1, $2, $3, nullif($4, ''), coalesce($5, now()))
		on conflict do nothing`, model.NewJobID(), j.Kind, string(payload), j.Once, at)
	if err != nil {
		return err
	}
	// It arrives with the commit. Of several in one transaction one arrives.
	_, err = tx.ExecContext(ctx, `select pg_notify($1, '')`, jobsChannel)
	return err
}

// EnqueuePeriod asks for the job of the present period of a cron kind: one row a
// period, however many ask, by the database's clock. Periods begin at multiples of
// every since 1970 (UTC). It gives how long the present one still lasts.
func (tx *SystemTx) EnqueuePeriod(ctx context.Context, kind string, every time.Duration) (left time.Duration, err error) {
	var seconds float64
	err = tx.GetContext(ctx, &seconds, `
		with period as (
		  select to_timestamp(floor(extract(epoch from now()) / $3) * $3) as began
		), asked as (
		  insert into jobs (id, kind, payload, once)
		  select $1, $2, jsonb_build_object('period', began), $2 || '@' || to_char(began at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
		  from period
		  on conflict do nothing
		)
		select cast(extract(epoch from began + make_interval(secs => $3) - now()) as double precision)
		from period`, model.NewJobID(), kind, every.Seconds())
	return time.Duration(seconds * float64(time.Second)), err
}

// Job is a job that was taken. Its lease is known by ID and Token.
type Job struct {
	ID       model.JobID     `db:"id"`
	Kind     string          `db:"kind"`
	Payload  json.RawMessage `db:"payload"`
	Token    int64           `db:"token"`
	Attempts int             `db:"attempts"` // this one included
	Late     float64         `db:"late"`     // seconds since it was due
}

// TakeJobs takes up to n due jobs of these kinds, each for as long as lease says.
// No two callers get the same one before its lease has run out.
func (tx *SystemTx) TakeJobs(ctx context.Context, kinds []string, n int, lease time.Duration) ([]Job, error) {
	var jobs []Job
	err := tx.SelectContext(ctx, &jobs, `
		with due as materialized (
		  select id, run_at
		  from jobs
		  where state in ('waiting', 'running')
		    and run_at <= now()
		    and kind = any($1)
		  order by run_at
		  limit $2
		  for update skip locked
		)
		update jobs
		set state = 'running', token = token + 1, attempts = attempts + 1, run_at = now() + make_interval(secs => $3)
		from due
		where jobs.id = due.id
		returning jobs.id, kind, payload, token, attempts, cast(extract(epoch from now() - due.run_at) as double precision) as late`,
		pq.Array(kinds), n, lease.Seconds())
	return jobs, err
}

// NextJob is how long it is until a job of these kinds is due; ok is false when
// none waits.
func (tx *SystemTx) NextJob(ctx context.Context, kinds []string) (in time.Duration, ok bool, err error) {
	var seconds *float64
	err = tx.GetContext(ctx, &seconds, `
		select cast(extract(epoch from min(run_at) - now()) as double precision)
		from jobs
		where state in ('waiting', 'running')
		  and kind = any($1)`, pq.Array(kinds))
	if err != nil || seconds == nil {
		return 0, false, err
	}
	return time.Duration(*seconds * float64(time.Second)), true, nil
}

// RenewJob makes a lease last from now on. It is ErrLeaseLost when it is another's.
func (tx *SystemTx) RenewJob(ctx context.Context, j Job, lease time.Duration) error {
	return tx.fenced(ctx, `
		update jobs
		set run_at = now() + make_interval(secs => $3)
		where id = $1
		  and token = $2
		  and state = 'running'`, j.ID, j.Token, lease.Seconds())
}

// FinishJob says that a job is done. Within the transaction that does it, it is
// done exactly once: with ErrLeaseLost nothing of the transaction may stay. Saying
// it again by the same lease is no error.
func (tx *SystemTx) FinishJob(ctx context.Context, j Job) error {
	return tx.fenced(ctx, `
		update jobs
		set state = 'done', last_error = '', finished_at = coalesce(finished_at, now())
		where id = $1
		  and token = $2
		  and state in ('running', 'done')`, j.ID, j.Token)
}

// RetryJob gives a job that failed back, to be tried again after a while, or is
// ErrLeaseLost.
func (tx *SystemTx) RetryJob(ctx context.Context, j Job, after time.Duration, cause string) error {
	return tx.fenced(ctx, `
		update jobs
		set state = 'waiting', run_at = now() + make_interval(secs => $3), last_error = $4
		where id = $1
		  and token = $2
		  and state = 'running'`, j.ID, j.Token, after.Seconds(), text(cause))
}

// BuryJob gives a job up for good and keeps why, or is ErrLeaseLost.
func (tx *SystemTx) BuryJob(ctx context.Context, j Job, cause string) error {
	return tx.fenced(ctx, `
		update jobs
		set state = 'dead', last_error = $3, finished_at = now()
		where id = $1
		  and token = $2
		  and state = 'running'`, j.ID, j.Token, text(cause))
}

// ReturnJob gives a job back that could not be finished for no fault of its own:
// it is due at once and the attempt does not count. It may be ErrLeaseLost.
func (tx *SystemTx) ReturnJob(ctx context.Context, j Job) error {
	err := tx.fenced(ctx, `
		update jobs
		set state = 'waiting', run_at = now(), attempts = attempts - 1
		where id = $1
		  and token = $2
		  and state = 'running'`, j.ID, j.Token)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `select pg_notify($1, '')`, jobsChannel)
	return err
}

// fenced runs a statement that may reach one row, the lease's own.
func (tx *SystemTx) fenced(ctx context.Context, statement string, args ...any) error {
	done, err := tx.ExecContext(ctx, statement, args...)
	if err != nil {
		return err
	}
	if n, err := done.RowsAffected(); err != nil || n == 1 {
		return err
	}
	return ErrLeaseLost
}

// text is what of an error's words PostgreSQL can hold, cut where they grow long.
func text(s string) string {
	const most = 2000
	kept := make([]rune, 0, min(len(s), most))
	for _, r := range s {
		if len(kept) == most {
			break
		}
		if r != 0 {
			kept = append(kept, r) // bytes that are no text have become U+FFFD
		}
	}
	return string(kept)
}
