-- Mails that we sent you within the last 30 days, by kind and by what they told.
select jsonb_build_object(
  'id', id, 'to', to_address, 'kind', kind, 'data', data, 'state', state, 'created_at', created_at, 'sent_at', sent_at)
from mails
where user_id = $1
order by id
