// Package access holds the route table to tests/access.golden, which is written by
// hand and reviewed like a contract, and then tries every cell of it on rows that
// exist: who asks × whose row it is.
package access

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"maps"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hlpfl/platform/handlers/web"
	"github.com/hlpfl/platform/internal/app"
	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/internal/testenv"
	"github.com/hlpfl/platform/store"
	"github.com/hlpfl/platform/tests/program"
)

func TestTheTableIsTheGoldenOne(t *testing.T) {
	raw, err := os.ReadFile("../access.golden")
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]bool{}
	for line := range strings.Lines(string(raw)) {
		line, _, _ = strings.Cut(line, "#")
		if fields := strings.Fields(line); len(fields) > 0 {
			want[strings.Join(fields, " ")] = true
		}
	}
	for _, r := range routes(t) {
		line := fmt.Sprintf("%s %s %s", r.Method, r.Path, r.Who)
		if !want[line] {
			t.Errorf("not in access.golden: %s", line)
		}
		delete(want, line)
	}
	for line := range want {
		t.Errorf("in access.golden and not in the program: %s", line)
	}
}

// Whoever adds a route must say who may use it in a word that the matrix knows.
func TestEveryRuleIsKnown(t *testing.T) {
	for _, r := range routes(t) {
		if !slices.Contains([]web.Who{web.Public, web.User, web.Owner, web.Editor, web.Viewer, web.Admin, web.Webhook, web.Local}, r.Who) {
			t.Errorf("%s %s: nobody knows who %q is", r.Method, r.Path, r.Who)
		}
		if r.Who == web.User && strings.Contains(r.Path, ":id") {
			t.Errorf("%s %s names a row and has no owner rule", r.Method, r.Path)
		}
	}
}

// A handle must never be what a route begins with: the page would not be reached.
func TestNoHandleIsARoute(t *testing.T) {
	for _, r := range routes(t) {
		step, _, _ := strings.Cut(strings.TrimPrefix(r.Path, "/"), "/")
		if step == "" || strings.HasPrefix(step, ":") {
			continue
		}
		if _, err := model.ParseHandle(step); err == nil {
			t.Errorf("somebody could take the handle %q, which %s %s needs", step, r.Method, r.Path)
		}
	}
}

// The matrix. Each cell has rows of its own, so that no cell sees another's work.
func TestMatrix(t *testing.T) {
	address := testenv.Database(t)
	p := program.Start(t, program.Options{Named: true, Env: map[string]string{"DATABASE_URL": address, "GOOGLE_CLIENT_ID": "a client", "GOOGLE_CLIENT_SECRET": "its secret"}})
	everybody, team, calm := p.Client(t), newCrew(t, p, address), map[bool]people{}
	for _, api := range []bool{false, true} {
		calm[api] = newPeople(t, p, api, []actor{owner, other, admin})
	}
	for _, r := range routes(t) {
		if r.Method == http.MethodGet && r.Who == web.Public && !strings.ContainsAny(r.Path, ":*") {
			whole, head := everybody.Do(http.MethodGet, r.Path, nil), everybody.Do(http.MethodHead, r.Path, nil)
			if head.Status != whole.Status || len(head.Body) > 0 || head.Header.Get("Content-Type") != whole.Header.Get("Content-Type") {
				t.Errorf("HEAD %s answers %d %q with %d bytes; GET %d %q", r.Path, head.Status, head.Header.Get("Content-Type"), len(head.Body), whole.Status, whole.Header.Get("Content-Type"))
			}
		}
		if !slices.Contains([]web.Who{web.User, web.Owner, web.Editor, web.Viewer, web.Admin}, r.Who) {
			continue
		}
		t.Run(strings.Trim(r.Method+" "+r.Path, " /"), func(t *testing.T) {
			t.Parallel()
			m := newWorld(t, p, r, team, calm)
			actors := []actor{anonymous, owner, other, admin}
			if r.Who == web.Admin {
				actors = append(actors, bareAdmin) // elsewhere nothing is asked of an admin
			}
			for _, who := range actors {
				for _, row := range []row{own, others, absent, malformed} {
					m.cell(t, who, row)
				}
			}
			if m.ofProfile() {
				for _, who := range []actor{editor, viewer, former, invited} {
					for _, row := range []row{own, others} {
						m.cell(t, who, row)
					}
				}
			}
		})
	}
}

