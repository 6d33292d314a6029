package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
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

// contest is one side of a comparison.
type contest struct {
	name   string
	server *process
	script string
}

// figures of one measurement.
type figures struct {
	Requests float64 `json:"requests"`
	Seconds  float64 `json:"seconds"`
	Bytes    float64 `json:"bytes"`
	Errors   float64 `json:"errors"`
	P50      float64 `json:"p50"` // microseconds
	P99      float64 `json:"p99"`

	perSecond float64
	cpu       float64 // seconds of the server a 100,000 requests
	database  float64 // and of PostgreSQL
	hits      float64 // share of pages out of the cache; not a number when unknown
}

// compare runs the sides by turns and prints the medians, and the median of the
// paired ratios of the first to the second.
func (b *bench) compare(ctx context.Context, sides []contest) error {
	for _, side := range sides { // connections, caches and garbage collectors warm up
		if _, err := b.wrk(ctx, side.server, side.script, time.Second); err != nil {
			return err
		}
	}
	all := make([][]figures, len(sides))
	for round := range b.rounds {
		for i := range sides {
			turn := (i + round) % len(sides) // nobody is always first
			f, err := b.wrk(ctx, sides[turn].server, sides[turn].script, b.length)
			if err != nil {
				return err
			}
			all[turn] = append(all[turn], f)
		}
	}
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "\trequests/s\tp50\tp99\tCPU s/100k\tPostgreSQL s/100k\tmemory\tmost\thits\t")
	for i, side := range sides {
		now, most := memory(side.server)
		fmt.Fprintf(table, "%s\t%.0f\t%s\t%s\t%.2f\t%.2f\t%s\t%s\t%s\t\n", side.name,
			median(all[i], func(f figures) float64 { return f.perSecond }),
			micros(median(all[i], func(f figures) float64 { return f.P50 })), micros(median(all[i], func(f figures) float64 { return f.P99 })),
			median(all[i], func(f figures) float64 { return f.cpu }), median(all[i], func(f figures) float64 { return f.database }),
			now, most, share(median(all[i], func(f figures) float64 { return f.hits })))
	}
	speed := paired(all, func(f figures) float64 { return f.perSecond })
	cost := paired(all, func(f figures) float64 { return f.cpu })
	fmt.Fprintf(table, "ratio\t%.3f\t\t\t%.3f\t\t\t\t\t\n", middle(speed), middle(cost))
	if err := table.Flush(); err != nil {
		return err
	}
	fmt.Printf("ratios of the rounds: requests/s %s; CPU %s\n", list(speed), list(cost))
	b.noise(all)
	return nil
}

// noise says when the machine was too busy with other things for a judgement.
func (b *bench) noise(all [][]figures) {
	last := all[len(all)-1]
	var speeds []float64
	for _, f := range last {
		speeds = append(speeds, f.perSecond)
	}
	slices.Sort(speeds)
	spread := (speeds[len(speeds)-1] - speeds[0]) / middle(speeds)
	load, _ := os.ReadFile("/proc/loadavg")
	fmt.Printf("the reference's rounds differ by %.0f %%, load average %s", 100*spread, strings.Join(strings.Fields(string(load))[:1], ""))
	if spread > .2 {
		fmt.Print(": TOO NOISY to judge the requests a second; the CPU figures are steadier")
	}
	fmt.Println()
}

// wrk puts load on a server.
func (b *bench) wrk(ctx context.Context, p *process, script string, length time.Duration) (figures, error) {
	out := b.path("wrk.json")
	cpu, database := cpuOf(p), b.postgres.CPU()
	hits, misses := p.pages(ctx)
	c := exec.CommandContext(ctx, "wrk", "-t1", "-c"+strconv.Itoa(b.connections), fmt.Sprintf("-d%ds", int(math.Ceil(length.Seconds()))), "-s", script,
		"-H", "Accept-Encoding: gzip", "-H", "User-Agent: "+phone, p.url)
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
	f.perSecond = f.Requests / f.Seconds
	f.cpu = (cpuOf(p) - cpu).Seconds() / f.Requests * 100_000
	f.database = (b.postgres.CPU() - database).Seconds() / f.Requests * 100_000
	moreHits, moreMisses := p.pages(ctx)
	f.hits = (moreHits - hits) / (moreHits - hits + moreMisses - misses) // not a number when neither is known
	return f, nil
}

