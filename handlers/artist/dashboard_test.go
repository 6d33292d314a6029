package artist_test

import (
	"fmt"
	"html"
	"regexp"
	"strings"
	"testing"

	"github.com/hlpfl/platform/internal/plans"
)

// A list of many profiles goes on over pages, is searched, and holds nobody else's.
func TestDashboardPagesOn(t *testing.T) {
	t.Parallel()
	h := open(t)
	ines := h.person(plans.Enterprise)
	for i := range 53 {
		ines.api("POST", "/api/profiles", map[string]any{"handle": fmt.Sprintf("paged%02d", i), "profile_name": fmt.Sprintf("Band %02d", i)}).must(201)
	}
	other := h.person(plans.Enterprise)
	other.api("POST", "/api/profiles", map[string]any{"handle": "foreign", "profile_name": "Band of others"}).must(201)
	see := func(path string) string {
		t.Helper()
		return html.UnescapeString(ines.see(path).must(200).Body.String())
	}

	first := see("/dashboard")
	mustHold(t, first, "53 profiles", "/paged00", "/paged49", "The next ones", `name="q"`)
	if strings.Contains(first, "/paged50") || strings.Contains(first, "foreign") {
		t.Error("the first page holds too much")
	}
	next := regexp.MustCompile(`href="([^"]+)" rel="next"`).FindStringSubmatch(first)
	if next == nil {
		t.Fatal("nothing leads on")
	}
	second := see(next[1])
	mustHold(t, second, "53 profiles", "/paged50", "/paged52", "The first ones")
	if strings.Contains(second, "/paged49") || strings.Contains(second, `rel="next"`) {
		t.Error("the second page holds too much")
	}
	found := see("/dashboard?q=bAnD+07")
	mustHold(t, found, "/paged07", `value="bAnD 07"`)
	if strings.Contains(found, "/paged08") {
		t.Error("the search finds another")
	}
	mustHold(t, see("/dashboard?q=paged5"), "/paged50", "/paged52")
	mustHold(t, see("/dashboard?q=%25_"), "None of them has “%_”")
	mustHold(t, see("/dashboard?q=others"), "None of them has “others”")
	mustHold(t, see("/dashboard?cursor=by-hand"), "/paged00")
}
