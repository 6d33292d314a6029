package artist_test

import (
	"fmt"
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/hlpfl/platform/internal/plans"
)

// The whole way of an artist through plain forms, without a script.
func TestThroughTheDeskWithoutScript(t *testing.T) {
	t.Parallel()
	h := open(t)
	ines := h.person(plans.Artist)
	page := ines.see("/dashboard").must(200).Body.String()
	mustHold(t, page, `name="handle"`, `name="profile_name"`)

	made := ines.post("/dashboard/profiles", url.Values{"handle": {"inesokafor"}, "profile_name": {"Ines Okafor"}, "time_zone": {"Mars/Olympus"}}).must(303)
	editor, _, _ := strings.Cut(made.Header().Get("Location"), "?")
	id := strings.TrimPrefix(editor, "/dashboard/profiles/")
	p := ines.now(id)
	if p.TimeZone != "Europe/London" {
		t.Errorf("a zone nobody knows becomes %q, not the account's", p.TimeZone)
	}
	mustHold(t, ines.see(made.Header().Get("Location")).must(200).Body.String(), "It is public.", `value="1"`)
	send := func(path string, form url.Values) string {
		t.Helper()
		form.Set("version", version(ines.now(id)))
		to := ines.post(editor+path, form).must(303).Header().Get("Location")
		page, _, _ := strings.Cut(to, "#")
		return ines.see(page).must(200).Body.String()
	}

	// A pasted address without a title gets the service's.
	page = send("/blocks", url.Values{"type": {"link"}, "url": {"open.spotify.com/album/1"}, "title": {""}})
	mustHold(t, page, "Listen on Spotify", "Added.")
	link := ines.now(id).Draft.ProfileData.Blocks[0].ID
	page = send("/blocks/"+link, url.Values{"url": {"https://open.spotify.com/album/1"}, "title": {"Slow Harbour & more"}, "then": {"stay"}})
	mustHold(t, page, "Slow Harbour &amp; more", `id="form-`+link) // it stays open
	send("/blocks", url.Values{"type": {"text"}, "text": {"Songs\r\nfor the night bus."}})
	text := ines.now(id).Draft.ProfileData.Blocks[1]
	if text.Text != "Songs\nfor the night bus." {
		t.Errorf("text is %q", text.Text)
	}
	send("/blocks/"+text.ID+"/move", url.Values{"by": {"-1"}})
	if b := ines.now(id).Draft.ProfileData.Blocks; b[0].ID != text.ID {
		t.Errorf("not moved: %+v", b)
	}
	send("/blocks/"+text.ID+"/switch", url.Values{"enabled": {"false"}})
	if b := ines.now(id).Draft.ProfileData.Blocks; *b[0].Enabled {
		t.Error("not switched off")
	}
	send("/socials", url.Values{"url": {"instagram.com/ines"}, "network": {""}})
	send("/who", url.Values{"profile_name": {"Ines O."}, "bio": {"Fog."}})
	send("/theme", url.Values{"theme": {"tape"}})
	p = ines.now(id)
	if p.ProfileName != "Ines Okafor" || len(p.ProfileData.Blocks) != 0 {
		t.Errorf("public before the publish: %s", p.raw)
	}
	preview := ines.see(editor + "/preview").must(200)
	mustHold(t, preview.Body.String(), "Slow Harbour &amp; more", "Fog.", `href="https://open.spotify.com/album/1"`)
	if csp := preview.Header().Get("Content-Security-Policy"); !strings.Contains(csp, "frame-ancestors 'self'") || strings.Contains(csp, "script-src") {
		t.Errorf("the preview's policy is %q", csp)
	}
	if body := preview.Body.String(); strings.Contains(body, "/v/"+id) || strings.Contains(body, "/r/"+id) {
		t.Error("the preview counts")
	}
	mustHold(t, send("/publish", url.Values{}), "Published.")
	p = ines.now(id)
	if p.Draft != nil || p.ProfileName != "Ines O." || p.ProfileData.Theme["name"] != "tape" || len(p.ProfileData.Blocks) != 2 || p.ProfileData.Socials[0].Network != "instagram" {
		t.Errorf("published %s", p.raw)
	}
	// Delete, and its undo.
	page = send("/blocks/"+link+"/delete", url.Values{})
	mustHold(t, page, "Deleted. Fans see it until you publish.", "Put back", "Undo")
	mustHold(t, send("/blocks/"+link+"/restore", url.Values{}), "Slow Harbour &amp; more")
	send("/blocks/"+link+"/delete", url.Values{})
	mustHold(t, send("/undo", url.Values{}), "Taken back.")
	if b := ines.now(id).Draft.ProfileData.Blocks; len(b) != 2 {
		t.Errorf("undo gives %+v", b)
	}
	mustHold(t, send("/discard", url.Values{}), "Thrown away.")
	send("/address", url.Values{"handle": {"ines.music"}, "time_zone": {"Africa/Lagos"}})
	send("/address", url.Values{"is_active": {"false"}})
	if p = ines.now(id); p.Handle != "ines.music" || p.TimeZone != "Africa/Lagos" || p.IsActive {
		t.Errorf("address is %s", p.raw)
	}
	// The profile itself, and its undo.
	gone := ines.post(editor+"/delete", url.Values{"version": {version(ines.now(id))}}).must(303).Header().Get("Location")
	mustHold(t, ines.see(gone).must(200).Body.String(), editor+"/restore", "ines.music")
	ines.post(editor+"/restore", url.Values{}).must(303)
	ines.see(editor).must(200)
}

