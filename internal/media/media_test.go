package media

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/image/webp"

	"github.com/hlpfl/platform/internal/model"
)

func open(t *testing.T) (*Store, string) {
	t.Helper()
	folder := filepath.Join(t.TempDir(), "not", "there yet")
	s, err := Open(t.Context(), "file://"+strings.ReplaceAll(folder, " ", "%20"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s, folder
}

// drawn is a picture whose left half is red and whose right half is blue, with a
// green mark in its upper left corner.
func drawn(w, h int) *image.NRGBA {
	p := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.NRGBA{200, 20, 20, 255}
			switch {
			case x < w/5 && y < h/5:
				c = color.NRGBA{20, 200, 20, 255}
			case x >= w/2:
				c = color.NRGBA{20, 20, 200, 255}
			}
			p.SetNRGBA(x, y, c)
		}
	}
	return p
}

// made is a picture out of a drawn one.
func made(t *testing.T, w, h int) Picture {
	t.Helper()
	p, err := develop(t.Context(), drawn(w, h))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestPutAndOpen(t *testing.T) {
	s, folder := open(t)
	p := made(t, 600, 750)
	if w, h, ok := model.ParseMedia(p.Name); !ok || w != 600 || h != 750 || p.Width != 600 || p.Height != 750 {
		t.Fatalf("the name %q does not tell its size", p.Name)
	}
	for range 2 { // putting it again changes nothing
		if err := s.Put(t.Context(), p); err != nil {
			t.Fatal(err)
		}
	}
	for _, width := range []int{480, 600} {
		for file, decode := range map[string]func(io.Reader) (image.Image, error){
			model.MediaFile(p.Name, width): webp.Decode, model.MediaJPEG(p.Name, width): jpeg.Decode,
		} {
			r, err := s.Open(t.Context(), file)
			if err != nil {
				t.Fatal(err)
			}
			got, err := decode(r)
			r.Close()
			if err != nil || got.Bounds().Dx() != width || got.Bounds().Dy() != width*5/4 {
				t.Errorf("%s: %v, %v", file, got, err)
			}
		}
	}
	var stored int
	err := filepath.WalkDir(folder, func(_ string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			stored++
		}
		return err
	})
	if err != nil || stored != 4 {
		t.Errorf("%d files are stored (%v), want 4", stored, err)
	}
}

func TestNamesTellTheColour(t *testing.T) {
	tint, ok := model.MediaTint(made(t, 100, 100).Name)
	var r, g, b int
	if n, err := sscanColour(tint, &r, &g, &b); !ok || n != 3 || err != nil || r < 80 || r > 130 || g > 60 || b < 80 || b > 130 {
		t.Errorf("half red and half blue is %q", tint)
	}
	veil := drawn(100, 100)
	veil.SetNRGBA(50, 50, color.NRGBA{})
	p, err := develop(t.Context(), veil)
	if _, ok := model.MediaTint(p.Name); ok || err != nil {
		t.Errorf("what can be looked through has a colour behind it: %s, %v", p.Name, err)
	}
	first, again, taller := made(t, 100, 100).Name, made(t, 100, 100).Name, made(t, 100, 101).Name
	if first != again || first == taller {
		t.Error("the same picture has one name, another another")
	}
}

func TestReadyMadeWebP(t *testing.T) {
	p := made(t, 600, 750)
	files := map[int][]byte{480: p.files[model.MediaFile(p.Name, 480)], 600: p.files[model.MediaFile(p.Name, 600)]}
	again, err := FromWebP(files, 600, 750)
	if err != nil || again.Name[:40] != p.Name[:40] || len(again.files) != 4 || again.Bytes() < p.Bytes()/2 {
		t.Errorf("%+v, %v; want what it was made of: %s", again.Name, err, p.Name)
	}
	for what, files := range map[string]map[int][]byte{
		"a width is missing": {600: files[600]},
		"not WebP":           {480: files[480], 600: []byte("<svg onload=alert(1)>")},
		"another's width":    {480: files[600], 600: files[600]},
		"nothing":            {},
	} {
		if p, err := FromWebP(files, 600, 750); err == nil {
			t.Errorf("%s: taken as %s", what, p.Name)
		}
	}
	if p, err := FromWebP(map[int][]byte{-1: files[600]}, -1, 10); err == nil {
		t.Errorf("a negative width: taken as %s", p.Name)
	}
}

