package pages

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"sync"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
)

// Coding is a form that a page's bytes can be sent in.
type Coding int

// The codings, in no order of preference.
const (
	Gzip Coding = iota
	Brotli
	Plain
)

// String is the coding as it stands in Content-Encoding; "" for plain.
func (c Coding) String() string {
	return [...]string{Gzip: "gzip", Brotli: "br", Plain: ""}[c]
}

// Levels: a page is compressed once and sent often, but under an even load over
// more profiles than the cache holds it is compressed for every request, so the
// last percent is not worth double the time.
const (
	gzipLevel   = 6
	brotliLevel = 5
)

// The compressors keep large tables; they are made once and used again.
var (
	gzipWriters = sync.Pool{New: func() any {
		w, err := gzip.NewWriterLevel(nil, gzipLevel)
		if err != nil {
			panic(err) // the level is a constant
		}
		return w
	}}
	brotliWriters = sync.Pool{New: func() any { return brotli.NewWriterLevel(nil, brotliLevel) }}
)

type compressor interface {
	io.WriteCloser
	Reset(io.Writer)
}

// pack gives plain bytes in a coding, in a slice that is not larger than they are.
func pack(c Coding, plain []byte) ([]byte, error) {
	var pool *sync.Pool
	switch c {
	case Gzip:
		pool = &gzipWriters
	case Brotli:
		pool = &brotliWriters
	default:
		return plain, nil
	}
	w := pool.Get().(compressor)
	defer func() {
		w.Reset(io.Discard) // it must not hold on to the page
		pool.Put(w)
	}()
	var out bytes.Buffer
	out.Grow(len(plain)/2 + 64)
	w.Reset(&out)
	if _, err := w.Write(plain); err != nil {
		return nil, fmt.Errorf("%s: %w", c, err)
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("%s: %w", c, err)
	}
	return bytes.Clone(out.Bytes()), nil
}

// unpack gives back what pack was given.
func unpack(c Coding, packed []byte) ([]byte, error) {
	var r io.Reader
	switch c {
	case Gzip:
		z, err := gzip.NewReader(bytes.NewReader(packed))
		if err != nil {
			return nil, err
		}
		r = z
	case Brotli:
		r = brotli.NewReader(bytes.NewReader(packed))
	default:
		return packed, nil
	}
	return io.ReadAll(r)
}

// tagOf names content: the same bytes have the same tag on every replica.
func tagOf(plain []byte) string {
	sum := sha256.Sum256(plain)
	return base64.RawURLEncoding.EncodeToString(sum[:12])
}

// etag is the entity tag of one coding of tagged content.
func etag(tag string, c Coding) string {
	if c == Plain {
		return `"` + tag + `"`
	}
	return `"` + tag + "-" + c.String() + `"`
}
