package pages

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/internal/plans"
	"github.com/hlpfl/platform/store"
	"github.com/hlpfl/platform/views"
	"github.com/hlpfl/platform/views/fan"
)

// Content is what a page is made of: the published side of a profile, or its
// draft.
type Content struct {
	ID       model.ProfileID
	Handle   model.Handle
	Name     string
	Document model.Document
	Plan     plans.Plan // the owner's
}

func contentOf(row *store.PublicProfile, doc model.Document) Content {
	return Content{row.ID, row.Handle, row.Name, doc, plans.Plan(row.Plan)}
}

// Preview draws content as fans would see it at an instant (zero means now), for
// its owner's eyes: it counts nothing, its links lead straight out and open a new
// tab. csp is the Content-Security-Policy that belongs to the page.
func (p *Pages) Preview(c Content, at time.Time) (html []byte, csp string, err error) {
	if at.IsZero() {
		at = p.now()
	}
	return p.themes.Render(p.builder.page(c, at, true))
}

// builder turns content into what views/fan draws. It reads nothing.
type builder struct {
	baseURL string
	cdn     context.Context //nolint:containedctx // views takes the CDN's prefix from a context
	// origin stands before media where an absolute address is needed; empty when
	// the CDN's prefix is absolute already.
	origin string
}

func newBuilder(baseURL, cdn string) builder {
	b := builder{baseURL: baseURL, cdn: views.WithCDN(context.Background(), cdn)}
	if cdn == "" {
		b.origin = baseURL
	}
	return b
}

func (b builder) url(handle model.Handle) string { return b.baseURL + views.Profile(handle.String()) }

// page is the page at an instant.
func (b builder) page(c Content, at time.Time, preview bool) fan.Page {
	doc := c.Document
	page := fan.Page{
		ProfileID: c.ID,
		Handle:    c.Handle.String(),
		URL:       b.url(c.Handle),
		Theme:     doc.Theme.Name,
		Name:      fan.Measure(c.Name),
		Bio:       doc.Bio,
		Branding:  plans.Of(c.Plan).Branding,
		Home:      views.Home(),
		Preview:   preview,
	}
	d := drawing{builder: b, page: &page, profile: c.ID, preview: preview, at: at}
	for _, s := range doc.Socials {
		page.Socials = append(page.Socials, d.social(s.ID, s.Network, s.URL))
	}
	if plans.Of(c.Plan).OwnLook {
		page.Look = b.look(doc.Theme.Look)
	}
	page.SocialsAtFoot = doc.SocialsAt == model.SocialsBottom
	for _, block := range doc.Blocks {
		if block.Shown(at) {
			page.Blocks = append(page.Blocks, d.block(block))
		}
	}
	page.Description = description(page)
	page.Card = fan.Card{Title: page.Name.Text, Description: page.Description}
	b.picture(&page, doc.Picture)
	return page
}

// look is what the artist changed of the theme.
func (b builder) look(l model.Look) fan.Look {
	return fan.Look{Colours: l.Colours, NameFont: l.NameFont, TextFont: l.TextFont, Buttons: l.Buttons, Background: b.stored(l.Background)}
}

// picture fills in the portrait, and the picture that other sites show.
func (b builder) picture(page *fan.Page, p *model.Picture) {
	if p == nil {
		return
	}
	page.Picture = b.stored(p)
	if page.Picture == nil {
		return
	}
	// Other sites show a JPEG; not all of them anything else.
	page.Card.Image = b.origin + views.Media(b.cdn, model.MediaJPEG(p.Media, page.Picture.Width))
	page.Card.ImageWidth, page.Card.ImageHeight = page.Picture.Width, page.Picture.Height
	page.Card.ImageAlt = p.Alt
}

// stored is a stored picture in all its sizes; nil when there is none.
func (b builder) stored(p *model.Picture) *fan.Picture {
	if p == nil {
		return nil
	}
	width, height, ok := model.ParseMedia(p.Media)
	if !ok {
		return nil
	}
	src := func(width int) string { return views.Media(b.cdn, model.MediaFile(p.Media, width)) }
	pic := &fan.Picture{Src: src(width), Width: width, Height: height, Alt: p.Alt, Focus: p.Focus}
	pic.Tint, _ = model.MediaTint(p.Media)
	if widths := model.MediaWidths(width); len(widths) > 1 {
		var set []string
		for _, w := range widths {
			set = append(set, src(w)+" "+strconv.Itoa(w)+"w")
		}
		pic.SrcSet = strings.Join(set, ", ")
	}
	return pic
}

// figure is the small print of a link.
func figure(u model.URL) string {
	switch u.Scheme() {
	case "mailto":
		return "mail"
	case "tel":
		return "phone"
	case "sms":
		return "text"
	}
	return u.Host()
}

// maxDescription is what search engines show of a description, in characters.
const maxDescription = 160

// description is the bio on one line, or else what there is to find on the page:
// both are in the artist's own language.
func description(page fan.Page) string {
	text := strings.Join(strings.Fields(page.Bio), " ")
	if text == "" {
		var titles []string
		for _, block := range page.Blocks {
			if block.Kind != fan.KindHeading && block.Title != "" {
				titles = append(titles, block.Title)
			}
		}
		text = strings.Join(titles, " · ")
	}
	letters := []rune(text)
	if len(letters) <= maxDescription {
		return text
	}
	short := string(letters[:maxDescription-1])
	if i := strings.LastIndexByte(short, ' '); i > len(short)/2 {
		short = short[:i]
	}
	return strings.TrimRight(short, " .,;:·–-") + "…"
}
