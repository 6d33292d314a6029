package model

import (
	"strings"
	"testing"
)

func letters(d Document) string {
	var b strings.Builder
	for _, block := range d.Blocks {
		b.WriteString(string(block.ID))
	}
	return b.String()
}

func alphabet(t testing.TB, ids string) Document {
	t.Helper()
	d := NewDocument()
	for _, id := range ids {
		var err error
		if d, _, err = d.AddBlock(Block{ID: BlockID(id), Enabled: true, Body: Text{"text " + string(id)}}, -1); err != nil {
			t.Fatal(err)
		}
	}
	return d
}

func TestAddAndMoveBlocks(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		at   int
		want string
	}{{0, "xabc"}, {1, "axbc"}, {3, "abcx"}, {4, "abcx"}, {-1, "abcx"}} {
		d := alphabet(t, "abc")
		got, b, err := d.AddBlock(Block{ID: "x", Body: Heading{" H "}}, c.at)
		if err != nil || letters(got) != c.want || letters(d) != "abc" || b.Body != (Heading{"H"}) {
			t.Errorf("at %d: %s %v (%s)", c.at, letters(got), err, letters(d))
		}
	}
	for _, c := range []struct {
		id   BlockID
		to   int
		want string
	}{{"a", 0, "abcd"}, {"a", 1, "bacd"}, {"a", 3, "bcda"}, {"a", 99, "bcda"}, {"d", 0, "dabc"}, {"d", -5, "dabc"}, {"b", 2, "acbd"}} {
		d := alphabet(t, "abcd")
		got, err := d.MoveBlock(c.id, c.to)
		if err != nil || letters(got) != c.want || letters(d) != "abcd" {
			t.Errorf("%s to %d: %s %v (%s)", c.id, c.to, letters(got), err, letters(d))
		}
	}
}

func TestIDsStandOnce(t *testing.T) {
	t.Parallel()
	d := alphabet(t, "ab")
	d, s, err := d.AddSocial(Social{ID: "s", URL: "x.com/x"}, -1)
	if err != nil || s.URL != "https://x.com/x" {
		t.Fatal(s, err)
	}
	for _, id := range []BlockID{"a", "s", "no good", BlockID(strings.Repeat("x", 41))} {
		if _, _, err := d.AddBlock(Block{ID: id, Body: Text{"x"}}, -1); fieldsIn(err)["id"] == "" {
			t.Errorf("block %q: %v", id, err)
		}
		if _, _, err := d.AddSocial(Social{ID: id, URL: "https://x.com"}, -1); fieldsIn(err)["id"] == "" {
			t.Errorf("social %q: %v", id, err)
		}
	}
	if _, b, err := d.AddBlock(Block{Body: Text{"x"}}, -1); err != nil || !validBlockID(string(b.ID)) {
		t.Errorf("%q %v", b.ID, err)
	}
}

