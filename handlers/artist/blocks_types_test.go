package artist_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/hlpfl/platform/internal/plans"
)

// newBlocks are a block of each type as a program sends them.
var newBlocks = map[string]map[string]any{
	"link":    {"title": "Vinyl", "url": "example.com/vinyl", "icon": "auto", "featured": true},
	"heading": {"text": "Press"},
	"text":    {"text": "**bold**\n\n- a\n- b"},
	"contact": {"name": "Marta", "ways": []any{map[string]any{"url": "mailto:marta@example.com"}}},
	"faq":     {"title": "Questions", "questions": []any{map[string]any{"question": "Parking?", "answer": "No."}}},
	"divider": {},
	"merch":   {"title": "Shirt", "url": "https://example.com/shirt", "price": map[string]any{"amount": "25", "currency": "EUR"}, "sold_out": true},
	"embed":   {"title": "Night Bus", "url": "https://youtu.be/dQw4w9WgXcQ"},
	"release": {"title": "Slow Harbour", "date": "2099-12-04", "zone": "Europe/London", "services": []any{map[string]any{"url": "https://tidal.com/browse/album/1"}},
		"pre_saves": []any{map[string]any{"url": "https://example.com/pre"}}},
	"tour": {"title": "On tour", "dates": []any{map[string]any{"city": "Lisbon", "venue": "Musicbox", "starts": "2099-12-12T21:00", "zone": "Europe/Lisbon",
		"on_sale_at": "2099-12-01T10:00:00Z", "tickets": []any{map[string]any{"kind": "presale", "url": "https://example.com/p"}, map[string]any{"url": "https://example.com/t"}}}}},
}

type saved struct {
	Version int64
	Block   struct{ ID, Type, Title string }
}

func TestEveryTypeOfBlockByTheAPI(t *testing.T) {
	t.Parallel()
	h := open(t)
	ines := h.person(plans.Artist)
	p := ines.makes(0)
	path := "/api/profiles/" + p.ID
	v := p.Version
	send := func(method, at string, body map[string]any, status int) (out saved, raw string) {
		t.Helper()
		body["version"] = v
		a := ines.api(method, path+at, body).must(status)
		mustJSON(t, a.Body.Bytes(), &out)
		v = out.Version
		return out, a.Body.String()
	}
	for kind, fields := range newBlocks {
		body := map[string]any{"type": kind}
		for name, value := range fields {
			body[name] = value
		}
		added, _ := send("POST", "/blocks", body, 201)
		if added.Block.Type != kind || added.Block.ID == "" {
			t.Fatalf("%s: %+v", kind, added)
		}
		same, _ := send("PUT", "/blocks/"+added.Block.ID, map[string]any{"enabled": true}, 200)
		if same.Block.ID != added.Block.ID {
			t.Errorf("%s is %s after an edit", added.Block.ID, same.Block.ID)
		}
		copied, _ := send("POST", "/blocks/"+added.Block.ID+"/duplicate", map[string]any{}, 201)
		if copied.Block.ID == added.Block.ID || copied.Block.Type != kind {
			t.Errorf("%s: the copy is %+v", kind, copied.Block)
		}
	}
	ines.api("POST", path+"/publish", map[string]any{"version": v}).must(200)
	// What the API gives can be sent back whole.
	whole := ines.api("GET", path, nil).must(200).Body.String()
	var now map[string]json.RawMessage
	mustJSON(t, []byte(whole), &now)
	back := ines.api("PUT", path, map[string]any{"version": now["version"], "profile_data": now["profile_data"]}).must(200).Body.Bytes()
	var again map[string]json.RawMessage
	mustJSON(t, back, &again)
	if string(again["profile_data"]) != string(now["profile_data"]) {
		t.Errorf("sent back it is\n%s\nnot\n%s", again["profile_data"], now["profile_data"])
	}
}

func TestAHeadingMovesWithItsGroup(t *testing.T) {
	t.Parallel()
	h := open(t)
	ines := h.person(plans.Artist)
	p := ines.api("POST", "/api/profiles", map[string]any{"handle": "groups", "profile_name": "Ines", "profile_data": json.RawMessage(
		`{"blocks":[{"id":"H","type":"heading","text":"One"},{"id":"a","type":"text","text":"a"},{"id":"I","type":"heading","text":"Two"},{"id":"b","type":"text","text":"b"}]}`)}).must(201).profile()
	var got struct {
		Draft struct {
			Data struct {
				Blocks []struct{ ID string }
			} `json:"profile_data"`
		}
	}
	mustJSON(t, ines.api("POST", "/api/profiles/"+p.ID+"/blocks/I/move", map[string]any{"version": p.Version, "to": 0, "group": true}).must(200).Body.Bytes(), &got)
	order := ""
	for _, b := range got.Draft.Data.Blocks {
		order += b.ID
	}
	if order != "IbHa" {
		t.Errorf("the order is %s", order)
	}
}

