package media

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
	"time"

	"gocloud.dev/blob"
	"gocloud.dev/gcerrors"

	"github.com/hlpfl/platform/internal/model"
)

// archives is where people's archives are. Nothing there is a picture's name, so no
// address of a picture leads there.
const archives = "archives/"

// archiveKey is where an archive is; false for what can be no archive's name.
func archiveKey(name string) (string, bool) {
	ok := name != "" && name[0] != '.' && strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789-.") == ""
	return archives + name, ok
}

// WriteArchive stores what f writes under a name of small letters, digits and marks,
// in the place of what was there, and gives how many bytes it is. It is streamed: no
// more than a few megabytes are held. When it returns nil the archive is there whole
// and survives a power cut as far as the place keeps what it says; when f fails, or ctx
// ends, nothing is. An error of the place is Unavailable.
func (s *Store) WriteArchive(ctx context.Context, name string, f func(io.Writer) error) (int64, error) {
	key, ok := archiveKey(name)
	if !ok {
		return 0, fmt.Errorf("no archive's name: %q", name)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	w, err := s.bucket.NewWriter(ctx, key, &blob.WriterOptions{ContentType: "application/zip"})
	if err != nil {
		return 0, model.Unavailable(fmt.Errorf("store an archive: %w", err))
	}
	counted := &counter{w: w}
	if err := f(counted); err != nil {
		cancel() // closing then drops what was written
		_ = w.Close()
		return 0, err
	}
	if err := w.Close(); err != nil {
		return 0, model.Unavailable(fmt.Errorf("store an archive: %w", err))
	}
	if err := s.sync(key); err != nil {
		return 0, model.Unavailable(fmt.Errorf("store an archive: %w", err))
	}
	return counted.n, nil
}

type counter struct {
	w io.Writer
	n int64
}

func (c *counter) Write(b []byte) (int, error) {
	n, err := c.w.Write(b)
	c.n += int64(n)
	return n, err
}

// OpenArchive opens an archive. It is NotFound when there is none, Unavailable when the
// place does not answer.
func (s *Store) OpenArchive(ctx context.Context, name string) (io.ReadSeekCloser, error) {
	key, ok := archiveKey(name)
	if !ok {
		return nil, model.NotFound()
	}
	r, err := s.bucket.NewReader(ctx, key, nil)
	if gcerrors.Code(err) == gcerrors.NotFound {
		return nil, model.NotFound()
	}
	if err != nil {
		return nil, model.Unavailable(err)
	}
	return r, nil
}

// RemoveArchive deletes an archive; one that is gone already is no error.
func (s *Store) RemoveArchive(ctx context.Context, name string) error {
	key, ok := archiveKey(name)
	if !ok {
		return nil
	}
	if err := s.bucket.Delete(ctx, key); err != nil && gcerrors.Code(err) != gcerrors.NotFound {
		return model.Unavailable(fmt.Errorf("delete an archive: %w", err))
	}
	return nil
}

// Archives calls f with the names of archives older than a time, some at once; what a
// killed writer left is among them.
func (s *Store) Archives(ctx context.Context, before time.Time, f func(names []string) error) error {
	const some = 500
	var names []string
	files := s.bucket.List(&blob.ListOptions{Prefix: archives})
	for {
		o, err := files.Next(ctx)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return model.Unavailable(fmt.Errorf("list archives: %w", err))
		}
		if o.ModTime.After(before) {
			continue
		}
		if names = append(names, path.Base(o.Key)); len(names) == some {
			if err := f(names); err != nil {
				return err
			}
			names = nil
		}
	}
	if len(names) == 0 {
		return nil
	}
	return f(names)
}
