-- +goose Up

-- Everything of a user's as one archive: asked for by its owner, made by a job, kept
-- for a few days, given to that owner alone.
create table exports (
  id          uuid primary key,
  user_id     uuid not null references users (id) on delete cascade,
  state       text not null default 'waiting' check (state in ('waiting', 'running', 'ready', 'failed')),
  file        text not null unique,             -- its name in the blob store, which nobody can guess
  done        integer not null default 0,       -- of total parts
  total       integer not null default 0,       -- 0: not counted yet
  bytes       bigint not null default 0,
  created_at  timestamptz not null default now(),
  finished_at timestamptz,                      -- ready or failed
  expires_at  timestamptz                       -- when the archive goes; null unless it is ready
);
create unique index exports_at_work on exports (user_id) where state in ('waiting', 'running');
create index exports_user on exports (user_id, created_at);

grant select, insert on exports to hlpfl_app;
grant select, insert, update, delete on exports to hlpfl_system;

-- An account that is to be deleted: when. Until then its owner can still keep it; its
-- profiles are deleted meanwhile, and those are told from ones that were before.
alter table users add column closes_at timestamptz;
create index users_closing on users (closes_at) where closes_at is not null;
alter table profiles add column closed boolean not null default false;

-- What somebody leaves behind for others stays when the user is gone: what they
-- published on another's profile, what was paid (known by Stripe's ids alone).
alter table profile_versions
  alter column published_by drop not null,
  drop constraint profile_versions_published_by_fkey,
  add foreign key (published_by) references users (id) on delete set null;
alter table subscriptions
  alter column user_id drop not null,
  drop constraint subscriptions_user_id_fkey,
  add foreign key (user_id) references users (id) on delete set null;

-- Nobody gets the handle of an account that is gone for as long as one that was left
-- is held: such rows have neither profile nor user.
alter table old_handles
  alter column profile_id drop not null,
  alter column user_id drop not null;

-- Nor the address, which is known by its hash alone.
create table held_emails (
  hash  bytea primary key,                      -- SHA-256 of the address
  until timestamptz not null
);
create index held_emails_until on held_emails (until);
grant select, insert, update, delete on held_emails to hlpfl_system;

-- The log keeps that something was done, and by which id, when the person is gone: no
-- name, no address, no network. What others did stays told, but for the address.
-- +goose StatementBegin
create or replace function audit_log_is_append_only() returns trigger language plpgsql as $$
begin
  -- Set by the function below alone: nobody else has the right to update.
  if tg_op = 'UPDATE' and current_setting('hlpfl.forgetting', true) = 'yes' then
    return null;
  end if;
  raise exception 'the audit log is append only';
end $$;

create function audit_log_forget(gone uuid, addresses text[]) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  address text;
begin
  perform set_config('hlpfl.forgetting', 'yes', true);
  update audit_log
  set before = null, after = null, address_prefix = '',
      subject = case when subject ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then subject else '' end
  where user_id = gone;
  update audit_log
  set address_prefix = ''
  where actor_id = gone
    and user_id is distinct from gone;
  foreach address in array addresses loop
    update audit_log
    set subject = replace(subject, address, 'deleted'),
        before = cast(replace(cast(before as text), address, 'deleted') as jsonb),
        after = cast(replace(cast(after as text), address, 'deleted') as jsonb)
    where strpos(subject, address) > 0
       or strpos(cast(before as text), address) > 0
       or strpos(cast(after as text), address) > 0;
  end loop;
  perform set_config('hlpfl.forgetting', '', true);
end $$;
-- +goose StatementEnd
revoke execute on function audit_log_forget(uuid, text[]) from public;
grant execute on function audit_log_forget(uuid, text[]) to hlpfl_system;
