package fan

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"

	"github.com/hlpfl/platform/internal/media"
	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/internal/seed/art"
)

func TestPicturesOverHTTP(t *testing.T) {
	pictures, err := media.Open(t.Context(), "file://"+t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { pictures.Close() })
	small, err := art.Read("portrait-dj-480.webp")
	if err != nil {
		t.Fatal(err)
	}
	file := string(small)
	picture, err := media.FromWebP(map[int][]byte{480: small}, 480, 480)
	if err != nil {
		t.Fatal(err)
	}
	if err := pictures.Put(t.Context(), picture); err != nil {
		t.Fatal(err)
	}
	name := picture.Name
	e := echo.New()
	m := Media{Store: pictures}
	e.GET("/m/:file", m.Show)
	e.HEAD("/m/:file", m.Show)
	e.HTTPErrorHandler = func(err error, c echo.Context) {
		if model.KindOf(err) != model.KindNotFound {
			t.Errorf("%s: %v", c.Request().URL.Path, err)
		}
		_ = c.NoContent(http.StatusNotFound)
	}
	ask := func(method, path string, headers ...string) (*http.Response, string) {
		r := httptest.NewRequest(method, path, nil)
		for i := 0; i < len(headers); i += 2 {
			r.Header.Set(headers[i], headers[i+1])
		}
		w := httptest.NewRecorder()
		e.ServeHTTP(w, r)
		body, _ := io.ReadAll(w.Result().Body)
		return w.Result(), string(body)
	}
	path := "/m/" + model.MediaFile(name, 480)
	r, body := ask("GET", path)
	for header, want := range map[string]string{
		"Content-Type": "image/webp", "X-Content-Type-Options": "nosniff", "Cache-Control": "public, max-age=31536000, immutable",
		"Content-Security-Policy": "default-src 'none'; sandbox", "Cross-Origin-Resource-Policy": "cross-origin",
	} {
		if got := r.Header.Get(header); got != want {
			t.Errorf("%s is %q, want %q", header, got, want)
		}
	}
	if r.StatusCode != http.StatusOK || body != file {
		t.Errorf("%s: %q", r.Status, body)
	}
	if r, body := ask("GET", "/m/"+model.MediaJPEG(name, 480)); r.StatusCode != http.StatusOK || r.Header.Get("Content-Type") != "image/jpeg" || !strings.HasPrefix(body, "\xff\xd8\xff") {
		t.Errorf("as a JPEG: %s %s", r.Status, r.Header.Get("Content-Type"))
	}
	if r, body := ask("HEAD", path); r.StatusCode != http.StatusOK || body != "" || r.ContentLength != int64(len(file)) {
		t.Errorf("HEAD: %s, %q, %d", r.Status, body, r.ContentLength)
	}
	if r, body := ask("GET", path, "If-None-Match", r.Header.Get("ETag")); r.StatusCode != http.StatusNotModified || body != "" {
		t.Errorf("again: %s, %q", r.Status, body)
	}
	if r, body := ask("GET", path, "Range", "bytes=0-3"); r.StatusCode != http.StatusPartialContent || body != "RIFF" {
		t.Errorf("a part: %s, %q", r.Status, body)
	}
	for _, other := range []string{"/m/x", "/m/" + name, "/m/..%2f..%2fetc%2fpasswd", "/m/" + model.MediaFile(name, 960), "/m/" + name + "-480.svg"} {
		if r, _ := ask("GET", other); r.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %s", other, r.Status)
		}
	}
}
