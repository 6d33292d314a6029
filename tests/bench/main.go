// Command bench measures what the program costs against references measured in
// the same run, each benchmark in a process of its own: go run ./tests/bench
// [name …] [-- flags of that benchmark].
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		stop()
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	var flags []string
	if i := slices.Index(args, "--"); i >= 0 {
		args, flags = args[:i], args[i+1:]
	}
	names := args
	if len(names) == 0 {
		// Every folder beside this file that is a command is a benchmark.
		found, err := filepath.Glob("tests/bench/*/main.go")
		if err != nil {
			return err
		}
		for _, file := range found {
			names = append(names, filepath.Base(filepath.Dir(file)))
		}
		if len(names) == 0 {
			return errors.New("there are no benchmarks here: run it from the root of the tree")
		}
	}
	var failed error
	for _, name := range names {
		fmt.Printf("\n== %s\n", name)
		c := exec.CommandContext(ctx, "go", append([]string{"run", "./tests/bench/" + name}, flags...)...)
		c.Stdout, c.Stderr = os.Stdout, os.Stderr
		if err := c.Run(); err != nil {
			failed = errors.Join(failed, fmt.Errorf("%s: %w", name, err))
		}
	}
	return failed
}
