package media

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

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

func webp(text string) []byte { return []byte("RIFF\x00\x00\x00\x00WEBP" + text) }

func TestPutAndOpen(t *testing.T) {
	s, folder := open(t)
	ctx := context.Background()
	files := map[int][]byte{480: webp("small"), 600: webp("large")}
	name, err := s.Put(ctx, files, 600, 750)
	if err != nil {
		t.Fatal(err)
	}
	if w, h, ok := model.ParseMedia(name); !ok || w != 600 || h != 750 {
		t.Fatalf("the name %q does not tell its size", name)
	}
	for width, want := range files {
		r, err := s.Open(ctx, model.MediaFile(name, width))
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(r)
		r.Close()
		if err != nil || string(got) != string(want) {
			t.Errorf("width %d: %q, %v", width, got, err)
		}
	}
	again, err := s.Put(ctx, files, 600, 750)
	if err != nil || again != name {
		t.Errorf("put again: %q, %v; want %q", again, err, name)
	}
	var stored int
	err = filepath.WalkDir(folder, func(_ string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			stored++
		}
		return err
	})
	if err != nil || stored != 2 {
		t.Errorf("%d files are stored (%v), want 2", stored, err)
	}
}

func TestPutRefuses(t *testing.T) {
	s, _ := open(t)
	for what, files := range map[string]map[int][]byte{
		"a width is missing": {600: webp("large")},
		"not WebP":           {480: webp("small"), 600: []byte("<svg onload=alert(1)>")},
		"nothing":            {},
	} {
		if name, err := s.Put(t.Context(), files, 600, 750); err == nil {
			t.Errorf("%s: stored as %s", what, name)
		}
	}
	if name, err := s.Put(t.Context(), map[int][]byte{-1: webp("x")}, -1, 10); err == nil {
		t.Errorf("a negative width: stored as %s", name)
	}
}

// Nothing but a picture's own file can be opened, whatever else lies there.
func TestOpenStaysInside(t *testing.T) {
	s, folder := open(t)
	name, err := s.Put(t.Context(), map[int][]byte{300: webp("x")}, 300, 300)
	if err != nil {
		t.Fatal(err)
	}
	secret := filepath.Join(filepath.Dir(folder), "secret.webp")
	if err := os.WriteFile(secret, []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	file := model.MediaFile(name, 300)
	for _, path := range []string{
		"", ".webp", "-300.webp", "../secret.webp", "../../secret.webp", "..%2fsecret.webp", "m/" + file[:2] + "/" + file,
		strings.ToUpper(file), file + "/", "/" + file, file + "\x00", strings.Replace(file, "-300", "-480", 1),
		strings.Replace(file, "-300", "-0300", 1), strings.Replace(file, "-300", "--300", 1), strings.TrimSuffix(file, ".webp"),
		"0123456789abcdef_300x300-300.webp",
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
