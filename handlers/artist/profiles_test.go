package artist_test

import (
	"bytes"
	"encoding/json"
	"net/url"
	"testing"

	"github.com/hlpfl/platform/internal/plans"
)

func TestFirstProfileByAPI(t *testing.T) {
	t.Parallel()
	h := open(t)
	ines := h.person(plans.Free)

	a := ines.api("POST", "/api/profiles", map[string]any{
		"handle": " @InesOkafor ", "profile_name": "  Ines Okafor ",
		"profile_data": map[string]any{
			"bio":     "Soul, dub and harbour fog.\r\nLondon–Lagos.",
			"socials": []any{map[string]any{"url": "instagram.com/ines"}, map[string]any{"url": "https://youtu.be/x", "network": "YouTube"}},
			"blocks":  []any{map[string]any{"type": "link", "title": "Slow Harbour", "url": "HTTPS://Open.Spotify.com/album/x"}},
		},
	}).must(201)
	p := a.profile()
	if a.Header().Get("Location") != "/api/profiles/"+p.ID {
		t.Errorf("Location is %q", a.Header().Get("Location"))
	}
	if p.Handle != "inesokafor" || p.ProfileName != "Ines Okafor" || p.URL != "https://hlpfl.example/inesokafor" || p.TimeZone != "Europe/London" {
		t.Errorf("not mended: %+v", p)
	}
	if p.ProfileData.Bio != "Soul, dub and harbour fog.\nLondon–Lagos." || p.ProfileData.Theme["name"] != "plain" {
		t.Errorf("document is %+v", p.ProfileData)
	}
	if s := p.ProfileData.Socials; s[0].Network != "instagram" || s[0].URL != "https://instagram.com/ines" || s[1].Network != "youtube" || s[0].ID == "" {
		t.Errorf("socials are %+v", s)
	}
	if b := p.ProfileData.Blocks[0]; b.URL != "https://open.spotify.com/album/x" || b.ID == "" || b.Enabled == nil || !*b.Enabled {
		t.Errorf("block is %+v", b)
	}
	if p.Version != 1 || !p.IsActive || p.Draft != nil {
		t.Errorf("a fresh profile is published and active: %+v", p)
	}
	// What GET gives is what POST gave.
	if got := ines.now(p.ID); !bytes.Equal(got.raw, p.raw) {
		t.Errorf("GET gives\n%s\nnot\n%s", got.raw, p.raw)
	}
}

func TestGetMayBeSentBackWhole(t *testing.T) {
	t.Parallel()
	h := open(t)
	ines := h.person(plans.Artist)
	p := ines.makes(3)
	p = ines.api("PUT", "/api/profiles/"+p.ID, map[string]any{"version": p.Version, "draft": true, "profile_name": "Ines O."}).must(200).profile()
	if p.Draft == nil || p.Draft.ProfileName != "Ines O." || p.ProfileName != "Ines Okafor" {
		t.Fatalf("no draft: %s", p.raw)
	}
	back := ines.api("PUT", "/api/profiles/"+p.ID, string(ines.now(p.ID).raw)).must(200).profile()
	if back.Version != p.Version+1 || back.Draft != nil {
		t.Errorf("published, with the draft cleared, as the next version: %s", back.raw)
	}
	was, is := map[string]any{}, map[string]any{}
	mustJSON(t, p.raw, &was)
	mustJSON(t, back.raw, &is)
	for _, same := range []string{"profile_data", "profile_name", "handle", "time_zone", "id", "created_at"} {
		a, _ := json.Marshal(was[same])
		b, _ := json.Marshal(is[same])
		if !bytes.Equal(a, b) {
			t.Errorf("%s was %s and is %s", same, a, b)
		}
	}
	// The draft that was cleared is not lost.
	undone := ines.api("POST", "/api/profiles/"+p.ID+"/undo", map[string]any{"version": back.Version}).must(200).profile()
	if undone.Draft == nil || undone.Draft.ProfileName != "Ines O." {
		t.Errorf("undo gives %s", undone.raw)
	}
	for field, value := range map[string]any{"id": "x", "url": "https://else.example", "created_at": "2020-01-01T00:00:00Z", "updated_at": nil} {
		var whole map[string]any
		mustJSON(t, ines.now(p.ID).raw, &whole)
		if value == nil {
			value = "yesterday"
		}
		whole[field] = value
		if got := ines.api("PUT", "/api/profiles/"+p.ID, whole).must(422).problem(); got.Errors[field] == "" {
			t.Errorf("a changed %s is told as %+v", field, got)
		}
	}
}

