package main

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"

	"github.com/hlpfl/platform/internal/local"
)

// phone is the agent of the load: what plays a fan carries one.
const phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1"

// bench is everything that runs.
type bench struct {
	options
	folder     string
	postgres   *local.Scratch
	redis      *local.Scratch
	db         *sql.DB
	old        *sql.Tx // the snapshot that is held open
	program    *process
	bare       *process
	insert     *process
	env        []string
	script     string
	durability string
	void       int // measurements that went by the spool
}

// process is a server under load.
type process struct {
	cmd     *exec.Cmd
	url     string
	metrics string // address of its figures, "" when it has none
}

// start brings up everything.
func (b *bench) start(ctx context.Context) (err error) {
	if b.postgres, err = local.ScratchPostgres(ctx, local.ScratchOptions{Durable: true}); err != nil {
		return err
	}
	if b.redis, err = local.ScratchRedis(ctx); err != nil {
		return err
	}
	if b.db, err = sql.Open("postgres", b.postgres.URL); err != nil {
		return err
	}
	err = b.db.QueryRowContext(ctx, `
		select 'fsync ' || current_setting('fsync') || ', synchronous_commit ' || current_setting('synchronous_commit')
		    || ', full_page_writes ' || current_setting('full_page_writes') || ', wal_level ' || current_setting('wal_level')
		    || ', wal_sync_method ' || current_setting('wal_sync_method') || ', shared_buffers ' || current_setting('shared_buffers')`).Scan(&b.durability)
	if err != nil {
		return err
	}
	build := exec.CommandContext(ctx, "go", "build", "-o", b.path("hlpfl"), ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("building the program: %w\n%s", err, out)
	}
	b.env = append(os.Environ(),
		"DATABASE_URL="+b.postgres.URL, "REDIS_URL="+b.redis.URL, "DATA_DIR="+b.path("data"), "TRUSTED_PROXIES=127.0.0.0/8",
		"BLOB_URL=file://"+b.path("blobs"), "SECRET_KEY="+strings.Repeat("5a", 32))
	if err := b.startProgram(ctx); err != nil {
		return err
	}
	paths, err := b.makeProfiles(ctx)
	if err != nil {
		return err
	}
	if b.script, err = b.writeScript(paths); err != nil {
		return err
	}
	if b.old, err = b.db.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true}); err != nil {
		return err
	}
	if _, err := b.old.ExecContext(ctx, `select count(*) from event_inbox`); err != nil {
		return err
	}
	return b.startReferences(ctx, paths[0])
}

func (b *bench) startProgram(ctx context.Context) error {
	port, err := freePort(ctx)
	if err != nil {
		return err
	}
	metrics, err := freePort(ctx)
	if err != nil {
		return err
	}
	b.env = append(b.env, "HOST=127.0.0.1", "PORT="+port, "BASE_URL=http://127.0.0.1:"+port)
	// The worker runs apart, after each measurement, so that its cost is known.
	c := exec.CommandContext(ctx, b.path("hlpfl"), "serve", "--web-only")
	c.Env = append(b.env, "METRICS_ADDR=127.0.0.1:"+metrics)
	b.program, err = launch(ctx, c, "http://127.0.0.1:"+port, "/readyz")
	if err == nil {
		b.program.metrics = "http://127.0.0.1:" + metrics + "/metrics"
	}
	return err
}

