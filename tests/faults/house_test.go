// Package faults kills the real program and its services while fans tap, and
// counts what is left by the ids that the answers carried.
package faults

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"
	_ "github.com/lib/pq" // database/sql's driver

	"github.com/hlpfl/platform/internal/local"
	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/tests/program"
)

// size is small, or whole when the tests soak: HLPFL_SOAK=1.
func size[T any](small, whole T) T {
	if os.Getenv("HLPFL_SOAK") == "1" {
		return whole
	}
	return small
}

// built is the folder of the program that is tested.
var built string

func TestMain(m *testing.M) {
	folder, err := os.MkdirTemp("", "hlpfl-faults-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	built = folder
	code := m.Run()
	_ = os.RemoveAll(folder)
	os.Exit(code)
}

// binary builds the program once for all tests of the process.
var binary = sync.OnceValues(func() (string, error) {
	file := filepath.Join(built, "hlpfl")
	c := exec.Command("go", "build", "-buildvcs=false", "-o", file, "github.com/hlpfl/platform")
	if out, err := c.CombinedOutput(); err != nil {
		return "", fmt.Errorf("building the program: %w\n%s", err, out)
	}
	return file, nil
})

// house is the program's processes on services of their own.
type house struct {
	t   testing.TB
	url string // of the web process

	database string // its address
	env      []string
	db       *sqlx.DB
	link     string // the path of a link, in the cache
	page     string // the path of its profile's page

	user    model.UserID // who it belongs to
	profile model.ProfileID

	web, worker *process
}

// process is one that runs until it is killed.
type process struct {
	cmd  *exec.Cmd
	log  *bytes.Buffer
	gone chan struct{}
}

// emptyHouse has the services and no process yet.
func emptyHouse(t testing.TB, databaseURL, redisURL string) *house {
	t.Helper()
	port, err := local.FreePort(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	h := &house{t: t, url: "http://127.0.0.1:" + port, database: databaseURL}
	h.env = append(os.Environ(), "DATABASE_URL="+databaseURL, "REDIS_URL="+redisURL, "DATA_DIR="+t.TempDir(), "BLOB_URL=file://"+t.TempDir(),
		"SECRET_KEY="+strings.Repeat("5a", 32), "HOST=127.0.0.1", "PORT="+port, "BASE_URL="+h.url, "METRICS_ADDR=127.0.0.1:0",
		"SMTP_URL=smtp://127.0.0.1:1", "MAIL_FROM=mail@hlpfl.test")
	if h.db, err = sqlx.Open("postgres", databaseURL); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = h.db.Close() })
	return h
}

// newHouse starts web and worker, and makes a profile with a link.
func newHouse(t testing.TB, databaseURL, redisURL string) *house {
	t.Helper()
	h := emptyHouse(t, databaseURL, redisURL)
	user, id := model.NewUserID(), model.NewProfileID()
	h.db.MustExec(`insert into users (id, email, subscription_tier) values ($1, 'vera@example.com', 'artist')`, user)
	h.db.MustExec(`insert into profiles (id, user_id, handle, profile_name, plan, profile_data) values ($1, $2, 'vera', 'Vera', 'artist', $3)`, id, user,
		`{"bio":"","theme":{"name":"plain"},"socials":[],"blocks":[{"id":"tour","type":"link","title":"Tour","url":"https://example.com/tour","enabled":true,"starts_at":null,"ends_at":null}]}`)
	h.user, h.profile = user, id
	h.link, h.page = "/r/"+id.String()+"/tour", "/vera"
	h.startWeb()
	h.startWorker()
	h.ready()
	return h
}

func (h *house) startWeb()    { h.web = h.start("serve", "--web-only") }
func (h *house) startWorker() { h.worker = h.start("worker") }

func (h *house) start(args ...string) *process {
	h.t.Helper()
	file, err := binary()
	if err != nil {
		h.t.Fatal(err)
	}
	p := &process{cmd: exec.Command(file, args...), log: &bytes.Buffer{}, gone: make(chan struct{})}
	p.cmd.Env = h.env
	p.cmd.Stderr = p.log
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := p.cmd.Start(); err != nil {
		h.t.Fatal(err)
	}
	go func() { _ = p.cmd.Wait(); close(p.gone) }()
	h.t.Cleanup(func() {
		p.kill()
		if h.t.Failed() {
			h.t.Logf("%s said:\n%s", args[0], p.log.String())
		}
	})
	return p
}

// kill ends a process as kill -9 does, and waits until it is gone.
func (p *process) kill() {
	_ = p.cmd.Process.Kill()
	<-p.gone
}

// most is what the process has held of memory at most, in MiB.
func (p *process) most() int {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(raw)) {
		if rest, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kib, _ := strconv.Atoi(strings.Fields(rest)[0])
			return kib >> 10
		}
	}
	return 0
}

// ready waits until the web process answers and has page and link in its cache.
func (h *house) ready() {
	h.t.Helper()
	h.await("the program answers", func() bool {
		for _, path := range []string{h.page, h.link} {
			if status, _, err := h.get(path); err != nil || status >= 400 {
				return false
			}
		}
		return true
	})
}

