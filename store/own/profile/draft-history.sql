-- The steps of the draft that Undo and Redo know.
select jsonb_build_object(
  'version', h.version, 'draft', h.draft, 'draft_name', h.draft_name, 'kind', h.kind, 'subject', h.subject, 'title', h.title,
  'undone', h.undone, 'at', h.at)
from draft_history h
join profiles p on p.id = h.profile_id
where p.user_id = $1
  and h.profile_id = $2
order by h.version
