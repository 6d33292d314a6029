-- Every publish, the oldest first.
select jsonb_build_object(
  'version', v.version, 'profile_name', v.profile_name, 'profile_data', v.profile_data, 'published_by', v.published_by,
  'published_at', v.published_at, 'scheduled', v.scheduled)
from profile_versions v
join profiles p on p.id = v.profile_id
where p.user_id = $1
  and v.profile_id = $2
order by v.version