// What was typed comes back with its errors, and nothing is saved.
func TestFormsKeepWhatWasTyped(t *testing.T) {
	t.Parallel()
	h := open(t)
	ines := h.person(plans.Artist)
	p := ines.makes(1)
	link, path := p.ProfileData.Blocks[0].ID, "/dashboard/profiles/"+p.ID
	const bad = `<b>"bad"</b> \host`
	for _, c := range []struct {
		path string
		form url.Values
		keep []string
	}{
		{path + "/blocks", url.Values{"type": {"link"}, "url": {bad}, "title": {"kept title"}}, []string{bad, "kept title"}},
		{path + "/blocks", url.Values{"type": {"heading"}, "text": {"kept\x00"}}, []string{"kept"}},
		{path + "/blocks/" + link, url.Values{"url": {"javascript:alert(1)"}, "title": {"kept title"}, "then": {"done"}}, []string{"javascript:alert(1)", "kept title", "is not allowed"}},
		{path + "/blocks/" + link, url.Values{"url": {"https://example.com/kept"}, "title": {" "}, "then": {"stay"}}, []string{"https://example.com/kept", "Give it a title"}},
		{path + "/who", url.Values{"profile_name": {""}, "bio": {"kept bio"}}, []string{"kept bio", "Give the page a name"}},
		{path + "/who", url.Values{"profile_name": {"kept name"}, "bio": {strings.Repeat("x", 700)}}, []string{"kept name", strings.Repeat("x", 700)}},
		{path + "/address", url.Values{"handle": {"login"}, "time_zone": {"Europe/Paris"}}, []string{`value="login"`, "Europe/Paris"}},
		{path + "/address", url.Values{"handle": {"kept.handle"}, "time_zone": {"Nowhere/Atall"}}, []string{"kept.handle", "Nowhere/Atall", "There is no such time zone"}},
		{path + "/theme", url.Values{"theme": {"velvet"}}, []string{"There is no such theme"}},
		{path + "/socials", url.Values{"url": {"//host"}, "network": {"instagram"}}, []string{`value="//host"`}},
		{path + "/blocks/" + link + "/move", url.Values{"by": {"x"}}, []string{"whole number"}},
		{path + "/blocks", url.Values{"type": {"link"}, "url": {"https://example.com"}, "title": {"kept"}, "surprise": {"x"}}, []string{"kept", "There is no such field"}},
		{"/dashboard/profiles", url.Values{"handle": {"a b"}, "profile_name": {"kept & name"}}, []string{"kept & name", `value="a b"`, "cannot stand in a handle"}},
		{"/dashboard/profiles", url.Values{"handle": {p.Handle}, "profile_name": {"kept name"}}, []string{"kept name", "That handle is taken."}},
	} {
		c.form.Set("version", "1")
		if strings.HasSuffix(c.path, "/profiles") {
			c.form.Del("version")
		}
		got := ines.post(c.path, c.form)
		if got.Code != 422 && got.Code != 409 {
			t.Errorf("%s %v: %d", c.path, c.form, got.Code)
			continue
		}
		page := html.UnescapeString(got.Body.String())
		for _, want := range c.keep {
			if !strings.Contains(page, want) {
				t.Errorf("%s %v does not show %q: %s", c.path, c.form, want, main(page))
			}
		}
		if strings.Contains(got.Body.String(), "<b>\"bad\"") {
			t.Errorf("%s is not escaped", c.path)
		}
	}
	if is := ines.now(p.ID); is.Version != 1 {
		t.Errorf("something was saved: %s", is.raw)
	}
}

