package model

import "fmt"

// Named is a picture of a document, with where it stands there: "picture",
// "theme.background", "blocks[3].cover".
type Named struct {
	Field   string
	Picture Picture
}

// Pictures are all that a document shows.
func (d Document) Pictures() []Named {
	var all []Named
	add := func(field string, p *Picture) {
		if p != nil {
			all = append(all, Named{field, *p})
		}
	}
	add("picture", d.Picture)
	add("theme.background", d.Theme.Background)
	for i, b := range d.Blocks {
		at := fmt.Sprintf("blocks[%d].", i)
		switch body := b.Body.(type) {
		case Link:
			add(at+"thumb", body.Thumb)
		case Image:
			add(at+"picture", body.Picture)
		case Gallery:
			for j := range body.Pictures {
				add(fmt.Sprintf("%spictures[%d]", at, j), &body.Pictures[j])
			}
		case Merch:
			add(at+"picture", body.Picture)
		case Embed:
			add(at+"picture", body.Picture)
		case Release:
			add(at+"cover", body.Cover)
		}
	}
	return all
}

// WithoutPictures is the document without the pictures that are not wanted: a picture block
// without its picture goes whole.
func (d Document) WithoutPictures(wanted func(media string) bool) Document {
	keep := func(p *Picture) *Picture {
		if p == nil || wanted(p.Media) {
			return p
		}
		return nil
	}
	d.Picture, d.Theme.Background = keep(d.Picture), keep(d.Theme.Background)
	blocks := make([]Block, 0, len(d.Blocks))
	for _, b := range d.Blocks {
		switch body := b.Body.(type) {
		case Link:
			body.Thumb = keep(body.Thumb)
			b.Body = body
		case Image:
			if keep(body.Picture) == nil {
				continue
			}
		case Gallery:
			var kept []Picture
			for _, p := range body.Pictures {
				if wanted(p.Media) {
					kept = append(kept, p)
				}
			}
			if len(kept) == 0 {
				continue
			}
			body.Pictures = kept
			b.Body = body
		case Merch:
			body.Picture = keep(body.Picture)
			b.Body = body
		case Embed:
			body.Picture = keep(body.Picture)
			b.Body = body
		case Release:
			body.Cover = keep(body.Cover)
			b.Body = body
		}
		blocks = append(blocks, b)
	}
	d.Blocks = blocks
	return d
}
