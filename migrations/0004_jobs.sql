-- +goose Up

-- What is to be done after a commit, or at a time: one row a job, put in by the
-- transaction that wants it done. payload names things by their ids and holds
-- nothing of anybody's own: rows stay for days.
create table jobs (
  id          uuid primary key,
  kind        text not null,
  payload     jsonb not null default '{}',
  once        text unique,                    -- what is asked for under the same words is asked for once
  state       text not null default 'waiting' check (state in ('waiting', 'running', 'done', 'dead')),
  -- When anybody may take it: it is due, or the lease of who has it has run out.
  run_at      timestamptz not null default now(),
  token       bigint not null default 0,      -- raised by every taking; only its bearer may say what came of it
  attempts    integer not null default 0,     -- takings that were not given back
  last_error  text not null default '',
  created_at  timestamptz not null default now(),
  finished_at timestamptz
);
create index jobs_due on jobs (run_at) where state in ('waiting', 'running');
create index jobs_finished on jobs (finished_at) where finished_at is not null;

-- A person's transaction may ask for something and no more.
grant insert on jobs to hlpfl_app;
grant select, insert, update, delete on jobs to hlpfl_system;

-- A picture in the blob store, whoever's it is: its name holds the hash of its
-- content, so that several profiles may share one. The row is committed before the
-- first file is written and goes after the last file went.
create table media_files (
  name       text primary key,
  bytes      bigint not null default 0,       -- of all its files
  touched_at timestamptz not null default now() -- when somebody last set out to store it
);
insert into media_files (name) select distinct name from media;

alter table media
  add foreign key (name) references media_files (name),
  add column wanted_at timestamptz not null default now(), -- when it was last seen to be named by a document, or stored
  drop column widths,                         -- they follow from the name
  drop column alt;                            -- it stands where the picture does, in the document
create index media_name on media (name);
create index media_wanted on media (wanted_at);

grant select, insert, update on media_files to hlpfl_app;
grant select, insert, update, delete on media_files to hlpfl_system;