// script writes what wrk runs: it asks for the paths by chance, the first ones most
// by Zipf's law, or all alike.
func (b *bench) script(name string, paths []string, zipf bool) (string, error) {
	file := b.path(name)
	list := file + ".paths"
	if err := os.WriteFile(list, []byte(strings.Join(paths, "\n")+"\n"), 0o600); err != nil {
		return "", err
	}
	text := strings.NewReplacer("$LIST", list, "$ZIPF", strconv.FormatBool(zipf)).Replace(lua)
	return file, os.WriteFile(file, []byte(text), 0o600)
}

const lua = `
local requests, sums, n = {}, {}, 0
function init()
  math.randomseed(os.time() + os.clock() * 1e6)
  local sum = 0
  for path in io.lines("$LIST") do
    n = n + 1
    requests[n] = wrk.format("GET", path)
    sum = sum + ($ZIPF and 1 / n or 1)
    sums[n] = sum
  end
end
function request()
  if n == 1 then return requests[1] end
  local at, low, high = math.random() * sums[n], 1, n
  while low < high do
    local middle = math.floor((low + high) / 2)
    if sums[middle] < at then low = middle + 1 else high = middle end
  end
  return requests[low]
end
function done(summary, latency)
  local e = summary.errors
  local out = io.open(os.getenv("WRK_OUT"), "w")
  out:write(string.format('{"requests":%d,"seconds":%f,"bytes":%d,"errors":%d,"p50":%f,"p99":%f}',
    summary.requests, summary.duration / 1e6, summary.bytes, e.connect + e.read + e.write + e.status + e.timeout,
    latency:percentile(50), latency:percentile(99)))
  out:close()
end
`

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

// pages reads the program's own figures: pages out of the cache, and others.
func (p *process) pages(ctx context.Context) (hits, misses float64) {
	return p.figure(ctx, "pages_hits_total"), p.figure(ctx, "pages_misses_total")
}

// figure reads one of the program's own figures, 0 when it shows none.
func (p *process) figure(ctx context.Context, name string) float64 {
	if p.metrics == "" {
		return 0
	}
	r, err := get(ctx, p.metrics)
	if err != nil {
		return 0
	}
	defer r.Body.Close()
	lines := bufio.NewScanner(r.Body)
	for lines.Scan() {
		if found, value, _ := strings.Cut(lines.Text(), " "); found == name {
			n, _ := strconv.ParseFloat(value, 64)
			return n
		}
	}
	return 0
}

func median(all []figures, of func(figures) float64) float64 {
	var values []float64
	for _, f := range all {
		values = append(values, of(f))
	}
	return middle(values)
}

func middle(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	n := len(sorted)
	if n%2 == 1 {
		return sorted[n/2]
	}
	return (sorted[n/2-1] + sorted[n/2]) / 2
}

// paired are the ratios of the first side to the second, round by round.
func paired(all [][]figures, of func(figures) float64) []float64 {
	var ratios []float64
	for i := range all[0] {
		ratios = append(ratios, of(all[0][i])/of(all[1][i]))
	}
	return ratios
}

func list(values []float64) string {
	var out []string
	for _, v := range values {
		out = append(out, fmt.Sprintf("%.2f", v))
	}
	return strings.Join(out, " ")
}

func micros(n float64) string {
	return time.Duration(n * float64(time.Microsecond)).Round(10 * time.Microsecond).String()
}

func share(f float64) string {
	if math.IsNaN(f) {
		return ""
	}
	return fmt.Sprintf("%.1f %%", 100*f)
}