func TestDraftAndPublish(t *testing.T) {
	t.Parallel()
	h := open(t)
	ines := h.person(plans.Artist)
	p := ines.makes(1)
	put := func(body map[string]any) profile {
		t.Helper()
		body["version"] = ines.now(p.ID).Version
		return ines.api("PUT", "/api/profiles/"+p.ID, body).must(200).profile()
	}
	got := put(map[string]any{"draft": true, "profile_name": "Waiting", "profile_data": map[string]any{"bio": "waits"}, "handle": "at-once", "time_zone": "Asia/Tokyo", "is_active": false})
	if got.ProfileName != "Ines Okafor" || got.ProfileData.Bio != "Songs." || got.Draft.ProfileName != "Waiting" || got.Draft.ProfileData.Bio != "waits" {
		t.Errorf("name and document do not wait: %s", got.raw)
	}
	if got.Handle != "at-once" || got.TimeZone != "Asia/Tokyo" || got.IsActive {
		t.Errorf("handle, time zone and is_active act at once: %s", got.raw)
	}
	got = put(map[string]any{"is_active": true})
	if got.Draft == nil || !got.IsActive {
		t.Errorf("what is absent stays: %s", got.raw)
	}
	got = ines.api("POST", "/api/profiles/"+p.ID+"/publish", nil).must(200).profile()
	if got.Draft != nil || got.ProfileName != "Waiting" || got.ProfileData.Bio != "waits" {
		t.Errorf("not published: %s", got.raw)
	}
	again := ines.api("POST", "/api/profiles/"+p.ID+"/publish", nil).must(200).profile()
	if again.Version != got.Version {
		t.Errorf("publishing nothing made version %d of %d", again.Version, got.Version)
	}
	put(map[string]any{"draft": true, "profile_data": map[string]any{"bio": "two"}})
	got = put(map[string]any{"profile_data": map[string]any{"bio": "three"}})
	if got.Draft != nil || got.ProfileData.Bio != "three" || got.ProfileName != "Waiting" {
		t.Errorf("a save without draft publishes and clears it: %s", got.raw)
	}
	put(map[string]any{"draft": true, "profile_data": map[string]any{"bio": "four"}})
	ines.api("POST", "/api/profiles/"+p.ID+"/publish", map[string]any{"version": 1}).must(409)
	got = ines.api("POST", "/api/profiles/"+p.ID+"/discard", map[string]any{"version": ines.now(p.ID).Version}).must(200).profile()
	if got.Draft != nil || got.ProfileData.Bio != "three" {
		t.Errorf("not discarded: %s", got.raw)
	}
}

func TestStaleSaveIsConflictAndLosesNothing(t *testing.T) {
	t.Parallel()
	h := open(t)
	ines := h.person(plans.Artist)
	p := ines.makes(2)
	block := p.ProfileData.Blocks[0].ID
	newer := ines.api("PUT", "/api/profiles/"+p.ID, map[string]any{"version": p.Version, "draft": true, "profile_data": map[string]any{"bio": "theirs"}}).must(200).profile()
	stale := p.Version
	for _, c := range []struct {
		method, path string
		body         map[string]any
	}{
		{"PUT", "", map[string]any{"profile_data": map[string]any{"bio": "mine"}}},
		{"PUT", "", map[string]any{"is_active": false}},
		{"POST", "/blocks", map[string]any{"type": "text", "text": "mine"}},
		{"PUT", "/blocks/" + block, map[string]any{"title": "mine"}},
		{"DELETE", "/blocks/" + block, map[string]any{}},
		{"POST", "/blocks/" + block + "/move", map[string]any{"to": 1}},
		{"POST", "/socials", map[string]any{"url": "https://instagram.com/mine"}},
		{"POST", "/publish", map[string]any{}},
		{"POST", "/discard", map[string]any{}},
		{"POST", "/undo", map[string]any{}},
		{"DELETE", "", map[string]any{}},
	} {
		c.body["version"] = stale
		got := ines.api(c.method, "/api/profiles/"+p.ID+c.path, c.body).must(409).problem()
		if got.Type != "/problems/conflict" || got.Version != newer.Version {
			t.Errorf("%s %s is told as %+v", c.method, c.path, got)
		}
	}
	if is := ines.now(p.ID); !bytes.Equal(is.raw, newer.raw) {
		t.Errorf("something was saved:\n%s\nnot\n%s", is.raw, newer.raw)
	}
}

