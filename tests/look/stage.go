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

	// late holds fonts back until the page that asked for them has been painted without, as a bad connection does.
	late atomic.Bool

	mu      sync.Mutex
	painted chan struct{} // closed once the page is on the screen
	events  []event
	shots   map[string][]byte
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
	s := &stage{themes: themes, samples: map[string]fan.Sample{}, shots: map[string][]byte{}, painted: make(chan struct{})}
	for _, sample := range fan.Samples(supply()) {
		s.samples[sample.Name] = sample
	}
	mux := http.NewServeMux()
	mux.Handle("GET "+static.Prefix, s.lateFonts(static.Handler()))
	mux.HandleFunc("POST /painted", s.paint)
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
// ?picture=, something kept, ?colours=, the artist's own or none, ?font=, of names, and ?blocks=, so many of them.
func (s *stage) address(theme, sample, query string) string {
	return s.server.URL + "/sample/" + theme + "/" + sample + query
}

// patience is how long a font waits for a page that is never painted.
const patience = 10 * time.Second

func (s *stage) lateFonts(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if s.late.Load() && strings.HasSuffix(r.URL.Path, ".woff2") {
			s.mu.Lock()
			painted := s.painted
			s.mu.Unlock()
			select {
			case <-painted:
			case <-time.After(patience):
			}
		}
		next.ServeHTTP(w, r)
	})
}

// paint hears from a page that it is on the screen.
func (s *stage) paint(w http.ResponseWriter, _ *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	select {
	case <-s.painted:
	default:
		close(s.painted)
	}
	w.WriteHeader(http.StatusNoContent)
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
	if font := r.FormValue("font"); font != "" {
		page.Look.NameFont = font
	}
	if kept := r.FormValue("picture"); kept != "" {
		page.Picture = &fan.Picture{Src: "/shots/" + kept, Width: 40, Height: 50}
	}
	s.mu.Lock()
	s.painted = make(chan struct{})
	s.mu.Unlock()
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
