// Package media keeps pictures: each once under the hash of its content, in a few
// widths, where BLOB_URL says.
package media

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"

	"gocloud.dev/blob"
	_ "gocloud.dev/blob/fileblob" // file://
	"gocloud.dev/gcerrors"

	"github.com/hlpfl/platform/internal/model"
)

// MIME is the type of every stored picture.
const MIME = "image/webp"

// Store keeps pictures. It is safe for use by many goroutines.
type Store struct{ bucket *blob.Bucket }

// Open opens the place that a BLOB_URL names: file:///path. The folder is made
// when it is missing.
func Open(ctx context.Context, blobURL string) (*Store, error) {
	u, err := url.Parse(blobURL)
	if err != nil {
		return nil, fmt.Errorf("BLOB_URL: %w", err)
	}
	if u.Scheme == "file" {
		q := u.Query()
		q.Set("create_dir", "true")
		q.Set("no_tmp_dir", "true") // a rename out of another file system would not be atomic
		q.Set("metadata", "skip")   // the names say everything
		u.RawQuery = q.Encode()
	}
	bucket, err := blob.OpenBucket(ctx, u.String())
	if err != nil {
		return nil, fmt.Errorf("BLOB_URL: %w", err)
	}
	return &Store{bucket}, nil
}

// Close lets go of the place.
func (s *Store) Close() error { return s.bucket.Close() }

// Put stores a picture, given as WebP files by their width in pixels, and gives
// its name. Widths must be those of model.MediaWidths for the widest. Putting the
// same picture again changes nothing.
func (s *Store) Put(ctx context.Context, files map[int][]byte, width, height int) (name string, err error) {
	for _, w := range model.MediaWidths(width) {
		if !isWebP(files[w]) {
			return "", fmt.Errorf("picture of %d × %d: there is no WebP file of width %d", width, height, w)
		}
	}
	sum := sha256.Sum256(files[width])
	name = fmt.Sprintf("%s_%dx%d", hex.EncodeToString(sum[:16]), width, height)
	if _, _, ok := model.ParseMedia(name); !ok {
		return "", fmt.Errorf("a picture of %d × %d cannot be stored", width, height)
	}
	// The widest last: when it is there, all are.
	for _, w := range model.MediaWidths(width) {
		key := keyOf(model.MediaFile(name, w))
		there, err := s.bucket.Exists(ctx, key)
		if err != nil {
			return "", fmt.Errorf("store picture %s: %w", name, err)
		}
		if there {
			continue
		}
		if err := s.bucket.WriteAll(ctx, key, files[w], &blob.WriterOptions{ContentType: MIME}); err != nil {
			return "", fmt.Errorf("store picture %s: %w", name, err)
		}
	}
	return name, nil
}

// Open opens one file of a picture, by the name that model.MediaFile gives. What
// is no such name, or is not there, is NotFound; any other failure is Unavailable.
func (s *Store) Open(ctx context.Context, file string) (io.ReadSeekCloser, error) {
	if !validFile(file) {
		return nil, model.NotFound()
	}
	r, err := s.bucket.NewReader(ctx, keyOf(file), nil)
	if gcerrors.Code(err) == gcerrors.NotFound {
		return nil, model.NotFound()
	}
	if err != nil {
		if errors.Is(err, context.Canceled) {
			return nil, err
		}
		return nil, model.Unavailable(err)
	}
	return r, nil
}

// validFile reports whether a name can only be a file of a picture: it is what
// stands between a path from outside and the file system.
func validFile(file string) bool {
	stem, ok := strings.CutSuffix(file, ".webp")
	if !ok {
		return false
	}
	i := strings.LastIndexByte(stem, '-')
	if i < 0 {
		return false
	}
	name := stem[:i]
	width, _, ok := model.ParseMedia(name)
	return ok && slices.ContainsFunc(model.MediaWidths(width), func(w int) bool {
		return model.MediaFile(name, w) == file
	})
}

// keyOf spreads the files over folders, so that none holds millions.
func keyOf(file string) string { return "m/" + file[:2] + "/" + file }

// isWebP looks at the first bytes of a file.
func isWebP(file []byte) bool {
	return len(file) > 12 && string(file[:4]) == "RIFF" && string(file[8:12]) == "WEBP"
}
