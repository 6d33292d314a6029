-- +goose Up

-- A second wall behind the store's three doors: a query that forgets its where sees
-- nothing foreign all the same. Every table that belongs to people is forced behind
-- policies: hlpfl_app sees what the user of its transaction may see, hlpfl_public what
-- is published, hlpfl_system all. store/walls_test.go fails for a table without.

-- Who asks: set by the store, local to one transaction. Nobody, and no error, where
-- nothing is set: a setting that was local leaves an empty text behind.
create function hlpfl_user() returns uuid language sql stable parallel safe
  return cast(nullif(current_setting('hlpfl.user_id', true), '') as uuid);

-- Puts a table behind the wall. Its owner is let in by name: FORCE holds for him too,
-- who is no superuser everywhere, and migrations and the functions below run as him.
-- +goose StatementBegin
create procedure wall(t regclass) language plpgsql as $$
begin
  execute format('alter table %s enable row level security, force row level security', t);
  execute format('create policy owner on %s to current_user using (true) with check (true)', t);
  if has_any_column_privilege('hlpfl_system', t, 'select') then
    execute format('create policy system on %s to hlpfl_system using (true) with check (true)', t);
  end if;
end $$;
-- +goose StatementEnd

-- The wall of a table whose rows are a user's: one column says whose.
-- +goose StatementBegin
create procedure wall_by_user(t regclass, whose text default 'user_id') language plpgsql as $$
begin
  call wall(t);
  execute format('create policy app on %s to hlpfl_app using (%I = hlpfl_user()) with check (%2$I = hlpfl_user())', t, whose);
end $$;
-- +goose StatementEnd

-- The wall of a table whose rows are a profile's: read by whoever may see the profile,
-- written by who may edit it. Which profiles those are is found once a query, by index,
-- however many rows it reads: that they are asked for row by row, or that all profiles
-- are looked at, must not come from the planner.
-- +goose StatementBegin
create procedure wall_by_profile(t regclass) language plpgsql as $$
declare
  mine  constant text := 'select p.id from profiles p where p.user_id = hlpfl_user()
    union all
    select m.profile_id from profile_members m where m.user_id = hlpfl_user()';
  sees  constant text := format('profile_id in (%s)', mine);
  edits constant text := format('profile_id in (%s and m.role = ''editor'')', mine);
begin
  call wall(t);
  execute format('create policy app_reads on %s for select to hlpfl_app using (%s)', t, sees);
  if has_any_column_privilege('hlpfl_app', t, 'insert') then
    execute format('create policy app_inserts on %s for insert to hlpfl_app with check (%s)', t, edits);
  end if;
  if has_any_column_privilege('hlpfl_app', t, 'update') then
    execute format('create policy app_updates on %s for update to hlpfl_app using (%s)', t, edits);
  end if;
  if has_table_privilege('hlpfl_app', t, 'delete') then
    execute format('create policy app_deletes on %s for delete to hlpfl_app using (%s)', t, edits);
  end if;
end $$;
-- +goose StatementEnd
revoke execute on procedure wall(regclass), wall_by_user(regclass, text), wall_by_profile(regclass) from public;

-- What a user owns.
call wall_by_user('users', 'id');
call wall_by_user('sessions');
call wall_by_user('grants');
call wall_by_user('subscriptions');
call wall_by_user('idempotency_keys');

-- What a profile has.
call wall_by_profile('profile_versions');
call wall_by_profile('draft_history');
call wall_by_profile('deleted_blocks');
call wall_by_profile('media');
call wall_by_profile('profile_changes');
call wall_by_profile('analytics_days');
call wall_by_profile('analytics_hours');
call wall_by_profile('analytics_values');

-- A profile: its owner's, seen by who works on it, changed by who edits it.
call wall('profiles');
create policy app_reads on profiles for select to hlpfl_app using (
  user_id = hlpfl_user() or exists (
    select from profile_members m
    where m.profile_id = profiles.id and m.user_id = hlpfl_user()));
create policy app_inserts on profiles for insert to hlpfl_app with check (user_id = hlpfl_user());
create policy app_updates on profiles for update to hlpfl_app using (
  user_id = hlpfl_user() or exists (
    select from profile_members m
    where m.profile_id = profiles.id and m.user_id = hlpfl_user() and m.role = 'editor'));
create policy app_deletes on profiles for delete to hlpfl_app using (user_id = hlpfl_user());
create policy public_reads on profiles for select to hlpfl_public using (
  is_active and deleted_at is null and suspended_at is null);

