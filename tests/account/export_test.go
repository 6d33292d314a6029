// Package account tries, from outside, how a person takes everything along and goes.
package account

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"image"
	"image/jpeg"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/hlpfl/platform/internal/testenv"
	"github.com/hlpfl/platform/tests/program"
)

// house is a program, and its database behind its back.
type house struct {
	*program.Program
	db    *sqlx.DB
	blobs string // the folder of pictures and archives
}

func open(t *testing.T) house {
	t.Helper()
	address, blobs := testenv.Database(t), t.TempDir()
	p := program.Start(t, program.Options{Env: map[string]string{"DATABASE_URL": address, "BLOB_URL": "file://" + blobs}})
	db := sqlx.MustConnect("postgres", address)
	t.Cleanup(func() { db.Close() })
	return house{p, db, blobs}
}

// get reads one value behind the program's back.
func get[T any](t *testing.T, h house, query string, args ...any) (v T) {
	t.Helper()
	if err := h.db.Get(&v, query, args...); err != nil {
		t.Fatal(err)
	}
	return v
}

// token signs an account in at the API.
func (h house) token(t *testing.T, email string) *program.Client {
	t.Helper()
	c := h.Client(t)
	c.Token = want(t, c.Do("POST", "/api/auth/login", map[string]string{"email": email, "password": program.Password}), http.StatusOK).JSON(t)["access_token"].(string)
	return c
}

// await waits for something that jobs do.
func await(t *testing.T, what string, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !done(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited in vain for %s", what)
		}
	}
}

func want(t *testing.T, a program.Answer, status int) program.Answer {
	t.Helper()
	if a.Status != status {
		t.Fatalf("status %d, want %d: %.300s", a.Status, status, a.Body)
	}
	return a
}

// picture is a photograph like no other, by its width.
func picture(t *testing.T, width int) program.Upload {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, width, 100)), nil); err != nil {
		t.Fatal(err)
	}
	return program.Upload{File: b.Bytes(), FileName: "a.jpg"}
}

// ready asks for an archive, waits until it is there, and gives its id.
func ready(t *testing.T, c *program.Client) string {
	t.Helper()
	asked := want(t, c.Do("POST", "/api/account/export", nil), http.StatusAccepted).JSON(t)
	await(t, "the archive", func() bool {
		return want(t, c.Do("GET", "/api/account/export", nil), http.StatusOK).JSON(t)["state"] == "ready"
	})
	return asked["id"].(string)
}

func unpack(t *testing.T, raw []byte) map[string]string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		files[f.Name] = string(content)
	}
	return files
}

