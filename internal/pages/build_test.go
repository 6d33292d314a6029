package pages

import (
	"strings"
	"testing"
	"time"

	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/internal/plans"
	"github.com/hlpfl/platform/views/fan"
)

func content(doc model.Document) Content {
	return Content{ID: model.NewProfileID(), Handle: "ines", Name: "Ines Okafor", Document: doc, Plan: plans.Free}
}

func titles(page fan.Page) string {
	var out []string
	for _, b := range page.Blocks {
		out = append(out, b.Title+b.Text)
	}
	return strings.Join(out, " ")
}

// A block is there from the very instant of its start up to, not including, its end.
func TestBlocksAreShownInTheirTime(t *testing.T) {
	doc := model.NewDocument()
	doc.Blocks = []model.Block{
		{ID: "a", Enabled: true, Body: model.Link{Title: "always", URL: "https://example.com"}},
		{ID: "b", Enabled: false, Body: model.Link{Title: "off", URL: "https://example.com"}},
		{ID: "c", Enabled: true, StartsAt: at(0), Body: model.Text{Text: "starts"}},
		{ID: "d", Enabled: true, EndsAt: at(0), Body: model.Heading{Text: "ends"}},
		{ID: "e", Enabled: true, StartsAt: at(0), EndsAt: at(time.Second), Body: model.Link{Title: "blink", URL: "https://example.com"}},
	}
	b := newBuilder("https://hlpfl.example", "")
	for d, want := range map[time.Duration]string{
		-time.Second:      "always ends",
		-time.Microsecond: "always ends",
		0:                 "always starts blink",
		time.Second:       "always starts",
	} {
		if got := titles(b.page(content(doc), noon.Add(d), false)); got != want {
			t.Errorf("at %s: %q, want %q", d, got, want)
		}
	}
}

