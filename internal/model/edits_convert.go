package model

import (
	"slices"
	"strings"
)

// plainBody is what a block says that comes down to one address: nothing else of it
// would be lost in a block of another type.
type plainBody struct {
	title   string
	url     URL
	picture *Picture
}

// asPlain is what a block comes down to; false when it says more than that.
func asPlain(b Body) (plainBody, bool) {
	switch body := b.(type) {
	case Link:
		return plainBody{body.Title, body.URL, body.Thumb}, true
	case Embed:
		return plainBody{body.Title, body.URL, body.Picture}, true
	case Merch:
		return plainBody{body.Title, body.URL, body.Picture}, body.Price == nil && !body.SoldOut
	case Release:
		if len(body.Services) == 1 && len(body.PreSaves) == 0 && body.Note == "" && body.Date == "" {
			return plainBody{body.Title, body.Services[0].URL, body.Cover}, true
		}
	case Contact:
		if len(body.Ways) == 1 && body.Title+body.Organization+body.Role+body.Note+body.Ways[0].Title == "" {
			return plainBody{body.Name, body.Ways[0].URL, nil}, true
		}
	}
	return plainBody{}, false
}

// as is a block of a type that says the same; nil when that type cannot.
func (p plainBody) as(kind string) Body {
	switch kind {
	case "link":
		return Link{Title: p.title, URL: p.url, Icon: IconAuto, Thumb: p.picture}
	case "embed":
		if page, player, err := RecognisePlayer(string(p.url)); err == nil && player.Frame() != "" {
			return Embed{Title: p.title, URL: page, Player: player, Picture: p.picture}
		}
	case "merch":
		if p.url.LeadsOut() {
			return Merch{Title: p.title, URL: p.url, Picture: p.picture}
		}
	case "release":
		if p.url.LeadsOut() {
			return Release{Title: p.title, Cover: p.picture, Services: []Service{{URL: p.url}}}
		}
	case "contact":
		if !p.url.LeadsOut() && p.picture == nil {
			return Contact{Name: p.title, Ways: []Way{{URL: p.url}}}
		}
	}
	return nil
}

// Becomes lists the types that a block can become without losing what it says, in
// the order they are offered; none for one that says more than one address.
func Becomes(b Block) []string {
	plain, ok := asPlain(b.Body)
	if !ok {
		return nil
	}
	var kinds []string
	for _, kind := range blockTypes {
		if kind != b.Body.Type() && plain.as(kind) != nil {
			kinds = append(kinds, kind)
		}
	}
	return kinds
}

// AddressOf is the one address that a block comes down to; "" for one that says
// more.
func AddressOf(b Block) URL {
	plain, ok := asPlain(b.Body)
	if !ok {
		return ""
	}
	return plain.url
}

// ConvertBlock puts a block of another type in the place of one: with its title, its
// address, its picture and its window, and under an id of its own, because its taps
// are other taps. It is NotFound when there is no such block, Invalid when the type
// cannot say what the block says.
func (d Document) ConvertBlock(id BlockID, kind string) (Document, Block, error) {
	i := d.place(id)
	if i < 0 {
		return d, Block{}, NotFound()
	}
	was := d.Blocks[i]
	if _, unknown := was.Body.(Unknown); unknown {
		return d, was, Invalid("type", newerBlock)
	}
	if !slices.Contains(Becomes(was), kind) {
		can := "It can become no other type without losing something. Add a new one."
		if kinds := Becomes(was); len(kinds) > 0 {
			can = "It can become: " + strings.Join(kinds, ", ") + "."
		}
		return d, was, Invalid("type", can)
	}
	plain, _ := asPlain(was.Body)
	rest, err := d.RemoveBlock(id)
	if err != nil {
		return d, was, err
	}
	next, b, err := rest.AddBlock(Block{Enabled: was.Enabled, StartsAt: was.StartsAt, EndsAt: was.EndsAt, Body: plain.as(kind)}, i)
	if err != nil {
		return d, was, err
	}
	return next, b, nil
}
