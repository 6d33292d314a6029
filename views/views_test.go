package views_test

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"golang.org/x/net/html"

	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/static"
	"github.com/hlpfl/platform/views"
	"github.com/hlpfl/platform/views/admin"
	"github.com/hlpfl/platform/views/artist"
	"github.com/hlpfl/platform/views/dev"
	"github.com/hlpfl/platform/views/site"
	"github.com/hlpfl/platform/views/ui"
)

// pages are all samples of the desk as they are sent, each taken apart into its elements; made once.
var pages = sync.OnceValues(func() (map[string][]*html.Node, error) {
	out := map[string][]*html.Node{}
	for room, samples := range map[string][]ui.Sample{"ui": ui.Samples(), "site": site.Samples(), "artist": artist.Samples(), "admin": admin.Samples()} {
		for _, s := range samples {
			name := room + "/" + s.Name
			if out[name] != nil {
				return nil, fmt.Errorf("%s stands there twice", name)
			}
			c := s.Component
			if !s.Page {
				c = dev.Part(s.Name, c)
			}
			var sent bytes.Buffer
			if err := c.Render(context.Background(), &sent); err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
			doc, err := html.Parse(&sent)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
			for n := range doc.Descendants() {
				if n.Type == html.ElementNode {
					out[name] = append(out[name], n)
				}
			}
		}
	}
	return out, nil
})

func every(t *testing.T, look func(t *testing.T, sample string, page []*html.Node)) {
	t.Helper()
	all, err := pages()
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 50 {
		t.Errorf("only %d samples", len(all))
	}
	for name, page := range all {
		look(t, name, page)
	}
}

func attr(n *html.Node, name string) (string, bool) {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val, true
		}
	}
	return "", false
}

func TestNothingInlineThatThePolicyForbids(t *testing.T) {
	every(t, func(t *testing.T, sample string, page []*html.Node) {
		for _, n := range page {
			for _, a := range n.Attr {
				if a.Key == "style" || strings.HasPrefix(a.Key, "on") || strings.HasPrefix(a.Key, "hx-on") ||
					strings.HasPrefix(strings.TrimSpace(strings.ToLower(a.Val)), "javascript:") && a.Key != "value" {
					t.Errorf("%s: <%s %s=%q>", sample, n.Data, a.Key, a.Val)
				}
				if (a.Key == "src" || a.Key == "href") && strings.Contains(a.Val, "//") && n.Data != "a" {
					t.Errorf("%s: <%s> loads %s from elsewhere", sample, n.Data, a.Val)
				}
			}
			if (n.Data == "script" || n.Data == "style") && n.FirstChild != nil {
				t.Errorf("%s: an inline <%s>", sample, n.Data)
			}
		}
	})
}

func TestIDsAreUniqueAndReferencesLead(t *testing.T) {
	every(t, func(t *testing.T, sample string, page []*html.Node) {
		ids := map[string]bool{}
		for _, n := range page {
			if id, ok := attr(n, "id"); ok {
				if id == "" || ids[id] {
					t.Errorf("%s: id %q is empty or stands there twice", sample, id)
				}
				ids[id] = true
			}
		}
		for _, n := range page {
			for _, name := range []string{"for", "aria-describedby", "aria-labelledby", "form", "list", "popovertarget", "data-dialog", "data-handle", "data-url", "data-of"} {
				value, ok := attr(n, name)
				if !ok {
					continue
				}
				for _, id := range strings.Fields(value) {
					if !ids[id] {
						t.Errorf("%s: <%s %s=%q> leads nowhere", sample, n.Data, name, id)
					}
				}
			}
			for _, name := range []string{"href", "hx-target"} {
				if value, ok := attr(n, name); ok && strings.HasPrefix(value, "#") && !ids[value[1:]] {
					t.Errorf("%s: <%s %s=%q> leads nowhere", sample, n.Data, name, value)
				}
			}
		}
	})
}

// Without script every form is sent as it stands; what acts on the draft of a profile names the version it was made from.
func TestFormsWorkWithoutScript(t *testing.T) {
	every(t, func(t *testing.T, sample string, page []*html.Node) {
		if !strings.HasPrefix(sample, "ui/") {
			sentFromOutside := map[string]bool{}
			for _, n := range page {
				if id, ok := attr(n, "form"); ok && n.Data == "button" {
					sentFromOutside[id] = true
				}
			}
			for _, n := range page {
				if n.Data != "form" {
					continue
				}
				action, _ := attr(n, "action")
				method, _ := attr(n, "method")
				if action == "" || method != "post" && method != "get" {
					t.Errorf("%s: a form to %q by %q", sample, action, method)
				}
				if hx, ok := attr(n, "hx-post"); ok && hx != action {
					t.Errorf("%s: a form goes to %s without script and to %s with it", sample, action, hx)
				}
				restore := strings.HasSuffix(action, "/restore") && strings.Count(action, "/") == 4
				if method == "post" && strings.HasPrefix(action, "/dashboard/profiles/") && !restore && !holds(n, "input", "name", "version") {
					t.Errorf("%s: the form to %s names no version", sample, action)
				}
				// What a row is dragged with needs a script anyway; without one the open row has buttons for it.
				_, dragged := attr(n, "data-move-form")
				if id, _ := attr(n, "id"); !dragged && !sentFromOutside[id] && !holds(n, "button", "", "") {
					t.Errorf("%s: the form to %s has no button", sample, action)
				}
			}
		}
	})
}

