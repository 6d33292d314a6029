-- Counted clicks on all of your pages, by calendar month (UTC).
select to_char(month, 'YYYY-MM') as month, clicks
from click_months
where user_id = $1
order by month
