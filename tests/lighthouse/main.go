// Command lighthouse asks Lighthouse, in its mobile setting, what it thinks of a
// page of twenty links with a picture in every theme, and prints a table. It
// fails below 99 for performance and 100 for the rest. It is part of make soak.
//
//	go run ./tests/lighthouse [-themes jacket,tape] [-program bin/hlpfl]
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/hlpfl/platform/internal/model"
)

func main() {
	themes := flag.String("themes", strings.Join(model.Themes(), ","), "which themes")
	program := flag.String("program", "", "the program; built from this tree when empty")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, strings.Split(*themes, ","), *program)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "lighthouse:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, themes []string, program string) error {
	folder, err := os.MkdirTemp("", "hlpfl-lighthouse-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	tool, err := install(ctx)
	if err != nil {
		return err
	}
	if program == "" {
		program = filepath.Join(folder, "hlpfl")
		build := exec.CommandContext(ctx, "go", "build", "-o", program, ".")
		build.Env = append(os.Environ(), "CGO_ENABLED=0")
		if out, err := build.CombinedOutput(); err != nil {
			return fmt.Errorf("building the program: %w\n%s", err, out)
		}
	}
	s, err := start(ctx, program, folder)
	if err != nil {
		return err
	}
	defer s.process.Stop()
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "theme\tperformance\taccessibility\tbest practices\tSEO\tLCP\tlayout shift\tblocked\tdocument\tall\trequests\t")
	var below []string
	for _, theme := range themes {
		address, err := s.page(ctx, theme)
		if err != nil {
			return fmt.Errorf("page in %s: %w", theme, err)
		}
		r, err := ask(ctx, tool, address, filepath.Join(folder, theme+".json"))
		if err != nil {
			return fmt.Errorf("%s: %w", theme, err)
		}
		c := r.Categories
		fmt.Fprintf(table, "%s\t%.0f\t%.0f\t%.0f\t%.0f\t%.0f ms\t%.3f\t%.0f ms\t%.1f KB\t%.1f KB\t%d\t\n", theme,
			100*c.Performance.Score, 100*c.Accessibility.Score, 100*c.BestPractices.Score, 100*c.SEO.Score,
			r.Audits.LCP.Value, r.Audits.Shift.Value, r.Audits.Blocking.Value,
			r.document()/1024, r.Audits.Bytes.Value/1024, len(r.Audits.Requests.Details.Items))
		if c.Performance.Score < .99 || c.Accessibility.Score < 1 || c.BestPractices.Score < 1 || c.SEO.Score < 1 {
			below = append(below, theme+": "+strings.Join(r.failed(), ", "))
		}
	}
	if err := table.Flush(); err != nil {
		return err
	}
	if len(below) > 0 {
		return errors.New("below the aim:\n" + strings.Join(below, "\n"))
	}
	return nil
}

// install brings Lighthouse in, at the version and with the content that the lock
// file names, and gives its command's file. It does nothing when it is there.
func install(ctx context.Context) (string, error) {
	place := filepath.Join("tests", "lighthouse", "_npm")
	tool := filepath.Join(place, "node_modules", "lighthouse", "cli", "index.js")
	if _, err := os.Stat(tool); err == nil {
		return tool, nil
	}
	c := exec.CommandContext(ctx, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
	c.Dir = place
	if out, err := c.CombinedOutput(); err != nil {
		return "", fmt.Errorf("npm ci: %w\n%s", err, out)
	}
	return tool, nil
}

// report is what we read of Lighthouse's answer.
type report struct {
	Categories struct {
		Performance   score `json:"performance"`
		Accessibility score `json:"accessibility"`
		BestPractices score `json:"best-practices"`
		SEO           score `json:"seo"`
	} `json:"categories"`
	Audits struct {
		LCP      value `json:"largest-contentful-paint"`
		Shift    value `json:"cumulative-layout-shift"`
		Blocking value `json:"total-blocking-time"`
		Bytes    value `json:"total-byte-weight"`
		Requests value `json:"network-requests"`
	} `json:"audits"`
	all map[string]struct {
		Title string   `json:"title"`
		Score *float64 `json:"score"`
	}
}

type score struct {
	Score float64 `json:"score"`
}

type value struct {
	Value   float64 `json:"numericValue"`
	Details struct {
		Items []struct {
			Type string  `json:"resourceType"`
			Size float64 `json:"transferSize"`
		} `json:"items"`
	} `json:"details"`
}

// document is the size of the page itself as it came over the wire, in bytes.
func (r report) document() (bytes float64) {
	for _, item := range r.Audits.Requests.Details.Items {
		if item.Type == "Document" {
			bytes += item.Size
		}
	}
	return bytes
}

// failed are the audits that are not full, worst first.
func (r report) failed() (titles []string) {
	names := make([]string, 0, len(r.all))
	for name, audit := range r.all {
		if audit.Score != nil && *audit.Score < .9 {
			names = append(names, name)
		}
	}
	slices.SortFunc(names, func(a, b string) int {
		if d := *r.all[a].Score - *r.all[b].Score; d != 0 {
			return int(d * 1000)
		}
		return strings.Compare(a, b)
	})
	return names
}

// ask runs Lighthouse once.
func ask(ctx context.Context, tool, address, out string) (r report, err error) {
	ctx, cancel := context.WithTimeout(ctx, 3*time.Minute)
	defer cancel()
	c := exec.CommandContext(ctx, "node", tool, address, "--quiet", "--output=json", "--output-path="+out,
		"--only-categories=performance,accessibility,best-practices,seo",
		"--chrome-flags=--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync --host-resolver-rules='MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost'")
	chromium, err := exec.LookPath("chromium")
	if err != nil {
		return r, errors.New("chromium is missing: apt-get install chromium")
	}
	c.Env = append(os.Environ(), "CHROME_PATH="+chromium)
	if said, err := c.CombinedOutput(); err != nil {
		return r, fmt.Errorf("%w\n%s", err, said)
	}
	raw, err := os.ReadFile(out)
	if err != nil {
		return r, err
	}
	var audits struct {
		Audits json.RawMessage `json:"audits"`
	}
	return r, errors.Join(json.Unmarshal(raw, &r), json.Unmarshal(raw, &audits), json.Unmarshal(audits.Audits, &r.all))
}
