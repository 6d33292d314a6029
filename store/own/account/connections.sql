-- Accounts elsewhere that you sign in with.
select jsonb_build_object('provider', provider, 'subject', subject, 'email', email, 'created_at', created_at, 'used_at', used_at)
from identities
where user_id = $1
order by provider
