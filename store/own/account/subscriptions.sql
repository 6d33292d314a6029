-- What you pay for, as Stripe knows it.
select jsonb_build_object(
  'id', id, 'stripe_customer_id', stripe_customer_id, 'stripe_subscription_id', stripe_subscription_id, 'status', status,
  'current_period_end', current_period_end, 'created_at', created_at)
from subscriptions
where user_id = $1
order by id
