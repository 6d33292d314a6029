package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"
)

// figures of one measurement.
type figures struct {
	Requests float64 `json:"requests"`
	Seconds  float64 `json:"seconds"`
	Errors   float64 `json:"errors"`
	P50      float64 `json:"p50"` // microseconds
	P99      float64 `json:"p99"`

	perSecond float64
	// Seconds of processors a 100,000 requests: the server, PostgreSQL, the load,
	// and the worker with PostgreSQL while it unpacks.
	cpu, database, load, unpacking float64
}

// compare runs program, bare and INSERT by turns, and prints medians and the
// medians of paired ratios.
func (b *bench) compare(ctx context.Context, connections int) error {
	names := []string{"program", "bare 302", "INSERT a click"}
	sides := []*process{b.program, b.bare, b.insert}
	for _, side := range sides { // connections, caches and garbage collectors warm up
		if _, err := b.measure(ctx, side, connections, time.Second); err != nil {
			return err
		}
	}
	all := make([][]figures, len(sides))
	for round := range b.rounds {
		for i := range sides {
			turn := (i + round) % len(sides) // nobody is always first
			f, err := b.measure(ctx, sides[turn], connections, b.length)
			if err != nil {
				return err
			}
			all[turn] = append(all[turn], f)
		}
	}
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "\trequests/s\tp50\tp99\tCPU s/100k: server\tPostgreSQL\tunpacking\tload\tmemory\tmost\t")
	for i, side := range sides {
		of := func(pick func(figures) float64) float64 { return middle(each(all[i], pick)) }
		now, most := memory(side)
		fmt.Fprintf(table, "%s\t%.0f\t%s\t%s\t%.2f\t%.2f\t%.2f\t%.2f\t%s\t%s\t\n", names[i], of(perSecond), micros(of(p50)), micros(of(p99)),
			of(serverCPU), of(databaseCPU), of(unpackingCPU), of(loadCPU), now, most)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	for i, name := range names[1:] {
		reference := all[i+1]
		fmt.Printf("against %s: requests/s %s; p99 %s; CPU of server and PostgreSQL %s, with unpacking %s\n", name,
			ratio(all[0], reference, perSecond), ratio(all[0], reference, p99), ratio(all[0], reference, recordingCPU), ratio(all[0], reference, allCPU))
	}
	fmt.Printf("void measurements, run again because an event went by the spool: %d\n", b.void)
	noise(all[1])
	return nil
}

func perSecond(f figures) float64    { return f.perSecond }
func p50(f figures) float64          { return f.P50 }
func p99(f figures) float64          { return f.P99 }
func serverCPU(f figures) float64    { return f.cpu }
func databaseCPU(f figures) float64  { return f.database }
func unpackingCPU(f figures) float64 { return f.unpacking }
func loadCPU(f figures) float64      { return f.load }
func recordingCPU(f figures) float64 { return f.cpu + f.database }
func allCPU(f figures) float64       { return f.cpu + f.database + f.unpacking }

// measure puts load on a server. The program's clicks are unpacked afterwards and
// the cost of that noted; a measurement with an event in the spool is void.
func (b *bench) measure(ctx context.Context, p *process, connections int, length time.Duration) (figures, error) {
	for range 10 {
		before := p.counter(`events_recorded_total{to="spool"}`) + p.counter("events_lost_total")
		f, err := b.wrk(ctx, p, connections, length)
		if err != nil || p != b.program {
			return f, err
		}
		void := p.counter(`events_recorded_total{to="spool"}`)+p.counter("events_lost_total") > before
		if f.unpacking, err = b.unpack(ctx, f.Requests); err != nil {
			return f, err
		}
		if !void {
			return f, nil
		}
		b.void++
	}
	return figures{}, errors.New("ten measurements in a row had events in the spool: PostgreSQL does not answer within 150 ms on this machine now")
}

// wrk puts load on a server.
func (b *bench) wrk(ctx context.Context, p *process, connections int, length time.Duration) (figures, error) {
	out := b.path("wrk.json")
	cpu, database := cpuOf(p), b.postgres.CPU()
	c := exec.CommandContext(ctx, "wrk", "-t1", "-c"+strconv.Itoa(connections), fmt.Sprintf("-d%ds", int(math.Ceil(length.Seconds()))), "-s", b.script, p.url)
	c.Env = append(os.Environ(), "WRK_OUT="+out)
	if said, err := c.CombinedOutput(); err != nil {
		return figures{}, fmt.Errorf("wrk: %w\n%s", err, said)
	}
	raw, err := os.ReadFile(out)
	if err != nil {
		return figures{}, err
	}
	var f figures
	if err := json.Unmarshal(raw, &f); err != nil {
		return f, fmt.Errorf("wrk said %s: %w", raw, err)
	}
	if f.Errors > 0 || f.Requests == 0 {
		return f, fmt.Errorf("%.0f of %.0f requests to %s failed", f.Errors, f.Requests, p.url)
	}
	many := f.Requests / 100_000
	f.perSecond = f.Requests / f.Seconds
	f.cpu = (cpuOf(p) - cpu).Seconds() / many
	f.database = (b.postgres.CPU() - database).Seconds() / many
	f.load = (c.ProcessState.UserTime() + c.ProcessState.SystemTime()).Seconds() / many
	return f, nil
}

