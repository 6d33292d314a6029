package account

import (
	"io/fs"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hlpfl/platform/tests/program"
)

// files are all files in the blob store.
func (h house) files(t *testing.T) (names []string) {
	t.Helper()
	err := filepath.WalkDir(h.blobs, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			names = append(names, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// remove lets the worker remove whose grace is over, and waits for it.
func (h house) remove(t *testing.T) {
	t.Helper()
	id := get[string](t, h, `insert into jobs (id, kind) values (gen_random_uuid(), 'remove.accounts') returning id`)
	await(t, "the removal", func() bool { return get[string](t, h, `select state from jobs where id = $1`, id) == "done" })
}

// named tells in which tables a text stands, in whatever column.
func (h house) named(t *testing.T, text string, but ...string) (tables []string) {
	t.Helper()
	var all []string
	if err := h.db.Select(&all, `select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' order by 1`); err != nil {
		t.Fatal(err)
	}
	if len(all) < 30 {
		t.Fatalf("only %v", all)
	}
	for _, table := range all {
		skip := false
		for _, b := range but {
			skip = skip || b == table
		}
		if !skip && get[int](t, h, `select count(*) from `+table+` t where strpos(cast(t as text), $1) > 0`, text) > 0 {
			tables = append(tables, table)
		}
	}
	return tables
}

func TestAnAccountThatIsToBeDeletedIsOffAndCanBeKept(t *testing.T) {
	t.Parallel()
	h := open(t)
	ines := h.Register(t, "ines@example.com")
	if err := h.App.GrantPlan(t.Context(), "ines@example.com", "business", "a test"); err != nil {
		t.Fatal(err)
	}
	ines.Profile("ines-page")
	before := ines.Profile("deleted-before")["id"].(string)
	want(t, ines.Do("DELETE", "/api/profiles/"+before, nil), http.StatusNoContent)
	key := h.Client(t)
	key.Token = want(t, ines.Do("POST", "/api/keys", map[string]any{"name": "x", "scopes": []string{"profiles:read"}}), http.StatusCreated).JSON(t)["key"].(string)
	browser, elsewhere := h.SignIn(t, "ines@example.com"), h.SignIn(t, "ines@example.com")
	page := func(status int) {
		t.Helper()
		await(t, "the page to answer so", func() bool { return h.Client(t).Do("GET", "/ines-page", nil).Status == status })
	}
	page(http.StatusOK)

	// The address has to be typed, and it needs a fresh proof.
	want(t, browser.Do("GET", "/dashboard/account/delete", nil), http.StatusOK)
	for _, wrong := range []string{"", "jo@example.com", "ines@example", strings.Repeat("x", 10_000)} {
		want(t, browser.Do("POST", "/dashboard/account/delete", url.Values{"email": {wrong}}), http.StatusUnprocessableEntity)
	}
	h.db.MustExec(`update sessions set proved_at = now() - interval '11 minutes'`)
	if a := want(t, browser.Do("POST", "/dashboard/account/delete", url.Values{"email": {"ines@example.com"}}), http.StatusSeeOther); !strings.HasPrefix(a.Header.Get("Location"), "/dashboard/confirm") {
		t.Errorf("sent to %s", a.Header.Get("Location"))
	}
	want(t, ines.Do("DELETE", "/api/account", nil), http.StatusForbidden)
	want(t, key.Do("DELETE", "/api/account", nil), http.StatusForbidden)
	h.db.MustExec(`update sessions set proved_at = now()`)
	if n := get[int](t, h, `select count(*) from users where closes_at is not null`); n != 0 {
		t.Fatal("it is to be deleted all the same")
	}
	if a := want(t, browser.Do("POST", "/dashboard/account/delete", url.Values{"email": {" Ines@Example.com "}}), http.StatusSeeOther); a.Header.Get("Location") != "/dashboard/account/closing" {
		t.Errorf("sent to %s", a.Header.Get("Location"))
	}
	day := get[time.Time](t, h, `select closes_at from users`)
	if in := time.Until(day); in < 335*time.Hour || in > 336*time.Hour {
		t.Errorf("it goes in %v", in)
	}
	// At once: the page, the other sessions, the tokens, the keys.
	page(http.StatusNotFound)
	want(t, elsewhere.Do("GET", "/dashboard", nil), http.StatusSeeOther)
	want(t, ines.Do("GET", "/api/me", nil), http.StatusUnauthorized)
	want(t, key.Do("GET", "/api/profiles", nil), http.StatusUnauthorized)
	if m := h.Box.Wait(t, 1, "ines@example.com", "Your account is to be deleted"); !strings.Contains(m.Text, day.UTC().Format("2 January 2006")) || !strings.Contains(m.Text, "%2Fdashboard%2Faccount%2Fclosing") {
		t.Errorf("the mail reads %s", m.Text)
	}
	// Nothing works but to keep it, at both doors, for whoever signs in anew too.
	again, api := h.SignIn(t, "ines@example.com"), h.token(t, "ines@example.com")
	for _, path := range []string{"/dashboard", "/dashboard/account", "/dashboard/account/data", "/dashboard/account/keys/new"} {
		if a := want(t, again.Do("GET", path, nil), http.StatusSeeOther); a.Header.Get("Location") != "/dashboard/account/closing" {
			t.Errorf("%s leads to %s", path, a.Header.Get("Location"))
		}
	}
	want(t, again.Do("POST", "/dashboard/account", url.Values{"name": {"X"}}), http.StatusSeeOther)
	if a := want(t, again.Do("GET", "/dashboard/account/closing", nil), http.StatusOK); !strings.Contains(string(a.Body), "Keep my account") {
		t.Errorf("the page says %s", a.Body)
	}
	for _, ask := range [][2]string{{"POST", "/api/profiles"}, {"GET", "/api/profiles"}, {"PATCH", "/api/me"}, {"DELETE", "/api/account"}, {"POST", "/api/account/export"}} {
		if a := want(t, api.Do(ask[0], ask[1], nil), http.StatusForbidden); a.JSON(t)["type"] != "/problems/account-closing" {
			t.Errorf("%v: %s", ask, a.Body)
		}
	}
	if a := want(t, api.Do("GET", "/api/me", nil), http.StatusOK).JSON(t); a["closes_at"] == nil || a["name"] != "Test Person" {
		t.Errorf("told %v", a)
	}
	h.remove(t) // the grace is not over
	// Kept: the page is back, one that was deleted before is not.
	if a := want(t, again.Do("POST", "/dashboard/account/restore", nil), http.StatusSeeOther); a.Header.Get("Location") != "/dashboard/account?done=kept" {
		t.Errorf("sent to %s", a.Header.Get("Location"))
	}
	page(http.StatusOK)
	want(t, api.Do("POST", "/api/account/restore", nil), http.StatusNoContent) // once more changes nothing
	want(t, api.Do("GET", "/api/profiles/"+before, nil), http.StatusNotFound)
	for _, action := range []string{"deletion.asked", "deletion.cancelled"} {
		if n := get[int](t, h, `select count(*) from audit_log where action = $1`, action); n != 1 {
			t.Errorf("%d lines of %s", n, action)
		}
	}
}

func TestAnAdminsAccountIsNotDeleted(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.Register(t, "boss@example.com")
	if err := h.App.SetAdmin(t.Context(), "boss@example.com", true); err != nil {
		t.Fatal(err)
	}
	want(t, h.token(t, "boss@example.com").Do("DELETE", "/api/account", nil), http.StatusForbidden)
	if n := get[int](t, h, `select count(*) from users where closes_at is not null`); n != 0 {
		t.Error("it is to be deleted all the same")
	}
	// One who became an admin meanwhile stays too.
	h.db.MustExec(`update users set closes_at = now() - interval '1 day'`)
	h.remove(t)
	if n := get[int](t, h, `select count(*) from users`); n != 1 {
		t.Error("the admin is gone")
	}
}

func TestAfterTheGraceNothingIsLeft(t *testing.T) {
	t.Parallel()
	h := open(t)
	const name = "Ines Unmistakable"
	ines, jo := h.Register(t, "ines@example.com"), h.Register(t, "jo@example.com")
	want(t, ines.Do("PATCH", "/api/me", map[string]string{"name": name}), http.StatusOK)
	for _, email := range []string{"ines@example.com", "jo@example.com"} {
		if err := h.App.GrantPlan(t.Context(), email, "business", "a test"); err != nil {
			t.Fatal(err)
		}
	}
	page, jos := ines.Profile("ines-page")["id"].(string), jo.Profile("jo-page")["id"].(string)
	want(t, ines.Do("PUT", "/api/profiles/"+page, map[string]any{"version": 1, "handle": "ines-moved"}), http.StatusOK)
	shared := picture(t, 300)
	upload := func(c *program.Client, page string, what program.Upload) string {
		t.Helper()
		return want(t, c.Do("POST", "/api/profiles/"+page+"/media", what), http.StatusCreated).JSON(t)["id"].(string)
	}
	own, both := upload(ines, page, picture(t, 301)), upload(ines, page, shared)
	upload(jo, jos, shared)
	ready(t, ines)
	want(t, ines.Do("POST", "/api/keys", map[string]any{"name": "x", "scopes": []string{"profiles:read"}}), http.StatusCreated)
	inesID, joID := get[string](t, h, `select id from users where email = 'ines@example.com'`), get[string](t, h, `select id from users where email = 'jo@example.com'`)
	// What other parts of the house keep of a person, and of what the person did elsewhere.
	h.db.MustExec(`insert into profile_members (profile_id, user_id, owner_id, role) values ($1, $2, $3, 'editor')`, jos, inesID, joID)
	h.db.MustExec(`update profile_versions set published_by = $1 where profile_id = $2`, inesID, jos)
	h.db.MustExec(`insert into invitations (id, profile_id, owner_id, email, role, profile_name, handle, owner_name, expires_at)
		values (gen_random_uuid(), $1, $2, 'ines@example.com', 'viewer', 'x', 'x', 'x', now() + interval '1 day')`, jos, joID)
	h.db.MustExec(`insert into subscriptions (id, user_id, stripe_customer_id) values (gen_random_uuid(), $1, 'cus_1')`, inesID)
	h.db.MustExec(`insert into identities (provider, subject, user_id, email) values ('google', 'g', $1, 'ines@example.com')`, inesID)
	h.db.MustExec(`insert into audit_log (id, actor_id, user_id, action, subject, after, address_prefix)
		values (gen_random_uuid(), $1, $2, 'member.invited', 'ines@example.com', '{"email": "ines@example.com", "role": "viewer"}', '192.0.2.0/24')`, inesID, joID)
	h.db.MustExec(`insert into events_set_aside (id, profile_id, reason) values (gen_random_uuid(), $1, 'x')`, page)
	h.db.MustExec(`insert into jobs (id, kind, payload, run_at) values (gen_random_uuid(), 'publish-draft', jsonb_build_object('user', cast($1 as text)), now() + interval '1 day')`, inesID)
	josBefore := slices.DeleteFunc(h.named(t, joID), func(table string) bool {
		return table == "invitations" || table == "profile_members" // those named the one who goes
	})

	want(t, ines.Do("DELETE", "/api/account", nil), http.StatusAccepted)
	h.Box.Wait(t, 1, "ines@example.com", "Your account is to be deleted")
	h.db.MustExec(`update users set closes_at = now() where id = $1; `, inesID)
	h.db.MustExec(`update media_files set touched_at = now() - interval '2 days'`)
	h.db.MustExec(`update profile_changes set at = now() - interval '2 hours'`)
	h.remove(t)
	h.remove(t) // once more changes nothing

	for _, text := range []string{inesID, "ines@example.com", name, page, "ines-page", "ines-moved"} {
		but := []string{"audit_log", "old_handles"}
		if left := h.named(t, text, but...); len(left) > 0 {
			t.Errorf("%s stands in %v", text, left)
		}
	}
	// The log keeps ids alone; held handles are nobody's.
	for _, text := range []string{"ines@example.com", name, "ines-page", "ines-moved", "127.0.0.0"} {
		if n := get[int](t, h, `select count(*) from audit_log t where strpos(cast(t as text), $1) > 0 and (user_id = $2 or $1 = 'ines@example.com' or $1 = $3)`, text, inesID, name); n > 0 {
			t.Errorf("%d lines of the log tell %s", n, text)
		}
	}
	if n := get[int](t, h, `select count(*) from audit_log where user_id = $1 and action in ('user.registered', 'deletion.asked', 'deletion.done')`, inesID); n != 3 {
		t.Errorf("%d lines of what was done are left", n)
	}
	if after := get[string](t, h, `select after from audit_log where action = 'member.invited'`); after != `{"role": "viewer", "email": "deleted"}` {
		t.Errorf("the other's line tells %s", after)
	}
	if n := get[int](t, h, `select count(*) from old_handles where user_id is null and profile_id is null and handle in ('ines-page', 'ines-moved')`); n != 2 {
		t.Errorf("%d handles are held", n)
	}
	if n := get[int](t, h, `select count(*) from subscriptions where stripe_customer_id = 'cus_1' and user_id is null`); n != 1 {
		t.Error("the payment's ids are gone")
	}
	// Files: what nobody else has is gone, the archive too; what somebody else has stays.
	all := strings.Join(h.files(t), "\n")
	if strings.Contains(all, own) || strings.Contains(all, "archives/") || !strings.Contains(all, both) {
		t.Errorf("the files are\n%s", all)
	}
	// Another user's rows are untouched.
	if now := h.named(t, joID); !slices.Equal(now, josBefore) {
		t.Errorf("the other user stands in %v, and stood in %v", now, josBefore)
	}
	want(t, jo.Do("GET", "/api/profiles/"+jos, nil), http.StatusOK)
	if a := want(t, jo.Do("GET", "/api/profiles/"+jos+"/versions", nil), http.StatusOK); !strings.Contains(string(a.Body), `"published_by":null`) {
		t.Errorf("versions: %s", a.Body)
	}
	want(t, h.Client(t).Do("GET", "/jo-page", nil), http.StatusOK)
	// Nobody gets the handles or the address, for 30 days.
	for _, handle := range []string{"ines-page", "ines-moved"} {
		want(t, jo.Do("POST", "/api/profiles", map[string]string{"handle": handle, "profile_name": "x"}), http.StatusConflict)
	}
	register := func() program.Answer {
		return h.Client(t).Do("POST", "/api/auth/register", map[string]string{"email": "INES@example.com", "password": program.Password})
	}
	if a := want(t, register(), http.StatusConflict); !strings.Contains(string(a.Body), "deleted a short while ago") {
		t.Errorf("told %s", a.Body)
	}
	want(t, h.Client(t).Do("POST", "/api/auth/login", map[string]string{"email": "ines@example.com", "password": program.Password}), http.StatusUnauthorized)
	h.db.MustExec(`update held_emails set until = now(); update old_handles set left_at = now() - interval '31 days'`)
	want(t, register(), http.StatusCreated)
	want(t, jo.Do("POST", "/api/profiles", map[string]string{"handle": "ines-page", "profile_name": "x"}), http.StatusCreated)
}
