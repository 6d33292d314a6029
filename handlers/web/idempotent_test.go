package web_test

import (
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/hlpfl/platform/config"
	"github.com/hlpfl/platform/handlers/web"
	"github.com/hlpfl/platform/internal/auth"
	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/internal/testenv"
	"github.com/hlpfl/platform/store"
)

// shop has one route, POST /api/orders, that makes an order each time it runs.
type shop struct {
	t     *testing.T
	url   string
	token []string // of two users
	made  atomic.Int64
	enter chan struct{} // when set, an order waits for it
}

func openShop(t *testing.T) *shop {
	t.Helper()
	s, err := store.Open(store.Options{DatabaseURL: testenv.Database(t), RedisURL: testenv.Redis(t)})
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.DiscardHandler)
	accounts, err := auth.New(auth.Options{Store: s, Keys: []config.Key{config.Key(strings.Repeat("k", 32))}, Origin: "http://hlpfl.test", LimitScale: 1000, Log: log})
	if err != nil {
		t.Fatal(err)
	}
	out := &shop{t: t}
	for _, email := range []string{"ines@example.com", "jo@example.com"} {
		e, err := accounts.Register(t.Context(), model.RegisterInput{Email: email, Password: "harbour fog", TimeZone: "UTC"}, auth.From{Door: store.DoorAPI})
		if err != nil {
			t.Fatal(err)
		}
		out.token = append(out.token, e.Tokens.Access)
	}
	server := web.NewServer(web.Server{Log: log, Tokens: web.NewTokens(accounts), Idempotent: web.NewIdempotent(s, log)})
	e := echo.New()
	e.IPExtractor = web.ClientIP(nil)
	e.POST("/api/orders", server.Wrap(web.Route{Door: web.API, Who: web.User, Handle: out.order}))
	listening := httptest.NewServer(e)
	t.Cleanup(func() { listening.Close(); s.Close() })
	out.url = listening.URL
	return out
}

func (s *shop) order(r *web.Request) (web.Reply, error) {
	in, err := web.Read[struct {
		What string `json:"what"`
	}](r)
	if err != nil {
		return web.Reply{}, err
	}
	if s.enter != nil {
		select {
		case <-s.enter:
		case <-time.After(10 * time.Second): // all of a crowd were let in: the test says so instead of hanging
		}
	}
	n := s.made.Add(1)
	switch in.What {
	case "":
		return web.Reply{}, model.Invalid("what", "Say what.")
	case "broken":
		return web.Reply{}, io.ErrUnexpectedEOF
	case "panic":
		panic("boom")
	case "nothing":
		return web.Reply{}, nil
	}
	return web.Reply{Status: http.StatusCreated, JSON: map[string]any{"n": n, "what": in.What}}, nil
}

func (s *shop) post(user int, key, body string) (*http.Response, string) {
	s.t.Helper()
	req, err := http.NewRequest(http.MethodPost, s.url+"/api/orders", strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+s.token[user])
	if key != "" {
		req.Header.Set("Idempotency-Key", key)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		s.t.Error(err)
		return nil, ""
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return res, string(raw)
}

func (s *shop) want(status int, user int, key, body string) (*http.Response, string) {
	s.t.Helper()
	res, got := s.post(user, key, body)
	if res == nil || res.StatusCode != status {
		s.t.Fatalf("%s under %q: %v %s, want %d", body, key, res, got, status)
	}
	return res, got
}

func TestPostIsDoneOnce(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	const order = `{"what":"<vinyl> & tape"}`
	_, first := s.want(201, 0, "key-1", order)
	res, again := s.want(201, 0, "key-1", order)
	if again != first || res.Header.Get("Idempotent-Replayed") != "true" || res.Header.Get("Content-Type") != "application/json" {
		t.Errorf("again: %q %v, first %q", again, res.Header, first)
	}
	if s.made.Load() != 1 {
		t.Fatalf("%d orders", s.made.Load())
	}
	// Without a key each is an order, and another user's key is another key.
	s.want(201, 0, "", order)
	res, _ = s.want(201, 1, "key-1", order)
	if s.made.Load() != 3 || res.Header.Get("Idempotent-Replayed") != "" {
		t.Errorf("%d orders", s.made.Load())
	}
	// The key of one request is no other's.
	_, body := s.want(422, 0, "key-1", `{"what":"tape"}`)
	var p web.Problem
	if err := json.Unmarshal([]byte(body), &p); err != nil || p.Errors["Idempotency-Key"] == "" {
		t.Errorf("another request: %s", body)
	}
	// An answer without a body is said again too.
	s.want(204, 0, "key-2", `{"what":"nothing"}`)
	if res, body := s.want(204, 0, "key-2", `{"what":"nothing"}`); res.Header.Get("Idempotent-Replayed") != "true" || body != "" {
		t.Errorf("nothing again: %v %s", res.Header, body)
	}
	if s.made.Load() != 4 {
		t.Errorf("%d orders", s.made.Load())
	}
}

func TestWhatFailedMayBeTriedAgain(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	for _, try := range []struct {
		body   string
		status int
	}{{`{}`, 422}, {`{"what":7}`, 422}, {`{`, 400}, {`{"what":"broken"}`, 500}} {
		s.want(try.status, 0, "key", try.body)
	}
	res, body := s.want(500, 0, "key", `{"what":"panic"}`)
	if strings.Contains(body, "boom") || res.Header.Get("Content-Type") != "application/problem+json" {
		t.Errorf("a panic is answered %s", body)
	}
	s.want(201, 0, "key", `{"what":"vinyl"}`)
	for _, key := range []string{" ", "a b", "käse", strings.Repeat("k", 256)} {
		s.want(422, 0, key, `{"what":"vinyl"}`)
	}
	s.want(201, 0, strings.Repeat("k", 255), `{"what":"vinyl"}`)
	s.want(413, 0, "large", `{"what":"`+strings.Repeat("v", web.MaxBody)+`"}`)
}

func TestCrowdUnderOneKey(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	s.enter = make(chan struct{})
	statuses := make(chan *http.Response, 8)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			res, _ := s.post(0, "key", `{"what":"vinyl"}`)
			statuses <- res
		})
	}
	// One is at work and waits; the others are sent away meanwhile.
	for range 7 {
		if res := <-statuses; res == nil || res.StatusCode != http.StatusConflict || res.Header.Get("Retry-After") == "" {
			t.Errorf("while it is at work: %v", res)
		}
	}
	close(s.enter)
	if res := <-statuses; res == nil || res.StatusCode != http.StatusCreated {
		t.Errorf("the one at work: %v", res)
	}
	wg.Wait()
	if s.made.Load() != 1 {
		t.Errorf("%d orders", s.made.Load())
	}
}
