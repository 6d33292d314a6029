package media

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"

	"golang.org/x/image/webp"
)

// What is taken in.
const (
	// MaxUpload is the largest file, in bytes.
	MaxUpload = 20 << 20
	// MaxPixels is how many pixels a picture may have.
	MaxPixels = 25_000_000
	// maxSide is the longest side, in pixels.
	maxSide = 20_000
	// maxWeight is how much memory unpacking one picture may take, in bytes. The few
	// forms of file that need more per pixel than others may have fewer of them.
	maxWeight = 100 << 20
)

// kind is a form of file that is taken, known by its content alone.
type kind struct {
	name   string
	config func(io.Reader) (image.Config, error)
	decode func(io.Reader) (image.Image, error)
	weight func(file io.ReadSeeker, c image.Config) (perPixel float64, err error) // bytes of memory
}

var kinds = []struct {
	begins func([]byte) bool
	kind
}{
	{func(b []byte) bool { return bytes.HasPrefix(b, []byte("\xff\xd8\xff")) }, kind{"JPEG", jpeg.DecodeConfig, jpeg.Decode, jpegWeight}},
	{func(b []byte) bool { return bytes.HasPrefix(b, []byte("\x89PNG\r\n\x1a\n")) }, kind{"PNG", png.DecodeConfig, png.Decode, pngWeight}},
	{func(b []byte) bool {
		return len(b) >= 16 && string(b[:4]) == "RIFF" && string(b[8:15]) == "WEBPVP8"
	}, kind{"WebP", webp.DecodeConfig, decodeWebP, func(io.ReadSeeker, image.Config) (float64, error) { return 10, nil }}},
	// Only the first frame is read: gif.Decode stops after it.
	{func(b []byte) bool {
		return bytes.HasPrefix(b, []byte("GIF87a")) || bytes.HasPrefix(b, []byte("GIF89a"))
	}, kind{"GIF", gif.DecodeConfig, gif.Decode, func(io.ReadSeeker, image.Config) (float64, error) { return 1, nil }}},
}

// decodeWebP reads a WebP. Its lossy form has luma from 16 to 235 and chroma from 16
// to 240, which the reader hands on as if they were whole bytes: black would come out
// dark grey, and greyer by every crop.
func decodeWebP(file io.Reader) (image.Image, error) {
	p, err := webp.Decode(file)
	switch p := p.(type) {
	case *image.YCbCr:
		wholeBytes(p)
	case *image.NYCbCrA:
		wholeBytes(&p.YCbCr)
	}
	return p, err
}

// wholeBytes stretches samples to all of their bytes, in place.
func wholeBytes(p *image.YCbCr) {
	var luma, chroma [256]uint8
	for i := range 256 {
		stretch := func(from, zero, steps int) uint8 {
			return uint8(min(max((2*(i-from)*255+steps)/(2*steps)+zero, 0), 255))
		}
		luma[i], chroma[i] = stretch(16, 0, 219), stretch(128, 128, 224)
	}
	for i, y := range p.Y {
		p.Y[i] = luma[y]
	}
	for i := range p.Cb {
		p.Cb[i], p.Cr[i] = chroma[p.Cb[i]], chroma[p.Cr[i]]
	}
}

// source is an uploaded file that was looked at and not yet unpacked.
type source struct {
	kind
	file   io.ReadSeeker
	width  int
	height int
	weight int64 // bytes of memory that unpacking it takes
}

// look finds out what a file is and whether unpacking it stays within the limits,
// from its first bytes alone.
func look(file io.ReadSeeker) (source, error) {
	s := source{file: file}
	head := make([]byte, 32)
	n, err := io.ReadFull(file, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return s, err
	}
	if n == 0 {
		return s, refuse("Choose a picture: this file is empty.")
	}
	for _, k := range kinds {
		if k.begins(head[:n]) {
			s.kind = k.kind
		}
	}
	if s.decode == nil {
		return s, refuseKind("This is no picture we can read. Choose a JPEG, PNG, WebP or GIF.")
	}
	if movingWebP(head[:n]) {
		return s, refuseKind("This WebP moves. Choose one that stands still, or a GIF, of which we take the first frame.")
	}
	c, err := read(s.file, s.config)
	if err != nil {
		return s, s.broken(err)
	}
	s.width, s.height = c.Width, c.Height
	switch {
	case c.Width < 1 || c.Height < 1:
		return s, refuse("This picture has no size.")
	case c.Width > maxSide || c.Height > maxSide || int64(c.Width)*int64(c.Height) > MaxPixels:
		return s, refuse(fmt.Sprintf("This picture has %d × %d pixels. At most %d megapixels fit, and %d on a side: save it smaller.",
			c.Width, c.Height, MaxPixels/1_000_000, maxSide))
	}
	if _, err := s.file.Seek(0, io.SeekStart); err != nil {
		return s, err
	}
	per, err := s.kind.weight(s.file, c)
	if err != nil {
		return s, s.broken(err)
	}
	s.weight = int64(per * float64(c.Width) * float64(c.Height))
	if s.weight > maxWeight {
		return s, refuse(fmt.Sprintf("This %s of %d × %d pixels takes too much memory to unpack. Save it smaller, or as a plain JPEG that is not progressive.",
			s.name, c.Width, c.Height))
	}
	return s, nil
}

