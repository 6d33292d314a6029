package auth

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/alexedwards/argon2id"

	"github.com/hlpfl/platform/internal/model"
)

// cost is what one hash costs (OWASP's figures). Two at once keep the memory small.
var cost = argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

const (
	hashesAtOnce = 2
	// hashesWaiting is how many may stand in line, about two seconds on a small
	// machine. Whoever comes then is told to come back.
	hashesWaiting = 100
	// hashPatience is how long anybody stands in line.
	hashPatience = 10 * time.Second
)

// passwords hashes and checks, a few at a time.
type passwords struct {
	slots   chan struct{}
	waiting atomic.Int64
	ran     atomic.Int64 // hashes computed so far
	nobody  string       // the hash that is checked where there is none
}

func newPasswords() (*passwords, error) {
	nobody, err := argon2id.CreateHash(model.NewEntryID().String(), &cost)
	return &passwords{slots: make(chan struct{}, hashesAtOnce), nobody: nobody}, err
}

// HashPassword makes the hash of a password, for whoever makes one user at a time
// from the command line.
func HashPassword(password string) (string, error) { return argon2id.CreateHash(password, &cost) }

// turn waits for one of the few places. The error is Unavailable.
func (p *passwords) turn(ctx context.Context) (done func(), err error) {
	busy := &model.Error{Kind: model.KindUnavailable, Message: "Very many people are signing in at this moment. Try again in a few seconds.", RetryAfter: 3 * time.Second}
	if p.waiting.Add(1) > hashesWaiting+hashesAtOnce {
		p.waiting.Add(-1)
		return nil, busy
	}
	ctx, cancel := context.WithTimeout(ctx, hashPatience)
	defer cancel()
	select {
	case p.slots <- struct{}{}:
		return func() { <-p.slots; p.waiting.Add(-1) }, nil
	case <-ctx.Done():
		p.waiting.Add(-1)
		busy.Err = ctx.Err()
		return nil, busy
	}
}

// hash makes the hash of a password that model.CleanPassword gave.
func (p *passwords) hash(ctx context.Context, password string) (string, error) {
	done, err := p.turn(ctx)
	if err != nil {
		return "", err
	}
	defer done()
	p.ran.Add(1)
	return argon2id.CreateHash(password, &cost)
}

// check tells whether a password is the one behind a hash, and whether that hash
// was made at another cost than today's. With hash "" it works just as long and
// says no.
func (p *passwords) check(ctx context.Context, password, hash string) (right, outdated bool, err error) {
	done, err := p.turn(ctx)
	if err != nil {
		return false, false, err
	}
	defer done()
	p.ran.Add(1)
	if hash == "" {
		_, _, err := argon2id.CheckHash(password, p.nobody)
		return false, false, err
	}
	right, params, err := argon2id.CheckHash(password, hash)
	if err != nil {
		return false, false, err
	}
	return right, right && *params != cost, nil
}

// Hash makes the hash of a password for an account that is not made by a form: a
// demo's. The error is Invalid for a password that no form would take.
func (a *Auth) Hash(ctx context.Context, password string) (string, error) {
	clean, err := model.CleanPassword(password)
	if err != nil {
		return "", model.Invalid("password", err.Error())
	}
	return a.passwords.hash(ctx, clean)
}
