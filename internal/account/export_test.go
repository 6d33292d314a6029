package account_test

import (
	"archive/zip"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/hlpfl/platform/internal/account"
	"github.com/hlpfl/platform/internal/media"
	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/internal/testenv"
	"github.com/hlpfl/platform/store"
)

// flaky is a place whose disk fails, or which is killed, as it is told.
type flaky struct {
	*media.Store
	write, remove error
	killed        context.CancelFunc // called when half of an archive is written
}

func (f *flaky) WriteArchive(ctx context.Context, name string, fill func(io.Writer) error) (int64, error) {
	return f.Store.WriteArchive(ctx, name, func(w io.Writer) error {
		err := fill(w)
		if f.killed != nil {
			f.killed()
			return ctx.Err()
		}
		return errors.Join(err, f.write)
	})
}

func (f *flaky) RemoveArchive(ctx context.Context, name string) error {
	if f.remove != nil {
		return f.remove
	}
	return f.Store.RemoveArchive(ctx, name)
}

type world struct {
	*testing.T
	store    *store.Store
	db       *sqlx.DB
	blobs    *flaky
	folder   string
	accounts *account.Accounts
	user     model.UserID
	export   model.ExportID
}

func open(t *testing.T) *world {
	t.Helper()
	address := testenv.Database(t)
	w := &world{T: t, db: sqlx.MustConnect("postgres", address), folder: t.TempDir(), user: model.NewUserID()}
	var err error
	if w.store, err = store.Open(store.Options{DatabaseURL: address}); err != nil {
		t.Fatal(err)
	}
	pictures, err := media.Open(t.Context(), "file://"+w.folder)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { pictures.Close(); w.store.Close(); w.db.Close() })
	w.blobs = &flaky{Store: pictures}
	w.accounts = account.New(account.Options{Store: w.store, Blobs: w.blobs, Origin: "https://hlpfl.test"})
	w.db.MustExec(`insert into users (id, email) values ($1, 'ines@example.com')`, w.user)
	err = w.store.AsUser(t.Context(), w.user, func(tx *store.UserTx) error {
		e, asked, err := tx.AskForExport(t.Context(), account.NewFile())
		if w.export = e.ID; !asked {
			t.Error("not asked for")
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func (w *world) make(ctx context.Context, last bool) error {
	return w.accounts.Make(ctx, account.Order{Export: w.export, Last: last, Finish: func(context.Context, *store.SystemTx) error { return nil }})
}

func (w *world) state() (state string) {
	w.Helper()
	if err := w.db.Get(&state, `select state from exports`); err != nil {
		w.Fatal(err)
	}
	return state
}

func (w *world) archives() []string {
	w.Helper()
	names, err := filepath.Glob(filepath.Join(w.folder, "archives", "*"))
	if err != nil {
		w.Fatal(err)
	}
	return names
}

func TestADiskThatFailsIsTriedAgainAndSaidInTheEnd(t *testing.T) {
	t.Parallel()
	w := open(t)
	w.blobs.write = errors.New("no space left")
	if err := w.make(t.Context(), false); err == nil || w.state() != "running" {
		t.Errorf("%v: %s", err, w.state())
	}
	if err := w.make(t.Context(), true); err == nil || w.state() != "failed" {
		t.Errorf("in the end: %v: %s", err, w.state())
	}
	if left := w.archives(); len(left) > 0 {
		t.Errorf("left on the disk: %v", left)
	}
	if err := w.make(t.Context(), false); err != nil || w.state() != "failed" {
		t.Errorf("what was given up is made: %v: %s", err, w.state())
	}
}

func TestAKilledWorkersArchiveIsMadeWholeByTheNext(t *testing.T) {
	t.Parallel()
	w := open(t)
	ctx, cancel := context.WithCancel(t.Context())
	w.blobs.killed = cancel
	if err := w.make(ctx, true); err == nil || w.state() != "running" {
		t.Fatalf("%v: %s", err, w.state())
	}
	w.blobs.killed = nil
	for range 2 { // done twice it is one
		if err := w.make(t.Context(), false); err != nil || w.state() != "ready" {
			t.Fatalf("%v: %s", err, w.state())
		}
	}
	names := w.archives()
	if len(names) != 1 {
		t.Fatalf("%v", names)
	}
	if z, err := zip.OpenReader(names[0]); err != nil || len(z.File) < 10 {
		t.Errorf("it is not whole: %v", err)
	}
	var mails int
	if err := w.db.Get(&mails, `select count(*) from mails`); err != nil || mails != 1 {
		t.Errorf("%d mails (%v)", mails, err)
	}
}

func TestArchivesGoWithTheirTime(t *testing.T) {
	t.Parallel()
	w := open(t)
	if err := w.make(t.Context(), false); err != nil {
		t.Fatal(err)
	}
	sweep := func(want int64) {
		t.Helper()
		if n, err := w.accounts.SweepExports(t.Context()); err != nil || n != want {
			t.Errorf("%d swept, want %d (%v)", n, want, err)
		}
	}
	sweep(0)
	if len(w.archives()) != 1 {
		t.Fatal("it went before its time")
	}
	w.db.MustExec(`update exports set expires_at = now()`)
	w.blobs.remove = errors.New("away")
	if _, err := w.accounts.SweepExports(t.Context()); err == nil || w.state() != "ready" {
		t.Error("the row went before its file")
	}
	w.blobs.remove = nil
	sweep(1)
	if left := w.archives(); len(left) > 0 {
		t.Errorf("left: %v", left)
	}
	// What no row has goes a day later; what a row has stays.
	lost := filepath.Join(w.folder, "archives", "lost.zip.18aa.tmp")
	if err := os.WriteFile(lost, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if n, err := w.accounts.SweepLostArchives(t.Context()); err != nil || n != 0 {
		t.Errorf("%d lost ones swept at once (%v)", n, err)
	}
	old := time.Now().Add(-25 * time.Hour)
	if err := os.Chtimes(lost, old, old); err != nil {
		t.Fatal(err)
	}
	if n, err := w.accounts.SweepLostArchives(t.Context()); err != nil || n != 1 || len(w.archives()) != 0 {
		t.Errorf("%d lost ones swept, left %v (%v)", n, w.archives(), err)
	}
}

func TestAnArchiveWhoseJobDiedIsGivenUp(t *testing.T) {
	t.Parallel()
	w := open(t)
	if _, err := w.accounts.SweepExports(t.Context()); err != nil || w.state() != "waiting" {
		t.Fatalf("given up while its job waits: %v", err)
	}
	w.db.MustExec(`update jobs set state = 'dead', finished_at = now()`)
	if _, err := w.accounts.SweepExports(t.Context()); err != nil || w.state() != "failed" {
		t.Errorf("%v: %s", err, w.state())
	}
}

// A removal that fails halfway has removed nothing that it cannot find again.
func TestARemovalThatIsCutOffIsDoneAgain(t *testing.T) {
	t.Parallel()
	w := open(t)
	if err := w.make(t.Context(), false); err != nil {
		t.Fatal(err)
	}
	w.db.MustExec(`update users set closes_at = now() - interval '1 minute'`)
	w.blobs.remove = errors.New("killed")
	if _, err := w.accounts.RemoveDue(t.Context()); err == nil {
		t.Fatal("it says that all went")
	}
	var users int
	if err := w.db.Get(&users, `select count(*) from users`); err != nil || users != 1 || len(w.archives()) != 1 {
		t.Errorf("%d users and %v are left (%v)", users, w.archives(), err)
	}
	w.blobs.remove = nil
	for _, want := range []int64{1, 0} {
		if n, err := w.accounts.RemoveDue(t.Context()); err != nil || n != want {
			t.Errorf("%d went, want %d (%v)", n, want, err)
		}
	}
	if err := w.db.Get(&users, `select count(*) from users`); err != nil || users != 0 || len(w.archives()) != 0 {
		t.Errorf("%d users and %v are left (%v)", users, w.archives(), err)
	}
}