// broken tells of a file that its own form's reader refuses.
func (s source) broken(err error) error {
	var ours *refusal
	if errors.As(err, &ours) {
		return err
	}
	return refuse("This " + s.name + " is damaged or breaks off. Save it again and try once more.")
}

// read runs f on the file from its beginning.
func read[T any](file io.ReadSeeker, f func(io.Reader) (T, error)) (v T, err error) {
	if _, err = file.Seek(0, io.SeekStart); err != nil {
		return v, err
	}
	// A reader of a form is no place for a stranger's file to end the program in.
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("the reader gave up: %v", p)
		}
	}()
	return f(bufio.NewReaderSize(file, 64<<10))
}

// movingWebP tells by the flags of an extended header.
func movingWebP(head []byte) bool {
	return len(head) > 20 && string(head[8:16]) == "WEBPVP8X" && head[20]&2 != 0
}

// pngWeight is what a pixel takes in Go's PNG reader; an interlaced one is put
// together from passes of its own.
func pngWeight(file io.ReadSeeker, c image.Config) (float64, error) {
	head := make([]byte, 29)
	if _, err := io.ReadFull(file, head); err != nil {
		return 0, err
	}
	per := 4.0
	switch c.ColorModel {
	case color.GrayModel:
		per = 1
	case color.Gray16Model:
		per = 2
	case color.RGBA64Model, color.NRGBA64Model:
		per = 8
	}
	if _, paletted := c.ColorModel.(color.Palette); paletted {
		per = 1
	}
	if head[28] != 0 {
		per *= 1.6
	}
	return per, nil
}

// jpegWeight is what a pixel takes in Go's JPEG reader: its samples, for a
// progressive one all coefficients (four bytes each) besides, and for one with four
// inks the picture they become.
func jpegWeight(file io.ReadSeeker, _ image.Config) (float64, error) {
	r := bufio.NewReader(file)
	if _, err := r.Discard(2); err != nil {
		return 0, err
	}
	for {
		marker, size, err := segment(r)
		if err != nil {
			return 0, err
		}
		if marker < 0xc0 || marker > 0xc2 {
			if marker == 0xda {
				return 0, errors.New("no frame before the scan")
			}
			if _, err := r.Discard(size); err != nil {
				return 0, err
			}
			continue
		}
		frame := make([]byte, size)
		if _, err := io.ReadFull(r, frame); err != nil {
			return 0, err
		}
		if size < 6 || size < 6+3*int(frame[5]) {
			return 0, errors.New("a short frame")
		}
		var most, all float64
		for i := range int(frame[5]) {
			factors := frame[6+3*i+1]
			samples := float64(factors>>4) * float64(factors&15)
			most, all = max(most, samples), all+samples
		}
		if most == 0 {
			return 0, errors.New("no samples")
		}
		per := all / most
		if marker == 0xc2 {
			per *= 5
		}
		if frame[5] == 4 {
			per += 4
		}
		return per, nil
	}
}

// segment reads the head of a JPEG's next segment: its marker and how many bytes
// follow.
func segment(r *bufio.Reader) (marker byte, size int, err error) {
	b, err := r.ReadByte()
	if err != nil {
		return 0, 0, err
	}
	for b != 0xff { // what stands between segments is passed over, as readers do
		if b, err = r.ReadByte(); err != nil {
			return 0, 0, err
		}
	}
	for b == 0xff {
		if b, err = r.ReadByte(); err != nil {
			return 0, 0, err
		}
	}
	if b == 0 || b == 1 || (b >= 0xd0 && b <= 0xd8) {
		return b, 0, nil
	}
	var n [2]byte
	if _, err := io.ReadFull(r, n[:]); err != nil {
		return 0, 0, err
	}
	size = int(binary.BigEndian.Uint16(n[:])) - 2
	if size < 0 {
		return 0, 0, errors.New("a segment of no length")
	}
	return b, size, nil
}
