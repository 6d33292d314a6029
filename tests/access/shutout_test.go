package access

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"text/tabwriter"

	"github.com/hlpfl/platform/handlers/web"
	"github.com/hlpfl/platform/internal/app"
	"github.com/hlpfl/platform/store"
	"github.com/hlpfl/platform/tests/program"
)

// outcomes counts the cells that were tried, by who asked and at which door.
type outcomes struct {
	mu     sync.Mutex
	cells  map[string]map[string]int
	routes map[string]bool
}

var tried = outcomes{cells: map[string]map[string]int{}, routes: map[string]bool{}}

func (o *outcomes) add(who, door string, r app.RouteInfo) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.cells[who] == nil {
		o.cells[who] = map[string]int{}
	}
	o.cells[who][door]++
	o.routes[r.Method+" "+r.Path] = true
}

// TestMain prints the size of the matrix behind its tests.
func TestMain(m *testing.M) {
	code := m.Run()
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	total := 0
	fmt.Fprintln(w, "who asks\tform\thtmx\tJSON")
	for _, who := range slices.Sorted(maps.Keys(tried.cells)) {
		c := tried.cells[who]
		fmt.Fprintf(w, "%s\t%d\t%d\t%d\n", who, c["form"], c["htmx"], c["JSON"])
		total += c["form"] + c["htmx"] + c["JSON"]
	}
	fmt.Fprintf(w, "%d routes, %d who ask, %d cells\n", len(tried.routes), len(tried.cells), total)
	_ = w.Flush()
	os.Exit(code)
}

// outsider is somebody who once could or nearly can.
type outsider struct {
	name   string
	client *program.Client
	at     string                                       // the door it tries, "form" or "JSON"; "" both
	on     func(app.RouteInfo) bool                     // the routes that are closed to it; nil for all
	want   func(r app.RouteInfo, a program.Answer) bool // what it is told there
}

// TestShutOut tries every route that is not for everybody as people and programs who
// are no longer, not yet or not quite allowed, on rows that are there.
func TestShutOut(t *testing.T) {
	t.Parallel()
	p := program.Start(t, program.Options{Named: true, Env: map[string]string{"GOOGLE_CLIENT_ID": "a client", "GOOGLE_CLIENT_SECRET": "its secret"}})
	s := newShutOut(t, p)
	guarded := 0
	for _, r := range routes(t) {
		if r.Who == web.Public || r.Who == web.Local || r.Who == web.Webhook {
			continue
		}
		guarded++
		for _, o := range s.outsiders {
			api := strings.HasPrefix(r.Path, "/api/")
			if o.at == "form" && api || o.at == "JSON" && !api || o.on != nil && !o.on(r) {
				continue
			}
			s.try(t, o, r, api)
		}
	}
	if guarded < 140 {
		t.Errorf("only %d routes are guarded: the table was not read", guarded)
	}
}

// shutOut is who is shut out, and the rows of the owner whom they are after.
type shutOut struct {
	rows      *strings.Replacer
	profile   string
	outsiders []outsider
}

