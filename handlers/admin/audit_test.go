package admin_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/hlpfl/platform/tests/program"
)

func TestAdminsReadTheWholeLog(t *testing.T) {
	t.Parallel()
	p := program.Start(t, program.Options{})
	p.Register(t, "ines@example.com")
	p.Register(t, "jo@example.com")
	boss := p.Admin(t, "boss@example.com")
	browser := p.SignInAdmin(t, boss)

	read := func(query url.Values) (lines []map[string]any, next any) {
		t.Helper()
		a := boss.Do("GET", "/api/admin/audit?"+query.Encode(), nil)
		if a.Status != http.StatusOK {
			t.Fatalf("%v: %d %s", query, a.Status, a.Body)
		}
		for _, l := range a.JSON(t)["data"].([]any) {
			lines = append(lines, l.(map[string]any))
		}
		return lines, a.JSON(t)["next"]
	}
	all, _ := read(nil)
	about := map[any]bool{}
	for _, l := range all {
		about[l["user"]] = true
	}
	if !about["ines@example.com"] || !about["jo@example.com"] || !about["boss@example.com"] {
		t.Errorf("told about %v", about)
	}
	ines, _ := read(url.Values{"email": {"Ines@Example.com"}, "action": {"user.registered"}})
	if len(ines) != 1 || ines[0]["user"] != "ines@example.com" || ines[0]["action"] != "user.registered" {
		t.Errorf("of one: %v", ines)
	}
	for field, query := range map[string]url.Values{"email": {"email": {"nobody"}}, "action": {"action": {"x' or 1=1"}}, "cursor": {"cursor": {"x"}}} {
		a := boss.Do("GET", "/api/admin/audit?"+query.Encode(), nil)
		if a.Status != http.StatusUnprocessableEntity || !strings.Contains(string(a.Body), `"`+field+`"`) {
			t.Errorf("%v: %d %s", query, a.Status, a.Body)
		}
	}
	page := browser.Do("GET", "/admin/audit?email=ines%40example.com", nil)
	if page.Status != http.StatusOK || !strings.Contains(string(page.Body), "The account was made") || strings.Contains(string(page.Body), "jo@example.com") {
		t.Errorf("the screen: %d", page.Status)
	}
	if a := browser.Do("GET", "/admin/audit?email=nobody", nil); a.Status != http.StatusUnprocessableEntity || !strings.Contains(string(a.Body), `value="nobody"`) {
		t.Errorf("a wrong address on screen: %d", a.Status)
	}
}
