package store

import (
	"context"
	"time"

	"github.com/lib/pq"

	"github.com/hlpfl/platform/internal/model"
)

// SignUps is how many accounts were made lately.
type SignUps struct {
	Hour     int            `db:"hour"`     // in the last one
	Usual    float64        `db:"usual"`    // in an hour of the week before it
	Networks pq.StringArray `db:"networks"` // where most of the last hour's came from, at most three
}

// Spike reports whether that is far more than usual: at least 30, and five times as many.
func (s SignUps) Spike() bool { return s.Hour >= 30 && float64(s.Hour) >= 5*s.Usual }

// SignUps counts them.
func (tx *SystemTx) SignUps(ctx context.Context) (s SignUps, err error) {
	err = tx.GetContext(ctx, &s, `
		select count(*) filter (where created_at > now() - interval '1 hour') as hour,
		       cast(count(*) filter (where created_at <= now() - interval '1 hour') as double precision) / 167 as usual,
		       array(
		         select address_prefix
		         from audit_log
		         where action = 'user.registered'
		           and at > now() - interval '1 hour'
		           and address_prefix <> ''
		         group by address_prefix
		         order by count(*) desc, address_prefix
		         limit 3) as networks
		from users
		where created_at > now() - interval '168 hours'`)
	return s, err
}

// AuditedSince reports whether something was done in a time that is over since.
func (tx *SystemTx) AuditedSince(ctx context.Context, action string, ago time.Duration) (was bool, err error) {
	err = tx.GetContext(ctx, &was, `
		select exists (
		  select 1
		  from audit_log
		  where action = $1
		    and at > now() - make_interval(secs => $2))`, action, ago.Seconds())
	return was, err
}

// Admins lists those who run HLPFL.
func (tx *SystemTx) Admins(ctx context.Context) (list []model.UserID, err error) {
	err = tx.SelectContext(ctx, &list, `
		select id
		from users
		where is_admin
		  and suspended_at is null`)
	return list, err
}