// The preview at an instant is what fans will see at it; the clocks are the artist's.
func TestViewAs(t *testing.T) {
	t.Parallel()
	h := open(t)
	ines := h.person(plans.Artist)
	p := ines.api("POST", "/api/profiles", map[string]any{"handle": "viewas", "profile_name": "Ines", "time_zone": "America/New_York", "profile_data": json.RawMessage(
		`{"blocks":[{"id":"soon","type":"text","text":"Here at noon","starts_at":"2099-07-01T16:00:00Z"}]}`)}).must(201).profile()
	path := "/dashboard/profiles/" + p.ID + "/preview"
	for at, shown := range map[string]bool{
		"": false, "2099-07-01T11:59": false, "2099-07-01T12:00": true, "2099-07-01T15:59:59Z": false, "2099-07-01T16:00:00Z": true, "2099-07-01T18:00:00%2B02:00": true, "2099-07-01": false, "2099-07-02": true,
	} {
		a := ines.see(path + "?at=" + at).must(200)
		if strings.Contains(a.Body.String(), "Here at noon") != shown {
			t.Errorf("at %q it is shown: %v", at, !shown)
		}
	}
	ines.see(path + "?at=yesterday").must(422)
	h.person(plans.Artist).see(path + "?at=" + time.Now().UTC().Format(time.RFC3339)).must(404)
}

func TestDatesOfATable(t *testing.T) {
	t.Parallel()
	h := open(t)
	ines := h.person(plans.Artist)
	p := ines.api("POST", "/api/profiles", map[string]any{"handle": "tables", "profile_name": "Ines", "time_zone": "Europe/Lisbon", "profile_data": json.RawMessage(
		`{"blocks":[{"id":"tour","type":"tour"},{"id":"text","type":"text","text":"x"}]}`)}).must(201).profile()
	path := "/api/profiles/" + p.ID + "/blocks/"
	var got struct {
		Version   int64
		WrongRows []struct {
			Line           int
			Column, Reason string
		} `json:"wrong_rows"`
		Block struct {
			Dates []struct{ ID, City, Zone string }
		}
	}
	// UTF-16, as a spreadsheet saves it: base64 keeps every encoding.
	file := []byte{0xff, 0xfe}
	for _, letter := range []byte("date\tcity\n2099-12-12 21:00\tLisbon\nsoon\tPorto\n") {
		file = append(file, letter, 0)
	}
	mustJSON(t, ines.api("POST", path+"tour/dates", map[string]any{"version": p.Version, "file": file}).must(200).Body.Bytes(), &got)
	if len(got.Block.Dates) != 1 || got.Block.Dates[0].City != "Lisbon" || got.Block.Dates[0].Zone != "Europe/Lisbon" || got.Block.Dates[0].ID == "" {
		t.Errorf("added %+v", got.Block)
	}
	if len(got.WrongRows) != 1 || got.WrongRows[0].Line != 3 || got.WrongRows[0].Column != "date" {
		t.Errorf("told %+v", got.WrongRows)
	}
	for _, c := range []struct {
		block string
		body  map[string]any
		field string
	}{
		{"tour", map[string]any{}, "file"},
		{"tour", map[string]any{"text": "a,b\n"}, "file"},
		{"tour", map[string]any{"text": "date,city\nsoon,Porto\n"}, "line 2"},
		{"tour", map[string]any{"text": "date,city\n2099-12-12,Porto\n", "time_zone": "Mars/Base"}, "time_zone"},
		{"text", map[string]any{"text": "date,city\n2099-12-12,Porto\n"}, "block"},
	} {
		c.body["version"] = got.Version
		if problem := ines.api("POST", path+c.block+"/dates", c.body).must(422).problem(); problem.Errors[c.field] == "" {
			t.Errorf("%v names %v, not %s", c.body, problem.Errors, c.field)
		}
	}
	ines.api("POST", path+"tour/dates", map[string]any{"version": got.Version - 1, "text": "date,city\n2099-12-12,Porto\n"}).must(409)
}