type actor string

const (
	anonymous actor = "anonymous"
	owner     actor = "owner"
	other     actor = "other user"
	admin     actor = "admin"
	bareAdmin actor = "admin without second factor"
)

type row string

const (
	own       row = "own"
	others    row = "other's"
	absent    row = "absent"
	malformed row = "malformed"
)

// world is a route with people and rows to try it on.
type world struct {
	p     *program.Program
	route app.RouteInfo
	api   bool
	door  map[actor]*program.Client // who asks, at this route's door
	maker map[actor]*program.Client // the same people at the API, to make rows
	media string                    // the picture made last
	crew  *crew
	path  map[string]string // what else stands in the path
}

// people are who asks: at a door, and at the API, where they make rows.
type people struct{ door, maker map[actor]*program.Client }

func newPeople(t *testing.T, p *program.Program, api bool, actors []actor) people {
	t.Helper()
	all := people{map[actor]*program.Client{}, map[actor]*program.Client{}}
	for _, who := range actors {
		email := unique(strings.ReplaceAll(string(who), " ", "")) + "@example.com"
		switch who {
		case admin:
			all.maker[who] = p.Admin(t, email)
		case bareAdmin:
			all.maker[who] = p.BareAdmin(t, email)
		default:
			all.maker[who] = p.Register(t, email)
		}
		if err := p.App.GrantPlan(t.Context(), email, "enterprise", "the matrix makes many rows"); err != nil {
			t.Fatal(err)
		}
		all.door[who] = all.maker[who]
		if !api {
			if who == admin {
				all.door[who] = p.SignInAdmin(t, all.maker[who])
			} else {
				all.door[who] = p.SignIn(t, email)
			}
		}
	}
	return all
}

// newWorld makes the world of a route. Routes of profiles change nothing about who asks,
// so they share people: signing up is what takes the time.
func newWorld(t *testing.T, p *program.Program, r app.RouteInfo, team *crew, calm map[bool]people) *world {
	w := &world{p: p, crew: team, route: r, api: strings.HasPrefix(r.Path, "/api/")}
	shared := calm[w.api]
	if !w.ofProfile() || strings.Contains(r.Path, "transfer") {
		actors := []actor{owner, other, admin}
		if r.Who == web.Admin {
			actors = append(actors, bareAdmin)
		}
		shared = newPeople(t, p, w.api, actors)
	}
	w.door, w.maker = maps.Clone(shared.door), shared.maker
	w.door[anonymous] = p.Client(t)
	for who := range team.id {
		if w.door[who] = team.form[who]; w.api {
			w.door[who] = team.api[who]
		}
	}
	return w
}

// cell tries one actor on one row and compares with what the rule says.
func (w *world) cell(t *testing.T, who actor, which row) {
	t.Helper()
	named := strings.Contains(w.route.Path, ":id")
	if !named && which != own {
		return // without a row in its path there is one cell an actor
	}
	path, body := w.request(t, who, which)
	if form, ok := body.(url.Values); ok && w.route.Path == "/dashboard/account/delete" {
		form.Set("email", w.door[who].Email)
	}
	got := w.door[who].Do(w.route.Method, path, body)
	tried.add(string(who), map[bool]string{true: "JSON", false: "form"}[w.api], w.route)
	want := w.want(who, which, named)
	if !want(got) {
		t.Errorf("%s on %s row: %s %s with %v answered %d %.200s", who, which, w.route.Method, path, body, got.Status, got.Body)
	}
}

