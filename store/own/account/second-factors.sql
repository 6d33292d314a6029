-- Your passkeys, your authenticator app and your recovery codes, without what opens anything.
select jsonb_build_object(
  'kind', 'passkey', 'id', id, 'name', name, 'backed_up', backed_up, 'created_at', created_at, 'last_used_at', last_used_at)
from passkeys
where user_id = $1
union all
select jsonb_build_object('kind', 'app', 'created_at', created_at, 'confirmed_at', confirmed_at)
from totp_secrets
where user_id = $1
union all
select jsonb_build_object('kind', 'recovery_code', 'created_at', created_at, 'used_at', used_at)
from recovery_codes
where user_id = $1
