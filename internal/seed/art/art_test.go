package art_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io/fs"
	"testing"

	"github.com/hlpfl/platform/internal/seed/art"
)

// size reads the picture's own width and height out of its header (a lossy WebP file, which all of these are).
func size(t *testing.T, file []byte) (width, height int) {
	t.Helper()
	at := bytes.Index(file, []byte{0x9d, 0x01, 0x2a})
	if !bytes.HasPrefix(file, []byte("RIFF")) || at < 0 {
		t.Fatal("not a lossy WebP file")
	}
	return int(binary.LittleEndian.Uint16(file[at+3:]) & 0x3fff), int(binary.LittleEndian.Uint16(file[at+5:]) & 0x3fff)
}

func TestEveryPieceIsWhatTheTableSays(t *testing.T) {
	total := 0
	for _, piece := range art.All() {
		if piece.Alt == "" || piece.Focus == "" {
			t.Errorf("%s: no alternative text or no focus", piece.Name)
		}
		for _, width := range piece.Widths {
			file, err := art.Read(piece.File(width))
			if err != nil {
				t.Fatal(err)
			}
			total += len(file)
			w, h := size(t, file)
			if w != width {
				t.Errorf("%s is %d pixels wide", piece.File(width), w)
			}
			if width == piece.Width() && h != piece.Height {
				t.Errorf("%s is %d pixels high, the table says %d", piece.File(width), h, piece.Height)
			}
		}
	}
	if total > 1<<20 {
		t.Errorf("%d bytes of pictures in the program, more than 1 MiB", total)
	}
}

func TestUnknownNames(t *testing.T) {
	if _, ok := art.Named("portrait-nobody"); ok {
		t.Error("found a picture that does not exist")
	}
	if _, err := art.Read("portrait-nobody-480.webp"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("reading a file that does not exist: %v", err)
	}
	if piece, ok := art.Named("portrait-ines"); !ok || piece.Width() != 960 {
		t.Errorf("portrait-ines: %+v, %v", piece, ok)
	}
}