-- Who works on a profile: its owner says, and each may go.
call wall('profile_members');
create policy app_reads on profile_members for select to hlpfl_app using (user_id = hlpfl_user() or owner_id = hlpfl_user());
create policy app_updates on profile_members for update to hlpfl_app using (owner_id = hlpfl_user());
create policy app_deletes on profile_members for delete to hlpfl_app using (user_id = hlpfl_user() or owner_id = hlpfl_user());
-- Nobody is put on a profile: one comes by an invitation to an address one has proved.
create policy app_inserts on profile_members for insert to hlpfl_app with check (
  user_id = hlpfl_user() and exists (
    select from invitations i
    join users u on u.id = hlpfl_user() and u.email = i.email and u.email_verified_at is not null
    where i.profile_id = profile_members.profile_id
      and i.owner_id = profile_members.owner_id
      and i.role = profile_members.role
      and i.expires_at > now()));

call wall('invitations');
create policy app on invitations to hlpfl_app using (owner_id = hlpfl_user()) with check (owner_id = hlpfl_user());
create policy app_invited on invitations for select to hlpfl_app using (
  exists (select from users u where u.id = hlpfl_user() and u.email = invitations.email and u.email_verified_at is not null));
create policy app_answers on invitations for update to hlpfl_app using (
  exists (select from users u where u.id = hlpfl_user() and u.email = invitations.email and u.email_verified_at is not null)) with check (false);
create policy app_refuses on invitations for delete to hlpfl_app using (
  exists (select from users u where u.id = hlpfl_user() and u.email = invitations.email and u.email_verified_at is not null));

call wall('transfers');
create policy app on transfers to hlpfl_app using (owner_id = hlpfl_user()) with check (owner_id = hlpfl_user());
create policy app_reads on transfers for select to hlpfl_app using (user_id = hlpfl_user());
create policy app_refuses on transfers for delete to hlpfl_app using (user_id = hlpfl_user());

-- An address that was left: whose it was, and whose it is now, who has to end that.
call wall('old_handles');
create policy app on old_handles to hlpfl_app using (
  user_id = hlpfl_user()
  or exists (select from profiles p where p.handle = old_handles.handle and p.user_id = hlpfl_user()))
  with check (user_id = hlpfl_user() and exists (select from profiles p where p.id = old_handles.profile_id));
create policy public_reads on old_handles for select to hlpfl_public using (true);

call wall('refresh_tokens');
create policy app on refresh_tokens to hlpfl_app using (
  exists (select from sessions s where s.id = refresh_tokens.session_id));

-- How much of the owner's month is used is told to who works on one of the profiles.
call wall('click_months');
create policy app_reads on click_months for select to hlpfl_app using (
  user_id = hlpfl_user()
  or exists (select from profile_members m where m.owner_id = click_months.user_id and m.user_id = hlpfl_user()));

-- Everybody reads what is about them, and adds what they did or what was done to them.
call wall('audit_log');
create policy app_reads on audit_log for select to hlpfl_app using (user_id = hlpfl_user());
create policy app_inserts on audit_log for insert to hlpfl_app with check (user_id = hlpfl_user() or actor_id = hlpfl_user());

-- What the worker alone reads and writes.
call wall('analytics');
call wall('analytics_default');
call wall('events_set_aside');

-- Mails are sent to people without an account too.
call wall('mails');
create policy app_reads on mails for select to hlpfl_app using (user_id = hlpfl_user());
create policy app_inserts on mails for insert to hlpfl_app with check (user_id = hlpfl_user() or user_id is null);

-- A key may be for one of the profiles that its user sees.
call wall('api_keys');
create policy app on api_keys to hlpfl_app using (user_id = hlpfl_user()) with check (
  user_id = hlpfl_user() and (profile_id is null or exists (select from profiles p where p.id = api_keys.profile_id)));

-- Every other table that names a user is that user's alone.
-- +goose StatementBegin
do $$
declare other regclass;
begin
  for other in
    select c.oid from pg_class c
    join pg_attribute a on a.attrelid = c.oid and a.attname = 'user_id' and not a.attisdropped
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and not c.relrowsecurity
  loop
    call wall_by_user(other);
  end loop;
end $$;
-- +goose StatementEnd

create policy public_reads on profile_changes for select to hlpfl_public using (true);

-- Months to come stand behind the wall from their first row on.
-- +goose StatementBegin
create or replace function analytics_make_month(month date) returns boolean
language plpgsql security definer set search_path = public, pg_temp set lock_timeout = '3s' as $$
declare
  low  timestamptz := date_trunc('month', month::timestamp) at time zone 'UTC';
  high timestamptz := (date_trunc('month', month::timestamp) + interval '1 month') at time zone 'UTC';
  name text := 'analytics_' || to_char(month, 'YYYY_MM');
