// Package jobs does what transactions asked for, after their commit: rows taken
// under a lease that has to be renewed, tried again after a while when they fail,
// given up for good in the end. Any number of workers may run, and any of them may
// be killed at any moment.
//
// A job is done at least once. What must be done exactly once is written in one
// transaction with Job.Finish.
package jobs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/hlpfl/platform/store"
)

// Kind is a sort of job, and what does it.
type Kind struct {
	// Name stands in the rows, so it never changes: "sweep.sessions".
	Name string
	// Run does one job. Its context ends when the lease is lost or the worker is
	// told to stop; it then returns soon, with any error. An error makes the job be
	// tried again later, a Final one does not.
	Run func(context.Context, Job) error
	// Attempts is how often a job is tried before it is given up; 0 means ten, which
	// takes about a day.
	Attempts int
	// Every, when it is not 0, asks for one job a period, without being asked:
	// periods of this length, in whole seconds, since 1970 (UTC).
	Every time.Duration
}

// Job is one job at work.
type Job struct {
	row store.Job
}

// ID names the job; it stays the same when it is tried again.
func (j Job) ID() string { return j.row.ID.String() }

// Attempt counts from 1.
func (j Job) Attempt() int { return j.row.Attempts }

// Read reads the payload. What cannot be read is a Final error: it never will be.
func (j Job) Read(into any) error {
	if err := json.Unmarshal(j.row.Payload, into); err != nil {
		return Final(fmt.Errorf("the payload: %w", err))
	}
	return nil
}

// Finish says within a transaction that the job is done with it: both stand, or
// neither. It is store.ErrLeaseLost when the job is no longer this worker's, and
// then the transaction must not be committed.
func (j Job) Finish(ctx context.Context, tx *store.SystemTx) error { return tx.FinishJob(ctx, j.row) }

// Final marks an error that trying again will not mend.
func Final(err error) error { return finalError{err} }

type finalError struct{ error }

func (e finalError) Unwrap() error { return e.error }

func isFinal(err error) bool {
	var e finalError
	return errors.As(err, &e)
}

const (
	defaultAttempts = 10
	firstWait       = 10 * time.Second
	longestWait     = 6 * time.Hour
)

// backoff is how long a job waits after its attempts-th failure: twice as long each
// time, and by chance a little less or more, so that what failed together does not
// come back together.
func backoff(attempts int) time.Duration {
	wait := longestWait
	if shift := max(attempts-1, 0); shift < 16 {
		wait = min(firstWait<<shift, longestWait)
	}
	return time.Duration(float64(wait) * (0.75 + rand.Float64()/2)) //nolint:gosec // spreads load, guards nothing
}
