package static

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"path"
	"strconv"
	"strings"

	"github.com/andybalholm/brotli"
)

// Handler serves the files under their hashed names; mount it at Prefix. A right name is answered with
// "immutable", for a year. A known file under another hash (a page made by the version before, in the
// minutes of a rolling update) is answered with today's content, which nobody may keep. The rest is 404.
func Handler() http.Handler { return http.HandlerFunc(serve) }

func serve(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "Only GET and HEAD.", http.StatusMethodNotAllowed)
		return
	}
	name, hash, ok := split(strings.TrimPrefix(r.URL.Path, Prefix))
	f := files()[name]
	if !ok || f == nil {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	h.Set("Content-Type", f.mime)
	h.Set("X-Content-Type-Options", "nosniff")
	// Fonts are fetched with CORS, also from our own pages when a CDN stands before us.
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	if hash == f.hash {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	} else {
		h.Set("Cache-Control", "no-store")
	}
	body, tag := f.body, f.hash
	if f.gzip != nil {
		h.Set("Vary", "Accept-Encoding")
		if coding := chooseCoding(r.Header.Get("Accept-Encoding")); coding != "" {
			h.Set("Content-Encoding", coding)
			tag += "-" + coding
			if coding == "br" {
				body = f.br()
			} else {
				body = f.gzip()
			}
		}
	}
	etag := `"` + tag + `"`
	h.Set("ETag", etag)
	if matches(r.Header.Get("If-None-Match"), etag) {
		h.Del("Content-Type")
		h.Del("Content-Encoding")
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(http.StatusOK)
	if r.Method == http.MethodGet {
		_, _ = w.Write(body) // the client went away: nobody is left to tell
	}
}

// split takes css/desk.1a2b3c4d.css apart into css/desk.css and 1a2b3c4d.
func split(address string) (name, hash string, ok bool) {
	ext := path.Ext(address)
	stem := strings.TrimSuffix(address, ext)
	dot := strings.LastIndexByte(stem, '.')
	if dot < 0 || len(stem)-dot-1 != 8 {
		return "", "", false
	}
	return stem[:dot] + ext, stem[dot+1:], true
}

// chooseCoding picks br before gzip among what the client accepts; "" is plain.
func chooseCoding(accept string) string {
	best := ""
	for part := range strings.SplitSeq(accept, ",") {
		coding, params, _ := strings.Cut(strings.TrimSpace(part), ";")
		if q, found := strings.CutPrefix(strings.TrimSpace(params), "q="); found {
			if weight, err := strconv.ParseFloat(q, 64); err != nil || weight == 0 {
				continue
			}
		}
		switch strings.ToLower(strings.TrimSpace(coding)) {
		case "br":
			return "br"
		case "gzip":
			best = "gzip"
		}
	}
	return best
}

func matches(header, etag string) bool {
	for part := range strings.SplitSeq(header, ",") {
		part = strings.TrimPrefix(strings.TrimSpace(part), "W/")
		if part == etag || part == "*" {
			return true
		}
	}
	return false
}

func gzipped(body []byte) []byte {
	var out bytes.Buffer
	z, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		panic(err) // the level is a constant
	}
	if _, err := z.Write(body); err != nil {
		panic(err) // memory does not fail to write
	}
	if err := z.Close(); err != nil {
		panic(err)
	}
	return out.Bytes()
}

func brotlied(body []byte) []byte {
	var out bytes.Buffer
	z := brotli.NewWriterLevel(&out, 9)
	if _, err := z.Write(body); err != nil {
		panic(err) // memory does not fail to write
	}
	if err := z.Close(); err != nil {
		panic(err)
	}
	return out.Bytes()
}
