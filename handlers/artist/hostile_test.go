package artist_test

import (
	"bytes"
	"html"
	"net/url"
	"strings"
	"testing"

	"github.com/hlpfl/platform/internal/plans"
)

// hostileTexts are refused in every text field, as raw JSON strings and as form values.
var hostileTexts = map[string]struct{ json, form string }{
	"1 MB":             {`"` + strings.Repeat("x", 1<<20-2000) + `"`, strings.Repeat("x", 1<<20-2000)},
	"NUL":              {`"a\u0000b"`, "a\x00b"},
	"bad UTF-8":        {"\"a\xffb\"", "a\xffb"},
	"lone surrogate":   {`"a\ud800b"`, "a\xed\xa0\x80b"},
	"bidi override":    {`"a\u202eb"`, "a\u202eb"},
	"1,000 marks":      {`"a` + strings.Repeat(`\u0301`, 1000) + `"`, "a" + strings.Repeat("\u0301", 1000)},
	"escape character": {`"a\u001bb"`, "a\x1bb"},
}

// hostileLinks are refused wherever an address may stand.
var hostileLinks = []string{
	"", " ", "javascript:alert(1)", "JaVaScRiPt:alert(1)", " javascript:alert(1)", "java\tscript:alert(1)", "data:text/html,x", "vbscript:x", "file:///etc/passwd",
	"//host", `\\host`, "/path", "https://user:pass@example.com", "https://user@example.com", "https://exa mple.com", "https://example.com/a b",
	"https://", "http:///x", "https://example.com/" + strings.Repeat("x", 10<<10), "https://xn--\xff.com", "mailto:", "tel:", "tel:abc", "https://[::1", "http://a..b", "blob:https://x",
}

func TestHostileTextsByAPI(t *testing.T) {
	t.Parallel()
	h := open(t)
	ines := h.person(plans.Enterprise)
	p := ines.makes(1)
	link, path := p.ProfileData.Blocks[0].ID, "/api/profiles/"+p.ID
	for name, text := range hostileTexts {
		for _, c := range []struct{ method, path, before, after, field string }{
			{"POST", "/api/profiles", `{"handle":"hostile","profile_name":`, `}`, "profile_name"},
			{"POST", "/api/profiles", `{"profile_name":"x","handle":`, `}`, "handle"},
			{"POST", "/api/profiles", `{"profile_name":"x","handle":"hostile","time_zone":`, `}`, "time_zone"},
			{"PUT", path, `{"version":1,"profile_name":`, `}`, "profile_name"},
			{"PUT", path, `{"version":1,"handle":`, `}`, "handle"},
			{"PUT", path, `{"version":1,"time_zone":`, `}`, "time_zone"},
			{"PUT", path, `{"version":1,"profile_data":{"bio":`, `}}`, "profile_data.bio"},
			{"PUT", path, `{"version":1,"profile_data":{"theme":{"name":`, `}}}`, "profile_data.theme.name"},
			{"PUT", path, `{"version":1,"profile_data":{"picture":{"media":"x","alt":`, `}}}`, "profile_data.picture.alt"},
			{"PUT", path, `{"version":1,"profile_data":{"blocks":[{"type":"text","text":`, `}]}}`, "profile_data.blocks[0].text"},
			{"PUT", path, `{"version":1,"profile_data":{"blocks":[{"type":"link","url":"https://example.com","title":`, `}]}}`, "profile_data.blocks[0].title"},
			{"PUT", path, `{"version":1,"profile_data":{"blocks":[{"type":"link","title":"x","url":`, `}]}}`, "profile_data.blocks[0].url"},
			{"PUT", path, `{"version":1,"profile_data":{"blocks":[{"type":"text","text":"x","id":`, `}]}}`, "profile_data.blocks[0].id"},
			{"PUT", path, `{"version":1,"profile_data":{"blocks":[{"text":"x","type":`, `}]}}`, "profile_data.blocks[0].type"},
			{"PUT", path, `{"version":1,"profile_data":{"socials":[{"url":"https://x.com/x","network":`, `}]}}`, "profile_data.socials[0].network"},
			{"POST", path + "/blocks", `{"version":1,"type":"heading","text":`, `}`, "text"},
			{"POST", path + "/blocks", `{"version":1,"type":"link","title":"x","url":`, `}`, "url"},
			{"PUT", path + "/blocks/" + link, `{"version":1,"title":`, `}`, "title"},
			{"POST", path + "/socials", `{"version":1,"url":"https://x.com/x","network":`, `}`, "network"},
			{"POST", path + "/socials", `{"version":1,"url":`, `}`, "url"},
		} {
			got := ines.api(c.method, c.path, c.before+text.json+c.after)
			if got.Code != 422 {
				t.Errorf("%s in %s: %d %.200s", name, c.field, got.Code, got.Body)
				continue
			}
			if problem := got.problem(); problem.Errors[c.field] == "" {
				t.Errorf("%s in %s is told as %.300v", name, c.field, problem.Errors)
			}
		}
	}
	if is := ines.now(p.ID); !bytes.Equal(is.raw, p.raw) {
		t.Errorf("something was saved: %s", is.raw)
	}
}

