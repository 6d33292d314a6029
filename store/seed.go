package store

import (
	"context"
	"strings"
	"time"

	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/internal/plans"
)

// SeedProfile is a made-up user with one profile, for scale.
type SeedProfile struct {
	User     model.UserID
	Profile  model.ProfileID
	Email    string
	Handle   model.Handle
	Name     string
	TimeZone string
	Plan     plans.Plan
	Data     []byte // the document, as Document.Stored gives it
	Created  time.Time
}

// AddSeedProfilesOfAnyUser makes users and profiles in bulk, of any user. Nothing is noted
// as changed: nobody can have seen them before.
func (tx *SystemTx) AddSeedProfilesOfAnyUser(ctx context.Context, profiles []SeedProfile, reason string) error {
	err := tx.copyIn(ctx, "users", []string{"id", "email", "name", "subscription_tier", "time_zone", "created_at"}, len(profiles), func(i int) []any {
		p := profiles[i]
		return []any{p.User.String(), p.Email, p.Name, string(p.Plan), p.TimeZone, p.Created}
	})
	if err != nil {
		return err
	}
	err = tx.copyIn(ctx, "profiles", []string{"id", "user_id", "handle", "profile_name", "profile_data", "time_zone", "plan", "published_at", "created_at"},
		len(profiles), func(i int) []any {
			p := profiles[i]
			return []any{p.Profile.String(), p.User.String(), p.Handle.String(), p.Name, string(p.Data), p.TimeZone, string(p.Plan), p.Created, p.Created}
		})
	if err != nil {
		return err
	}
	var granted []SeedProfile
	for _, p := range profiles {
		if p.Plan != plans.Free {
			granted = append(granted, p)
		}
	}
	return tx.copyIn(ctx, "grants", []string{"id", "user_id", "plan", "reason"}, len(granted), func(i int) []any {
		return []any{model.NewGrantID().String(), granted[i].User.String(), string(granted[i].Plan), reason}
	})
}

// copyIn brings many rows with one COPY.
func (tx *SystemTx) copyIn(ctx context.Context, table string, columns []string, n int, row func(int) []any) error {
	if n == 0 {
		return nil
	}
	stmt, err := tx.PrepareContext(ctx, `copy `+table+` (`+strings.Join(columns, ", ")+`) from stdin`)
	if err != nil {
		return err
	}
	defer stmt.Close()
	for i := range n {
		if _, err := stmt.ExecContext(ctx, row(i)...); err != nil {
			return err
		}
	}
	_, err = stmt.ExecContext(ctx)
	return err
}

// SeededProfile is what made-up events need to know of a seeded profile.
type SeededProfile struct {
	Profile  model.ProfileID `db:"id"`
	Data     []byte          `db:"profile_data"`
	TimeZone string          `db:"time_zone"`
	Created  time.Time       `db:"created_at"`
}

// SeedProfilesOfAnyUser lists profiles whose owner's address has a form (as LIKE
// takes it), by address, those after the first skip, at most limit.
func (tx *SystemTx) SeedProfilesOfAnyUser(ctx context.Context, form string, skip, limit int) ([]SeededProfile, error) {
	var found []SeededProfile
	err := tx.SelectContext(ctx, &found, `
		select p.id, p.profile_data, p.time_zone, p.created_at
		from profiles p
		join users u on u.id = p.user_id
		where u.email like $1
		order by u.email
		offset $2
		limit $3`, form, skip, limit)
	return found, err
}

// CountAnyUserLike counts the users whose address has a form, as LIKE takes it.
func (tx *SystemTx) CountAnyUserLike(ctx context.Context, form string) (n int, err error) {
	err = tx.GetContext(ctx, &n, `select count(*) from users where email like $1`, form)
	return n, err
}

// BackdateAnyUser makes an account and its profiles look as old as a day, unless they
// are older.
func (tx *SystemTx) BackdateAnyUser(ctx context.Context, user model.UserID, to time.Time) error {
	if _, err := tx.ExecContext(ctx, `update users set created_at = least(created_at, $2) where id = $1`, user, to); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `update profiles set created_at = least(created_at, $2) where user_id = $1`, user, to)
	return err
}

// CountedDaysOfAnyUser tells on which days (as 2006-01-02) a profile, of any user, was
// visited.
func (tx *SystemTx) CountedDaysOfAnyUser(ctx context.Context, profile model.ProfileID) (map[string]bool, error) {
	var days []time.Time
	err := tx.SelectContext(ctx, &days, `select day from analytics_days where profile_id = $1`, profile)
	counted := map[string]bool{}
	for _, day := range days {
		counted[day.Format(time.DateOnly)] = true
	}
	return counted, err
}