func (w *world) want(who actor, which row, named bool) func(program.Answer) bool {
	status := func(codes ...int) func(program.Answer) bool {
		return func(a program.Answer) bool { return slices.Contains(codes, a.Status) }
	}
	switch {
	case who == anonymous && w.api, who == anonymous && w.route.Method != http.MethodGet:
		return status(http.StatusUnauthorized)
	case who == anonymous:
		return func(a program.Answer) bool {
			return a.Status == http.StatusSeeOther && strings.HasPrefix(a.Header.Get("Location"), "/login")
		}
	case w.route.Who == web.Admin && who == bareAdmin && !w.api:
		return func(a program.Answer) bool {
			return a.Status == http.StatusSeeOther && strings.HasPrefix(a.Header.Get("Location"), "/dashboard/account/factors")
		}
	case w.route.Who == web.Admin && who != admin:
		return status(http.StatusForbidden)
	case who == admin && (w.route.Path == "/api/account" || w.route.Path == "/dashboard/account/delete" && w.route.Method == http.MethodPost):
		return status(http.StatusForbidden) // an admin loses the right first
	case which == own && (who == editor || who == viewer):
		return w.wantMember(who)
	case who == former, who == invited:
		return status(http.StatusNotFound)
	case strings.HasSuffix(w.route.Path, "/transfer/accept"):
		return status(http.StatusNotFound) // it is theirs already
	case named && which != own:
		return status(http.StatusNotFound)
	}
	return func(a program.Answer) bool { return a.Status < 400 }
}

// request is a good request to the route: the row decides alone what comes of it.
func (w *world) request(t *testing.T, who actor, which row) (string, any) {
	t.Helper()
	holder := who
	if who == anonymous || which == others {
		holder = map[actor]actor{owner: other, other: owner, admin: owner, bareAdmin: owner, anonymous: owner}[who]
	}
	if w.crew.has(who) {
		holder = map[row]actor{own: owner, others: other}[which]
	}
	id, version, block := "", 1, "link1"
	switch {
	case !strings.Contains(w.route.Path, ":id"):
	case strings.Contains(w.route.Path, "sessions"):
		id = w.session(t, holder)
	case strings.Contains(w.route.Path, "/passkeys/"):
		_, id = w.door[holder].Passkey()
	case strings.Contains(w.route.Path, "/keys/"):
		id = w.key(t, holder)
	case strings.Contains(w.route.Path, "/account/export/"):
		id = w.export(t, holder)
	default:
		id, version = w.profile(t, holder)
	}
	if who != anonymous && (strings.HasSuffix(w.route.Path, "/disconnect") || strings.HasPrefix(w.route.Path, "/api/me/connections")) {
		w.connect(t, who)
	}
	w.prepare(t, who, which, id)
	switch which {
	case absent:
		id = "01890000-0000-7000-8000-000000000000"
	case malformed:
		id = "not-an-id"
	}
	if strings.Contains(w.route.Path, "/socials") {
		block = "social1"
	}
	if strings.HasSuffix(w.route.Path, "/dates") {
		block = "tour1"
	}
	path := strings.NewReplacer(":id", id, ":block", block, ":n", "1", ":media", w.media, ":member", w.path[":member"], ":invitation", w.path[":invitation"], ":provider", "google").Replace(w.route.Path)
	if body, ok := w.factors(t, who); ok {
		return path, body
	}
	return path, w.body(version)
}

