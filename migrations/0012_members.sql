-- +goose Up

-- Who else works on a profile. Its owner is profiles.user_id and has no row here;
-- owner_id repeats that one, kept right by the foreign key, so that whether a row may
-- be seen is known from the row itself.
alter table profiles add constraint profiles_of_user unique (id, user_id);

create table profile_members (
  profile_id uuid not null,
  user_id    uuid not null references users (id) on delete cascade,
  owner_id   uuid not null,
  role       text not null check (role in ('editor', 'viewer')),
  created_at timestamptz not null default now(),
  primary key (profile_id, user_id),
  foreign key (profile_id, owner_id) references profiles (id, user_id) on update cascade on delete cascade,
  check (user_id <> owner_id)
);
create index profile_members_user on profile_members (user_id);
create index profile_members_owner on profile_members (owner_id, user_id);

-- Who was asked to. The address decides who may accept, and only once its account has
-- proved it: there is no secret in the link. A row ends by being accepted, refused,
-- taken back, or asked anew.
create table invitations (
  id           uuid primary key,
  profile_id   uuid not null,
  owner_id     uuid not null,
  email        text not null check (email = lower(email)),
  role         text not null check (role in ('editor', 'viewer')),
  -- As they were then: who is invited cannot read the profile, nor who owns it.
  profile_name text not null,
  handle       text not null,
  owner_name   text not null,
  created_at   timestamptz not null default now(),
  expires_at   timestamptz not null,
  unique (profile_id, email),
  foreign key (profile_id, owner_id) references profiles (id, user_id) on update cascade on delete cascade
);
create index invitations_email on invitations (email);

-- A profile that its owner offers to somebody who works on it already: who leaves the
-- profile takes the offer along.
create table transfers (
  profile_id uuid primary key,
  owner_id   uuid not null,
  user_id    uuid not null,
  stays      boolean not null,              -- who owned it goes on as an editor
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  foreign key (profile_id, owner_id) references profiles (id, user_id) on update cascade on delete cascade,
  foreign key (profile_id, user_id) references profile_members (profile_id, user_id) on delete cascade
);
create index transfers_user on transfers (user_id);

grant select, insert, update, delete on profile_members, invitations, transfers to hlpfl_system;
grant select, insert, delete on profile_members, invitations, transfers to hlpfl_app;
-- Of what stands there nothing else is ever changed; and who may change a column may
-- lock the row.
grant update (role) on profile_members, invitations to hlpfl_app;
grant update (stays) on transfers to hlpfl_app;
