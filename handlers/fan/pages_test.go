package fan

import (
	"compress/gzip"
	"context"
	"database/sql"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/labstack/echo/v4"

	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/internal/pages"
	"github.com/hlpfl/platform/internal/testenv"
	"github.com/hlpfl/platform/store"
	viewsfan "github.com/hlpfl/platform/views/fan"
)

// site is the room's routes for pages, on a real database, as the program mounts
// them: Front ahead of echo.
type site struct {
	http.Handler
	t      *testing.T
	store  *store.Store
	cache  *pages.Pages
	user   model.UserID
	other  model.UserID
	passed int // requests that Front left to the router
}

func newSite(t *testing.T, secure bool) *site {
	t.Helper()
	address := testenv.Database(t)
	s, err := store.Open(store.Options{DatabaseURL: address})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	db, err := sql.Open("postgres", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	themes, err := viewsfan.NewThemes("")
	if err != nil {
		t.Fatal(err)
	}
	cache, err := pages.New(pages.Options{Store: s, Themes: themes, BaseURL: "https://hlpfl.example"})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	followed := make(chan struct{})
	go func() { defer close(followed); cache.Follow(ctx) }()
	t.Cleanup(func() { cancel(); <-followed })
	out := &site{t: t, store: s, cache: cache, user: model.NewUserID(), other: model.NewUserID()}
	if _, err := db.Exec(`insert into users (id, email) values ($1, 'ines@example.com'), ($2, 'later@example.com')`, out.user, out.other); err != nil {
		t.Fatal(err)
	}
	e := echo.New()
	p := Pages{Cache: cache, Secure: secure}
	e.GET("/:handle", p.Show)
	e.HEAD("/:handle", p.Show)
	f := Files{Cache: cache, Secure: secure}
	e.GET("/c/:profile/:block", f.Block)
	e.HEAD("/c/:profile/:block", f.Block)
	e.GET("/c/:profile/:block/:date", f.Show)
	e.HTTPErrorHandler = func(err error, c echo.Context) {
		status, ok := map[model.Kind]int{model.KindNotFound: http.StatusNotFound, model.KindGone: http.StatusGone}[model.KindOf(err)]
		var routers *echo.HTTPError
		switch {
		case ok:
		case errors.As(err, &routers):
			status = routers.Code
		default:
			t.Errorf("%s: %v", c.Request().URL.Path, err)
			status = http.StatusInternalServerError
		}
		if err := c.String(status, err.Error()); err != nil {
			t.Error(err)
		}
	}
	out.Handler = p.Front(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		out.passed++
		e.ServeHTTP(w, r)
	}))
	return out
}

func (s *site) add(handle model.Handle) model.ProfileID {
	s.t.Helper()
	return s.addFor(s.user, handle)
}

