package store_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/hlpfl/platform/internal/testenv"
)

// nobodys are the tables whose rows are no person's. Whoever adds one says here that
// nothing in it can be traced to a user or a profile; what else it is, the roles'
// grants say.
var nobodys = []string{"analytics_kept", "event_inbox", "goose_db_version", "held_emails", "jobs", "media_files", "visitor_salts"}

// openToFans are the policies that let everybody read: which addresses there were,
// and what changed.
var openToFans = []string{"old_handles.public_reads", "profile_changes.public_reads"}

// unwalled tells what stands outside the wall, table by table.
func unwalled(t *testing.T, owner *sqlx.DB) (wrong []string) {
	t.Helper()
	var tables []struct {
		Name    string `db:"name"`
		Tenant  bool   `db:"tenant"` // its rows lead to a user or a profile, by a column's name or by foreign keys
		Part    bool   `db:"part"`   // a partition
		Enabled bool   `db:"enabled"`
		Forced  bool   `db:"forced"`
	}
	err := owner.Select(&tables, `
		with recursive tenants as (
		  select attrelid as id
		  from pg_attribute
		  where attname in ('user_id', 'profile_id') and not attisdropped
		  union
		  select oid from pg_class where oid in ('users'::regclass, 'profiles'::regclass)
		  union
		  select f.conrelid
		  from tenants
		  join pg_constraint f on f.confrelid = tenants.id and f.contype = 'f'
		)
		select relname as name, oid in (select id from tenants) as tenant, relispartition as part, relrowsecurity as enabled, relforcerowsecurity as forced
		from pg_class
		where relnamespace = 'public'::regnamespace
		  and relkind in ('r', 'p')
		order by relname`)
	if err != nil {
		t.Fatal(err)
	}
	for _, table := range tables {
		switch {
		case slices.Contains(nobodys, table.Name) && !table.Tenant:
			continue
		case !table.Tenant:
			wrong = append(wrong, fmt.Sprintf("%s: nobody knows whose its rows are: give it a user_id or a profile_id, or add it to nobodys", table.Name))
			continue
		case !table.Enabled || !table.Forced:
			wrong = append(wrong, fmt.Sprintf("%s: no row-level security; in its migration: call wall_by_user('%[1]s') or wall_by_profile('%[1]s')", table.Name))
			continue
		}
		wrong = append(wrong, unwatched(t, owner, table.Name)...)
	}
	return wrong
}

// unwatched tells which grants on a table have no policy behind them.
func unwatched(t *testing.T, owner *sqlx.DB, table string) (wrong []string) {
	t.Helper()
	var missing []string
	err := owner.Select(&missing, `
		select format('%s: %s may %s and no policy says which rows', cast($1 as text), r.rolname, c.command)
		from pg_roles r
		cross join (values ('select', 'r'), ('insert', 'a'), ('update', 'w'), ('delete', 'd')) as c (command, letter)
		where r.rolname in ('hlpfl_app', 'hlpfl_public', 'hlpfl_system')
		  and case when c.command = 'delete' then has_table_privilege(r.oid, cast($1 as regclass), 'delete')
		      else has_any_column_privilege(r.oid, cast($1 as regclass), c.command) end
		  and not exists (
		    select from pg_policy p
		    where p.polrelid = cast($1 as regclass)
		      and r.oid = any (p.polroles)
		      and p.polcmd in ('*', c.letter))
		union all
		select format('%s: the policy %s lets anybody in', cast($1 as text), p.polname)
		from pg_policy p
		where p.polrelid = cast($1 as regclass)
		  and (0 = any (p.polroles)
		    or 'hlpfl_app'::regrole = any (p.polroles) and 'true' in (pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid))
		    or 'hlpfl_public'::regrole = any (p.polroles) and 'true' in (pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid))
		       and $1 || '.' || p.polname <> all ($2))
		union all
		select format('%s: its owner is locked out, and with him migrations and functions that run as him', cast($1 as text))
		where not exists (
		    select from pg_policy p
		    join pg_class c on c.oid = p.polrelid
		    where p.polrelid = cast($1 as regclass)
		      and c.relowner = any (p.polroles)
		      and p.polcmd = '*')`, table, pq.Array(openToFans))
	if err != nil {
		t.Fatal(err)
	}
	return missing
}

func TestEveryTableOfATenantIsBehindTheWall(t *testing.T) {
	t.Parallel()
	owner := sqlx.MustConnect("postgres", testenv.Database(t))
	defer owner.Close()
	for _, wrong := range unwalled(t, owner) {
		t.Error(wrong)
	}
	// Months to come too.
	owner.MustExec(`select analytics_make_month('2031-05-01')`)
	for _, wrong := range unwalled(t, owner) {
		t.Errorf("with another month: %s", wrong)
	}
	// And a table that somebody adds without a thought is found, however it is tied.
	owner.MustExec(`
		create table loose (user_id uuid);
		create table chained (session uuid references sessions (id));
		create table untied (note text);
		create table half (profile_id uuid);
		alter table half enable row level security, force row level security;
		create policy owner on half to current_user using (true);
		create policy app on half for select to hlpfl_app using (profile_id is not null);
		create policy public on half for select to public using (true);
		grant select, insert on half to hlpfl_app;
		create table wide (user_id uuid);
		call wall(cast('wide' as regclass));
		create policy app on wide to hlpfl_app using (true)`)
	found := strings.Join(unwalled(t, owner), "\n")
	for _, want := range []string{
		"loose: no row-level security", "chained: no row-level security", "untied: nobody knows whose",
		"half: hlpfl_app may insert", "half: the policy public lets anybody in", "wide: the policy app lets anybody in",
	} {
		if !strings.Contains(found, want) {
			t.Errorf("nobody is told: %s\n%s", want, found)
		}
	}
	if strings.Contains(found, "half: hlpfl_app may select") {
		t.Errorf("what has a policy is told: %s", found)
	}
}

