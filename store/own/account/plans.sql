-- Plans that were given to you by hand.
select jsonb_build_object('id', id, 'plan', plan, 'reason', reason, 'created_at', created_at, 'ended_at', ended_at)
from grants
where user_id = $1
order by id
