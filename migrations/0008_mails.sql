-- +goose Up

-- A mail to one person. It is written by the job that sends it, from its kind and
-- from what stands here, so no secret ever waits in this table. Rows go after 30 days.
create table mails (
  id         uuid primary key,
  user_id    uuid references users (id) on delete cascade, -- null: to somebody without an account
  to_address text not null,
  kind       text not null,
  data       jsonb not null default '{}',     -- what it tells, by name: texts, and none of them secret
  link       text not null default '',        -- the purpose of the link it carries; '' for none
  state      text not null default 'waiting' check (state in ('waiting', 'sent', 'failed', 'void')), -- void: nobody wants it any more
  attempts   integer not null default 0,
  error      text not null default '',        -- what went wrong last, in the mail server's words
  created_at timestamptz not null default now(),
  sent_at    timestamptz
);
create index mails_user on mails (user_id, created_at desc);
create index mails_created on mails (created_at);

-- What the links in mails stand for. A link proves that whoever follows it reads the
-- mails of an address. It is made at the moment of sending and known by its hash alone.
create table email_links (
  hash       bytea primary key,               -- SHA-256 of 256 random bits
  user_id    uuid not null references users (id) on delete cascade,
  purpose    text not null check (purpose in ('verify', 'sign_in', 'reset', 'change', 'undo')),
  address    text not null,                   -- where it was sent: what it proves
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  used_at    timestamptz
);
create index email_links_user on email_links (user_id, purpose) where used_at is null;
create index email_links_expires on email_links (expires_at);

-- A person's transaction may ask for a mail, and see what became of it.
grant select, insert on mails to hlpfl_app;
grant select, insert, update, delete on mails, email_links to hlpfl_system;
