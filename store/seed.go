package store

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/lib/pq"

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
	at := func(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }
	err := addRows(ctx, tx, "users", "id uuid, email text, name text, subscription_tier text, time_zone text, created_at timestamptz",
		profiles, func(p SeedProfile) []string {
			return []string{p.User.String(), p.Email, p.Name, string(p.Plan), p.TimeZone, at(p.Created)}
		})
	if err != nil {
		return err
	}
	err = addRows(ctx, tx, "profiles", "id uuid, user_id uuid, handle text, profile_name text, profile_data jsonb, time_zone text, plan text, published_at timestamptz, created_at timestamptz",
		profiles, func(p SeedProfile) []string {
			return []string{p.Profile.String(), p.User.String(), p.Handle.String(), p.Name, string(p.Data), p.TimeZone, string(p.Plan), at(p.Created), at(p.Created)}
		})
	if err != nil {
		return err
	}
	granted := slices.DeleteFunc(slices.Clone(profiles), func(p SeedProfile) bool { return p.Plan == plans.Free })
	return addRows(ctx, tx, "grants", "id uuid, user_id uuid, plan text, reason text", granted, func(p SeedProfile) []string {
		return []string{model.NewGrantID().String(), p.User.String(), string(p.Plan), reason}
	})
}

// addRows adds many rows with one statement, each column an array of its own: COPY
// brings nothing into a table with policies. columns are names with their types.
func addRows[R any](ctx context.Context, tx *SystemTx, table, columns string, rows []R, values func(R) []string) error {
	if len(rows) == 0 {
		return nil
	}
	var names, arrays []string
	for i, c := range strings.Split(columns, ", ") {
		name, kind, _ := strings.Cut(c, " ")
		names, arrays = append(names, name), append(arrays, fmt.Sprintf("cast($%d as %s[])", i+1, kind))
	}
	lists := make([][]string, len(names))
	for _, row := range rows {
		for i, v := range values(row) {
			lists[i] = append(lists[i], v)
		}
	}
	args := make([]any, len(lists))
	for i, list := range lists {
		args[i] = pq.Array(list)
	}
	_, err := tx.ExecContext(ctx, `
		insert into `+table+` (`+strings.Join(names, ", ")+`)
		select * from unnest(`+strings.Join(arrays, ", ")+`)`, args...)
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
