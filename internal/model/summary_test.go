package model

import "testing"

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
	if got, want := Summary(was, is, false), "1 link changed, bio changed, picture changed"; got != want {
		t.Errorf("it is %q, want %q", got, want)
	}
}
