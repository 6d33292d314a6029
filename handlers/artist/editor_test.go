package artist_test

import (
	"encoding/json"
	"html"
	"net/url"
	"strings"
	"testing"

	"github.com/hlpfl/platform/internal/plans"
)

// The buttons that move a heading's group take it past the whole group beside it,
// and Undo brings it back.
func TestGroupsMoveByTheirButtons(t *testing.T) {
	t.Parallel()
	h := open(t)
	ines := h.person(plans.Artist)
	p := ines.api("POST", "/api/profiles", map[string]any{"handle": "groupform", "profile_name": "Ines", "profile_data": json.RawMessage(
		`{"blocks":[{"id":"x","type":"text","text":"x"},{"id":"H","type":"heading","text":"One"},{"id":"a","type":"text","text":"a"},
		{"id":"I","type":"heading","text":"Two"},{"id":"b","type":"text","text":"b"},{"id":"J","type":"heading","text":"Three"}]}`)}).must(201).profile()
	editor := "/dashboard/profiles/" + p.ID
	order := func() (ids string) {
		t.Helper()
		now := ines.now(p.ID)
		d := now.ProfileData
		if now.Draft != nil {
			d = now.Draft.ProfileData
		}
		for _, b := range d.Blocks {
			ids += b.ID
		}
		return ids
	}
	move := func(block, button string) {
		t.Helper()
		page := ines.see(editor + "?open=" + block).must(200).Body.String()
		form := sentBy(t, page, "group-"+block)
		_, after, _ := strings.Cut(page, `form="group-`+block+`" name="to" value="`)
		if button == "Group down" {
			_, after, _ = strings.Cut(after, `form="group-`+block+`" name="to" value="`)
		}
		to, _, _ := strings.Cut(after, `"`)
		form.Set("to", to)
		form.Del("then")
		ines.post(editor+"/blocks/"+block+"/move", form).must(303)
	}
	move("I", "Group up")
	if got := order(); got != "xIbHaJ" {
		t.Errorf("up it is %s", got)
	}
	mustHold(t, ines.see(editor).must(200).Body.String(), "Undo<span class=\"sr\">: Moved “Two” and what it stands over")
	move("I", "Group down")
	if got := order(); got != "xHaIbJ" {
		t.Errorf("down again it is %s", got)
	}
	move("H", "Group up")
	if got := order(); got != "HaxIbJ" {
		t.Errorf("before all it is %s", got)
	}
	ines.post(editor+"/undo", url.Values{"version": {version(ines.now(p.ID))}}).must(303)
	if got := order(); got != "xHaIbJ" {
		t.Errorf("undone it is %s", got)
	}
	page := ines.see(editor + "?open=I").must(200).Body.String()
	mustHold(t, page, `aria-label="Move the group Two, 2 blocks, 4 of 6"`, `aria-label="Move Two alone, 4 of 6"`)
	if strings.Contains(page, "group-J") {
		t.Error("a heading over nothing has a group")
	}
}

// The row of icons goes to the foot, and back by Undo; the history tells so.
func TestSocialsAtTheFoot(t *testing.T) {
	t.Parallel()
	h := open(t)
	ines := h.person(plans.Artist)
	p := ines.makes(0)
	editor := "/dashboard/profiles/" + p.ID
	at := func() string {
		t.Helper()
		var got struct {
			Draft *struct {
				Data struct {
					At string `json:"socials_at"`
				} `json:"profile_data"`
			}
		}
		mustJSON(t, ines.api("GET", "/api/profiles/"+p.ID, nil).must(200).Body.Bytes(), &got)
		if got.Draft == nil {
			return "no draft"
		}
		return got.Draft.Data.At
	}
	if page := ines.see(editor + "?tab=elsewhere").must(200).Body.String(); strings.Contains(page, "socials_at") {
		t.Error("a row of none is placed")
	}
	p = ines.api("POST", "/api/profiles/"+p.ID+"/socials", map[string]any{"version": p.Version, "url": "https://instagram.com/ines"}).must(201).profile()
	p = ines.api("POST", "/api/profiles/"+p.ID+"/publish", map[string]any{"version": p.Version}).must(200).profile()
	form := sentBy(t, ines.see(editor+"?tab=elsewhere").must(200).Body.String(), "socials-at")
	if form.Get("socials_at") != "top" {
		t.Errorf("it stands at %q", form.Get("socials_at"))
	}
	stale := form.Get("version")
	form.Set("socials_at", "bottom")
	ines.post(editor+"/socials-at", form).must(303)
	if at() != "bottom" {
		t.Errorf("it is at %q", at())
	}
	mustHold(t, ines.see(editor+"?tab=elsewhere").must(200).Body.String(), "Undo<span class=\"sr\">: Moved the icons to the foot", "Publish 1 change")
	ines.post(editor+"/undo", url.Values{"version": {version(ines.now(p.ID))}}).must(303)
	if at() == "bottom" {
		t.Error("it stays at the foot after Undo")
	}
	form.Set("version", version(ines.now(p.ID)))
	ines.post(editor+"/socials-at", form).must(303)
	// From an old screen: both sides are told.
	form.Set("version", stale)
	form.Set("socials_at", "top")
	mustHold(t, ines.post(editor+"/socials-at", form).must(409).Body.String(), "At the top of the page", "At the foot of the page", `name="socials_at" value=""`)
	form.Set("socials_at", "middle")
	form.Set("version", version(ines.now(p.ID)))
	ines.post(editor+"/socials-at", form).must(422)
	ines.post(editor+"/publish", url.Values{"version": {version(ines.now(p.ID))}}).must(303)
	mustHold(t, ines.see(editor+"?tab=history").must(200).Body.String(), "Social icons moved to the foot")
}

