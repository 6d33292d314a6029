package browser

import (
	"fmt"
	"html"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
)

// World stands for every host outside: whatever a fan's tap leads to arrives here, at a page that says where one is.
type World struct{ server *httptest.Server }

// NewWorld starts a World on loopback; Close ends it.
func NewWorld() *World {
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/favicon.ico" {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = fmt.Fprintf(w, `<!doctype html><html lang="en"><title>Elsewhere</title><link rel="icon" href="data:,"><h1>Arrived at %s</h1>`,
			html.EscapeString("https://"+r.Host+r.URL.RequestURI()))
	}))
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // Chromium's own questions come without TLS
	server.StartTLS()
	return &World{server}
}

// Address is the World for Options.
func (w *World) Address() string { return strings.TrimPrefix(w.server.URL, "https://") }

// Close ends it.
func (w *World) Close() { w.server.Close() }
