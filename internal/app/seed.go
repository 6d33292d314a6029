package app

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/hlpfl/platform/internal/media"
	"github.com/hlpfl/platform/internal/seed"
	"github.com/hlpfl/platform/views"
)

// SeedOptions say how much is put in beside the demo artists.
type SeedOptions struct {
	Profiles int // made-up profiles
	Events   int // for those; 0 for none
}

// Seed puts in demo artists with 90 days of plausible visits, and says how to
// look at them. Doing it again adds only what is missing.
func (a *App) Seed(ctx context.Context, o SeedOptions) error {
	if _, err := a.Migrate(ctx); err != nil {
		return err
	}
	pictures, err := media.Open(ctx, a.cfg.BlobURL)
	if err != nil {
		return err
	}
	defer pictures.Close()
	accounts, err := a.accounts()
	if err != nil {
		return err
	}
	result, err := seed.Run(ctx, seed.Options{
		Store: a.store, Media: pictures, Hash: accounts.Hash, Secret: a.cfg.SecretKeys[0],
		Admin: a.Local(), Profiles: o.Profiles, Events: o.Events, Now: a.now, Log: a.log,
	})
	if err != nil {
		return err
	}
	a.tell(os.Stdout, result)
	return nil
}

func (a *App) tell(w io.Writer, r seed.Result) {
	fmt.Fprintf(w, "\n  HLPFL        %s\n", a.cfg.Origin())
	for i, h := range r.Handles {
		label := "Demo profile"
		if i > 0 {
			label = ""
		}
		fmt.Fprintf(w, "  %-12s %s/%s\n", label, a.cfg.Origin(), h)
	}
	for i, account := range r.Accounts {
		label := "Sign in"
		if i > 0 {
			label = ""
		}
		fmt.Fprintf(w, "  %-12s %s  %s  (%s)\n", label, account.Email, account.Password, account.What)
	}
	if a.Local() && a.mailbox() != nil {
		fmt.Fprintf(w, "  %-12s %s\n", "Mails", a.cfg.Origin()+views.DevMail())
	}
	switch {
	case r.Profiles > 0: // made for scale, beside the demo artists
		fmt.Fprintf(w, "  %-12s %d profiles, %d events\n", "Put in", r.Profiles, r.Events)
	case r.Events > 0:
		fmt.Fprintf(w, "  %-12s %d events\n", "Put in", r.Events)
	}
	fmt.Fprintln(w)
}
