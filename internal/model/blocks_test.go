package model

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"
)

// every has a block of every type, with every field.
const every = `{"socials_at":"bottom","blocks":[
{"id":"l","type":"link","title":"Vinyl","url":"https://example.com/vinyl","icon":"auto","thumb":{"media":"0123456789abcdef_100x200","alt":"A record"},"featured":true},
{"id":"h","type":"heading","text":"Press"},
{"id":"t","type":"text","text":"**bold**"},
{"id":"i","type":"image","picture":{"media":"0123456789abcdef_100x200","alt":"A harbour","focus":"50% 36%"},"caption":"At two"},
{"id":"g","type":"gallery","title":"Backstage","pictures":[{"media":"0123456789abcdef_100x200","alt":""}]},
{"id":"c","type":"contact","title":"Booking","name":"Marta Lindqvist","organization":"Harbour Bookings","role":"Agent","note":"Europe","ways":[{"id":"c1","url":"mailto:marta@example.com"},{"id":"c2","title":"Rider","url":"https://example.com/rider"}]},
{"id":"f","type":"faq","title":"Questions","questions":[{"question":"Parking?","answer":"No."}]},
{"id":"d","type":"divider"},
{"id":"m","type":"merch","title":"Shirt","url":"https://example.com/shirt","price":{"amount":"24.50","currency":"EUR"},"picture":{"media":"0123456789abcdef_100x200","alt":""},"sold_out":true},
{"id":"e","type":"embed","title":"Night Bus","url":"https://youtu.be/dQw4w9WgXcQ","provider":"youtube","ref":"dQw4w9WgXcQ","picture":{"media":"0123456789abcdef_100x200","alt":""}},
{"id":"r","type":"release","title":"Slow Harbour","note":"New","cover":{"media":"0123456789abcdef_100x200","alt":"Cover"},"date":"2026-12-04T00:00","zone":"Europe/London","services":[{"id":"r1","url":"https://open.spotify.com/album/1","network":"spotify"},{"id":"r2","url":"https://example.com/2"}],"pre_saves":[{"id":"r3","url":"https://example.com/pre"}]},
{"id":"o","type":"tour","title":"On tour","dates":[{"id":"o1","city":"Lisbon","venue":"Musicbox","starts":"2026-12-12T21:00","zone":"Europe/Lisbon","status":"on","on_sale_at":"2026-12-01T10:00:00Z","tickets":[{"id":"o2","kind":"tickets","url":"https://example.com/t"},{"id":"o3","kind":"presale","url":"https://example.com/p"}]}]}
]}`

func TestEveryBlockIsReadAndWrittenTheSame(t *testing.T) {
	t.Parallel()
	d := parsed(t, every)
	types := []string{}
	for _, b := range d.Blocks {
		types = append(types, b.Body.Type())
		if b.Body.Type() != "divider" && TitleOf(b.Body) == "" {
			t.Errorf("a %s is called nothing", b.Body.Type())
		}
	}
	slices.Sort(types)
	if all := slices.Sorted(slices.Values(BlockTypes())); !slices.Equal(types, all) {
		t.Errorf("types %v, want %v", types, all)
	}
	var want, got map[string]any
	for raw, into := range map[string]*map[string]any{every: &want, string(mustJSON(d)): &got} {
		if err := json.Unmarshal([]byte(raw), into); err != nil {
			t.Fatal(err)
		}
	}
	for i, b := range want["blocks"].([]any) {
		b := b.(map[string]any)
		b["enabled"], b["starts_at"], b["ends_at"] = true, nil, nil
		if w, g := mustJSON(b), mustJSON(got["blocks"].([]any)[i]); !bytes.Equal(w, g) {
			t.Errorf("written\n%s\nwant\n%s", g, w)
		}
	}
	if held, err := ReadStored(mustJSON(d)); err != nil || !held.Equal(d) || held.SocialsAt != SocialsBottom {
		t.Errorf("the store reads something else: %v", err)
	}
	if n := d.Links(); n != 6 {
		t.Errorf("%d links of the plan, want 6", n)
	}
	ids := map[BlockID]bool{}
	for _, e := range d.Exits() {
		if ids[e.ID] || e.Title == "" || e.URL == "" {
			t.Errorf("%+v", e)
		}
		ids[e.ID] = true
	}
	for _, id := range strings.Fields("l c1 c2 m e r1 r2 r3 o2 o3") {
		if !ids[BlockID(id)] {
			t.Errorf("%s leads nowhere", id)
		}
	}
	if len(ids) != 10 {
		t.Errorf("%d exits", len(ids))
	}
}

