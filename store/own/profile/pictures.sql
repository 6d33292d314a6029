-- Its pictures, by the names that the documents give them; the files are in media/.
select jsonb_build_object('name', m.name, 'cropped_from', m.cropped_from, 'crop', m.crop, 'created_at', m.created_at)
from media m
join profiles p on p.id = m.profile_id
where p.user_id = $1
  and m.profile_id = $2
order by m.name
