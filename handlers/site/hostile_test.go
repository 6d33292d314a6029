package site_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// hostile are values that no field may choke on, as they stand in a JSON string
// and as a form brings them.
var hostile = []struct{ name, json, form string }{
	{"a megabyte", strings.Repeat("a", 1_000_000), strings.Repeat("a", 1_000_000)},
	{"NUL", `a\u0000b`, "a\x00b"},
	{"bad UTF-8", "a\xff\xfeb", "a\xff\xfeb"},
	{"lone surrogate", `a\ud800b`, "a\xed\xa0\x80b"},
	{"bidi control", `a\u202eb`, "a\u202eb"},
	{"1,000 combining marks", "a" + strings.Repeat("\u0301", 1000), "a" + strings.Repeat("\u0301", 1000)},
	{"a line break", `a\nb`, "a\nb"},
}

func TestHostileValuesAreNamed(t *testing.T) {
	t.Parallel()
	h := open(t, setting{})
	me, _ := h.register("ines@example.com")
	browser := h.signIn("ines@example.com")
	visitor := h.client()
	before := ask[string](h, `select string_agg(u::text, '|') from users u`)

	for _, v := range hostile {
		for _, try := range []struct {
			c            *client
			method, path string
			fields       map[string]string // the others, good ones
			field        string
			form         string // the path of the form's twin
		}{
			{visitor, "POST", "/api/auth/register", map[string]string{"password": password}, "email", "/register"},
			{visitor, "POST", "/api/auth/register", map[string]string{"email": "new@example.com", "password": password}, "name", "/register"},
			{visitor, "POST", "/api/auth/register", map[string]string{"email": "new@example.com"}, "password", "/register"},
			{visitor, "POST", "/api/auth/login", map[string]string{"password": password}, "email", "/login"},
			{visitor, "POST", "/api/auth/login", map[string]string{"email": "ines@example.com"}, "password", "/login"},
			{visitor, "POST", "/api/auth/refresh", nil, "refresh_token", ""},
			{me, "PATCH", "/api/me", nil, "name", "/dashboard/account"},
			{me, "PATCH", "/api/me", nil, "time_zone", "/dashboard/account"},
			{me, "PATCH", "/api/me", nil, "language", ""},
		} {
			name := fmt.Sprintf("%s in %s of %s", v.name, try.field, try.path)
			if (v.name == "bidi control" || strings.Contains(v.name, "marks")) && try.field == "password" {
				continue // any character that can be typed may stand in a password
			}
			body := `{"` + try.field + `":"` + v.json + `"`
			form := url.Values{try.field: {v.form}}
			for name, value := range try.fields {
				body += `,"` + name + `":"` + value + `"`
				form.Set(name, value)
			}
			a := try.c.do(try.method, try.path, body+"}")
			if try.field == "refresh_token" && len(v.form) < 256 {
				if a.status != http.StatusUnauthorized { // any text may be shown, none is good
					t.Errorf("%s: %d %.300s", name, a.status, a.body)
				}
				continue
			}
			if a.status != http.StatusUnprocessableEntity || a.field("errors", try.field) == "" {
				t.Errorf("%s: %d %.300s", name, a.status, a.body)
			}
			if try.form == "" || (try.field == "time_zone" && try.form == "/register") {
				continue
			}
			c := try.c
			if c == me {
				c = browser
			}
			page := c.do("POST", try.form, form)
			if page.status != http.StatusUnprocessableEntity || !strings.Contains(page.body, `aria-invalid="true"`) {
				t.Errorf("%s by form: %d", name, page.status)
			}
		}
	}
	if after := ask[string](h, `select string_agg(u::text, '|') from users u`); after != before {
		t.Errorf("something was stored:\n%s\n%s", before, after)
	}
}

func TestHostileEmails(t *testing.T) {
	t.Parallel()
	h := open(t, setting{})
	c := h.client()
	for _, email := range []string{
		"", " ", "a", "@", "a@", "@b.c", "a@b", "a b@example.com", "a@exa mple.com", "a@example.com, b@example.com", "A <a@example.com>",
		"<a@example.com>", `"a b"@example.com`, "a@[127.0.0.1]", "a@127.0.0.1", "a@example.com.", "a@-example.com", "a@ex_ample.com", "a..b@example.com",
		strings.Repeat("a", 65) + "@example.com", "a@" + strings.Repeat("b.", 130) + "com", "ä@example.com", "a@example.com\r\nBcc: b@example.com",
		"<script>@example.com", "a'@example.com--@",
	} {
		for _, path := range []string{"/api/auth/register", "/api/auth/login"} {
			a := c.do("POST", path, map[string]string{"email": email, "password": password})
			if a.status != http.StatusUnprocessableEntity || a.field("errors", "email") == "" {
				t.Errorf("%q at %s: %d %s", email, path, a.status, a.body)
			}
		}
	}
	// Another script's domain has one form, however it is written.
	c.do("POST", "/api/auth/register", map[string]string{"email": "Ines@Bücher.example", "password": password}).want(http.StatusCreated)
	c.do("POST", "/api/auth/login", map[string]string{"email": "ines@xn--bcher-kva.example", "password": password}).want(http.StatusOK)
}

