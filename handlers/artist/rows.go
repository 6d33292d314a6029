package artist

import (
	"slices"
	"time"

	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/internal/providers"
	"github.com/hlpfl/platform/views/artist"
)

// rows are the blocks of a draft as the editor shows them; those that were deleted
// since the last publish stand where they stood.
func rows(p model.Profile, draft model.Document, diff model.Diff, recent Recent, now time.Time) []artist.Block {
	zone := model.Zone(p.TimeZone)
	var list []artist.Block
	for _, b := range draft.Blocks {
		row := rowOf(b, zone, now)
		row.Clicks = recent.Clicks[b.ID]
		change := diff.Blocks[b.ID]
		row.Changed, row.New = change != model.Same, change == model.Added
		list = append(list, row)
	}
	for _, b := range diff.Gone {
		row := rowOf(b, zone, now)
		row.Clicks, row.Gone = recent.Clicks[b.ID], true
		list = slices.Insert(list, placeOfGone(list, p.Document, b.ID), row)
	}
	return list
}

// placeOfGone is behind the nearest row that stood before it in the published
// document.
func placeOfGone(list []artist.Block, published model.Document, id model.BlockID) int {
	at := slices.IndexFunc(published.Blocks, func(b model.Block) bool { return b.ID == id })
	for i := at - 1; i >= 0; i-- {
		before := published.Blocks[i].ID
		if j := slices.IndexFunc(list, func(row artist.Block) bool { return row.ID == before }); j >= 0 {
			return j + 1
		}
	}
	return 0
}

func rowOf(b model.Block, zone *time.Location, now time.Time) artist.Block {
	row := artist.Block{ID: b.ID, Type: b.Body.Type(), Enabled: b.Enabled}
	switch body := b.Body.(type) {
	case model.Link:
		row.Title, row.URL, row.Provider = body.Title, body.URL.String(), providerOf(providers.Detect(body.URL), body.URL)
	case model.Heading:
		row.Title = body.Text
	case model.Text:
		row.Title = body.Text
	default:
		row.Title = model.TitleOf(body)
	}
	if b.StartsAt != nil {
		row.StartsAt, row.Scheduled = b.StartsAt.In(zone), now.Before(*b.StartsAt)
	}
	if b.EndsAt != nil {
		row.EndsAt, row.Over = b.EndsAt.In(zone), !now.Before(*b.EndsAt)
	}
	return row
}

// formOf is the open form of a row, as it is saved.
func formOf(row artist.Block) *artist.BlockForm {
	switch row.Type {
	case "link":
		return &artist.BlockForm{Type: row.Type, Title: row.Title, URL: row.URL, Provider: row.Provider}
	case "heading", "text":
		return &artist.BlockForm{Type: row.Type, Text: row.Title}
	}
	return nil // a newer version's: it cannot be edited here
}

// titleOf is what a block is called in a sentence.
func titleOf(b model.Block) string {
	title := model.TitleOf(b.Body)
	if letters := []rune(title); len(letters) > 40 {
		return string(letters[:39]) + "…"
	}
	return title
}
