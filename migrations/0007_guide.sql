-- +goose Up

-- The step "Pick a theme" of the first-run guide is done: a theme was chosen, the one
-- that stood included, or the page was published as it was.
alter table profiles
  add column guide_theme boolean not null default false;
