package store

import (
	"context"
	"database/sql"
	"errors"
	"sync/atomic"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/hlpfl/platform/internal/model"
)

// Public is the fans' door: it reads what is published and what changed, as a
// role that may do nothing else.
type Public struct {
	db       *sqlx.DB
	profiles *profileStatements
}

// Public opens the fans' door.
func (s *Store) Public() Public { return Public{s.public, &s.profiles} }

// profileStatements are prepared when they are first needed: very many profiles
// that are asked for in turn would else be planned more than read.
type profileStatements struct {
	byHandle, byID atomic.Pointer[sqlx.Stmt]
}

// PublicProfile is the one row that a public page is made of.
type PublicProfile struct {
	ID        model.ProfileID `db:"id"`
	Handle    model.Handle    `db:"handle"`
	Name      string          `db:"profile_name"`
	Data      []byte          `db:"profile_data"` // the published document; model.ReadStored reads it
	Plan      string          `db:"plan"`         // the owner's
	Suspended bool            `db:"suspended"`
	Off       bool            `db:"off"` // switched off by its owner, or deleted
	Published time.Time       `db:"published_at"`
	TimeZone  string          `db:"time_zone"` // by its name: "Europe/Berlin"
}

// Behind the wall of this door are the profiles alone that fans may see.
const selectPublic = `
	select id, handle, profile_name, profile_data, plan, published_at, time_zone
	from profiles`

// Of the others it is known that they are there, and why they are not shown.
const selectState = `
	select id, handle, suspended, off
	from handle_states`

// ByHandle reads the profile at a handle. Of one that is off or suspended it gives
// id, handle and that. It is NotFound when there is none and Unavailable while
// PostgreSQL is away.
func (p Public) ByHandle(ctx context.Context, handle model.Handle) (PublicProfile, error) {
	return p.profile(ctx, &p.profiles.byHandle, ` where handle = $1`, string(handle))
}

// ByID is ByHandle for a profile's id.
func (p Public) ByID(ctx context.Context, id model.ProfileID) (PublicProfile, error) {
	return p.profile(ctx, &p.profiles.byID, ` where id = $1`, id.String())
}

func (p Public) profile(ctx context.Context, prepared *atomic.Pointer[sqlx.Stmt], where, key string) (PublicProfile, error) {
	var row PublicProfile
	stmt := prepared.Load() //nolint:sqlclosecheck // kept for as long as its pool
	if stmt == nil {
		fresh, err := p.db.PreparexContext(ctx, selectPublic+where)
		if err != nil {
			return row, Translate(err)
		}
		if stmt = fresh; !prepared.CompareAndSwap(nil, fresh) {
			defer fresh.Close() // somebody was quicker; ours still serves this once
		}
	}
	err := stmt.GetContext(ctx, &row, key)
	if errors.Is(err, sql.ErrNoRows) {
		err = p.db.GetContext(ctx, &row, selectState+where, key)
		// It went public between the two questions.
		if err == nil && !row.Suspended && !row.Off {
			err = stmt.GetContext(ctx, &row, key)
		}
	}
	return row, Translate(err)
}
