package artist_test

import (
	"html"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/hlpfl/platform/internal/plans"
)

var seenMark = regexp.MustCompile(`name="seen" value="([0-9a-f]+)"`)

// A table is looked at, mended and taken; nothing comes that was not seen.
func TestDatesComeByATableWithoutScript(t *testing.T) {
	t.Parallel()
	h := open(t)
	ines := h.person(plans.Artist)
	p := ines.makes(0)
	made := ines.api("POST", "/api/profiles/"+p.ID+"/blocks", map[string]any{"version": 1, "type": "tour", "title": "On tour"}).must(201).profile()
	tour := made.Block.ID
	path := "/dashboard/profiles/" + p.ID + "/blocks/" + tour + "/dates"
	dates := func() int { list, _ := drafted(t, ines, p.ID)[0]["dates"].([]any); return len(list) }
	form := func(text, then, seen string) url.Values {
		return url.Values{"version": {version(ines.now(p.ID))}, "text": {text}, "time_zone": {"Europe/Paris"}, "then": {then}, "seen": {seen}}
	}
	const bad = "date,time,city,venue,zone,tickets,status\r\n2031-05-12,20:30,Lisbon,ZDB,Europe/Lisbon,https://example.com/1,\r\n4/5/2031,20:00,Porto,,,,\r\n2031-05-14,21:00,<i>Nîmes</i>,Paloma,,,sold out\r\n2031-05-15,,Faro,,Europe/Faro,,\r\n"
	look := func(a answer, wants ...string) (seen string) {
		t.Helper()
		page := a.must(422).Body.String()
		mustHold(t, html.UnescapeString(page), wants...)
		if dates() != 0 {
			t.Fatalf("%d dates were taken unseen", dates())
		}
		if m := seenMark.FindStringSubmatch(page); m != nil {
			seen = m[1]
		}
		return seen
	}
	see := ines.see("/dashboard/profiles/" + p.ID + "?open=" + tour).must(200).Body.String()
	mustHold(t, see, "Bring dates from a CSV", "examples/tour.", `download="tour.csv"`, "What the columns are")

	// A file, saved by a spreadsheet that writes Windows-1252.
	latin := []byte(strings.ReplaceAll(bad, "î", "\xee"))
	seen := look(ines.sends(path, form("", "look:dates", ""), "file", latin),
		"2 dates will come. 2 rows need mending.", "Row 3, column “date”.", "Row 5, column “zone”.", "Mon 12 May 2031, 20:30", "Lisbon, ZDB", "<i>Nîmes</i>, Paloma", "Europe/Paris", "sold out",
		"Add 2 dates and leave 2 rows out", "4/5/2031,20:00,Porto")
	if seen == "" {
		t.Fatal("nothing marks what was seen")
	}
	// What was changed since is looked at again, and so is what nobody looked at.
	mended := strings.NewReplacer("4/5/2031", "2031-05-04", "Europe/Faro", "Europe/Lisbon").Replace(bad)
	next := look(ines.post(path, form(mended, "take:dates", seen)), "4 dates will come.", "Add 4 dates")
	look(ines.post(path, form(mended, "take:dates", "")), "4 dates will come.")
	for what, c := range map[string]struct{ text, want string }{
		"nothing":        {"", "Give the table, as a file or as text."},
		"no head":        {"Lisbon,2031-05-12\n", "There is no column “date”."},
		"only a head":    {"date,city\n", "No date will come."},
		"all wrong":      {"date,city\nsoon,Lisbon\n", "No date will come. 1 row needs mending."},
		"a broken quote": {"date,city\n2031-05-12,\"Lis\"bon\n", "1 date will come."},
	} {
		if got := html.UnescapeString(ines.post(path, form(c.text, "take:dates", next)).must(422).Body.String()); !strings.Contains(strings.ReplaceAll(got, "</b>", ""), c.want) {
			t.Errorf("%s does not say %q: %s", what, c.want, main(got))
		}
	}
	mustHold(t, ines.sends(path, form("", "look:dates", ""), "file", make([]byte, 600<<10)).must(422).Body.String(), "larger than 512 KB")
	mustHold(t, ines.sends(path, form("", "look:dates", ""), "file", []byte("PK\x03\x04\x00\x00")).must(422).Body.String(), "This is no table of text.")
	stale := form(mended, "take:dates", next)
	stale.Set("version", "1")
	mustHold(t, html.UnescapeString(ines.post(path, stale).must(409).Body.String()), "was changed elsewhere", "2031-05-04,20:00,Porto")
	if dates() != 0 {
		t.Errorf("%d dates were taken", dates())
	}
	// Seen as they are they come, once.
	to := ines.post(path, form(mended, "take:dates", next)).must(303).Header().Get("Location")
	mustHold(t, ines.see(strings.Split(to, "#")[0]).must(200).Body.String(), "Added. Fans see it when you publish.", "Porto", "Tour, four dates")
	if dates() != 4 {
		t.Errorf("%d dates came", dates())
	}
	mustHold(t, ines.post(path, form(mended, "take:dates", next)).must(422).Body.String(), "No date will come.", "This date is on the page already.")
	if dates() != 4 {
		t.Errorf("%d dates came by the same table", dates())
	}
	// Dates belong to a tour, and to its owner.
	other := h.person(plans.Artist)
	other.post(path, form(mended, "look:dates", "")).must(404)
	ines.post("/dashboard/profiles/"+p.ID+"/blocks/nothing/dates", form(mended, "look:dates", "")).must(404)
}
