package store

import (
	"context"
	"time"

	"github.com/hlpfl/platform/internal/model"
)

// How long a second proof may take, and how often it may be tried.
const (
	ChallengeLife  = 10 * time.Minute
	ChallengeTries = 5
)

// Challenge is a sign-in whose first proof was given and whose second is to come.
type Challenge struct {
	model.User
	Door   string `db:"door"`
	Method string `db:"method"` // of the first proof
	Tries  int    `db:"tries"`  // this one included
}

// AddChallenge writes one down by the SHA-256 of the secret that stands for it.
func (tx *SystemTx) AddChallenge(ctx context.Context, hash []byte, user model.UserID, door, method string) error {
	_, err := tx.ExecContext(ctx, `
		insert into challenges (hash, user_id, door, method, expires_at)
		values ($1, $2, $3, $4, now() + make_interval(secs => $5))`,
		hash, user, door, method, ChallengeLife.Seconds())
	return err
}

// TryChallenge counts a try at a challenge, at its own door alone, and holds its row
// until the end of the transaction. It is NotFound when there is none, its time is
// over, its tries are used up, or the user is suspended. The try counts only when
// the transaction commits, after a wrong answer too.
func (tx *SystemTx) TryChallenge(ctx context.Context, hash []byte, door string) (Challenge, error) {
	var c Challenge
	err := tx.GetContext(ctx, &c, `
		update challenges c
		set tries = tries + 1
		from users u
		where c.hash = $1
		  and c.door = $2
		  and c.tries < $3
		  and c.expires_at > now()
		  and u.id = c.user_id
		  and u.suspended_at is null
		returning c.door, c.method, c.tries, `+userColumns, hash, door, ChallengeTries)
	return c, Translate(err)
}

// ChallengeOf finds whose challenge it is without counting a try, under the same
// conditions as TryChallenge.
func (s *Store) ChallengeOf(ctx context.Context, hash []byte, door string) (Challenge, error) {
	var c Challenge
	err := s.entry.GetContext(ctx, &c, `
		select c.door, c.method, c.tries, `+userColumns+`
		from challenges c
		join users u on u.id = c.user_id
		where c.hash = $1
		  and c.door = $2
		  and c.tries < $3
		  and c.expires_at > now()
		  and u.suspended_at is null`, hash, door, ChallengeTries)
	return c, Translate(err)
}

// EndChallenge takes a challenge away: it was met, or given up. It reports whether it
// was still there.
func (tx *SystemTx) EndChallenge(ctx context.Context, hash []byte) (bool, error) {
	done, err := tx.ExecContext(ctx, `delete from challenges where hash = $1`, hash)
	if err != nil {
		return false, err
	}
	n, err := done.RowsAffected()
	return n == 1, err
}

// SweepChallenges deletes those whose time is over.
func (tx *SystemTx) SweepChallenges(ctx context.Context) (int64, error) {
	done, err := tx.ExecContext(ctx, `delete from challenges where expires_at < now()`)
	if err != nil {
		return 0, err
	}
	return done.RowsAffected()
}