func TestHostileTextsByForm(t *testing.T) {
	t.Parallel()
	h := open(t)
	ines := h.person(plans.Enterprise)
	p := ines.makes(1)
	link, path := p.ProfileData.Blocks[0].ID, "/dashboard/profiles/"+p.ID
	for name, text := range hostileTexts {
		if name == "1 MB" {
			text.form = strings.Repeat("x", 500<<10) // a form is longer than what it holds
		}
		for _, c := range []struct {
			path  string
			form  url.Values
			field string
		}{
			{"/dashboard/profiles", url.Values{"handle": {"hostile"}}, "profile_name"},
			{"/dashboard/profiles", url.Values{"profile_name": {"kept by the form"}}, "handle"},
			{path + "/who", url.Values{"version": {"1"}, "bio": {"kept by the form"}}, "profile_name"},
			{path + "/who", url.Values{"version": {"1"}, "profile_name": {"kept by the form"}}, "bio"},
			{path + "/address", url.Values{"version": {"1"}, "time_zone": {"Asia/Tokyo"}}, "handle"},
			{path + "/address", url.Values{"version": {"1"}, "handle": {"kept-by-form"}}, "time_zone"},
			{path + "/theme", url.Values{"version": {"1"}}, "theme"},
			{path + "/blocks", url.Values{"version": {"1"}, "type": {"link"}, "title": {"kept by the form"}}, "url"},
			{path + "/blocks", url.Values{"version": {"1"}, "type": {"link"}, "url": {"https://kept.example/by/the/form"}}, "title"},
			{path + "/blocks", url.Values{"version": {"1"}, "type": {"text"}}, "text"},
			{path + "/blocks", url.Values{"version": {"1"}, "text": {"kept by the form"}}, "type"},
			{path + "/blocks/" + link, url.Values{"version": {"1"}, "title": {"kept by the form"}}, "url"},
			{path + "/socials", url.Values{"version": {"1"}}, "url"},
			{path + "/socials", url.Values{"version": {"1"}, "url": {"https://kept.example/by/the/form"}}, "network"},
		} {
			c.form.Set(c.field, text.form)
			got := ines.post(c.path, c.form)
			if got.Code != 422 {
				t.Errorf("%s in %s of %s: %d", name, c.field, c.path, got.Code)
				continue
			}
			page := html.UnescapeString(got.Body.String())
			for other, values := range c.form {
				if len(values[0]) > 10 && other != c.field && !strings.Contains(page, values[0]) {
					t.Errorf("%s in %s of %s: %s is not kept", name, c.field, c.path, other)
				}
			}
		}
	}
	if is := ines.now(p.ID); !bytes.Equal(is.raw, p.raw) {
		t.Errorf("something was saved: %s", is.raw)
	}
}

