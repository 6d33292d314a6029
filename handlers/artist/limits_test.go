package artist_test

import (
	"fmt"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/hlpfl/platform/internal/plans"
)

// race runs n requests at once and counts their statuses.
func race(n int, ask func(i int) answer) map[int]int {
	var mu sync.Mutex
	got := map[int]int{}
	start := make(chan struct{})
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			<-start
			code := ask(i).Code
			mu.Lock()
			defer mu.Unlock()
			got[code]++
		})
	}
	close(start)
	all.Wait()
	return got
}

func TestTwoFirstProfilesAtOnceAreOne(t *testing.T) {
	t.Parallel()
	h := open(t)
	ines := h.person(plans.Free)
	got := race(4, func(i int) answer {
		if i%2 == 0 {
			return ines.api("POST", "/api/profiles", map[string]any{"handle": fmt.Sprintf("atonce%d", i), "profile_name": "Ines"})
		}
		return ines.post("/dashboard/profiles", url.Values{"handle": {fmt.Sprintf("atonce%d", i)}, "profile_name": {"Ines"}, "time_zone": {"UTC"}})
	})
	if got[201]+got[303] != 1 || got[403] != 3 {
		t.Errorf("four at once: %v", got)
	}
}

func TestTheSameHandleAtOnceIsOnePersons(t *testing.T) {
	t.Parallel()
	h := open(t)
	a, b := h.person(plans.Free), h.person(plans.Free)
	got := race(2, func(i int) answer {
		return []*person{a, b}[i].api("POST", "/api/profiles", map[string]any{"handle": "wanted", "profile_name": "Wanted"})
	})
	if got[201] != 1 || got[409] != 1 {
		t.Errorf("two at once: %v", got)
	}
	// By renaming too.
	pa, pb := h.person(plans.Free), h.person(plans.Free)
	ids := []profile{pa.makes(0), pb.makes(0)}
	got = race(2, func(i int) answer {
		return []*person{pa, pb}[i].api("PUT", "/api/profiles/"+ids[i].ID, map[string]any{"version": 1, "handle": "wanted2"})
	})
	if got[200] != 1 || got[409] != 1 {
		t.Errorf("two renames at once: %v", got)
	}
}

func TestTwoLinksForTheLastPlaceAreOne(t *testing.T) {
	t.Parallel()
	h := open(t)
	ines := h.person(plans.Free)
	p := ines.makes(4)
	// The version alone would let one through; so each tries until it is told no for good.
	got := race(4, func(i int) answer {
		for {
			v := ines.now(p.ID).Version
			var a answer
			if i%2 == 0 {
				a = ines.api("POST", "/api/profiles/"+p.ID+"/blocks", map[string]any{"version": v, "type": "link", "title": "Last", "url": "https://example.com"})
			} else {
				a = ines.api("POST", "/api/profiles/"+p.ID+"/socials", map[string]any{"version": v, "url": "https://instagram.com/last"})
			}
			if a.Code != 409 {
				return a
			}
		}
	})
	if got[201] != 1 || got[403] != 3 {
		t.Errorf("four at once: %v", got)
	}
	d := ines.now(p.ID).Draft.ProfileData
	if n := len(d.Blocks) + len(d.Socials); n != 5 {
		t.Errorf("%d links on Free", n)
	}
}

func TestLimitOfLinksAtBothDoors(t *testing.T) {
	t.Parallel()
	h := open(t)
	ines := h.person(plans.Free)
	links := func(n int) []block {
		var list []block
		for i := range n {
			list = append(list, block{Type: "link", Title: fmt.Sprint(i), URL: "https://example.com"})
		}
		return list
	}
	doc := func(n int) map[string]any { return map[string]any{"blocks": links(n)} }
	got := ines.api("POST", "/api/profiles", map[string]any{"handle": "toomany", "profile_name": "I", "profile_data": doc(6)}).must(403).problem()
	if got.Type != "/problems/plan-limit" || got.LimitName != "links" || got.Limit != 5 || got.LiftedBy != "artist" {
		t.Errorf("told as %+v", got)
	}
	p := ines.makes(5)
	path := "/api/profiles/" + p.ID
	got = ines.api("POST", path+"/blocks", map[string]any{"version": 1, "type": "link", "title": "Sixth", "url": "https://example.com"}).must(403).problem()
	if got.Used != 5 {
		t.Errorf("told as %+v", got)
	}
	ines.api("PUT", path, map[string]any{"version": 1, "profile_data": doc(6)}).must(403)
	ines.api("PUT", path, map[string]any{"version": 1, "draft": true, "profile_data": doc(6)}).must(403)
	page := ines.post("/dashboard/profiles/"+p.ID+"/blocks", url.Values{"version": {"1"}, "type": {"link"}, "url": {"https://sixth.example/kept"}, "title": {"Sixth & last"}}).must(403).Body.String()
	if !strings.Contains(page, "Sixth &amp; last") || !strings.Contains(page, "https://sixth.example/kept") || !strings.Contains(page, "Your plan, Free, holds 5 links.") {
		t.Errorf("the form does not keep what was typed, or does not say why: %s", page)
	}
	ines.post("/dashboard/profiles/"+p.ID+"/socials", url.Values{"version": {"1"}, "url": {"https://instagram.com/x"}, "network": {""}}).must(403)
	// Headings and texts are no links; a link that is off is one.
	p = ines.api("POST", path+"/blocks", map[string]any{"version": 1, "type": "heading", "text": "Press"}).must(201).profile()
	p = ines.api("PUT", path+"/blocks/"+p.ProfileData.Blocks[0].ID, map[string]any{"version": p.Version, "enabled": false}).must(200).profile()
	ines.api("POST", path+"/blocks", map[string]any{"version": p.Version, "type": "link", "title": "Sixth", "url": "https://example.com"}).must(403)
	if page := ines.see("/dashboard/profiles/" + p.ID).must(200).Body.String(); !strings.Contains(page, "links-limit") {
		t.Error("the screen does not show the limit before one runs into it")
	}
}

