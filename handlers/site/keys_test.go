package site_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/hlpfl/platform/internal/model"
)

// keyed gives a client with a new API key, and the key's id.
func (c *client) keyed(in map[string]any) (*client, string) {
	c.h.t.Helper()
	a := c.do("POST", "/api/keys", in).want(http.StatusCreated)
	k := c.h.client()
	k.token = a.field("key")
	return k, a.field("id")
}

// artists registers a user on the plan Business with a profile.
func (h *house) business(email string) (c *client, profile string) {
	h.t.Helper()
	c, _ = h.register(email)
	h.exec(`update users set subscription_tier = 'business' where email = $1`, email)
	name, _, _ := strings.Cut(email, "@")
	return c, c.do("POST", "/api/profiles", map[string]string{"handle": name, "profile_name": name}).want(http.StatusCreated).field("id")
}

func TestAKeyMayWhatItWasMadeFor(t *testing.T) {
	t.Parallel()
	h := open(t, setting{})
	ines, profile := h.business("ines@example.com")
	other := ines.do("POST", "/api/profiles", map[string]string{"handle": "other-page", "profile_name": "Other"}).want(http.StatusCreated).field("id")
	_, foreign := h.business("jo@example.com")

	reads, _ := ines.keyed(map[string]any{"name": "Website", "scopes": []string{"profiles:read"}})
	writes, _ := ines.keyed(map[string]any{"name": "Label", "scopes": []string{"profiles:read", "profiles:write"}})
	one, _ := ines.keyed(map[string]any{"name": "One page", "scopes": []string{"profiles:read", "profiles:write"}, "profile_id": profile})
	nothing, _ := ines.keyed(map[string]any{"name": "Me", "scopes": []string{"account:read"}})

	rename := map[string]any{"version": 1, "profile_name": "Renamed"}
	for name, try := range map[string]struct {
		c            *client
		method, path string
		body         any
		status       int
	}{
		"reads its own":                  {reads, "GET", "/api/profiles/" + profile, nil, 200},
		"lists":                          {reads, "GET", "/api/profiles", nil, 200},
		"reads nobody else's":            {reads, "GET", "/api/profiles/" + foreign, nil, 404},
		"writes not without the scope":   {reads, "PUT", "/api/profiles/" + profile, rename, 403},
		"sees not the account":           {reads, "GET", "/api/me", nil, 403},
		"sees the account with it":       {nothing, "GET", "/api/me", nil, 200},
		"and nothing else":               {nothing, "GET", "/api/profiles", nil, 403},
		"changes not the account":        {nothing, "PATCH", "/api/me", map[string]string{"name": "x"}, 403},
		"has no sessions":                {writes, "GET", "/api/sessions", nil, 403},
		"ends no sessions":               {writes, "DELETE", "/api/sessions", nil, 403},
		"makes no keys":                  {writes, "POST", "/api/keys", map[string]any{"name": "x", "scopes": []string{"profiles:read"}}, 403},
		"lists no keys":                  {writes, "GET", "/api/keys", nil, 403},
		"changes no password":            {writes, "PUT", "/api/me/password", map[string]string{"current_password": password, "password": another}, 403},
		"for one: reads it":              {one, "GET", "/api/profiles/" + profile, nil, 200},
		"for one: knows no other":        {one, "GET", "/api/profiles/" + other, nil, 404},
		"for one: changes no other":      {one, "PUT", "/api/profiles/" + other, rename, 404},
		"for one: makes none":            {one, "POST", "/api/profiles", map[string]string{"handle": "third-page", "profile_name": "x"}, 403},
		"for one: nobody else's either":  {one, "GET", "/api/profiles/" + foreign, nil, 404},
		"opens not the desk":             {writes, "GET", "/dashboard", nil, 303},
		"is no refresh token":            {writes, "POST", "/api/auth/refresh", map[string]string{"refresh_token": writes.token}, 401},
		"a block in a page it may write": {writes, "POST", "/api/profiles/" + other + "/blocks", map[string]any{"version": 1, "type": "heading", "text": "x"}, 201},
	} {
		if a := try.c.do(try.method, try.path, try.body); a.status != try.status {
			t.Errorf("%s: %d, want %d: %s", name, a.status, try.status, a.body)
		}
	}
	if body := one.do("GET", "/api/profiles", nil).want(http.StatusOK).body; !strings.Contains(body, profile) || strings.Contains(body, other) {
		t.Errorf("the list of a key for one profile: %s", body)
	}
	one.do("PUT", "/api/profiles/"+profile, rename).want(http.StatusOK)
}

