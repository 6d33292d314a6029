-- +goose Up

-- A draft can go public by itself. The schedule belongs to the draft as it was when
-- it was set: any later change of the draft empties publish_version and so calls it
-- off; publish_at stays, for telling so.
alter table profiles
  add column publish_at      timestamptz,
  add column publish_version bigint,                   -- of the save that set it; the job carries it
  add column publish_refused text not null default '', -- why the job could not publish, for people
  add column guide           boolean not null default false; -- the first-run guide is shown

alter table profile_versions
  add column scheduled boolean not null default false; -- it went public by itself

-- A save that was taken back stays until the next edit, for Redo. draft then holds
-- what stood after the save instead of before it.
alter table draft_history
  add column undone boolean not null default false;

-- Blocks that were taken out, each as a document of that one block, so that they can
-- be put back for 30 days, published meanwhile or not.
create table deleted_blocks (
  profile_id uuid not null references profiles (id) on delete cascade,
  block_id   text not null,
  data       jsonb not null,
  deleted_at timestamptz not null default now(),
  primary key (profile_id, block_id)
);
create index deleted_blocks_at on deleted_blocks (deleted_at);

-- Addresses that profiles had before. They lead to the present one for as long as
-- nobody takes them; for 30 days only the user who left one can.
create table old_handles (
  handle     text primary key check (handle = lower(handle)),
  profile_id uuid not null references profiles (id) on delete cascade,
  user_id    uuid not null references users (id) on delete cascade,
  left_at    timestamptz not null default now()
);
create index old_handles_profile on old_handles (profile_id);

grant select, insert, update, delete on deleted_blocks, old_handles to hlpfl_app, hlpfl_system;
grant select on old_handles to hlpfl_public;