// makeProfiles makes profiles of ten links each and gives the addresses of all
// links, by profile.
func (b *bench) makeProfiles(ctx context.Context) (paths []string, err error) {
	const links = 10
	_, err = b.db.ExecContext(ctx, `
		with u as (
			insert into users (id, email, subscription_tier)
			select gen_random_uuid(), 'bench' || n || '@example.com', 'artist' from generate_series(1, $1) n
			returning id
		)
		insert into profiles (id, user_id, handle, profile_name, plan, profile_data)
		select gen_random_uuid(), id, 'b' || left(replace(id::text, '-', ''), 20), 'Bench', 'artist', jsonb_build_object(
			'theme', jsonb_build_object('name', 'plain'), 'socials', '[]'::jsonb,
			'blocks', (select jsonb_agg(jsonb_build_object('id', 'link' || n, 'type', 'link', 'title', 'Song ' || n, 'enabled', true,
			                                               'url', 'https://open.spotify.com/album/4aawyAB9vmqN3uQ7FjRGTy?si=' || n))
			           from generate_series(1, $2) n))
		from u`, b.profiles, links)
	if err != nil {
		return nil, err
	}
	rows, err := b.db.QueryContext(ctx, `select id from profiles where handle like 'b%' order by id`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		paths = append(paths, "/r/"+id+"/link")
	}
	if len(paths) != b.profiles {
		return nil, errors.New("the profiles are not there")
	}
	return paths, rows.Err()
}

// startReferences asks the program for one redirect and starts the references
// with its head.
func (b *bench) startReferences(ctx context.Context, path string) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, b.program.url+path+"1", nil)
	if err != nil {
		return err
	}
	r.Header.Set("User-Agent", phone)
	res, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusFound || res.Header.Get("X-Request-Id") == "" {
		return fmt.Errorf("the program answered %s, X-Request-Id %q", res.Status, res.Header.Get("X-Request-Id"))
	}
	res.Header.Del("Date") // every server writes its own
	raw, err := json.Marshal(res.Header)
	if err != nil {
		return err
	}
	if err := os.WriteFile(b.path("head.json"), raw, 0o600); err != nil {
		return err
	}
	if b.bare, err = b.reference(ctx, "bare"); err != nil {
		return err
	}
	b.insert, err = b.reference(ctx, "insert", b.postgres.URL)
	return err
}

func (b *bench) reference(ctx context.Context, name string, args ...string) (*process, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	port, err := freePort(ctx)
	if err != nil {
		return nil, err
	}
	c := exec.CommandContext(ctx, self, append([]string{name, "127.0.0.1:" + port, b.path("head.json")}, args...)...)
	return launch(ctx, c, "http://127.0.0.1:"+port, "")
}

// launch starts a server and waits until it listens, or, with a probe, says it is
// well.
func launch(ctx context.Context, c *exec.Cmd, url, probe string) (*process, error) {
	var log bytes.Buffer
	c.Stdout, c.Stderr = &log, &log
	c.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := c.Start(); err != nil {
		return nil, err
	}
	p := &process{cmd: c, url: url}
	for end := time.Now().Add(time.Minute); ; time.Sleep(50 * time.Millisecond) {
		if p.ready(ctx, probe) {
			return p, nil
		}
		if time.Now().After(end) || ctx.Err() != nil {
			p.stop()
			return nil, fmt.Errorf("%s does not answer\n%s", c.Path, log.String())
		}
	}
}

func (p *process) ready(ctx context.Context, probe string) bool {
	if probe == "" {
		conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", strings.TrimPrefix(p.url, "http://"))
		if err != nil {
			return false
		}
		return conn.Close() == nil
	}
	r, err := ask(ctx, p.url+probe)
	if err != nil {
		return false
	}
	return r.Body.Close() == nil && r.StatusCode == http.StatusOK
}

func (p *process) stop() {
	if p == nil {
		return
	}
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	_ = p.cmd.Wait()
}

func (b *bench) close() {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	for _, p := range []*process{b.program, b.bare, b.insert} {
		p.stop()
	}
	if b.old != nil {
		_ = b.old.Rollback()
	}
	if b.db != nil {
		_ = b.db.Close()
	}
	for _, s := range []*local.Scratch{b.postgres, b.redis} {
		if s != nil {
			_ = s.Close(ctx)
		}
	}
}

// ask sends a plain GET.
func ask(ctx context.Context, url string) (*http.Response, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	return http.DefaultClient.Do(r)
}

func freePort(ctx context.Context) (string, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	_, port, err := net.SplitHostPort(l.Addr().String())
	return port, err
}
