package main

import (
	"bytes"
	"strings"
	"testing"
)

func TestTallyCountsWhatEnded(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		events                  []string
		passed, failed, skipped int
		says                    string
	}{
		"one passes": {[]string{
			`{"Action":"run","Package":"p","Test":"TestA"}`, `{"Action":"pass","Package":"p","Test":"TestA","Elapsed":1}`,
			`{"Action":"pass","Package":"p","Elapsed":1}`,
		}, 1, 0, 0, "ok    p"},
		"subtests stand for their parent": {[]string{
			`{"Action":"run","Package":"p","Test":"TestA"}`, `{"Action":"run","Package":"p","Test":"TestA/x"}`, `{"Action":"run","Package":"p","Test":"TestA/y"}`,
			`{"Action":"output","Package":"p","Test":"TestA/y","Output":"y is wrong\n"}`,
			`{"Action":"pass","Package":"p","Test":"TestA/x"}`, `{"Action":"fail","Package":"p","Test":"TestA/y"}`, `{"Action":"fail","Package":"p","Test":"TestA"}`,
			`{"Action":"fail","Package":"p"}`,
		}, 1, 1, 0, "y is wrong"},
		"a parent that fails by itself": {[]string{
			`{"Action":"run","Package":"p","Test":"TestA"}`, `{"Action":"run","Package":"p","Test":"TestA/x"}`, `{"Action":"pass","Package":"p","Test":"TestA/x"}`,
			`{"Action":"fail","Package":"p","Test":"TestA"}`, `{"Action":"fail","Package":"p"}`,
		}, 1, 1, 0, "FAIL  p"},
		"a panic cuts tests off": {[]string{
			`{"Action":"run","Package":"p","Test":"TestA"}`, `{"Action":"output","Package":"p","Test":"TestA","Output":"panic: oh\n"}`, `{"Action":"fail","Package":"p"}`,
		}, 0, 1, 0, "panic: oh"},
		"a build fails": {[]string{
			`{"ImportPath":"p","Action":"build-output","Output":"undefined: x\n"}`, `{"ImportPath":"p","Action":"build-fail"}`,
			`{"Action":"start","Package":"p"}`, `{"Action":"fail","Package":"p","FailedBuild":"p"}`,
		}, 0, 1, 0, "undefined: x"},
		"go test dies": {[]string{`{"Action":"run","Package":"p","Test":"TestA"}`}, 0, 1, 0, "p did not end"},
		"a skipped test is no passed one": {[]string{
			`{"Action":"run","Package":"p","Test":"TestA"}`, `{"Action":"skip","Package":"p","Test":"TestA"}`, `{"Action":"pass","Package":"p"}`,
		}, 0, 0, 1, ""},
		"no events": {[]string{`go: no such package`}, 0, 0, 0, "go: no such package"},
	} {
		var said bytes.Buffer
		var got tally
		if err := got.read(strings.NewReader(strings.Join(c.events, "\n")+"\n"), &said); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if got.passed != c.passed || got.failed != c.failed || got.skipped != c.skipped || !strings.Contains(said.String(), c.says) {
			t.Errorf("%s: %d passed, %d failed, %d skipped, want %d, %d, %d; it says %q, want %q", name, got.passed, got.failed, got.skipped, c.passed, c.failed, c.skipped, said.String(), c.says)
		}
	}
}

func TestReportEndsWithTheCount(t *testing.T) {
	t.Parallel()
	got := tally{passed: 12, failed: 1}
	for i := range 12 {
		got.slow = append(got.slow, test{strings.Repeat("x", i+1), float64(i)})
	}
	var said bytes.Buffer
	got.report(&said)
	lines := strings.Split(strings.TrimSpace(said.String()), "\n")
	if last := lines[len(lines)-1]; last != "12 passed, 1 failed" {
		t.Errorf("the last line is %q", last)
	}
	if n := strings.Count(said.String(), "s  x"); n != 10 || strings.Contains(said.String(), "s  x\n") || !strings.Contains(said.String(), "11.00s") {
		t.Errorf("want the ten slowest, got %d:\n%s", n, said.String())
	}
}
