-- Figures by hour, of the last 90 days.
select to_char(h.hour at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as hour, h.views, h.visitors, case when $3 then h.clicks_inside else h.clicks end as clicks
from analytics_hours h
join profiles p on p.id = h.profile_id
where p.user_id = $1
  and h.profile_id = $2
order by h.hour
