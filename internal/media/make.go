package media

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"runtime/debug"

	"github.com/disintegration/imaging"
	"github.com/gen2brain/webp"
	"golang.org/x/sync/semaphore"

	"github.com/hlpfl/platform/internal/model"
)

const (
	// longest is the longest side of what is kept, in pixels: no page shows more.
	longest = 2000
	// webpQuality and jpegQuality are where the eye stops to see a difference.
	webpQuality, jpegQuality = 80, 82
	// atOnce is how many pictures are worked on at a time.
	atOnce = 2
	// sizing is what making the sizes takes beside the picture itself, in bytes, and
	// memory what all work may take at a time.
	sizing = 40 << 20
	memory = maxWeight + sizing
	// queue is how many more may wait for that.
	queue = 24
)

// Picture is a picture as it is stored: what the camera noted about itself is not
// in it any more.
type Picture struct {
	Name          string // holds the content's hash, the size and the average colour
	Width, Height int    // pixels
	files         map[string][]byte
}

// Bytes is how much all its files hold.
func (p Picture) Bytes() (n int64) {
	for _, file := range p.files {
		n += int64(len(file))
	}
	return n
}

// Maker makes pictures out of uploaded files, a few at a time and within a bound of
// memory. It is safe for use by many goroutines.
type Maker struct {
	places *semaphore.Weighted // of those who wait or work
	work   *semaphore.Weighted
	memory *semaphore.Weighted // bytes
}

// NewMaker makes a maker. A process needs one.
func NewMaker() *Maker {
	return &Maker{semaphore.NewWeighted(atOnce + queue), semaphore.NewWeighted(atOnce), semaphore.NewWeighted(memory)}
}

// Make reads an uploaded file, holds it upright and makes the files that pages ask
// for. What is wrong with the file is told as an error of the field "file";
// TooMany, when many wait already.
func (m *Maker) Make(ctx context.Context, file io.ReadSeeker) (Picture, error) {
	src, err := look(file)
	if err != nil {
		return Picture{}, err
	}
	return m.make(ctx, src, unpack)
}

// Crop cuts a rectangle out of a stored picture. The rectangle lies within it.
func (m *Maker) Crop(ctx context.Context, stored *Store, name string, r model.Rect) (Picture, error) {
	width, _, ok := model.ParseMedia(name)
	if !ok {
		return Picture{}, model.NotFound()
	}
	file, err := stored.Open(ctx, model.MediaFile(name, width))
	if err != nil {
		return Picture{}, err
	}
	defer file.Close()
	whole, err := io.ReadAll(file) // small: what is kept has 2000 pixels on a side at most
	if err != nil {
		return Picture{}, model.Unavailable(fmt.Errorf("read picture %s: %w", name, err))
	}
	src, err := look(bytes.NewReader(whole))
	if err != nil {
		return Picture{}, err
	}
	return m.make(ctx, src, func(src source) (*image.NRGBA, error) {
		p, err := unpack(src)
		if err != nil {
			return nil, err
		}
		cut := image.Rect(r.Left, r.Top, r.Left+r.Width, r.Top+r.Height)
		if cut.Empty() || !cut.In(p.Rect) {
			return nil, fmt.Errorf("crop: %v does not lie within %v", cut, p.Rect)
		}
		return imaging.Crop(p, cut), nil
	})
}

// make makes the files of a picture that unpack gives, when its turn has come.
func (m *Maker) make(ctx context.Context, src source, unpack func(source) (*image.NRGBA, error)) (Picture, error) {
	if !m.places.TryAcquire(1) {
		return Picture{}, busy()
	}
	defer m.places.Release(1)
	if err := m.work.Acquire(ctx, 1); err != nil {
		return Picture{}, err
	}
	defer m.work.Release(1)
	if err := m.memory.Acquire(ctx, src.weight+sizing); err != nil {
		return Picture{}, err
	}
	full, err := unpack(src)
	m.memory.Release(src.weight)
	defer m.memory.Release(sizing)
	if err != nil {
		return Picture{}, err
	}
	return develop(ctx, full)
}

// unpack gives the picture upright and no larger than it is kept. Only here is all
// of a large one in memory.
func unpack(src source) (*image.NRGBA, error) {
	orientation := src.orientation()
	if large := src.weight > 16<<20; large {
		// Neither what earlier pictures left stands beside it, nor what it leaves beside
		// the next one.
		debug.FreeOSMemory()
		defer debug.FreeOSMemory()
	}
	small, err := unpackSmall(src)
	if err != nil || orientation == 1 {
		return small, err
	}
	return imaging.Clone(upright(small, orientation)), nil
}

