-- +goose Up

-- The log is read by whom it is about, by who did it and by what was done, the newest
-- first; ids are made in the order of time.
drop index audit_log_user;
create index audit_log_user on audit_log (user_id, id);
create index audit_log_actor on audit_log (actor_id, id);
create index audit_log_action on audit_log (action, id);

-- How many accounts were made lately: what is watched for spikes.
create index users_created on users (created_at);
