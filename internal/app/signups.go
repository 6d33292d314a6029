package app

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/hlpfl/platform/internal/jobs"
	"github.com/hlpfl/platform/store"
	"github.com/hlpfl/platform/views/mail"
)

// spikeQuiet is how long admins are left alone after they were told of a spike.
const spikeQuiet = 6 * time.Hour

const spikeTold = "signups.spike"

// watchSignUps is the job that tells admins when far more accounts are made than
// usual: somebody makes them by program.
func (a *App) watchSignUps() jobs.Kind {
	return jobs.Kind{
		Name: "watch.sign-ups", Every: 10 * time.Minute, Attempts: 3,
		Run: func(ctx context.Context, j jobs.Job) error {
			return a.store.System(ctx, func(tx *store.SystemTx) error {
				if err := tellOfSignUps(ctx, tx); err != nil {
					return err
				}
				return j.Finish(ctx, tx)
			})
		},
	}
}

func tellOfSignUps(ctx context.Context, tx *store.SystemTx) error {
	s, err := tx.SignUps(ctx)
	if err != nil || !s.Spike() {
		return err
	}
	if told, err := tx.AuditedSince(ctx, spikeTold, spikeQuiet); err != nil || told {
		return err
	}
	admins, err := tx.Admins(ctx)
	if err != nil {
		return err
	}
	data := map[string]string{"hour": strconv.Itoa(s.Hour), "usual": fmt.Sprintf("%.1f", s.Usual), "networks": strings.Join(s.Networks, ", ")}
	for _, admin := range admins {
		if err := tx.SendMail(ctx, store.NewMail{Kind: mail.KindSpike, User: admin, Data: data}); err != nil {
			return err
		}
	}
	return tx.Audit(ctx, store.Entry{Action: spikeTold, After: data})
}
