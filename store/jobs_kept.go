package store

import (
	"context"
	"time"

	"github.com/lib/pq"
)

// How long the rows of jobs are kept after they ended.
const (
	KeepDone = 7 * 24 * time.Hour
	KeepDead = 90 * 24 * time.Hour
)

// SweepJobs deletes the rows of jobs that ended long ago.
func (tx *SystemTx) SweepJobs(ctx context.Context) (int64, error) {
	done, err := tx.ExecContext(ctx, `
		delete from jobs
		where finished_at < now() - case state when 'done' then make_interval(secs => $1) else make_interval(secs => $2) end
		  and state in ('done', 'dead')`, KeepDone.Seconds(), KeepDead.Seconds())
	if err != nil {
		return 0, err
	}
	return done.RowsAffected()
}

// JobCounts is how many jobs there are that are not done, by state: "waiting",
// "running", "dead".
func (tx *SystemTx) JobCounts(ctx context.Context) (map[string]int, error) {
	var rows []struct {
		State string `db:"state"`
		N     int    `db:"n"`
	}
	err := tx.SelectContext(ctx, &rows, `
		select state, count(*) as n
		from jobs
		where state <> 'done'
		group by state`)
	counts := map[string]int{"waiting": 0, "running": 0, "dead": 0}
	for _, r := range rows {
		counts[r.State] = r.N
	}
	return counts, err
}

// JobHints gives a channel that receives when a job was probably asked for. Several
// hints may become one, and one may be missed: whoever waits looks by itself too.
// It ends with ctx.
func (s *Store) JobHints(ctx context.Context) (<-chan struct{}, error) {
	address, err := withParameters(s.databaseURL, map[string]string{
		"options": "-c role=hlpfl_system -c timezone=UTC", "connect_timeout": "5",
	})
	if err != nil {
		return nil, err
	}
	l := pq.NewListener(address, time.Second, 30*time.Second, nil)
	hints := make(chan struct{}, 1)
	go func() {
		defer l.Close()
		listening := make(chan struct{}) // closed once there is a connection
		go func() {
			if l.Listen(jobsChannel) == nil {
				close(listening)
			}
		}()
		hint := func() {
			select {
			case hints <- struct{}{}:
			default: // one is waiting already
			}
		}
		quiet := time.NewTicker(time.Minute)
		defer quiet.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-quiet.C:
				// A dead connection shows only when something is sent. It may block
				// until the system gives it up; nobody waits for that.
				go func() { _ = l.Ping() }()
			case <-listening: // before that something may have been missed
				listening = nil
				hint()
			case <-l.Notify: // also after the connection was made anew
				hint()
			}
		}
	}()
	return hints, nil
}
