package faults

import (
	"math/rand/v2"
	"net/http"
	"testing"
	"time"

	"github.com/hlpfl/platform/internal/testenv"
)

// Web and worker are killed by turns while fans tap, and somebody holds an old
// snapshot open.
func TestKillNine(t *testing.T) {
	h := newHouse(t, testenv.OwnPostgres(t).URL, testenv.Redis(t))
	old := h.db.MustBegin()
	defer old.Rollback()
	old.MustExec(`set transaction isolation level repeatable read`)
	old.MustExec(`select count(*) from event_inbox`)
	f := h.tap(size(300, 2000))
	for round := range size(4, 20) {
		time.Sleep(500*time.Millisecond + time.Duration(rand.IntN(1000))*time.Millisecond)
		if round%2 == 0 {
			h.web.kill()
			h.startWeb()
			h.ready()
		} else {
			h.worker.kill()
			h.startWorker()
		}
	}
	time.Sleep(size(500*time.Millisecond, 10*time.Second))
	if most := h.web.most(); most == 0 || most > 256 {
		t.Errorf("the web process held %d MiB, at most 256 are allowed", most)
	}
	h.check(f)
}

// PostgreSQL is stopped: every redirect goes out, with its id, and all are there
// in the end. So do pages out of the cache.
func TestPostgresStopped(t *testing.T) {
	server := testenv.OwnPostgres(t)
	h := newHouse(t, server.URL, testenv.Redis(t))
	taps, pages := h.tap(size(300, 2000)), h.visit(h.page, http.StatusOK, 100)
	time.Sleep(time.Second)
	server.Stop()
	time.Sleep(size(4*time.Second, time.Minute))
	server.Start()
	time.Sleep(2 * time.Second)
	pages.end()
	h.check(taps)
	if len(taps.failed) > 0 || taps.without > 0 {
		t.Errorf("%d redirects failed (%.3q), %d carried no id", len(taps.failed), taps.failed, taps.without)
	}
	if len(pages.failed) > 0 {
		t.Errorf("%d pages failed: %.3q", len(pages.failed), pages.failed)
	}
}

// PostgreSQL is killed, and while it is away the web process too: what that one
// left in the spool is sent on by the next.
func TestPostgresAndWebKilled(t *testing.T) {
	server := testenv.OwnPostgres(t)
	h := newHouse(t, server.URL, testenv.Redis(t))
	f := h.tap(size(300, 2000))
	for range size(1, 5) {
		time.Sleep(time.Second)
		server.Kill()
		time.Sleep(2 * time.Second)
		h.web.kill()
		h.startWeb()
		time.Sleep(500 * time.Millisecond)
		server.Start()
		h.ready()
	}
	time.Sleep(time.Second)
	h.check(f)
}

// While PostgreSQL is away, what is not in the cache says 503 and when to come
// again; a web process that starts meanwhile lives, and says not ready.
func TestOutsideTheCacheWhilePostgresIsAway(t *testing.T) {
	server := testenv.OwnPostgres(t)
	h := newHouse(t, server.URL, testenv.Redis(t))
	server.Stop()
	h.web.kill()
	h.startWeb()
	h.await("the new process lives", func() bool { status, _, err := h.get("/livez"); return err == nil && status == http.StatusOK })
	for path, want := range map[string]int{h.link: 503, h.page: 503, "/readyz": 503, "/livez": 200} {
		res, err := client.Get(h.url + path)
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		if res.StatusCode != want || (want == 503 && path != "/readyz" && res.Header.Get("Retry-After") == "") {
			t.Errorf("%s: %d, Retry-After %q, want %d", path, res.StatusCode, res.Header.Get("Retry-After"), want)
		}
	}
	server.Start()
	h.ready()
}

// Redis is stopped: fans notice nothing.
func TestRedisStopped(t *testing.T) {
	redis := testenv.OwnRedis(t)
	h := newHouse(t, testenv.OwnPostgres(t).URL, redis.URL)
	taps, pages := h.tap(size(200, 2000)), h.visit(h.page, http.StatusOK, 100)
	time.Sleep(500 * time.Millisecond)
	redis.Stop()
	time.Sleep(size(2*time.Second, time.Minute))
	redis.Start()
	time.Sleep(500 * time.Millisecond)
	pages.end()
	h.check(taps)
	if n := len(taps.failed) + taps.without + len(pages.failed); n > 0 {
		t.Errorf("%d taps failed, %d without id, %d pages failed: %.3q %.3q", len(taps.failed), taps.without, len(pages.failed), taps.failed, pages.failed)
	}
}