// unpack runs the worker until the inbox is empty and gives what it cost, with
// PostgreSQL, a 100,000 clicks.
func (b *bench) unpack(ctx context.Context, clicks float64) (float64, error) {
	// Asking from here on, PostgreSQL does not walk over what earlier rounds left.
	var waiting bool
	var first, last int64
	if err := b.db.QueryRowContext(ctx, `select coalesce(min(id), 0), coalesce(max(id), 0) from event_inbox`).Scan(&first, &last); err != nil {
		return 0, err
	}
	database := b.postgres.CPU()
	c := exec.CommandContext(ctx, b.path("hlpfl"), "worker")
	c.Env = append(b.env, "METRICS_ADDR=127.0.0.1:0")
	var log bytes.Buffer
	c.Stderr = &log
	if err := c.Start(); err != nil {
		return 0, err
	}
	worker := &process{cmd: c}
	defer worker.stop()
	for end := time.Now().Add(5 * time.Minute); ; time.Sleep(100 * time.Millisecond) {
		if err := b.db.QueryRowContext(ctx, `select exists (select from event_inbox where id between $1 and $2)`, first, last).Scan(&waiting); err != nil {
			return 0, err
		}
		if !waiting {
			return ((b.postgres.CPU() - database) + cpuOf(worker)).Seconds() / clicks * 100_000, nil
		}
		if time.Now().After(end) || ctx.Err() != nil {
			return 0, fmt.Errorf("the worker does not empty the inbox\n%s", log.String())
		}
	}
}

// writeScript writes what wrk runs: taps on the profiles' links by Zipf's law, of
// fans at sixty thousand addresses.
func (b *bench) writeScript(paths []string) (string, error) {
	list := b.path("paths")
	if err := os.WriteFile(list, []byte(strings.Join(paths, "\n")+"\n"), 0o600); err != nil {
		return "", err
	}
	file := b.path("clicks.lua")
	return file, os.WriteFile(file, []byte(strings.NewReplacer("$LIST", list, "$PHONE", phone).Replace(lua)), 0o600)
}

// lua makes the requests before the load begins: making them costs more than
// sending them.
const lua = `
local requests, n = {}, 60000
function init()
  math.randomseed(os.time() + os.clock() * 1e6)
  local paths, sums, sum = {}, {}, 0
  for path in io.lines("$LIST") do
    paths[#paths + 1] = path
    sum = sum + 1 / #paths
    sums[#paths] = sum
  end
  for i = 1, n do
    local at, low, high = math.random() * sum, 1, #paths
    while low < high do
      local middle = math.floor((low + high) / 2)
      if sums[middle] < at then low = middle + 1 else high = middle end
    end
    requests[i] = wrk.format("GET", paths[low] .. math.random(10), {
      ["User-Agent"] = "$PHONE", ["X-Forwarded-For"] = "203.0." .. math.random(0, 255) .. "." .. math.random(0, 255) })
  end
end
function request() return requests[math.random(n)] end
function done(summary, latency)
  local e = summary.errors
  local out = io.open(os.getenv("WRK_OUT"), "w")
  out:write(string.format('{"requests":%d,"seconds":%f,"errors":%d,"p50":%f,"p99":%f}',
    summary.requests, summary.duration / 1e6, e.connect + e.read + e.write + e.status + e.timeout,
    latency:percentile(50), latency:percentile(99)))
  out:close()
end
`

// counter reads one of the program's own figures; 0 when there is none.
func (p *process) counter(name string) float64 {
	if p.metrics == "" {
		return 0
	}
	r, err := ask(context.Background(), p.metrics)
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

// cpuOf is the processor time a process has taken so far.
func cpuOf(p *process) time.Duration {
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

// memory is what a process holds now and has held at most.
func memory(p *process) (now, most string) {
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

func each(all []figures, pick func(figures) float64) []float64 {
	values := make([]float64, len(all))
	for i, f := range all {
		values[i] = pick(f)
	}
	return values
}

func middle(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	n := len(sorted)
	if n%2 == 1 {
		return sorted[n/2]
	}
	return (sorted[n/2-1] + sorted[n/2]) / 2
}

// ratio is the median of the paired ratios, and each of them.
func ratio(a, b []figures, pick func(figures) float64) string {
	var ratios []float64
	var texts []string
	for i := range a {
		ratios = append(ratios, pick(a[i])/pick(b[i]))
		texts = append(texts, fmt.Sprintf("%.2f", ratios[i]))
	}
	return fmt.Sprintf("%.3f (%s)", middle(ratios), strings.Join(texts, " "))
}

// noise says when the machine was too busy with other things for a judgement.
func noise(reference []figures) {
	speeds := each(reference, perSecond)
	spread := (slices.Max(speeds) - slices.Min(speeds)) / middle(speeds)
	load, _ := os.ReadFile("/proc/loadavg")
	fmt.Printf("the bare reference's rounds differ by %.0f %%, load average %s", 100*spread, strings.Join(strings.Fields(string(load))[:1], ""))
	if spread > .2 {
		fmt.Print(": TOO NOISY to judge the requests a second; the CPU figures are steadier")
	}
	fmt.Println()
}

func micros(n float64) string {
	return time.Duration(n * float64(time.Microsecond)).Round(10 * time.Microsecond).String()
}
