package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/hlpfl/platform/internal/local"
	"github.com/hlpfl/platform/tests/bench/load"
)

// bench is everything that runs.
type bench struct {
	options
	folder     string
	postgres   *local.Scratch
	redis      *local.Scratch
	db         *sql.DB
	old        *sql.Tx // the snapshot that is held open
	program    *load.Process
	bare       *load.Process
	insert     *load.Process
	env        []string
	script     string
	durability string
	void       int // measurements that went by the spool
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
		"BLOB_URL=file://"+b.path("blobs"), "SECRET_KEY="+strings.Repeat("5a", 32),
		"SMTP_URL=smtp://127.0.0.1:1", "MAIL_FROM=mail@hlpfl.test")
	// The worker runs apart, after each measurement, so that its cost is known.
	if b.program, b.env, err = load.Serve(ctx, b.path("hlpfl"), b.env, "--web-only"); err != nil {
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
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, b.program.URL+path+"1", nil)
	if err != nil {
		return err
	}
	r.Header.Set("User-Agent", load.Phone)
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

func (b *bench) reference(ctx context.Context, name string, args ...string) (*load.Process, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	port, err := local.FreePort(ctx)
	if err != nil {
		return nil, err
	}
	c := exec.CommandContext(ctx, self, append([]string{name, "127.0.0.1:" + port, b.path("head.json")}, args...)...)
	return load.Launch(ctx, c, "http://127.0.0.1:"+port, "")
}

func (b *bench) close() {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	for _, p := range []*load.Process{b.program, b.bare, b.insert} {
		p.Stop()
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