func TestBlocksAreMended(t *testing.T) {
	t.Parallel()
	d := parsed(t, `{"blocks":[
		{"type":"link","title":"t","url":"example.com","icon":"off","thumb":null},
		{"type":"merch","title":"Shirt","url":"example.com","price":{"amount":" 24,50 ","currency":"eur"}},
		{"type":"merch","title":"Shirt","url":"example.com","price":{"currency":"EUR"}},
		{"type":"embed","title":"Film","url":"youtu.be/dQw4w9WgXcQ","provider":"vimeo","ref":"evil"},
		{"type":"release","title":"R","date":"2026-12-04","zone":" Europe/London ","services":[{"url":"open.spotify.com/album/1","network":" Spotify "}]},
		{"type":"release","title":"R","zone":"Europe/London"},
		{"type":"tour","dates":[{"city":" Lisbon ","starts":"2026-12-12 21:00","zone":"Europe/Lisbon","on_sale_at":"2026-12-01T10:00","tickets":[{"url":"example.com"}]}]}]}`)
	if l := d.Blocks[0].Body.(Link); l.Icon != "" || l.Thumb != nil {
		t.Errorf("%+v", l)
	}
	if p := d.Blocks[1].Body.(Merch).Price; p.Amount != "24.50" || p.Currency != "EUR" || p.String() != "€\u00a024.50" {
		t.Errorf("%+v", p)
	}
	if p := d.Blocks[2].Body.(Merch).Price; p != nil {
		t.Errorf("a price without anything is %+v", p)
	}
	if e := d.Blocks[3].Body.(Embed); e.Player != (Player{"youtube", "dQw4w9WgXcQ"}) {
		t.Errorf("%+v", e)
	}
	if r := d.Blocks[4].Body.(Release); r.Date != "2026-12-04T00:00" || r.Zone != "Europe/London" || r.Services[0].Network != "spotify" || r.Services[0].ID == "" {
		t.Errorf("%+v", r)
	}
	if r := d.Blocks[5].Body.(Release); r.Zone != "" || r.ToCome(time.Unix(0, 0)) {
		t.Errorf("%+v", r)
	}
	s := d.Blocks[6].Body.(Tour).Shows[0]
	if s.City != "Lisbon" || s.Status != ShowOn || s.Tickets[0].Kind != TicketSale || !s.OnSaleAt.Equal(time.Date(2026, 12, 1, 10, 0, 0, 0, time.UTC)) {
		t.Errorf("%+v", s)
	}
}

