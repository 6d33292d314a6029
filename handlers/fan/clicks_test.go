package fan_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/hlpfl/platform/store"
	"github.com/hlpfl/platform/tests/program"
)

// page is a running program with one profile: "link1" leads out, "off" is switched
// off, "mail" is a mailto.
type page struct {
	*program.Program
	artist *program.Client
	fan    *program.Client
	id     string
}

func newPage(t *testing.T) *page {
	t.Helper()
	p := program.Start(t, program.Options{})
	artist := p.Register(t, "vera@example.com")
	a := artist.Do("POST", "/api/profiles", `{"handle":"vera","profile_name":"Vera","profile_data":{"blocks":[
		{"id":"link1","type":"link","title":"Listen","url":"https://open.spotify.com/album/1?si=a%20b&x=1"},
		{"id":"off","type":"link","title":"Off","url":"https://example.com/off","enabled":false},
		{"id":"mail","type":"link","title":"Write","url":"mailto:vera@example.com"}]}}`)
	if a.Status != http.StatusCreated {
		t.Fatalf("profile: %d %s", a.Status, a.Body)
	}
	return &page{p, artist, p.Client(t), a.JSON(t)["id"].(string)}
}

// report asks until everything that was recorded is counted.
func (p *page) report(t *testing.T, events float64) map[string]any {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		r := p.artist.Do("GET", "/api/analytics/"+p.id, nil).JSON(t)
		totals := r["totals"].(map[string]any)
		sum := totals["views"].(float64) + totals["clicks"].(float64)
		for _, n := range r["filtered"].(map[string]any) {
			sum += n.(float64)
		}
		if sum == events {
			return r
		}
		if time.Now().After(end) {
			t.Fatalf("%v events are counted, want %v: %v", sum, events, r)
		}
	}
}

// raw are the stored events, whole.
func (p *page) raw(t *testing.T) (rows []string) {
	t.Helper()
	err := p.App.Store().System(t.Context(), func(tx *store.SystemTx) error {
		return tx.SelectContext(t.Context(), &rows, `select cast(to_jsonb(a) as text) from analytics a`)
	})
	if err != nil || len(rows) == 0 {
		t.Fatalf("%d stored events, %v", len(rows), err)
	}
	return rows
}

func figure(r map[string]any, group, name string) float64 {
	n, _ := r[group].(map[string]any)[name].(float64)
	return n
}

