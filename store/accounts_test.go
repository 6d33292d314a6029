package store_test

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/internal/plans"
	"github.com/hlpfl/platform/internal/testenv"
	"github.com/hlpfl/platform/store"
)

// accounts is a store with a few users, and the way behind its back.
type accounts struct {
	*store.Store
	t  *testing.T
	db *sql.DB
}

func openAccounts(t *testing.T) accounts {
	t.Helper()
	address := testenv.Database(t)
	s, err := store.Open(store.Options{DatabaseURL: address})
	if err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("postgres", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close(); db.Close() })
	return accounts{s, t, db}
}

func (a accounts) user(email string) model.UserID {
	a.t.Helper()
	u := model.User{ID: model.NewUserID(), Email: email, Language: "en", TimeZone: "UTC"}
	a.system(func(ctx context.Context, tx *store.SystemTx) error { return tx.AddUser(ctx, u, "") })
	return u.ID
}

func (a accounts) profile(user model.UserID, handle string) model.ProfileID {
	a.t.Helper()
	id := model.NewProfileID()
	a.exec(`insert into profiles (id, user_id, handle, profile_name, profile_data) values ($1, $2, $3, 'X', '{}')`, id, user, handle)
	return id
}

func (a accounts) system(f func(context.Context, *store.SystemTx) error) {
	a.t.Helper()
	ctx := a.t.Context()
	if err := a.System(ctx, func(tx *store.SystemTx) error { return f(ctx, tx) }); err != nil {
		a.t.Fatal(err)
	}
}

func (a accounts) exec(query string, args ...any) {
	a.t.Helper()
	if _, err := a.db.Exec(query, args...); err != nil {
		a.t.Fatal(err)
	}
}

func (a accounts) text(query string, args ...any) string {
	a.t.Helper()
	var v sql.NullString
	if err := a.db.QueryRow(query, args...).Scan(&v); err != nil {
		a.t.Fatal(err)
	}
	return v.String
}

// grant gives a plan by hand.
func (a accounts) grant(user model.UserID, plan plans.Plan) plans.Plan {
	a.t.Helper()
	var got plans.Plan
	a.system(func(ctx context.Context, tx *store.SystemTx) (err error) {
		got, err = tx.GrantPlan(ctx, user, plan, "for a test")
		return err
	})
	return got
}

func TestGrantWritesThePlanEverywhere(t *testing.T) {
	t.Parallel()
	a := openAccounts(t)
	ines, jo := a.user("ines@example.com"), a.user("jo@example.com")
	a.profile(ines, "ines")
	a.profile(ines, "ines-live")
	a.profile(jo, "jo")

	if got := a.grant(ines, plans.Business); got != plans.Business {
		t.Errorf("the plan is %s", got)
	}
	const shown = `select string_agg(handle || '=' || p.plan, ' ' order by handle) from profiles p`
	const changed = `select string_agg(distinct handle, ' ') from profile_changes`
	if got := a.text(shown); got != "ines=business ines-live=business jo=free" {
		t.Errorf("profiles: %s", got)
	}
	if got := a.text(changed); got != "ines ines-live" {
		t.Errorf("changes are noted for: %s", got)
	}
	// Another grant replaces the first one; free takes it back.
	if got := a.grant(ines, plans.Artist); got != plans.Artist {
		t.Errorf("the plan is %s", got)
	}
	if got := a.grant(ines, plans.Free); got != plans.Free {
		t.Errorf("the plan is %s", got)
	}
	if got := a.text(`select subscription_tier || ' ' || (select count(*) from grants where ended_at is null) from users where id = $1`, ines); got != "free 0" {
		t.Errorf("at the end: %s", got)
	}
	if got := a.text(shown); got != "ines=free ines-live=free jo=free" {
		t.Errorf("profiles: %s", got)
	}
	if got := a.text(`select string_agg((before->>'plan') || '>' || (after->>'plan') || ':' || subject, ' ' order by at, id) from audit_log where action = 'plan.granted'`); got != "free>business:for a test business>artist:for a test artist>free:for a test" {
		t.Errorf("audit log: %s", got)
	}
	// What changes nothing is noted nowhere.
	before := a.text(`select count(*) from profile_changes`)
	a.grant(ines, plans.Free)
	if got := a.text(`select count(*) from profile_changes`); got != before {
		t.Error("fans are told of a plan that stayed")
	}
}