func TestBlocksAreRefusedAndTold(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]string{
		`{"type":"link","title":"t","url":"example.com","icon":"big"}`:                                        "icon",
		`{"type":"link","title":"t","url":"example.com","thumb":{"media":"../x","alt":""}}`:                   "thumb.media",
		`{"type":"link","title":"t","url":"example.com","thumb":{"media":"0123456789abcdef_1x1","onload":1}}`: "thumb.onload",
		`{"type":"link","title":"t","url":"example.com","featured":"yes"}`:                                    "featured",
		`{"type":"image"}`:                 "picture",
		`{"type":"gallery","pictures":[]}`: "pictures",
		`{"type":"gallery","pictures":[` + strings.Repeat(`{"media":"0123456789abcdef_1x1"},`, MaxPictures) + `{"media":"0123456789abcdef_1x1"}]}`: "pictures",
		`{"type":"gallery","pictures":["x"]}`:                                                                                             "pictures[0]",
		`{"type":"contact","name":"","ways":[{"url":"mailto:a@example.com"}]}`:                                                            "name",
		`{"type":"contact","name":"M","ways":[]}`:                                                                                         "ways",
		`{"type":"contact","name":"M","ways":[{"url":"javascript:alert(1)"}]}`:                                                            "ways[0].url",
		`{"type":"faq","questions":[{"question":"?","answer":""}]}`:                                                                       "questions[0].answer",
		`{"type":"divider","title":"x"}`:                                                                                                  "title",
		`{"type":"merch","title":"t","url":"example.com","price":{"amount":"1e9","currency":"EUR"}}`:                                      "price.amount",
		`{"type":"merch","title":"t","url":"example.com","price":{"amount":"1","currency":"Euro"}}`:                                       "price.currency",
		`{"type":"merch","title":"t","url":"example.com","price":{"amount":"1","text":"x"}}`:                                              "price.text",
		`{"type":"embed","title":"t","url":"https://example.com"}`:                                                                        "url",
		`{"type":"release","title":"","services":[]}`:                                                                                     "title",
		`{"type":"release","title":"r","date":"soon","zone":"UTC"}`:                                                                       "date",
		`{"type":"release","title":"r","date":"2026-12-04"}`:                                                                              "zone",
		`{"type":"release","title":"r","date":"2026-12-04","zone":"Mars/Base"}`:                                                           "zone",
		`{"type":"release","title":"r","pre_saves":[{"url":"example.com"}]}`:                                                              "date",
		`{"type":"release","title":"r","services":[{"id":"x","url":"example.com"},{"id":"x","url":"e.com"}]}`:                             "services[1].id",
		`{"type":"tour","dates":[{"city":"","starts":"2026-12-12T21:00","zone":"UTC"}]}`:                                                  "dates[0].city",
		`{"type":"tour","dates":[{"city":"C","zone":"UTC"}]}`:                                                                             "dates[0].starts",
		`{"type":"tour","dates":[{"city":"C","starts":"2026-12-12T21:00"}]}`:                                                              "dates[0].zone",
		`{"type":"tour","dates":[{"city":"C","starts":"2026-12-12T21:00","zone":"UTC","status":"maybe"}]}`:                                "dates[0].status",
		`{"type":"tour","dates":[{"city":"C","starts":"2026-12-12T21:00","zone":"UTC","on_sale_at":"x"}]}`:                                "dates[0].on_sale_at",
		`{"type":"tour","dates":[{"city":"C","starts":"2026-12-12T21:00","zone":"UTC","tickets":[{"url":"example.com","kind":"gold"}]}]}`: "dates[0].tickets[0].kind",
		`{"type":"tour","dates":[{"city":"C","starts":"2026-12-12T21:00","zone":"UTC","tickets":[{"url":"x","price":1}]}]}`:               "dates[0].tickets[0].price",
		`{"type":"tour","dates":{"city":"C"}}`:                                                                                            "dates",
		`{"type":"poll"}`:                                                                                                                 "type",
	} {
		_, err := ParseDocument([]byte(`{"blocks":[` + raw + `]}`))
		if fields := fieldsIn(err); fields["blocks[0]."+want] == "" {
			t.Errorf("%.120s names %v, not %s", raw, slices.Sorted(maps.Keys(fields)), want)
		}
		var in BlockSave
		var given map[string]json.RawMessage
		if err := json.Unmarshal([]byte(raw), &given); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal([]byte(raw), &in); err != nil {
			continue // a wrong type of JSON, told where bodies are read
		}
		if _, err := in.New(NewDocument()); fieldsIn(err)[want] == "" && !strings.HasSuffix(want, "onload") {
			t.Errorf("as an edit %.120s names %v, not %s", raw, fieldsIn(err), want)
		}
	}
	// An id of a part that something else on the page has.
	if _, err := ParseDocument([]byte(`{"socials":[{"id":"a","url":"https://x.com"}],"blocks":[{"type":"contact","name":"M","ways":[{"id":"a","url":"tel:+351000"}]}]}`)); fieldsIn(err)["blocks[0].ways[0].id"] == "" {
		t.Errorf("%v", fieldsIn(err))
	}
}

