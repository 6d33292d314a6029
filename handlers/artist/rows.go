package artist

import (
	"slices"
	"strings"
	"time"

	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/internal/providers"
	"github.com/hlpfl/platform/views/artist"
	"github.com/hlpfl/platform/views/ui"
)

// rows are the blocks of a draft as the editor shows them; those that were deleted
// since the last publish stand where they stood.
func rows(p model.Profile, draft model.Document, diff model.Diff, recent Recent, now time.Time) []artist.Block {
	zone := model.Zone(p.TimeZone)
	var list []artist.Block
	for _, b := range draft.Blocks {
		row := rowOf(b, recent)
		if was, ok := p.Document.Block(b.ID); ok {
			row.Public = stateOf(was, zone, now)
		}
		row.After, row.Group = stateOf(b, zone, now), groupOf(draft, b.ID)
		row.Becomes = becomes(b)
		change := diff.Blocks[b.ID]
		row.Changed, row.New = change != model.Same, change == model.Added
		list = append(list, row)
	}
	for _, b := range diff.Gone {
		row := rowOf(b, recent)
		row.Public, row.Gone = stateOf(b, zone, now), true
		list = slices.Insert(list, placeOfGone(list, p.Document, b.ID), row)
	}
	return list
}

// groupOf is what a heading stands over, and where it goes with it by one step; zero
// for a block that stands over nothing.
func groupOf(d model.Document, id model.BlockID) artist.Group {
	g := artist.Group{Size: d.Group(id), Up: -1, Down: -1}
	if g.Size < 2 {
		return artist.Group{}
	}
	at := d.Place(id)
	for i := range d.Blocks[:at] {
		if i == 0 || isHeading(d.Blocks[i]) {
			g.Up = i
		}
	}
	if after := at + g.Size; after < len(d.Blocks) {
		g.Down = at + d.Group(d.Blocks[after].ID)
	}
	return g
}

func isHeading(b model.Block) bool {
	_, is := b.Body.(model.Heading)
	return is
}

// stateOf is what fans see of a published block, by the rule that pages follow
// (model.Block.Shown), in words of its window.
func stateOf(b model.Block, zone *time.Location, now time.Time) artist.State {
	switch {
	case !b.Enabled:
		return artist.State{Kind: artist.StateOff}
	case b.Shown(now):
		s := artist.State{Kind: artist.StateLive}
		if b.EndsAt != nil {
			s.At = b.EndsAt.In(zone)
		}
		return s
	case b.EndsAt != nil && !now.Before(*b.EndsAt):
		return artist.State{Kind: artist.StateEnded, At: b.EndsAt.In(zone)}
	case b.StartsAt != nil:
		return artist.State{Kind: artist.StateScheduled, At: b.StartsAt.In(zone)}
	}
	return artist.State{} // of a newer version: nobody sees it here
}

// nextSays is the next thing that fans will see change by itself, in words; "" when
// nothing will.
func nextSays(d model.Document, zone *time.Location, now time.Time) string {
	at := d.NextChange(now)
	if at.IsZero() {
		return ""
	}
	for _, b := range d.Blocks {
		before, after := b.Shown(at.Add(-time.Nanosecond)), b.Shown(at)
		title := "“" + titleOf(b) + "”"
		if titleOf(b) == "" {
			title = "A " + model.KindWords(b.Body.Type(), 1)
		}
		when := ui.Moment(at.In(zone), now.In(zone))
		switch {
		case after && !before:
			return "Next by itself: " + title + " appears on " + when + "."
		case before && !after:
			return "Next by itself: " + title + " goes on " + when + "."
		}
	}
	return "Next by itself: something changes on " + ui.Moment(at.In(zone), now.In(zone)) + "."
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

func rowOf(b model.Block, recent Recent) artist.Block {
	row := artist.Block{ID: b.ID, Type: b.Body.Type(), Enabled: b.Enabled, Title: model.TitleOf(b.Body), Sub: inside(b.Body)}
	for _, e := range b.Exits() {
		row.Counts = true
		row.Clicks += recent.Clicks[e.ID]
	}
	var u model.URL
	switch body := b.Body.(type) {
	case model.Link:
		u = body.URL
	case model.Merch:
		u = body.URL
	case model.Embed:
		u = body.URL
	}
	if u != "" {
		row.URL, row.Provider = u.String(), providerOf(providers.Detect(u), u)
	}
	return row
}

// inside says how much is in a block: "four services".
func inside(b model.Body) string {
	n, one, many := 0, "", ""
	switch body := b.(type) {
	case model.Release:
		n, one, many = len(body.Services), "service", "services"
	case model.Tour:
		n, one, many = len(body.Shows), "date", "dates"
	case model.Gallery:
		n, one, many = len(body.Pictures), "picture", "pictures"
	case model.FAQ:
		n, one, many = len(body.Questions), "question", "questions"
	default:
		return ""
	}
	word := strings.ToLower(ui.Words(n))
	if n == 1 {
		return word + " " + one
	}
	return word + " " + many
}

// titleOf is what a block is called in a sentence.
func titleOf(b model.Block) string {
	title := model.TitleOf(b.Body)
	if letters := []rune(title); len(letters) > 40 {
		return string(letters[:39]) + "…"
	}
	return title
}
