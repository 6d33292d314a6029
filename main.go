// Command hlpfl serves artists' pages and the desk where they are made.
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"strings"
	"syscall"
	_ "time/tzdata" // time zones are the program's own: an image without a shell has none

	"github.com/spf13/cobra"

	"github.com/hlpfl/platform/config"
	"github.com/hlpfl/platform/internal/app"
)

// Set by the build: -ldflags "-X main.version=… -X main.commit=…".
var version, commit = "dev", ""

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := root().ExecuteContext(ctx)
	if err == nil {
		return
	}
	fmt.Fprintln(os.Stderr, "hlpfl: "+sentence(err))
	var wrong usageError
	if errors.As(err, &wrong) || strings.HasPrefix(err.Error(), "unknown command") {
		os.Exit(2)
	}
	os.Exit(1)
}

// sentence keeps an error on one line.
func sentence(err error) string { return strings.Join(strings.Fields(err.Error()), " ") }

type usageError struct{ error }

// args says what a command takes in words, and exits with 2 otherwise.
func args(least, most int, want string) cobra.PositionalArgs {
	return func(_ *cobra.Command, given []string) error {
		if len(given) < least || (most >= 0 && len(given) > most) {
			return usageError{errors.New("wrong usage: " + want)}
		}
		return nil
	}
}

func root() *cobra.Command {
	c := &cobra.Command{
		Use: "hlpfl", Short: "HLPFL, the place where music artists send their fans",
		SilenceErrors: true, SilenceUsage: true,
		CompletionOptions: cobra.CompletionOptions{DisableDefaultCmd: true},
	}
	c.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{err} })
	c.AddCommand(serve(), worker(), migrate(), seed(), admin(), imports(), analytics(), fsck(), routes(), versions())
	return c
}

// open reads the environment and gets an app ready that has its services.
func open(ctx context.Context, command string) (*app.App, error) {
	cfg, err := config.FromEnvironment()
	if err != nil {
		return nil, err
	}
	return app.Open(ctx, app.Options{Config: cfg, Command: command, Version: version, Log: logger()})
}

func logger() *slog.Logger { return slog.New(slog.NewTextHandler(os.Stderr, nil)) }

// with runs f on an app for one command and closes it after.
func with(command string, f func(context.Context, *app.App) error) func(*cobra.Command, []string) error {
	return func(c *cobra.Command, _ []string) error {
		a, err := open(c.Context(), command)
		if err != nil && c.Context().Err() != nil && (command == "serve" || command == "worker") {
			return nil // told to stop while its services came up: that is no failure of what goes on until it is told
		}
		if err != nil {
			return err
		}
		return errors.Join(f(c.Context(), a), a.Close())
	}
}

func serve() *cobra.Command {
	var o app.ServeOptions
	c := &cobra.Command{
		Use: "serve", Short: "Serve the web and do the worker's work in one process", Args: args(0, 0, "serve takes no arguments"),
		RunE: with("serve", func(ctx context.Context, a *app.App) error { return a.Serve(ctx, o) }),
	}
	c.Flags().BoolVar(&o.WebOnly, "web-only", false, "leave the worker out; run it elsewhere with hlpfl worker")
	c.Flags().BoolVar(&o.Demo, "demo", false, "put the demo artists in first, when they are not there")
	return c
}

func worker() *cobra.Command {
	return &cobra.Command{
		Use: "worker", Short: "Do the worker's work alone: unpack events, do jobs, keep partitions", Args: args(0, 0, "worker takes no arguments"),
		RunE: with("worker", func(ctx context.Context, a *app.App) error { return a.Work(ctx) }),
	}
}

func migrate() *cobra.Command {
	return &cobra.Command{
		Use: "migrate", Short: "Apply migrations and stop", Args: args(0, 0, "migrate takes no arguments"),
		RunE: with("migrate", func(ctx context.Context, a *app.App) error {
			n, err := a.Migrate(ctx)
			if err == nil {
				fmt.Printf("%d migrations applied\n", n)
			}
			return err
		}),
	}
}

func seed() *cobra.Command {
	var o app.SeedOptions
	c := &cobra.Command{
		Use: "seed", Short: "Put in demo artists, profiles and 90 days of plausible events, for looking at", Args: args(0, 0, "seed takes no arguments"),
		RunE: with("seed", func(ctx context.Context, a *app.App) error { return a.Seed(ctx, o) }),
	}
	c.Flags().IntVar(&o.Profiles, "profiles", 0, "that many made-up profiles beside the demo artists")
	c.Flags().IntVar(&o.Events, "events", 0, "that many events in all; 0 for a plausible number")
	return c
}

