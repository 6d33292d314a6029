package model

import (
	"testing"
	"time"
)

func TestSummary(t *testing.T) {
	block := func(id BlockID, body Body) Block { return Block{ID: id, Enabled: true, Body: body} }
	link := func(id BlockID, title string) Block {
		return block(id, Link{Title: title, URL: "https://example.com"})
	}
	was := NewDocument()
	was.Blocks = []Block{link("a", "A"), link("b", "B"), block("h", Heading{Text: "Press"})}
	same := was
	if got := Summary(was, same, false); got != "nothing changed" {
		t.Errorf("nothing is %q", got)
	}
	is := NewDocument()
	is.Blocks = []Block{link("b", "B"), link("a", "A"), link("c", "C"), link("d", "D"), block("r", Release{Title: "R"})}
	is.Theme.Name, is.Bio = "tape", "New"
	if got, want := Summary(was, is, true), "2 links added, 1 release added, 1 link moved, 1 heading deleted, name changed, bio changed, theme changed"; got != want {
		t.Errorf("it is %q, want %q", got, want)
	}
	is = was
	is.Blocks = []Block{link("a", "Another"), was.Blocks[1], was.Blocks[2]}
	is.Bio, is.Picture = "New", &Picture{Media: "x"}
	if got, want := Summary(was, is, false), "1 link changed (title), bio changed, picture changed"; got != want {
		t.Errorf("it is %q, want %q", got, want)
	}
	// One block tells what of it; two of a kind do not.
	until := time.Date(2026, 12, 4, 0, 0, 0, 0, time.UTC)
	is = was
	changed := block("a", Link{Title: "A", URL: "https://example.com/new", Featured: true})
	changed.EndsAt = &until
	is.Blocks = []Block{changed, was.Blocks[1], was.Blocks[2]}
	is.SocialsAt = SocialsBottom
	if got, want := Summary(was, is, false), "1 link changed (address, standing out, until), social icons moved to the foot"; got != want {
		t.Errorf("it is %q, want %q", got, want)
	}
	is.Blocks = []Block{changed, link("b", "Another"), was.Blocks[2]}
	is.SocialsAt = ""
	if got, want := Summary(was, is, false), "2 links changed"; got != want {
		t.Errorf("it is %q, want %q", got, want)
	}
}

// Every field that a block can have is told when it differs.
func TestEveryFieldHasAWord(t *testing.T) {
	t.Parallel()
	for _, b := range parsed(t, every).Blocks {
		for name := range b.fields() {
			if name != "id" && name != "type" && FieldWord(name) == "" {
				t.Errorf("nobody says what %q of a %s is", name, b.Body.Type())
			}
		}
		if words := DiffFields(b, b); len(words) > 0 {
			t.Errorf("a %s differs from itself in %v", b.Body.Type(), words)
		}
	}
	for name, want := range map[string]string{"dates[12].tickets[0].kind": "ticket", "cover.alt": "what it shows", "surprise": ""} {
		if got := FieldWord(name); got != want {
			t.Errorf("%s is called %q, want %q", name, got, want)
		}
	}
}