func TestAuditLogIsAppendOnly(t *testing.T) {
	t.Parallel()
	a := openAccounts(t)
	user := a.user("ines@example.com")
	a.grant(user, plans.Artist)
	for _, query := range []string{`update audit_log set action = 'x'`, `delete from audit_log`, `truncate audit_log`} {
		if _, err := a.db.Exec(query); err == nil {
			t.Errorf("the owner may %s", query)
		}
	}
	for _, role := range []string{"hlpfl_app", "hlpfl_system", "hlpfl_public"} {
		if got := a.text(`select has_table_privilege($1, 'audit_log', 'update,delete,truncate')`, role); got != "false" {
			t.Errorf("%s may change it", role)
		}
	}
	// A line stands or falls with what it tells.
	undone := errors.New("undone")
	err := a.AsUser(t.Context(), user, func(tx *store.UserTx) error {
		if err := tx.Audit(t.Context(), store.Entry{Actor: user, User: user, Action: "test.undone"}); err != nil {
			return err
		}
		return undone
	})
	if !errors.Is(err, undone) || a.text(`select count(*) from audit_log where action = 'test.undone'`) != "0" {
		t.Errorf("what was undone is told: %v", err)
	}
}

func TestAddressesAreUnique(t *testing.T) {
	t.Parallel()
	a := openAccounts(t)
	a.user("ines@example.com")
	err := a.System(t.Context(), func(tx *store.SystemTx) error {
		return tx.AddUser(t.Context(), model.User{ID: model.NewUserID(), Email: "ines@example.com"}, "")
	})
	if model.KindOf(err) != model.KindTaken {
		t.Errorf("a second account: %v", err)
	}
	err = a.System(t.Context(), func(tx *store.SystemTx) error {
		_, err := tx.AnyUserByEmail(t.Context(), "nobody@example.com")
		if model.KindOf(err) != model.KindNotFound {
			t.Errorf("nobody: %v", err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestSessionsOfOthersAreOutOfReach(t *testing.T) {
	t.Parallel()
	a := openAccounts(t)
	ines, jo := a.user("ines@example.com"), a.user("jo@example.com")
	session := model.NewSessionID()
	a.system(func(ctx context.Context, tx *store.SystemTx) error {
		return tx.AddSession(ctx, store.NewSession{ID: session, User: ines, Door: store.DoorWeb, Device: "Safari"})
	})
	err := a.AsUser(t.Context(), jo, func(tx *store.UserTx) error {
		list, err := tx.Sessions(t.Context(), store.SessionPage{Limit: 9})
		if len(list) != 0 || err != nil {
			t.Errorf("sees %v, %v", list, err)
		}
		if n, err := tx.EndOtherSessions(t.Context(), model.NewSessionID(), "x"); n != 0 || err != nil {
			t.Errorf("ended %d, %v", n, err)
		}
		return tx.EndSession(t.Context(), session, "x")
	})
	if model.KindOf(err) != model.KindNotFound {
		t.Errorf("ending somebody else's: %v", err)
	}
	u, ok, err := a.SignedIn(t.Context(), session, store.DoorWeb)
	if !ok || err != nil || u.ID != ines {
		t.Errorf("the session: %v %v", ok, err)
	}
	if _, ok, _ := a.SignedIn(t.Context(), session, store.DoorAPI); ok {
		t.Error("a browser's session opens the API")
	}
	// It cannot outlive its absolute limit: that was set when it began.
	left := a.text(`select extract(epoch from expires_at - created_at)::bigint from sessions`)
	if left != "7776000" || store.SessionAbsolute != 90*24*time.Hour || store.SessionIdle != 14*24*time.Hour {
		t.Errorf("a session lasts %s seconds", left)
	}
}

func TestSweeps(t *testing.T) {
	t.Parallel()
	a := openAccounts(t)
	user := a.user("ines@example.com")
	ids := map[string]model.SessionID{}
	for name, how := range map[string]string{
		"alive":          `last_seen_at = now()`,
		"ended long ago": `ended_at = now() - interval '31 days'`,
		"ended lately":   `ended_at = now() - interval '1 day'`,
		"expired":        `expires_at = now() - interval '31 days'`,
		"unused":         `last_seen_at = now() - interval '45 days'`,
	} {
		ids[name] = model.NewSessionID()
		a.system(func(ctx context.Context, tx *store.SystemTx) error {
			if err := tx.AddSession(ctx, store.NewSession{ID: ids[name], User: user, Door: store.DoorAPI}); err != nil {
				return err
			}
			return tx.AddRefreshToken(ctx, ids[name], []byte(name))
		})
		a.exec(`update sessions set `+how+`, device = $2 where id = $1`, ids[name], name)
	}
	a.exec(`insert into idempotency_keys (user_id, key, request_hash, created_at) values ($1, 'old', '', now() - interval '25 hours'), ($1, 'new', '', now())`, user)
	a.system(func(ctx context.Context, tx *store.SystemTx) error {
		if n, err := tx.SweepSessions(ctx); n != 3 || err != nil {
			t.Errorf("swept %d sessions, %v", n, err)
		}
		if n, err := tx.SweepAnswers(ctx); n != 1 || err != nil {
			t.Errorf("swept %d answers, %v", n, err)
		}
		return nil
	})
	if got := a.text(`select string_agg(device, ', ' order by device) from sessions`); got != "alive, ended lately" {
		t.Errorf("left: %s", got)
	}
	if got := a.text(`select count(*) from refresh_tokens`); got != "2" {
		t.Errorf("%s refresh tokens are left", got)
	}
}

func TestClaims(t *testing.T) {
	t.Parallel()
	a := openAccounts(t)
	ines, jo := a.user("ines@example.com"), a.user("jo@example.com")
	claim := func(user model.UserID, key, request string) (state store.ClaimState, kept store.Answer) {
		t.Helper()
		err := a.AsUser(t.Context(), user, func(tx *store.UserTx) (err error) {
			state, kept, err = tx.Claim(t.Context(), key, []byte(request))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return state, kept
	}
	as := func(f func(*store.UserTx) error) {
		t.Helper()
		if err := a.AsUser(t.Context(), ines, f); err != nil {
			t.Fatal(err)
		}
	}
	want := func(what string, got, want store.ClaimState) {
		t.Helper()
		if got != want {
			t.Errorf("%s: %d, want %d", what, got, want)
		}
	}
	s, _ := claim(ines, "k", "r")
	want("first", s, store.ClaimMine)
	s, _ = claim(ines, "k", "r")
	want("while at work", s, store.ClaimAtWork)
	s, _ = claim(ines, "k", "other")
	want("another request", s, store.ClaimAnother)
	s, _ = claim(jo, "k", "other")
	want("another user's", s, store.ClaimMine)
	as(func(tx *store.UserTx) error { return tx.ReleaseClaim(t.Context(), "k") })
	s, _ = claim(ines, "k", "other")
	want("given back", s, store.ClaimMine)
	as(func(tx *store.UserTx) error {
		return tx.KeepAnswer(t.Context(), "k", store.Answer{Status: 201, Body: []byte(`{"id":1}`)})
	})
	s, kept := claim(ines, "k", "other")
	want("done", s, store.ClaimDone)
	if kept.Status != 201 || string(kept.Body) != `{"id":1}` {
		t.Errorf("kept %d %s", kept.Status, kept.Body)
	}
	as(func(tx *store.UserTx) error { return tx.ReleaseClaim(t.Context(), "k") })
	s, _ = claim(ines, "k", "other")
	want("what is done is not given back", s, store.ClaimDone)
	a.exec(`update idempotency_keys set created_at = now() - interval '24 hours 1 second'`)
	s, _ = claim(ines, "k", "third")
	want("after a day", s, store.ClaimMine)
	a.exec(`update idempotency_keys set created_at = now() - interval '2 minutes'`)
	s, _ = claim(ines, "k", "third")
	want("its process died", s, store.ClaimMine)
}

func TestRefreshTokenOfADeadSessionIsUnknown(t *testing.T) {
	t.Parallel()
	a := openAccounts(t)
	user := a.user("ines@example.com")
	for i, how := range []string{`ended_at = now()`, `expires_at = now()`, `last_seen_at = now() - interval '14 days'`, `door = 'web'`} {
		session, hash := model.NewSessionID(), []byte(strings.Repeat("h", i+1))
		a.system(func(ctx context.Context, tx *store.SystemTx) error {
			if err := tx.AddSession(ctx, store.NewSession{ID: session, User: user, Door: store.DoorAPI}); err != nil {
				return err
			}
			return tx.AddRefreshToken(ctx, session, hash)
		})
		a.exec(`update sessions set `+how+` where id = $1`, session)
		a.system(func(ctx context.Context, tx *store.SystemTx) error {
			state, _, _, err := tx.UseRefreshToken(ctx, hash)
			if state != store.RefreshUnknown {
				t.Errorf("%s: %d", how, state)
			}
			return err
		})
	}
}
