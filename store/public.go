package store

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/hlpfl/platform/internal/model"
)

// Public is the fans' door: it reads what is published and what changed, as a
// role that may do nothing else.
type Public struct{ db *sqlx.DB }

// Public opens the fans' door.
func (s *Store) Public() Public { return Public{s.public} }

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

const selectPublic = `
	select id, handle, profile_name, profile_data, plan, published_at, time_zone,
	       suspended_at is not null as suspended,
	       not is_active or deleted_at is not null as off
	from profiles`

// ByHandle reads the profile at a handle, the ones that are off or suspended too.
// It is NotFound when there is none and Unavailable while PostgreSQL is away.
func (p Public) ByHandle(ctx context.Context, handle model.Handle) (PublicProfile, error) {
	return p.profile(ctx, selectPublic+` where handle = $1`, string(handle))
}

// ByID is ByHandle for a profile's id.
func (p Public) ByID(ctx context.Context, id model.ProfileID) (PublicProfile, error) {
	return p.profile(ctx, selectPublic+` where id = $1`, id.String())
}

func (p Public) profile(ctx context.Context, query, key string) (PublicProfile, error) {
	var row PublicProfile
	err := p.db.GetContext(ctx, &row, query, key)
	return row, Translate(err)
}
