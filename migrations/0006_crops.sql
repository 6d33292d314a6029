-- +goose Up

-- A picture that was cut out of another one of its profile: which one, and where, in
-- that one's pixels. For as long as the profile has the cut one it has the whole one
-- too, so that every cut can be taken back.
alter table media
  add column cropped_from text,
  add column crop         integer[],       -- left, top, width, height
  add check ((cropped_from is null) = (crop is null)),
  add check (cropped_from <> name);
create index media_cropped on media (profile_id, cropped_from) where cropped_from is not null;