func TestAnEditLeavesWhatIsAbsent(t *testing.T) {
	t.Parallel()
	d := parsed(t, every)
	for _, b := range d.Blocks {
		in := BlockSave{Version: 1}
		same, err := in.Change(d, b.ID)
		if err != nil || !bytes.Equal(mustJSON(same), mustJSON(b)) {
			t.Errorf("an edit of nothing makes\n%s\nof\n%s (%v)", mustJSON(same), mustJSON(b), err)
		}
	}
	change := func(id BlockID, raw string) Block {
		t.Helper()
		var in BlockSave
		if err := json.Unmarshal([]byte(raw), &in); err != nil {
			t.Fatal(err)
		}
		b, err := in.Change(d, id)
		if err != nil {
			t.Fatalf("%s: %v %v", raw, err, fieldsIn(err))
		}
		return b
	}
	if l := change("l", `{"thumb":null,"title":"New"}`).Body.(Link); l.Thumb != nil || l.Title != "New" || !l.Featured {
		t.Errorf("%+v", l)
	}
	if e := change("e", `{"url":"https://vimeo.com/123"}`).Body.(Embed); e.Player != (Player{"vimeo", "123"}) {
		t.Errorf("%+v", e)
	}
	if r := change("r", `{"services":[{"id":"r2","url":"https://example.com/2"},{"url":"https://example.com/new"}]}`).Body.(Release); len(r.Services) != 2 || r.Services[0].ID != "r2" || r.Services[1].ID == "" || len(r.PreSaves) != 1 {
		t.Errorf("%+v", r)
	}
	var in BlockSave
	if err := json.Unmarshal([]byte(`{"services":[{"id":"o2","url":"https://example.com/2"}]}`), &in); err != nil {
		t.Fatal(err)
	}
	if _, err := in.Change(d, "r"); fieldsIn(err)["services[0].id"] == "" {
		t.Errorf("another block's id is taken: %v", err)
	}
}

func TestDuplicatesAreCountedApart(t *testing.T) {
	t.Parallel()
	d := parsed(t, every)
	for _, b := range d.Blocks {
		next, copied, err := d.DuplicateBlock(b.ID)
		if err != nil {
			t.Fatal(err)
		}
		if next.place(copied.ID) != d.place(b.ID)+1 {
			t.Errorf("the copy of %s stands at %d", b.ID, next.place(copied.ID))
		}
		seen := map[BlockID]bool{}
		for _, e := range next.Exits() {
			if seen[e.ID] {
				t.Errorf("%s of the copy of %s stands twice", e.ID, b.ID)
			}
			seen[e.ID] = true
		}
		if _, err := ParseDocument(mustJSON(next)); err != nil {
			t.Errorf("a page with the copy of %s is refused: %v", b.ID, fieldsIn(err))
		}
	}
	if _, _, err := d.DuplicateBlock("x"); KindOf(err) != KindNotFound {
		t.Errorf("%v", err)
	}
	held := stored(t, newer)
	if _, _, err := held.DuplicateBlock("t"); KindOf(err) != KindInvalid {
		t.Errorf("a newer version's block is copied: %v", err)
	}
}

func TestHeadingsTakeTheirGroup(t *testing.T) {
	t.Parallel()
	d := NewDocument()
	for _, id := range "HabIcdJ" {
		b := Block{ID: BlockID(id), Enabled: true, Body: Text{"x"}}
		if strings.ContainsRune("HIJ", id) {
			b.Body = Heading{"x"}
		}
		d.Blocks = append(d.Blocks, b)
	}
	for _, c := range []struct {
		id   BlockID
		to   int
		want string
	}{{"H", 3, "IcdHabJ"}, {"I", 0, "IcdHabJ"}, {"J", 0, "JHabIcd"}, {"H", 99, "IcdJHab"}, {"a", 0, "aHbIcdJ"}, {"I", -3, "IcdHabJ"}} {
		got, err := d.MoveGroup(c.id, c.to)
		if err != nil || letters(got) != c.want || letters(d) != "HabIcdJ" {
			t.Errorf("%s to %d: %s %v", c.id, c.to, letters(got), err)
		}
	}
	for id, n := range map[BlockID]int{"H": 3, "I": 3, "J": 1, "a": 1, "x": 0} {
		if d.Group(id) != n {
			t.Errorf("%s stands over %d", id, d.Group(id))
		}
	}
}

