package faults

import (
	"context"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/internal/testenv"
	"github.com/hlpfl/platform/store"
)

// held is the advisory lock at which a worker waits in the middle of its work.
const held = 4711

// hold makes whoever does what is said in sql ("insert on profile_versions", "update on jobs when (…)") wait in the
// middle of it. waits tells how many do; release lets them go on, and all that come later.
func (h *house) hold(sql string) (waits func() int, release func()) {
	h.t.Helper()
	conn, err := h.db.Connx(context.Background())
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(func() { _ = conn.Close() })
	do := func(statement string, args ...any) {
		h.t.Helper()
		if _, err := conn.ExecContext(context.Background(), statement, args...); err != nil {
			h.t.Fatal(err)
		}
	}
	what, when, _ := strings.Cut(sql, " when ")
	if when != "" {
		when = "when " + when
	}
	do(`select pg_advisory_lock($1)`, held)
	do(`create function hold() returns trigger language plpgsql as $$ begin perform pg_advisory_xact_lock_shared(4711); return new; end $$`)
	do(`create trigger hold before ` + what + ` for each row ` + when + ` execute function hold()`)
	waits = func() (n int) {
		// At this very lock, or behind somebody who is: a worker has others to wait for, while it makes a month's partition.
		err := h.db.Get(&n, `
			with recursive stuck as (
			  select l.pid
			  from pg_locks l
			  join pg_database d on d.oid = l.database
			  where d.datname = current_database()
			    and l.locktype = 'advisory'
			    and l.objid = $1
			    and not l.granted
			  union
			  select a.pid
			  from pg_stat_activity a
			  join stuck s on s.pid = any (pg_blocking_pids(a.pid))
			  where a.datname = current_database()
			)
			select count(*) from stuck`, held)
		if err != nil {
			h.t.Fatal(err)
		}
		return n
	}
	return waits, func() { do(`select pg_advisory_unlock($1)`, held) }
}

// planned sets that a draft with other words goes public a moment from now, as the editor does.
func (h *house) planned(words string) {
	h.t.Helper()
	s, err := store.Open(store.Options{DatabaseURL: h.database})
	if err != nil {
		h.t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	err = s.AsUser(h.t.Context(), h.user, func(tx *store.UserTx) error {
		p, err := tx.EditDraft(h.t.Context(), h.profile, 0, func(p model.Profile) (model.Draft, model.Edit, error) {
			d := p.Working()
			d.Document.Bio = words
			return d, model.Edit{Kind: model.EditAll}, nil
		})
		if err != nil {
			return err
		}
		_, err = tx.SchedulePublish(h.t.Context(), h.profile, p.Version, time.Now().Add(300*time.Millisecond))
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
}

// expire lets the lease of the publish's job run out, as it does a minute after its worker fell silent.
func (h *house) expire() {
	h.db.MustExec(`update jobs set run_at = now() where kind = $1 and state = 'running'`, store.JobPublish)
}

// shows tells whether fans see words.
func (h *house) shows(words string) bool {
	res, err := client.Get(h.url + h.page)
	if err != nil {
		return false
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	return err == nil && strings.Contains(string(body), words)
}

// once waits until the publish's job is done, and holds it to having published once: one version, with these words.
func (h *house) once(words string, attempts int) {
	h.t.Helper()
	h.await("the job is done", func() bool {
		var done bool
		return h.db.Get(&done, `select state = 'done' from jobs where kind = $1`, store.JobPublish) == nil && done
	})
	h.await("fans see it", func() bool { return h.shows(words) })
	var got struct {
		Versions, Attempts int
		Bio                string
		Draft              bool
	}
	err := h.db.Get(&got, `
		select (select count(*) from profile_versions where profile_id = p.id) as versions,
		       (select attempts from jobs where kind = $2) as attempts,
		       (select profile_data->>'bio' from profile_versions where profile_id = p.id limit 1) as bio,
		       p.draft is not null or p.publish_at is not null as draft
		from profiles p
		where p.id = $1`, h.profile, store.JobPublish)
	if err != nil {
		h.t.Fatal(err)
	}
	if got.Versions != 1 || got.Bio != words || got.Attempts != attempts || got.Draft {
		h.t.Errorf("published %d times with %q in %d attempts, a draft or a time left: %v; want once with %q in %d", got.Versions, got.Bio, got.Attempts, got.Draft, words, attempts)
	}
	h.t.Logf("published %d time in %d attempts: %q", got.Versions, got.Attempts, got.Bio)
}

// The worker is killed in the middle of a publish that was set for a time: nothing of it stands, and another does it.
func TestScheduledPublishKilledInTheMiddle(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testenv.Database(t), testenv.Redis(t))
	waits, release := h.hold("insert on profile_versions")
	h.planned("Out now.")
	h.await("the worker is in the middle of it", func() bool { return waits() == 1 })
	h.worker.kill()
	release()
	h.await("what was half done is undone", func() bool { return waits() == 0 })
	if h.shows("Out now.") {
		t.Error("a publish that was not committed is public")
	}
	h.expire()
	h.startWorker()
	h.once("Out now.", 2)
}

// The worker is killed after the commit of a publish and before it could say so: it is done again, and nothing is twice.
func TestScheduledPublishKilledBeforeItWasSaid(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testenv.Database(t), testenv.Redis(t))
	waits, release := h.hold("update on jobs when (new.kind = 'publish-draft' and new.state = 'done')")
	h.planned("Out now.")
	h.await("the worker is about to say it", func() bool { return waits() == 1 })
	h.worker.kill()
	release()
	h.await("nothing was said", func() bool { return waits() == 0 })
	h.await("fans see it", func() bool { return h.shows("Out now.") })
	h.expire()
	h.startWorker()
	h.once("Out now.", 2)
}

// Two replicas are at the same publish at once, the first so late that its lease has run out: one publishes.
func TestScheduledPublishOnTwoReplicas(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testenv.Database(t), testenv.Redis(t))
	h.startWorker()
	waits, release := h.hold("insert on profile_versions")
	h.planned("Out now.")
	h.await("one is in the middle of it", func() bool { return waits() == 1 })
	h.expire()
	// A sweep may stand behind the publish as well: it is the second attempt that has to.
	h.await("the other is at it too", func() bool {
		var attempts int
		err := h.db.Get(&attempts, `select attempts from jobs where kind = $1`, store.JobPublish)
		return err == nil && attempts == 2 && waits() >= 2
	})
	release()
	h.once("Out now.", 2)
}