func TestLinksLeadThroughTheCount(t *testing.T) {
	doc := model.NewDocument()
	doc.Socials = []model.Social{
		{ID: "s1", Network: "instagram", URL: "https://www.instagram.com/ines"},
		{ID: "s2", Network: "instagram", URL: "mailto:ines@example.com"},
	}
	doc.Blocks = []model.Block{
		{ID: "b1", Enabled: true, Body: model.Link{Title: "Vinyl", URL: "https://www.bandcamp.com/ines?x=1"}},
		{ID: "b2", Enabled: true, Body: model.Link{Title: "Call", URL: "tel:+351000"}},
		{ID: "b3", Enabled: true, Body: model.Link{Title: "Text", URL: "sms:+351000"}},
	}
	c := content(doc)
	b := newBuilder("https://hlpfl.example", "")
	for preview, want := range map[bool][]string{
		false: {"/r/" + c.ID.String() + "/s1 ", "mailto:ines@example.com s2", "/r/" + c.ID.String() + "/b1 ", "tel:+351000 b2", "sms:+351000 b3"},
		true:  {"https://www.instagram.com/ines ", "mailto:ines@example.com ", "https://www.bandcamp.com/ines?x=1 ", "tel:+351000 ", "sms:+351000 "},
	} {
		page := b.page(c, noon, preview)
		var got []string
		for _, s := range page.Socials {
			got = append(got, s.Href+" "+s.DataLink)
		}
		for _, block := range page.Blocks {
			got = append(got, block.Href+" "+block.DataLink)
		}
		if strings.Join(got, "\n") != strings.Join(want, "\n") {
			t.Errorf("preview %v:\n%s\nwant\n%s", preview, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
		if page.Preview != preview {
			t.Errorf("preview is %v", page.Preview)
		}
	}
	page := b.page(c, noon, false)
	if got := page.Blocks[0].Figure + " " + page.Blocks[1].Figure + " " + page.Blocks[2].Figure; got != "bandcamp.com phone text" {
		t.Errorf("small print: %s", got)
	}
	// An address that is not the network's has its own icon, not the one it was given.
	if page.Socials[0].Network != "instagram" || page.Socials[1].Network != "mail" {
		t.Errorf("networks: %s, %s", page.Socials[0].Network, page.Socials[1].Network)
	}
}

func TestEachIconIsSentOnce(t *testing.T) {
	doc := model.NewDocument()
	doc.Socials = []model.Social{
		{ID: "a", URL: "https://www.instagram.com/one"},
		{ID: "b", URL: "https://www.instagram.com/two"},
		{ID: "c", URL: "https://open.spotify.com/artist/x"},
	}
	page := newBuilder("https://hlpfl.example", "").page(content(doc), noon, false)
	if len(page.Icons) != 2 {
		t.Fatalf("%d icons, want 2", len(page.Icons))
	}
	for _, s := range page.Socials {
		found := false
		for _, icon := range page.Icons {
			found = found || icon.ID == s.Icon && icon.Path != ""
		}
		if !found {
			t.Errorf("%s has no drawing", s.Network)
		}
	}
}

func TestBrandingIsThePlans(t *testing.T) {
	b := newBuilder("https://hlpfl.example", "")
	for plan, want := range map[plans.Plan]bool{plans.Free: true, plans.Artist: false, plans.Business: false, plans.Enterprise: false, "nonsense": true} {
		c := content(model.NewDocument())
		c.Plan = plan
		if got := b.page(c, noon, false).Branding; got != want {
			t.Errorf("%s: branding %v", plan, got)
		}
	}
}

// A look of one's own is kept when the plan ends, and shown again with the next.
func TestLookIsThePlans(t *testing.T) {
	b := newBuilder("https://hlpfl.example", "")
	doc := model.NewDocument()
	doc.Theme.Look = model.Look{Colours: &model.Colours{Ground: "#ffffff", Ink: "#000000", Accent: "#ff0000"}, NameFont: "unbounded",
		TextFont: "archivo", Buttons: model.ButtonsSoft, Background: &model.Picture{Media: "0123456789abcdef_960x1200", Focus: "1% 2%"}}
	for plan, want := range map[plans.Plan]bool{plans.Free: false, plans.Artist: true, plans.Business: true, plans.Enterprise: true, "nonsense": false} {
		c := content(doc)
		c.Plan = plan
		l := b.page(c, noon, false).Look
		shown := l.Colours != nil && l.NameFont == "unbounded" && l.TextFont == "archivo" && l.Buttons == model.ButtonsSoft &&
			l.Background != nil && l.Background.Focus == "1% 2%" && l.Background.SrcSet != ""
		if shown != want || !want && l != (fan.Look{}) {
			t.Errorf("%s: %+v", plan, l)
		}
	}
}

func TestPicture(t *testing.T) {
	doc := model.NewDocument()
	doc.Picture = &model.Picture{Media: "0123456789abcdef_960x1200", Alt: "Ines", Focus: "46% 42%"}
	for cdn, origin := range map[string]string{"": "https://hlpfl.example", "https://cdn.example/x": ""} {
		page := newBuilder("https://hlpfl.example", cdn).page(content(doc), noon, false)
		src := cdn + "/m/0123456789abcdef_960x1200-960.webp"
		if p := page.Picture; p == nil || p.Src != src || p.Width != 960 || p.Height != 1200 || p.Alt != "Ines" || p.Focus != "46% 42%" ||
			p.SrcSet != cdn+"/m/0123456789abcdef_960x1200-480.webp 480w, "+src+" 960w" {
			t.Errorf("with CDN %q: %+v", cdn, p)
		}
		if page.Card.Image != origin+strings.Replace(src, ".webp", ".jpg", 1) || page.Card.ImageWidth != 960 {
			t.Errorf("with CDN %q: card %+v", cdn, page.Card)
		}
	}
	doc.Picture.Media = "../../etc/passwd"
	if page := newBuilder("https://hlpfl.example", "").page(content(doc), noon, false); page.Picture != nil || page.Card.Image != "" {
		t.Errorf("a name that is none became %+v", page.Picture)
	}
}

func TestDescription(t *testing.T) {
	b := newBuilder("https://hlpfl.example", "")
	doc := model.NewDocument()
	doc.Blocks = []model.Block{
		{ID: "a", Enabled: true, Body: model.Link{Title: "Night Bus", URL: "https://example.com"}},
		{ID: "b", Enabled: true, Body: model.Heading{Text: "Press"}},
		{ID: "c", Enabled: false, Body: model.Link{Title: "secret", URL: "https://example.com"}},
		{ID: "d", Enabled: true, Body: model.Link{Title: "Vinyl", URL: "https://example.com"}},
	}
	if got := b.page(content(doc), noon, false).Description; got != "Night Bus · Vinyl" {
		t.Errorf("without a bio: %q", got)
	}
	doc.Bio = "Soul, dub\nand  harbour fog."
	if got := b.page(content(doc), noon, false).Description; got != "Soul, dub and harbour fog." {
		t.Errorf("with a bio: %q", got)
	}
	for _, bio := range []string{strings.Repeat("word ", 100), strings.Repeat("夜", 400)} {
		doc.Bio = bio
		got := []rune(b.page(content(doc), noon, false).Description)
		if len(got) > maxDescription || len(got) < maxDescription/2 || got[len(got)-1] != '…' {
			t.Errorf("%d characters: %s", len(got), string(got))
		}
	}
}
