package site_test

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/internal/plans"
	"github.com/hlpfl/platform/store"
)

// save changes the account by one of the doors.
type save func(c *client, fields map[string]string) answer

// TestAccountAtBothDoors does the same by the form and by the API.
func TestAccountAtBothDoors(t *testing.T) {
	t.Parallel()
	doors := map[string]struct {
		enter func(h *house) *client
		save  save
		saved int
	}{
		"form": {func(h *house) *client { return h.signIn("ines@example.com") }, func(c *client, fields map[string]string) answer {
			form := url.Values{}
			for name, value := range fields {
				form.Set(name, value)
			}
			return c.do("POST", "/dashboard/account", form)
		}, http.StatusSeeOther},
		"api": {func(h *house) *client {
			c := h.client()
			c.token = c.do("POST", "/api/auth/login", map[string]string{"email": "ines@example.com", "password": password}).want(http.StatusOK).field("access_token")
			return c
		}, func(c *client, fields map[string]string) answer { return c.do("PATCH", "/api/me", fields) }, http.StatusOK},
	}
	for name, door := range doors {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := open(t, setting{})
			h.register("ines@example.com")
			c := door.enter(h)
			for _, step := range []struct {
				fields map[string]string
				status int
				stored string
			}{
				{map[string]string{"name": "  Ines <b>Okafor</b> ", "time_zone": "Europe/Lisbon"}, door.saved, "Ines <b>Okafor</b>|en|Europe/Lisbon"},
				{map[string]string{"time_zone": "America/New_York"}, door.saved, "Ines <b>Okafor</b>|en|America/New_York"},
				{map[string]string{"language": "PT-br"}, door.saved, "Ines <b>Okafor</b>|pt-BR|America/New_York"},
				{map[string]string{}, door.saved, "Ines <b>Okafor</b>|pt-BR|America/New_York"},
				{map[string]string{"name": "New", "time_zone": "Europe/Atlantis"}, 422, "Ines <b>Okafor</b>|pt-BR|America/New_York"},
				{map[string]string{"name": "New", "language": "x"}, 422, "Ines <b>Okafor</b>|pt-BR|America/New_York"},
				{map[string]string{"name": strings.Repeat("n", 101)}, 422, "Ines <b>Okafor</b>|pt-BR|America/New_York"},
				{map[string]string{"email": "other@example.com"}, 422, "Ines <b>Okafor</b>|pt-BR|America/New_York"},
				{map[string]string{"plan": "enterprise"}, 422, "Ines <b>Okafor</b>|pt-BR|America/New_York"},
				{map[string]string{"name": ""}, door.saved, "|pt-BR|America/New_York"},
			} {
				a := door.save(c, step.fields).want(step.status)
				if got := ask[string](h, `select name || '|' || language || '|' || time_zone from users`); got != step.stored {
					t.Errorf("%v stored %q, want %q", step.fields, got, step.stored)
				}
				if strings.Contains(a.body, "<b>Okafor") && name == "form" {
					t.Error("the name is HTML on the page")
				}
			}
		})
	}
}

func TestAccountScreen(t *testing.T) {
	t.Parallel()
	h := open(t, setting{})
	h.register("ines@example.com")
	browser := h.signIn("ines@example.com")
	page := browser.do("GET", "/dashboard/account?done=saved", nil).want(http.StatusOK)
	for _, want := range []string{"ines@example.com", "Saved.", "Free", "0 of 1 profile", "0 of 5 links", "0 of 100 clicks"} {
		if !strings.Contains(page.body, want) {
			t.Errorf("the screen lacks %q", want)
		}
	}
	wrong := browser.do("POST", "/dashboard/account", url.Values{"name": {"Typed"}, "time_zone": {"Typed/Wrong"}}).want(http.StatusUnprocessableEntity)
	if !strings.Contains(wrong.body, `value="Typed"`) || !strings.Contains(wrong.body, `value="Typed/Wrong"`) || !strings.Contains(wrong.body, "no such time zone") {
		t.Error("the form does not come back as it was typed, with why")
	}
	if strings.Contains(browser.do("GET", "/dashboard/account?done=%3Cscript%3E", nil).want(http.StatusOK).body, "script&gt;") {
		t.Error("the address writes on the screen")
	}
}