// The script's morph finds a form by its id, and htmx keeps the queue of saves on #editor only as long as none of its
// attributes changes: both were lost saves once.
func TestTheEditorKeepsItsQueue(t *testing.T) {
	var editor []html.Attribute
	every(t, func(t *testing.T, sample string, page []*html.Node) {
		for _, n := range page {
			if _, live := attr(n, "hx-post"); live {
				if id, _ := attr(n, "id"); id == "" {
					t.Errorf("%s: a live form without an id", sample)
				}
			}
			if id, _ := attr(n, "id"); id == "editor" {
				if editor == nil {
					editor = n.Attr
				}
				if !slices.Equal(editor, n.Attr) {
					t.Errorf("%s: #editor has the attributes %v, elsewhere %v", sample, n.Attr, editor)
				}
			}
		}
	})
	if editor == nil {
		t.Error("no #editor anywhere")
	}
}

func holds(n *html.Node, tag, name, value string) bool {
	for d := range n.Descendants() {
		if d.Type == html.ElementNode && d.Data == tag {
			if got, _ := attr(d, name); name == "" || got == value {
				return true
			}
		}
	}
	return false
}

func TestWhatIsTypedIsEscaped(t *testing.T) {
	evil := `"><script>alert(1)</script>`
	for name, c := range map[string]ui.Sample{
		"register": {Component: site.RegisterPage(site.Register{Email: evil, Name: evil, Handle: evil, Host: evil, TimeZone: evil, Problem: evil, Errors: ui.Errors{"email": evil}})},
		"lost":     {Component: site.LostPage(site.Lost{Host: evil, Handle: evil, Nearest: evil + "x"})},
		"error":    {Component: site.ErrorPage(site.Error{Status: 404, Message: evil})},
		"editor": {Component: artist.EditorPage(artist.Editor{Name: evil, Handle: evil, URL: "javascript:alert(1)", Host: evil, Problem: evil, UndoSays: evil,
			Blocks: []artist.Block{{ID: "a", Type: "link", Title: evil, URL: evil, Provider: artist.Provider{Name: evil, Path: evil}, Form: &artist.BlockForm{Type: "link", Values: map[string]string{"title": evil, "url": evil}}}}})},
		"profiles": {Component: artist.ProfilesPage(artist.Profiles{Total: 1, Find: true, Search: evil, Cards: []artist.ProfileCard{{Name: evil, Handle: evil, Picture: evil}}})},
	} {
		var out bytes.Buffer
		if err := c.Component.Render(context.Background(), &out); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(out.String(), "<script>alert") || strings.Contains(out.String(), `href="javascript:`) {
			t.Errorf("%s: what was typed runs", name)
		}
	}
}

func TestPathsCarryTheCDN(t *testing.T) {
	ctx := views.WithCDN(context.Background(), "https://cdn.example.com")
	if got, want := views.Static(ctx, "css/desk.css"), "https://cdn.example.com"+static.URL("css/desk.css"); got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if got := views.Static(views.WithCDN(context.Background(), ""), "css/desk.css"); got != static.URL("css/desk.css") {
		t.Errorf("without a CDN: %s", got)
	}
	if got := views.Media(ctx, "a b.webp"); got != "https://cdn.example.com/m/a%20b.webp" {
		t.Errorf("media: %s", got)
	}
}

func TestPathsEscape(t *testing.T) {
	id := model.NewProfileID()
	for got, want := range map[string]string{
		views.RegisterAs("a&b=c"):                            "/register?handle=a%26b%3Dc",
		views.Block(id, "a/b"):                               "/dashboard/profiles/" + id.String() + "/blocks/a%2Fb",
		views.EditorTab(id, "blocks"):                        "/dashboard/profiles/" + id.String(),
		views.EditorTab(id, "who"):                           "/dashboard/profiles/" + id.String() + "?tab=who",
		views.AnalyticsRange(id, "2026-11-01", "2026-11-23"): "/dashboard/profiles/" + id.String() + "/analytics?from=2026-11-01&to=2026-11-23",
		views.EditorBlock(id, "x"):                           "/dashboard/profiles/" + id.String() + "?open=x#block-x",
	} {
		if got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

// TestPasswordFields: masked, and filled in by whatever keeps passwords.
func TestPasswordFields(t *testing.T) {
	seen := 0
	every(t, func(t *testing.T, sample string, page []*html.Node) {
		for _, n := range page {
			name := value(n, "name")
			if n.Data != "input" || name != "password" && name != "current_password" {
				continue
			}
			seen++
			keeper := value(n, "autocomplete")
			if value(n, "type") != "password" || keeper != "current-password" && keeper != "new-password" || value(n, "maxlength") != "" {
				t.Errorf("%s: %s is of type %q, autocomplete %q", sample, name, value(n, "type"), keeper)
			}
		}
	})
	if seen < 4 {
		t.Errorf("%d fields only", seen)
	}
}

// TestEveryScreenHasAWayOut: wherever somebody is signed in, they can sign out.
func TestEveryScreenHasAWayOut(t *testing.T) {
	every(t, func(t *testing.T, sample string, page []*html.Node) {
		desk, out := false, false
		for _, n := range page {
			desk = desk || n.Data == "body" && strings.Contains(" "+value(n, "class")+" ", " app ")
			out = out || n.Data == "form" && value(n, "action") == views.Logout()
		}
		if desk && !out && !strings.HasPrefix(sample, "ui/") {
			t.Errorf("%s: nobody can sign out there", sample)
		}
	})
}

func value(n *html.Node, name string) string {
	v, _ := attr(n, name)
	return v
}