func TestHandleIsUniqueAndFreeOnesAreOffered(t *testing.T) {
	t.Parallel()
	h := open(t)
	ines, other := h.person(plans.Artist), h.person(plans.Artist)
	ines.api("POST", "/api/profiles", map[string]any{"handle": "mirandalee", "profile_name": "Miranda Lee"}).must(201)
	got := other.api("POST", "/api/profiles", map[string]any{"handle": "MirandaLee", "profile_name": "Miranda Lee"}).must(409).problem()
	if got.Type != "/problems/taken" || got.Errors["handle"] != "That handle is taken. mirandalee.music is free." {
		t.Errorf("taken is told as %+v", got)
	}
	mine := other.makes(0)
	got = other.api("PUT", "/api/profiles/"+mine.ID, map[string]any{"version": 1, "handle": "mirandalee"}).must(409).problem()
	if got.Errors["handle"] != "That handle is taken. mirandalee.music is free." {
		t.Errorf("taken is told as %+v", got)
	}
	if is := other.now(mine.ID); is.Version != 1 || is.Handle != mine.Handle {
		t.Errorf("something was saved: %s", is.raw)
	}
	for handle, want := range map[string]bool{"mirandalee": false, "mirandalee.music": true, mine.Handle: false, "x": false, "login": false, "a--b": false} {
		var a struct {
			Free        bool     `json:"free"`
			Reason      string   `json:"reason"`
			Suggestions []string `json:"suggestions"`
		}
		mustJSON(t, other.api("GET", "/api/handles?handle="+url.QueryEscape(handle), nil).must(200).Body.Bytes(), &a)
		if a.Free != want || a.Free == (a.Reason != "") {
			t.Errorf("%s: %+v", handle, a)
		}
	}
	var own struct{ Free bool }
	mustJSON(t, other.api("GET", "/api/handles?handle="+mine.Handle+"&profile="+mine.ID, nil).must(200).Body.Bytes(), &own)
	if !own.Free {
		t.Error("a profile may keep its own handle")
	}
	if part := other.see("/dashboard/handle?handle=mirandalee").must(200).Body.String(); !bytes.Contains([]byte(part), []byte("mirandalee.music")) {
		t.Errorf("the part says %s", part)
	}
}

func TestDeleteAndRestore(t *testing.T) {
	t.Parallel()
	h := open(t)
	ines, other := h.person(plans.Free), h.person(plans.Free)
	p := ines.makes(1)
	ines.api("DELETE", "/api/profiles/"+p.ID, nil).must(204)
	for _, path := range []string{"", "/publish", "/blocks"} {
		method := "POST"
		if path == "" {
			method = "GET"
		}
		ines.api(method, "/api/profiles/"+p.ID+path, nil).must(404)
	}
	ines.api("DELETE", "/api/profiles/"+p.ID, nil).must(404)
	other.api("POST", "/api/profiles", map[string]any{"handle": p.Handle, "profile_name": "Thief"}).must(409)
	other.api("POST", "/api/profiles/"+p.ID+"/restore", nil).must(404)
	var list struct{ Data []profile }
	mustJSON(t, ines.api("GET", "/api/profiles?deleted=true", nil).must(200).Body.Bytes(), &list)
	if len(list.Data) != 1 || list.Data[0].ID != p.ID {
		t.Errorf("deleted ones are %+v", list)
	}
	// Deleted ones do not count; restoring one too many is refused.
	second := ines.makes(0)
	got := ines.api("POST", "/api/profiles/"+p.ID+"/restore", nil).must(403).problem()
	if got.Type != "/problems/plan-limit" || got.LimitName != "profiles" || got.Limit != 1 || got.Used != 1 || got.LiftedBy != "artist" {
		t.Errorf("told as %+v", got)
	}
	ines.api("DELETE", "/api/profiles/"+second.ID, nil).must(204)
	back := ines.api("POST", "/api/profiles/"+p.ID+"/restore", nil).must(200).profile()
	if back.Handle != p.Handle || back.Version <= p.Version {
		t.Errorf("it is not back: %s", back.raw)
	}
	ines.api("POST", "/api/profiles/"+p.ID+"/restore", nil).must(200) // again is no harm
}

func TestListsArePaged(t *testing.T) {
	t.Parallel()
	h := open(t)
	ines := h.person(plans.Business)
	other := h.person(plans.Free)
	other.makes(0)
	made := map[string]bool{}
	for range 5 {
		made[ines.makes(0).ID] = true
	}
	path, seen, asked := "/api/profiles?limit=2", map[string]bool{}, 0
	for next := ""; asked == 0 || next != ""; asked++ {
		var list struct {
			Data []profile
			Next *string
		}
		mustJSON(t, ines.api("GET", path+next, nil).must(200).Body.Bytes(), &list)
		for _, p := range list.Data {
			seen[p.ID] = true
			if !made[p.ID] {
				t.Errorf("a stranger: %s", p.ID)
			}
		}
		next = ""
		if list.Next != nil {
			next = "&cursor=" + *list.Next
		}
	}
	if len(seen) != 5 || asked != 3 {
		t.Errorf("%d profiles on %d pages", len(seen), asked)
	}
	for _, query := range []string{"limit=0", "limit=101", "limit=x", "cursor=x", "deleted=perhaps"} {
		ines.api("GET", "/api/profiles?"+query, nil).must(422)
	}
}

func mustJSON(t *testing.T, raw []byte, into any) {
	t.Helper()
	if err := json.Unmarshal(raw, into); err != nil {
		t.Fatalf("%v in %s", err, raw)
	}
}