func (h *house) await(what string, so func() bool) {
	h.t.Helper()
	for end := time.Now().Add(2 * time.Minute); !so(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			h.t.Fatal("never: " + what)
		}
	}
}

var client = &http.Client{
	Timeout:       20 * time.Second,
	Transport:     &http.Transport{MaxIdleConnsPerHost: 128},
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

// get asks as a fan's phone does, and gives the id that the answer carries.
func (h *house) get(path string) (status int, id string, err error) {
	r, err := http.NewRequest(http.MethodGet, h.url+path, nil)
	if err != nil {
		return 0, "", err
	}
	r.Header.Set("User-Agent", program.Phone)
	res, err := client.Do(r)
	if err != nil {
		return 0, "", err
	}
	defer res.Body.Close()
	if _, err := io.Copy(io.Discard, res.Body); err != nil {
		return 0, "", err
	}
	return res.StatusCode, res.Header.Get("X-Request-Id"), nil
}

// fans tap, a number of times a second, until they are told to stop.
type fans struct {
	mu       sync.Mutex
	answered []string // ids of taps that were answered with one
	failed   []string // answers that were no redirect, and requests without an answer
	without  int      // redirects without an id
	sent     atomic.Int64

	stop context.CancelFunc
	all  sync.WaitGroup
}

const fansAtOnce = 48

func (h *house) tap(perSecond int) *fans { return h.visit(h.link, http.StatusFound, perSecond) }

// visit asks for a path again and again.
func (h *house) visit(path string, want, perSecond int) *fans {
	ctx, stop := context.WithCancel(context.Background())
	f := &fans{stop: stop}
	pace := time.Second * fansAtOnce / time.Duration(perSecond)
	for n := range fansAtOnce {
		f.all.Go(func() {
			time.Sleep(pace * time.Duration(n) / fansAtOnce)
			ticker := time.NewTicker(pace)
			defer ticker.Stop()
			for {
				f.sent.Add(1)
				status, id, err := h.get(path)
				f.note(status, id, want, err)
				select {
				case <-ctx.Done():
					return
				case <-ticker.C:
				}
			}
		})
	}
	h.t.Cleanup(func() { f.end() })
	return f
}

func (f *fans) note(status int, id string, want int, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	switch {
	case err != nil:
		f.failed = append(f.failed, err.Error())
	case status != want:
		f.failed = append(f.failed, fmt.Sprint(status))
	case want == http.StatusFound && id == "":
		f.without++
	case want == http.StatusFound:
		f.answered = append(f.answered, id)
	}
}

func (f *fans) end() {
	f.stop()
	f.all.Wait()
}

// settled waits until nothing waits any more, in the inbox and in the spool.
func (h *house) settled() {
	h.t.Helper()
	var spool string
	for _, v := range h.env {
		if dir, ok := strings.CutPrefix(v, "DATA_DIR="); ok {
			spool = filepath.Join(dir, "spool")
		}
	}
	h.await("spool and inbox are empty", func() bool {
		left, err := filepath.Glob(filepath.Join(spool, "*"))
		var waiting int
		return errors.Join(err, h.db.Get(&waiting, `select count(*) from event_inbox`)) == nil && len(left) == 0 && waiting == 0
	})
}

// check counts by the ids: every answered tap is stored once, and the figures are
// those of the raw rows.
func (h *house) check(f *fans) {
	h.t.Helper()
	f.end()
	h.settled()
	if len(f.answered) == 0 {
		h.t.Fatal("no tap was answered with an id")
	}
	answered := make(map[string]bool, len(f.answered))
	for _, id := range f.answered {
		if answered[id] {
			h.t.Errorf("two answers carry the id %s", id)
		}
		answered[id] = true
	}
	var rows []string
	if err := h.db.Select(&rows, `select id from analytics where kind = 'click'`); err != nil {
		h.t.Fatal(err)
	}
	stored := make(map[string]int, len(rows))
	for _, id := range rows {
		stored[id]++
	}
	missing, twice := 0, 0
	for id := range answered {
		if stored[id] == 0 {
			missing++
		}
	}
	for _, n := range stored {
		if n > 1 {
			twice++
		}
	}
	var counted, byLink, byMonth int
	if err := errors.Join(
		h.db.Get(&counted, `select coalesce(sum(clicks), 0) from analytics_days`),
		h.db.Get(&byLink, `select coalesce(sum(clicks), 0) from analytics_values where dimension = 'link'`),
		h.db.Get(&byMonth, `select coalesce(sum(clicks), 0) from click_months`)); err != nil {
		h.t.Fatal(err)
	}
	h.t.Logf("%d taps sent, %d answered with an id, %d without, %d failed; %d rows stored, %d counted", f.sent.Load(), len(answered), f.without, len(f.failed), len(rows), counted)
	if missing > 0 || twice > 0 {
		h.t.Errorf("of %d answered taps %d are missing; %d ids are stored twice", len(answered), missing, twice)
	}
	if counted != len(rows) || byLink != len(rows) || byMonth != len(rows) {
		h.t.Errorf("%d rows, but %d clicks by day, %d by link, %d by month", len(rows), counted, byLink, byMonth)
	}
}
