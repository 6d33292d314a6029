package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// tally counts what passed and failed.
type tally struct {
	passed, failed, skipped int
	slow                    []test
	began                   time.Time
}

// test is one test, or subtest, that has ended.
type test struct {
	name    string // package and test
	seconds float64
}

// event is one line of go test -json.
type event struct {
	Action     string
	Package    string
	ImportPath string // of build output
	Test       string
	Output     string
	Elapsed    float64
}

// suite is one package while it runs.
type suite struct {
	state  map[string]string // test → run, pass, fail, skip
	output map[string][]string
}

// check runs one check of the source and counts it as a test.
func (t *tally) check(name string, do func() error) {
	began := time.Now()
	if err := do(); err != nil {
		t.failed++
		fmt.Printf("FAIL  %s: %v\n", name, err)
		return
	}
	t.passed++
	fmt.Printf("ok    %-46s %6.1fs\n", name, time.Since(began).Seconds())
}

// read reads the events of go test -json and says how each package fares.
func (t *tally) read(events io.Reader, out io.Writer) error {
	suites := map[string]*suite{}
	in := bufio.NewReader(events)
	for {
		line, err := in.ReadBytes('\n')
		if len(line) > 0 {
			var e event
			if json.Unmarshal(line, &e) != nil {
				fmt.Fprintf(out, "%s", line) // not an event: the go command itself speaks
			} else {
				t.take(suites, e, out)
			}
		}
		if err == io.EOF {
			break
		}
		if err != nil {
			return fmt.Errorf("reading go test: %w", err)
		}
	}
	for name := range suites {
		t.failed++
		fmt.Fprintf(out, "FAIL  %s did not end\n", short(name))
	}
	return nil
}

func (t *tally) take(suites map[string]*suite, e event, out io.Writer) {
	switch e.Action {
	case "build-output":
		fmt.Fprint(out, e.Output)
		return
	case "build-fail":
		return // the package says so as well
	}
	s := suites[e.Package]
	if s == nil {
		s = &suite{state: map[string]string{}, output: map[string][]string{}}
		suites[e.Package] = s
	}
	switch e.Action {
	case "run":
		s.state[e.Test] = "run"
	case "output":
		s.output[e.Test] = append(s.output[e.Test], e.Output)
	case "pass", "fail", "skip":
		if e.Test == "" {
			delete(suites, e.Package)
			t.end(e, s, out)
			return
		}
		s.state[e.Test] = e.Action
		if e.Action == "skip" {
			fmt.Fprint(out, strings.Join(s.output[e.Test], ""))
		}
		if e.Action != "fail" {
			delete(s.output, e.Test)
		}
		t.slow = append(t.slow, test{short(e.Package) + " " + e.Test, e.Elapsed})
	}
}

// end counts a package that has ended. A test with subtests is counted by them.
func (t *tally) end(e event, s *suite, out io.Writer) {
	parents := map[string]bool{}
	for name := range s.state {
		for at := strings.LastIndexByte(name, '/'); at > 0; at = strings.LastIndexByte(name[:at], '/') {
			parents[name[:at]] = true
		}
	}
	var tests, failed int
	var broken []string
	for name, state := range s.state {
		// One that never ended was cut off by a panic or the time limit.
		bad := state == "fail" || state == "run"
		if bad {
			broken = append(broken, name)
		}
		switch {
		case parents[name]:
		case state == "skip":
			t.skipped++
		case bad:
			failed++
			tests++
		default:
			t.passed++
			tests++
		}
	}
	if e.Action == "fail" && failed == 0 {
		failed++ // a build that failed, a panic outside of tests, a parent that failed by itself
	}
	t.failed += failed
	if failed == 0 {
		if tests > 0 {
			fmt.Fprintf(out, "ok    %-46s %6.1fs  %d\n", short(e.Package), e.Elapsed, tests)
		}
		return
	}
	slices.Sort(broken)
	for _, name := range append(broken, "") {
		fmt.Fprint(out, strings.Join(s.output[name], ""))
	}
	fmt.Fprintf(out, "FAIL  %-46s %6.1fs  %d, %d failed\n", short(e.Package), e.Elapsed, tests, failed)
}

// report prints the slowest tests and the count.
func (t *tally) report(out io.Writer) {
	slices.SortStableFunc(t.slow, func(a, b test) int {
		switch {
		case a.seconds > b.seconds:
			return -1
		case a.seconds < b.seconds:
			return 1
		}
		return 0
	})
	if len(t.slow) > 0 {
		fmt.Fprintln(out, "\nThe slowest tests:")
		for _, s := range t.slow[:min(10, len(t.slow))] {
			fmt.Fprintf(out, "%7.2fs  %s\n", s.seconds, s.name)
		}
	}
	fmt.Fprintf(out, "\nIn %s.\n%d passed, %d failed", time.Since(t.began).Round(time.Second), t.passed, t.failed)
	if t.skipped > 0 {
		fmt.Fprintf(out, ", %d skipped", t.skipped)
	}
	fmt.Fprintln(out)
}

// short is a package's name without the module's.
func short(name string) string {
	return strings.TrimPrefix(strings.TrimPrefix(name, "github.com/hlpfl/platform"), "/")
}
