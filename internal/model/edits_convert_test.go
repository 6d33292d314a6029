package model

import (
	"slices"
	"testing"
	"time"
)

// A block that comes down to one address becomes another type in its place, with its
// title, picture and window, and back again.
func TestConvertBlock(t *testing.T) {
	t.Parallel()
	ends := time.Date(2099, 1, 1, 0, 0, 0, 0, time.UTC)
	cover := &Picture{Media: "0123456789abcdef_100x200", Alt: "A harbour"}
	d := NewDocument()
	d.Blocks = []Block{
		{ID: "a", Enabled: true, Body: Heading{Text: "Listen"}},
		{ID: "b", EndsAt: &ends, Body: Link{Title: "Night Bus", URL: "https://youtu.be/dQw4w9WgXcQ", Icon: IconAuto, Thumb: cover}},
		{ID: "c", Enabled: true, Body: Text{Text: "x"}},
	}
	id := BlockID("b")
	for _, kind := range []string{"embed", "release", "merch", "link"} {
		next, b, err := d.ConvertBlock(id, kind)
		if err != nil {
			t.Fatalf("to %s: %v", kind, err)
		}
		if b.Body.Type() != kind || next.Place(b.ID) != 1 || len(next.Blocks) != 3 || b.ID == id || b.Enabled || b.EndsAt == nil || TitleOf(b.Body) != "Night Bus" {
			t.Errorf("to %s it is %+v at %d", kind, b, next.Place(b.ID))
		}
		plain, ok := asPlain(b.Body)
		if !ok || plain.picture == nil || plain.picture.Alt != "A harbour" || !slices.Contains([]URL{"https://youtu.be/dQw4w9WgXcQ", "https://www.youtube.com/watch?v=dQw4w9WgXcQ"}, plain.url) {
			t.Errorf("to %s it says %+v", kind, plain)
		}
		if slices.Contains(Becomes(b), kind) || !slices.Contains(Becomes(b), map[bool]string{true: "link", false: "embed"}[kind != "link"]) {
			t.Errorf("a %s can become %v", kind, Becomes(b))
		}
		d, id = next, b.ID
	}
	for what, body := range map[string]Body{
		"a heading":                 Heading{Text: "x"},
		"a release of two services": Release{Title: "R", Services: []Service{{ID: "1", URL: "https://example.com/1"}, {ID: "2", URL: "https://example.com/2"}}},
		"a release with a date":     Release{Title: "R", Date: "2099-01-01T00:00", Zone: "Europe/London", Services: []Service{{ID: "1", URL: "https://example.com/1"}}},
		"merch with a price":        Merch{Title: "M", URL: "https://example.com", Price: &Price{Text: "free"}},
		"a contact with a role":     Contact{Name: "M", Role: "Agent", Ways: []Way{{ID: "1", URL: "mailto:m@example.com"}}},
		"a newer version's":         Unknown{Name: "hologram", Raw: []byte(`{"id":"u","type":"hologram"}`)},
	} {
		one := NewDocument()
		one.Blocks = []Block{{ID: "u", Enabled: true, Body: body}}
		if kinds := Becomes(one.Blocks[0]); len(kinds) > 0 {
			t.Errorf("%s can become %v", what, kinds)
		}
		if _, _, err := one.ConvertBlock("u", "link"); KindOf(err) != KindInvalid {
			t.Errorf("%s becomes a link: %v", what, err)
		}
	}
	if kinds := Becomes(Block{Body: Link{Title: "Write", URL: "mailto:m@example.com"}}); !slices.Equal(kinds, []string{"contact"}) {
		t.Errorf("a mail address can become %v", kinds)
	}
	if kinds := Becomes(Block{Body: Link{Title: "Shop", URL: "https://example.com/shop"}}); !slices.Equal(kinds, []string{"release", "merch"}) {
		t.Errorf("a page can become %v", kinds)
	}
	if _, _, err := d.ConvertBlock("nobody", "link"); KindOf(err) != KindNotFound {
		t.Errorf("of nothing: %v", err)
	}
}
