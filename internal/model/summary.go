package model

import (
	"strconv"
	"strings"
)

// kindWords are what people call blocks of a type, one and many.
var kindWords = map[string][2]string{
	"link": {"link", "links"}, "heading": {"heading", "headings"}, "text": {"text", "texts"}, "image": {"picture", "pictures"},
	"gallery": {"gallery", "galleries"}, "contact": {"contact", "contacts"}, "faq": {"list of questions", "lists of questions"},
	"divider": {"divider", "dividers"}, "merch": {"merch item", "merch items"}, "embed": {"player", "players"},
	"release": {"release", "releases"}, "tour": {"tour", "tours"},
}

// KindWords are what people call so many blocks of a type: "link", "links"; "block"
// for a type that this version does not know.
func KindWords(kind string, n int) string {
	words, ok := kindWords[kind]
	if !ok {
		words = [2]string{"block", "blocks"}
	}
	if n == 1 {
		return words[0]
	}
	return words[1]
}

// Summary tells on one line what a publish changed: "3 links added, theme changed".
// Of one block of its kind it tells the fields: "1 link changed (title, address)".
// renamed tells that the name differs too. Without any difference it says so.
func Summary(was, is Document, renamed bool) string {
	diff := DiffOf(was, is)
	var order []string
	counts := map[string]int{}
	count := func(kind, done string) {
		key := kind + " " + done
		if counts[key] == 0 {
			order = append(order, key)
		}
		counts[key]++
	}
	line := ""
	add := func(text string) {
		if line != "" {
			line += ", "
		}
		line += text
	}
	fields := map[string][]string{} // of the changed blocks of a kind
	tell := func(done string) {
		for _, key := range order {
			kind := key[:len(key)-len(done)-1]
			text := strconv.Itoa(counts[key]) + " " + KindWords(kind, counts[key]) + " " + done
			if counts[key] == 1 && done == string(Changed) && len(fields[kind]) > 0 {
				text += " (" + strings.Join(fields[kind], ", ") + ")"
			}
			add(text)
		}
		order, counts = nil, map[string]int{}
	}
	for _, done := range []Change{Added, Changed, Moved} {
		for _, b := range is.Blocks {
			if diff.Blocks[b.ID] == done {
				count(b.Body.Type(), string(done))
			}
			if before, ok := was.Block(b.ID); ok && done == Changed && diff.Blocks[b.ID] == Changed {
				fields[b.Body.Type()] = diffWords(before, b)
			}
		}
		tell(string(done))
	}
	for _, b := range diff.Gone {
		count(b.Body.Type(), "deleted")
	}
	tell("deleted")
	for _, part := range []struct {
		differs bool
		text    string
	}{
		{renamed, "name changed"}, {diff.Bio, "bio changed"}, {diff.Picture, "picture changed"},
		{diff.Socials, "social icons changed"}, {diff.Place, "social icons moved to the " + PlaceWord(is.SocialsAt)}, {diff.Theme, "theme changed"},
	} {
		if part.differs {
			add(part.text)
		}
	}
	if line == "" {
		return "nothing changed"
	}
	return line
}

// PlaceWord is what people call the place of the row of socials: "top" or "foot".
func PlaceWord(at string) string {
	if at == SocialsBottom {
		return "foot"
	}
	return "top"
}
