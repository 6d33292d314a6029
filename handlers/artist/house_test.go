package artist_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"github.com/hlpfl/platform/config"
	"github.com/hlpfl/platform/handlers"
	"github.com/hlpfl/platform/handlers/artist"
	"github.com/hlpfl/platform/handlers/web"
	"github.com/hlpfl/platform/internal/auth"
	"github.com/hlpfl/platform/internal/media"
	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/internal/pages"
	"github.com/hlpfl/platform/internal/plans"
	"github.com/hlpfl/platform/internal/testenv"
	"github.com/hlpfl/platform/store"
	"github.com/hlpfl/platform/views"
	"github.com/hlpfl/platform/views/fan"
)

// house is the desk and the API on a database of their own, by the real route table.
type house struct {
	*testing.T
	echo    *echo.Echo
	store   *store.Store
	auth    *auth.Auth
	cookies *web.Cookies
}

const houseOrigin = "https://hlpfl.example"

func open(t *testing.T) *house {
	t.Helper()
	s, err := store.Open(store.Options{DatabaseURL: testenv.Database(t), RedisURL: testenv.Redis(t)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	log := slog.New(slog.NewTextHandler(testLog{t}, &slog.HandlerOptions{Level: slog.LevelWarn}))
	a, err := auth.New(auth.Options{Store: s, Keys: []config.Key{make([]byte, 32)}, Origin: houseOrigin, LimitScale: 1000, Log: log})
	if err != nil {
		t.Fatal(err)
	}
	themes, err := fan.NewThemes("")
	if err != nil {
		t.Fatal(err)
	}
	cache, err := pages.New(pages.Options{Store: s, Themes: themes, BaseURL: houseOrigin})
	if err != nil {
		t.Fatal(err)
	}
	h := &house{T: t, echo: echo.New(), store: s, auth: a, cookies: web.NewCookies(s, a, false, log)}
	server := web.NewServer(web.Server{
		Log: log, Cookies: h.cookies, Tokens: web.NewTokens(a), Idempotent: web.NewIdempotent(s, log),
		ErrorPage: func(_ context.Context, v web.ErrorView) templ.Component {
			return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
				_, err := fmt.Fprintf(w, "<title>%d</title>%s", v.Status, templ.EscapeString(v.Detail))
				return err
			})
		},
		Role:   s.Role,
		SignIn: func(string) string { return views.Login() },
	})
	pictures, err := media.Open(t.Context(), "file://"+t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { pictures.Close() })
	rooms := handlers.Rooms{Server: server, Profiles: &artist.Profiles{Store: s, Pages: cache, Origin: houseOrigin, Now: time.Now,
		Pictures: artist.Pictures{Store: pictures, Maker: media.NewMaker(), Folder: t.TempDir()}}}
	routes, err := handlers.Table(rooms, houseOrigin, "test")
	if err != nil {
		t.Fatal(err)
	}
	handlers.Mount(h.echo, server, routes)
	return h
}

type testLog struct{ t *testing.T }

func (l testLog) Write(p []byte) (int, error) { l.t.Log(string(p)); return len(p), nil }

// person is somebody signed in at both doors.
type person struct {
	h             *house
	id            model.UserID
	email         string
	token, cookie string
}

var people atomic.Int64

func (h *house) person(plan plans.Plan) *person {
	h.Helper()
	ctx := context.Background()
	p := &person{h: h, email: fmt.Sprintf("person%d@hlpfl.example", people.Add(1))}
	recorder := httptest.NewRecorder()
	c := h.echo.NewContext(httptest.NewRequest(http.MethodPost, "/register", nil), recorder)
	in := model.RegisterInput{Email: p.email, Password: "a long enough password", TimeZone: "Europe/London"}
	entered, err := h.auth.Register(ctx, in, auth.From{Door: store.DoorWeb, Address: netip.MustParseAddr("192.0.2.7"), Keep: h.cookies.Keeper(c)})
	if err != nil {
		h.Fatal(err)
	}
	p.id = entered.User.ID
	p.cookie, _, _ = strings.Cut(recorder.Header().Get("Set-Cookie"), ";")
	api, err := h.auth.SignIn(ctx, model.LoginInput{Email: in.Email, Password: in.Password}, auth.From{Door: store.DoorAPI, Address: netip.MustParseAddr("192.0.2.7")})
	if err != nil {
		h.Fatal(err)
	}
	p.token = api.Tokens.Access
	h.grant(p, plan)
	return p
}

func (h *house) grant(p *person, plan plans.Plan) {
	h.Helper()
	h.system(func(tx *store.SystemTx) error {
		_, err := tx.GrantPlan(context.Background(), p.id, plan, "test")
		return err
	})
}

func (h *house) system(f func(*store.SystemTx) error) {
	h.Helper()
	if err := h.store.System(context.Background(), f); err != nil {
		h.Fatal(err)
	}
}

// answer is what came back.
type answer struct {
	*httptest.ResponseRecorder
	h *house
}

