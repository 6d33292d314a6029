// Package identity drives the whole program against identity providers shaped like Google, Spotify and Apple, under
// their real host names: who gets in, who does not, and what is left behind.
package identity

import (
	"bytes"
	"database/sql"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"

	_ "github.com/lib/pq"

	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/internal/testenv"
	"github.com/hlpfl/platform/tests/idp"
	"github.com/hlpfl/platform/tests/program"
)

// servers are the providers of all tests.
var servers *idp.Servers

func TestMain(m *testing.M) {
	var err error
	if servers, err = idp.Start(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	servers.Close()
	os.Exit(code)
}

// house is a program that all three providers know.
type house struct {
	*program.Program
	t   *testing.T
	app *idp.App
	db  *sql.DB
	log *lines
}

// lines are a log that several may write.
type lines struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lines) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(b)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func open(t *testing.T) *house {
	t.Helper()
	h := &house{t: t, app: servers.NewApp(t), log: &lines{}}
	env := h.app.Env()
	env["DATABASE_URL"] = testenv.Database(t)
	h.Program = program.Start(t, program.Options{Env: env, Log: h.log})
	h.app.Serve(h.URL)
	var err error
	if h.db, err = sql.Open("postgres", env["DATABASE_URL"]); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.db.Close() })
	return h
}

// ask reads one value behind the program's back.
func ask[T any](h *house, query string, args ...any) T {
	h.t.Helper()
	var v T
	if err := h.db.QueryRow(query, args...).Scan(&v); err != nil {
		h.t.Fatalf("%s: %v", query, err)
	}
	return v
}

func (h *house) exec(query string, args ...any) {
	h.t.Helper()
	if _, err := h.db.Exec(query, args...); err != nil {
		h.t.Fatal(err)
	}
}

// somebody has an account at the providers; vouched says whether its address is proven there.
func somebody(vouched bool, faults ...idp.Fault) idp.Person {
	name := string(model.NewBlockID())
	return servers.Add(idp.Person{Subject: "subject-" + name, Email: name + "@example.com", Verified: vouched, Name: "Maud Teller", Faults: faults})
}

// begin presses the button of a provider and gives where the browser is sent.
func (h *house) begin(c *program.Client, provider string, form url.Values) string {
	h.t.Helper()
	a := c.Do(http.MethodPost, "/auth/"+provider+"/start", form)
	to := a.Header.Get("Location")
	if a.Status != http.StatusSeeOther || !strings.HasPrefix(to, "https://") {
		h.t.Fatalf("starting at %s: %d %s %.300s", provider, a.Status, to, a.Body)
	}
	return to
}

// bring brings an answer back as a browser does. Apple posts it from its own site: no cookie goes along.
func (h *house) bring(c *program.Client, back idp.Callback) program.Answer {
	h.t.Helper()
	if back.Method == http.MethodGet {
		return c.Do(http.MethodGet, back.Path+"?"+back.Values.Encode(), nil)
	}
	post := h.Client(h.t)
	post.Header = http.Header{"Origin": {"https://appleid.apple.com"}, "Sec-Fetch-Site": {"cross-site"}}
	a := post.Do(http.MethodPost, back.Path, back.Values)
	if a.Status != http.StatusSeeOther {
		return a
	}
	return c.Do(http.MethodGet, a.Header.Get("Location"), nil)
}

// enter goes the whole way.
func (h *house) enter(c *program.Client, provider string, who idp.Person) program.Answer {
	h.t.Helper()
	return h.bring(c, servers.Consent(h.t, h.begin(c, provider, nil), who))
}

// want fails unless an answer has the status, and leads to a place or says something.
func (h *house) want(a program.Answer, status int, says string) {
	h.t.Helper()
	if a.Status != status || !strings.HasPrefix(a.Header.Get("Location"), says) && !strings.Contains(string(a.Body), says) {
		h.t.Fatalf("answered %d %q, want %d %q: %.2000s", a.Status, a.Header.Get("Location"), status, says, a.Body)
	}
}

// in tells whether a browser is signed in.
func in(c *program.Client) bool {
	return c.Do(http.MethodGet, "/dashboard/account", nil).Status == http.StatusOK
}

// all are the providers.
var all = []string{idp.Google, idp.Spotify, idp.Apple}