func TestHostilePasswords(t *testing.T) {
	t.Parallel()
	h := open(t, setting{})
	c := h.client()
	for _, weak := range []string{"", "short", "aaaaaaaaaaaa", "ines@example.com", "👍👍👍👍👍👍👍👍", strings.Repeat("ab", 65)} {
		a := c.do("POST", "/api/auth/register", map[string]string{"email": "ines@example.com", "password": weak})
		if a.status != http.StatusUnprocessableEntity || a.field("errors", "password") == "" {
			t.Errorf("%q: %d %s", weak, a.status, a.body)
		}
	}
	// Composed here, decomposed there: the same password on every keyboard. Spaces count.
	c.do("POST", "/api/auth/register", map[string]string{"email": "ines@example.com", "password": " caf\u00e9 am meer "}).want(http.StatusCreated)
	c.do("POST", "/api/auth/login", map[string]string{"email": "ines@example.com", "password": " cafe\u0301 am meer "}).want(http.StatusOK)
	c.do("POST", "/api/auth/login", map[string]string{"email": "ines@example.com", "password": "caf\u00e9 am meer"}).want(http.StatusUnauthorized)
}

func TestHostileBodies(t *testing.T) {
	t.Parallel()
	h := open(t, setting{})
	me, _ := h.register("ines@example.com")
	deep := strings.Repeat("[", 20_000) + strings.Repeat("]", 20_000)
	for _, try := range []struct {
		name, body string
		status     int
		field      string // named in the answer
	}{
		{"nothing", ``, 422, "email"},
		{"an empty object", `{}`, 422, "password"},
		{"not JSON", `{`, 400, ""},
		{"two objects", `{}{}`, 400, ""},
		{"a list", `[]`, 400, ""},
		{"null", `null`, 400, ""},
		{"20,000 deep", deep, 400, ""},
		{"20,000 deep in a field", `{"email":` + deep + `}`, 400, ""},
		{"9,000 deep in a field", `{"email":` + deep[:9_000] + deep[len(deep)-9_000:] + `}`, 422, "email"},
		{"10 MB", `{"email":"` + strings.Repeat("a", 10<<20) + `"}`, 413, ""},
		{"a number", `{"email":7,"password":"` + password + `"}`, 422, "email"},
		{"an object", `{"email":{"a":1},"password":"` + password + `"}`, 422, "email"},
		{"a list in a field", `{"email":["a"],"password":"` + password + `"}`, 422, "email"},
		{"null in a field", `{"email":null,"password":"` + password + `"}`, 422, "email"},
		{"an unknown field", `{"email":"new@example.com","password":"` + password + `","is_admin":true}`, 422, "is_admin"},
		{"another case", `{"Email":"new@example.com","password":"` + password + `"}`, 422, "Email"},
		{"a form's field", `{"email":"new@example.com","password":"` + password + `","handle":"x"}`, 422, "handle"},
	} {
		a := h.client().do("POST", "/api/auth/register", try.body)
		if a.status != try.status || a.header.Get("Content-Type") != "application/problem+json" || a.field("request_id") == "" {
			t.Errorf("%s: %d %.300s", try.name, a.status, a.body)
			continue
		}
		if try.field != "" && a.field("errors", try.field) == "" {
			t.Errorf("%s does not name %s: %.300s", try.name, try.field, a.body)
		}
	}
	for _, kind := range []string{"", "text/plain", "application/x-www-form-urlencoded", "application/json; charset", "multipart/form-data"} {
		c := h.client()
		c.head.Set("Content-Type", kind)
		c.do("POST", "/api/auth/login", `{"email":"ines@example.com"}`).want(http.StatusUnsupportedMediaType)
		me.head.Set("Content-Type", kind)
		me.do("PATCH", "/api/me", `{"name":"X"}`).want(http.StatusUnsupportedMediaType)
	}
	form := h.client()
	form.head.Set("Content-Type", "application/json")
	form.do("POST", "/login", `{"email":"ines@example.com","password":"`+password+`"}`).want(http.StatusUnsupportedMediaType)
	h.client().do("POST", "/register", url.Values{"email": {"a@example.com"}, "password": {password}, "is_admin": {"true"}}).want(http.StatusUnprocessableEntity)
	if n := ask[int](h, `select count(*) from users`); n != 1 {
		t.Errorf("%d users", n)
	}
}

func TestCrossOriginPosts(t *testing.T) {
	t.Parallel()
	h := open(t, setting{})
	h.register("ines@example.com")
	browser := h.signIn("ines@example.com")
	for name, head := range map[string]http.Header{
		"another site":     {"Sec-Fetch-Site": {"cross-site"}, "Origin": {"https://evil.example"}},
		"a neighbour":      {"Sec-Fetch-Site": {"same-site"}, "Origin": {"https://evil.hlpfl.test"}},
		"an older browser": {"Origin": {"https://evil.example"}},
		"a sandbox":        {"Origin": {"null"}},
	} {
		browser.head = head
		browser.do("POST", "/dashboard/account", url.Values{"name": {"Mallory"}}).want(http.StatusForbidden)
		browser.do("POST", "/dashboard/account/sessions/end", url.Values{}).want(http.StatusForbidden)
		browser.do("POST", "/logout", url.Values{}).want(http.StatusForbidden)
		visitor := h.client()
		visitor.head = head
		a := visitor.do("POST", "/login", url.Values{"email": {"ines@example.com"}, "password": {password}}).want(http.StatusForbidden)
		if a.header.Get("Set-Cookie") != "" {
			t.Errorf("%s signs somebody in", name)
		}
	}
	browser.head = http.Header{"Sec-Fetch-Site": {"same-origin"}, "Origin": {h.url}}
	browser.do("POST", "/dashboard/account", url.Values{"name": {"Ines"}}).want(http.StatusSeeOther)
	if name := ask[string](h, `select name from users`); name != "Ines" {
		t.Errorf("the name is %q", name)
	}
	// Coming by a link from elsewhere is no act.
	browser.head = http.Header{"Sec-Fetch-Site": {"cross-site"}}
	browser.do("GET", "/dashboard/account", nil).want(http.StatusOK)
}
