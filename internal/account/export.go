// Package account ends what is a user's well: it packs everything into one archive, and
// removes everything of an account that was to go.
package account

import (
	"archive/zip"
	"context"
	"crypto/rand"
	"encoding/base32"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"time"

	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/internal/plans"
	"github.com/hlpfl/platform/store"
	"github.com/hlpfl/platform/views/mail"
)

// Blobs is where pictures and archives are.
type Blobs interface {
	// Open opens a file of a picture; NotFound when it is not there.
	Open(ctx context.Context, file string) (io.ReadSeekCloser, error)
	// SweepFiles deletes the files of pictures that no profile has any more.
	SweepFiles(ctx context.Context, db *store.Store) (int64, error)
	WriteArchive(ctx context.Context, name string, f func(io.Writer) error) (int64, error)
	OpenArchive(ctx context.Context, name string) (io.ReadSeekCloser, error)
	RemoveArchive(ctx context.Context, name string) error
	Archives(ctx context.Context, before time.Time, f func(names []string) error) error
}

// Options are what an Accounts needs.
type Options struct {
	Store  *store.Store
	Blobs  Blobs
	Origin string           // scheme and host of BASE_URL, told in the archive
	Now    func() time.Time // nil is the system's
	// ForgetLimits takes back what is counted of a user who is gone; nil for nothing.
	ForgetLimits func(ctx context.Context, user model.UserID, email string)
	Log          *slog.Logger
}

// Accounts makes archives and removes accounts. It is safe for use by many goroutines,
// in many processes.
type Accounts struct {
	store  *store.Store
	blobs  Blobs
	origin string
	now    func() time.Time
	log    *slog.Logger

	forgetLimits func(ctx context.Context, user model.UserID, email string)
}

// New makes it.
func New(o Options) *Accounts {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Accounts{o.Store, o.Blobs, o.Origin, o.Now, o.Log, o.ForgetLimits}
}

// NewFile is a name for an archive that nobody can guess.
func NewFile() string {
	var b [32]byte
	_, _ = rand.Read(b[:]) // never fails since Go 1.24
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(b[:])) + ".zip"
}

// Order is an archive that is to be made.
type Order struct {
	Export model.ExportID
	// Last says that it will not be tried again.
	Last bool
	// Finish is done in the transaction that says that it is ready.
	Finish func(context.Context, *store.SystemTx) error
}

// Make makes an archive and sends word of it. Done again, after whatever end, it begins
// anew under the same name; of several who do it at once each makes a whole one.
func (a *Accounts) Make(ctx context.Context, o Order) error {
	var e store.Export
	var wanted bool
	err := a.store.System(ctx, func(tx *store.SystemTx) (err error) {
		e, wanted, err = tx.BeginExport(ctx, o.Export)
		return err
	})
	if err != nil || !wanted {
		return err
	}
	size, err := a.blobs.WriteArchive(ctx, e.File, func(w io.Writer) error {
		p := &pack{accounts: a, export: e, zip: zip.NewWriter(w), at: a.now().UTC()}
		if err := p.write(ctx); err != nil {
			return err
		}
		return p.zip.Close()
	})
	if err != nil {
		if o.Last && ctx.Err() == nil {
			if told := a.store.System(ctx, func(tx *store.SystemTx) error { return tx.ExportFailed(ctx, e.ID) }); told != nil {
				a.log.ErrorContext(ctx, "that an archive failed could not be written; a sweep will", "err", told)
			}
		}
		return err
	}
	return a.store.System(ctx, func(tx *store.SystemTx) error {
		waited, err := tx.ExportReady(ctx, e.ID, size)
		if err != nil {
			return err
		}
		if waited {
			if err := tx.SendMail(ctx, store.NewMail{Kind: mail.KindExportReady, User: e.User, Data: map[string]string{"days": fmt.Sprint(int(store.KeepExports.Hours() / 24))}}); err != nil {
				return err
			}
		}
		// Who waited may be gone with the account: a sweep finds the file then.
		return o.Finish(ctx, tx)
	})
}

// sweepAtOnce is how many archives one transaction deletes.
const sweepAtOnce = 50

// SweepExports deletes archives whose time is over, and files that no row has, and
// gives up what no job makes any more. It says how many archives went.
func (a *Accounts) SweepExports(ctx context.Context) (gone int64, err error) {
	err = a.store.System(ctx, func(tx *store.SystemTx) error {
		_, err := tx.FailLostExports(ctx)
		return err
	})
	if err != nil {
		return 0, err
	}
	for {
		n := 0
		err := a.store.System(ctx, func(tx *store.SystemTx) error {
			old, err := tx.LockOldExports(ctx, sweepAtOnce)
			if n = len(old); err != nil || n == 0 {
				return err
			}
			return a.forget(ctx, tx, old)
		})
		if gone += int64(n); err != nil || n < sweepAtOnce {
			return gone, err
		}
	}
}

// SweepLostArchives deletes files that no archive's row has, a day after they were
// written: what a killed writer, or a database that was put back, leaves.
func (a *Accounts) SweepLostArchives(ctx context.Context) (gone int64, err error) {
	err = a.blobs.Archives(ctx, time.Now().Add(-24*time.Hour), func(names []string) error {
		var lost []string
		err := a.store.System(ctx, func(tx *store.SystemTx) (err error) {
			lost, err = tx.FilesWithoutExport(ctx, names)
			return err
		})
		for _, name := range lost {
			if err == nil {
				err = a.blobs.RemoveArchive(ctx, name)
				gone++
			}
		}
		return err
	})
	return gone, err
}

// forget deletes files and then, in the transaction that holds them, their rows.
func (a *Accounts) forget(ctx context.Context, tx *store.SystemTx, list []store.Export) error {
	var files []string
	for _, e := range list {
		if err := a.blobs.RemoveArchive(ctx, e.File); err != nil {
			return err
		}
		files = append(files, e.File)
	}
	return tx.ForgetExports(ctx, files)
}

// limited says that a plan shows a part of the figures alone.
func limited(plan string) bool {
	e := plans.Of(plans.Plan(plan))
	return e.ClicksPerMonth != plans.Unlimited || !e.AdvancedAnalytics
}

// Open opens an archive that is ready. It is NotFound when its file is gone.
func (a *Accounts) Open(ctx context.Context, e store.Export) (io.ReadSeekCloser, error) {
	return a.blobs.OpenArchive(ctx, e.File)
}