func (p *person) do(r *http.Request) answer {
	p.h.Helper()
	r.RemoteAddr = "192.0.2.7:1234"
	rec := httptest.NewRecorder()
	p.h.echo.ServeHTTP(rec, r)
	if rec.Code >= 500 {
		p.h.Errorf("%s %s: %d %s", r.Method, r.URL, rec.Code, rec.Body)
	}
	return answer{rec, p.h}
}

// api asks by the API. body is marshalled unless it is a string.
func (p *person) api(method, path string, body any) answer {
	p.h.Helper()
	var text string
	switch b := body.(type) {
	case nil:
	case string:
		text = b
	default:
		raw, err := json.Marshal(b)
		if err != nil {
			p.h.Fatal(err)
		}
		text = string(raw)
	}
	r := httptest.NewRequest(method, path, strings.NewReader(text))
	if text != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	r.Header.Set("Authorization", "Bearer "+p.token)
	return p.do(r)
}

// post sends a form; see asks for a page.
func (p *person) post(path string, form url.Values) answer {
	p.h.Helper()
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Cookie", p.cookie)
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return p.do(r)
}

func (p *person) see(path string) answer {
	p.h.Helper()
	r := httptest.NewRequest(http.MethodGet, path, nil)
	r.Header.Set("Cookie", p.cookie)
	return p.do(r)
}

// must fails the test unless the answer has this status.
func (a answer) must(status int) answer {
	a.h.Helper()
	if a.Code != status {
		a.h.Fatalf("got %d, want %d: %.4000s", a.Code, status, main(a.Body.String()))
	}
	return a
}

// profile is a profile as a program gets it.
type profile struct {
	ID          string   `json:"id"`
	Handle      string   `json:"handle"`
	URL         string   `json:"url"`
	ProfileName string   `json:"profile_name"`
	TimeZone    string   `json:"time_zone"`
	ProfileData document `json:"profile_data"`
	Draft       *draft   `json:"draft"`
	Version     int64    `json:"version"`
	IsActive    bool     `json:"is_active"`
	Block       *block   `json:"block"`
	Social      *social  `json:"social"`
	raw         json.RawMessage
}

type draft struct {
	ProfileName string   `json:"profile_name"`
	ProfileData document `json:"profile_data"`
}

type document struct {
	Bio     string         `json:"bio"`
	Theme   map[string]any `json:"theme"`
	Socials []social       `json:"socials"`
	Blocks  []block        `json:"blocks"`
}

type block struct {
	ID       string  `json:"id,omitempty"`
	Type     string  `json:"type"`
	Title    string  `json:"title,omitempty"`
	URL      string  `json:"url,omitempty"`
	Text     string  `json:"text,omitempty"`
	Enabled  *bool   `json:"enabled,omitempty"`
	StartsAt *string `json:"starts_at,omitempty"`
	EndsAt   *string `json:"ends_at,omitempty"`
}

type social struct {
	ID      string `json:"id,omitempty"`
	Network string `json:"network,omitempty"`
	URL     string `json:"url"`
}

func (a answer) profile() profile {
	a.h.Helper()
	var p profile
	if err := json.Unmarshal(a.Body.Bytes(), &p); err != nil {
		a.h.Fatalf("%v in %s", err, a.Body)
	}
	p.raw = a.Body.Bytes()
	return p
}

type problem struct {
	Type      string            `json:"type"`
	Status    int               `json:"status"`
	Detail    string            `json:"detail"`
	Errors    map[string]string `json:"errors"`
	LimitName string            `json:"limit_name"`
	Limit     int               `json:"limit"`
	Used      int               `json:"used"`
	LiftedBy  string            `json:"lifted_by"`
	Version   int64             `json:"version"`
}

func (a answer) problem() problem {
	a.h.Helper()
	if got := a.Header().Get("Content-Type"); got != "application/problem+json" {
		a.h.Fatalf("an answer of type %q: %.1000s", got, a.Body)
	}
	var p problem
	if err := json.Unmarshal(a.Body.Bytes(), &p); err != nil {
		a.h.Fatal(err)
	}
	return p
}

var handles atomic.Int64

// makes a profile with that many links.
func (p *person) makes(links int) profile {
	p.h.Helper()
	d := document{Bio: "Songs.", Theme: map[string]any{"name": "plain"}}
	for i := range links {
		d.Blocks = append(d.Blocks, block{Type: "link", Title: fmt.Sprintf("Link %d", i), URL: fmt.Sprintf("https://example.com/%d", i)})
	}
	return p.api("POST", "/api/profiles", map[string]any{
		"handle": fmt.Sprintf("artist%d", handles.Add(1)), "profile_name": "Ines Okafor", "profile_data": d,
	}).must(201).profile()
}

// now is the profile as it is.
func (p *person) now(id string) profile {
	p.h.Helper()
	return p.api("GET", "/api/profiles/"+id, nil).must(200).profile()
}

func version(p profile) string { return fmt.Sprint(p.Version) }
