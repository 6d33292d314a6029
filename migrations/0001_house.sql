-- +goose Up

-- Roles of the program. They own nothing and cannot sign in: the program signs in
-- as DATABASE_URL's user and takes one of them on connect. They are cluster-wide
-- while databases are many, so making them is guarded by the migration's own lock
-- and by the check here.
-- +goose StatementBegin
do $$
declare name text;
begin
  -- One key for every database of the cluster that is migrated at this moment.
  perform pg_advisory_xact_lock(hashtext('hlpfl roles'));
  foreach name in array array['hlpfl_app', 'hlpfl_public', 'hlpfl_system'] loop
    if not exists (select 1 from pg_roles where rolname = name) then
      begin
        execute format('create role %I nologin', name);
      exception when duplicate_object or unique_violation then
        null; -- another database's migration was quicker: advisory locks are per database
      end;
    end if;
  end loop;
end $$;
-- +goose StatementEnd

create table users (
  id                uuid primary key,
  email             text not null unique check (email = lower(email)),
  name              text not null default '',
  password_hash     text,                       -- absent: made by an import, cannot sign in by password
  subscription_tier text not null default 'free' check (subscription_tier in ('free', 'artist', 'business', 'enterprise')),
  language          text not null default 'en',
  time_zone         text not null default 'UTC',
  is_admin          boolean not null default false,
  email_verified_at timestamptz,
  suspended_at      timestamptz,
  created_at        timestamptz not null default now(),
  updated_at        timestamptz not null default now()
);

create table profiles (
  id            uuid primary key,
  user_id       uuid not null references users (id),
  handle        text not null unique check (handle = lower(handle)),
  profile_name  text not null,
  custom_domain text,
  profile_data  jsonb not null,                 -- what is published
  draft         jsonb,                          -- what waits; null: nothing does
  draft_name    text,                           -- the name that waits with it
  version       bigint not null default 1,      -- raised by every save
  is_active     boolean not null default true,
  time_zone     text not null default 'UTC',
  plan          text not null default 'free',   -- the owner's, copied so that one row gives a page
  published_at  timestamptz not null default now(),
  suspended_at  timestamptz,
  deleted_at    timestamptz,                    -- restorable for 30 days, handle held meanwhile
  created_at    timestamptz not null default now(),
  updated_at    timestamptz not null default now()
);
create index profiles_user on profiles (user_id);

-- Every publish is kept, so that one can go back.
create table profile_versions (
  profile_id   uuid not null references profiles (id) on delete cascade,
  version      bigint not null,
  profile_name text not null,
  profile_data jsonb not null,
  published_by uuid not null references users (id),
  published_at timestamptz not null default now(),
  primary key (profile_id, version)
);

-- What changed for fans. Every replica reads the new rows once a second, from the
-- lowest transaction that was still open when it read last, and empties its cache
-- of those profiles.
create table profile_changes (
  xid        xid8 not null default pg_current_xact_id(),
  profile_id uuid not null,
  handle     text not null,
  at         timestamptz not null default now(),
  primary key (xid, profile_id, handle)
);
create index profile_changes_at on profile_changes (at);

-- Pictures of a profile; the name holds the content's hash and its full size.
create table media (
  profile_id uuid not null references profiles (id) on delete cascade,
  name       text not null,
  widths     integer[] not null,
  alt        text not null default '',
  created_at timestamptz not null default now(),
  primary key (profile_id, name)
);

-- One row a sign-in, for both doors: the truth of who is signed in.
create table sessions (
  id             uuid primary key,
  user_id        uuid not null references users (id) on delete cascade,
  door           text not null check (door in ('web', 'api')),
  device         text not null default '',      -- "Safari on iPhone", never the raw agent
  address_prefix text not null default '',      -- a network, never an address
  created_at     timestamptz not null default now(),
  last_seen_at   timestamptz not null default now(),
  expires_at     timestamptz not null,          -- the absolute limit
  ended_at       timestamptz,
  end_reason     text
);
create index sessions_user on sessions (user_id) where ended_at is null;

create table refresh_tokens (
  hash       bytea primary key,                 -- SHA-256 of the token
  session_id uuid not null references sessions (id) on delete cascade,
  created_at timestamptz not null default now(),
  used_at    timestamptz                        -- set once; a second use ends the session
);
create index refresh_tokens_session on refresh_tokens (session_id);

-- A plan given by hand.
create table grants (
  id         uuid primary key,
  user_id    uuid not null references users (id) on delete cascade,
  plan       text not null check (plan in ('free', 'artist', 'business', 'enterprise')),
  reason     text not null,
  created_at timestamptz not null default now(),
  ended_at   timestamptz
);
create index grants_user on grants (user_id) where ended_at is null;

create table subscriptions (
  id                     uuid primary key,
  user_id                uuid not null references users (id),
  stripe_customer_id     text,
  stripe_subscription_id text,
  status                 text,
  current_period_end     timestamptz,
  created_at             timestamptz not null default now()
);
create index subscriptions_user on subscriptions (user_id);

-- Answers to POSTs that carried an Idempotency-Key, kept for 24 hours.
create table idempotency_keys (
  user_id      uuid not null references users (id) on delete cascade,
  key          text not null,
  request_hash bytea not null,                  -- method, path and body: another request under the key is refused
  status       integer,                         -- null while the first one is still at work
  answer       bytea,
  created_at   timestamptz not null default now(),
  primary key (user_id, key)
);

-- Who did what, before and after, from where (prefix only). Append only.
create table audit_log (
  id             uuid primary key,
  at             timestamptz not null default now(),
  actor_id       uuid,                          -- null: the program, or nobody signed in
  user_id        uuid,                          -- whom it is about
  action         text not null,
  subject        text not null default '',
  before         jsonb,
  after          jsonb,
  address_prefix text not null default ''
);
create index audit_log_user on audit_log (user_id, at desc);

-- +goose StatementBegin
create function audit_log_is_append_only() returns trigger language plpgsql as $$
begin
  raise exception 'the audit log is append only';
end $$;
-- +goose StatementEnd
create trigger audit_log_append_only before update or delete or truncate on audit_log
  for each statement execute function audit_log_is_append_only();

grant usage on schema public to hlpfl_app, hlpfl_public, hlpfl_system;
grant select, insert, update, delete on
  users, profiles, profile_versions, media, sessions, refresh_tokens, grants, subscriptions, idempotency_keys
  to hlpfl_app, hlpfl_system;
grant select, insert on profile_changes to hlpfl_app;
grant select, insert, delete on profile_changes to hlpfl_system;
grant select, insert on audit_log to hlpfl_app, hlpfl_system;
-- Fans read what is published, by column, and what changed; nothing else.
grant select (id, user_id, handle, profile_name, profile_data, version, is_active, time_zone, plan, published_at, suspended_at, deleted_at)
  on profiles to hlpfl_public;
grant select on profile_changes to hlpfl_public;