func newShutOut(t *testing.T, p *program.Program) *shutOut {
	t.Helper()
	email := unique("shut") + "@example.com"
	c := p.Register(t, email)
	if err := p.App.GrantPlan(t.Context(), email, "enterprise", "many rows"); err != nil {
		t.Fatal(err)
	}
	profile := c.Profile(unique("shut"))["id"].(string)
	other := c.Profile(unique("shut"))["id"].(string)
	key := func(in map[string]any) *program.Client {
		k := p.Client(t)
		in["name"] = "A key"
		a := c.Do("POST", "/api/keys", in)
		if a.Status != http.StatusCreated {
			t.Fatalf("a key: %d %s", a.Status, a.Body)
		}
		k.Token = a.JSON(t)["key"].(string)
		return k
	}
	everything := []string{"profiles:read", "profiles:write", "analytics:read", "account:read"}
	scopes := map[string]string{}
	for _, r := range routes(t) {
		scopes[r.Method+" "+r.Path] = r.Scope
	}
	s := &shutOut{profile: profile, rows: strings.NewReplacer(":id", profile, ":block", "link1", ":n", "1", ":media", "none", ":provider", "google", ":member", profile, ":part", "x")}

	suspended, ended, stale := p.Register(t, unique("suspended")+"@example.com"), p.Register(t, unique("ended")+"@example.com"), p.SignIn(t, email)
	suspendedDesk, endedDesk := p.SignIn(t, suspended.Email), p.SignIn(t, ended.Email)
	if err := p.App.Suspend(t.Context(), suspended.Email, "spam", true); err != nil {
		t.Fatal(err)
	}
	if a := ended.Do("DELETE", "/api/sessions", nil); a.Status != http.StatusNoContent {
		t.Fatalf("ending: %d", a.Status)
	}
	ended.Token = ended.Token[:len(ended.Token)-2] + "xx" // and one whose signature was touched
	staleToken := p.Client(t)
	in := c.Do("POST", "/api/auth/login", map[string]string{"email": email, "password": program.Password})
	if in.Status != http.StatusOK {
		t.Fatalf("signing in: %d %s", in.Status, in.Body)
	}
	staleToken.Token = in.JSON(t)["access_token"].(string)
	expired, narrow, elsewhere := key(map[string]any{"scopes": everything}), key(map[string]any{"scopes": []string{"account:read"}}), key(map[string]any{"scopes": everything, "profile_id": other})
	every := key(map[string]any{"scopes": everything})
	desk := p.SignIn(t, email)
	foreign, sibling, hosted := p.SignIn(t, email), p.SignIn(t, email), p.SignIn(t, email)
	foreign.Header = http.Header{"Sec-Fetch-Site": {"cross-site"}}
	sibling.Header = http.Header{"Sec-Fetch-Site": {"same-site"}}
	hosted.Header = http.Header{"Origin": {"https://evil.example"}}
	token := p.Client(t)
	token.Token = c.Token
	cookie := p.SignIn(t, email)
	err := p.App.Store().System(t.Context(), func(tx *store.SystemTx) error {
		for _, change := range []string{
			`update sessions set proved_at = now() - interval '11 minutes' where id = (select id from sessions where door = 'api' and user_id = (select id from users where email like 'shut-%') order by id desc limit 1)`,
			`update sessions set proved_at = now() - interval '11 minutes' where id = (select id from sessions where door = 'web' and user_id = (select id from users where email like 'shut-%') order by id limit 1)`,
			`update api_keys set expires_at = now() where id = (select id from api_keys order by id limit 1)`,
		} {
			if _, err := tx.ExecContext(t.Context(), change); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}

	fresh := func(r app.RouteInfo) bool { return r.Fresh }
	writes := func(r app.RouteInfo) bool { return r.Method == http.MethodPost }
	closed := func(r app.RouteInfo) bool { return r.Scope == "" }
	lacking := func(r app.RouteInfo) bool { return r.Scope != "account:read" }
	another := func(r app.RouteInfo) bool {
		return r.Scope != "" && (strings.Contains(r.Path, ":id") || r.Method != http.MethodGet)
	}
	s.outsiders = []outsider{
		{"suspended", suspended, "JSON", nil, refused(401)}, {"suspended", suspendedDesk, "form", nil, toSignIn},
		{"token with a touched signature", ended, "JSON", nil, refused(401)}, {"session that was ended", endedDesk, "form", nil, toSignIn},
		{"cookie at the API", cookie, "JSON", nil, refused(401)}, {"token at the desk", token, "form", nil, toSignIn},
		{"no fresh proof", stale, "form", fresh, toConfirm}, {"no fresh proof", staleToken, "JSON", fresh, refused(403)},
		{"key that expired", expired, "JSON", nil, refused(401)},
		{"key of all scopes", every, "JSON", closed, refused(403)}, {"key at the desk", every, "form", nil, toSignIn},
		{"key without the scope", narrow, "JSON", lacking, refused(403)},
		{"key of another profile", elsewhere, "JSON", another, refused(403, 404)},
		{"post from another site", foreign, "form", writes, refused(403)}, {"post from a neighbouring host", sibling, "form", writes, refused(403)},
		{"post with a foreign origin", hosted, "form", writes, refused(403)},
	}
	// The measure of it all: the owner is let in where the others are not.
	if a := desk.Do("GET", "/dashboard/profiles/"+profile, nil); a.Status != http.StatusOK {
		t.Fatalf("the owner: %d", a.Status)
	}
	if a := every.Do("GET", "/api/profiles/"+profile, nil); a.Status != http.StatusOK {
		t.Fatalf("the key: %d", a.Status)
	}
	return s
}

// try makes the request at the route's door; at the desk once more as htmx does.
func (s *shutOut) try(t *testing.T, o outsider, r app.RouteInfo, api bool) {
	t.Helper()
	path := s.rows.Replace(r.Path)
	var body any = map[string]any{}
	if !api {
		body = url.Values{}
	}
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		body = nil
	}
	for _, door := range map[bool][]string{true: {"JSON"}, false: {"form", "htmx"}}[api] {
		before := o.client.Header
		if door == "htmx" {
			o.client.Header = maps.Clone(before)
			if o.client.Header == nil {
				o.client.Header = http.Header{}
			}
			o.client.Header.Set("HX-Request", "true")
		}
		a := o.client.Do(r.Method, path, body)
		o.client.Header = before
		tried.add(o.name, door, r)
		if !o.want(r, a) {
			t.Errorf("%s, %s: %s %s answered %d %s %.150s", o.name, door, r.Method, path, a.Status, a.Header.Get("Location"), a.Body)
		}
	}
}

func refused(codes ...int) func(app.RouteInfo, program.Answer) bool {
	return func(_ app.RouteInfo, a program.Answer) bool { return slices.Contains(codes, a.Status) }
}

// toSignIn: a page is exchanged for the form, a post is refused.
func toSignIn(r app.RouteInfo, a program.Answer) bool {
	if r.Method != http.MethodGet {
		return a.Status == http.StatusUnauthorized
	}
	return sentTo(a, "/login")
}

func toConfirm(_ app.RouteInfo, a program.Answer) bool { return sentTo(a, "/dashboard/confirm") }

// sentTo reports whether a browser, or htmx, is sent there.
func sentTo(a program.Answer, path string) bool {
	return a.Status == http.StatusSeeOther && strings.HasPrefix(a.Header.Get("Location"), path) ||
		a.Status == http.StatusNoContent && strings.HasPrefix(a.Header.Get("HX-Redirect"), path)
}

// TestNoWriteTakesAFieldThatIsNotItsOwn sends what would lift somebody up along with
// every write of the API that takes a body.
func TestNoWriteTakesAFieldThatIsNotItsOwn(t *testing.T) {
	t.Parallel()
	p := program.Start(t, program.Options{Named: true})
	email := unique("mass") + "@example.com"
	c := p.Register(t, email)
	if err := p.App.GrantPlan(t.Context(), email, "business", "keys and rows"); err != nil {
		t.Fatal(err)
	}
	rows := strings.NewReplacer(":id", c.Profile(unique("mass"))["id"].(string), ":block", "link1", ":n", "1", ":media", "none")
	writes := 0
	for _, r := range routes(t) {
		takes := r.Body && strings.HasPrefix(r.Path, "/api/") && r.Who != web.Admin
		if !takes || strings.Contains(r.Path, "/keys/") || strings.Contains(r.Path, "/sessions/") || strings.Contains(r.Path, "/passkeys/") || strings.Contains(r.Path, ":member") || strings.Contains(r.Path, ":media") {
			continue // the ids of those name other rows, which are looked for first
		}
		for _, field := range []string{"user_id", "is_admin", "subscription_tier", "email_verified_at", "suspended_at", "owner_id"} {
			writes++
			a := c.Do(r.Method, rows.Replace(r.Path), map[string]any{field: "x"})
			if a.Status != http.StatusUnprocessableEntity || !strings.Contains(string(a.Body), `"`+field+`"`) {
				t.Errorf("%s %s took %s: %d %.200s", r.Method, r.Path, field, a.Status, a.Body)
			}
		}
	}
	if writes < 150 {
		t.Errorf("only %d were tried", writes)
	}
}
