-- Your API keys, without the keys themselves.
select jsonb_build_object(
  'id', id, 'name', name, 'scopes', scopes, 'profile_id', profile_id, 'ending', ending, 'created_at', created_at,
  'expires_at', expires_at, 'last_used_at', last_used_at, 'ended_at', ended_at)
from api_keys
where user_id = $1
order by id