func TestEverythingOfOnesOwnComesAsOneArchive(t *testing.T) {
	t.Parallel()
	h := open(t)
	ines, jo := h.Register(t, "ines@example.com"), h.Register(t, "jo@example.com")
	if err := h.App.GrantPlan(t.Context(), "ines@example.com", "business", "a test"); err != nil {
		t.Fatal(err)
	}
	page := ines.Profile("ines-okafor")["id"].(string)
	jos := jo.Profile("jo-page")["id"].(string)
	name := want(t, ines.Do("POST", "/api/profiles/"+page+"/media", picture(t, 640)), http.StatusCreated).JSON(t)["id"].(string)
	want(t, jo.Do("POST", "/api/profiles/"+jos+"/media", picture(t, 641)), http.StatusCreated)
	want(t, ines.Do("PUT", "/api/profiles/"+page, map[string]any{"version": 1, "draft": true, "profile_name": "The draft’s name"}), http.StatusOK)
	key := want(t, ines.Do("POST", "/api/keys", map[string]any{"name": "A website", "scopes": []string{"profiles:read"}}), http.StatusCreated).JSON(t)["key"].(string)
	gone := ines.Profile("gone-page")["id"].(string)
	want(t, ines.Do("DELETE", "/api/profiles/"+gone, nil), http.StatusNoContent)
	h.db.MustExec(`insert into analytics_days (profile_id, day, views, visitors, clicks, clicks_inside) values ($1, '2026-11-01', 7, 5, 3, 2)`, page)
	h.db.MustExec(`insert into analytics_values (profile_id, day, dimension, value, clicks) values ($1, '2026-11-01', 'campaign', '=HYPERLINK("x")', 3)`, page)

	if state := want(t, ines.Do("GET", "/api/account/export", nil), http.StatusOK).JSON(t)["state"]; state != "none" {
		t.Errorf("before anything was asked for it is %v", state)
	}
	id := ready(t, ines)
	told := ines.Do("GET", "/api/account/export", nil).JSON(t)
	if told["download"] != "/api/account/export/"+id || told["done"] != told["total"] || told["bytes"].(float64) < 1000 {
		t.Errorf("told: %v", told)
	}
	if until, err := time.Parse(time.RFC3339, told["expires_at"].(string)); err != nil || time.Until(until) < 167*time.Hour || time.Until(until) > 168*time.Hour {
		t.Errorf("it goes at %v (%v)", told["expires_at"], err)
	}
	a := want(t, ines.Do("GET", "/api/account/export/"+id, nil), http.StatusOK)
	if a.Header.Get("Content-Type") != "application/zip" || !strings.HasPrefix(a.Header.Get("Content-Disposition"), "attachment; filename=\"hlpfl-") || a.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("headers %v", a.Header)
	}
	files := unpack(t, a.Body)
	for file, holds := range map[string]string{
		"README.txt":                                       "profiles/<handle>/versions.json",
		"account/user.json":                                `"email": "ines@example.com"`,
		"account/sessions.json":                            `"door": "api"`,
		"account/api-keys.json":                            `"name": "A website"`,
		"account/plans.json":                               `"reason": "a test"`,
		"account/activity.json":                            `"action": "user.registered"`,
		"account/mails.json":                               "[",
		"account/invitations.json":                         "[",
		"account/memberships.json":                         "[",
		"profiles/ines-okafor/profile.json":                "The draft’s name",
		"profiles/ines-okafor/versions.json":               `"profile_name": "Test ines-okafor"`,
		"profiles/ines-okafor/people.json":                 "[",
		"profiles/ines-okafor/analytics/days.csv":          "2026-11-01,7,5,3\n",
		"profiles/ines-okafor/analytics/values.csv":        `"'=HYPERLINK(""x"")"`,
		"profiles/gone-page/profile.json":                  `"deleted_at": "20`,
		"profiles/ines-okafor/media/" + name + "-640.webp": "WEBP",
	} {
		if !strings.Contains(files[file], holds) {
			t.Errorf("%s does not hold %q: %.300s", file, holds, files[file])
		}
	}
	for name, content := range files {
		if strings.HasSuffix(name, ".json") && !json.Valid([]byte(content)) {
			t.Errorf("%s is no JSON: %.200s", name, content)
		}
		if strings.HasSuffix(name, ".csv") {
			if _, err := csv.NewReader(strings.NewReader(content)).ReadAll(); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		// Nothing of anybody else's, and nothing that opens anything.
		for _, secret := range []string{"jo@example.com", "jo-page", jos, key, "argon2id", ines.Token} {
			if strings.Contains(content, secret) {
				t.Errorf("%s holds %q", name, secret)
			}
		}
		if strings.Contains(name, "jo-page") {
			t.Errorf("somebody else's: %s", name)
		}
	}
	if m := h.Box.Wait(t, 1, "ines@example.com", "Your export is ready"); !strings.Contains(m.Text, "/dashboard/account/data") || strings.Contains(m.Text, id) {
		t.Errorf("the mail reads %s", m.Text)
	}
	for _, action := range []string{"export.asked", "export.downloaded"} {
		if n := get[int](t, h, `select count(*) from audit_log where action = $1 and subject = $2 and user_id = actor_id`, action, id); n != 1 {
			t.Errorf("%d lines of %s", n, action)
		}
	}
}