// body is what the route takes.
func (w *world) body(version int) any {
	values := map[string]any{}
	path, method := w.route.Path, w.route.Method
	has := func(suffix string) bool { return strings.HasSuffix(path, suffix) }
	switch {
	case method == http.MethodGet, has("/end"), has("/email/verify"), strings.HasPrefix(path, "/api/sessions"), strings.HasPrefix(path, "/api/keys/"), strings.Contains(path, "/connections/"):
		return nil
	case has("/transfer/cancel"), has("/transfer/accept"), strings.Contains(path, "/invitations"), has("/remove"), method == http.MethodDelete && (has("/:member") || has("/transfer")):
		return nil
	case has("/account/delete"):
		return url.Values{}
	case has("/people"), has("/members"):
		values["email"], values["role"] = unique("guest")+"@example.com", "editor"
	case has("/:member"):
		values["role"] = "viewer"
	case has("/transfer"):
		values["member"], values["stays"] = w.path[":member"], true
	case has("/password"):
		values["current_password"], values["password"] = program.Password, "another harbour at eight"
	case has("/keys"):
		values["name"], values["scopes"] = "A key", []string{"profiles:read"}
	case has("/confirm/:provider"):
		values["next"] = "/dashboard"
	case has("/email"):
		values["email"] = unique("new") + "@example.com"
	case has("/account"), has("/me"):
		values["name"] = "A new name"
	case has("/profiles"):
		values["handle"], values["profile_name"] = unique("made"), "Made here"
	default:
		values["version"] = version
	}
	switch {
	case has("/move"):
		values["to"] = 0
	case has("/convert"):
		values["type"] = "merch"
	case has("/dates"):
		const table = "city,date,zone\nLisbon,2099-12-12,Europe/Lisbon\n"
		values["text"] = table
		if !w.api {
			values["then"], values["seen"] = "take:dates", (&model.DatesForm{Text: table}).Mark() // it was looked at
		}
	case has("/switch"):
		values["enabled"] = false
	case has("/blocks"):
		values["type"], values["title"], values["url"] = "link", "More", "https://example.com/more"
	case has("/socials"):
		values["url"] = "https://tiktok.com/@example"
	case has("/blocks/:block") && method != http.MethodDelete:
		values["title"] = "Renamed"
	case has("/socials/:block") && method != http.MethodDelete:
		values["url"] = "https://instagram.com/renamed"
	case has("/who"):
		values["profile_name"], values["bio"] = "Renamed", "A line"
	case has("/address"):
		values["is_active"] = false
	case has("/schedule") && method == http.MethodPost:
		if w.api {
			values["publish_at"] = time.Now().Add(time.Hour).UTC().Format(time.RFC3339)
		} else {
			values["local"] = time.Now().Add(48 * time.Hour).UTC().Format("2006-01-02T15:04")
		}
	case has("/crop"):
		values = map[string]any{"left": 10, "top": 10, "width": 100, "height": 100}
	case has("/paste"):
		values["text"] = "https://example.com/pasted"
	case has("/socials-at"):
		values["socials_at"] = "bottom"
	case has("/look"):
		values["reset"] = true
	case has("/theme"):
		values["theme"] = "tape"
	case method == http.MethodPut && has("/profiles/:id"):
		values["profile_name"] = "Renamed"
	}
	form := url.Values{}
	for k, v := range values {
		if list, ok := v.([]string); ok {
			form[k] = list
			continue
		}
		form.Set(k, fmt.Sprint(v))
	}
	if has("/media") || has("/media/upload") || has("/background") {
		if w.api || has("/upload") {
			form = nil
		}
		field := "file"
		if !w.api && !has("/upload") {
			field = "picture.file"
		}
		return program.Upload{Fields: form, Field: field, File: picture, FileName: "a.jpg"}
	}
	if w.api {
		return values
	}
	return form
}

// picture is a small one.
var picture = func() []byte {
	var b bytes.Buffer
	_ = jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 128, 128)), nil) // into memory: it cannot fail
	return b.Bytes()
}()

// profile makes a profile in the state that the route needs and gives its id and version.
func (w *world) profile(t *testing.T, who actor) (id string, version int) {
	t.Helper()
	c := w.maker[who]
	made := c.Profile(unique("matrix"))
	id, version = made["id"].(string), int(made["version"].(float64))
	do := func(method, path string, body any) {
		a := c.Do(method, "/api/profiles/"+id+path, body)
		if a.Status >= 300 {
			t.Fatalf("preparing %s %s: %d %s", method, path, a.Status, a.Body)
		}
		if a.Status != http.StatusNoContent {
			version = int(a.JSON(t)["version"].(float64))
		}
	}
	path := w.route.Path
	has := func(suffix string) bool { return strings.HasSuffix(path, suffix) }
	switch {
	case has("/crop"):
		a := c.Do("POST", "/api/profiles/"+id+"/media", program.Upload{File: picture, FileName: "a.jpg"})
		if a.Status != http.StatusCreated {
			t.Fatalf("a picture to crop: %d %s", a.Status, a.Body)
		}
		w.media = a.JSON(t)["id"].(string)
	case has("/blocks/:block/dates"):
		do("POST", "/blocks", map[string]any{"version": version, "id": "tour1", "type": "tour"})
	case has("/blocks/:block/restore"):
		do("DELETE", "/blocks/link1", map[string]any{"version": version})
	case has("/socials/:block/restore"):
		do("DELETE", "/socials/social1", map[string]any{"version": version})
	case has("/versions/:n/restore"):
	case has("/redo"):
		do("POST", "/blocks", map[string]any{"version": version, "type": "heading", "text": "Press"})
		do("POST", "/undo", map[string]any{"version": version})
	case has("/restore"):
		do("DELETE", "", map[string]any{})
		version = w.versionOf(t, c, id)
	case has("/publish"), has("/undo"), has("/discard"), has("/schedule"), has("/schedule/cancel"):
		do("POST", "/blocks", map[string]any{"version": version, "type": "heading", "text": "Press"})
	}
	return id, version
}

