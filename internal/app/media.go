package app

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/hlpfl/platform/internal/jobs"
	"github.com/hlpfl/platform/internal/media"
)

// pictures is the place where pictures are, opened once.
func (a *App) pictures(ctx context.Context) (*media.Store, error) {
	a.opening.Lock()
	defer a.opening.Unlock()
	if a.media != nil {
		return a.media, nil
	}
	s, err := media.Open(ctx, a.cfg.BlobURL)
	if err != nil {
		return nil, err
	}
	a.media = s
	a.closers = append(a.closers, s.Close)
	return s, nil
}

// mediaKinds are the jobs that look after pictures: rows that nothing names, then
// files that no row has, and now and then files that never had one.
func (a *App) mediaKinds(pictures *media.Store) []jobs.Kind {
	kind := func(name string, every time.Duration, says string, f func(context.Context) (int64, error)) jobs.Kind {
		return jobs.Kind{Name: name, Every: every, Attempts: 3, Run: func(ctx context.Context, _ jobs.Job) error {
			n, err := f(ctx)
			if n > 0 {
				a.log.Info(says, "pictures", n)
			}
			return err
		}}
	}
	return []jobs.Kind{
		kind("sweep.files", sweepEvery, "files of pictures were deleted that nobody has any more",
			func(ctx context.Context) (int64, error) { return pictures.SweepFiles(ctx, a.store) }),
		kind("adopt.files", 12*time.Hour, "pictures were found that no row names; they will be deleted",
			func(ctx context.Context) (int64, error) { return pictures.AdoptFiles(ctx, a.store) }),
	}
}

// Fsck counts rows that point at missing files and files that no row has, and says
// so; an error when there is any.
func (a *App) Fsck(ctx context.Context, out io.Writer) error {
	if _, err := a.Migrate(ctx); err != nil {
		return err
	}
	pictures, err := a.pictures(ctx)
	if err != nil {
		return err
	}
	faults, err := pictures.Check(ctx, a.store)
	if err != nil {
		return err
	}
	for what, names := range map[string][]string{"missing": faults.Missing, "orphan": faults.Orphans} {
		for _, name := range names {
			fmt.Fprintf(out, "%s: %s\n", what, name)
		}
	}
	fmt.Fprintf(out, "%d pictures; %d missing files, %d orphans older than a day\n", faults.Pictures, len(faults.Missing), len(faults.Orphans))
	if n := len(faults.Missing) + len(faults.Orphans); n > 0 {
		return fmt.Errorf("pictures and their rows do not agree in %d places", n)
	}
	return nil
}