func TestAnArchiveIsItsOwnersAlone(t *testing.T) {
	t.Parallel()
	h := open(t)
	ines := h.Register(t, "ines@example.com")
	h.Register(t, "jo@example.com")
	if err := h.App.SetAdmin(t.Context(), "jo@example.com", true); err != nil {
		t.Fatal(err)
	}
	jo := h.token(t, "jo@example.com")
	id := ready(t, ines)
	file := get[string](t, h, `select file from exports`)
	want(t, jo.Do("GET", "/api/account/export/"+id, nil), http.StatusNotFound)
	want(t, h.Client(t).Do("GET", "/api/account/export/"+id, nil), http.StatusUnauthorized)
	if state := jo.Do("GET", "/api/account/export", nil).JSON(t)["state"]; state != "none" {
		t.Errorf("somebody else is told: %v", state)
	}
	// No address of a picture leads to it, whatever is written there.
	for _, path := range []string{"/m/" + file, "/m/archives/" + file, "/m/..%2farchives%2f" + file, "/m/%2e%2e/archives/" + file, "/archives/" + file, "/m/" + id} {
		want(t, h.Client(t).Do("GET", path, nil), http.StatusNotFound)
	}
	// A browser gets it, and has to prove anew to be there when that is long ago.
	browser := h.SignIn(t, "ines@example.com")
	if a := want(t, browser.Do("GET", "/dashboard/account/data", nil), http.StatusOK); !strings.Contains(string(a.Body), "/dashboard/account/export/"+id) {
		t.Errorf("the page does not lead to it: %s", a.Body)
	}
	want(t, browser.Do("GET", "/dashboard/account/export/"+id, nil), http.StatusOK)
	want(t, h.SignIn(t, "jo@example.com").Do("GET", "/dashboard/account/export/"+id, nil), http.StatusNotFound)
	h.db.MustExec(`update sessions set proved_at = now() - interval '11 minutes'`)
	if a := want(t, browser.Do("GET", "/dashboard/account/export/"+id, nil), http.StatusSeeOther); !strings.HasPrefix(a.Header.Get("Location"), "/dashboard/confirm?") {
		t.Errorf("sent to %s", a.Header.Get("Location"))
	}
	if a := want(t, ines.Do("GET", "/api/account/export/"+id, nil), http.StatusForbidden); a.JSON(t)["type"] != "/problems/step-up" {
		t.Errorf("told %s", a.Body)
	}
	// When its time is over nobody has it.
	h.db.MustExec(`update sessions set proved_at = now(); update exports set expires_at = now()`)
	want(t, browser.Do("GET", "/dashboard/account/export/"+id, nil), http.StatusNotFound)
}

func TestOneArchiveAtATimeAndThreeADay(t *testing.T) {
	t.Parallel()
	h := open(t)
	ines := h.Register(t, "ines@example.com")
	browser := h.SignIn(t, "ines@example.com")
	// The worker's hands are bound, so that it stays under way.
	h.db.MustExec(`alter table exports add constraint bound check (state <> 'running')`)
	var all sync.WaitGroup
	var mu sync.Mutex
	ids := map[string]int{}
	for range 50 {
		all.Go(func() {
			a := ines.Do("POST", "/api/account/export", nil)
			mu.Lock()
			defer mu.Unlock()
			if a.Status != http.StatusAccepted {
				t.Errorf("%d %s", a.Status, a.Body)
				return
			}
			ids[a.JSON(t)["id"].(string)]++
		})
	}
	all.Wait()
	if n := get[int](t, h, `select count(*) from exports`); n != 1 || len(ids) != 1 {
		t.Errorf("%d archives were asked for by 50 at once, and %d told", n, len(ids))
	}
	if a := want(t, browser.Do("GET", "/dashboard/account/data", nil), http.StatusOK); !strings.Contains(string(a.Body), "every 2s") || strings.Contains(string(a.Body), "Pack everything") {
		t.Error("the page does not say that one is at work")
	}
	for range 2 {
		h.db.MustExec(`update exports set state = 'failed', finished_at = now()`)
		want(t, browser.Do("POST", "/dashboard/account/export", nil), http.StatusSeeOther)
	}
	h.db.MustExec(`update exports set state = 'failed', finished_at = now()`)
	if a := want(t, ines.Do("POST", "/api/account/export", nil), http.StatusTooManyRequests); a.Header.Get("Retry-After") == "" {
		t.Error("nobody is told when to come back")
	}
	want(t, browser.Do("POST", "/dashboard/account/export", nil), http.StatusTooManyRequests)
	if a := want(t, browser.Do("GET", "/dashboard/account/data", nil), http.StatusOK); !strings.Contains(string(a.Body), "It could not be made") {
		t.Error("the page does not say that it failed, and what to do")
	}
	// Another user is not held up, nor the same one a day later.
	want(t, h.Register(t, "jo@example.com").Do("POST", "/api/account/export", nil), http.StatusAccepted)
	h.db.MustExec(`update exports set created_at = now() - interval '25 hours' where id = (select id from exports order by id limit 1)`)
	want(t, ines.Do("POST", "/api/account/export", nil), http.StatusAccepted)
}
