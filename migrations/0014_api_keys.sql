-- +goose Up

-- Long-lived keys for programs. The key itself is shown once and never stored.
create table api_keys (
  id           uuid primary key,
  user_id      uuid not null references users (id) on delete cascade,
  profile_id   uuid references profiles (id) on delete cascade, -- null: all of the user's
  name         text not null,
  scopes       text[] not null,
  hash         bytea not null unique,     -- SHA-256 of the key
  ending       text not null,             -- its last characters, to tell keys apart
  created_at   timestamptz not null default now(),
  expires_at   timestamptz,
  last_used_at timestamptz,               -- to the minute
  ended_at     timestamptz
);
create index api_keys_user on api_keys (user_id) where ended_at is null;
create index api_keys_profile on api_keys (profile_id) where profile_id is not null;

grant select, insert, update, delete on api_keys to hlpfl_app, hlpfl_system;
