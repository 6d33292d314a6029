// Command pages measures public pages: one page out of the cache, and very many
// pages under the cache's bound, each against a bare net/http handler that writes
// the same bytes. Program, reference and load are processes of their own.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"time"

	"github.com/hlpfl/platform/internal/model"
)

// options of a run.
type options struct {
	profiles    int
	rounds      int
	length      time.Duration // of one measurement
	connections int
	program     string // built from this tree when empty
}

func main() {
	if len(os.Args) > 1 && os.Args[1] == "bare" {
		if err := bare(os.Args[2:]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	var o options
	flag.IntVar(&o.profiles, "profiles", 100_000, "how many profiles are asked for")
	flag.IntVar(&o.rounds, "rounds", 5, "interleaved rounds")
	flag.DurationVar(&o.length, "length", 6*time.Second, "of one measurement")
	flag.IntVar(&o.connections, "connections", 64, "of the load")
	flag.StringVar(&o.program, "program", "", "a program that is built already")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, "pages:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, o options) error {
	if _, err := exec.LookPath("wrk"); err != nil {
		return errors.New("wrk is missing: apt-get install wrk")
	}
	folder, err := os.MkdirTemp("", "hlpfl-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	b := &bench{options: o, folder: folder, binary: o.program}
	defer b.close()
	if err := b.start(ctx); err != nil {
		return err
	}
	fmt.Printf("%d processors, %s, %d connections, %d rounds of %s; load by wrk in one thread\n", runtime.NumCPU(), runtime.Version(), o.connections, o.rounds, o.length)
	fmt.Printf("PostgreSQL: %s\n", b.durability)
	fmt.Printf("%d profiles put in within %s\n\n", o.profiles, b.seeding.Round(100*time.Millisecond))
	if err := b.sizes(ctx); err != nil {
		return err
	}
	if err := b.onePage(ctx); err != nil {
		return err
	}
	return b.manyPages(ctx)
}

// sizes tells how large the document of a page of twenty links is in each theme.
func (b *bench) sizes(ctx context.Context) error {
	for _, theme := range model.Themes() {
		handle, links, err := b.ofTwenty(ctx, theme)
		if err != nil {
			return err
		}
		fmt.Printf("%-8s %d links:", theme, links)
		for _, coding := range []string{"gzip", "br"} {
			page, err := fetch(ctx, b.program.URL+"/"+handle, coding)
			if err != nil {
				return err
			}
			fmt.Printf("  %s %d bytes", coding, len(page.Body))
		}
		fmt.Println()
	}
	fmt.Println()
	return nil
}

// onePage measures the page with twenty links out of the cache.
func (b *bench) onePage(ctx context.Context) error {
	handle, links, err := b.ofTwenty(ctx, "")
	if err != nil {
		return err
	}
	page, err := fetch(ctx, b.program.URL+"/"+handle, "gzip")
	if err != nil {
		return err
	}
	reference, err := b.startBare(ctx, page)
	if err != nil {
		return err
	}
	defer reference.Stop()
	script, err := b.script("one.lua", []string{"/" + handle}, false)
	if err != nil {
		return err
	}
	fmt.Printf("One page of %d links, gzip, %d bytes, out of the cache\n", links, len(page.Body))
	return b.compare(ctx, []contest{{"program", b.program, script}, {"net/http", reference, script}})
}

// manyPages measures very many pages, by Zipf's law and evenly.
func (b *bench) manyPages(ctx context.Context) error {
	paths, err := b.paths(ctx)
	if err != nil {
		return err
	}
	page, err := fetch(ctx, b.program.URL+paths[0], "gzip")
	if err != nil {
		return err
	}
	reference, err := b.startBare(ctx, page)
	if err != nil {
		return err
	}
	defer reference.Stop()
	for _, law := range []struct {
		name string
		zipf bool
	}{{"by Zipf's law (s = 1)", true}, {"evenly", false}} {
		script, err := b.script("many.lua", paths, law.zipf)
		if err != nil {
			return err
		}
		// A process of its own for each law: memory that one left behind is not the other's.
		if err := b.restart(ctx); err != nil {
			return err
		}
		// Until the cache is full, or holds all there is: memory is judged by that.
		for n, before := 0, -1.0; n < 20; n++ {
			if _, err := b.wrk(ctx, b.program, script, 5*time.Second); err != nil {
				return err
			}
			held := b.program.Figure(ctx, "pages_bytes")
			if held > .97*96*(1<<20) || held < before*1.01 {
				break
			}
			before = held
		}
		fmt.Printf("\n%d pages %s, cache bound 96 MiB\n", len(paths), law.name)
		if err := b.compare(ctx, []contest{{"program", b.program, script}, {"net/http", reference, script}}); err != nil {
			return err
		}
	}
	return nil
}

func (b *bench) path(name string) string { return filepath.Join(b.folder, name) }
