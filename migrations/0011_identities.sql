-- +goose Up

-- An account at an identity provider that signs a user in. Who it is, is provider and
-- subject alone: addresses move between people.
create table identities (
  provider   text not null check (provider in ('google', 'spotify', 'apple')),
  subject    text not null,
  user_id    uuid not null references users (id) on delete cascade,
  email      text not null default '',           -- as the provider told it last; for people to recognise it by
  created_at timestamptz not null default now(),
  used_at    timestamptz not null default now(), -- when it signed in last
  primary key (provider, subject),
  unique (user_id, provider)
);

-- An identity that is to be linked once the account's second factor is met: the hash is
-- the challenge's.
create table waiting_identities (
  hash       bytea primary key,
  user_id    uuid not null references users (id) on delete cascade,
  provider   text not null,
  subject    text not null,
  email      text not null,
  expires_at timestamptz not null
);
create index waiting_identities_user on waiting_identities (user_id);

grant select, insert, delete on identities to hlpfl_app;
grant select, insert, update, delete on identities, waiting_identities to hlpfl_system;
