package store_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/internal/testenv"
	"github.com/hlpfl/platform/store"
)

// rowsOf makes a row in every table that belongs to people: $1 is a user, $2 one of
// the user's profiles, $3 a text that nobody else has. A new table needs one here, or
// the test says that nothing was shown of it.
const rowsOf = `
	insert into users (id, email) values ($1, $3 || '@example.com');
	insert into profiles (id, user_id, handle, profile_name, profile_data) values ($2, $1, $3, $3, '{}');
	insert into profile_versions (profile_id, version, profile_name, profile_data, published_by) values ($2, 1, $3, '{}', $1);
	insert into draft_history (profile_id, version, kind) values ($2, 1, 'x');
	insert into deleted_blocks (profile_id, block_id, data) values ($2, $3, '{}');
	insert into media_files (name) values ($3);
	insert into media (profile_id, name) values ($2, $3);
	insert into profile_changes (profile_id, handle) values ($2, $3);
	insert into old_handles (handle, profile_id, user_id) values ($3 || 'old', $2, $1);
	insert into sessions (id, user_id, door, expires_at) values ($1, $1, 'web', now() + interval '1 day');
	insert into refresh_tokens (hash, session_id) values (cast($3 as bytea), $1);
	insert into challenges (hash, user_id, door, method, expires_at) values (cast($3 as bytea), $1, 'web', 'password', now());
	insert into passkeys (id, user_id, credential_id, public_key, sign_count, aaguid, backup_eligible, backed_up, name)
	  values ($1, $1, cast($3 as bytea), '', 0, '', false, false, 'x');
	insert into identities (provider, subject, user_id) values ('google', $3, $1);
	insert into waiting_identities (hash, user_id, provider, subject, email, expires_at) values (cast($3 as bytea), $1, 'google', $3, '', now());
	insert into totp_secrets (user_id, secret) values ($1, '');
	insert into recovery_codes (user_id, hash) values ($1, '');
	insert into ceremonies (hash, purpose, user_id, asked, expires_at) values (cast($3 as bytea), 'register', $1, '{}', now());
	insert into mails (id, user_id, to_address, kind) values ($1, $1, $3, 'x');
	insert into email_links (hash, user_id, purpose, address, expires_at) values (cast($3 as bytea), $1, 'verify', $3, now());
	insert into api_keys (id, user_id, profile_id, name, scopes, hash, ending) values ($1, $1, $2, 'x', '{}', cast($3 as bytea), 'x');
	insert into grants (id, user_id, plan, reason) values ($1, $1, 'artist', 'x');
	insert into subscriptions (id, user_id) values ($1, $1);
	insert into idempotency_keys (user_id, key, request_hash) values ($1, $3, '');
	insert into audit_log (id, actor_id, user_id, action) values ($1, $1, $1, 'x');
	insert into exports (id, user_id, file) values ($1, $1, $3);
	insert into click_months (user_id, month, clicks) values ($1, '2026-11-01', 1);
	insert into analytics_days (profile_id, day) values ($2, '2026-11-01');
	insert into analytics_hours (profile_id, day, hour) values ($2, '2026-11-01', '2026-11-01');
	insert into analytics_values (profile_id, day, dimension, value) values ($2, '2026-11-01', 'link', $3);
	insert into events_set_aside (id, profile_id, reason) values ($1, $2, 'x');
	insert into analytics (id, profile_id, click_data, visitor_data, created_at, kind, local_day, local_hour, first_of_day, inside_plan)
	  values ($1, $2, '{}', '{}', '2026-11-01', 'view', '2026-11-01', '2026-11-01', false, false);
	insert into users (id, email) values (gen_random_uuid(), $3 || '-editor@example.com');
	insert into profile_members (profile_id, user_id, owner_id, role)
	  select $2, id, $1, 'editor' from users where email = $3 || '-editor@example.com';
	insert into transfers (profile_id, owner_id, user_id, stays, expires_at)
	  select $2, $1, user_id, false, now() + interval '1 day' from profile_members where profile_id = $2;
	insert into invitations (id, profile_id, owner_id, email, role, profile_name, handle, owner_name, expires_at)
	  values ($1, $2, $1, $3 || '-viewer@example.com', 'viewer', $3, $3, $3, now() + interval '1 day')`

// walled is a database in which two users have a row of everything.
type walled struct {
	*testing.T
	owner  *sqlx.DB // as whom the tables were made
	store  *store.Store
	ines   model.UserID
	bo     model.UserID
	tables []string
	own    map[string]int    // how many rows Ines has, by table
	others map[string]string // one row of Bo's, as JSON, by table
}