func (s *site) addFor(user model.UserID, handle model.Handle) model.ProfileID {
	s.t.Helper()
	var p model.Profile
	err := s.store.AsUser(s.t.Context(), user, func(tx *store.UserTx) (err error) {
		doc := model.NewDocument()
		doc.Bio = "Harbour fog."
		p, err = tx.CreateProfile(s.t.Context(), store.NewProfile{Handle: handle, Name: "Ines Okafor", TimeZone: "UTC", Document: doc})
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return p.ID
}

func (s *site) ask(method, path string, headers ...string) *http.Response {
	s.t.Helper()
	r := httptest.NewRequest(method, path, nil)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w.Result()
}

// settled asks until the page is in the cache and all changes made so far are read,
// so nothing drops it any more.
func (s *site) settled(path string) {
	s.t.Helper()
	later := s.addFor(s.other, "later-on")
	s.cached("/later-on")
	if err := s.store.System(s.t.Context(), func(tx *store.SystemTx) error { return tx.NoteChange(s.t.Context(), later, "later-on") }); err != nil {
		s.t.Fatal(err)
	}
	// What drops the later page is a reading in which the earlier changes are too.
	for end := time.Now().Add(10 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		if _, there := s.cache.Cached("later-on", pages.Gzip); !there {
			break
		}
		if time.Now().After(end) {
			s.t.Fatal("the change is never read")
		}
	}
	s.cached(path)
}

// cached asks until the page is in the cache.
func (s *site) cached(path string) {
	s.t.Helper()
	for end := time.Now().Add(10 * time.Second); ; {
		before := s.passed
		if r := s.ask("GET", path, "Accept-Encoding", "gzip"); r.StatusCode != http.StatusOK {
			s.t.Fatalf("%s: %s", path, r.Status)
		}
		if s.passed == before {
			return
		}
		if time.Now().After(end) {
			s.t.Fatal("the page is not kept")
		}
	}
}

func plain(t *testing.T, r *http.Response) string {
	t.Helper()
	var body io.Reader = r.Body
	switch r.Header.Get("Content-Encoding") {
	case "gzip":
		z, err := gzip.NewReader(r.Body)
		if err != nil {
			t.Fatal(err)
		}
		body = z
	case "br":
		body = brotli.NewReader(r.Body)
	}
	text, err := io.ReadAll(body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestCodingIsWhatTheClientLikesBest(t *testing.T) {
	for header, want := range map[string]pages.Coding{
		"":                                pages.Plain,
		"gzip":                            pages.Gzip,
		"GZip":                            pages.Gzip,
		"x-gzip":                          pages.Gzip,
		"br":                              pages.Brotli,
		"gzip, deflate, br, zstd":         pages.Brotli,
		"gzip;q=1.0, br;q=0.5":            pages.Gzip,
		"gzip;q=0, br;q=0":                pages.Plain,
		"gzip;q=0":                        pages.Plain,
		"*":                               pages.Brotli,
		"*;q=0":                           pages.Plain,
		"br;q=0, *":                       pages.Gzip,
		"br;q=0,gzip;q=0,*;q=1":           pages.Plain,
		"identity":                        pages.Plain,
		"identity;q=0.5, gzip;q=1":        pages.Gzip,
		"identity;q=1, gzip;q=0.5":        pages.Plain,
		"identity;q=0, gzip;q=0.1":        pages.Gzip,
		"deflate":                         pages.Plain,
		"zstd":                            pages.Plain,
		"gzip;q=nonsense":                 pages.Plain,
		"gzip;q=7":                        pages.Plain,
		" gzip ; q=0.8 , br ; q=0.9 ":     pages.Brotli,
		"compress;q=0.5, gzip;q=1.0":      pages.Gzip,
		",,;,gzip":                        pages.Gzip,
		"gzip;q=0.001":                    pages.Gzip,
		"br;q=0.3, gzip;q=0.3, *;q=0.001": pages.Brotli,
	} {
		h := http.Header{}
		if header != "" {
			h.Set("Accept-Encoding", header)
		}
		if got := coding(h); got != want {
			t.Errorf("%q: %q, want %q", header, got, want)
		}
	}
	if got := coding(http.Header{"Accept-Encoding": {"deflate", "gzip"}}); got != pages.Gzip {
		t.Errorf("on two lines: %q", got)
	}
}

func TestAPageOverHTTP(t *testing.T) {
	t.Parallel()
	s := newSite(t, true)
	s.add("ines")
	s.settled("/ines")
	before := s.passed
	tags, bodies := map[string]bool{}, map[string]bool{}
	for accept, encoding := range map[string]string{"gzip": "gzip", "br": "br", "": ""} {
		var headers []string
		if accept != "" {
			headers = []string{"Accept-Encoding", accept}
		}
		r := s.ask("GET", "/ines?utm_source=poster", headers...)
		for name, want := range map[string]string{
			"Content-Type": "text/html; charset=utf-8", "Content-Encoding": encoding, "Vary": "Accept-Encoding",
			"Cache-Control": "public, max-age=0, s-maxage=5", "X-Content-Type-Options": "nosniff",
			"Referrer-Policy": "strict-origin-when-cross-origin", "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
		} {
			if got := r.Header.Get(name); got != want {
				t.Errorf("%s: %s is %q, want %q", accept, name, got, want)
			}
		}
		if r.StatusCode != http.StatusOK || !strings.Contains(r.Header.Get("Content-Security-Policy"), "default-src 'none'") || r.Header["Set-Cookie"] != nil {
			t.Errorf("%s: %s, %v", accept, r.Status, r.Header)
		}
		tag := r.Header.Get("ETag")
		tags[tag] = true
		body := plain(t, r)
		bodies[body] = true
		for _, asked := range []string{tag, "W/" + tag, `"other", ` + tag, "*"} {
			again := s.ask("GET", "/ines", append(headers, "If-None-Match", asked)...)
			if text := plain0(t, again); again.StatusCode != http.StatusNotModified || text != "" || again.Header.Get("ETag") != tag || again.Header.Get("Vary") != "Accept-Encoding" {
				t.Errorf("%s, If-None-Match %s: %s, %d bytes", accept, asked, again.Status, len(text))
			}
		}
		if other := s.ask("GET", "/ines", append(headers, "If-None-Match", `"other"`)...); other.StatusCode != http.StatusOK {
			t.Errorf("%s: another tag is answered %s", accept, other.Status)
		}
		head := s.ask("HEAD", "/ines", headers...)
		if text := plain0(t, head); head.StatusCode != http.StatusOK || text != "" || head.Header.Get("ETag") != tag || head.Header.Get("Content-Length") != r.Header.Get("Content-Length") {
			t.Errorf("%s: HEAD is answered %s with %d bytes, %v", accept, head.Status, len(text), head.Header)
		}
	}
	if len(tags) != 3 || len(bodies) != 1 {
		t.Errorf("three codings have %d tags and %d contents", len(tags), len(bodies))
	}
	if s.passed != before {
		t.Errorf("%d requests for a page in the cache went to the router", s.passed-before)
	}
}

// plain0 reads a body that must not be there, whatever its headers say.
func plain0(t *testing.T, r *http.Response) string {
	t.Helper()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

func TestOtherSpellingsLeadToTheRightOne(t *testing.T) {
	t.Parallel()
	s := newSite(t, false)
	s.add("ines")
	for path, to := range map[string]string{"/Ines": "/ines", "/INES?utm_source=x": "/ines?utm_source=x", "/@ines": "/ines", "/%20ines": "/ines"} {
		r := s.ask("GET", path)
		if r.StatusCode != http.StatusMovedPermanently || r.Header.Get("Location") != to {
			t.Errorf("%s: %s to %q, want %q", path, r.Status, r.Header.Get("Location"), to)
		}
	}
	if r := s.ask("GET", "/ines"); r.StatusCode != http.StatusOK || r.Header.Get("Strict-Transport-Security") != "" {
		t.Errorf("%s, %v", r.Status, r.Header)
	}
}

func TestWhatIsNoPage(t *testing.T) {
	t.Parallel()
	s := newSite(t, false)
	for _, path := range []string{"/nobody", "/login", "/robots.txt", "/a", "/-x", "/" + strings.Repeat("x", 31), "/x%00y", "/ines/more", "/%ff%fe", "/..%2f..%2fetc"} {
		if r := s.ask("GET", path); r.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %s", path, r.Status)
		}
	}
	id := s.add("ines")
	s.cached("/ines")
	err := s.store.System(t.Context(), func(tx *store.SystemTx) error {
		if _, err := tx.Exec(`update profiles set suspended_at = now() where id = $1`, id); err != nil {
			return err
		}
		return tx.NoteChange(t.Context(), id, "ines")
	})
	if err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(10 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		r := s.ask("GET", "/ines")
		if r.StatusCode == http.StatusGone {
			break
		}
		if time.Now().After(end) {
			t.Fatalf("a suspended profile is answered %s", r.Status)
		}
	}
}

// What Front may answer is a page alone: methods and paths that only look like
// one are the router's.
func TestFrontAnswersForPagesAlone(t *testing.T) {
	t.Parallel()
	s := newSite(t, false)
	s.add("ines")
	s.cached("/ines")
	for _, request := range [][2]string{{"POST", "/ines"}, {"DELETE", "/ines"}, {"GET", "/ines/"}, {"GET", "/"}, {"GET", "/r/ines"}, {"GET", "/INES"}} {
		before := s.passed
		s.ask(request[0], request[1])
		if s.passed != before+1 {
			t.Errorf("%s %s did not reach the router", request[0], request[1])
		}
	}
}

func TestACDNKeepsAPageNoLongerThanItIsRight(t *testing.T) {
	t.Parallel()
	s := newSite(t, false)
	doc := model.NewDocument()
	soon := time.Now().Add(2500 * time.Millisecond)
	doc.Blocks = []model.Block{{ID: "soon", Enabled: true, StartsAt: &soon, Body: model.Link{Title: "Out now", URL: "https://example.com/"}}}
	err := s.store.AsUser(t.Context(), s.user, func(tx *store.UserTx) error {
		_, err := tx.CreateProfile(t.Context(), store.NewProfile{Handle: "ines", Name: "Ines", TimeZone: "UTC", Document: doc})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for time.Now().Before(soon.Add(50 * time.Millisecond)) {
		asked := time.Now()
		r := s.ask("GET", "/ines")
		left := int(soon.Sub(asked) / time.Second)
		seconds, err := strconv.Atoi(strings.TrimPrefix(r.Header.Get("Cache-Control"), "public, max-age=0, s-maxage="))
		if err != nil {
			t.Fatalf("Cache-Control is %q", r.Header.Get("Cache-Control"))
		}
		shown := strings.Contains(plain(t, r), "Out now")
		if asked.Before(soon) && time.Now().Before(soon) && (shown || seconds > left) {
			t.Errorf("%s before its time: shown %v, a CDN keeps it for %d s", soon.Sub(asked), shown, seconds)
		}
		if !asked.Before(soon) && (!shown || seconds != 5) {
			t.Errorf("%s after its time: shown %v, a CDN keeps it for %d s", asked.Sub(soon), shown, seconds)
		}
		time.Sleep(20 * time.Millisecond)
	}
}