func admin() *cobra.Command {
	c := &cobra.Command{Use: "admin", Short: "Make admins and grant plans by hand"}
	set := func(name, short string, is bool) *cobra.Command {
		return &cobra.Command{
			Use: name + " EMAIL", Short: short, Args: args(1, 1, name+" takes one e-mail address"),
			RunE: func(c *cobra.Command, given []string) error {
				return with("admin", func(ctx context.Context, a *app.App) error { return a.SetAdmin(ctx, given[0], is) })(c, nil)
			},
		}
	}
	plan := withReason("plan EMAIL PLAN --reason …", "Grant a plan by hand; it stands in the audit log", "plan takes an e-mail address and a plan", 2,
		func(ctx context.Context, a *app.App, given []string, reason string) error {
			return a.GrantPlan(ctx, given[0], given[1], reason)
		})
	signOut := withReason("sign-out EMAIL --reason …", "End every session of a user", "sign-out takes one e-mail address", 1,
		func(ctx context.Context, a *app.App, given []string, reason string) error {
			return a.SignOut(ctx, given[0], reason)
		})
	suspend := func(name, short string, is bool) *cobra.Command {
		return withReason(name+" EMAIL --reason …", short, name+" takes one e-mail address", 1, func(ctx context.Context, a *app.App, given []string, reason string) error {
			return a.Suspend(ctx, given[0], reason, is)
		})
	}
	c.AddCommand(set("grant", "Make a user an admin", true), set("revoke", "Make an admin a user again", false), plan, signOut,
		suspend("suspend", "Close an account with all its pages", true), suspend("unsuspend", "Open a suspended account again", false))
	return c
}

// withReason is a command of an admin that has to say why.
func withReason(use, short, wrong string, n int, f func(context.Context, *app.App, []string, string) error) *cobra.Command {
	var reason string
	c := &cobra.Command{
		Use: use, Short: short, Args: args(n, n, wrong),
		RunE: func(c *cobra.Command, given []string) error {
			if strings.TrimSpace(reason) == "" {
				return usageError{errors.New("wrong usage: say why with --reason")}
			}
			return with("admin", func(ctx context.Context, a *app.App) error { return f(ctx, a, given, reason) })(c, nil)
		},
	}
	c.Flags().StringVar(&reason, "reason", "", "why, for the audit log")
	return c
}

func imports() *cobra.Command {
	return &cobra.Command{
		Use: "import FILE…", Short: "Take profiles in from JSON files, one line a file: created, updated, or refused and why",
		Args: args(1, -1, "import takes one file or more"),
		RunE: func(c *cobra.Command, files []string) error {
			return with("import", func(ctx context.Context, a *app.App) error { return a.Import(ctx, os.Stdout, files) })(c, nil)
		},
	}
}

func analytics() *cobra.Command {
	c := &cobra.Command{Use: "analytics", Short: "Look after the figures"}
	c.AddCommand(&cobra.Command{
		Use: "rebuild", Short: "Make the roll-ups from raw events again", Args: args(0, 0, "rebuild takes no arguments"),
		RunE: with("analytics rebuild", func(ctx context.Context, a *app.App) error { return a.RebuildAnalytics(ctx, os.Stderr) }),
	})
	return c
}

func fsck() *cobra.Command {
	return &cobra.Command{
		Use: "fsck", Short: "Count rows that point at missing pictures, and pictures older than a day that no row has", Args: args(0, 0, "fsck takes no arguments"),
		RunE: with("fsck", func(ctx context.Context, a *app.App) error { return a.Fsck(ctx, os.Stdout) }),
	}
}

func routes() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use: "routes", Short: "List every route and who may use it", Args: args(0, 0, "routes takes no arguments"),
		RunE: func(*cobra.Command, []string) error { return app.PrintRoutes(os.Stdout, asJSON) },
	}
	c.Flags().BoolVar(&asJSON, "json", false, "as JSON, for programs")
	return c
}

func versions() *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "Print version, commit and Go", Args: args(0, 0, "version takes no arguments"),
		RunE: func(*cobra.Command, []string) error {
			fmt.Printf("hlpfl %s, commit %s, %s\n", version, revision(), runtime.Version())
			return nil
		},
	}
}

// revision is the commit the build was told, or the one Go noted.
func revision() string {
	if commit != "" {
		return commit
	}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				return s.Value
			}
		}
	}
	return "unknown"
}