func openWalled(t *testing.T) walled {
	t.Helper()
	address := testenv.Database(t)
	w := walled{T: t, owner: sqlx.MustConnect("postgres", address), own: map[string]int{}, others: map[string]string{}}
	var err error
	if w.store, err = store.Open(store.Options{DatabaseURL: address, MaxConns: 1}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.store.Close(); w.owner.Close() })
	if err := w.owner.Select(&w.tables, `
		select relname
		from pg_class
		where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and relrowsecurity and not relispartition
		order by relname`); err != nil {
		t.Fatal(err)
	}
	w.ines = w.seed("ines")
	for _, table := range w.tables {
		w.own[table] = w.count(w.owner, table)
	}
	w.bo = w.seed("bo")
	for _, table := range w.tables {
		if w.own[table] == 0 {
			t.Errorf("%s has no rows: add some to rowsOf", table)
		}
		var row string
		// Of two the one that is Bo's: it was made later, and nothing was changed since.
		if err := w.owner.Get(&row, `select cast(to_jsonb(t) as text) from `+table+` t order by ctid desc limit 1`); err != nil {
			t.Fatal(err)
		}
		w.others[table] = row
	}
	return w
}

func (w walled) seed(name string) model.UserID {
	w.Helper()
	user, profile := model.NewUserID(), model.NewProfileID()
	values := strings.NewReplacer("$1", "cast("+pq.QuoteLiteral(user.String())+" as uuid)", "$2", "cast("+pq.QuoteLiteral(profile.String())+" as uuid)", "$3", "cast("+pq.QuoteLiteral(name)+" as text)")
	w.owner.MustExec(values.Replace(rowsOf))
	return user
}

func (w walled) count(db sqlx.Queryer, table string) (n int) {
	w.Helper()
	if err := sqlx.Get(db, &n, `select count(*) from `+table); err != nil {
		w.Fatal(err)
	}
	return n
}

// as runs f as Ines in a transaction that comes to nothing.
func (w walled) as(f func(tx *sqlx.Tx) error) error {
	return w.store.AsUser(context.Background(), w.ines, func(tx *store.UserTx) error {
		err := f(tx.Tx)
		if err == nil {
			err = errUndone
		}
		return err
	})
}

var errUndone = errors.New("undone")

// refused tells whether PostgreSQL refused something for want of a right.
func refused(err error) bool {
	var pe *pq.Error
	return errors.As(err, &pe) && pe.Code == "42501"
}

func (w walled) may(role, what, table string) (yes bool) {
	w.Helper()
	function := "has_any_column_privilege"
	if what == "delete" {
		function = "has_table_privilege"
	}
	if err := w.owner.Get(&yes, `select `+function+`($1, $2, $3)`, role, table, what); err != nil {
		w.Fatal(err)
	}
	return yes
}

func TestAQueryWithoutItsWhereSeesNothingForeign(t *testing.T) {
	t.Parallel()
	w := openWalled(t)
	looked := 0
	for _, table := range w.tables {
		if !w.may("hlpfl_app", "select", table) {
			continue
		}
		looked++
		_ = w.as(func(tx *sqlx.Tx) error {
			if seen, own := w.count(tx, table), w.own[table]; seen == 0 || seen > own {
				t.Errorf("Ines has %d rows of her own in %s and sees %d", own, table, seen)
			}
			return nil
		})
		// With nobody set there is nothing to see, and nothing goes wrong.
		if seen := w.count(w.store.Doors()["hlpfl_app"], table); seen != 0 {
			t.Errorf("nobody is set and sees %d rows of %s", seen, table)
		}
		if all := w.count(w.store.Doors()["hlpfl_system"], table); all != w.count(w.owner, table) {
			t.Errorf("the program itself sees %d rows of %s alone", all, table)
		}
	}
	if looked < 20 {
		t.Errorf("only %d tables were looked at: %v", looked, w.tables)
	}
}

func TestAWriteWithoutItsWhereTouchesNothingForeign(t *testing.T) {
	t.Parallel()
	w := openWalled(t)
	write := func(table, statement string, args ...any) (rows int64, err error) {
		err = w.as(func(tx *sqlx.Tx) error {
			done, err := tx.Exec(statement, args...)
			if err == nil {
				rows, err = done.RowsAffected()
			}
			return err
		})
		if errors.Is(err, errUndone) {
			err = nil
		}
		return rows, err
	}
	written := map[string]int{}
	for _, table := range w.tables {
		// Which columns: all that may be written, set to what they are.
		var columns []string
		if err := w.owner.Select(&columns, `
			select quote_ident(attname)
			from pg_attribute
			where attrelid = cast($1 as regclass) and attnum > 0 and not attisdropped and attgenerated = ''
			  and has_column_privilege('hlpfl_app', attrelid, attnum, 'update')`, table); err != nil {
			t.Fatal(err)
		}
		for _, c := range columns {
			written["update"]++
			if rows, err := write(table, fmt.Sprintf(`update %s set %s = %[2]s`, table, c)); err != nil && !refused(err) || rows > int64(w.own[table]) {
				t.Errorf("update %s.%s without a where: %d rows, %v", table, c, rows, err)
			}
			// Nor is a row of one's own made somebody else's.
			if slices.Contains([]string{"user_id", "owner_id", "profile_id", "actor_id"}, c) {
				written["give away"]++
				rows, err := write(table, fmt.Sprintf(`update %s set %s = cast((cast($1 as jsonb) ->> '%[2]s') as uuid)`, table, c), w.others[table])
				var pe *pq.Error // a key of another table may be in the way before the wall is
				if !refused(err) && !(errors.As(err, &pe) && pe.Code.Class() == "23") {
					t.Errorf("%s: %d own rows are given away by %s (%v)", table, rows, c, err)
				}
			}
		}
		if w.may("hlpfl_app", "delete", table) {
			written["delete"]++
			if rows, err := write(table, `delete from `+table); err != nil || rows > int64(w.own[table]) {
				t.Errorf("delete from %s without a where: %d rows, %v", table, rows, err)
			}
		}
		if w.may("hlpfl_app", "insert", table) {
			written["insert"]++
			// A row that says it is Bo's. That it is there already comes to light later.
			rows, err := write(table, fmt.Sprintf(`insert into %s select * from jsonb_populate_record(cast(null as %[1]s), cast($1 as jsonb))`, table), w.others[table])
			if !refused(err) {
				t.Errorf("Ines adds a row of Bo's to %s: %d rows, %v", table, rows, err)
			}
		}
	}
	for _, what := range []string{"update", "give away", "delete", "insert"} {
		if written[what] < 8 {
			t.Errorf("only this was tried: %v", written)
		}
	}
}

