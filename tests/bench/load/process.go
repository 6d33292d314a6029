// Package load is what the benchmarks share: servers as processes, load by wrk,
// and how its figures are compared.
package load

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/hlpfl/platform/internal/local"
)

// Phone is the agent of the load: what plays a fan carries a real phone's.
const Phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1"

// Process is a server under load.
type Process struct {
	URL     string // http://host:port
	Metrics string // address of its figures, "" when it has none

	cmd *exec.Cmd
}

// Launch starts a server and waits, for a minute at most, until it listens, or,
// with a probe (a path), until that is answered with 200.
func Launch(ctx context.Context, c *exec.Cmd, url, probe string) (*Process, error) {
	var log bytes.Buffer
	c.Stdout, c.Stderr = &log, &log
	p, err := Start(c)
	if err != nil {
		return nil, err
	}
	p.URL = url
	for end := time.Now().Add(time.Minute); ; time.Sleep(50 * time.Millisecond) {
		if p.ready(ctx, probe) {
			return p, nil
		}
		if time.Now().After(end) || ctx.Err() != nil {
			p.Stop()
			return nil, fmt.Errorf("%s does not answer\n%s", c.Path, log.String())
		}
	}
}

// Serve starts the program's serve on free ports of loopback, with env and args, and
// waits until it is ready. BASE_URL is its URL, which goes with PORT and HOST to the
// environment that it gives back, for the program's other commands.
func Serve(ctx context.Context, program string, env []string, args ...string) (*Process, []string, error) {
	port, err := local.FreePort(ctx)
	if err != nil {
		return nil, nil, err
	}
	metrics, err := local.FreePort(ctx)
	if err != nil {
		return nil, nil, err
	}
	url := "http://127.0.0.1:" + port
	env = append(slices.Clone(env), "HOST=127.0.0.1", "PORT="+port, "BASE_URL="+url)
	c := exec.CommandContext(ctx, program, append([]string{"serve"}, args...)...)
	c.Env = append(slices.Clone(env), "METRICS_ADDR=127.0.0.1:"+metrics)
	p, err := Launch(ctx, c, url, "/readyz")
	if err == nil {
		p.Metrics = "http://127.0.0.1:" + metrics + "/metrics"
	}
	return p, env, err
}

// Start starts a process that dies with this one. Who listens to nothing has no URL.
func Start(c *exec.Cmd) (*Process, error) {
	c.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	return &Process{cmd: c}, c.Start()
}

func (p *Process) ready(ctx context.Context, probe string) bool {
	if probe == "" {
		conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", strings.TrimPrefix(p.URL, "http://"))
		if err != nil {
			return false
		}
		return conn.Close() == nil
	}
	r, err := Get(ctx, p.URL+probe)
	if err != nil {
		return false
	}
	return r.Body.Close() == nil && r.StatusCode == http.StatusOK
}

// Stop ends the server and waits for its end. Without a server it does nothing.
func (p *Process) Stop() {
	if p == nil {
		return
	}
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	_ = p.cmd.Wait()
}

// CPU is the processor time it has taken so far; 0 when it is gone.
func (p *Process) CPU() time.Duration {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.cmd.Process.Pid))
	if err != nil {
		return 0
	}
	fields := strings.Fields(string(raw[bytes.LastIndexByte(raw, ')')+1:]))
	user, _ := strconv.ParseInt(fields[11], 10, 64)
	system, _ := strconv.ParseInt(fields[12], 10, 64)
	const ticks = 100 // a second, as /proc counts on every Linux
	return time.Duration(user+system) * time.Second / ticks
}

// Memory is what it holds now and has held at most, in words.
func (p *Process) Memory() (now, most string) {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		return "?", "?"
	}
	read := func(name string) string {
		for line := range strings.SplitSeq(string(raw), "\n") {
			if rest, ok := strings.CutPrefix(line, name+":"); ok {
				kib, _ := strconv.ParseFloat(strings.Fields(rest)[0], 64)
				return fmt.Sprintf("%.0f MiB", kib/1024)
			}
		}
		return "?"
	}
	return read("VmRSS"), read("VmHWM")
}

// Figure reads one of the program's own figures; 0 when it shows none.
func (p *Process) Figure(ctx context.Context, name string) float64 {
	if p.Metrics == "" {
		return 0
	}
	r, err := Get(ctx, p.Metrics)
	if err != nil {
		return 0
	}
	defer r.Body.Close()
	for lines := bufio.NewScanner(r.Body); lines.Scan(); {
		if rest, ok := strings.CutPrefix(lines.Text(), name+" "); ok {
			n, _ := strconv.ParseFloat(rest, 64)
			return n
		}
	}
	return 0
}

// Get sends a plain GET.
func Get(ctx context.Context, url string) (*http.Response, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	return http.DefaultClient.Do(r)
}
