package media

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"os"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	xwebp "golang.org/x/image/webp"

	"github.com/hlpfl/platform/internal/model"
)

func sscanColour(s string, r, g, b *int) (int, error) { return fmt.Sscanf(s, "#%02x%02x%02x", r, g, b) }

var orders = map[string]binary.AppendByteOrder{"little endian": binary.LittleEndian, "big endian": binary.BigEndian}

// exif are a camera's notes: one directory with the orientation and a text.
func exif(order binary.AppendByteOrder, orientation int, note string) []byte {
	b := []byte("II*\x00")
	if order == binary.AppendByteOrder(binary.BigEndian) {
		b = []byte("MM\x00*")
	}
	b = order.AppendUint32(b, 8)
	b = order.AppendUint16(b, 2)
	entry := func(tag, kind uint16, count, value uint32) {
		b = order.AppendUint16(b, tag)
		b = order.AppendUint16(b, kind)
		b = order.AppendUint32(b, count)
		if kind == 3 {
			b = order.AppendUint16(b, uint16(value))
			b = append(b, 0, 0)
			return
		}
		b = order.AppendUint32(b, value)
	}
	entry(0x010e, 2, uint32(len(note)), 38)
	entry(orientationTag, 3, 1, uint32(orientation))
	b = order.AppendUint32(b, 8) // the next directory is this one again
	return append(b, note...)
}

// withExif puts notes into a JPEG.
func withExif(file, exif []byte) []byte {
	return withSegment(file, 0xe1, append([]byte("Exif\x00\x00"), exif...))
}

func withSegment(file []byte, marker byte, content []byte) []byte {
	out := []byte{0xff, 0xd8, 0xff, marker}
	out = binary.BigEndian.AppendUint16(out, uint16(len(content)+2))
	return append(append(out, content...), file[2:]...)
}

func pngChunk(name string, content []byte) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(content)))
	b = append(append(b, name...), content...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:]))
}

// blankPNG is a PNG of zeros: very many pixels in very few bytes.
func blankPNG(w, h int, depth, kind, interlaced byte, bytesPerRow int) []byte {
	head := binary.BigEndian.AppendUint32(nil, uint32(w))
	head = append(binary.BigEndian.AppendUint32(head, uint32(h)), depth, kind, 0, 0, interlaced)
	var data bytes.Buffer
	z, _ := zlib.NewWriterLevel(&data, zlib.BestCompression)
	row := make([]byte, bytesPerRow+1)
	for range h {
		_, _ = z.Write(row)
	}
	_ = z.Close()
	out := []byte("\x89PNG\r\n\x1a\n")
	out = append(out, pngChunk("IHDR", head)...)
	if kind == 3 {
		out = append(out, pngChunk("PLTE", []byte{1, 2, 3})...)
	}
	out = append(out, pngChunk("IDAT", data.Bytes())...)
	return append(out, pngChunk("IEND", nil)...)
}