// unpackSmall lets go of the large picture when it ends.
func unpackSmall(src source) (*image.NRGBA, error) {
	whole, err := read(src.file, src.decode)
	if err != nil {
		return nil, src.broken(err)
	}
	if b := whole.Bounds(); b.Dx() < 1 || b.Dy() < 1 {
		return nil, src.broken(nil)
	}
	return shrink(whole, longest), nil
}

// shrink makes a picture fit into a square, without making it larger.
func shrink(p image.Image, side int) *image.NRGBA {
	w, h := p.Bounds().Dx(), p.Bounds().Dy()
	if w <= side && h <= side {
		return imaging.Clone(p)
	}
	scale := float64(side) / float64(max(w, h))
	return imaging.Resize(p, max(int(float64(w)*scale+.5), 1), max(int(float64(h)*scale+.5), 1), imaging.Lanczos)
}

// develop makes the files of a picture in all its widths.
func develop(ctx context.Context, full *image.NRGBA) (Picture, error) {
	p := Picture{Width: full.Rect.Dx(), Height: full.Rect.Dy()}
	webps := map[int][]byte{}
	jpegs := map[int][]byte{}
	for _, width := range model.MediaWidths(p.Width) {
		if err := ctx.Err(); err != nil {
			return p, err
		}
		sized := full
		if width < p.Width {
			sized = imaging.Resize(full, width, 0, imaging.Lanczos)
		}
		var w bytes.Buffer
		if err := webp.Encode(&w, sized, webp.Options{Quality: webpQuality, Method: 4}); err != nil {
			return p, fmt.Errorf("a WebP of %d × %d: %w", sized.Rect.Dx(), sized.Rect.Dy(), err)
		}
		j, err := asJPEG(sized)
		if err != nil {
			return p, err
		}
		webps[width], jpegs[width] = w.Bytes(), j
	}
	return p, p.name(webps, jpegs, full)
}

// FromWebP is a picture whose WebP files were made before, by their width. Widths
// must be those of model.MediaWidths for the widest.
func FromWebP(files map[int][]byte, width, height int) (Picture, error) {
	p := Picture{Width: width, Height: height}
	jpegs := map[int][]byte{}
	var full *image.NRGBA
	for _, w := range model.MediaWidths(width) {
		src, err := look(bytes.NewReader(files[w]))
		if err != nil || src.name != "WebP" || src.width != w {
			return p, errors.Join(fmt.Errorf("picture of %d × %d: there is no WebP file of width %d", width, height, w), err)
		}
		whole, err := read(src.file, src.decode)
		if err != nil {
			return p, err
		}
		full = imaging.Clone(whole)
		if jpegs[w], err = asJPEG(full); err != nil {
			return p, err
		}
	}
	return p, p.name(files, jpegs, full)
}

// name gives the picture its name and its files theirs.
func (p *Picture) name(webps, jpegs map[int][]byte, full *image.NRGBA) error {
	var tint []byte
	if full.Opaque() {
		c := average(full)
		tint = []byte{c.R, c.G, c.B}
	}
	sum := sha256.Sum256(webps[p.Width])
	p.Name = model.MediaName(hex.EncodeToString(sum[:16]), p.Width, p.Height, tint)
	if _, _, ok := model.ParseMedia(p.Name); !ok {
		return fmt.Errorf("a picture of %d × %d cannot be stored", p.Width, p.Height)
	}
	p.files = map[string][]byte{}
	for _, w := range model.MediaWidths(p.Width) {
		p.files[model.MediaFile(p.Name, w)] = webps[w]
		p.files[model.MediaJPEG(p.Name, w)] = jpegs[w]
	}
	return nil
}

// asJPEG draws a picture on white: a JPEG has nothing to look through.
func asJPEG(p *image.NRGBA) ([]byte, error) {
	if !p.Opaque() {
		p = imaging.Overlay(imaging.New(p.Rect.Dx(), p.Rect.Dy(), color.White), p, image.Point{}, 1)
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, p, &jpeg.Options{Quality: jpegQuality}); err != nil {
		return nil, fmt.Errorf("a JPEG of %d × %d: %w", p.Rect.Dx(), p.Rect.Dy(), err)
	}
	return out.Bytes(), nil
}

// average is the colour that holds a picture's place until it is there.
func average(p *image.NRGBA) color.NRGBA {
	one := imaging.Resize(imaging.Resize(p, 8, 8, imaging.Box), 1, 1, imaging.Box)
	return one.NRGBAAt(0, 0)
}
