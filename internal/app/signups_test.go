package app_test

import (
	"testing"

	"github.com/hlpfl/platform/internal/app"
	"github.com/hlpfl/platform/store"
	"github.com/hlpfl/platform/tests/program"
)

func TestASpikeOfSignUpsIsToldOnce(t *testing.T) {
	t.Parallel()
	p := program.Start(t, program.Options{})
	p.Register(t, "boss@example.com")
	if err := p.App.SetAdmin(t.Context(), "boss@example.com", true); err != nil {
		t.Fatal(err)
	}
	told := func(made int, ago string) (mails int) {
		t.Helper()
		err := p.App.Store().System(t.Context(), func(tx *store.SystemTx) error {
			_, err := tx.ExecContext(t.Context(), `insert into users (id, email, created_at) select gen_random_uuid(), gen_random_uuid() || '@example.com', now() - cast($2 as interval) from generate_series(1, $1)`, made, ago)
			if err != nil {
				return err
			}
			if err := app.TellOfSignUps(t.Context(), tx); err != nil {
				return err
			}
			return tx.GetContext(t.Context(), &mails, `select count(*) from mails where kind = 'signup_spike'`)
		})
		if err != nil {
			t.Fatal(err)
		}
		return mails
	}
	if n := told(20, "5 minutes"); n != 0 {
		t.Errorf("few accounts: %d mails", n)
	}
	if n := told(167*8, "3 days"); n != 0 {
		t.Errorf("a busy week: %d mails", n)
	}
	if n := told(15, "5 minutes"); n != 0 {
		t.Errorf("no more than usual: %d mails", n)
	}
	if n := told(30, "5 minutes"); n != 1 {
		t.Errorf("a spike: %d mails", n)
	}
	if n := told(30, "5 minutes"); n != 1 {
		t.Errorf("the same spike later: %d mails", n)
	}
	p.Box.Wait(t, 1, "boss@example.com", "Many new accounts at once")
}