func TestHostileLinksAtBothDoors(t *testing.T) {
	t.Parallel()
	h := open(t)
	ines := h.person(plans.Enterprise)
	p := ines.makes(1)
	link := p.ProfileData.Blocks[0].ID
	for _, address := range hostileLinks {
		for _, c := range []struct {
			method, path string
			body         map[string]any
			field        string
		}{
			{"PUT", "", map[string]any{"profile_data": map[string]any{"blocks": []any{map[string]any{"type": "link", "title": "x", "url": address}}}}, "profile_data.blocks[0].url"},
			{"PUT", "", map[string]any{"profile_data": map[string]any{"socials": []any{map[string]any{"url": address}}}}, "profile_data.socials[0].url"},
			{"POST", "/blocks", map[string]any{"type": "link", "title": "x", "url": address}, "url"},
			{"PUT", "/blocks/" + link, map[string]any{"url": address}, "url"},
			{"POST", "/socials", map[string]any{"url": address}, "url"},
		} {
			c.body["version"] = 1
			got := ines.api(c.method, "/api/profiles/"+p.ID+c.path, c.body)
			if got.Code != 422 || got.problem().Errors[c.field] == "" {
				t.Errorf("%.60q in %s %s: %d %.200s", address, c.method, c.path, got.Code, got.Body)
			}
		}
		for path, form := range map[string]url.Values{
			"/blocks":         {"type": {"link"}, "title": {"kept title"}},
			"/blocks/" + link: {"title": {"kept title"}},
			"/socials":        {"network": {""}},
		} {
			form.Set("version", "1")
			form.Set("url", address)
			got := ines.post("/dashboard/profiles/"+p.ID+path, form)
			if got.Code != 422 {
				t.Errorf("%.60q in the form of %s: %d", address, path, got.Code)
			}
			if strings.Contains(strings.ToLower(got.Body.String()), `href="javascript:`) {
				t.Errorf("%.60q is a link on the page", address)
			}
		}
	}
	if is := ines.now(p.ID); !bytes.Equal(is.raw, p.raw) {
		t.Errorf("something was saved: %s", is.raw)
	}
}

