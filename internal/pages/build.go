package pages

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/internal/plans"
	"github.com/hlpfl/platform/internal/providers"
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

// Preview draws content as fans would see it at this moment, for its owner's eyes:
// it counts nothing, its links lead straight out and open a new tab. csp is the
// Content-Security-Policy that belongs to the page.
func (p *Pages) Preview(c Content) (html []byte, csp string, err error) {
	return p.themes.Render(p.builder.page(c, p.now(), true))
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

// page is the page at an instant.
func (b builder) page(c Content, at time.Time, preview bool) fan.Page {
	doc := c.Document
	page := fan.Page{
		ProfileID: c.ID,
		Handle:    c.Handle.String(),
		URL:       b.baseURL + views.Profile(c.Handle.String()),
		Theme:     doc.Theme.Name,
		Name:      fan.Measure(c.Name),
		Bio:       doc.Bio,
		Branding:  plans.Of(c.Plan).Branding,
		Home:      views.Home(),
		Preview:   preview,
	}
	for _, s := range doc.Socials {
		p := providerOf(s)
		social := fan.Social{Network: p.Key, Icon: p.Icon.Name, Label: p.Name}
		social.Href, social.DataLink = b.way(c.ID, s.ID, s.URL, preview)
		page.Socials = append(page.Socials, social)
		icon := fan.Icon{ID: p.Icon.Name, Path: p.Icon.Path, Stroke: p.Icon.Stroke}
		if !slices.Contains(page.Icons, icon) {
			page.Icons = append(page.Icons, icon)
		}
	}
	for _, block := range doc.Blocks {
		if block.Shown(at) {
			page.Blocks = append(page.Blocks, b.block(c.ID, block, preview))
		}
	}
	page.Description = description(page)
	page.Card = fan.Card{Title: page.Name.Text, Description: page.Description}
	b.picture(&page, doc.Picture)
	return page
}

func (b builder) block(profile model.ProfileID, block model.Block, preview bool) fan.Block {
	switch body := block.Body.(type) {
	case model.Link:
		out := fan.Block{Kind: fan.KindLink, Title: body.Title, Figure: figure(body.URL)}
		out.Href, out.DataLink = b.way(profile, block.ID, body.URL, preview)
		return out
	case model.Heading:
		return fan.Block{Kind: fan.KindHeading, Title: body.Text}
	case model.Text:
		return fan.Block{Kind: fan.KindText, Text: body.Text}
	}
	return fan.Block{} // of no kind: not drawn
}

// way is where a link's href goes, and the id that the beacon counts it by where
// no redirect can: in-app browsers die on a redirect to mailto:, tel: or sms:.
func (b builder) way(profile model.ProfileID, link model.BlockID, url model.URL, preview bool) (href, dataLink string) {
	switch {
	case preview:
		return url.String(), ""
	case url.LeadsOut():
		return views.Link(profile, link), ""
	}
	return url.String(), string(link)
}

// picture fills in the portrait, and the picture that other sites show.
func (b builder) picture(page *fan.Page, p *model.Picture) {
	if p == nil {
		return
	}
	width, height, ok := model.ParseMedia(p.Media)
	if !ok {
		return
	}
	src := func(width int) string { return views.Media(b.cdn, model.MediaFile(p.Media, width)) }
	page.Picture = &fan.Picture{Src: src(width), Width: width, Height: height, Alt: p.Alt, Focus: p.Focus}
	if widths := model.MediaWidths(width); len(widths) > 1 {
		var set []string
		for _, w := range widths {
			set = append(set, src(w)+" "+strconv.Itoa(w)+"w")
		}
		page.Picture.SrcSet = strings.Join(set, ", ")
	}
	page.Card.Image, page.Card.ImageWidth, page.Card.ImageHeight = b.origin+src(width), width, height
	page.Card.ImageAlt = p.Alt
}

// providerOf is the service of a social: the one that the artist named, unless
// the address leads elsewhere.
func providerOf(s model.Social) providers.Provider {
	if named, ok := providers.ByKey(s.Network); ok && providers.Fits(s.Network, s.URL) {
		return named
	}
	return providers.Detect(s.URL)
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
			if block.Kind == fan.KindLink {
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