func TestMe(t *testing.T) {
	t.Parallel()
	h := open(t, setting{})
	c, _ := h.register("ines@example.com")
	me := c.do("GET", "/api/me", nil).want(http.StatusOK)
	want := `"limits":{"clicks_per_month":{"limit":100,"used":0},"links":{"limit":5,"used":0},"pictures":{"limit":50,"used":0},"profiles":{"limit":1,"used":0}},"second_factor":false,"closes_at":null}`
	if !strings.Contains(me.body, want) || !strings.Contains(me.body, `"email_verified":false`) {
		t.Errorf("me: %s", me.body)
	}

	user, err := model.ParseUserID(me.field("id"))
	if err != nil {
		t.Fatal(err)
	}
	link := `{"id":"a","type":"link","title":"A","url":"https://example.com/"}`
	social := `{"id":"s","network":"instagram","url":"https://instagram.com/x"}`
	h.exec(`insert into profiles (id, user_id, handle, profile_name, profile_data, draft) values (gen_random_uuid(), $1, 'ines', 'Ines', $2, $3)`, user,
		`{"theme":{"name":"plain"},"socials":[],"blocks":[`+link+`]}`, `{"theme":{"name":"plain"},"socials":[`+social+`],"blocks":[`+link+`,{"id":"h","type":"heading","text":"H"}]}`)
	h.exec(`insert into profiles (id, user_id, handle, profile_name, profile_data, deleted_at) values (gen_random_uuid(), $1, 'gone', 'Gone', '{}', now())`, user)
	h.exec(`insert into click_months (user_id, month, clicks) values ($1, date_trunc('month', now() at time zone 'UTC'), 42), ($1, '2020-01-01', 7)`, user)
	err = h.store.System(context.Background(), func(tx *store.SystemTx) error {
		_, err := tx.GrantPlan(context.Background(), user, plans.Business, "a friend of the house")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	me = c.do("GET", "/api/me", nil).want(http.StatusOK)
	want = `"plan":"business","limits":{"clicks_per_month":{"limit":null,"used":42},"links":{"limit":null,"used":2},"pictures":{"limit":2000,"used":0},"profiles":{"limit":10,"used":1}}`
	if !strings.Contains(me.body, want) {
		t.Errorf("me: %s", me.body)
	}
}

func TestSessionListIsRead(t *testing.T) {
	t.Parallel()
	h := open(t, setting{})
	c, _ := h.register("ines@example.com")
	for range 5 {
		h.signIn("ines@example.com")
	}
	var seen []string
	cursor := ""
	for page := 0; ; page++ {
		a := c.do("GET", "/api/sessions?limit=2&cursor="+cursor, nil).want(http.StatusOK).json()
		for _, s := range a["data"].([]any) {
			seen = append(seen, s.(map[string]any)["id"].(string))
		}
		if a["next"] == nil {
			break
		}
		cursor = a["next"].(string)
		if page > 3 {
			t.Fatal("the list does not end")
		}
	}
	if len(seen) != 6 || !slices.IsSortedFunc(seen, func(a, b string) int { return strings.Compare(b, a) }) {
		t.Errorf("seen: %v", seen)
	}
	for query, field := range map[string]string{"limit=0": "limit", "limit=101": "limit", "limit=x": "limit", "cursor=x": "cursor"} {
		if a := c.do("GET", "/api/sessions?"+query, nil).want(http.StatusUnprocessableEntity); a.field("errors", field) == "" {
			t.Errorf("%s: %s", query, a.body)
		}
	}
	// The screen shows the one that asks first, however old it is.
	first := h.signIn("ines@example.com")
	h.signIn("ines@example.com")
	page := first.do("GET", "/dashboard/account/devices", nil).want(http.StatusOK)
	if here, end := strings.Index(page.body, "This one"), strings.Index(page.body, "/end\""); here < 0 || end < here {
		t.Errorf("this one stands at %d, another at %d", here, end)
	}
}