func TestHostileJSON(t *testing.T) {
	t.Parallel()
	h := open(t)
	ines := h.person(plans.Enterprise)
	p := ines.makes(1)
	deep := strings.Repeat(`[`, 20000) + strings.Repeat(`]`, 20000)
	shallow := strings.Repeat(`{"a":`, 5000) + "1" + strings.Repeat(`}`, 5000)
	for name, c := range map[string]struct {
		body   string
		status int
		field  string
	}{
		"no JSON":                    {`{"version":1,`, 400, ""},
		"a list":                     {`[]`, 400, ""},
		"a text":                     {`"x"`, 400, ""},
		"null":                       {`null`, 400, ""},
		"two values":                 {`{"version":1}{"version":1}`, 400, ""},
		"20,000 deep":                {`{"version":1,"profile_data":` + deep + `}`, 400, ""},
		"5,000 deep":                 {`{"version":1,"profile_data":` + shallow + `}`, 422, "profile_data.a"},
		"10 MB":                      {`{"version":1,"profile_data":{"bio":"` + strings.Repeat("x", 10<<20) + `"}}`, 413, ""},
		"unknown field":              {`{"version":1,"surprise":true}`, 422, "surprise"},
		"other case":                 {`{"version":1,"Profile_Name":"x"}`, 422, "Profile_Name"},
		"unknown document field":     {`{"version":1,"profile_data":{"Bio":"x"}}`, 422, "profile_data.Bio"},
		"unknown theme field":        {`{"version":1,"profile_data":{"theme":{"name":"plain","css":"x"}}}`, 422, "profile_data.theme.css"},
		"unknown picture field":      {`{"version":1,"profile_data":{"picture":{"media":"x","src":"x"}}}`, 422, "profile_data.picture.src"},
		"unknown social field":       {`{"version":1,"profile_data":{"socials":[{"url":"https://x.com","on":1}]}}`, 422, "profile_data.socials[0].on"},
		"unknown block field":        {`{"version":1,"profile_data":{"blocks":[{"type":"text","text":"x","html":"x"}]}}`, 422, "profile_data.blocks[0].html"},
		"unknown block":              {`{"version":1,"profile_data":{"blocks":[{"type":"script","text":"x"}]}}`, 422, "profile_data.blocks[0].type"},
		"picture of nobody":          {`{"version":1,"profile_data":{"picture":{"media":"0123456789abcdef_10x10","alt":""}}}`, 422, "profile_data.picture.media"},
		"document of a wrong type":   {`{"version":1,"profile_data":[]}`, 422, "profile_data"},
		"document a text":            {`{"version":1,"profile_data":"{}"}`, 422, "profile_data"},
		"bio of a wrong type":        {`{"version":1,"profile_data":{"bio":1}}`, 422, "profile_data.bio"},
		"blocks of a wrong type":     {`{"version":1,"profile_data":{"blocks":{}}}`, 422, "profile_data.blocks"},
		"block of a wrong type":      {`{"version":1,"profile_data":{"blocks":[1]}}`, 422, "profile_data.blocks[0]"},
		"null for a block":           {`{"version":1,"profile_data":{"blocks":[null]}}`, 422, "profile_data.blocks[0]"},
		"enabled of a wrong type":    {`{"version":1,"profile_data":{"blocks":[{"type":"text","text":"x","enabled":1}]}}`, 422, "profile_data.blocks[0].enabled"},
		"starts_at of a wrong type":  {`{"version":1,"profile_data":{"blocks":[{"type":"text","text":"x","starts_at":1}]}}`, 422, "profile_data.blocks[0].starts_at"},
		"an id twice":                {`{"version":1,"profile_data":{"blocks":[{"id":"a","type":"text","text":"x"}],"socials":[{"id":"a","url":"https://x.com"}]}}`, 422, "profile_data.blocks[0].id"},
		"501 blocks":                 {`{"version":1,"profile_data":{"blocks":[` + strings.Repeat(`{"type":"text","text":"x"},`, 500) + `{"type":"text","text":"x"}]}}`, 422, "profile_data.blocks"},
		"version of a wrong type":    {`{"version":"1"}`, 422, "version"},
		"version too large":          {`{"version":1e40}`, 422, "version"},
		"no version":                 {`{"profile_name":"x"}`, 422, "version"},
		"draft of a wrong type":      {`{"version":1,"draft":"yes"}`, 422, "draft"},
		"is_active of a wrong type":  {`{"version":1,"is_active":"yes"}`, 422, "is_active"},
		"more JSON than a page has":  {`{"version":1,"profile_data":{"blocks":[` + strings.Repeat(`{"type":"text","text":"`+strings.Repeat("x", 1900)+`"},`, 300) + `{"type":"text","text":"x"}]}}`, 413, ""},
		"a hundred thousand unknown": {`{"version":1` + manyFields(60000) + `}`, 422, "f7"},
	} {
		got := ines.api("PUT", "/api/profiles/"+p.ID, c.body)
		if got.Code != c.status {
			t.Errorf("%s: %d, want %d: %.300s", name, got.Code, c.status, got.Body)
			continue
		}
		problem := got.problem()
		if c.field != "" && c.field != "f7" && problem.Errors[c.field] == "" {
			t.Errorf("%s is told as %.300v", name, problem.Errors)
		}
		if len(got.Body.Bytes()) > 64<<10 {
			t.Errorf("%s: an answer of %d bytes", name, got.Body.Len())
		}
	}
	r := ines.api("PUT", "/api/profiles/"+p.ID, nil)
	if r.Code != 422 {
		t.Errorf("no body: %d", r.Code)
	}
	if is := ines.now(p.ID); !bytes.Equal(is.raw, p.raw) {
		t.Errorf("something was saved: %s", is.raw)
	}
}

func manyFields(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(`,"f`)
		for ; i > 0; i /= 26 {
			b.WriteByte('a' + byte(i%26))
		}
		b.WriteString(`":1`)
	}
	return b.String()
}
