-- +goose Up

-- Passkeys: what a device signs with. The private key never leaves it.
create table passkeys (
  id              uuid primary key,
  user_id         uuid not null references users (id) on delete cascade,
  credential_id   bytea not null unique,        -- the authenticator's own name for it
  public_key      bytea not null,               -- COSE
  sign_count      bigint not null,              -- how often it signed, as it says; 0 for ever where it does not count
  aaguid          bytea not null,               -- which make of authenticator
  transports      text[] not null default '{}', -- how a browser reaches it
  backup_eligible boolean not null,             -- may be copied to other devices of its owner; never changes
  backed_up       boolean not null,             -- is copied now
  name            text not null,                -- given by its owner
  created_at      timestamptz not null default now(),
  last_used_at    timestamptz
);
create index passkeys_user on passkeys (user_id);

-- The authenticator app: one a user.
create table totp_secrets (
  user_id      uuid primary key references users (id) on delete cascade,
  secret       bytea not null,                  -- sealed with a key that SECRET_KEY gives
  last_step    bigint not null default 0,       -- of the code that was taken last: no code is good twice
  created_at   timestamptz not null default now(),
  confirmed_at timestamptz                      -- null: shown to its owner, and not yet in use
);

-- Recovery codes: each good once, in the place of any other second factor.
create table recovery_codes (
  user_id    uuid not null references users (id) on delete cascade,
  hash       bytea not null,                    -- SHA-256 of 125 random bits
  created_at timestamptz not null default now(),
  used_at    timestamptz,
  primary key (user_id, hash)
);

-- A passkey's ceremony that has begun: what the device was asked to sign. Whoever
-- ends it brings the secret, and its row goes with the first who does.
create table ceremonies (
  hash       bytea primary key,                 -- SHA-256 of the secret that the browser's entry or the program holds
  purpose    text not null check (purpose in ('register', 'sign-in', 'second-factor', 'step-up')),
  user_id    uuid references users (id) on delete cascade,       -- null: nobody knows yet who will sign
  session_id uuid references sessions (id) on delete cascade,    -- whose session asked; null before there is one
  asked      jsonb not null,
  expires_at timestamptz not null
);
create index ceremonies_expiry on ceremonies (expires_at);

grant select, insert, update, delete on passkeys, totp_secrets, recovery_codes, ceremonies to hlpfl_app, hlpfl_system;