// Two tabs: the second sees both sides, and both can be had.
func TestConflictShowsBothSides(t *testing.T) {
	t.Parallel()
	h := open(t)
	ines := h.person(plans.Artist)
	p := ines.makes(2)
	link, other, path := p.ProfileData.Blocks[0].ID, p.ProfileData.Blocks[1].ID, "/dashboard/profiles/"+p.ID
	p = ines.api("PUT", "/api/profiles/"+p.ID+"/blocks/"+link, map[string]any{"version": 1, "title": "Theirs here"}).must(200).profile()
	p = ines.api("POST", "/api/profiles/"+p.ID+"/socials", map[string]any{"version": p.Version, "url": "https://instagram.com/theirs", "id": "so"}).must(201).profile()
	for _, c := range []struct {
		path string
		form url.Values
		want []string
	}{
		{"/blocks/" + link, url.Values{"url": {"https://mine.example"}, "title": {"Mine here"}}, []string{"Mine here", "Theirs here", "https://mine.example", "https://example.com/0"}},
		{"/who", url.Values{"profile_name": {"My name"}, "bio": {"My bio"}}, []string{"My name", "My bio", "Ines Okafor", "Songs."}},
		{"/address", url.Values{"handle": {"my.handle"}, "time_zone": {"Asia/Tokyo"}}, []string{"my.handle", p.Handle, "Asia/Tokyo", "Europe/London"}},
		{"/socials/so", url.Values{"url": {"https://instagram.com/mine"}, "network": {"instagram"}}, []string{"https://instagram.com/mine", "https://instagram.com/theirs"}},
		{"/blocks", url.Values{"type": {"link"}, "url": {"https://mine.example/new"}, "title": {"My new one"}}, []string{"https://mine.example/new", "My new one", "was changed elsewhere"}},
		{"/socials", url.Values{"url": {"https://tiktok.com/@mine"}, "network": {""}}, []string{"https://tiktok.com/@mine", "was changed elsewhere"}},
		{"/blocks/" + other + "/delete", url.Values{}, []string{"was changed elsewhere", "Link 1"}},
		{"/publish", url.Values{}, []string{"was changed elsewhere"}},
	} {
		c.form.Set("version", "1")
		got := ines.post(path+c.path, c.form).must(409)
		mustHold(t, html.UnescapeString(got.Body.String()), append(c.want, fmt.Sprintf(`name="version" value="%d"`, p.Version))...)
	}
	if is := ines.now(p.ID); is.Version != p.Version {
		t.Error("something was saved")
	}
	// Mine, sent again with the present version, is saved.
	ines.post(path+"/blocks/"+link, url.Values{"version": {version(p)}, "url": {"https://mine.example"}, "title": {"Mine here"}, "then": {"done"}}).must(303)
	// What was deleted meanwhile can be put back.
	p = ines.now(p.ID)
	ines.post(path+"/blocks/"+link+"/delete", url.Values{"version": {version(p)}}).must(303)
	page := html.UnescapeString(ines.post(path+"/blocks/"+link, url.Values{"version": {version(p)}, "url": {"https://mine.example/2"}, "title": {"Mine again"}}).must(409).Body.String())
	mustHold(t, page, "was deleted", "Mine again", `action="`+path+`/blocks"`, `name="type" value="link"`)
}

// htmx follows the redirect itself and takes its part out; other forms load anew.
func TestScriptFollowsTheRedirect(t *testing.T) {
	t.Parallel()
	h := open(t)
	ines := h.person(plans.Artist)
	p := ines.makes(1)
	r := httptest.NewRequest(http.MethodPost, "/dashboard/profiles/"+p.ID+"/theme", strings.NewReader("version=1&theme=tape"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Cookie", ines.cookie)
	r.Header.Set("HX-Request", "true")
	ines.do(r).must(303)
}

// A form that another site sends is refused.
func TestAnotherSitesFormIsRefused(t *testing.T) {
	t.Parallel()
	h := open(t)
	ines := h.person(plans.Artist)
	p := ines.makes(1)
	r := httptest.NewRequest(http.MethodPost, "/dashboard/profiles/"+p.ID+"/delete", strings.NewReader("version=1"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Cookie", ines.cookie)
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	ines.do(r).must(403)
	ines.now(p.ID)
}

func mustHold(t *testing.T, page string, wants ...string) {
	t.Helper()
	for _, want := range wants {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not hold %q: %s", want, main(page))
		}
	}
}

var mainPart = regexp.MustCompile(`(?s)<main.*</main>`)

// main is the part of a page that differs from others.
func main(page string) string {
	if part := mainPart.FindString(page); part != "" {
		return part
	}
	return page
}
