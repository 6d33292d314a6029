package pages

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/hlpfl/platform/internal/model"
)

var noon = time.Date(2026, 12, 24, 12, 0, 0, 0, time.UTC)

func at(d time.Duration) *time.Time {
	t := noon.Add(d)
	return &t
}

// The packed table must say what the document says, at every boundary.
func TestPackedLinksSayWhatTheDocumentSays(t *testing.T) {
	long := "https://example.com/" + strings.Repeat("x", 2000)
	doc := model.Document{
		Socials: []model.Social{{ID: "s1", URL: "https://instagram.com/a"}, {ID: "s2", URL: "mailto:a@example.com"}},
		Blocks: []model.Block{
			{ID: "plain", Enabled: true, Body: model.Link{URL: "https://example.com/1"}},
			{ID: "off", Body: model.Link{URL: "https://example.com/2"}},
			{ID: "heading", Enabled: true, Body: model.Heading{Text: "H"}},
			{ID: "starts", Enabled: true, StartsAt: at(0), Body: model.Link{URL: model.URL(long)}},
			{ID: "ends", Enabled: true, EndsAt: at(0), Body: model.Link{URL: "https://example.com/4"}},
			{ID: "both", Enabled: true, StartsAt: at(-time.Hour), EndsAt: at(0), Body: model.Link{URL: "tel:+351000"}},
			{ID: "off-both", StartsAt: at(-time.Hour), EndsAt: at(time.Hour), Body: model.Link{URL: "https://example.com/6"}},
			{ID: model.BlockID(strings.Repeat("z", model.MaxBlockID)), Enabled: true, Body: model.Link{URL: "https://example.com/7"}},
		},
	}
	packed := packLinks(doc)
	ids := []model.BlockID{"", "absent", "s", "plai", "heading"}
	for _, s := range doc.Socials {
		ids = append(ids, s.ID)
	}
	for _, b := range doc.Blocks {
		ids = append(ids, b.ID)
	}
	for _, id := range ids {
		for _, d := range []time.Duration{-2 * time.Hour, -time.Second, -time.Microsecond, 0, time.Second, 2 * time.Hour} {
			wantURL, _, wantOpen, _ := doc.FindLink(id, noon.Add(d))
			gotURL, gotOpen, _ := packed.find(id, noon.Add(d))
			if gotURL != wantURL || gotOpen != wantOpen {
				t.Errorf("%q at %s: %.40q %v, want %.40q %v", id, d, gotURL, gotOpen, wantURL, wantOpen)
			}
		}
	}
}

func TestFindAllocatesNothing(t *testing.T) {
	var doc model.Document
	for i := range 20 {
		doc.Blocks = append(doc.Blocks, model.Block{ID: model.BlockID(fmt.Sprint("b", i)), Enabled: true, Body: model.Link{URL: "https://example.com/"}})
	}
	packed := packLinks(doc)
	if n := testing.AllocsPerRun(100, func() { packed.find("b19", noon) }); n != 0 {
		t.Errorf("%v allocations a look-up", n)
	}
}
