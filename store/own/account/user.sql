-- You, as we know you.
select jsonb_build_object(
  'id', id, 'email', email, 'email_verified_at', email_verified_at, 'name', name, 'plan', subscription_tier,
  'language', language, 'time_zone', time_zone, 'is_admin', is_admin, 'has_password', password_hash is not null,
  'password_set_at', password_set_at, 'suspended_at', suspended_at, 'closes_at', closes_at,
  'created_at', created_at, 'updated_at', updated_at)
from users
where id = $1