func TestTapLeadsOutAndCounts(t *testing.T) {
	t.Parallel()
	p := newPage(t)
	a := p.fan.Do("GET", "/r/"+p.id+"/link1", nil)
	if a.Status != http.StatusFound || a.Header.Get("Location") != "https://open.spotify.com/album/1?si=a%20b&x=1" {
		t.Fatalf("%d to %q", a.Status, a.Header.Get("Location"))
	}
	for name, want := range map[string]string{
		"Cache-Control": "no-store", "Referrer-Policy": "strict-origin-when-cross-origin", "X-Content-Type-Options": "nosniff",
		"X-Robots-Tag": "noindex, nofollow", "Set-Cookie": "", "Content-Length": "0",
	} {
		if got := a.Header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	id, err := uuid.Parse(a.Header.Get("X-Request-Id"))
	if err != nil || id.Version() != 7 {
		t.Errorf("X-Request-Id %q is no UUIDv7", a.Header.Get("X-Request-Id"))
	}
	// The next tap's id is another one, and not what the fan says.
	p.fan.Header = http.Header{"X-Request-Id": {id.String()}}
	if again := p.fan.Do("GET", "/r/"+p.id+"/link1", nil).Header.Get("X-Request-Id"); again == id.String() || again == "" {
		t.Errorf("the second tap has id %q", again)
	}
	p.fan.Header = nil
	r := p.report(t, 2)
	if figure(r, "totals", "clicks") != 2 || figure(r, "totals", "visitors") != 1 {
		t.Errorf("totals %v, want two taps of one visitor", r["totals"])
	}
	for _, row := range p.raw(t) {
		for _, telling := range []string{"127.0.0.1", "AppleWebKit", "15E148"} {
			if strings.Contains(row, telling) {
				t.Errorf("a stored event tells of its fan (%s): %s", telling, row)
			}
		}
	}
	link := r["links"].([]any)[0].(map[string]any)
	if link["id"] != "link1" || link["title"] != "Listen" || link["clicks"] != 2.0 {
		t.Errorf("first link %v", link)
	}
}

// Who does not tap is sent on all the same, and kept with the reason.
func TestFilteredTaps(t *testing.T) {
	t.Parallel()
	p := newPage(t)
	tap := func(method, link, agent string, header http.Header) program.Answer {
		c := p.Client(t)
		c.Agent, c.Header = agent, header
		return c.Do(method, "/r/"+p.id+"/"+link, nil)
	}
	for _, c := range []struct {
		method, link, agent string
		header              http.Header
		to                  string
	}{
		{"HEAD", "link1", program.Phone, nil, "https://open.spotify.com/album/1?si=a%20b&x=1"},
		{"GET", "link1", program.Phone, http.Header{"Sec-Purpose": {"prefetch"}}, "https://open.spotify.com/album/1?si=a%20b&x=1"},
		{"GET", "link1", "facebookexternalhit/1.1", nil, "https://open.spotify.com/album/1?si=a%20b&x=1"},
		{"GET", "off", program.Phone, nil, "/vera"},
		{"GET", "never", program.Phone, nil, "/vera"},
	} {
		a := tap(c.method, c.link, c.agent, c.header)
		if a.Status != http.StatusFound || a.Header.Get("Location") != c.to || a.Header.Get("X-Request-Id") == "" {
			t.Errorf("%s %s: %d to %q, id %q", c.method, c.link, a.Status, a.Header.Get("Location"), a.Header.Get("X-Request-Id"))
		}
	}
	r := p.report(t, 5)
	for reason, want := range map[string]float64{"head": 1, "prefetch": 1, "bot": 1, "gone": 2} {
		if got := figure(r, "filtered", reason); got != want {
			t.Errorf("%s: %v, want %v", reason, got, want)
		}
	}
	if figure(r, "totals", "clicks") != 0 || figure(r, "totals", "visitors") != 0 {
		t.Errorf("totals %v, want nothing", r["totals"])
	}
}

func TestTapsOnNothing(t *testing.T) {
	t.Parallel()
	p := newPage(t)
	for _, path := range []string{
		"/r/" + uuid.NewString() + "/link1", "/r/nonsense/link1", "/r/" + strings.ToUpper(p.id) + "x/link1",
		"/r/" + p.id + "/", "/r/" + p.id + "/no%20id", "/r/" + p.id + "/" + strings.Repeat("a", 41), "/r/" + p.id + "/link1/more", "/r/" + p.id, "/r/",
	} {
		a := p.fan.Do("GET", path, nil)
		if a.Status != http.StatusNotFound || !strings.Contains(a.Header.Get("Content-Type"), "text/html") {
			t.Errorf("%s: %d %s", path, a.Status, a.Header.Get("Content-Type"))
		}
	}
	if a := p.fan.Do("POST", "/r/"+p.id+"/link1", nil); a.Status < 400 || a.Status >= 500 {
		t.Errorf("POST: %d", a.Status)
	}
}

func (p *page) tell(t *testing.T, kind, body string, header http.Header) program.Answer {
	t.Helper()
	c := p.Client(t)
	c.Header = http.Header{"Content-Type": {kind}}
	for name, values := range header {
		c.Header[name] = values
	}
	return c.Do("POST", "/v/"+p.id, body)
}

func TestBeacon(t *testing.T) {
	t.Parallel()
	p := newPage(t)
	load := url.Values{"id": {"load1"}, "k": {"view"}, "r": {"https://l.instagram.com/?u=x"}, "q": {"?utm_campaign=spring"}}
	first := p.tell(t, "text/plain;charset=UTF-8", load.Encode(), nil)
	if first.Status != http.StatusNoContent || first.Header.Get("Cache-Control") != "no-store" || first.Header.Get("X-Request-Id") == "" || len(first.Body) != 0 {
		t.Fatalf("%d %v %s", first.Status, first.Header, first.Body)
	}
	p.tell(t, "text/plain", load.Encode(), nil) // the same again
	load.Set("id", "load2")
	p.tell(t, "application/x-www-form-urlencoded", load.Encode(), nil)
	p.tell(t, "text/plain", url.Values{"id": {"load2"}, "k": {"click"}, "l": {"mail"}}.Encode(), nil)
	pixel := p.fan.Do("GET", "/v/"+p.id+".gif", nil)
	if pixel.Status != http.StatusOK || pixel.Header.Get("Content-Type") != "image/gif" || pixel.Header.Get("Cache-Control") != "no-store" || !strings.HasPrefix(string(pixel.Body), "GIF89a") {
		t.Errorf("pixel: %d %v", pixel.Status, pixel.Header)
	}
	r := p.report(t, 5)
	if figure(r, "totals", "views") != 3 || figure(r, "totals", "clicks") != 1 || figure(r, "filtered", "duplicate") != 1 || figure(r, "totals", "visitors") != 1 {
		t.Errorf("totals %v filtered %v", r["totals"], r["filtered"])
	}
}

// A tap on what plays in the page comes by beacon, one on its link by the redirect:
// both count. What cannot be played is counted where it leads out.
func TestPlaysAreCounted(t *testing.T) {
	t.Parallel()
	p := newPage(t)
	a := p.artist.Do("POST", "/api/profiles/"+p.id+"/blocks", map[string]any{"version": 1, "id": "film", "type": "embed", "title": "Film", "url": "https://youtu.be/dQw4w9WgXcQ"})
	if a.Status != http.StatusCreated {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	a = p.artist.Do("POST", "/api/profiles/"+p.id+"/blocks", map[string]any{"version": 2, "id": "page", "type": "embed", "title": "Record", "url": "https://vera.bandcamp.com/album/x"})
	if a.Status != http.StatusCreated {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	if a = p.artist.Do("POST", "/api/profiles/"+p.id+"/publish", map[string]any{"version": 3}); a.Status != http.StatusOK {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	tap := func(link, id string) program.Answer {
		return p.tell(t, "text/plain", url.Values{"id": {id}, "k": {"click"}, "l": {link}}.Encode(), nil)
	}
	for end := time.Now().Add(10 * time.Second); ; time.Sleep(20 * time.Millisecond) { // until the change is heard of
		if a = p.fan.Do("GET", "/r/"+p.id+"/film", nil); a.Header.Get("Location") == "https://youtu.be/dQw4w9WgXcQ" || time.Now().After(end) {
			break
		}
	}
	if a.Status != http.StatusFound || a.Header.Get("Location") != "https://youtu.be/dQw4w9WgXcQ" {
		t.Fatalf("without a script: %d %v", a.Status, a.Header)
	}
	if a = tap("film", "one"); a.Status != http.StatusNoContent || a.Header.Get("X-Request-Id") == "" {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	if a = tap("page", "two"); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("what leads out is counted twice: %d", a.Status)
	}
}

// What no page of ours sends is refused with words, and nothing is recorded.
func TestBeaconsThatCannotBeUnderstood(t *testing.T) {
	t.Parallel()
	p := newPage(t)
	for name, c := range map[string]struct {
		kind, body string
		header     http.Header
		want       int
	}{
		"no kind of body":     {"", "id=1&k=view", nil, 415},
		"JSON":                {"application/json", `{"k":"view"}`, nil, 415},
		"empty":               {"text/plain", "", nil, 422},
		"no id":               {"text/plain", "k=view", nil, 422},
		"a long id":           {"text/plain", "k=view&id=" + strings.Repeat("a", 65), nil, 422},
		"another kind":        {"text/plain", "k=dance&id=1", nil, 422},
		"a click on nothing":  {"text/plain", "k=click&id=1", nil, 422},
		"a click on a site":   {"text/plain", "k=click&id=1&l=link1", nil, 422},
		"no form":             {"text/plain", "%zz", nil, 400},
		"5 KB":                {"text/plain", "k=view&id=1&q=" + strings.Repeat("a", 5000), nil, 413},
		"from another site":   {"text/plain", "k=view&id=1", http.Header{"Sec-Fetch-Site": {"cross-site"}}, 403},
		"a semicolon":         {"text/plain", "k=view;id=1", nil, 400},
		"NUL and half UTF-8":  {"text/plain", "k=view&id=%00&l=%ff", nil, 204},
		"an unheard-of field": {"text/plain", "k=view&id=9&z=1", nil, 204},
	} {
		if a := p.tell(t, c.kind, c.body, c.header); a.Status != c.want {
			t.Errorf("%s: %d, want %d: %.200s", name, a.Status, c.want, a.Body)
		}
	}
	for _, path := range []string{"/v/" + uuid.NewString(), "/v/nonsense"} {
		c := p.Client(t)
		c.Header = http.Header{"Content-Type": {"text/plain"}}
		if a := c.Do("POST", path, "k=view&id=1"); a.Status != http.StatusNotFound {
			t.Errorf("%s: %d", path, a.Status)
		}
	}
	for _, path := range []string{"/v/" + p.id, "/v/" + p.id + ".png", "/v/" + uuid.NewString() + ".gif"} {
		if a := p.fan.Do("GET", path, nil); a.Status != http.StatusNotFound {
			t.Errorf("%s: %d", path, a.Status)
		}
	}
	p.report(t, 2)
}
