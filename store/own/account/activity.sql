-- What was done with your account, by whom and when.
select jsonb_build_object(
  'id', id, 'at', at, 'actor_id', actor_id, 'action', action, 'subject', subject, 'before', before, 'after', after,
  'network', address_prefix)
from audit_log
where user_id = $1
order by id
