package store_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/hlpfl/platform/internal/testenv"
	"github.com/hlpfl/platform/store"
)

func TestInboxTakesManyPacks(t *testing.T) {
	t.Parallel()
	url := testenv.Database(t)
	s, err := store.Open(store.Options{DatabaseURL: url})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	inbox, err := s.Inbox(time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	defer inbox.Close()
	var packs [][]byte
	for n := range 37 {
		packs = append(packs, []byte{byte(n), 0, 0xff, '\\', '\''})
	}
	for _, n := range []int{0, 1, 16, 17, 37, 16} {
		if err := inbox.Add(context.Background(), packs[:n]...); err != nil {
			t.Fatal(err)
		}
	}
	owner := sqlx.MustOpen("postgres", url)
	defer owner.Close()
	var rows, differ int
	if err := errors.Join(
		owner.Get(&rows, `select count(*) from event_inbox`),
		owner.Get(&differ, `select count(*) from event_inbox where substring(batch from 2) <> '\x00ff5c27'`)); err != nil {
		t.Fatal(err)
	}
	if rows != 87 || differ != 0 {
		t.Errorf("%d rows, want 87; %d of them differ from what was sent", rows, differ)
	}
}

// The fans' role may put events in and read nothing; what a person does cannot
// reach raw events; nobody but the worker's role empties the inbox.
func TestRolesAndEvents(t *testing.T) {
	t.Parallel()
	owner := sqlx.MustOpen("postgres", testenv.Database(t))
	defer owner.Close()
	owner.SetMaxOpenConns(1)
	for _, c := range []struct {
		role, statement string
		may             bool
	}{
		{"hlpfl_public", `insert into event_inbox (batch) values ('x')`, true},
		{"hlpfl_public", `insert into event_inbox (batch, at) values ('x', now())`, false},
		{"hlpfl_public", `select batch from event_inbox`, false},
		{"hlpfl_public", `delete from event_inbox`, false},
		{"hlpfl_public", `select count(*) from analytics`, false},
		{"hlpfl_public", `select count(*) from analytics_days`, false},
		{"hlpfl_public", `select salt from visitor_salts`, false},
		{"hlpfl_public", `select analytics_make_month('2026-01-01')`, false},
		{"hlpfl_app", `select count(*) from analytics_days`, true},
		{"hlpfl_app", `update analytics_days set clicks = 0`, false},
		{"hlpfl_app", `select count(*) from analytics`, false},
		{"hlpfl_app", `select count(*) from events_set_aside`, false},
		{"hlpfl_app", `select salt from visitor_salts`, false},
		{"hlpfl_app", `select batch from event_inbox`, false},
		{"hlpfl_system", `delete from event_inbox`, true},
		{"hlpfl_system", `update analytics set country = ''`, false},
		{"hlpfl_system", `delete from analytics`, false},
		{"hlpfl_system", `drop table analytics`, false},
		{"hlpfl_system", `select analytics_make_month('2026-01-01')`, true},
	} {
		owner.MustExec(`set role ` + c.role)
		_, err := owner.Exec(c.statement)
		owner.MustExec(`reset role`)
		var denied *pq.Error
		switch {
		case c.may && err != nil:
			t.Errorf("%s may not %s: %v", c.role, c.statement, err)
		case !c.may && !(errors.As(err, &denied) && denied.Code == "42501"):
			t.Errorf("%s may %s (%v)", c.role, c.statement, err)
		}
	}
}
