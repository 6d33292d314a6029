package model

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
)

func parsed(t testing.TB, raw string, held ...Document) Document {
	t.Helper()
	d, err := ParseDocument([]byte(raw), held...)
	if err != nil {
		t.Fatalf("%s: %v %v", raw, err, fieldsIn(err))
	}
	return d
}

func stored(t testing.TB, raw string) Document {
	t.Helper()
	d, err := ReadStored([]byte(raw))
	if err != nil {
		t.Fatalf("%s: %v %v", raw, err, fieldsIn(err))
	}
	return d
}

func fieldsIn(err error) map[string]string {
	if e, ok := err.(*Error); ok { //nolint:errorlint // never wrapped here
		return e.Fields
	}
	return nil
}

const newer = `{"bio":"b","motion":{"on":true},"theme":{"name":"lantern","accent":"#123456"},
	"socials":[{"id":"s","network":"x","url":"https://x.com/x"}],
	"blocks":[{"id":"l","type":"link","title":"t","url":"https://example.com","badge":"new"},
	{"id":"t","type":"quiz","dates":[{"city":"Köln","at":1.50}],"enabled":true},
	{"id":5,"type":"poll"},{"type":"poll","q":"?"},{"type":"poll","q":"?"}]}`

func TestANewerVersionsDocumentSurvives(t *testing.T) {
	t.Parallel()
	held := stored(t, newer)
	raw, err := held.Stored()
	if err != nil {
		t.Fatal(err)
	}
	if !sameJSON(canonicalDocument(t, newer), canonicalDocument(t, string(raw))) {
		t.Errorf("stored again it is\n%s\nnot\n%s", raw, newer)
	}
	// Sent back whole it is taken, and stays what it is.
	back := parsed(t, string(raw), held)
	if !back.Equal(held) {
		t.Errorf("sent back it is %+v", back)
	}
	if back = parsed(t, string(raw), Document{}, held); !back.Equal(held) {
		t.Error("held by the draft it is not taken")
	}
	// Not shown, not counted, never found as a link.
	if n := held.Links(); n != 2 {
		t.Errorf("%d links", n)
	}
	for _, b := range held.Blocks[1:] {
		if b.Shown(time.Now()) {
			t.Errorf("%s is shown", b.Body.Type())
		}
	}
	// Changed or out of nowhere it is refused, and named.
	for from, want := range map[[2]string]string{
		{`"on":true`, `"on":false`}:        "motion",
		{`"#123456"`, `"#123457"`}:         "theme.accent",
		{`"lantern"`, `"semaphore"`}:       "theme.name",
		{`"badge":"new"`, `"badge":"old"`}: "blocks[0].badge",
		{`"Köln"`, `"Bonn"`}:               "blocks[1].type",
		{`"id":5`, `"id":6`}:               "blocks[2].type",
		{`"id":"l"`, `"id":"m"`}:           "blocks[0].badge",
	} {
		_, err := ParseDocument([]byte(strings.Replace(newer, from[0], from[1], 1)), held)
		if fieldsIn(err)[want] == "" {
			t.Errorf("%v names %v, not %s", from, fieldsIn(err), want)
		}
	}
	if _, err := ParseDocument([]byte(newer)); len(fieldsIn(err)) < 5 {
		t.Errorf("out of nowhere: %v", fieldsIn(err))
	}
	// Three where two stand is one too many.
	if _, err := ParseDocument([]byte(strings.Replace(newer, `{"id":"t"`, `{"id":"t","type":"quiz","dates":[{"city":"Köln","at":1.50}],"enabled":true},{"id":"t"`, 1)), held); err == nil {
		t.Error("a newer version's block may be doubled")
	}
}

