package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/hlpfl/platform/tests/bench/load"
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
	sides := []*load.Process{b.program, b.bare, b.insert}
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
		of := func(pick func(figures) float64) float64 { return load.Median(load.Each(all[i], pick)) }
		now, most := side.Memory()
		fmt.Fprintf(table, "%s\t%.0f\t%s\t%s\t%.2f\t%.2f\t%.2f\t%.2f\t%s\t%s\t\n", names[i], of(perSecond), load.Micros(of(p50)), load.Micros(of(p99)),
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
	fmt.Println(load.Noise(load.Each(all[1], perSecond)))
	return nil
}

// ratio is the median of the paired ratios, and each of them.
func ratio(a, b []figures, pick func(figures) float64) string {
	ratios := load.Paired(load.Each(a, pick), load.Each(b, pick))
	return fmt.Sprintf("%.3f (%s)", load.Median(ratios), load.List(ratios))
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
func (b *bench) measure(ctx context.Context, p *load.Process, connections int, length time.Duration) (figures, error) {
	for range 10 {
		before := p.Figure(ctx, `events_recorded_total{to="spool"}`) + p.Figure(ctx, "events_lost_total")
		f, err := b.wrk(ctx, p, connections, length)
		if err != nil || p != b.program {
			return f, err
		}
		void := p.Figure(ctx, `events_recorded_total{to="spool"}`)+p.Figure(ctx, "events_lost_total") > before
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
func (b *bench) wrk(ctx context.Context, p *load.Process, connections int, length time.Duration) (figures, error) {
	out := b.path("wrk.json")
	cpu, database := p.CPU(), b.postgres.CPU()
	c := exec.CommandContext(ctx, "wrk", "-t1", "-c"+strconv.Itoa(connections), fmt.Sprintf("-d%ds", int(math.Ceil(length.Seconds()))), "-s", b.script, p.URL)
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
		return f, fmt.Errorf("%.0f of %.0f requests to %s failed", f.Errors, f.Requests, p.URL)
	}
	many := f.Requests / 100_000
	f.perSecond = f.Requests / f.Seconds
	f.cpu = (p.CPU() - cpu).Seconds() / many
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
	worker, err := load.Start(c)
	if err != nil {
		return 0, err
	}
	defer worker.Stop()
	for end := time.Now().Add(5 * time.Minute); ; time.Sleep(100 * time.Millisecond) {
		if err := b.db.QueryRowContext(ctx, `select exists (select from event_inbox where id between $1 and $2)`, first, last).Scan(&waiting); err != nil {
			return 0, err
		}
		if !waiting {
			return ((b.postgres.CPU() - database) + worker.CPU()).Seconds() / clicks * 100_000, nil
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
	return file, os.WriteFile(file, []byte(strings.NewReplacer("$LIST", list, "$PHONE", load.Phone).Replace(lua)), 0o600)
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
