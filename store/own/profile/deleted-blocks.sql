-- Blocks that were deleted within the last 30 days.
select jsonb_build_object('id', b.block_id, 'data', b.data, 'deleted_at', b.deleted_at)
from deleted_blocks b
join profiles p on p.id = b.profile_id
where p.user_id = $1
  and b.profile_id = $2
order by b.deleted_at, b.block_id
