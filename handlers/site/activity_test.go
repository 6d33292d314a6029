package site_test

import (
	"net/http"
	"strings"
	"testing"
)

func TestEverybodySeesWhatWasDoneWithTheirAccount(t *testing.T) {
	t.Parallel()
	h := open(t, setting{})
	c, _ := h.register("ines@example.com")
	h.register("jo@example.com")
	h.client().do("POST", "/api/auth/login", map[string]string{"email": "ines@example.com", "password": "not this one"}).want(http.StatusUnauthorized)
	c.do("PUT", "/api/me/password", map[string]string{"current_password": password, "password": another}).want(http.StatusNoContent)

	a := c.do("GET", "/api/activity", nil).want(http.StatusOK)
	var actions, by []string
	for _, l := range a.json()["data"].([]any) {
		line := l.(map[string]any)
		actions, by = append(actions, line["action"].(string)), append(by, line["by"].(string))
	}
	if got := strings.Join(actions, " "); got != "user.password_changed user.sign_in_failed user.signed_in user.registered" {
		t.Errorf("told: %s", got)
	}
	if got := strings.Join(by, " "); got != "you someone_else you you" {
		t.Errorf("by: %s", got)
	}
	if strings.Contains(a.body, "127.0.0.1") || strings.Contains(a.body, password) || strings.Contains(a.body, another) {
		t.Errorf("it tells an address or a secret: %s", a.body)
	}
	page := h.signInWith("ines@example.com", another).do("GET", "/dashboard/account/activity", nil).want(http.StatusOK)
	for _, want := range []string{"The password was changed", "A sign-in failed", "by somebody else", "Safari on iPhone"} {
		if !strings.Contains(page.body, want) {
			t.Errorf("the page lacks %q", want)
		}
	}

	// Page by page, each line once.
	h.exec(`insert into audit_log (id, user_id, action) select (lpad(to_hex(n), 8, '0') || '-0000-7000-8000-000000000000')::uuid, (select id from users where email = 'ines@example.com'), 'old.line' from generate_series(1, 60) n`)
	seen, cursor := 0, ""
	for range 3 {
		a := c.do("GET", "/api/activity?cursor="+cursor, nil).want(http.StatusOK).json()
		seen += len(a["data"].([]any))
		if a["next"] == nil {
			cursor = ""
			break
		}
		cursor = a["next"].(string)
	}
	if seen != 65 || cursor != "" {
		t.Errorf("seen %d lines", seen)
	}
	c.do("GET", "/api/activity?cursor=x", nil).want(http.StatusUnprocessableEntity)
}

func TestNobodyChangesTheAuditLog(t *testing.T) {
	t.Parallel()
	h := open(t, setting{})
	h.register("ines@example.com")
	for _, role := range []string{"hlpfl_app", "hlpfl_system", "hlpfl_public"} {
		for _, act := range []string{"update audit_log set action = 'x'", "delete from audit_log", "truncate audit_log"} {
			if _, err := h.db.Exec(`set role ` + role + `; ` + act); err == nil {
				t.Errorf("%s: %s went through", role, act)
			}
			h.exec(`reset role`)
		}
	}
	for _, act := range []string{"update audit_log set action = 'x'", "delete from audit_log", "truncate audit_log"} {
		if _, err := h.db.Exec(act); err == nil {
			t.Errorf("the owner: %s went through", act)
		}
	}
}
