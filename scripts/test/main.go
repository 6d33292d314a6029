// Command test is what make test runs: the checks of the source, then every test on a PostgreSQL that it starts for
// them. It prints one line a package, the output of what failed, the ten slowest tests, and how many passed and failed.
//
//	go run ./scripts/test [-race=false] [-run REGEXP] [PACKAGE…]
package main

import (
	"context"
	"flag"
	"fmt"
	"math"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/hlpfl/platform/internal/local"
)

// raced are the folders whose code runs in many goroutines at once: their tests look for data races too. What is pure,
// and what drives the whole program from outside, is tested as it is built, which is several times faster.
var raced = []string{"handlers", "internal", "store"}

// pure are exceptions from raced: most have no goroutines, and internal/media measures the memory that decoding takes,
// which the detector multiplies (all its goroutines share is a library's semaphore).
var pure = []string{"internal/media", "internal/model", "internal/plans", "internal/providers", "internal/seed"}

// longest are the packages that take the longest, and so are begun before all others, in this order.
var longest = []string{"tests/e2e", "tests/look", "tests/faults", "tests/access", "handlers/site", "internal/analytics", "internal/local", "handlers/artist"}

// atOnce is how many packages are tested at once for each processor, as most wait for servers a good part of their time.
const atOnce = 1.5

// flags are those that make build builds with, for whatever is compiled here, by the tests as well: all share what was
// compiled before, and so does the next clone, whose folder has another name.
const flags = "-trimpath -tags=nodynamic"

// options are the words of the command line.
type options struct {
	race     bool
	run      string
	packages []string
}

// whole tells whether nothing was left out, so that the source is checked as well.
func (o options) whole() bool { return len(o.packages) == 0 && o.run == "" }

func main() {
	var o options
	flag.BoolVar(&o.race, "race", true, "look for data races where goroutines meet; needs a C compiler")
	flag.StringVar(&o.run, "run", "", "only the tests that match")
	flag.Parse()
	o.packages = flag.Args()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	t := tally{began: time.Now()}
	if err := os.Setenv("GOFLAGS", strings.TrimSpace(os.Getenv("GOFLAGS")+" "+flags)); err != nil {
		panic(err) // the name and the value are ours
	}
	if err := all(ctx, &t, o); err != nil {
		fmt.Fprintln(os.Stderr, err)
		t.failed++
	}
	stop()
	t.report(os.Stdout)
	if t.failed > 0 || t.passed == 0 {
		os.Exit(1)
	}
}

// all runs checks and tests. Its error is for what could not be run at all.
func all(ctx context.Context, t *tally, o options) error {
	if o.whole() {
		t.check("generated code is up to date", func() error { return generated(ctx) })
		t.check("go vet", func() error { return command(ctx, "go", "vet", "./...") })
	}
	plain, race, err := packages(ctx, o)
	if err != nil {
		return err
	}
	pg, err := local.ScratchPostgres(ctx, local.ScratchOptions{})
	if err != nil {
		return err
	}
	defer pg.Close(context.Background())
	env := append(os.Environ(), "HLPFL_TEST_PG="+pg.URL)
	if len(race) > 0 {
		if err := tests(ctx, t, o, append(env, "CGO_ENABLED=1"), append([]string{"-race"}, race...)); err != nil {
			return err
		}
	}
	if len(plain) > 0 {
		return tests(ctx, t, o, append(env, "CGO_ENABLED=0"), plain)
	}
	return nil
}

// packages parts the packages that were asked for into those that are tested as they are built and those that are
// tested for races.
func packages(ctx context.Context, o options) (plain, race []string, err error) {
	asked := o.packages
	if len(asked) == 0 {
		asked = []string{"./..."}
	}
	list := exec.CommandContext(ctx, "go", append([]string{"list", "-e"}, asked...)...)
	list.Stderr = os.Stderr
	out, err := list.Output()
	if err != nil {
		return nil, nil, fmt.Errorf("go list: %w", err)
	}
	for _, name := range strings.Fields(string(out)) {
		if o.race && under(short(name), raced) && !under(short(name), pure) {
			race = append(race, name)
		} else {
			plain = append(plain, name)
		}
	}
	slices.SortStableFunc(plain, later)
	slices.SortStableFunc(race, later)
	return plain, race, nil
}

// later puts the longest first and leaves all others as they are.
func later(a, b string) int { return turn(a) - turn(b) }

func turn(name string) int {
	if at := slices.Index(longest, short(name)); at >= 0 {
		return at
	}
	return len(longest)
}

func under(path string, folders []string) bool {
	for _, f := range folders {
		if path == f || strings.HasPrefix(path, f+"/") {
			return true
		}
	}
	return false
}

// tests runs go test and counts.
func tests(ctx context.Context, t *tally, o options, env, words []string) error {
	args := []string{"test", "-json", "-count=1", "-timeout=15m", fmt.Sprintf("-p=%d", int(math.Ceil(atOnce*float64(runtime.NumCPU()))))}
	if o.whole() {
		args = append(args, "-vet=off") // all of it is vetted already
	}
	if o.run != "" {
		args = append(args, "-run", o.run)
	}
	cmd := exec.CommandContext(ctx, "go", append(args, words...)...)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 30 * time.Second
	cmd.Env = env
	cmd.Stderr = os.Stderr
	events, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("cannot run go test: %w", err)
	}
	if err := t.read(events, os.Stdout); err != nil {
		return err
	}
	// Its exit code says no more than the events did, unless they are silent.
	if err := cmd.Wait(); err != nil && t.failed == 0 {
		return fmt.Errorf("go test: %w", err)
	}
	return ctx.Err()
}

// command runs a command; its error holds what it said. What it compiles, it compiles as the program is built, so that
// checks, linter and the tests that build the program share their work.
func command(ctx context.Context, name string, args ...string) error {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	out, err := cmd.CombinedOutput()
	if err != nil {
		return fmt.Errorf("%w\n%s", err, out)
	}
	return nil
}
