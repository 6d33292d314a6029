package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/lib/pq"

	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/internal/plans"
)

// MaxKeys is how many API keys a user may have that have not ended.
const MaxKeys = 50

// Key is an API key, without what opens anything.
type Key struct {
	ID         model.KeyID      `db:"id"`
	Profile    *model.ProfileID `db:"profile_id"` // nil: all of the user's
	Name       string           `db:"name"`
	Scopes     pq.StringArray   `db:"scopes"`
	Ending     string           `db:"ending"` // its last characters
	CreatedAt  time.Time        `db:"created_at"`
	ExpiresAt  *time.Time       `db:"expires_at"`
	LastUsedAt *time.Time       `db:"last_used_at"` // to the minute; nil: never
	Handle     *string          `db:"handle"`       // of its profile
}

// NewKey is what making a key writes down.
type NewKey struct {
	ID      model.KeyID
	Profile model.ProfileID // zero: all of the user's
	Name    string
	Scopes  []string
	Hash    []byte // SHA-256 of the key
	Ending  string
	Expires *time.Time
}

// AddKey makes an API key. It is PlanLimit when the plan has no API access, Invalid
// when the profile is not the user's, or there are too many keys.
func (tx *UserTx) AddKey(ctx context.Context, n NewKey) error {
	var plan plans.Plan
	// The lock makes the count below true until the commit.
	if err := tx.GetContext(ctx, &plan, `select subscription_tier from users where id = $1 for update`, tx.UserID); err != nil {
		return err
	}
	if err := APIAccess(plan); err != nil {
		return err
	}
	var used int
	if err := tx.GetContext(ctx, &used, `select count(*) from api_keys where user_id = $1 and ended_at is null`, tx.UserID); err != nil {
		return err
	}
	if used >= MaxKeys {
		return model.Invalid("name", "You have 50 keys. End one that is not used any more.")
	}
	var profile *model.ProfileID
	if !n.Profile.IsZero() {
		profile = &n.Profile
		var own bool
		err := tx.GetContext(ctx, &own, `
			select exists (
			  select 1
			  from profiles
			  where id = $1
			    and user_id = $2
			    and deleted_at is null)`, n.Profile, tx.UserID)
		if err != nil {
			return err
		}
		if !own {
			return model.Invalid("profile_id", "There is no such profile of yours.")
		}
	}
	_, err := tx.ExecContext(ctx, `
		insert into api_keys (id, user_id, profile_id, name, scopes, hash, ending, expires_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8)`,
		n.ID, tx.UserID, profile, n.Name, pq.Array(n.Scopes), n.Hash, n.Ending, n.Expires)
	return err
}

// APIAccess is PlanLimit when a plan has no API access.
func APIAccess(plan plans.Plan) error {
	e := plans.Of(plan)
	if e.API {
		return nil
	}
	lifted := plans.Lowest(func(e plans.Entitlements) bool { return e.API })
	return &model.Error{Kind: model.KindPlanLimit,
		Message: "Your plan, " + e.Name + ", has no API keys. " + plans.Of(lifted).Name + " has.",
		Limit:   &model.Limit{Name: "api_keys", LiftedBy: string(lifted)}}
}

// Keys lists the user's keys that have not ended, the newest first.
func (tx *UserTx) Keys(ctx context.Context) ([]Key, error) {
	list := []Key{}
	err := tx.SelectContext(ctx, &list, `
		select k.id, k.profile_id, k.name, k.scopes, k.ending, k.created_at, k.expires_at, k.last_used_at, p.handle
		from api_keys k
		left join profiles p on p.id = k.profile_id
		where k.user_id = $1
		  and k.ended_at is null
		order by k.id desc`, tx.UserID)
	return list, err
}

// EndKey ends one of the user's keys at once. It is NotFound when the user has none
// of that id, or it has ended.
func (tx *UserTx) EndKey(ctx context.Context, id model.KeyID) (name string, err error) {
	err = tx.GetContext(ctx, &name, `
		update api_keys
		set ended_at = now()
		where id = $1
		  and user_id = $2
		  and ended_at is null
		returning name`, id, tx.UserID)
	return name, Translate(err)
}

// EndKeysOfAnyUser ends all API keys of a user and says how many.
func (tx *SystemTx) EndKeysOfAnyUser(ctx context.Context, user model.UserID) (int64, error) {
	done, err := tx.ExecContext(ctx, `
		update api_keys
		set ended_at = now()
		where user_id = $1
		  and ended_at is null`, user)
	if err != nil {
		return 0, err
	}
	return done.RowsAffected()
}

// KeyHolder is whose a shown key is, and what it may do.
type KeyHolder struct {
	model.User
	Key     model.KeyID      `db:"key_id"`
	Profile *model.ProfileID `db:"profile_id"`
	Scopes  pq.StringArray   `db:"scopes"`
	Stale   bool             `db:"stale"`
}

// KeyHolder finds whose a key is, by its SHA-256. ok is false when it has ended or
// expired, was never there, or the user is suspended.
func (s *Store) KeyHolder(ctx context.Context, hash []byte) (h KeyHolder, ok bool, err error) {
	err = s.entry.GetContext(ctx, &h, `
		select `+userColumns+`,
		       k.id as key_id, k.profile_id, k.scopes,
		       coalesce(k.last_used_at < now() - interval '1 minute', true) as stale
		from api_keys k
		join users u on u.id = k.user_id
		where k.hash = $1
		  and k.ended_at is null
		  and coalesce(k.expires_at > now(), true)
		  and u.suspended_at is null`, hash)
	if errors.Is(err, sql.ErrNoRows) {
		return KeyHolder{}, false, nil
	}
	if err != nil {
		return KeyHolder{}, false, Translate(err)
	}
	if h.Stale {
		_, err = s.entry.ExecContext(ctx, `
			update api_keys
			set last_used_at = now()
			where id = $1
			  and coalesce(last_used_at < now() - interval '1 minute', true)`, h.Key)
	}
	return h, true, Translate(err)
}
