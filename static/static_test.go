package static

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"path"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/andybalholm/brotli"
)

func get(t *testing.T, target string, header map[string]string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, target, nil)
	for name, value := range header {
		r.Header.Set(name, value)
	}
	w := httptest.NewRecorder()
	Handler().ServeHTTP(w, r)
	return w
}

func TestEveryFileIsServedUnderItsHashedName(t *testing.T) {
	for name := range files() {
		w := get(t, URL(name), nil)
		if w.Code != http.StatusOK {
			t.Fatalf("%s: %d", name, w.Code)
		}
		if got, want := w.Header().Get("Content-Type"), types[path.Ext(name)]; got != want {
			t.Errorf("%s: type %q, want %q", name, got, want)
		}
		if got := w.Header().Get("Cache-Control"); got != "public, max-age=31536000, immutable" {
			t.Errorf("%s: Cache-Control %q", name, got)
		}
		if w.Header().Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: no nosniff", name)
		}
		if w.Header().Get("ETag") == "" || w.Body.Len() == 0 {
			t.Errorf("%s: no ETag or no body", name)
		}
	}
}

func TestCompressedFormsUnpackToTheSame(t *testing.T) {
	plain := get(t, URL("css/desk.css"), nil).Body.Bytes()
	for coding, unpack := range map[string]func(io.Reader) (io.Reader, error){
		"gzip": func(r io.Reader) (io.Reader, error) { return gzip.NewReader(r) },
		"br":   func(r io.Reader) (io.Reader, error) { return brotli.NewReader(r), nil },
	} {
		w := get(t, URL("css/desk.css"), map[string]string{"Accept-Encoding": coding + ", identity;q=0.1"})
		if w.Header().Get("Content-Encoding") != coding || w.Header().Get("Vary") != "Accept-Encoding" {
			t.Fatalf("%s: headers %v", coding, w.Header())
		}
		if w.Body.Len()*3 > len(plain) {
			t.Errorf("%s: %d of %d bytes is hardly compressed", coding, w.Body.Len(), len(plain))
		}
		r, err := unpack(w.Body)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(r); err != nil || !bytes.Equal(got, plain) {
			t.Errorf("%s: unpacks to something else (%v)", coding, err)
		}
	}
	if w := get(t, URL("css/desk.css"), map[string]string{"Accept-Encoding": "br;q=0, gzip;q=0"}); w.Header().Get("Content-Encoding") != "" {
		t.Errorf("a refused coding was used: %s", w.Header().Get("Content-Encoding"))
	}
}

func TestUnchangedIsNotSentTwice(t *testing.T) {
	first := get(t, URL("css/desk.css"), map[string]string{"Accept-Encoding": "gzip"})
	tag := first.Header().Get("ETag")
	again := get(t, URL("css/desk.css"), map[string]string{"Accept-Encoding": "gzip", "If-None-Match": `"x", W/` + tag})
	if again.Code != http.StatusNotModified || again.Body.Len() != 0 {
		t.Errorf("%d with %d bytes", again.Code, again.Body.Len())
	}
	if plain := get(t, URL("css/desk.css"), map[string]string{"If-None-Match": tag}); plain.Code != http.StatusOK {
		t.Errorf("the gzip form's tag matched the plain form")
	}
}

func TestAnotherHashIsNotKept(t *testing.T) {
	w := get(t, "/static/css/desk.00000000.css", nil)
	if w.Code != http.StatusOK || w.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("%d %s", w.Code, w.Header().Get("Cache-Control"))
	}
}

func TestRefused(t *testing.T) {
	for _, target := range []string{
		"/static/", "/static/css/desk.css", "/static/css/none.00000000.css", "/static/static.go",
		"/static/../static.go", "/static/themes/README.00000000.md", "/static/css",
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.URL.Path = target
		w := httptest.NewRecorder()
		Handler().ServeHTTP(w, r)
		if w.Code != http.StatusNotFound {
			t.Errorf("%s: %d", target, w.Code)
		}
	}
	w := httptest.NewRecorder()
	Handler().ServeHTTP(w, httptest.NewRequest(http.MethodPost, URL("css/desk.css"), nil))
	if w.Code != http.StatusMethodNotAllowed || w.Header().Get("Allow") != "GET, HEAD" {
		t.Errorf("POST: %d", w.Code)
	}
	w = httptest.NewRecorder()
	Handler().ServeHTTP(w, httptest.NewRequest(http.MethodHead, URL("css/desk.css"), nil))
	if w.Code != http.StatusOK || w.Body.Len() != 0 || w.Header().Get("Content-Length") == "0" {
		t.Errorf("HEAD: %d, %d bytes", w.Code, w.Body.Len())
	}
}

func TestStylesLoadHashedNames(t *testing.T) {
	served := get(t, URL("css/desk.css"), nil).Body.String()
	fonts := regexp.MustCompile(`url\("\.\./fonts/[a-z0-9-]+\.[0-9a-f]{8}\.woff2"\)`).FindAllString(served, -1)
	if len(fonts) < 3 {
		t.Errorf("hashed fonts: %v", fonts)
	}
	if strings.Contains(served, `-desk.woff2`) {
		t.Error("a plain font name is left")
	}
	inlined := CSS("css/tokens.css", "https://cdn.example.com")
	if want := `url("https://cdn.example.com` + URL("fonts/bricolage-84-700.woff2") + `")`; !strings.Contains(inlined, want) {
		t.Errorf("inlined style does not hold %s", want)
	}
}

func TestTheHashCoversWhatAStyleLoads(t *testing.T) {
	tree := func(font string) fstest.MapFS {
		return fstest.MapFS{
			"css/a.css":     {Data: []byte(`@font-face{src:url(../fonts/x.woff2)}`)},
			"fonts/x.woff2": {Data: []byte(font)},
		}
	}
	one, other := load(tree("one"))["css/a.css"], load(tree("other"))["css/a.css"]
	if one.hash == other.hash {
		t.Error("another font, the same style address")
	}
}

func TestUnknownNamesPanic(t *testing.T) {
	mustPanic := func(what string, do func()) {
		t.Helper()
		defer func() {
			if recover() == nil {
				t.Errorf("%s did not panic", what)
			}
		}()
		do()
	}
	mustPanic("URL", func() { URL("css/none.css") })
	mustPanic("Text", func() { Text("css/none.css") })
	mustPanic("CSS", func() { CSS("css/desk.css", "") }) // a bundle is loaded, not inlined
	mustPanic("a style that loads nothing", func() {
		load(fstest.MapFS{"css/a.css": {Data: []byte(`a{background:url("./none.svg")}`)}})
	})
	if Exists("css/none.css") || !Exists("css/desk.css") {
		t.Error("Exists")
	}
}

func TestEveryPartOfABundleIsThere(t *testing.T) {
	for bundle, parts := range bundles {
		for _, part := range parts {
			if !Exists(part) {
				t.Errorf("%s names %s", bundle, part)
			}
		}
	}
}
