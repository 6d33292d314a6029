package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"time"

	_ "github.com/lib/pq" // database/sql's driver

	"github.com/hlpfl/platform/internal/local"
	"github.com/hlpfl/platform/tests/bench/load"
)

// bench is everything that runs.
type bench struct {
	options
	folder     string
	binary     string // of the program
	postgres   *local.Scratch
	redis      *local.Scratch
	db         *sql.DB
	program    *load.Process
	env        []string
	seeding    time.Duration
	durability string
}

// start brings up PostgreSQL, Redis and the program with its profiles.
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
		    || ', full_page_writes ' || current_setting('full_page_writes') || ', shared_buffers ' || current_setting('shared_buffers')`).Scan(&b.durability)
	if err != nil {
		return err
	}
	if b.binary == "" {
		b.binary = b.path("hlpfl")
		build := exec.CommandContext(ctx, "go", "build", "-o", b.binary, ".")
		build.Env = append(os.Environ(), "CGO_ENABLED=0")
		if out, err := build.CombinedOutput(); err != nil {
			return fmt.Errorf("building the program: %w\n%s", err, out)
		}
	}
	b.env = append(os.Environ(),
		"DATABASE_URL="+b.postgres.URL, "REDIS_URL="+b.redis.URL, "DATA_DIR="+b.path("data"),
		"BLOB_URL=file://"+b.path("blobs"), "SECRET_KEY="+strings.Repeat("5a", 32),
		"SMTP_URL=smtp://127.0.0.1:1", "MAIL_FROM=mail@hlpfl.test")
	port, err := local.FreePort(ctx)
	if err != nil {
		return err
	}
	seed := exec.CommandContext(ctx, b.binary, "seed", "--profiles", fmt.Sprint(b.profiles))
	seed.Env = append(b.env, "BASE_URL=http://127.0.0.1:"+port)
	began := time.Now()
	if out, err := seed.CombinedOutput(); err != nil {
		return fmt.Errorf("seeding: %w\n%s", err, out)
	}
	b.seeding = time.Since(began)
	return b.restart(ctx)
}

// restart starts the program's web process, in the place of one that runs.
func (b *bench) restart(ctx context.Context) error {
	if b.program != nil {
		b.program.Stop()
	}
	var err error
	b.program, _, err = load.Serve(ctx, b.binary, b.env, "--web-only")
	return err
}

func (b *bench) close() {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	if b.program != nil {
		b.program.Stop()
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

// ofTwenty finds a page of twenty links, or the most there are, of a theme; of any
// theme when it is "".
func (b *bench) ofTwenty(ctx context.Context, theme string) (handle string, links int, err error) {
	err = b.db.QueryRowContext(ctx, `
		with counted as (
			select handle,
			       jsonb_array_length(profile_data->'socials')
			         + (select count(*) from jsonb_array_elements(profile_data->'blocks') as block where block->>'type' = 'link') as links
			from profiles
			where $1 in ('', profile_data->'theme'->>'name')
		)
		select handle, links
		from counted
		where links <= 20
		order by links desc, handle
		limit 1`, theme).Scan(&handle, &links)
	return handle, links, err
}

// paths lists the pages of all made-up profiles, in an order of chance that is the
// same in every run.
func (b *bench) paths(ctx context.Context) ([]string, error) {
	rows, err := b.db.QueryContext(ctx, `select '/' || handle from profiles order by md5(handle)`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var paths []string
	for rows.Next() {
		var path string
		if err := rows.Scan(&path); err != nil {
			return nil, err
		}
		paths = append(paths, path)
	}
	if len(paths) == 0 {
		return nil, errors.New("there are no profiles")
	}
	return paths, rows.Err()
}

// answer is what the reference sends: the same head and the same bytes.
type answer struct {
	Header http.Header
	Body   []byte
}

// fetch asks for a page in a coding.
func fetch(ctx context.Context, url, coding string) (answer, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return answer{}, err
	}
	r.Header.Set("Accept-Encoding", coding)
	r.Header.Set("User-Agent", load.Phone)
	res, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		return answer{}, err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return answer{}, err
	}
	if res.StatusCode != http.StatusOK || res.Header.Get("Content-Encoding") != coding {
		return answer{}, fmt.Errorf("%s: %s, Content-Encoding %q", url, res.Status, res.Header.Get("Content-Encoding"))
	}
	res.Header.Del("Date")
	return answer{res.Header, body}, nil
}

// startBare starts the reference with an answer.
func (b *bench) startBare(ctx context.Context, a answer) (*load.Process, error) {
	raw, err := json.Marshal(a)
	if err != nil {
		return nil, err
	}
	if err := os.WriteFile(b.path("answer.json"), raw, 0o600); err != nil {
		return nil, err
	}
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	port, err := local.FreePort(ctx)
	if err != nil {
		return nil, err
	}
	return load.Launch(ctx, exec.CommandContext(ctx, self, "bare", "127.0.0.1:"+port, b.path("answer.json")), "http://127.0.0.1:"+port, "/")
}

// bare is the reference: net/http and nothing else.
func bare(args []string) error {
	raw, err := os.ReadFile(args[1])
	if err != nil {
		return err
	}
	var a answer
	if err := json.Unmarshal(raw, &a); err != nil {
		return err
	}
	return http.ListenAndServe(args[0], http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { //nolint:gosec // loopback, for seconds
		h := w.Header()
		for name, values := range a.Header {
			h[name] = values
		}
		_, _ = w.Write(a.Body)
	}))
}
