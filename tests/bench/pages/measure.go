package main

import (
	"context"
	"encoding/json"
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

// contest is one side of a comparison.
type contest struct {
	name   string
	server *load.Process
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
		now, most := side.server.Memory()
		fmt.Fprintf(table, "%s\t%.0f\t%s\t%s\t%.2f\t%.2f\t%s\t%s\t%s\t\n", side.name,
			load.Median(load.Each(all[i], perSecond)),
			load.Micros(load.Median(load.Each(all[i], func(f figures) float64 { return f.P50 }))), load.Micros(load.Median(load.Each(all[i], func(f figures) float64 { return f.P99 }))),
			load.Median(load.Each(all[i], func(f figures) float64 { return f.cpu })), load.Median(load.Each(all[i], func(f figures) float64 { return f.database })),
			now, most, share(load.Median(load.Each(all[i], func(f figures) float64 { return f.hits }))))
	}
	speed := load.Paired(load.Each(all[0], perSecond), load.Each(all[1], perSecond))
	cpu := func(f figures) float64 { return f.cpu }
	cost := load.Paired(load.Each(all[0], cpu), load.Each(all[1], cpu))
	fmt.Fprintf(table, "ratio\t%.3f\t\t\t%.3f\t\t\t\t\t\n", load.Median(speed), load.Median(cost))
	if err := table.Flush(); err != nil {
		return err
	}
	fmt.Printf("ratios of the rounds: requests/s %s; CPU %s\n", load.List(speed), load.List(cost))
	fmt.Println(load.Noise(load.Each(all[len(all)-1], perSecond)))
	return nil
}

func perSecond(f figures) float64 { return f.perSecond }

// pages are the program's own figures: pages out of the cache, and others.
func pages(ctx context.Context, p *load.Process) (hits, misses float64) {
	return p.Figure(ctx, "pages_hits_total"), p.Figure(ctx, "pages_misses_total")
}

// wrk puts load on a server.
func (b *bench) wrk(ctx context.Context, p *load.Process, script string, length time.Duration) (figures, error) {
	out := b.path("wrk.json")
	cpu, database := p.CPU(), b.postgres.CPU()
	hits, misses := pages(ctx, p)
	c := exec.CommandContext(ctx, "wrk", "-t1", "-c"+strconv.Itoa(b.connections), fmt.Sprintf("-d%ds", int(math.Ceil(length.Seconds()))), "-s", script,
		"-H", "Accept-Encoding: gzip", "-H", "User-Agent: "+load.Phone, p.URL)
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
	f.perSecond = f.Requests / f.Seconds
	f.cpu = (p.CPU() - cpu).Seconds() / f.Requests * 100_000
	f.database = (b.postgres.CPU() - database).Seconds() / f.Requests * 100_000
	moreHits, moreMisses := pages(ctx, p)
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

func share(f float64) string {
	if math.IsNaN(f) {
		return ""
	}
	return fmt.Sprintf("%.1f %%", 100*f)
}
