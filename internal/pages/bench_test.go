package pages

import (
	"testing"

	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/internal/plans"
	"github.com/hlpfl/platform/internal/testenv"
	"github.com/hlpfl/platform/store"
)

// What a fan costs us beside net/http when the page is in the cache.
func BenchmarkCachedPage(b *testing.B) {
	p := benchPages(b)
	e := &entry{id: model.NewProfileID(), handle: "ines"}
	row := &store.PublicProfile{ID: e.id, Handle: "ines", Name: "Ines Okafor"}
	if err := p.draw(e, row, twenty(), Gzip); err != nil {
		b.Fatal(err)
	}
	p.mu.Lock()
	p.keep(e)
	p.mu.Unlock()
	b.ReportAllocs()
	for b.Loop() {
		if _, ok := p.Cached("ines", Gzip); !ok {
			b.Fatal("not there")
		}
	}
}

// What a page costs that is not in the cache, beside reading its row.
func BenchmarkDrawPage(b *testing.B) {
	p := benchPages(b)
	data, err := twenty().Stored()
	if err != nil {
		b.Fatal(err)
	}
	row := &store.PublicProfile{ID: model.NewProfileID(), Handle: "ines", Name: "Ines Okafor", Plan: string(plans.Free), Data: data}
	for _, c := range []Coding{Gzip, Brotli} {
		b.Run(c.String(), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				doc, err := model.ReadStored(row.Data)
				if err != nil {
					b.Fatal(err)
				}
				e := &entry{id: row.ID, handle: row.Handle, links: packLinks(doc)}
				if err := p.draw(e, row, doc, c); err != nil {
					b.Fatal(err)
				}
			}
			e := &entry{}
			_ = p.draw(e, row, twenty(), c)
			f, _, _ := e.form(c)
			b.ReportMetric(float64(len(f.body)), "bytes")
		})
	}
}

// twenty is a document with twenty links.
func twenty() model.Document {
	doc := model.NewDocument()
	doc.Bio = "Soul, dub and harbour fog. London–Lagos."
	for i := range 4 {
		doc.Socials = append(doc.Socials, model.Social{ID: model.NewBlockID(), URL: []model.URL{
			"https://www.instagram.com/a", "https://www.tiktok.com/@a", "https://www.youtube.com/@a", "https://open.spotify.com/artist/a"}[i]})
	}
	for range 16 {
		doc.Blocks = append(doc.Blocks, model.Block{ID: model.NewBlockID(), Enabled: true, Body: model.Link{Title: "Slow Harbour on vinyl", URL: "https://bandcamp.com/a/b"}})
	}
	return doc
}

func benchPages(b *testing.B) *Pages {
	b.Helper()
	s, err := store.Open(store.Options{DatabaseURL: testenv.Database(b)})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { s.Close() })
	return newPages(b, Options{Store: s, BaseURL: "https://hlpfl.example"})
}
