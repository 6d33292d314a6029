package artist_test

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/hlpfl/platform/internal/plans"
)

func TestVersionsByAPI(t *testing.T) {
	t.Parallel()
	h := open(t)
	ines, otto := h.person(plans.Artist), h.person(plans.Artist)
	p := ines.makes(1)
	for i := range 4 {
		p = ines.api("PUT", "/api/profiles/"+p.ID, map[string]any{"version": p.Version, "profile_data": map[string]any{"bio": fmt.Sprint("bio ", i)}}).must(200).profile()
	}
	path := "/api/profiles/" + p.ID + "/versions"
	type version struct {
		Version     int64
		Summary     string
		Present     bool
		PublishedBy struct{ ID, Name string } `json:"published_by"`
		ProfileData struct{ Bio string }      `json:"profile_data"`
	}
	var all []version
	next := "?limit=2"
	for pages := 0; next != ""; pages++ {
		var list struct {
			Data []version
			Next *string
		}
		mustJSON(t, ines.api("GET", path+next, nil).must(200).Body.Bytes(), &list)
		all = append(all, list.Data...)
		next = ""
		if list.Next != nil {
			next = "?limit=2&cursor=" + *list.Next
		}
		if pages > 5 {
			t.Fatal("the pages do not end")
		}
	}
	if len(all) != 5 || !all[0].Present || all[1].Present || all[0].Summary != "bio changed" || all[4].Summary != "first publish" || all[0].PublishedBy.ID != ines.id.String() {
		t.Fatalf("the versions are %+v", all)
	}
	var one version
	mustJSON(t, ines.api("GET", fmt.Sprintf("%s/%d", path, all[2].Version), nil).must(200).Body.Bytes(), &one)
	if one.ProfileData.Bio != "bio 1" || one.Summary != "bio changed" || one.Present {
		t.Errorf("one version is %+v", one)
	}
	for _, query := range []string{"?limit=0", "?limit=101", "?cursor=x", "?cursor=-1"} {
		ines.api("GET", path+query, nil).must(422)
	}
	for _, n := range []string{"999", "0", "-1", "x", "99999999999999999999"} {
		ines.api("GET", path+"/"+n, nil).must(404)
		ines.api("POST", path+"/"+n+"/restore", map[string]any{"version": p.Version}).must(404)
	}
	restore := fmt.Sprintf("%s/%d/restore", path, all[2].Version)
	otto.api("POST", restore, map[string]any{"version": p.Version}).must(404)
	otto.api("GET", path, nil).must(404)
	ines.api("POST", restore, map[string]any{"version": p.Version - 1}).must(409)
	ines.api("POST", restore, map[string]any{}).must(422)
	p = ines.api("POST", restore, map[string]any{"version": p.Version}).must(200).profile()
	if p.Draft == nil || p.Draft.ProfileData.Bio != "bio 1" || p.ProfileData.Bio != "bio 3" {
		t.Errorf("not the draft: %s", p.raw)
	}
	// The page as it was, for the preview; nobody else's.
	look := fmt.Sprintf("/dashboard/profiles/%s/versions/%d", p.ID, all[3].Version)
	if page := ines.see(look).must(200).Body.String(); !strings.Contains(page, "bio 0") {
		t.Error("it does not show the page as it was")
	}
	otto.see(look).must(404)
}

func TestScheduleByFormAndAPI(t *testing.T) {
	t.Parallel()
	h := open(t)
	ines := h.person(plans.Artist) // in London
	p := ines.makes(1)
	p = ines.api("PUT", "/api/profiles/"+p.ID, map[string]any{"version": p.Version, "draft": true, "profile_name": "Later"}).must(200).profile()
	year := time.Now().Year() + 1
	gap := lastSunday(year, time.March)
	form := func(local string) url.Values {
		return url.Values{"version": {strconv.FormatInt(p.Version, 10)}, "local": {local}}
	}
	path := "/dashboard/profiles/" + p.ID + "/schedule"
	if page := ines.post(path, form(gap.Format("2006-01-02")+"T01:30")).must(422).Body.String(); !strings.Contains(page, "The clocks go forward that night and leave 01:30 out") {
		t.Error("nobody is told that the clocks leave it out")
	}
	ines.post(path, form("2020-01-01T10:00")).must(422)
	ines.post(path, form("soon")).must(422)
	for _, wrong := range []any{nil, "soon", "2020-01-01T10:00:00Z", "2090-01-01T10:00:00Z"} {
		ines.api("POST", "/api/profiles/"+p.ID+"/schedule", map[string]any{"version": p.Version, "publish_at": wrong}).must(422)
	}
	summer := gap.AddDate(0, 3, 0).Format("2006-01-02")
	ines.post(path, form(summer+"T10:00")).must(303)
	var got struct {
		Version int64
		Draft   struct {
			PublishAt time.Time `json:"publish_at"`
		}
	}
	mustJSON(t, ines.api("GET", "/api/profiles/"+p.ID, nil).must(200).Body.Bytes(), &got)
	if want := summer + "T09:00:00Z"; got.Draft.PublishAt.Format(time.RFC3339) != want {
		t.Errorf("10:00 in London's summer is %s, want %s", got.Draft.PublishAt, want)
	}
	if page := ines.see("/dashboard/profiles/" + p.ID).must(200).Body.String(); !strings.Contains(page, "Goes public by itself on") {
		t.Error("the editor does not say so")
	}
	ines.api("DELETE", "/api/profiles/"+p.ID+"/schedule", map[string]any{"version": got.Version}).must(200)
	if page := ines.see("/dashboard/profiles/" + p.ID).must(200).Body.String(); strings.Contains(page, "Goes public by itself on") {
		t.Error("cancelled, and the editor still says so")
	}
}

func lastSunday(year int, month time.Month) time.Time {
	day := time.Date(year, month+1, 0, 0, 0, 0, 0, time.UTC)
	return day.AddDate(0, 0, -int(day.Weekday()))
}

func TestPaste(t *testing.T) {
	t.Parallel()
	h := open(t)
	ines := h.person(plans.Free)
	p := ines.makes(0)
	path := "/api/profiles/" + p.ID + "/paste"
	paste := func(text string) answer {
		t.Helper()
		return ines.api("POST", path, map[string]any{"version": ines.now(p.ID).Version, "text": text})
	}
	if e := paste("https://example.com\njavascript:alert(1)").must(422).problem(); !strings.Contains(e.Errors["text"], "Line 2:") {
		t.Errorf("told as %+v", e)
	}
	paste("").must(422)
	paste("hello").must(422)
	paste(strings.Repeat("https://example.com\n", 51)).must(422)
	if ines.now(p.ID).Draft != nil {
		t.Error("a paste that was refused left something behind")
	}
	got := paste("youtu.be/dQw4w9WgXcQ https://open.spotify.com/album/4uLU6hMCjMI75M1A2tKUQC\n\nexample.com/shop mailto:ines@example.com").must(200).profile()
	kinds := ""
	for _, b := range got.Draft.ProfileData.Blocks {
		kinds += b.Type + " "
	}
	if kinds != "embed embed link link " {
		t.Errorf("they became %s", kinds)
	}
	paste("https://example.com/5 https://example.com/6").must(403)
}