func TestTheProgramsRolesOwnNothingAndBypassNothing(t *testing.T) {
	t.Parallel()
	owner := sqlx.MustConnect("postgres", testenv.Database(t))
	defer owner.Close()
	var wrong []string
	if err := owner.Select(&wrong, `
		select rolname || ' may more than a role of the program may'
		from pg_roles
		where rolname like 'hlpfl\_%'
		  and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication or rolcanlogin)
		union all
		select format('%s owns %s %s', r.rolname, cast(d.classid as regclass), d.objid)
		from pg_shdepend d
		join pg_roles r on r.oid = d.refobjid
		where r.rolname like 'hlpfl\_%'
		  and d.refclassid = 'pg_authid'::regclass
		  and d.deptype = 'o'
		union all
		select format('%s is a member of %s', r.rolname, cast(m.roleid as regrole))
		from pg_auth_members m
		join pg_roles r on r.oid = m.member
		where r.rolname like 'hlpfl\_%'`); err != nil {
		t.Fatal(err)
	}
	for _, w := range wrong {
		t.Error(w)
	}
	var roles int
	if err := owner.Get(&roles, `select count(*) from pg_roles where rolname in ('hlpfl_app', 'hlpfl_public', 'hlpfl_system')`); err != nil || roles != 3 {
		t.Errorf("%d of the roles are there (%v)", roles, err)
	}
	// The tests' owner is what an owner is at a hosting company: the wall holds for him.
	var superior bool
	if err := owner.Get(&superior, `select rolsuper or rolbypassrls from pg_roles where rolname = current_user`); err != nil || superior {
		t.Errorf("the owner passes walls (%v): these tests show nothing", err)
	}
}

// What runs as the owner passes the wall: each such function and view is known here,
// and none lets itself be led to foreign tables.
func TestWhatRunsAsTheOwnerIsKnown(t *testing.T) {
	t.Parallel()
	owner := sqlx.MustConnect("postgres", testenv.Database(t))
	defer owner.Close()
	var found []string
	if err := owner.Select(&found, `
		select format('function %s %s%s', p.proname,
		         coalesce((select string_agg(r.rolname, ' ' order by r.rolname) from pg_roles r
		           where r.rolname in ('hlpfl_app', 'hlpfl_public', 'hlpfl_system') and has_function_privilege(r.oid, p.oid, 'execute')), ''),
		         case when 'search_path=public, pg_temp' = any (p.proconfig) then '' else ' without a search path' end)
		from pg_proc p
		where p.pronamespace = 'public'::regnamespace
		  and p.prosecdef
		union all
		select format('view %s %s', c.relname,
		         (select string_agg(r.rolname, ' ' order by r.rolname) from pg_roles r
		           where r.rolname in ('hlpfl_app', 'hlpfl_public', 'hlpfl_system') and has_any_column_privilege(r.oid, c.oid, 'select')))
		from pg_class c
		where c.relnamespace = 'public'::regnamespace
		  and c.relkind in ('v', 'm')
		order by 1`); err != nil {
		t.Fatal(err)
	}
	want := []string{"function analytics_make_month hlpfl_system", "function audit_log_forget hlpfl_system",
		"function people_on hlpfl_app hlpfl_system", "function person_on hlpfl_app hlpfl_system", "view handle_states hlpfl_public"}
	if !slices.Equal(found, want) {
		t.Errorf("as the owner run %q, want %q", found, want)
	}
}

// The wall holds for the owner too, who is no superuser: what runs as him goes on
// working, because a policy lets him in.
func TestAMonthIsMadeBehindTheWall(t *testing.T) {
	t.Parallel()
	owner := sqlx.MustConnect("postgres", testenv.Database(t))
	defer owner.Close()
	owner.SetMaxOpenConns(1)
	owner.MustExec(`
		insert into users (id, email) values (gen_random_uuid(), 'ines@example.com');
		insert into profiles (id, user_id, handle, profile_name, profile_data) select gen_random_uuid(), id, 'ines', 'Ines', '{}' from users;
		set role hlpfl_system;
		insert into analytics (id, profile_id, click_data, visitor_data, created_at, kind, local_day, local_hour, first_of_day, inside_plan)
		select gen_random_uuid(), id, '{}', '{}', '2031-05-07', 'view', '2031-05-07', '2031-05-07', false, false from profiles;
		select analytics_make_month('2031-05-01');
		reset role`)
	var moved, left int
	if err := errors.Join(owner.Get(&moved, `select count(*) from analytics_2031_05`), owner.Get(&left, `select count(*) from analytics_default`)); err != nil || moved != 1 || left != 0 {
		t.Errorf("%d rows were moved and %d left (%v)", moved, left, err)
	}
	// Rows go with what they belong to, whoever deletes that: keys pass the wall.
	owner.MustExec(`set role hlpfl_system; delete from profiles; reset role`)
	if err := owner.Get(&moved, `select count(*) from analytics`); err != nil || moved != 0 {
		t.Errorf("%d events outlive their profile (%v)", moved, err)
	}
}
