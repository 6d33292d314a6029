-- +goose Up

-- Packed events wait here for the worker: one small row for all the requests that
-- waited at the same moment. Nothing is indexed but the order of arrival.
create table event_inbox (
  -- Stands before id, so that a row's transaction has its number before the row has
  -- its id: the worker's floor below which all is taken rests on that order.
  xid   xid8 not null default pg_current_xact_id(),
  id    bigint generated always as identity primary key,
  batch bytea not null,
  at    timestamptz not null default now()
) with (
  toast_tuple_target = 8160,               -- a full row of up to 8,000 bytes stays in its page
  autovacuum_vacuum_scale_factor = 0,      -- every row is taken within a second: clean up
  autovacuum_vacuum_threshold = 2000,      -- by what was taken, never by what is there
  autovacuum_vacuum_insert_threshold = -1,
  autovacuum_vacuum_cost_delay = 0,
  autovacuum_analyze_scale_factor = 0,
  autovacuum_analyze_threshold = 50000
);
alter table event_inbox alter column batch set storage external; -- no time for compressing

-- Raw events, by the month of their time (UTC). Nobody can be told from a row.
create table analytics (
  id           uuid not null,              -- UUIDv7 made by the server
  profile_id   uuid not null references profiles (id) on delete cascade,
  click_data   jsonb not null,             -- what was done: kind, link, target, counted or filtered and why
  visitor_data jsonb not null,             -- what is known of the visit
  created_at   timestamptz not null,       -- the time inside the id
  -- What is filtered on, and what was decided at unpacking and must stand for ever.
  kind         text not null check (kind in ('view', 'click')),
  link         text,                       -- the link's id in the profile's document; null for a view
  filtered     text,                       -- why it does not count; null: it counts
  visitor      bytea,                      -- hash of one day and profile; null where filtered
  local_day    date not null,              -- of the profile's time zone then
  local_hour   timestamptz not null,       -- the instant at which the local hour began
  first_of_day boolean not null,           -- the visitor's first that day on that profile
  inside_plan  boolean not null,           -- a counted click within the smallest plan's month of its user
  country      text not null default '',   -- ISO 3166, two letters; '' unknown
  device       text not null default '',   -- phone, tablet, desktop …
  browser      text not null default '',
  source       text not null default '',   -- where the visit came from
  campaign     text not null default '',   -- utm_campaign
  primary key (id, created_at)             -- a replay cannot double
) partition by range (created_at);
-- A rebuild reads whole days of one profile.
create index analytics_day on analytics (profile_id, local_day);
-- One row a visitor: was this one here today, and where from.
create index analytics_first on analytics (profile_id, local_day, visitor) where first_of_day;

-- Nothing is ever refused for its time: a wrong clock's rows wait here.
create table analytics_default partition of analytics default;

-- Makes the partition of a month and moves into it what the default partition holds
-- of that month. It gives false when the partition is there already. The program's
-- roles own nothing, so this runs as the owner.
-- +goose StatementBegin
create function analytics_make_month(month date) returns boolean
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
  execute format('with moved as (delete from analytics_default where created_at >= %L and created_at < %L returning *)
                  insert into %I select * from moved', low, high, name);
  execute format('alter table analytics attach partition %I for values from (%L) to (%L)', name, low, high);
  return true;
end $$;
-- +goose StatementEnd
revoke execute on function analytics_make_month(date) from public;

-- Raw rows older than this may have been dropped; a rebuild leaves their days alone.
create table analytics_kept (
  one   boolean primary key default true check (one),
  since timestamptz not null default '-infinity'
);
insert into analytics_kept default values;

-- What the dashboard reads: figures by profile and day (of the profile's zone).
create table analytics_days (
  profile_id    uuid not null references profiles (id) on delete cascade,
  day           date not null,
  views         bigint not null default 0,
  visitors      bigint not null default 0,
  clicks        bigint not null default 0,
  clicks_inside bigint not null default 0,  -- of clicks, those within the smallest plan's month
  primary key (profile_id, day)
) with (fillfactor = 80);

-- The same by the hour, for 90 days. An hour that comes twice when clocks go back
-- is two rows.
create table analytics_hours (
  profile_id    uuid not null references profiles (id) on delete cascade,
  day           date not null,
  hour          timestamptz not null,       -- the instant at which it began
  views         bigint not null default 0,
  visitors      bigint not null default 0,
  clicks        bigint not null default 0,
  clicks_inside bigint not null default 0,
  primary key (profile_id, day, hour)
) with (fillfactor = 80);
create index analytics_hours_day on analytics_hours (day);

-- The same by value of a dimension: link, country, device, browser, source,
-- campaign. Dimension "filtered" counts what does not count, by its reason.
create table analytics_values (
  profile_id    uuid not null references profiles (id) on delete cascade,
  day           date not null,
  dimension     text not null,
  value         text not null,
  views         bigint not null default 0,
  visitors      bigint not null default 0,
  clicks        bigint not null default 0,
  clicks_inside bigint not null default 0,
  primary key (profile_id, day, dimension, value)
) with (fillfactor = 80);

-- Counted clicks of a user in a calendar month (UTC): which are inside the plan.
create table click_months (
  user_id uuid not null references users (id) on delete cascade,
  month   date not null,
  clicks  bigint not null default 0,
  primary key (user_id, month)
) with (fillfactor = 80);

-- Events that could not be stored, one by one, with the reason. Those of profiles
-- that are gone are counted here without their content.
create table events_set_aside (
  id         uuid primary key,
  created_at timestamptz,
  profile_id uuid,
  reason     text not null,
  event      bytea,                         -- as it was packed; null for 'orphaned'
  at         timestamptz not null default now()
);
create index events_set_aside_at on events_set_aside (at);

-- What makes a day's visitors: a random salt a calendar date, thrown away when that
-- date is over everywhere. Without it nobody can tell who a visitor was.
create table visitor_salts (
  day  date primary key,
  salt bytea not null
);

grant insert (batch) on event_inbox to hlpfl_public;
grant select, delete on event_inbox to hlpfl_system;
grant select on sequence event_inbox_id_seq to hlpfl_system;
grant select, insert on analytics to hlpfl_system;
grant execute on function analytics_make_month(date) to hlpfl_system;
grant select on analytics_default, analytics_kept to hlpfl_system;
grant select, insert, update, delete on
  analytics_days, analytics_hours, analytics_values, click_months, events_set_aside, visitor_salts
  to hlpfl_system;
grant select on analytics_days, analytics_hours, analytics_values, click_months to hlpfl_app;
