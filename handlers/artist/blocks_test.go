package artist_test

import (
	"strings"
	"testing"

	"github.com/hlpfl/platform/internal/plans"
)

func TestBlocksByAPI(t *testing.T) {
	t.Parallel()
	h := open(t)
	ines := h.person(plans.Artist)
	p := ines.makes(2)
	first, second := p.ProfileData.Blocks[0].ID, p.ProfileData.Blocks[1].ID
	path := "/api/profiles/" + p.ID
	ask := func(method, at string, body map[string]any, status int) profile {
		t.Helper()
		body["version"] = p.Version
		got := ines.api(method, path+at, body).must(status).profile()
		if got.Version != p.Version+1 {
			t.Errorf("%s %s made version %d of %d", method, at, got.Version, p.Version)
		}
		if len(got.ProfileData.Blocks) != 2 || got.ProfileData.Blocks[0].Title != "Link 0" {
			t.Errorf("%s %s changed what is public: %s", method, at, got.raw)
		}
		p = got
		return got
	}
	order := func() string {
		var names []string
		for _, b := range p.Draft.ProfileData.Blocks {
			names = append(names, b.Title+b.Text)
		}
		return strings.Join(names, ",")
	}

	ask("POST", "/blocks", map[string]any{"type": "heading", "text": " Press ", "at": 0}, 201)
	heading := p.Block.ID
	if order() != "Press,Link 0,Link 1" || p.Block.Type != "heading" {
		t.Errorf("after adding: %s, %+v", order(), p.Block)
	}
	ask("POST", "/blocks", map[string]any{"id": "mine_1", "type": "link", "title": "New", "url": "example.org", "starts_at": "2030-01-01T10:00:00+01:00"}, 201)
	if p.Block.ID != "mine_1" || p.Block.URL != "https://example.org" || *p.Block.StartsAt != "2030-01-01T09:00:00Z" {
		t.Errorf("added %+v", p.Block)
	}
	ask("PUT", "/blocks/mine_1", map[string]any{"title": "Newer", "enabled": false}, 200)
	if b := p.Block; b.Title != "Newer" || *b.Enabled || b.URL != "https://example.org" || b.StartsAt == nil {
		t.Errorf("what is absent does not stay: %+v", b)
	}
	ask("PUT", "/blocks/mine_1", map[string]any{"starts_at": nil, "id": "mine_1", "type": "link"}, 200)
	if p.Block.StartsAt != nil {
		t.Errorf("null does not take the start away: %+v", p.Block)
	}
	ask("POST", "/blocks/mine_1/move", map[string]any{"to": 0}, 200)
	ask("POST", "/blocks/"+first+"/move", map[string]any{"by": 5}, 200)
	if order() != "Newer,Press,Link 1,Link 0" {
		t.Errorf("after moving: %s", order())
	}
	ask("DELETE", "/blocks/"+second, map[string]any{}, 200)
	if order() != "Newer,Press,Link 0" {
		t.Errorf("after deleting: %s", order())
	}
	ask("POST", "/blocks/"+second+"/restore", map[string]any{}, 200)
	if order() != "Newer,Press,Link 0,Link 1" {
		t.Errorf("put back not behind what it stood behind: %s", order())
	}
	ask("POST", "/undo", map[string]any{}, 200)
	ask("POST", "/undo", map[string]any{}, 200)
	if order() != "Newer,Press,Link 1,Link 0" {
		t.Errorf("after two undos: %s", order())
	}
	ask("DELETE", "/blocks/"+heading, map[string]any{}, 200)
	ask("POST", "/discard", map[string]any{}, 200)
	if p.Draft != nil {
		t.Errorf("there is a draft: %s", p.raw)
	}
	ask("POST", "/undo", map[string]any{}, 200)
	if order() != "Newer,Link 1,Link 0" {
		t.Errorf("the discarded draft is %s", order())
	}
	p = ines.api("POST", path+"/publish", map[string]any{"version": p.Version}).must(200).profile()
	if p.Draft != nil || len(p.ProfileData.Blocks) != 3 || p.ProfileData.Blocks[0].ID != "mine_1" {
		t.Errorf("published %s", p.raw)
	}
	ines.api("POST", path+"/undo", map[string]any{"version": p.Version}).must(422) // what is public is not taken back
}

