-- Figures by day and link, and what did not count, by its reason; with a plan that has them, by country, device, browser, source and campaign too.
select to_char(v.day, 'YYYY-MM-DD') as day, v.dimension, v.value, v.views, v.visitors, case when $3 then v.clicks_inside else v.clicks end as clicks
from analytics_values v
join profiles p on p.id = v.profile_id
where p.user_id = $1
  and v.profile_id = $2
  and (not $3 or v.dimension in ('link', 'filtered'))
order by v.day, v.dimension, v.value
