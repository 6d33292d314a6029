// Command test is what make test runs: the checks of the source, then every test on a PostgreSQL that it starts for
// them. It prints one line a package, the output of what failed, the ten slowest tests, and how many passed and failed.
//
//	go run ./scripts/test [-race=false] [-lint=false] [-run REGEXP] [PACKAGE…]
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"time"

	"github.com/hlpfl/platform/internal/local"
)

func main() {
	race := flag.Bool("race", true, "find data races too; needs a C compiler")
	lint := flag.Bool("lint", true, "run golangci-lint too")
	run := flag.String("run", "", "only the tests that match")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	t := tally{began: time.Now()}
	if err := all(ctx, &t, *race, *lint, *run, flag.Args()); err != nil {
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
func all(ctx context.Context, t *tally, race, lint bool, run string, packages []string) error {
	whole := len(packages) == 0 && run == ""
	if len(packages) == 0 {
		packages = []string{"./..."}
	}
	if whole {
		t.check("generated code is up to date", func() error { return generated(ctx) })
		t.check("go vet", func() error { return command(ctx, "go", "vet", "./...") })
	}
	pg, err := local.ScratchPostgres(ctx, local.ScratchOptions{})
	if err != nil {
		return err
	}
	defer pg.Close(context.Background())
	args := []string{"test", "-json", "-count=1", "-timeout=9m"}
	if race {
		args = append(args, "-race")
	}
	if run != "" {
		args = append(args, "-run", run)
	}
	cmd := exec.CommandContext(ctx, "go", append(args, packages...)...)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 30 * time.Second
	cmd.Env = append(os.Environ(), "HLPFL_TEST_PG="+pg.URL)
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
	if whole && lint {
		t.check("golangci-lint", func() error {
			return command(ctx, "go", "tool", "-modfile=tools/go.mod", "golangci-lint", "run")
		})
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
