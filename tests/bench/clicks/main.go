// Command clicks measures durable clicks: the program's redirect, which answers
// after the click is committed, against a bare net/http 302 with the same head,
// and against one prepared INSERT a request into the table of events. Program,
// references, database and load are processes of their own.
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
	"strconv"
	"strings"
	"time"
)

// options of a run.
type options struct {
	profiles    int
	rounds      int
	length      time.Duration // of one measurement
	connections []int
}

func main() {
	if len(os.Args) > 1 {
		serve := map[string]func([]string) error{"bare": bare, "insert": insert}[os.Args[1]]
		if serve != nil {
			exit(serve(os.Args[2:]))
		}
	}
	var o options
	flag.IntVar(&o.profiles, "profiles", 1000, "how many profiles are tapped, by Zipf's law")
	flag.IntVar(&o.rounds, "rounds", 5, "interleaved rounds")
	flag.DurationVar(&o.length, "length", 6*time.Second, "of one measurement")
	connections := flag.String("connections", "64,256", "of the load, one table for each")
	flag.Parse()
	for text := range strings.SplitSeq(*connections, ",") {
		n, err := strconv.Atoi(strings.TrimSpace(text))
		if err != nil || n < 1 {
			exit(fmt.Errorf("--connections: %q is no number", text))
		}
		o.connections = append(o.connections, n)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	exit(run(ctx, o))
}

func exit(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "clicks:", err)
		os.Exit(1)
	}
	os.Exit(0)
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
	b := &bench{options: o, folder: folder}
	defer b.close()
	if err := b.start(ctx); err != nil {
		return err
	}
	fmt.Printf("%d processors, %s, %d rounds of %s; %d profiles by Zipf's law; load by wrk in one thread\n",
		runtime.NumCPU(), runtime.Version(), o.rounds, o.length, o.profiles)
	fmt.Printf("PostgreSQL: %s\n", b.durability)
	fmt.Printf("an old snapshot is held open all the time; INSERT: %d connections to the database\n", insertConnections)
	for _, connections := range o.connections {
		fmt.Printf("\n%d connections\n", connections)
		if err := b.compare(ctx, connections); err != nil {
			return err
		}
	}
	return nil
}

func (b *bench) path(name string) string { return filepath.Join(b.folder, name) }