func TestPartsKeepWhatANewerVersionPutThere(t *testing.T) {
	t.Parallel()
	raw := strings.NewReplacer(`"alt":"A record"`, `"alt":"A record","blur":"x1"`, `"url":"https://example.com/rider"`, `"url":"https://example.com/rider","hours":"x2"`,
		`"answer":"No."`, `"answer":"No.","pinned":"x3"`, `"currency":"EUR"`, `"currency":"EUR","tax":"x4"`, `"network":"spotify"`, `"network":"spotify","label":"x5"`,
		`"city":"Lisbon"`, `"city":"Lisbon","doors":"x6"`, `"kind":"presale"`, `"kind":"presale","code":"x7"`, `"alt":"Cover"`, `"alt":"Cover","blur":"x8"`).Replace(every)
	held := stored(t, raw)
	kept := func(what string, d Document) {
		t.Helper()
		for _, mark := range strings.Fields("x1 x2 x3 x4 x5 x6 x7 x8") {
			if !bytes.Contains(mustJSON(d), []byte(`"`+mark+`"`)) {
				t.Errorf("%s: %s is lost", what, mark)
			}
		}
	}
	kept("read and written", held)
	kept("sent back whole", parsed(t, string(mustJSON(held)), held))
	// An older form sends what it knows.
	d := held
	known := parsed(t, every)
	for _, b := range known.Blocks {
		var in BlockSave
		own := b.fields()
		delete(own, "id")
		if err := json.Unmarshal(mustJSON(own), &in); err != nil {
			t.Fatal(err)
		}
		changed, err := in.Change(d, b.ID)
		if err != nil {
			t.Fatalf("%s: %v %v", b.ID, err, fieldsIn(err))
		}
		if d, err = d.ReplaceBlock(changed); err != nil {
			t.Fatal(err)
		}
	}
	kept("saved by an older form", d)
	// Out of nowhere it is refused.
	if _, err := ParseDocument([]byte(raw)); len(fieldsIn(err)) < 8 {
		t.Errorf("out of nowhere: %v", fieldsIn(err))
	}
}

func TestFormsReachIntoLists(t *testing.T) {
	t.Parallel()
	in := BlockSave{Version: 1, Type: "tour"}
	for name, value := range map[string]string{
		"dates[10].city": "Paris", "dates[10].starts": "2026-12-14T20:00", "dates[10].zone": "Europe/Paris", "dates[10].status": "sold_out",
		"dates[2].city": "Lisbon", "dates[2].starts": "2026-12-12T21:00", "dates[2].zone": "Europe/Lisbon", "dates[2].id": "lis",
		"dates[2].tickets[0].url": "example.com/t", "dates[2].tickets[0].kind": "vip", "dates[2].tickets[1].url": "", "dates[2].tickets[1].kind": "tickets",
		"dates[11].city": "", "dates[11].zone": "Europe/London", "dates[11].status": "on",
	} {
		if !in.SetForm(name, []string{"x", value}) {
			t.Fatalf("%s is not taken", name)
		}
	}
	for _, name := range []string{"title", "version", "dates[x].city", "dates[0", "evil[0].x", "dates[99999].city"} {
		if in.SetForm(name, []string{"x"}) {
			t.Errorf("%s is taken", name)
		}
	}
	if err := in.Validate(); err != nil {
		t.Fatal(err)
	}
	b, err := in.New(NewDocument())
	if err != nil {
		t.Fatal(err, fieldsIn(err))
	}
	shows := b.Body.(Tour).Shows
	if len(shows) != 2 || shows[0].City != "Lisbon" || shows[0].ID != "lis" || len(shows[0].Tickets) != 1 || shows[0].Tickets[0].Kind != TicketVIP || shows[1].Status != ShowSoldOut {
		t.Errorf("%+v", shows)
	}
	d, b, err := NewDocument().AddBlock(b, -1)
	if err != nil {
		t.Fatal(err)
	}
	empty := BlockSave{Version: 1}
	empty.SetForm("dates", []string{""})
	if err := empty.Validate(); err != nil {
		t.Fatal(err)
	}
	if b, err = empty.Change(d, b.ID); err != nil || len(b.Body.(Tour).Shows) != 0 {
		t.Errorf("%+v %v", b, err)
	}
	link := BlockSave{Version: 1, Type: "link", Title: ptr("t"), URL: ptr("example.com"), StartsLocal: ptr("2026-10-25T02:30"), EndsLocal: ptr("")}
	link.SetForm("featured", []string{"false", "on"})
	link.SetForm("thumb.media", []string{""})
	if err := errorsOf(link.Validate(), link.InZone("Europe/Berlin")); err != nil {
		t.Fatal(err, fieldsIn(err))
	}
	b, err = link.New(NewDocument())
	if l, ok := b.Body.(Link); err != nil || !ok || !l.Featured || l.Thumb != nil || b.EndsAt != nil || !b.StartsAt.Equal(time.Date(2026, 10, 25, 0, 30, 0, 0, time.UTC)) {
		t.Errorf("%+v %v", b, fieldsIn(err))
	}
}

func ptr[T any](v T) *T { return &v }

func errorsOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
