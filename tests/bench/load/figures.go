package load

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"time"
)

// Each picks one figure of every round.
func Each[F any](rounds []F, pick func(F) float64) []float64 {
	values := make([]float64, len(rounds))
	for i, f := range rounds {
		values[i] = pick(f)
	}
	return values
}

// Median is the middle one, or the mean of the two in the middle.
func Median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	n := len(sorted)
	if n%2 == 1 {
		return sorted[n/2]
	}
	return (sorted[n/2-1] + sorted[n/2]) / 2
}

// Paired are the ratios of one side's figures to the other's, round by round.
func Paired(a, b []float64) []float64 {
	ratios := make([]float64, len(a))
	for i := range a {
		ratios[i] = a[i] / b[i]
	}
	return ratios
}

// List writes figures one after the other.
func List(values []float64) string {
	var out []string
	for _, v := range values {
		out = append(out, fmt.Sprintf("%.2f", v))
	}
	return strings.Join(out, " ")
}

// Micros writes a number of microseconds.
func Micros(n float64) string {
	return time.Duration(n * float64(time.Microsecond)).Round(10 * time.Microsecond).String()
}

// Noise says how much the requests a second of a reference's rounds differ, and
// whether the machine was too busy with other things for a judgement.
func Noise(speeds []float64) string {
	spread := (slices.Max(speeds) - slices.Min(speeds)) / Median(speeds)
	average, _ := os.ReadFile("/proc/loadavg")
	said := fmt.Sprintf("the reference's rounds differ by %.0f %%, load average %s", 100*spread, strings.Join(strings.Fields(string(average))[:1], ""))
	if spread > .2 {
		said += ": TOO NOISY to judge the requests a second; the CPU figures are steadier"
	}
	return said
}
