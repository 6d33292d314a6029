-- Other people's pages that you work on.
select jsonb_build_object(
  'profile_id', m.profile_id, 'handle', p.handle, 'profile_name', p.profile_name, 'role', m.role, 'created_at', m.created_at)
from profile_members m
join profiles p on p.id = m.profile_id
where m.user_id = $1
order by m.profile_id