// versionOf reads the version of a deleted profile, which stands in the list of
// deleted ones alone.
func (w *world) versionOf(t *testing.T, c *program.Client, id string) int {
	t.Helper()
	for _, p := range c.Do("GET", "/api/profiles?deleted=true&limit=100", nil).JSON(t)["data"].([]any) {
		if p := p.(map[string]any); p["id"] == id {
			return int(p["version"].(float64))
		}
	}
	t.Fatalf("the deleted profile %s is not in the list", id)
	return 0
}

// connect gives somebody an account at a provider to disconnect.
func (w *world) connect(t *testing.T, who actor) {
	t.Helper()
	email := w.maker[who].Email
	err := w.p.App.Store().System(t.Context(), func(tx *store.SystemTx) error {
		user, err := tx.AnyUserByEmail(t.Context(), email)
		if err != nil {
			return err
		}
		return tx.AddIdentity(t.Context(), user.ID, store.Identity{Provider: "google", Subject: unique("subject"), Email: email})
	})
	if err != nil {
		t.Fatal(err)
	}
}

// session signs somebody in once more and gives that session's id.
func (w *world) session(t *testing.T, who actor) string {
	t.Helper()
	list := func() map[string]bool {
		ids := map[string]bool{}
		for _, s := range w.maker[who].Do("GET", "/api/sessions", nil).JSON(t)["data"].([]any) {
			ids[s.(map[string]any)["id"].(string)] = true
		}
		return ids
	}
	before := list()
	if who == admin {
		w.p.SignInAdmin(t, w.maker[who])
	} else {
		w.p.SignIn(t, w.maker[who].Email)
	}
	for id := range list() {
		if !before[id] {
			return id
		}
	}
	t.Fatal("signing in made no session")
	return ""
}

// key makes somebody an API key and gives its id.
func (w *world) key(t *testing.T, who actor) string {
	t.Helper()
	a := w.maker[who].Do("POST", "/api/keys", map[string]any{"name": "A key", "scopes": []string{"profiles:read"}})
	if a.Status != http.StatusCreated {
		t.Fatalf("a key: %d %s", a.Status, a.Body)
	}
	return a.JSON(t)["id"].(string)
}

// export gives the actor's archive, which is made when there is none.
func (w *world) export(t *testing.T, who actor) string {
	t.Helper()
	c := w.maker[who]
	for asked, began := false, time.Now(); time.Since(began) < 20*time.Second; time.Sleep(50 * time.Millisecond) {
		a := c.Do("GET", "/api/account/export", nil)
		if state := a.JSON(t)["state"]; state == "ready" {
			return a.JSON(t)["id"].(string)
		} else if state == "none" && !asked {
			asked = true
			c.Do("POST", "/api/account/export", nil)
		}
	}
	t.Fatal("no archive was made")
	return ""
}

func routes(t *testing.T) []app.RouteInfo {
	t.Helper()
	all, err := app.Routes()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// unique is a name nobody else of this test has.
func unique(prefix string) string {
	return prefix + "-" + string(model.NewBlockID())
}
