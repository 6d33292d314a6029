-- Pages that you were asked to work on and did not answer yet.
select jsonb_build_object(
  'id', i.id, 'profile_name', i.profile_name, 'handle', i.handle, 'owner_name', i.owner_name, 'role', i.role,
  'created_at', i.created_at, 'expires_at', i.expires_at)
from invitations i
join users u on u.email = i.email
where u.id = $1
order by i.id
