package store

import (
	"context"
	"time"
)

// Salt is the secret behind the visitors' hashes of one calendar date.
type Salt struct {
	Day  time.Time `db:"day"` // midnight UTC
	Salt []byte    `db:"salt"`
}

// Salts gives the salts from one day to another, both inclusive. Days that have
// none yet get those in offer; whoever comes first decides for all replicas.
func (tx *SystemTx) Salts(ctx context.Context, from, to time.Time, offer []Salt) ([]Salt, error) {
	for _, s := range offer {
		_, err := tx.ExecContext(ctx, `
			insert into visitor_salts (day, salt)
			values ($1, $2)
			on conflict (day) do nothing`, s.Day.Format(time.DateOnly), s.Salt)
		if err != nil {
			return nil, err
		}
	}
	var salts []Salt
	err := tx.SelectContext(ctx, &salts, `
		select day, salt
		from visitor_salts
		where day between $1 and $2`, from.Format(time.DateOnly), to.Format(time.DateOnly))
	return salts, err
}

// ForgetSalts throws away the salts of days before one: from then on nobody can
// tell who a visitor of those days was.
func (tx *SystemTx) ForgetSalts(ctx context.Context, before time.Time) error {
	_, err := tx.ExecContext(ctx, `delete from visitor_salts where day < $1`, before.Format(time.DateOnly))
	return err
}
