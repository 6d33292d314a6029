package store_test

import (
	"context"
	"testing"

	"github.com/jmoiron/sqlx"

	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/internal/testenv"
	"github.com/hlpfl/platform/store"
)

// What a person does may ask for a job and see none; fans cannot even ask.
func TestRolesAndJobs(t *testing.T) {
	t.Parallel()
	owner := sqlx.MustOpen("postgres", testenv.Database(t))
	defer owner.Close()
	owner.SetMaxOpenConns(1)
	for _, c := range []struct {
		role, statement string
		may             bool
	}{
		{"hlpfl_app", `insert into jobs (id, kind) values (gen_random_uuid(), 'x') on conflict do nothing`, true},
		{"hlpfl_app", `select 1 from jobs`, false},
		{"hlpfl_app", `update jobs set state = 'done'`, false},
		{"hlpfl_app", `delete from jobs`, false},
		{"hlpfl_public", `insert into jobs (id, kind) values (gen_random_uuid(), 'x')`, false},
		{"hlpfl_public", `select 1 from jobs`, false},
		{"hlpfl_public", `select 1 from media_files`, false},
		{"hlpfl_app", `delete from media_files`, false},
		{"hlpfl_system", `update jobs set state = 'done', finished_at = now()`, true},
		{"hlpfl_system", `delete from jobs`, true},
	} {
		owner.MustExec(`set role ` + c.role)
		_, err := owner.Exec(c.statement)
		if (err == nil) != c.may {
			t.Errorf("%s: %s: %v", c.role, c.statement, err)
		}
		owner.MustExec(`reset role`)
	}
}

func TestJobsAreAskedForAtBothDoors(t *testing.T) {
	t.Parallel()
	url := testenv.Database(t)
	s, err := store.Open(store.Options{DatabaseURL: url})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	owner := sqlx.MustOpen("postgres", url)
	defer owner.Close()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	hints, err := s.JobHints(ctx)
	if err != nil {
		t.Fatal(err)
	}
	<-hints // once it listens: something may have been missed
	err = s.AsUser(ctx, model.NewUserID(), func(tx *store.UserTx) error {
		if err := tx.Enqueue(ctx, store.NewJob{Kind: "a", Once: "a"}); err != nil {
			return err
		}
		return tx.Enqueue(ctx, store.NewJob{Kind: "a", Once: "a"})
	})
	if err != nil {
		t.Fatal(err)
	}
	<-hints
	var n int
	if err := owner.Get(&n, `select count(*) from jobs where kind = 'a' and state = 'waiting' and payload = '{}'`); err != nil || n != 1 {
		t.Errorf("%d jobs, %v", n, err)
	}
}

func TestEndedJobsAreKeptForAWhile(t *testing.T) {
	t.Parallel()
	url := testenv.Database(t)
	s, err := store.Open(store.Options{DatabaseURL: url})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	owner := sqlx.MustOpen("postgres", url)
	defer owner.Close()
	owner.MustExec(`
		insert into jobs (id, kind, state, finished_at)
		values (gen_random_uuid(), 'old', 'done', now() - interval '8 days'), (gen_random_uuid(), 'new', 'done', now() - interval '6 days'),
		       (gen_random_uuid(), 'old', 'dead', now() - interval '91 days'), (gen_random_uuid(), 'new', 'dead', now() - interval '89 days');
		insert into jobs (id, kind, run_at) values (gen_random_uuid(), 'new', now() - interval '1 year')`)
	var swept int64
	var counts map[string]int
	err = s.System(t.Context(), func(tx *store.SystemTx) (err error) {
		if swept, err = tx.SweepJobs(t.Context()); err != nil {
			return err
		}
		counts, err = tx.JobCounts(t.Context())
		return err
	})
	var old int
	if err == nil {
		err = owner.Get(&old, `select count(*) from jobs where kind = 'old'`)
	}
	if err != nil || swept != 2 || old != 0 || counts["dead"] != 1 || counts["waiting"] != 1 {
		t.Errorf("%v: swept %d, %d of the old are left, counts %v", err, swept, old, counts)
	}
}
