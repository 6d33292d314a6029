package local

import (
	"bufio"
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/alicebob/miniredis/v2"
)

// redisOptions says how a private Redis is run.
type redisOptions struct {
	home    *home
	logFile string
	lasting bool   // keeps its data over a restart
	remove  string // folder to remove when it has ended
	once    bool   // not started again when it ends by itself
	log     *slog.Logger
}

// redisServer is a private Redis. It listens on a loopback port, as that is what a REDIS_URL can say, and asks for a
// password, as every user of this machine can reach that port.
type redisServer struct {
	url  string
	kept *kept // nil for the built-in one
	stop func(context.Context) error
}

// errNoRedis says that redis-server is not installed.
var errNoRedis = errors.New("redis-server is not installed: apt-get install redis-server, or set REDIS_URL")

// startRedis starts redis-server. It returns when commands are answered, or errNoRedis.
func startRedis(ctx context.Context, o redisOptions) (*redisServer, error) {
	binary, err := exec.LookPath("redis-server")
	if err != nil {
		return nil, errNoRedis
	}
	folder := filepath.Join(o.home.folder, "redis")
	lock := filepath.Join(o.home.folder, "redis.lock")
	if err := freed(ctx, lock, func() int { return redisProcess(folder) }); err != nil {
		return nil, fmt.Errorf("Redis in %s cannot start: %w", folder, err) //nolint:staticcheck // Redis is a name
	}
	if err := o.home.as.folder(folder); err != nil {
		return nil, err
	}
	password := randomHex(16)
	for attempt := 0; ; attempt++ {
		port, err := FreePort(ctx)
		if err != nil {
			return nil, err
		}
		server, err := launchRedis(ctx, o, binary, folder, lock, port, password)
		// Between our look and Redis's bind somebody else may take the port.
		if err == nil || attempt == 4 || ctx.Err() != nil || !strings.Contains(err.Error(), "Address already in use") {
			return server, err
		}
	}
}

func launchRedis(ctx context.Context, o redisOptions, binary, folder, lock, port, password string) (*redisServer, error) {
	conf := []string{
		"bind 127.0.0.1", "port " + port, "requirepass " + password, "dir " + quoteRedis(folder),
		"pidfile " + quoteRedis(filepath.Join(folder, "pid")), "daemonize no", `save ""`, "appendonly no", "set-proc-title no",
	}
	if o.lasting {
		conf = append(conf, "appendonly yes", "appendfsync everysec")
	}
	path := filepath.Join(folder, "redis.conf")
	if err := writeFile(path, strings.Join(conf, "\n")+"\n"); err != nil {
		return nil, err
	}
	if err := o.home.as.own(path); err != nil {
		return nil, err
	}
	address := net.JoinHostPort("127.0.0.1", port)
	k := &kept{
		service: service{name: "redis", args: []string{binary, path}, as: o.home.as, log: o.logFile, lock: lock, signal: "TERM", remove: o.remove},
		title:   "Redis",
		prepare: func() error { return nil },
		ready:   func(ctx context.Context) bool { return redisAnswers(ctx, address, password) },
		once:    o.once,
		log:     o.log,
	}
	if err := k.start(ctx); err != nil {
		return nil, err
	}
	u := url.URL{Scheme: "redis", User: url.UserPassword("", password), Host: address, Path: "/0"}
	return &redisServer{url: u.String(), kept: k, stop: k.stop}, nil
}

// startMiniredis starts a Redis inside this process, for machines without redis-server. It forgets all when the process
// ends.
func startMiniredis() (*redisServer, error) {
	m := miniredis.NewMiniRedis()
	password := randomHex(16)
	m.RequireAuth(password)
	if err := m.Start(); err != nil {
		return nil, fmt.Errorf("cannot start the built-in Redis: %w", err)
	}
	quit := make(chan struct{})
	go func() {
		// Its keys grow old only when told so.
		tick := time.NewTicker(time.Second)
		defer tick.Stop()
		last := time.Now()
		for {
			select {
			case now := <-tick.C:
				m.FastForward(now.Sub(last))
				last = now
			case <-quit:
				return
			}
		}
	}()
	u := url.URL{Scheme: "redis", User: url.UserPassword("", password), Host: m.Addr(), Path: "/0"}
	return &redisServer{url: u.String(), stop: func(context.Context) error {
		close(quit)
		m.Close()
		return nil
	}}, nil
}

// redisAnswers tells whether a Redis takes the password and is done loading.
func redisAnswers(ctx context.Context, address, password string) bool {
	d := net.Dialer{Timeout: time.Second}
	c, err := d.DialContext(ctx, "tcp", address)
	if err != nil {
		return false
	}
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(time.Second))
	if _, err := fmt.Fprintf(c, "AUTH %s\r\nPING\r\n", password); err != nil {
		return false
	}
	r := bufio.NewReader(c)
	for _, want := range []string{"+OK", "+PONG"} {
		line, err := r.ReadString('\n')
		if err != nil || strings.TrimSpace(line) != want {
			return false
		}
	}
	return true
}

// redisProcess is the process named by the pid file in the folder when it really stands there, else 0.
func redisProcess(folder string) int {
	text, err := os.ReadFile(filepath.Join(folder, "pid"))
	if err != nil {
		return 0
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil || pid <= 1 || workingFolder(pid) != folder {
		return 0
	}
	return pid
}

// quoteRedis quotes an argument in redis.conf.
func quoteRedis(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}

func randomHex(bytes int) string {
	b := make([]byte, bytes)
	_, _ = rand.Read(b) // never fails
	return hex.EncodeToString(b)
}