func TestAKeyIsShownOnceAndKeptHashed(t *testing.T) {
	t.Parallel()
	h := open(t, setting{})
	ines, _ := h.business("ines@example.com")
	ines.head.Set("Idempotency-Key", "once")
	in := map[string]any{"name": "Website", "scopes": []string{"profiles:read"}}
	a := ines.do("POST", "/api/keys", in).want(http.StatusCreated)
	key := a.field("key")
	if !regexp.MustCompile(`^hlpfl_[a-z2-7]{52}$`).MatchString(key) || a.field("ending") != key[len(key)-4:] {
		t.Errorf("the key: %s", a.body)
	}
	ines.do("POST", "/api/keys", in).want(http.StatusConflict) // no second key, and no kept answer
	ines.head.Del("Idempotency-Key")
	if list := ines.do("GET", "/api/keys", nil).want(http.StatusOK); strings.Contains(list.body, key[6:]) || strings.Count(list.body, `"id"`) != 1 {
		t.Errorf("the list: %s", list.body)
	}
	stored := ask[string](h, `select coalesce(string_agg(k::text, ' '), '') || coalesce((select string_agg(encode(answer, 'escape'), ' ') from idempotency_keys), '') || (select string_agg(l::text, ' ') from audit_log l) from api_keys k`)
	if strings.Contains(stored, key[6:]) {
		t.Error("the key stands in the database")
	}
	if n := ask[int](h, `select count(*) from api_keys where hash = sha256($1)`, []byte(key)); n != 1 {
		t.Error("the key is not kept by its hash")
	}
	// The form shows it once too.
	browser := h.signIn("ines@example.com")
	browser.do("GET", "/dashboard/account/keys/new", nil).want(http.StatusOK)
	page := browser.do("POST", "/dashboard/account/keys", url.Values{"name": {"Label"}, "scopes": {"profiles:read", "analytics:read"}, "days": {"30"}}).want(http.StatusCreated)
	shown := regexp.MustCompile(`hlpfl_[a-z2-7]{52}`).FindString(page.body)
	if shown == "" || strings.Contains(browser.do("GET", "/dashboard/account/keys", nil).want(http.StatusOK).body, shown) {
		t.Error("the form's key is not shown exactly once")
	}
	days := ask[float64](h, `select extract(epoch from expires_at - now()) / 86400 from api_keys where name = 'Label'`)
	if days < 29.9 || days > 30 {
		t.Errorf("it lasts %f days", days)
	}
	wrong := browser.do("POST", "/dashboard/account/keys", url.Values{"name": {"Typed"}, "scopes": {"all"}, "days": {"30"}}).want(http.StatusUnprocessableEntity)
	if !strings.Contains(wrong.body, `value="Typed"`) {
		t.Error("the form does not keep what was typed")
	}
}

