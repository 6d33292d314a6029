package ui

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Chart is lines over the same points in time, in ink, at most one in pencil. It is drawn twice, wide and narrow, so
// that its letters keep their size.
type Chart struct {
	// ID makes the ids in it unique on the page.
	ID string
	// Says is the chart in words, for those who do not see it.
	Says string
	// Points are the labels of the points in time, as many as each line has values.
	Points []string
	Lines  []Line
}

// Weight is how a line is drawn.
type Weight string

// The weights of a line.
const (
	WeightPlain  Weight = ""
	WeightThin   Weight = "thin"
	WeightNow    Weight = "now"    // in pencil: the one that matters
	WeightBefore Weight = "before" // dotted: the period before
)

// Line is one series.
type Line struct {
	// Name stands at the line's end where the screen is narrow, Name and the last value where it is wide.
	Name   string
	Values []int
	Weight Weight
}

// frame is where a chart is drawn: the size of its view box and of the part the lines use.
type frame struct {
	width, height int
	left, right   float64
	top, base     float64
	labels        int  // of points in time, at most
	figures       bool // the last value beside the line's name
	class         string
}

var (
	wideFrame   = frame{width: 1180, height: 360, left: 38, right: 1052, top: 12, base: 330, labels: 8, figures: true, class: "chart chart--wide"}
	narrowFrame = frame{width: 358, height: 300, left: 30, right: 284, top: 12, base: 270, labels: 4, class: "chart chart--narrow"}
)

// tick is one horizontal line with its figure.
type tick struct {
	y    float64
	text string
}

// stamp is one label under the chart.
type stamp struct {
	x            float64
	text, anchor string
}

// end is a line's name at its end.
type end struct {
	y           float64
	text, class string
}

// drawing is a chart's geometry in one frame.
type drawing struct {
	frame
	ticks   []tick
	stamps  []stamp
	paths   []string
	weights []string
	ends    []end
}

// draw computes where everything stands.
func (c Chart) draw(f frame) drawing {
	d := drawing{frame: f}
	most := 0
	for _, l := range c.Lines {
		for _, v := range l.Values {
			most = max(most, v)
		}
	}
	step, top := scale(most)
	y := func(v int) float64 { return f.base - (f.base-f.top)*float64(v)/float64(top) }
	for v := step; v <= top; v += step {
		d.ticks = append(d.ticks, tick{y: y(v), text: Number(v)})
	}
	n := len(c.Points)
	x := func(i int) float64 {
		if n < 2 {
			return (f.left + f.right) / 2
		}
		return f.left + (f.right-f.left)*float64(i)/float64(n-1)
	}
	for _, i := range spread(n, f.labels) {
		s := stamp{x: x(i), text: c.Points[i], anchor: "middle"}
		if n > 1 && i == 0 {
			s.anchor = "start"
		} else if n > 1 && i == n-1 {
			s.anchor = "end"
		}
		d.stamps = append(d.stamps, s)
	}
	for _, l := range c.Lines {
		if len(l.Values) == 0 {
			continue
		}
		d.paths = append(d.paths, path(l.Values, x, y))
		d.weights = append(d.weights, string(l.Weight))
		last := l.Values[len(l.Values)-1]
		e := end{y: y(last) + 5, text: l.Name, class: "end"}
		if f.figures {
			e.text = l.Name + " " + Number(last)
		}
		if l.Weight == WeightNow || l.Weight == WeightBefore {
			e.class += " end--" + string(l.Weight)
		}
		d.ends = append(d.ends, e)
	}
	apart(d.ends, 18, f.base+5)
	return d
}

// path draws values as a line. A single value is a dot: a line of no length with a round end.
func path(values []int, x func(int) float64, y func(int) float64) string {
	var b strings.Builder
	for i, v := range values {
		verb := "L"
		if i == 0 {
			verb = "M"
		}
		fmt.Fprintf(&b, "%s%.1f %.1f", verb, x(i), y(v))
	}
	if len(values) == 1 {
		b.WriteString("h.01")
	}
	return b.String()
}

// scale picks round steps so that three to five of them hold the largest value.
func scale(most int) (step, top int) {
	if most <= 4 {
		return 1, max(most, 1)
	}
	unit := math.Pow(10, math.Floor(math.Log10(float64(most)/4)))
	for _, m := range []float64{1, 2, 2.5, 5, 10} {
		step = int(math.Round(m * unit))
		if step > 0 && float64(most)/float64(step) <= 5 && float64(step) == m*unit {
			break
		}
	}
	return step, (most + step - 1) / step * step
}

// spread picks at most so many of n places, the first and the last among them, evenly.
func spread(n, most int) []int {
	if n <= most {
		all := make([]int, n)
		for i := range all {
			all[i] = i
		}
		return all
	}
	var picked []int
	for i := range most {
		picked = append(picked, int(math.Round(float64(i)*float64(n-1)/float64(most-1))))
	}
	return picked
}

// apart pushes labels at the line ends so far apart that none covers another, none below the lowest place.
func apart(ends []end, by, lowest float64) {
	order := make([]*end, len(ends))
	for i := range ends {
		order[i] = &ends[i]
	}
	slices.SortStableFunc(order, func(a, b *end) int {
		switch {
		case a.y < b.y:
			return -1
		case a.y > b.y:
			return 1
		}
		return 0
	})
	for i := 1; i < len(order); i++ {
		order[i].y = math.Max(order[i].y, order[i-1].y+by)
	}
	for i := len(order) - 1; i >= 0; i-- {
		order[i].y = math.Min(order[i].y, lowest)
		lowest = order[i].y - by
	}
}

// SparkPath is a small line without axes in a box of that size; empty for fewer than two values.
func SparkPath(values []int, width, height float64) string {
	if len(values) < 2 {
		return ""
	}
	most := max(1, slices.Max(values))
	return path(values,
		func(i int) float64 { return width * float64(i) / float64(len(values)-1) },
		func(v int) float64 { return height - 2 - (height-4)*float64(v)/float64(most) })
}

func coord(v float64) string { return strconv.FormatFloat(v, 'f', 1, 64) }

func viewBox(width, height int) string { return fmt.Sprintf("0 0 %d %d", width, height) }