func TestEditsOfWhatIsNotThere(t *testing.T) {
	t.Parallel()
	d := alphabet(t, "ab")
	for name, err := range map[string]error{
		"replace": second(d.ReplaceBlock(Block{ID: "x", Body: Text{"x"}})), "remove": second(d.RemoveBlock("x")), "move": second(d.MoveBlock("x", 0)),
		"switch": second(d.SwitchBlock("x", true)), "put back": second(d.PutBackBlock("x", d)), "unnamed": second(d.RemoveBlock("")),
		"replace social": second(d.ReplaceSocial(Social{ID: "a", URL: "https://x.com"})), "remove social": second(d.RemoveSocial("a")), "move social": second(d.MoveSocial("a", 0)),
		"put back social": second(d.PutBackSocial("a", d)),
	} {
		if KindOf(err) != KindNotFound {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func second(_ Document, err error) error { return err }

func TestReplaceKeepsTheType(t *testing.T) {
	t.Parallel()
	d := alphabet(t, "a")
	if _, err := d.ReplaceBlock(Block{ID: "a", Body: Heading{"x"}}); fieldsIn(err)["type"] == "" {
		t.Errorf("%v", err)
	}
	if _, err := d.ReplaceBlock(Block{ID: "a", Body: Text{"\x00"}}); fieldsIn(err)["text"] == "" {
		t.Errorf("%v", err)
	}
	if letters(d) != "a" || d.Blocks[0].Body != (Text{"text a"}) {
		t.Errorf("the one that was given is changed: %+v", d)
	}
}

func TestPutBackStandsWhereItStood(t *testing.T) {
	t.Parallel()
	published := alphabet(t, "abcde")
	for _, c := range []struct{ draft, back, want string }{
		{"abde", "c", "abcde"}, {"bcde", "a", "abcde"}, {"abcd", "e", "abcde"},
		{"ed", "c", "ced"}, {"xaed", "b", "xabed"}, {"", "c", "c"}, {"xy", "c", "cxy"},
	} {
		d := alphabet(t, c.draft)
		got, err := d.PutBackBlock(BlockID(c.back), published)
		if err != nil || letters(got) != c.want {
			t.Errorf("%s into %s: %s %v", c.back, c.draft, letters(got), err)
		}
	}
	if _, err := published.PutBackBlock("a", published); KindOf(err) != KindInvalid {
		t.Errorf("put back what stands there: %v", err)
	}
}

func TestFullPagesAreFull(t *testing.T) {
	t.Parallel()
	d := NewDocument()
	var err error
	for range MaxBlocks {
		if d, _, err = d.AddBlock(Block{Body: Text{"x"}}, -1); err != nil {
			t.Fatal(err)
		}
	}
	if _, _, err = d.AddBlock(Block{Body: Text{"x"}}, -1); fieldsIn(err)["blocks"] == "" {
		t.Errorf("%v", err)
	}
	if _, err = d.PutBackBlock("a", alphabet(t, "a")); fieldsIn(err)["blocks"] == "" {
		t.Errorf("%v", err)
	}
	for range MaxSocials {
		if d, _, err = d.AddSocial(Social{URL: "https://x.com"}, 0); err != nil {
			t.Fatal(err)
		}
	}
	if _, _, err = d.AddSocial(Social{URL: "https://x.com"}, 0); fieldsIn(err)["socials"] == "" {
		t.Errorf("%v", err)
	}
}

func TestDiff(t *testing.T) {
	t.Parallel()
	published := alphabet(t, "abcde")
	for _, c := range []struct {
		draft string
		want  map[BlockID]Change
		gone  string
	}{
		{"abcde", map[BlockID]Change{}, ""},
		{"bcdea", map[BlockID]Change{"a": Moved}, ""}, // the fewest that were picked up
		{"eabcd", map[BlockID]Change{"e": Moved}, ""},
		{"abxcde", map[BlockID]Change{"x": Added}, ""},
		{"abde", map[BlockID]Change{}, "c"},
		{"", map[BlockID]Change{}, "abcde"},
	} {
		draft := alphabet(t, c.draft)
		diff := DiffOf(published, draft)
		gone := ""
		for _, b := range diff.Gone {
			gone += string(b.ID)
		}
		if len(diff.Blocks) != len(c.want) || gone != c.gone || diff.Count() != len(c.want)+len(c.gone) {
			t.Errorf("%q: %v, gone %q, count %d", c.draft, diff.Blocks, gone, diff.Count())
		}
		for id, change := range c.want {
			if diff.Blocks[id] != change {
				t.Errorf("%q: %s is %q", c.draft, id, diff.Blocks[id])
			}
		}
	}
	draft := alphabet(t, "abcde")
	draft.Blocks[1].Enabled = false
	draft.Bio, draft.Theme.Name = "x", "tape"
	draft, _, _ = draft.AddSocial(Social{URL: "https://x.com"}, -1)
	if diff := DiffOf(published, draft); diff.Count() != 4 || diff.Blocks["b"] != Changed || !diff.Bio || diff.Picture || !diff.Theme || !diff.Socials {
		t.Errorf("%+v", diff)
	}
	p := Profile{Name: "A", Document: published, Draft: &Draft{Name: "B", Document: published}}
	if p.Changes() != 1 {
		t.Errorf("a new name is %d changes", p.Changes())
	}
}

func TestTimeZones(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]string{
		"": "UTC", " utc ": "UTC", "Europe/London": "Europe/London", " America/Argentina/Buenos_Aires": "America/Argentina/Buenos_Aires", "Etc/GMT+5": "Etc/GMT+5",
	} {
		if got, err := ParseTimeZone(raw); err != nil || got != want {
			t.Errorf("%q: %q %v", raw, got, err)
		}
	}
	for _, raw := range []string{"Local", "Mars/Base", "../etc/passwd", "/etc/localtime", "posix/Europe/London", "right/UTC", "Europe/London\x00", "Europe", "London", "posixrules", strings.Repeat("A/", 500), "Europe//London", "."} {
		if got, err := ParseTimeZone(raw); err == nil {
			t.Errorf("%q becomes %q", raw, got)
		}
	}
}
