-- +goose Up

-- What Undo takes back: the draft as it was before each of its last saves. Cleared
-- when something is published.
create table draft_history (
  profile_id uuid not null references profiles (id) on delete cascade,
  version    bigint not null,                -- the version that the save made
  draft      jsonb,                          -- before it; null: there was none
  draft_name text,
  kind       text not null,                  -- what the save did, for people: model.EditKind
  subject    text not null default '',       -- the block or social it did it to
  title      text not null default '',       -- what that is called
  typing     boolean not null default false, -- it came by itself while somebody typed
  at         timestamptz not null default now(),
  primary key (profile_id, version)
);

grant select, insert, update, delete on draft_history to hlpfl_app, hlpfl_system;