func TestAfterADowngradeNothingMayGrow(t *testing.T) {
	t.Parallel()
	h := open(t)
	ines := h.person(plans.Artist)
	p := ines.makes(7)
	path := "/api/profiles/" + p.ID
	ines.makes(0)
	h.grant(ines, plans.Free)
	// Everything but another link may be saved.
	p = ines.api("PUT", path+"/blocks/"+p.ProfileData.Blocks[0].ID, map[string]any{"version": 1, "title": "Changed"}).must(200).profile()
	p = ines.api("DELETE", path+"/blocks/"+p.ProfileData.Blocks[6].ID, map[string]any{"version": p.Version}).must(200).profile()
	p = ines.api("POST", path+"/undo", map[string]any{"version": p.Version}).must(200).profile()
	p = ines.api("POST", path+"/publish", nil).must(200).profile()
	ines.api("POST", path+"/blocks", map[string]any{"version": p.Version, "type": "link", "title": "Eighth", "url": "https://example.com"}).must(403)
	ines.api("POST", "/api/profiles", map[string]any{"handle": "third.one", "profile_name": "Third"}).must(403)
	// A draft from richer days does not become public.
	h.grant(ines, plans.Artist)
	p = ines.api("POST", path+"/blocks", map[string]any{"version": p.Version, "type": "link", "title": "Eighth", "url": "https://example.com"}).must(201).profile()
	h.grant(ines, plans.Free)
	got := ines.api("POST", path+"/publish", nil).must(403).problem()
	if got.LimitName != "links" {
		t.Errorf("told as %+v", got)
	}
	if is := ines.now(p.ID); len(is.ProfileData.Blocks) != 7 || is.Draft == nil {
		t.Errorf("something changed: %s", is.raw)
	}
}

func TestOfParallelSavesFromOneVersionOneIsSaved(t *testing.T) {
	t.Parallel()
	h := open(t)
	ines := h.person(plans.Artist)
	p := ines.makes(1)
	path := "/api/profiles/" + p.ID
	got := race(6, func(i int) answer {
		switch i % 3 {
		case 0:
			return ines.api("PUT", path, map[string]any{"version": 1, "draft": true, "profile_data": map[string]any{"bio": fmt.Sprint(i)}})
		case 1:
			return ines.api("POST", path+"/blocks", map[string]any{"version": 1, "type": "text", "text": fmt.Sprint(i)})
		}
		return ines.api("DELETE", path+"/blocks/"+p.ProfileData.Blocks[0].ID, map[string]any{"version": 1})
	})
	if got[200]+got[201] != 1 || got[409] != 5 {
		t.Errorf("six at once: %v", got)
	}
	if v := ines.now(p.ID).Version; v != 2 {
		t.Errorf("version %d after one save", v)
	}
	// A publish and a save: whichever comes second is told, and no text is both gone and not public.
	p = ines.now(p.ID)
	p = ines.api("PUT", path, map[string]any{"version": p.Version, "draft": true, "profile_data": map[string]any{"bio": "first"}}).must(200).profile()
	got = race(2, func(i int) answer {
		if i == 0 {
			return ines.api("POST", path+"/publish", map[string]any{"version": p.Version})
		}
		return ines.api("PUT", path, map[string]any{"version": p.Version, "draft": true, "profile_data": map[string]any{"bio": "second"}})
	})
	is := ines.now(p.ID)
	if got[200] != 1 || got[409] != 1 || is.Version != p.Version+1 {
		t.Errorf("publish against save: %v, %s", got, is.raw)
	}
	if published := is.ProfileData.Bio == "first" && is.Draft == nil; !published && (is.Draft == nil || is.Draft.ProfileData.Bio != "second") {
		t.Errorf("neither side is whole: %s", is.raw)
	}
}
