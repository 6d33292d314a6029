package store

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"time"
)

const (
	// KeepAnswers is how long an answer is given again under its Idempotency-Key.
	KeepAnswers = 24 * time.Hour
	// claimHeld is how long a request may be at work before its process is taken
	// for dead and another may do it.
	claimHeld = time.Minute
)

// Answer is what a POST was answered, for saying it again.
type Answer struct {
	Status int    `db:"status"`
	Body   []byte `db:"answer"`
}

// ClaimState says what came of claiming an Idempotency-Key.
type ClaimState int

// What a claim can come to.
const (
	ClaimMine    ClaimState = iota // do it
	ClaimDone                      // it was done: say the Answer again
	ClaimAtWork                    // the same request is being done right now
	ClaimAnother                   // the key belongs to another request
)

// Claim takes an Idempotency-Key for a request, known by its hash.
func (tx *UserTx) Claim(ctx context.Context, key string, request []byte) (ClaimState, Answer, error) {
	// An old answer, and a claim of a process that died, are as good as none.
	_, err := tx.ExecContext(ctx, `
		delete from idempotency_keys
		where user_id = $1
		  and key = $2
		  and (created_at < now() - make_interval(secs => $3)
		       or status is null and created_at < now() - make_interval(secs => $4))`,
		tx.UserID, key, KeepAnswers.Seconds(), claimHeld.Seconds())
	if err != nil {
		return 0, Answer{}, err
	}
	done, err := tx.ExecContext(ctx, `
		insert into idempotency_keys (user_id, key, request_hash)
		values ($1, $2, $3)
		on conflict do nothing`, tx.UserID, key, request)
	if err != nil {
		return 0, Answer{}, err
	}
	if n, err := done.RowsAffected(); err != nil || n == 1 {
		return ClaimMine, Answer{}, err
	}
	var there struct {
		Hash   []byte `db:"request_hash"`
		Status *int   `db:"status"`
		Body   []byte `db:"answer"`
	}
	err = tx.GetContext(ctx, &there, `
		select request_hash, status, answer
		from idempotency_keys
		where user_id = $1
		  and key = $2`, tx.UserID, key)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return ClaimAtWork, Answer{}, nil // given up this very moment: the caller tries again
	case err != nil:
		return 0, Answer{}, err
	case !bytes.Equal(there.Hash, request):
		return ClaimAnother, Answer{}, nil
	case there.Status == nil:
		return ClaimAtWork, Answer{}, nil
	}
	return ClaimDone, Answer{*there.Status, there.Body}, nil
}

// KeepAnswer keeps what a claimed request was answered.
func (tx *UserTx) KeepAnswer(ctx context.Context, key string, a Answer) error {
	_, err := tx.ExecContext(ctx, `
		update idempotency_keys
		set status = $3, answer = $4
		where user_id = $1
		  and key = $2`, tx.UserID, key, a.Status, a.Body)
	return err
}

// ReleaseClaim gives a key back: the request came to nothing and may be tried anew.
func (tx *UserTx) ReleaseClaim(ctx context.Context, key string) error {
	_, err := tx.ExecContext(ctx, `
		delete from idempotency_keys
		where user_id = $1
		  and key = $2
		  and status is null`, tx.UserID, key)
	return err
}

// SweepAnswers deletes the answers that are no longer given again.
func (tx *SystemTx) SweepAnswers(ctx context.Context) (int64, error) {
	done, err := tx.ExecContext(ctx, `
		delete from idempotency_keys
		where created_at < now() - make_interval(secs => $1)`, KeepAnswers.Seconds())
	if err != nil {
		return 0, err
	}
	return done.RowsAffected()
}
