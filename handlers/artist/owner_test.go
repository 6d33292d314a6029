package artist_test

import (
	"context"
	"net/url"
	"strings"
	"testing"

	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/internal/plans"
	"github.com/hlpfl/platform/store"
)

// Whatever is asked for, somebody else's row is not there, an admin's asking included.
func TestSomebodyElsesIsNotThere(t *testing.T) {
	t.Parallel()
	h := open(t)
	ines, other := h.person(plans.Artist), h.person(plans.Artist)
	h.system(func(tx *store.SystemTx) error {
		_, err := tx.SetAdmin(context.Background(), other.id, true)
		return err
	})
	p := ines.makes(1)
	p = ines.api("PUT", "/api/profiles/"+p.ID, map[string]any{"version": 1, "draft": true, "profile_data": map[string]any{
		"bio": "draft", "blocks": p.ProfileData.Blocks, "socials": []any{map[string]any{"id": "so", "url": "https://instagram.com/x"}}}}).must(200).profile()
	block := p.ProfileData.Blocks[0].ID
	for _, id := range []string{p.ID, model.NewProfileID().String(), "malformed", strings.ToUpper(p.ID) + "0", "00000000-0000-0000-0000-000000000000"} {
		for _, body := range []string{`{}`, `{"version":2}`, `{"version":2,"type":"text","text":"x","url":"https://example.com","to":0}`, `{"unknown":1}`} {
			for _, c := range [][2]string{
				{"GET", ""}, {"PUT", ""}, {"DELETE", ""}, {"POST", "/publish"}, {"POST", "/restore"}, {"POST", "/undo"}, {"POST", "/discard"},
				{"POST", "/blocks"}, {"PUT", "/blocks/" + block}, {"DELETE", "/blocks/" + block}, {"POST", "/blocks/" + block + "/move"},
				{"POST", "/blocks/" + block + "/restore"}, {"POST", "/socials"}, {"PUT", "/socials/so"}, {"DELETE", "/socials/so"},
				{"POST", "/socials/so/move"}, {"POST", "/socials/so/restore"},
			} {
				if got := other.api(c[0], "/api/profiles/"+id+c[1], body); got.Code != 404 {
					t.Errorf("%s %s%s %s: %d %s", c[0], id, c[1], body, got.Code, got.Body)
				}
			}
		}
		for _, path := range []string{"", "/preview"} {
			other.see("/dashboard/profiles/" + id + path).must(404)
		}
		for _, path := range []string{
			"/who", "/address", "/theme", "/publish", "/undo", "/discard", "/delete", "/restore", "/blocks", "/blocks/" + block,
			"/blocks/" + block + "/move", "/blocks/" + block + "/switch", "/blocks/" + block + "/delete", "/blocks/" + block + "/restore",
			"/socials", "/socials/so", "/socials/so/move", "/socials/so/delete", "/socials/so/restore",
		} {
			for _, form := range []url.Values{{}, {"version": {"2"}}, {"version": {"1"}}} {
				if got := other.post("/dashboard/profiles/"+id+path, form); got.Code != 404 {
					t.Errorf("POST %s%s %v: %d %.300s", id, path, form, got.Code, got.Body)
				}
			}
		}
	}
	if is := ines.now(p.ID); is.Version != p.Version {
		t.Errorf("something was saved: %s", is.raw)
	}
}

func TestVisitorsAreSentToTheDoor(t *testing.T) {
	t.Parallel()
	h := open(t)
	p := h.person(plans.Free).makes(0)
	nobody := &person{h: h}
	for _, path := range []string{"/api/profiles", "/api/profiles/" + p.ID, "/api/handles?handle=x"} {
		nobody.api("GET", path, nil).must(401)
	}
	for _, path := range []string{"/dashboard", "/dashboard/profiles/new", "/dashboard/profiles/" + p.ID, "/dashboard/profiles/" + p.ID + "/preview"} {
		nobody.see(path).must(303)
	}
	nobody.post("/dashboard/profiles/"+p.ID+"/publish", url.Values{"version": {"1"}}).must(401)
}
