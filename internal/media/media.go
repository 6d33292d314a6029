// Package media keeps pictures: each once under the hash of its content, in a few
// widths, as WebP and as JPEG, where BLOB_URL says. It makes them out of what people
// upload.
package media

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"gocloud.dev/blob"
	_ "gocloud.dev/blob/fileblob" // file://
	_ "gocloud.dev/blob/s3blob"   // s3://
	"gocloud.dev/gcerrors"

	"github.com/hlpfl/platform/internal/model"
)

// types are what stored files are, by their ending.
var types = map[string]string{".webp": "image/webp", ".jpg": "image/jpeg"}

// TypeOf is the media type of a file, by its name.
func TypeOf(file string) string { return types[filepath.Ext(file)] }

// Store keeps pictures. It is safe for use by many goroutines.
type Store struct {
	bucket *blob.Bucket
	folder string // of file://, "" elsewhere
}

// Open opens the place that a BLOB_URL names: file:///path, whose folder is made
// when it is missing, or s3://bucket?region=…, with &endpoint=… for a server of one's own.
// Keys for that come as the AWS SDK reads them: AWS_ACCESS_KEY_ID,
// AWS_SECRET_ACCESS_KEY, or the machine's own role.
func Open(ctx context.Context, blobURL string) (*Store, error) {
	u, err := url.Parse(blobURL)
	if err != nil {
		return nil, fmt.Errorf("BLOB_URL: %w", err)
	}
	s := &Store{}
	if u.Scheme == "file" {
		s.folder = filepath.FromSlash(u.Path)
		q := u.Query()
		q.Set("create_dir", "true")
		q.Set("no_tmp_dir", "true") // a rename out of another file system would not be atomic
		q.Set("metadata", "skip")   // the names say everything
		u.RawQuery = q.Encode()
	}
	if q := u.Query(); u.Scheme == "s3" && q.Get("endpoint") != "" && !q.Has("use_path_style") {
		q.Set("use_path_style", "true") // few servers but Amazon's have a host name for every bucket
		u.RawQuery = q.Encode()
	}
	if s.bucket, err = blob.OpenBucket(ctx, u.String()); err != nil {
		return nil, fmt.Errorf("BLOB_URL: %w", err)
	}
	return s, nil
}

// Close lets go of the place.
func (s *Store) Close() error { return s.bucket.Close() }

// Put stores a picture. When it returns, all its files are there and survive a
// power cut as far as the place keeps what it says. Putting the same picture again
// changes nothing.
func (s *Store) Put(ctx context.Context, p Picture) error {
	for file, content := range p.files {
		key := keyOf(file)
		there, err := s.bucket.Exists(ctx, key)
		if err == nil && !there {
			// The mode of the write is all or nothing: a rename, or one PUT.
			err = s.bucket.WriteAll(ctx, key, content, &blob.WriterOptions{ContentType: TypeOf(file)})
		}
		if err == nil {
			err = s.sync(key)
		}
		if err != nil {
			return model.Unavailable(fmt.Errorf("store picture %s: %w", file, err))
		}
	}
	return nil
}

// sync sees to it that a file and its names are on the disk. Object storage does so
// before it answers.
func (s *Store) sync(key string) error {
	if s.folder == "" {
		return nil
	}
	path := filepath.Join(s.folder, filepath.FromSlash(key))
	for _, name := range []string{path, filepath.Dir(path), filepath.Dir(filepath.Dir(path)), s.folder} {
		f, err := os.Open(name)
		if err != nil {
			return err
		}
		err = f.Sync()
		if closed := f.Close(); err == nil {
			err = closed
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// Open opens one file of a picture, by the name that model.MediaFile or
// model.MediaJPEG gives. What is no such name, or is not there, is NotFound; any
// other failure is Unavailable.
func (s *Store) Open(ctx context.Context, file string) (io.ReadSeekCloser, error) {
	if _, ok := pictureOf(file); !ok {
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

// pictureOf is the name of the picture that a file belongs to; false when it can be
// no picture's file. It is what stands between a path from outside and the file
// system.
func pictureOf(file string) (name string, ok bool) {
	i := strings.LastIndexByte(file, '-')
	if i < 0 {
		return "", false
	}
	name = file[:i]
	return name, slices.Contains(filesOf(name), file)
}

// filesOf are all files of a picture; none for what is no picture's name.
func filesOf(name string) (files []string) {
	width, _, ok := model.ParseMedia(name)
	if !ok {
		return nil
	}
	for _, w := range model.MediaWidths(width) {
		files = append(files, model.MediaFile(name, w), model.MediaJPEG(name, w))
	}
	return files
}

// keyOf spreads the files over folders, so that none holds millions.
func keyOf(file string) string { return "m/" + file[:2] + "/" + file }