begin
  if to_regclass(name) is not null then
    return false;
  end if;
  -- Nobody may add to the default partition between moving and attaching.
  lock table analytics_default in access exclusive mode;
  execute format('create table %I (like analytics including defaults including constraints)', name);
  call wall(to_regclass(name));
  execute format('with moved as (delete from analytics_default where created_at >= %L and created_at < %L returning *)
                  insert into %I select * from moved', low, high, name);
  execute format('alter table analytics attach partition %I for values from (%L) to (%L)', name, low, high);
  return true;
end $$;

-- Those that are there already.
do $$
declare month regclass;
begin
  for month in
    select inhrelid from pg_inherits
    where inhparent = 'analytics'::regclass and inhrelid <> 'analytics_default'::regclass
  loop
    call wall(month);
  end loop;
end $$;
-- +goose StatementEnd

-- What fans need to know of a profile that they may not read: that it is there, so
-- that nobody else gets its handle, and whether it is suspended. A view reads as its
-- owner, behind the wall.
create view handle_states as
  select id, handle, suspended_at is not null as suspended, deleted_at is not null as deleted,
         not is_active or deleted_at is not null as off
  from profiles;
grant select on handle_states to hlpfl_public;
revoke select on profiles, old_handles from hlpfl_public;
grant select (id, handle, profile_name, profile_data, plan, time_zone, published_at) on profiles to hlpfl_public;
grant select (handle, profile_id, left_at) on old_handles to hlpfl_public;

-- How somebody is called who works on a profile, or published on it once: told to who
-- works on it too, who cannot read other people's accounts.
create function person_on(profile uuid, who uuid) returns text
language sql stable security definer set search_path = public, pg_temp as $$
  select coalesce(nullif(u.name, ''), u.email)
  from users u
  join profiles p on p.id = profile
  where u.id = who
    and (p.user_id = hlpfl_user()
      or exists (select from profile_members m where m.profile_id = p.id and m.user_id = hlpfl_user()))
    and (p.user_id = who
      or exists (select from profile_members m where m.profile_id = p.id and m.user_id = who)
      or exists (select from profile_versions v where v.profile_id = p.id and v.published_by = who))
$$;

-- Who works on a profile, its owner first. Addresses are told to the owner, and to
-- each the own one.
create function people_on(profile uuid) returns table (user_id uuid, role text, name text, email text, since timestamptz)
language sql stable security definer set search_path = public, pg_temp as $$
  select u.id, coalesce(m.role, 'owner'), coalesce(nullif(u.name, ''), u.email),
         case when hlpfl_user() in (p.user_id, u.id) then u.email else '' end, coalesce(m.created_at, p.created_at)
  from profiles p
  cross join lateral (
    select p.user_id, null as role, p.created_at
    union all
    select o.user_id, o.role, o.created_at from profile_members o where o.profile_id = p.id) as m (user_id, role, created_at)
  join users u on u.id = m.user_id
  where p.id = profile
    and p.deleted_at is null
    and (p.user_id = hlpfl_user()
      or exists (select from profile_members me where me.profile_id = p.id and me.user_id = hlpfl_user()))
  order by m.role is not null, m.created_at, u.id
$$;
revoke execute on function person_on(uuid, uuid), people_on(uuid) from public;
grant execute on function person_on(uuid, uuid), people_on(uuid) to hlpfl_app, hlpfl_system;

-- What a person may never change, of the own rows neither: what they may is named. The
-- program gives plans and ownership, as the system.
revoke insert, update, delete on grants, subscriptions from hlpfl_app;
revoke insert, delete on users from hlpfl_app;
revoke delete on profiles from hlpfl_app;
-- +goose StatementBegin
do $$
begin
  revoke update on users, profiles from hlpfl_app;
  execute (
    select format('grant update (%s) on users to hlpfl_app', string_agg(quote_ident(attname), ', '))
    from pg_attribute
    where attrelid = 'users'::regclass and attnum > 0 and not attisdropped
      and attname not in ('id', 'subscription_tier', 'is_admin', 'suspended_at', 'closes_at', 'created_at'));
  execute (
    select format('grant update (%s) on profiles to hlpfl_app', string_agg(quote_ident(attname), ', '))
    from pg_attribute
    where attrelid = 'profiles'::regclass and attnum > 0 and not attisdropped
      and attname not in ('id', 'user_id', 'plan', 'suspended_at', 'closed', 'created_at'));
end $$;
-- +goose StatementEnd
