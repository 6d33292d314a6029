package local

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// The database and the role that owns it. The owner is no superuser, as at a hosting company: it may make roles and
// databases and nothing else of its own.
const (
	database = "hlpfl"
	owner    = "hlpfl"
	superior = "postgres"
)

// startPatience is how long a start may take. A crashed database replays its log first, which is seldom seconds.
const startPatience = 2 * time.Minute

// postgresOptions says how a private PostgreSQL is run.
type postgresOptions struct {
	home     *home
	logFile  string
	settings []string // name=value, beside those that make it private
	fresh    []string // further arguments of initdb
	signal   string   // INT: fast shutdown; QUIT: at once, for clusters that nobody will open again
	remove   string   // folder to remove when it has ended
	once     bool     // not started again when it ends by itself
	log      *slog.Logger
}

// startPostgres makes the cluster where there is none and starts it. It returns when connections are accepted.
func startPostgres(ctx context.Context, o postgresOptions) (*kept, error) {
	ctx, cancel := context.WithTimeout(ctx, startPatience)
	defer cancel()
	began := time.Now()
	cluster := filepath.Join(o.home.folder, "postgres")
	lock := filepath.Join(o.home.folder, "postgres.lock")
	if err := freed(ctx, lock, func() int { return postmaster(cluster) }); err != nil {
		return nil, fmt.Errorf("PostgreSQL in %s cannot start: %w", cluster, err)
	}
	major, err := clusterVersion(cluster)
	if err != nil {
		return nil, err
	}
	pg, err := findPostgres(ctx, major)
	if err != nil {
		return nil, err
	}
	if major == 0 {
		if err := makeCluster(ctx, o, pg, cluster, lock); err != nil {
			return nil, err
		}
	}
	args := []string{filepath.Join(pg.bin, "postgres"), "-D", cluster}
	for _, s := range append([]string{
		"listen_addresses=", "port=5432", "unix_socket_directories=" + quoteList(o.home.sockets), "unix_socket_permissions=0700",
		"timezone=UTC", "log_timezone=UTC", "logging_collector=off", "log_destination=stderr", "ssl=off",
	}, o.settings...) {
		args = append(args, "-c", s)
	}
	k := &kept{
		service: service{name: "postgres", args: args, as: o.home.as, log: o.logFile, lock: lock, signal: o.signal, remove: o.remove},
		title:   "PostgreSQL",
		ready:   func(context.Context) bool { return postmasterReady(cluster) },
		prepare: func() error { return clearLeftovers(cluster, o.home.sockets) },
		once:    o.once,
		log:     o.log,
	}
	if err := k.start(ctx); err != nil {
		return nil, err
	}
	o.log.Info("PostgreSQL is up", "version", pg.major, "folder", cluster, "ms", time.Since(began).Milliseconds())
	return k, nil
}

// makeCluster makes a cluster beside its final place and moves it there whole, so that a half-made one is never opened.
func makeCluster(ctx context.Context, o postgresOptions, pg installed, cluster, lock string) error {
	o.log.Info("making the database", "folder", cluster)
	if _, err := os.Lstat(cluster); err == nil {
		return fmt.Errorf("%s is not a PostgreSQL data folder: move it away, or set DATA_DIR to another folder", cluster)
	}
	stage := cluster + ".new"
	if err := os.RemoveAll(stage); err != nil { // of a start that was killed
		return fmt.Errorf("cannot remove %s: %w", stage, plain(err))
	}
	if err := o.home.as.folder(stage); err != nil {
		return err
	}
	told := logSize(o.logFile)
	step := func(args ...string) error {
		return run(ctx, service{name: "initdb", args: args, as: o.home.as, log: o.logFile, lock: lock, signal: "INT"})
	}
	initdb := append([]string{filepath.Join(pg.bin, "initdb"), "-D", stage, "-U", superior, "-E", "UTF8",
		"--auth-local=trust", "--auth-host=reject"}, o.fresh...)
	// Sorting by code point is the same on every machine; C.UTF-8 knows letters beyond ASCII too, but not everywhere.
	err := step(append(initdb, "--locale=C.UTF-8")...)
	if err != nil && ctx.Err() == nil {
		_ = os.RemoveAll(stage)
		if err := o.home.as.folder(stage); err != nil {
			return err
		}
		err = step(append(initdb, "--locale=C")...)
	}
	if err == nil {
		// The single-user mode makes role and database before anybody can connect. It reads one command a line.
		sql := fmt.Sprintf("create role %s login createdb createrole;\ncreate database %s owner %s;\n", owner, database, owner)
		err = step("/bin/sh", "-c", `printf %s "$1" | "$2" --single -D "$3" -c log_min_messages=fatal postgres`, "hlpfl", sql,
			filepath.Join(pg.bin, "postgres"), stage)
	}
	if err == nil {
		err = os.Rename(stage, cluster)
	}
	if err == nil {
		err = syncFolder(filepath.Dir(cluster))
	}
	if err != nil {
		return fmt.Errorf("cannot make the database in %s: %w", cluster, because(o.logFile, told, err))
	}
	return nil
}

// clearLeftovers removes what a killed server left behind. We hold the lock that every process of a server of ours
// inherits, so the process named in those files is not one of them, whoever has its number now; PostgreSQL itself would
// refuse to start when it is any process of the same user.
func clearLeftovers(cluster, sockets string) error {
	if pid := postmaster(cluster); pid != 0 {
		return fmt.Errorf("PostgreSQL (process %d) already runs on %s and was started by hand: stop it first (kill -INT %d)", pid, cluster, pid)
	}
	for _, path := range []string{
		filepath.Join(cluster, "postmaster.pid"), filepath.Join(sockets, socketName), filepath.Join(sockets, socketName+".lock"),
	} {
		if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("cannot remove %s, left by a server that was killed: %w", path, plain(err))
		}
	}
	return nil
}

// postmaster is the process that postmaster.pid names when that process really serves this cluster, else 0.
func postmaster(cluster string) int {
	text, err := os.ReadFile(filepath.Join(cluster, "postmaster.pid"))
	if err != nil {
		return 0
	}
	first, _, _ := bytes.Cut(text, []byte("\n"))
	pid, err := strconv.Atoi(strings.TrimSpace(string(first)))
	if err != nil || pid <= 1 {
		return 0
	}
	if workingFolder(pid) != cluster {
		return 0
	}
	return pid
}

// workingFolder is the folder that a process of our own user stands in, "" when it cannot be known.
func workingFolder(pid int) string {
	folder, err := os.Readlink(fmt.Sprintf("/proc/%d/cwd", pid))
	if err != nil {
		return ""
	}
	return folder
}

// postmasterReady reads the state that PostgreSQL writes into the eighth line of postmaster.pid. The file was removed
// before the start, so it can only be the new server's.
func postmasterReady(cluster string) bool {
	text, err := os.ReadFile(filepath.Join(cluster, "postmaster.pid"))
	if err != nil {
		return false
	}
	lines := strings.Split(string(text), "\n")
	return len(lines) > 7 && strings.TrimSpace(lines[7]) == "ready"
}

// postgresURL is the address of a database by its socket. A hyphen or a space in the folder needs no care of the caller.
func postgresURL(sockets, user, name string) string {
	u := url.URL{Scheme: "postgres", User: url.User(user), Path: "/" + name}
	u.RawQuery = url.Values{"host": {sockets}, "sslmode": {"disable"}}.Encode()
	return u.String()
}

// quoteList quotes one element of a list setting, in which a comma parts and quotes are doubled.
func quoteList(s string) string {
	return `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
}
