package model

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// Body is what one type of block holds: Link, Heading, Text, Image, Gallery,
// Contact, FAQ, Divider, Merch, Embed, Release, Tour, or Unknown.
type Body interface {
	// Type is the block's type as it stands in JSON.
	Type() string
	// check mends what is mendable and names what is not, by the names in JSON.
	check(problems Problems) Body
	// write puts the type's own fields into the block's JSON.
	write(out map[string]any)
	// rename is a copy whose parts have the ids that f gives for theirs.
	rename(f func(BlockID) BlockID) Body
	// extras are what a newer version stored in its parts.
	extras() []extra
}

// blockTypes are the types in the order they are offered.
var blockTypes = []string{"link", "heading", "text", "release", "tour", "embed", "image", "gallery", "merch", "contact", "faq", "divider"}

// BlockTypes lists the types of block, in the order they are offered.
func BlockTypes() []string { return slices.Clone(blockTypes) }

// readers read a type's own fields.
var readers = map[string]func(*fields) Body{
	"link": readLink, "heading": readHeading, "text": readText, "image": readImage, "gallery": readGallery, "contact": readContact,
	"faq": readFAQ, "divider": func(*fields) Body { return Divider{} }, "merch": readMerch, "embed": readEmbed, "release": readRelease, "tour": readTour,
}

// noSuchType is the answer to a type that there is not.
var noSuchType = Reason("There is no such block. Choose " + strings.Join(blockTypes[:len(blockTypes)-1], ", ") + " or " + blockTypes[len(blockTypes)-1] + ".")

// Unknown is a block of a type that this version does not know: kept as it
// stands in the store, not shown.
type Unknown struct {
	Name string
	Raw  json.RawMessage
}

// Type is the block's type as it stands in JSON.
func (u Unknown) Type() string { return u.Name }

func (u Unknown) check(Problems) Body               { return u }
func (u Unknown) write(map[string]any)              {}
func (u Unknown) rename(func(BlockID) BlockID) Body { return u }
func (u Unknown) extras() []extra                   { return nil }

// TitleOf is what a block is called: its title, or the first line of its text; ""
// for one that has neither.
func TitleOf(b Body) string {
	switch body := b.(type) {
	case Link:
		return body.Title
	case Heading:
		return body.Text
	case Text:
		line, _, _ := strings.Cut(body.Text, "\n")
		return line
	case Image:
		if body.Caption != "" || body.Picture == nil {
			return body.Caption
		}
		return body.Picture.Alt
	case Gallery:
		return body.Title
	case Contact:
		if body.Title != "" {
			return body.Title
		}
		return body.Name
	case FAQ:
		return body.Title
	case Merch:
		return body.Title
	case Embed:
		return body.Title
	case Release:
		return body.Title
	case Tour:
		return body.Title
	}
	return ""
}

// line mends a text of one line in place, and asks for it where it must not be
// empty.
func line(problems Problems, field string, text *string, limit int, ask Reason) {
	clean, err := CleanLine(*text, limit)
	if err == nil && clean == "" && ask != "" {
		err = ask
	}
	problems.Add(field, err)
	if err == nil {
		*text = clean
	}
}

// lines is line for a text of several lines.
func lines(problems Problems, field string, text *string, limit int, ask Reason) {
	clean, err := CleanText(*text, limit)
	if err == nil && clean == "" && ask != "" {
		err = ask
	}
	problems.Add(field, err)
	if err == nil {
		*text = clean
	}
}

// address mends an address in place.
func address(problems Problems, field string, url *URL) {
	clean, err := ParseURL(string(*url))
	problems.Add(field, err)
	if err == nil {
		*url = clean
	}
}

// picture is a copy of a picture, mended; nil stays nil.
func picture(problems Problems, field string, p *Picture) *Picture {
	if p == nil {
		return nil
	}
	checked := checkPicture(*p, field+".", problems)
	return &checked
}

// few refuses a list that is too long.
func few(problems Problems, field string, n, most int) {
	if n > most {
		problems.Add(field, Reason(fmt.Sprintf("There are %d; at most %d fit.", n, most)))
	}
}

// part names a field of an item of a list.
func part(list string, i int, field string) string { return fmt.Sprintf("%s[%d].%s", list, i, field) }

// put writes a field that says something; what is absent means its zero value.
func put[T comparable](out map[string]any, key string, value T) {
	var zero T
	if value != zero {
		out[key] = value
	}
}
