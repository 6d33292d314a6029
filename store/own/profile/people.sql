-- Who works on it or was asked to, and whom it was offered to.
select jsonb_build_object('kind', 'member', 'user_id', m.user_id, 'role', m.role, 'created_at', m.created_at)
from profile_members m
where m.owner_id = $1
  and m.profile_id = $2
union all
select jsonb_build_object('kind', 'invitation', 'email', i.email, 'role', i.role, 'created_at', i.created_at, 'expires_at', i.expires_at)
from invitations i
where i.owner_id = $1
  and i.profile_id = $2
union all
select jsonb_build_object('kind', 'transfer', 'user_id', t.user_id, 'created_at', t.created_at, 'expires_at', t.expires_at)
from transfers t
where t.owner_id = $1
  and t.profile_id = $2
