// Package program starts the whole program for tests from outside: through
// internal/app, as main does, on a database and a Redis of the test's own.
package program

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/hlpfl/platform/config"
	"github.com/hlpfl/platform/internal/app"
	"github.com/hlpfl/platform/internal/testenv"
	"github.com/hlpfl/platform/tests/post"
)

// Phone is the agent of a real phone: what plays a fan must carry one.
const Phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1"

// Program is one running program.
type Program struct {
	URL string // http://127.0.0.1:port
	App *app.App
	Box *post.Box // what it sent
}

// Options change what Start starts.
type Options struct {
	Env map[string]string // over the defaults
	// Named puts it at localhost instead of a bare address: a passkey belongs to a name.
	Named bool
	Now   func() time.Time
	Log   io.Writer // gets a copy of the log; nil for none
}

// Start starts web and worker in this process and stops them at the end of the
// test. Limits of sign-ins are wide, so that tests may share an address.
func Start(t testing.TB, o Options) *Program {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	address := "http://" + server.Listener.Addr().String()
	if o.Named {
		address = strings.Replace(address, "127.0.0.1", "localhost", 1)
	}
	box := post.Open(t, post.Options{})
	env := map[string]string{
		"DATABASE_URL": testenv.Database(t), "REDIS_URL": testenv.Redis(t), "DATA_DIR": t.TempDir(),
		"BASE_URL": address, "SECRET_KEY": strings.Repeat("5a", 32),
		"BLOB_URL": "file://" + t.TempDir(), "RATE_LIMIT_SCALE": "1000",
		"SMTP_URL": box.URL(), "MAIL_FROM": "HLPFL <mail@hlpfl.test>",
	}
	for k, v := range o.Env {
		env[k] = v
	}
	cfg, err := config.Load(func(name string) string { return env[name] })
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	log, level := io.Writer(testLog{t}), slog.LevelWarn
	if o.Log != nil {
		log, level = io.MultiWriter(log, o.Log), slog.LevelDebug
	}
	a, err := app.Open(ctx, app.Options{Config: cfg, Command: "test", Version: "test", Now: o.Now, Log: slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: level}))})
	if err != nil {
		t.Fatal(err)
	}
	web, err := a.Web(ctx)
	if err != nil {
		t.Fatal(err)
	}
	server.Config.Handler = web
	server.Start()
	done := make(chan struct{})
	go func() { defer close(done); _ = a.Work(ctx) }()
	t.Cleanup(func() {
		server.Close()
		stop()
		<-done
		if err := a.Close(); err != nil {
			t.Errorf("closing the program: %v", err)
		}
	})
	return &Program{URL: address, App: a, Box: box}
}

// testLog puts the program's log into the test's.
type testLog struct{ t testing.TB }

func (l testLog) Write(b []byte) (int, error) {
	defer func() { _ = recover() }() // a line after the test's end has nowhere to go
	l.t.Log(strings.TrimSpace(string(b)))
	return len(b), nil
}

// Answer is what came back.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// JSON reads the answer's body.
func (a Answer) JSON(t testing.TB) map[string]any {
	t.Helper()
	var v map[string]any
	if err := json.Unmarshal(a.Body, &v); err != nil {
		t.Fatalf("%d %s: %v", a.Status, a.Body, err)
	}
	return v
}

// Client is one person at the program: a browser with cookies, or a program with
// a token.
type Client struct {
	t     testing.TB
	p     *Program
	http  *http.Client
	Token string   // sent as the bearer when it is set
	Email string   // of the account, "" for a stranger
	Codes []string // recovery codes that were not used
	Agent string

	Header http.Header // sent as well, over what is sent by itself
}

