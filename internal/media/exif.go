package media

import (
	"bufio"
	"encoding/binary"
	"image"
	"io"

	"github.com/disintegration/imaging"
)

const (
	// maxExif is how much of a file's notes about itself is looked at, in bytes.
	maxExif = 64 << 10
	// maxChunks is how many parts of a file are passed by in search of them.
	maxChunks = 512
	// orientationTag says which way up a picture is to be held.
	orientationTag = 0x0112
)

// orientation is how the camera was held, 1 (upright) to 8, as the file notes it; 1
// where it says nothing that can be understood.
func (s source) orientation() int {
	find := map[string]func(io.Reader) ([]byte, error){"JPEG": jpegExif, "PNG": pngExif, "WebP": webpExif}[s.name]
	if find == nil {
		return 1
	}
	exif, err := read(s.file, find)
	if err != nil {
		return 1
	}
	return exifOrientation(exif)
}

// exifOrientation reads one number out of the first directory. It follows no
// offset but the one to that directory, so a ring of them leads nowhere.
func exifOrientation(b []byte) int {
	if len(b) < 8 {
		return 1
	}
	var order binary.ByteOrder
	switch string(b[:4]) {
	case "II*\x00":
		order = binary.LittleEndian
	case "MM\x00*":
		order = binary.BigEndian
	default:
		return 1
	}
	at := int64(order.Uint32(b[4:]))
	if at < 8 || at+2 > int64(len(b)) {
		return 1
	}
	entries := b[at+2:]
	for range int(order.Uint16(b[at:])) {
		if len(entries) < 12 {
			return 1
		}
		if order.Uint16(entries) == orientationTag && order.Uint16(entries[2:]) == 3 && order.Uint32(entries[4:]) == 1 {
			if o := int(order.Uint16(entries[8:])); o >= 1 && o <= 8 {
				return o
			}
			return 1
		}
		entries = entries[12:]
	}
	return 1
}

// upright turns a picture the way it is to be held.
func upright(p image.Image, orientation int) image.Image {
	switch orientation {
	case 2:
		return imaging.FlipH(p)
	case 3:
		return imaging.Rotate180(p)
	case 4:
		return imaging.FlipV(p)
	case 5:
		return imaging.Transpose(p)
	case 6:
		return imaging.Rotate270(p)
	case 7:
		return imaging.Transverse(p)
	case 8:
		return imaging.Rotate90(p)
	}
	return p
}

func jpegExif(file io.Reader) ([]byte, error) {
	r := bufio.NewReader(file)
	if _, err := r.Discard(2); err != nil {
		return nil, err
	}
	const head = "Exif\x00\x00"
	for range maxChunks {
		marker, size, err := segment(r)
		if err != nil || marker == 0xda {
			return nil, err
		}
		if marker == 0xe1 && size >= len(head) {
			b := make([]byte, size) // below 64 KB, by its form
			if _, err := io.ReadFull(r, b); err != nil {
				return nil, err
			}
			if string(b[:len(head)]) == head {
				return b[len(head):], nil
			}
			continue
		}
		if _, err := r.Discard(size); err != nil {
			return nil, err
		}
	}
	return nil, nil
}

func pngExif(file io.Reader) ([]byte, error) {
	return chunk(file, 8, func(head []byte) (string, int64, int64) {
		size := int64(binary.BigEndian.Uint32(head))
		return string(head[4:8]), size, size + 4 // a checksum follows
	}, "eXIf", "IDAT")
}

func webpExif(file io.Reader) ([]byte, error) {
	b, err := chunk(file, 12, func(head []byte) (string, int64, int64) {
		size := int64(binary.LittleEndian.Uint32(head[4:]))
		return string(head[:4]), size, size + size&1
	}, "EXIF", "")
	if len(b) > 6 && string(b[:6]) == "Exif\x00\x00" {
		b = b[6:]
	}
	return b, err
}

// chunk finds a part of a file that is divided into parts, each with a head of
// eight bytes; it stops at the one that is called last.
func chunk(file io.Reader, skip int, head func([]byte) (name string, size, whole int64), want, last string) ([]byte, error) {
	r := bufio.NewReader(file)
	if _, err := r.Discard(skip); err != nil {
		return nil, err
	}
	for range maxChunks {
		h := make([]byte, 8)
		if _, err := io.ReadFull(r, h); err != nil {
			return nil, err
		}
		name, size, whole := head(h)
		switch name {
		case want:
			b := make([]byte, min(size, maxExif))
			n, err := io.ReadFull(r, b)
			return b[:n], err
		case last:
			return nil, nil
		}
		if _, err := io.CopyN(io.Discard, r, whole); err != nil {
			return nil, err
		}
	}
	return nil, nil
}
