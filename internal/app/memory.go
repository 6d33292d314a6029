package app

import (
	"context"
	"os"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

const (
	// heapGoal is how large the heap may get, in bytes, before garbage is collected,
	// as long as what is in use leaves room. The program with a full cache of pages
	// and all else stays below 256 MiB by it.
	heapGoal = 160 << 20
	// mostMemory is what the program keeps to, in bytes, as long as it can, by
	// collecting garbage more often: unpacking a large picture is much at once.
	mostMemory = 200 << 20
	// leastPercent and mostPercent bound how much garbage is let gather, as GOGC says
	// it: a collector that works all the time would cost more than memory.
	leastPercent, mostPercent = 40, 200
)

// tendHeap collects garbage seldom while little is in use, and sooner when much
// is, until ctx ends. An operator who sets GOGC has the last word.
func tendHeap(ctx context.Context) {
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(mostMemory)
	}
	if os.Getenv("GOGC") != "" {
		return
	}
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	for now := 100; ; {
		metrics.Read(live)
		if next := gcPercent(live[0].Value.Uint64()); next != now {
			debug.SetGCPercent(next)
			now = next
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// gcPercent is how much garbage, in percent of what is in use, fits below the goal.
// It goes by steps of ten: every change stops the world for a moment.
func gcPercent(live uint64) int {
	if live == 0 { // nothing was collected yet
		return 100
	}
	percent := (heapGoal - int64(live)) * 100 / int64(live)
	return int(min(max(percent/10*10, leastPercent), mostPercent))
}