// Client makes a new person. Redirects are not followed.
func (p *Program) Client(t testing.TB) *Client {
	jar, _ := cookiejar.New(nil)
	return &Client{t: t, p: p, Agent: Phone, http: &http.Client{Jar: jar, Timeout: 30 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// Cookie is a cookie's value as the client holds it; "" for none.
func (c *Client) Cookie(name string) string {
	u, err := url.Parse(c.p.URL)
	if err != nil {
		c.t.Fatal(err)
	}
	for _, k := range c.http.Jar.Cookies(u) {
		if k.Name == name {
			return k.Value
		}
	}
	return ""
}

// Upload is a form with a file, as Do sends it.
type Upload struct {
	Fields   url.Values
	Field    string // the part that holds the file; "file" when it is empty
	File     []byte // nil: none was chosen
	FileName string
	Files    [][]byte // or several, in the same part
}

func (u Upload) body(t testing.TB) (io.Reader, string) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for name, values := range u.Fields {
		for _, v := range values {
			if err := w.WriteField(name, v); err != nil {
				t.Fatal(err)
			}
		}
	}
	files := u.Files
	if u.File != nil {
		files = append(files, u.File)
	}
	for _, file := range files {
		part, err := w.CreateFormFile(cmp.Or(u.Field, "file"), u.FileName)
		if err == nil {
			_, err = part.Write(file)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return &b, w.FormDataContentType()
}

// Do sends a request. A body that is url.Values is a form; a string or bytes go as
// JSON as they are; anything else is marshalled.
func (c *Client) Do(method, path string, body any) Answer {
	c.t.Helper()
	var reader io.Reader
	kind := ""
	switch b := body.(type) {
	case nil:
	case Upload:
		reader, kind = b.body(c.t)
	case url.Values:
		reader, kind = strings.NewReader(b.Encode()), "application/x-www-form-urlencoded"
	case string:
		reader, kind = strings.NewReader(b), "application/json"
	case []byte:
		reader, kind = bytes.NewReader(b), "application/json"
	default:
		raw, err := json.Marshal(b)
		if err != nil {
			c.t.Fatal(err)
		}
		reader, kind = bytes.NewReader(raw), "application/json"
	}
	req, err := http.NewRequestWithContext(c.t.Context(), method, c.p.URL+path, reader)
	if err != nil {
		c.t.Fatal(err)
	}
	if kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	if c.Token != "" {
		req.Header.Set("Authorization", "Bearer "+c.Token)
	}
	req.Header.Set("User-Agent", c.Agent)
	for name, values := range c.Header {
		req.Header[name] = values
	}
	res, err := c.http.Do(req)
	if err != nil {
		c.t.Fatal(err)
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	return Answer{res.StatusCode, res.Header, raw}
}

// Register makes an account through the API and gives a client with its token.
func (p *Program) Register(t testing.TB, email string) *Client {
	t.Helper()
	c := p.Client(t)
	c.Email = email
	a := c.Do("POST", "/api/auth/register", map[string]string{"email": email, "password": Password, "name": "Test Person"})
	if a.Status != http.StatusCreated {
		t.Fatalf("register %s: %d %s", email, a.Status, a.Body)
	}
	c.Token = a.JSON(t)["access_token"].(string)
	return c
}

// Password is what every test account has.
const Password = "harbour fog at seven"

// SignIn signs an account in by the form; the cookie stays in the client.
func (p *Program) SignIn(t testing.TB, email string) *Client {
	t.Helper()
	c := p.Client(t)
	c.Email = email
	a := c.Do("POST", "/login", url.Values{"email": {email}, "password": {Password}})
	if a.Status != http.StatusSeeOther {
		t.Fatalf("sign in %s: %d %s", email, a.Status, a.Body)
	}
	return c
}

// Profile makes a profile with one link by the API and gives its JSON.
func (c *Client) Profile(handle string) map[string]any {
	c.t.Helper()
	a := c.Do("POST", "/api/profiles", map[string]any{"handle": handle, "profile_name": "Test " + handle, "profile_data": map[string]any{
		"socials": []any{map[string]any{"id": "social1", "network": "instagram", "url": "https://instagram.com/example"}},
		"blocks":  []any{map[string]any{"id": "link1", "type": "link", "title": "Listen", "url": "https://open.spotify.com/album/1"}},
	}})
	if a.Status != http.StatusCreated {
		c.t.Fatalf("profile %s: %d %s", handle, a.Status, a.Body)
	}
	return a.JSON(c.t)
}
