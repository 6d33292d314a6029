package main

import (
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hlpfl/platform/handlers/dev"
	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/internal/seed/art"
	"github.com/hlpfl/platform/static"
	"github.com/hlpfl/platform/views/fan"
)

// stage is a server on loopback that shows the samples as fans would get them: /sample/{theme}/{sample}, with the real
// policy, the real static files, and a record of what the beacon says.
type stage struct {
	server  *httptest.Server
	themes  *fan.Themes
	samples map[string]fan.Sample

	fontDelay atomic.Int64

	mu     sync.Mutex
	events []event
	shots  map[string][]byte
}

// event is one request to the address of views.
type event struct {
	method, path string
	fields       map[string][]string
}

func newStage() (*stage, error) {
	themes, err := fan.NewThemes("")
	if err != nil {
		return nil, err
	}
	s := &stage{themes: themes, samples: map[string]fan.Sample{}, shots: map[string][]byte{}}
	for _, sample := range fan.Samples(supply()) {
		s.samples[sample.Name] = sample
	}
	mux := http.NewServeMux()
	mux.Handle("GET "+static.Prefix, s.slowFonts(static.Handler()))
	mux.HandleFunc("GET /m/{file}", picture)
	mux.HandleFunc("/v/{profile}", s.record)
	mux.HandleFunc("GET /shots/{name}", s.shot)
	mux.HandleFunc("GET /sample/{theme}/{sample}", s.page)
	s.screens(mux)
	s.server = httptest.NewServer(mux)
	return s, nil
}

func (s *stage) close() { s.server.Close() }

// address is where a sample is shown in a theme; query may ask for ?scheme=, ?preview=1,
// ?picture=, something kept, ?colours=, the artist's own or none, and ?blocks=, so many of them.
func (s *stage) address(theme, sample, query string) string {
	return s.server.URL + "/sample/" + theme + "/" + sample + query
}

// slowFonts holds fonts back for as long as fontDelay says, as a bad connection does.
func (s *stage) slowFonts(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, ".woff2") {
			time.Sleep(time.Duration(s.fontDelay.Load()))
		}
		next.ServeHTTP(w, r)
	})
}

func (s *stage) page(w http.ResponseWriter, r *http.Request) {
	sample, ok := s.samples[r.PathValue("sample")]
	if !ok {
		http.NotFound(w, r)
		return
	}
	page := sample.Page
	page.Theme = r.PathValue("theme")
	page.Scheme = r.FormValue("scheme")
	page.Preview = r.FormValue("preview") != ""
	if first, err := strconv.Atoi(r.FormValue("blocks")); err == nil && first < len(page.Blocks) {
		page.Blocks = page.Blocks[:first]
	}
	if own := strings.Split(r.FormValue("colours"), ","); own[0] == "none" {
		page.Look.Colours = nil
	} else if len(own) == 3 {
		page.Look.Colours = &model.Colours{Ground: model.Colour("#" + own[0]), Ink: model.Colour("#" + own[1]), Accent: model.Colour("#" + own[2])}
	}
	if kept := r.FormValue("picture"); kept != "" {
		page.Picture = &fan.Picture{Src: "/shots/" + kept, Width: 40, Height: 50}
	}
	html, csp, err := s.themes.Render(page)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", csp)
	_, _ = w.Write(html)
}

func (s *stage) record(w http.ResponseWriter, r *http.Request) {
	_ = r.ParseForm()
	s.mu.Lock()
	s.events = append(s.events, event{r.Method, r.URL.Path, r.PostForm})
	s.mu.Unlock()
	w.WriteHeader(http.StatusNoContent)
}

// recorded are the events so far.
func (s *stage) recorded() []event {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]event(nil), s.events...)
}

func (s *stage) shot(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	body := s.shots[r.PathValue("name")]
	s.mu.Unlock()
	w.Header().Set("Content-Type", http.DetectContentType(body))
	_, _ = w.Write(body)
}

// keep shows something at /shots/{name}.
func (s *stage) keep(name string, body []byte) {
	s.mu.Lock()
	s.shots[name] = body
	s.mu.Unlock()
}

func picture(w http.ResponseWriter, r *http.Request) {
	file, err := art.Read(r.PathValue("file"))
	if err != nil {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", art.MIME)
	_, _ = w.Write(file)
}

func supply() fan.Supply { return dev.Supply() }
