-- +goose Up

-- How a sign-in was proven ("password", "passkey", "totp" …), and when the person
-- last proved to be there: what matters most asks for that anew.
alter table sessions
  add column methods   text[] not null default '{}',
  add column proved_at timestamptz;
update sessions set methods = '{password}', proved_at = created_at;
alter table sessions
  alter column proved_at set default now(),
  alter column proved_at set not null;

-- A first proof was given and the second is still to come. Nobody is signed in by
-- a row here.
create table challenges (
  hash       bytea primary key,           -- SHA-256 of the secret that stands for it
  user_id    uuid not null references users (id) on delete cascade,
  door       text not null check (door in ('web', 'api')),
  method     text not null,               -- of the first proof
  tries      integer not null default 0,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null
);
create index challenges_user on challenges (user_id);
create index challenges_expiry on challenges (expires_at);

grant select, insert, update, delete on challenges to hlpfl_system;
-- Whatever changes how somebody signs in voids what is under way.
grant select, delete on challenges to hlpfl_app;

-- When the password was chosen; null: there is none, or nobody noted it.
alter table users add column password_set_at timestamptz;