// canonicalDocument writes what the store adds into a document from outside.
func canonicalDocument(t *testing.T, raw string) []byte {
	t.Helper()
	var m map[string]any
	if err := json.Unmarshal([]byte(raw), &m); err != nil {
		t.Fatal(err)
	}
	link := m["blocks"].([]any)[0].(map[string]any)
	for key, value := range map[string]any{"enabled": true, "starts_at": nil, "ends_at": nil} {
		if _, ok := link[key]; !ok {
			link[key] = value
		}
	}
	out, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestEditsKeepWhatANewerVersionPutThere(t *testing.T) {
	t.Parallel()
	held := stored(t, newer)
	b, _ := held.Block("l")
	b.Body = Link{Title: "new title", URL: "https://example.com"}
	d, err := held.ReplaceBlock(b)
	if err != nil {
		t.Fatal(err)
	}
	if d, err = d.MoveBlock("t", 0); err != nil {
		t.Fatal(err)
	}
	if d, err = d.SwitchBlock("t", false); err != nil {
		t.Fatal(err)
	}
	raw, err := d.Stored()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"badge":"new"`, `"motion":{"on":true}`, `"accent":"#123456"`, `"city":"Köln"`, `"at":1.50`} {
		if !bytes.Contains(raw, []byte(want)) {
			t.Errorf("%s is lost: %s", want, raw)
		}
	}
	again := stored(t, string(raw))
	if b, ok := again.Block("t"); !ok || b.Enabled || again.Blocks[0].ID != "t" {
		t.Errorf("not moved and switched: %s", raw)
	}
}

func TestParseDocumentMends(t *testing.T) {
	t.Parallel()
	d := parsed(t, `{"bio":"  a\r\nb ","picture":null,"theme":null,"socials":[{"url":" Instagram.com/x ","network":" X "}],
		"blocks":[{"type":"link","title":" t ","url":"EXAMPLE.com","enabled":null,"starts_at":"2030-01-01T10:00:00.1234567+01:00"},{"type":"text","text":"x","enabled":false}]}`)
	if d.Bio != "a\nb" || d.Theme.Name != "plain" || d.Picture != nil {
		t.Errorf("%+v", d)
	}
	if s := d.Socials[0]; s.URL != "https://instagram.com/x" || s.Network != "x" || !validBlockID(string(s.ID)) || len(s.ID) != 12 {
		t.Errorf("%+v", s)
	}
	l := d.Blocks[0]
	if l.Body != (Link{Title: "t", URL: "https://example.com"}) || !l.Enabled || !l.StartsAt.Equal(time.Date(2030, 1, 1, 9, 0, 0, 123456000, time.UTC)) || d.Blocks[1].Enabled {
		t.Errorf("%+v", l)
	}
	if l.ID == d.Blocks[1].ID || l.ID == "" {
		t.Errorf("ids %q %q", l.ID, d.Blocks[1].ID)
	}
}

func TestDocumentSize(t *testing.T) {
	t.Parallel()
	var blocks []string
	for range 300 {
		blocks = append(blocks, `{"type":"text","text":"`+strings.Repeat("x", 1900)+`"}`)
	}
	_, err := ParseDocument([]byte(`{"blocks":[` + strings.Join(blocks, ",") + `]}`))
	if KindOf(err) != KindTooLarge {
		t.Errorf("%v", err)
	}
	// Spaces are not what a page holds.
	parsed(t, `{"bio":"x"`+strings.Repeat(" ", MaxDocument+1)+`}`)
	if _, err := ParseDocument(bytes.Repeat([]byte(" "), maxRaw+1)); KindOf(err) != KindTooLarge {
		t.Errorf("%v", err)
	}
}

func TestShownAndNextChange(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)
	later, muchLater := at.Add(time.Hour), at.Add(2*time.Hour)
	b := Block{ID: "a", Enabled: true, StartsAt: &later, EndsAt: &muchLater, Body: Text{"x"}}
	for offset, want := range map[time.Duration]bool{0: false, time.Hour - 1: false, time.Hour: true, 2*time.Hour - 1: true, 2 * time.Hour: false} {
		if b.Shown(at.Add(offset)) != want {
			t.Errorf("at +%v shown is %v", offset, !want)
		}
	}
	d := Document{Blocks: []Block{b, {ID: "b", StartsAt: &at, Body: Text{"off"}}}}
	for from, want := range map[time.Time]time.Time{at: later, later: muchLater, muchLater: {}, at.Add(-time.Hour): later} {
		if got := d.NextChange(from); !got.Equal(want) {
			t.Errorf("after %v: %v, not %v", from, got, want)
		}
	}
	b.Enabled = false
	if b.Shown(later) {
		t.Error("an off block is shown")
	}
}

func TestFindLink(t *testing.T) {
	t.Parallel()
	now := time.Now()
	d := parsed(t, `{"socials":[{"id":"s","url":"https://x.com/x","network":"x"}],"blocks":[{"id":"on","type":"link","title":"t","url":"https://example.com"},
		{"id":"off","type":"link","title":"t","url":"https://example.com","enabled":false},{"id":"text","type":"text","text":"x"}]}`)
	for id, want := range map[BlockID][2]bool{"s": {true, true}, "on": {true, true}, "off": {false, true}, "text": {false, false}, "absent": {false, false}, "": {false, false}} {
		if _, _, open, ok := d.FindLink(id, now); open != want[0] || ok != want[1] {
			t.Errorf("%q: open %v, ok %v", id, open, ok)
		}
	}
}

// Whatever is taken from outside reads the same from the store, and is taken again
// unchanged.
func FuzzParseDocument(f *testing.F) {
	for _, seed := range []string{
		`{}`, `null`, `[]`, newer, every, `{"bio":"a\u0000"}`, `{"bio":"\ud800"}`, `{"blocks":[{"type":"link","title":"t","url":"example.com"}]}`,
		`{"picture":{"media":"0123456789abcdef_100x200","alt":"x","focus":"50% 36%"},"theme":{"name":"jacket"}}`,
		`{"socials":[{"id":"a","url":"tel:+49 30 123"},{"id":"a","url":"x"}],"blocks":[{"id":"a","type":"heading","text":"é"}]}`,
		`{"blocks":[{"type":"text","text":"a\r\n\tb","starts_at":"2026-01-01T00:00:00Z","ends_at":"2027-01-01T00:00:00+02:00"}]}`,
		`{"blocks":[{"type":"text","text":"x","ends_at":"9999-12-31T23:59:59.9999999Z"}]}`, strings.Repeat(`{"a":`, 200),
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		d, err := ParseDocument(raw)
		if err != nil {
			if k := KindOf(err); k != KindInvalid && k != KindTooLarge {
				t.Fatalf("%q: %v", raw, err)
			}
			if KindOf(err) == KindInvalid && len(fieldsIn(err)) == 0 {
				t.Fatalf("%q is refused and no field is named", raw)
			}
			return
		}
		out, err := d.Stored()
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(out, []byte(`\u0000`)) || bytes.Contains(out, []byte("\ufffd")) {
			t.Fatalf("%q: PostgreSQL would refuse, or damaged text is kept: %s", raw, out)
		}
		held, err := ReadStored(out)
		if err != nil || !held.Equal(d) {
			t.Fatalf("%q: the store reads %+v (%v) for %+v", raw, held, err, d)
		}
		again, err := ParseDocument(out)
		if err != nil || !again.Equal(d) {
			t.Fatalf("%q: taken again it is %+v (%v), was %+v", raw, again, err, d)
		}
	})
}

// What the store holds, however strange, can be sent back as it is read.
func FuzzReadStored(f *testing.F) {
	for _, seed := range []string{newer, `{"blocks":[{"type":1}]}`, `{"a":{"b":[1,2.50,1e3]}}`, `{"blocks":[{"id":"a","type":"x"},{"id":"a","type":"x"}]}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		if !json.Valid(raw) {
			return
		}
		d, err := ReadStored(raw)
		if err != nil {
			return // nothing that we wrote
		}
		out := mustJSON(d)
		again, err := ReadStored(out)
		if err != nil || !again.Equal(d) {
			t.Fatalf("%q: read again it is %s (%v), was %s", raw, mustJSON(again), err, out)
		}
	})
}

func ExampleDiff_Count() {
	published, _ := ReadStored([]byte(`{"blocks":[{"id":"a","type":"text","text":"a"},{"id":"b","type":"text","text":"b"},{"id":"c","type":"text","text":"c"}]}`))
	draft, _ := published.MoveBlock("a", 2)
	draft, _ = draft.RemoveBlock("b")
	diff := DiffOf(published, draft)
	fmt.Println(diff.Count(), diff.Blocks, len(diff.Gone))
	// Output: 2 map[a:moved] 1
}