func TestBlocksThatAreRefused(t *testing.T) {
	t.Parallel()
	h := open(t)
	ines := h.person(plans.Artist)
	p := ines.makes(1)
	link := p.ProfileData.Blocks[0].ID
	p = ines.api("POST", "/api/profiles/"+p.ID+"/blocks", map[string]any{"version": p.Version, "type": "heading", "text": "Press"}).must(201).profile()
	heading := p.Block.ID
	for _, c := range []struct {
		method, path string
		body         map[string]any
		field        string
	}{
		{"POST", "/blocks", map[string]any{"type": "link", "title": "t"}, "url"},
		{"POST", "/blocks", map[string]any{"type": "link", "url": "https://example.com"}, "title"},
		{"POST", "/blocks", map[string]any{"type": "link", "url": "https://example.com", "title": " "}, "title"},
		{"POST", "/blocks", map[string]any{"title": "t"}, "type"},
		{"POST", "/blocks", map[string]any{"type": "quiz"}, "type"},
		{"POST", "/blocks", map[string]any{"type": "text"}, "text"},
		{"POST", "/blocks", map[string]any{"type": "text", "text": "x", "url": "https://example.com"}, "url"},
		{"POST", "/blocks", map[string]any{"type": "heading", "text": "x", "id": link}, "id"},
		{"POST", "/blocks", map[string]any{"type": "heading", "text": "x", "id": "a b"}, "id"},
		{"POST", "/blocks", map[string]any{"type": "heading", "text": "x", "then": "done"}, "then"},
		{"POST", "/blocks", map[string]any{"type": "heading", "text": "x", "starts_at": "soon"}, "starts_at"},
		{"POST", "/blocks", map[string]any{"type": "heading", "text": "x", "ends_at": 7}, "ends_at"},
		{"POST", "/blocks", map[string]any{"type": "heading", "text": "x", "starts_at": "2030-01-02T00:00:00Z", "ends_at": "2030-01-01T00:00:00Z"}, "ends_at"},
		{"POST", "/blocks", map[string]any{"type": "heading", "text": "x", "enabled": "yes"}, "enabled"},
		{"PUT", "/blocks/" + link, map[string]any{"type": "heading"}, "type"},
		{"PUT", "/blocks/" + link, map[string]any{"id": heading}, "id"},
		{"PUT", "/blocks/" + link, map[string]any{"text": "x"}, "text"},
		{"PUT", "/blocks/" + link, map[string]any{"url": "javascript:alert(1)"}, "url"},
		{"PUT", "/blocks/" + link, map[string]any{"at": 0}, "at"},
		{"PUT", "/blocks/" + link, map[string]any{"title": ""}, "title"},
		{"POST", "/blocks/" + link + "/move", map[string]any{}, "to"},
		{"POST", "/blocks/" + link + "/move", map[string]any{"to": -1}, "to"},
		{"POST", "/blocks/" + link + "/move", map[string]any{"to": 1, "by": 1}, "by"},
		{"POST", "/blocks/" + link + "/restore", map[string]any{}, "block"},
		{"POST", "/socials", map[string]any{}, "url"},
		{"POST", "/socials", map[string]any{"url": "https://instagram.com/x", "network": "nowhere"}, "network"},
	} {
		c.body["version"] = p.Version
		got := ines.api(c.method, "/api/profiles/"+p.ID+c.path, c.body).must(422).problem()
		if got.Errors[c.field] == "" {
			t.Errorf("%s %s %v names %v, not %s", c.method, c.path, c.body, got.Errors, c.field)
		}
	}
	for _, path := range []string{"/blocks", "/blocks/" + link + "/move", "/undo", "/discard"} {
		if got := ines.api("POST", "/api/profiles/"+p.ID+path, map[string]any{}).must(422).problem(); got.Errors["version"] == "" {
			t.Errorf("%s without a version names %v", path, got.Errors)
		}
	}
	for _, id := range []string{"absent", "a%20b", strings.Repeat("x", 41)} {
		ines.api("PUT", "/api/profiles/"+p.ID+"/blocks/"+id, map[string]any{"version": p.Version, "title": "x"}).must(404)
		ines.api("DELETE", "/api/profiles/"+p.ID+"/blocks/"+id, map[string]any{"version": p.Version}).must(404)
		ines.api("PUT", "/api/profiles/"+p.ID+"/socials/"+id, map[string]any{"version": p.Version, "url": "https://x.com/x"}).must(404)
	}
	if is := ines.now(p.ID); is.Version != p.Version {
		t.Error("something was saved")
	}
}

func TestSocialsByAPI(t *testing.T) {
	t.Parallel()
	h := open(t)
	ines := h.person(plans.Artist)
	p := ines.makes(0)
	path := "/api/profiles/" + p.ID + "/socials"
	ask := func(method, at string, body map[string]any, status int) {
		t.Helper()
		body["version"] = p.Version
		p = ines.api(method, path+at, body).must(status).profile()
	}
	ask("POST", "", map[string]any{"url": "open.spotify.com/artist/1"}, 201)
	spotify := p.Social.ID
	if p.Social.Network != "spotify" {
		t.Errorf("network left out becomes %q", p.Social.Network)
	}
	ask("POST", "", map[string]any{"url": "https://post.lurk.example/@ines", "network": "mastodon", "at": 0}, 201)
	mastodon := p.Social.ID
	ask("PUT", "/"+mastodon, map[string]any{"url": "https://post.lurk.example/@ines"}, 200)
	if p.Social.Network != "mastodon" {
		t.Errorf("the same address sent again loses the chosen network: %+v", p.Social)
	}
	ask("PUT", "/"+mastodon, map[string]any{"url": "https://www.youtube.com/@ines"}, 200)
	if p.Social.Network != "youtube" {
		t.Errorf("a new address keeps an old network: %+v", p.Social)
	}
	ask("POST", "/"+spotify+"/move", map[string]any{"to": 0}, 200)
	if s := p.Draft.ProfileData.Socials; s[0].ID != spotify || s[1].ID != mastodon {
		t.Errorf("not moved: %+v", s)
	}
	p = ines.api("POST", "/api/profiles/"+p.ID+"/publish", nil).must(200).profile()
	ask("DELETE", "/"+spotify, map[string]any{}, 200)
	ask("POST", "/"+spotify+"/restore", map[string]any{}, 200)
	if s := p.Draft.ProfileData.Socials; len(s) != 2 || s[0].ID != spotify {
		t.Errorf("not put back where it stood: %+v", s)
	}
}
