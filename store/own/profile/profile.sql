-- The page: its settings, what is published, and the draft.
select jsonb_build_object(
  'id', id, 'handle', handle, 'profile_name', profile_name, 'profile_data', profile_data, 'draft', draft, 'draft_name', draft_name,
  'version', version, 'is_active', is_active, 'time_zone', time_zone, 'plan', plan, 'custom_domain', custom_domain,
  'publish_at', publish_at, 'published_at', published_at, 'suspended_at', suspended_at, 'deleted_at', deleted_at,
  'created_at', created_at, 'updated_at', updated_at)
from profiles
where user_id = $1
  and id = $2