// Nothing but a picture's own file can be opened, whatever else lies there.
func TestOpenStaysInside(t *testing.T) {
	s, folder := open(t)
	p := made(t, 300, 300)
	if err := s.Put(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	secret := filepath.Join(filepath.Dir(folder), "secret.webp")
	if err := os.WriteFile(secret, []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	file := model.MediaFile(p.Name, 300)
	for _, path := range []string{
		"", ".webp", "-300.webp", "../secret.webp", "../../secret.webp", "..%2fsecret.webp", "m/" + file[:2] + "/" + file,
		strings.ToUpper(file), file + "/", "/" + file, file + "\x00", strings.Replace(file, "-300", "-480", 1),
		strings.Replace(file, "-300", "-0300", 1), strings.Replace(file, "-300", "--300", 1), strings.TrimSuffix(file, ".webp"),
		strings.Replace(file, ".webp", ".svg", 1), "0123456789abcdef_300x300-300.webp",
	} {
		r, err := s.Open(t.Context(), path)
		if err == nil {
			r.Close()
		}
		if model.KindOf(err) != model.KindNotFound || err == nil {
			t.Errorf("%q: %v, want NotFound", path, err)
		}
	}
	if r, err := s.Open(t.Context(), file); err != nil {
		t.Error(err)
	} else {
		r.Close()
	}
}

func TestOpenNeedsAPlace(t *testing.T) {
	for _, address := range []string{"", "nonsense", "gopher://x", "file:///dev/null/x"} {
		if s, err := Open(t.Context(), address); err == nil {
			s.Close()
			t.Errorf("%q was opened", address)
		} else if !strings.Contains(err.Error(), "BLOB_URL") {
			t.Errorf("%q: %v does not say what to mend", address, err)
		}
	}
}

// Which way up a camera was held is kept, and nothing else that it noted.
func TestPicturesStandUpright(t *testing.T) {
	var plain bytes.Buffer
	if err := jpeg.Encode(&plain, drawn(200, 100), nil); err != nil {
		t.Fatal(err)
	}
	// Where the green mark of the upper left corner comes to stand, and whether width
	// and height change places.
	for orientation, want := range map[int]struct {
		right, bottom, turned bool
	}{
		0: {}, 1: {}, 9: {}, 2: {right: true}, 3: {right: true, bottom: true}, 4: {bottom: true},
		5: {turned: true}, 6: {right: true, turned: true}, 7: {right: true, bottom: true, turned: true}, 8: {bottom: true, turned: true},
	} {
		for name, order := range orders {
			file := withExif(plain.Bytes(), exif(order, orientation, "a camera, and where it was"))
			p, err := NewMaker().Make(t.Context(), bytes.NewReader(file))
			if err != nil {
				t.Fatal(err)
			}
			wantW, wantH := 200, 100
			if want.turned {
				wantW, wantH = 100, 200
			}
			if p.Width != wantW || p.Height != wantH {
				t.Errorf("%s %d: %d × %d", name, orientation, p.Width, p.Height)
				continue
			}
			for file, content := range p.files {
				if bytes.Contains(content, []byte("camera")) || bytes.Contains(content, []byte("Exif")) {
					t.Errorf("%s holds what the camera noted", file)
				}
			}
			got, err := webp.Decode(bytes.NewReader(p.files[model.MediaFile(p.Name, p.Width)]))
			if err != nil {
				t.Fatal(err)
			}
			x, y := 8, 8
			if want.right {
				x = p.Width - 9
			}
			if want.bottom {
				y = p.Height - 9
			}
			if r, g, b, _ := got.At(x, y).RGBA(); g < 0x9000 || r > 0x6000 || b > 0x6000 {
				t.Errorf("%s %d: at %d,%d stands %x %x %x, not the mark", name, orientation, x, y, r>>8, g>>8, b>>8)
			}
		}
	}
}

func TestLargePicturesAreKeptSmaller(t *testing.T) {
	var file bytes.Buffer
	if err := jpeg.Encode(&file, drawn(3000, 1500), nil); err != nil {
		t.Fatal(err)
	}
	p, err := NewMaker().Make(t.Context(), bytes.NewReader(file.Bytes()))
	if err != nil || p.Width != 2000 || p.Height != 1000 || len(p.files) != 8 {
		t.Errorf("%d × %d in %d files, %v", p.Width, p.Height, len(p.files), err)
	}
}

// A crop is cut out of the largest file, holds what lay there, and keeps what can be looked through.
func TestCropCutsWhatLiesThere(t *testing.T) {
	s, _ := open(t)
	whole := made(t, 600, 400) // red on the left, blue on the right, green in the corner
	if err := s.Put(t.Context(), whole); err != nil {
		t.Fatal(err)
	}
	m := NewMaker()
	for _, c := range []struct {
		rect model.Rect
		want [3]uint8 // red, green, blue
	}{
		{model.Rect{Left: 300, Top: 0, Width: 300, Height: 400}, [3]uint8{20, 20, 200}},
		{model.Rect{Left: 150, Top: 100, Width: 100, Height: 64}, [3]uint8{200, 20, 20}},
		{model.Rect{Left: 0, Top: 0, Width: 100, Height: 70}, [3]uint8{20, 200, 20}},
	} {
		p, err := m.Crop(t.Context(), s, whole.Name, c.rect)
		if err != nil || p.Width != c.rect.Width || p.Height != c.rect.Height || p.Name == whole.Name {
			t.Fatalf("%+v: %+v, %v", c.rect, p, err)
		}
		cut, err := decodeWebP(bytes.NewReader(p.files[model.MediaFile(p.Name, p.Width)]))
		if err != nil {
			t.Fatal(err)
		}
		r, g, b, _ := cut.At(c.rect.Width/2, c.rect.Height/2).RGBA()
		for i, got := range []uint32{r, g, b} {
			if d := int(got>>8) - int(c.want[i]); d < -8 || d > 8 {
				t.Errorf("%+v holds %d %d %d, not %v", c.rect, r>>8, g>>8, b>>8, c.want)
			}
		}
	}
	glass := drawn(200, 200)
	for i := 3; i < len(glass.Pix); i += 4 {
		glass.Pix[i] = 100
	}
	through, err := develop(t.Context(), glass)
	if err == nil {
		err = s.Put(t.Context(), through)
	}
	if err != nil {
		t.Fatal(err)
	}
	p, err := m.Crop(t.Context(), s, through.Name, model.Rect{Width: 100, Height: 100})
	if _, tinted := model.MediaTint(p.Name); err != nil || tinted {
		t.Errorf("out of one that can be looked through comes %s, %v", p.Name, err)
	}
	for _, outside := range []model.Rect{{}, {Left: -1, Width: 100, Height: 100}, {Left: 501, Width: 100, Height: 100}, {Top: 1, Width: 600, Height: 400}} {
		if p, err := m.Crop(t.Context(), s, whole.Name, outside); err == nil {
			t.Errorf("%+v gives %+v", outside, p)
		}
	}
	for _, name := range []string{"", "../../etc", "0123456789abcdef_600x400"} {
		if _, err := m.Crop(t.Context(), s, name, model.Rect{Width: 100, Height: 100}); model.KindOf(err) != model.KindNotFound {
			t.Errorf("%q: %v", name, err)
		}
	}
}