// What fans may: read what is published, who was where, and what changed.
func TestFansSeeWhatIsPublishedAlone(t *testing.T) {
	t.Parallel()
	w := openWalled(t)
	fans := w.store.Doors()["hlpfl_public"]
	readable := map[string]string{"profiles": "id, handle, profile_name, profile_data, plan, time_zone, published_at", "old_handles": "handle, profile_id, left_at", "profile_changes": "*"}
	for _, table := range w.tables {
		columns, may := readable[table]
		if !may {
			columns = "*"
		}
		_, err := fans.Exec(`select ` + columns + ` from ` + table)
		if may && err != nil || !may && !refused(err) {
			t.Errorf("fans read %s of %s: %v", columns, table, err)
		}
		for _, statement := range []string{`delete from `, `insert into `} {
			if statement == `insert into ` {
				statement += table + ` default values`
			} else {
				statement += table
			}
			if _, err := fans.Exec(statement); !refused(err) {
				t.Errorf("fans may %s: %v", statement, err)
			}
		}
	}
	for table := range maps.Keys(readable) {
		if !slices.Contains(w.tables, table) {
			t.Errorf("%s stands outside the wall", table)
		}
	}
	if seen := w.count(fans, "(select id from profiles) as p"); seen != 2 {
		t.Errorf("fans see %d of two pages", seen)
	}
	for _, hidden := range []string{`is_active = false`, `deleted_at = now()`, `suspended_at = now()`} {
		w.owner.MustExec(`update profiles set is_active = true, deleted_at = null, suspended_at = null`)
		w.owner.MustExec(`update profiles set `+hidden+` where user_id = $1`, w.bo)
		var names []string
		if err := fans.Select(&names, `select profile_name from profiles`); err != nil || len(names) != 1 || names[0] != "ines" {
			t.Errorf("with %s fans read %q (%v)", hidden, names, err)
		}
		// That it is there is known all the same, and why it is not shown.
		row, err := w.store.Public().ByHandle(t.Context(), "bo")
		if err != nil || row.Handle != "bo" || len(row.Data) > 0 || row.Suspended == row.Off || row.Suspended != strings.HasPrefix(hidden, "suspended") {
			t.Errorf("with %s fans are told %+v (%v)", hidden, row, err)
		}
		if free, err := w.store.Public().FreeHandles(t.Context(), []model.Handle{"bo", "cleo"}); err != nil || !slices.Equal(free, []model.Handle{"cleo"}) {
			t.Errorf("with %s free are %v (%v)", hidden, free, err)
		}
	}
}

// Who asks is known to one transaction alone: the next one on the same connection
// begins without, however this one ended.
func TestATenantDoesNotLeakIntoTheNextTransaction(t *testing.T) {
	t.Parallel()
	w := openWalled(t)
	pool := w.store.Doors()["hlpfl_app"]
	number := func(db sqlx.Queryer) (n int) {
		if err := sqlx.Get(db, &n, `select pg_backend_pid()`); err != nil {
			t.Fatal(err)
		}
		return n
	}
	connection := number(pool)
	for _, ends := range []error{nil, errUndone} {
		err := w.store.AsUser(t.Context(), w.ines, func(tx *store.UserTx) error {
			if n := w.count(tx.Tx, "profiles"); n != 1 || number(tx.Tx) != connection {
				t.Errorf("Ines sees %d profiles", n)
			}
			return ends
		})
		if ends == nil && err != nil || ends != nil && !errors.Is(err, ends) {
			t.Fatal(err)
		}
		if n := w.count(pool, "profiles"); n != 0 || number(pool) != connection {
			t.Errorf("after her transaction (%v) her profiles are seen by whoever comes next: %d", ends, n)
		}
		var who sql.NullString
		if err := pool.Get(&who, `select hlpfl_user()`); err != nil || who.Valid {
			t.Errorf("after her transaction (%v) %v is set (%v)", ends, who, err)
		}
	}
}
