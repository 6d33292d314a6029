package app

import "testing"

func TestGarbageFitsBelowTheGoal(t *testing.T) {
	for live, want := range map[uint64]int{
		0:         100,
		1:         200,
		10 << 20:  200,
		50 << 20:  200,
		80 << 20:  100,
		100 << 20: 60,
		120 << 20: 40,
		500 << 20: 40,
		1 << 40:   40,
	} {
		got := gcPercent(live)
		if got != want {
			t.Errorf("%d MiB in use: %d %%, want %d", live>>20, got, want)
		}
		if heap := live + live*uint64(got)/100; live > 0 && got > leastPercent && heap > heapGoal {
			t.Errorf("%d MiB in use: the heap may grow to %d MiB", live>>20, heap>>20)
		}
	}
}
