-- Addresses that it had before.
select jsonb_build_object('handle', o.handle, 'left_at', o.left_at)
from old_handles o
join profiles p on p.id = o.profile_id
where p.user_id = $1
  and o.profile_id = $2
order by o.left_at
