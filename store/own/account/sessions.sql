-- Where you signed in, and from which network.
select jsonb_build_object(
  'id', id, 'door', door, 'device', device, 'network', address_prefix, 'methods', methods, 'created_at', created_at,
  'last_seen_at', last_seen_at, 'proved_at', proved_at, 'expires_at', expires_at, 'ended_at', ended_at, 'end_reason', end_reason)
from sessions
where user_id = $1
order by id