func TestAKeyEnds(t *testing.T) {
	t.Parallel()
	h := open(t, setting{})
	ines, profile := h.business("ines@example.com")
	jo, _ := h.business("jo@example.com")
	k, id := ines.keyed(map[string]any{"name": "Website", "scopes": []string{"profiles:read"}, "expires_at": time.Now().Add(time.Hour).Format(time.RFC3339)})
	look := func() answer { return k.do("GET", "/api/profiles/"+profile, nil) }
	look().want(http.StatusOK)
	if n := ask[int](h, `select count(*) from api_keys where last_used_at > now() - interval '1 minute'`); n != 1 {
		t.Error("its last use is not noted")
	}
	for _, change := range []struct{ off, on string }{
		{`update users set subscription_tier = 'free' where email like 'ines%'`, `update users set subscription_tier = 'business' where email like 'ines%'`},
		{`update users set suspended_at = now() where email like 'ines%'`, `update users set suspended_at = null where email like 'ines%'`},
		{`update api_keys set expires_at = now()`, `update api_keys set expires_at = null`},
	} {
		h.exec(change.off)
		if a := look(); a.status != 401 && a.status != 403 {
			t.Errorf("after %q: %d", change.off, a.status)
		}
		h.exec(change.on)
		look().want(http.StatusOK)
	}
	jo.do("DELETE", "/api/keys/"+id, nil).want(http.StatusNotFound)
	look().want(http.StatusOK)
	ines.do("DELETE", "/api/keys/"+id, nil).want(http.StatusNoContent)
	look().want(http.StatusUnauthorized)
	ines.do("DELETE", "/api/keys/"+id, nil).want(http.StatusNotFound)
	if n := ask[int](h, `select count(*) from audit_log where action in ('key.made', 'key.ended') and subject = $1`, id); n != 2 {
		t.Errorf("%d lines in the audit log", n)
	}
}

func TestKeysThatAreNone(t *testing.T) {
	t.Parallel()
	h := open(t, setting{})
	ines, _ := h.business("ines@example.com")
	k, _ := ines.keyed(map[string]any{"name": "Website", "scopes": []string{"profiles:read"}})
	good := k.token
	for _, token := range []string{
		good[:len(good)-1], good + "a", good + good, "hlpfl_", strings.ToUpper(good), strings.Replace(good, "hlpfl_", "hlpfl-", 1), "hlpfl_" + strings.Repeat("a", 52), good[6:],
	} {
		k.token = token
		if a := k.do("GET", "/api/profiles", nil); a.status != http.StatusUnauthorized {
			t.Errorf("%.20s…: %d", token, a.status)
		}
	}
}

func TestKeysThatCannotBeMade(t *testing.T) {
	t.Parallel()
	h := open(t, setting{})
	ines, profile := h.business("ines@example.com")
	_, foreign := h.business("jo@example.com")
	free, _ := h.register("free@example.com")
	if a := free.do("POST", "/api/keys", map[string]any{"name": "x", "scopes": []string{"profiles:read"}}).want(http.StatusForbidden); a.field("type") != "/problems/plan-limit" || a.field("lifted_by") != "business" {
		t.Errorf("told: %s", a.body)
	}
	ok := []string{"profiles:read"}
	for field, bad := range map[string][]map[string]any{
		"name":       {{"scopes": ok}, {"name": strings.Repeat("x", model.MaxKeyName+1), "scopes": ok}, {"name": "a\x00b", "scopes": ok}},
		"scopes":     {{"name": "x"}, {"name": "x", "scopes": []string{}}, {"name": "x", "scopes": []string{"admin"}}, {"name": "x", "scopes": []string{"profiles:read", "profiles:read"}}, {"name": "x", "scopes": "profiles:read"}},
		"profile_id": {{"name": "x", "scopes": ok, "profile_id": foreign}, {"name": "x", "scopes": ok, "profile_id": "mine"}},
		"expires_at": {{"name": "x", "scopes": ok, "expires_at": "2020-01-01T00:00:00Z"}, {"name": "x", "scopes": ok, "expires_at": "tomorrow"}},
		"user_id":    {{"name": "x", "scopes": ok, "user_id": profile}},
		"hash":       {{"name": "x", "scopes": ok, "hash": "x"}},
	} {
		for _, body := range bad {
			if a := ines.do("POST", "/api/keys", body).want(http.StatusUnprocessableEntity); a.field("errors", field) == "" {
				t.Errorf("%v: %s", body, a.body)
			}
		}
	}
	if n := ask[int](h, `select count(*) from api_keys`); n != 0 {
		t.Errorf("%d keys were made", n)
	}
	h.exec(`insert into api_keys (id, user_id, name, scopes, hash, ending) select gen_random_uuid(), (select id from users where email like 'ines%'), 'x', '{}', sha256(n::text::bytea), 'x' from generate_series(1, 50) n`)
	ines.do("POST", "/api/keys", map[string]any{"name": "one more", "scopes": ok}).want(http.StatusUnprocessableEntity)
}