func asBytes(t testing.TB, encode func(*bytes.Buffer) error) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := encode(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// frame changes the size that a JPEG says it has, and the form of its frame.
func frame(file []byte, w, h int, progressive bool) []byte {
	out := bytes.Clone(file)
	i := bytes.Index(out, []byte{0xff, 0xc0})
	if progressive {
		out[i+1] = 0xc2
	}
	binary.BigEndian.PutUint16(out[i+5:], uint16(h))
	binary.BigEndian.PutUint16(out[i+7:], uint16(w))
	return out
}

type hostile struct {
	name string
	file []byte
	ok   bool // it is odd and taken all the same
}

func hostiles(t testing.TB) []hostile {
	small := drawn(64, 48)
	jpg := asBytes(t, func(b *bytes.Buffer) error { return jpeg.Encode(b, small, nil) })
	pngs := asBytes(t, func(b *bytes.Buffer) error { return png.Encode(b, small) })
	one := image.NewPaletted(image.Rect(0, 0, 64, 48), color.Palette{color.White, color.Black})
	gifs := asBytes(t, func(b *bytes.Buffer) error { return gif.Encode(b, one, nil) })
	moving := &gif.GIF{}
	for range 10_000 {
		moving.Image, moving.Delay = append(moving.Image, one), append(moving.Delay, 1)
	}
	many := asBytes(t, func(b *bytes.Buffer) error { return gif.EncodeAll(b, moving) })
	p, err := develop(t.Context(), small)
	if err != nil {
		t.Fatal(err)
	}
	web := p.files[model.MediaFile(p.Name, 64)]
	vp8x := func(flags byte, w, h int) []byte {
		body := []byte{flags, 0, 0, 0, byte(w - 1), byte((w - 1) >> 8), byte((w - 1) >> 16), byte(h - 1), byte((h - 1) >> 8), byte((h - 1) >> 16)}
		out := append([]byte("RIFF\xff\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00"), body...)
		return append(out, web[12:]...)
	}
	exifs := func(b []byte) []byte { return withExif(jpg, b) }
	le := exif(binary.LittleEndian, 6, "x")
	cut := func(b []byte, n int) []byte { return bytes.Clone(b[:n]) }
	changed := func(b []byte, at int, to ...byte) []byte { b = bytes.Clone(b); copy(b[at:], to); return b }
	all := []hostile{
		{"nothing", nil, false}, {"a byte", []byte{0xff}, false}, {"zeros", make([]byte, 4096), false},
		{"text", []byte("hello"), false}, {"JSON", []byte(`{"a":1}`), false},
		{"SVG", []byte(`<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`), false},
		{"SVG after a declaration", []byte(`<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a "b">]><svg>&a;</svg>`), false},
		{"HTML", []byte("<!doctype html><script>alert(1)</script>"), false},
		{"HTML after a PNG's first bytes", []byte("\x89PNG\r\n\x1a\n<script>alert(1)</script>"), false},
		{"HTML after a JPEG's first bytes", []byte("\xff\xd8\xff<script>alert(1)</script>"), false},
		{"HTML after a GIF's first bytes", []byte("GIF89a<script>alert(1)</script>"), false},
		{"a script that is a GIF", []byte("GIF89a=1;alert(1)//"), false},
		{"PDF", []byte("%PDF-1.7\n"), false}, {"ZIP", []byte("PK\x03\x04aaaaaaaaaaaaaaaaaaaaaaaaaaaaa"), false},
		{"TIFF", le, false}, {"BMP", []byte("BMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"), false}, {"ICO", []byte("\x00\x00\x01\x00\x01\x00"), false},
		{"HEIC", []byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"), false}, {"AVIF", []byte("\x00\x00\x00\x1cftypavif\x00\x00\x00\x00avifmif1"), false},
		{"MP4", []byte("\x00\x00\x00\x20ftypisom\x00\x00\x02\x00isomiso2avc1mp41"), false}, {"ELF", []byte("\x7fELF\x02\x01\x01\x00"), false},
		{"RIFF that is sound", []byte("RIFF\x24\x00\x00\x00WAVEfmt \x10\x00\x00\x00aaaaaaaaaaaaaaaa"), false},

		{"PNG of 12,000 × 12,000", blankPNG(12000, 12000, 8, 2, 0, 36000), false},
		{"PNG of 12,000 × 12,000 bits", blankPNG(12000, 12000, 1, 0, 0, 1500), false},
		{"PNG of 50,000 × 10", blankPNG(50000, 10, 1, 0, 0, 6250), false},
		{"PNG of 10 × 50,000", blankPNG(10, 50000, 1, 0, 0, 2), false},
		{"PNG of 5,000 × 5,000 with 16 bits and a veil", blankPNG(5000, 5000, 16, 6, 0, 40000), false},
		{"PNG of 5,000 × 5,000, interlaced", blankPNG(5000, 5000, 8, 6, 1, 20000), false},
		{"PNG of 5,000 × 5,000", blankPNG(5000, 5000, 8, 2, 0, 15000), true},
		{"PNG without size", changed(pngs, 16, 0, 0, 0, 0), false},
		{"PNG of negative size", changed(pngs, 16, 0xff, 0xff, 0xff, 0xff), false},
		{"PNG, truncated", cut(pngs, len(pngs)-20), false}, {"PNG, its head alone", cut(pngs, 33), false},
		{"PNG with a wrong checksum", changed(pngs, 29, 1, 2, 3, 4), false},
		{"PNG with a chunk of four gigabytes", append(cut(pngs, 33), 0xff, 0xff, 0xff, 0xff, 't', 'E', 'X', 't'), false},
		{"PNG whose colours are missing", blankPNG(10, 10, 8, 7, 0, 10), false},
		{"PNG with notes that unpack to a gigabyte", append(append(cut(pngs, 33), pngChunk("zTXt", append([]byte("a\x00\x00"), bomb()...))...), pngs[33:]...), true},
		{"PNG with more behind it", append(bytes.Clone(pngs), "<script>alert(1)</script>"...), true},

		{"GIF of 10,000 frames", many, true}, {"GIF, truncated", cut(gifs, len(gifs)/2), false}, {"GIF, its head alone", cut(gifs, 13), false},
		{"GIF that says 65,535 × 65,535", changed(gifs, 6, 0xff, 0xff, 0xff, 0xff), false},
		{"GIF without size", changed(gifs, 6, 0, 0, 0, 0), false},

		{"JPEG, truncated", cut(jpg, len(jpg)/2), false}, {"JPEG, its head alone", cut(jpg, 20), false},
		{"JPEG that says 65,535 × 65,535", frame(jpg, 65535, 65535, false), false},
		{"JPEG that says 5,000 × 5,000 and is progressive", frame(jpg, 5000, 5000, true), false},
		{"JPEG that says 5,000 × 5,000 and holds little", frame(jpg, 5000, 5000, false), false},
		{"JPEG without size", frame(jpg, 0, 0, false), false},
		{"JPEG with segments of no length", append([]byte{0xff, 0xd8}, bytes.Repeat([]byte{0xff, 0xe0, 0, 2}, 2000)...), false},
		{"JPEG with a segment shorter than its length", []byte{0xff, 0xd8, 0xff, 0xe0, 0, 1, 0, 0}, false},
		{"JPEG full of fill bytes", append([]byte{0xff, 0xd8}, bytes.Repeat([]byte{0xff}, 1<<20)...), false},
		{"JPEG with more behind it", append(bytes.Clone(jpg), "PK\x03\x04 <?php phpinfo(); ?>"...), true},

		{"EXIF whose directory is itself", exifs(le), true},
		{"EXIF that leads outside", exifs(changed(le, 4, 0xff, 0xff, 0xff, 0x7f)), true},
		{"EXIF that leads to its head", exifs(changed(le, 4, 0, 0, 0, 0)), true},
		{"EXIF of 65,535 entries", exifs(changed(le, 8, 0xff, 0xff)), true},
		{"EXIF, truncated", exifs(cut(le, 12)), true}, {"EXIF, empty", exifs(nil), true},
		{"EXIF a hundred times", hundredExifs(jpg, le), true},

		{"WebP, truncated", cut(web, len(web)/2), false}, {"WebP, its head alone", cut(web, 20), false},
		{"WebP that moves", vp8x(2, 64, 48), false}, {"WebP that says 16,384 × 16,384", vp8x(0, 16384, 16384), false},
		{"WebP of an unknown form", changed(web, 15, 'Z'), false},
	}
	if _, err := xwebp.DecodeConfig(bytes.NewReader(web)); err != nil {
		t.Fatal(err)
	}
	return all
}

func bomb() []byte {
	var b bytes.Buffer
	z, _ := zlib.NewWriterLevel(&b, zlib.BestCompression)
	zeros := make([]byte, 1<<20)
	for range 1024 {
		_, _ = z.Write(zeros)
	}
	_ = z.Close()
	return b.Bytes()
}

func hundredExifs(file, exif []byte) []byte {
	for range 100 {
		file = withExif(file, exif)
	}
	return file
}

// Whatever is sent, it is a picture or refused with a reason that names the field;
// nothing panics, and memory stays within bounds with many at once.
func TestHostilePictures(t *testing.T) {
	files := hostiles(t)
	if len(files) < 60 {
		t.Fatalf("only %d files", len(files))
	}
	// As the program has it, which keeps to this as long as it can (internal/app).
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(200 << 20))
	debug.FreeOSMemory() // what making the files took is not measured
	watch := watchMemory()
	m := NewMaker()
	var all sync.WaitGroup
	turns := make(chan struct{}, 20) // at once
	for _, f := range files {
		all.Go(func() {
			turns <- struct{}{}
			defer func() { <-turns }()
			p, err := m.Make(t.Context(), bytes.NewReader(f.file))
			switch kind := model.KindOf(err); {
			case f.ok && err != nil:
				t.Errorf("%s (%d bytes): refused: %v", f.name, len(f.file), err)
			case f.ok:
			case err == nil:
				t.Errorf("%s (%d bytes): taken as %s", f.name, len(f.file), p.Name)
			case kind != model.KindInvalid && kind != model.KindMediaType, reason(err) == "":
				t.Errorf("%s (%d bytes): %v", f.name, len(f.file), err)
			}
		})
	}
	all.Wait()
	peak := watch()
	t.Logf("%d files, peak memory %d MiB", len(files), peak>>20)
	if peak > 256<<20 {
		t.Errorf("peak memory %d MiB, at most 256 are allowed", peak>>20)
	}
}

// reason is what is said about the field.
func reason(err error) string {
	var e *model.Error
	if !errors.As(err, &e) {
		return ""
	}
	return e.Fields[Field]
}

func TestTooManyAtOnceAreToldSo(t *testing.T) {
	m := NewMaker()
	if !m.places.TryAcquire(atOnce + queue) {
		t.Fatal("no places")
	}
	file := asBytes(t, func(b *bytes.Buffer) error { return jpeg.Encode(b, drawn(8, 8), nil) })
	_, err := m.Make(t.Context(), bytes.NewReader(file))
	if model.KindOf(err) != model.KindTooMany || reason(err) == "" {
		t.Errorf("%v", err)
	}
	m.places.Release(1)
	if _, err := m.Make(t.Context(), bytes.NewReader(file)); err != nil {
		t.Errorf("with a place free: %v", err)
	}
}

// watchMemory follows how much memory the process holds; the returned function
// gives the most there was, in bytes.
func watchMemory() func() int64 {
	stop, most := make(chan struct{}), make(chan int64)
	go func() {
		var peak int64
		for {
			peak = max(peak, resident())
			select {
			case <-stop:
				most <- peak
				return
			case <-time.After(5 * time.Millisecond):
			}
		}
	}()
	return func() int64 { close(stop); return <-most }
}

// resident is the process's memory as the system counts it, in bytes.
func resident() int64 {
	raw, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0
	}
	pages, _ := strconv.ParseInt(strings.Fields(string(raw))[1], 10, 64)
	return pages * int64(os.Getpagesize())
}
