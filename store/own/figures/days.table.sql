-- Figures by day, of the page's time zone.
select to_char(d.day, 'YYYY-MM-DD') as day, d.views, d.visitors, case when $3 then d.clicks_inside else d.clicks end as clicks
from analytics_days d
join profiles p on p.id = d.profile_id
where p.user_id = $1
  and d.profile_id = $2
order by d.day