// What a pasted address became is said, with the other types it could be; each is one
// press away, in its place, and Undo brings the first back.
func TestAPastedAddressBecomesAnotherType(t *testing.T) {
	t.Parallel()
	h := open(t)
	ines := h.person(plans.Artist)
	p := ines.makes(1)
	editor := "/dashboard/profiles/" + p.ID
	follow := func(to string) string {
		t.Helper()
		page, _, _ := strings.Cut(to, "#")
		return html.UnescapeString(ines.see(page).must(200).Body.String())
	}
	press := func(path string, form url.Values) string {
		t.Helper()
		form.Set("version", version(ines.now(p.ID)))
		return ines.post(editor+path, form).must(303).Header().Get("Location")
	}
	page := follow(press("/paste", url.Values{"text": {"https://youtu.be/dQw4w9WgXcQ"}}))
	b := ines.now(p.ID).Draft.ProfileData.Blocks[1]
	mustHold(t, page, "It became a video.", `action="`+editor+"/blocks/"+b.ID+`/convert"`, `value="link">Make it a link`, `value="release">Make it a release`)

	page = follow(press("/blocks/"+b.ID+"/convert", url.Values{"type": {"release"}}))
	now := ines.now(p.ID).Draft.ProfileData.Blocks
	if len(now) != 2 || now[1].Type != "release" || now[1].Title != b.Title || now[1].ID == b.ID {
		t.Fatalf("it is %+v", now)
	}
	mustHold(t, page, "It is a release now.", "Undo")
	if strings.Contains(page, "count anew") {
		t.Error("of a block that nobody has seen it says that its taps count anew")
	}
	// The open form offers it too, and Undo brings it back under the id it had.
	mustHold(t, follow(editor+"?open="+now[1].ID), `form="convert-`+now[1].ID+`" name="type" value="embed">Make it a video`)
	follow(press("/undo", url.Values{}))
	if got := ines.now(p.ID).Draft.ProfileData.Blocks[1]; got.ID != b.ID || got.Type != "embed" {
		t.Errorf("undone it is %+v", got)
	}
	// What fans tapped already is told to count anew.
	link := p.ProfileData.Blocks[0]
	mustHold(t, follow(press("/blocks/"+link.ID+"/convert", url.Values{"type": {"merch"}})), "It is a merch item now. Its taps count anew.")

	// By program; and what it cannot be is told.
	made := ines.api("POST", "/api/profiles/"+p.ID+"/blocks/"+b.ID+"/convert", map[string]any{"version": ines.now(p.ID).Version, "type": "link"}).must(200).profile()
	if made.Block == nil || made.Block.Type != "link" || made.Block.URL != "https://youtu.be/dQw4w9WgXcQ" {
		t.Errorf("the API gives %s", made.raw)
	}
	refused := ines.api("POST", "/api/profiles/"+p.ID+"/blocks/"+made.Block.ID+"/convert", map[string]any{"version": made.Version, "type": "tour"}).must(422).problem()
	if !strings.Contains(refused.Errors["type"], "release, embed, merch") {
		t.Errorf("refused with %+v", refused)
	}
	ines.api("POST", "/api/profiles/"+p.ID+"/blocks/"+made.Block.ID+"/convert", map[string]any{"version": 1, "type": "embed"}).must(409)
	h.person(plans.Artist).api("POST", "/api/profiles/"+p.ID+"/blocks/"+made.Block.ID+"/convert", map[string]any{"version": made.Version, "type": "embed"}).must(404)
	// Several at once are told as several.
	if page := follow(press("/paste", url.Values{"text": {"https://example.com/1\nhttps://example.com/2"}})); !strings.Contains(page, "Added. Fans see it when you publish.") {
		t.Errorf("of two it says: %s", main(page))
	}
}

// The guide's step of the theme is done by pressing the theme that stands, and by
// publishing without a look at it.
func TestTheGuidesThemeCanBePlain(t *testing.T) {
	t.Parallel()
	h := open(t)
	ines := h.person(plans.Artist)
	begin := func(handle string) string {
		t.Helper()
		made := ines.post("/dashboard/profiles", url.Values{"handle": {handle}, "profile_name": {"Ines"}}).must(303)
		editor, _, _ := strings.Cut(made.Header().Get("Location"), "?")
		return editor
	}
	send := func(editor, path string, form url.Values) {
		t.Helper()
		form.Set("version", version(ines.now(strings.TrimPrefix(editor, "/dashboard/profiles/"))))
		ines.post(editor+path, form).must(303)
	}
	picked := func(editor string) bool {
		t.Helper()
		page := ines.see(editor).must(200).Body.String()
		mustHold(t, page, "Pick a theme")
		return !strings.Contains(page, `?tab=sleeve">Pick a theme`)
	}
	first := begin("plainly")
	send(first, "/blocks", url.Values{"type": {"link"}, "url": {"https://example.com"}, "title": {"x"}})
	if picked(first) {
		t.Error("a theme is picked before anybody did")
	}
	send(first, "/theme", url.Values{"theme": {"plain"}})
	if !picked(first) {
		t.Error("pressing the theme that stands picks none")
	}
	second := begin("goneon")
	send(second, "/blocks", url.Values{"type": {"link"}, "url": {"https://example.com"}, "title": {"x"}})
	send(second, "/publish", url.Values{})
	send(second, "/blocks", url.Values{"type": {"text"}, "text": {"More."}})
	if !picked(second) {
		t.Error("who published has gone on past the theme")
	}
}
