package pages

import (
	"slices"
	"strings"
	"time"

	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/internal/providers"
	"github.com/hlpfl/platform/views"
	"github.com/hlpfl/platform/views/fan"
)

// drawing is one page on its way from content to what views/fan draws.
type drawing struct {
	builder
	page    *fan.Page
	profile model.ProfileID
	preview bool
	at      time.Time
}

// kindsOf are the kinds of blocks that are drawn by their title or text alone.
var kindsOf = map[string]fan.Kind{
	"link": fan.KindLink, "heading": fan.KindHeading, "text": fan.KindText, "image": fan.KindImage, "gallery": fan.KindGallery,
	"contact": fan.KindContact, "faq": fan.KindFAQ, "divider": fan.KindDivider, "merch": fan.KindMerch, "embed": fan.KindEmbed,
	"release": fan.KindRelease, "tour": fan.KindTour,
}

// block is a block as it is at the drawing's instant; of no kind, and so not drawn,
// when this version does not know it.
func (d drawing) block(block model.Block) fan.Block {
	out := fan.Block{Kind: kindsOf[block.Body.Type()]}
	switch body := block.Body.(type) {
	case model.Link:
		out.Title, out.Figure, out.Featured = body.Title, figure(body.URL), body.Featured
		out.Href, out.DataLink = d.way(block.ID, body.URL)
		out.Picture = d.small(body.Thumb)
		if p := providers.Detect(body.URL); body.Icon == model.IconAuto {
			out.Icon = d.icon(p)
		}
	case model.Heading:
		out.Title = body.Text
	case model.Text:
		out.Text = body.Text
	case model.Image:
		out.Picture, out.Note = d.stored(body.Picture), body.Caption
	case model.Gallery:
		out.Title = body.Title
		for _, p := range body.Pictures {
			if pic := d.stored(&p); pic != nil {
				out.Pictures = append(out.Pictures, *pic)
			}
		}
	case model.Contact:
		d.contact(&out, block.ID, body)
	case model.FAQ:
		out.Title, out.Questions = body.Title, body.Questions
	case model.Merch:
		out.Title, out.SoldOut, out.Picture = body.Title, body.SoldOut, d.stored(body.Picture)
		out.Price = body.Price.String()
		out.Href, out.DataLink = d.way(block.ID, body.URL)
	case model.Embed:
		d.embed(&out, block.ID, body)
	case model.Release:
		d.release(&out, body)
	case model.Tour:
		d.tour(&out, block.ID, body)
	}
	return out
}

// way is where a link's href goes, and the id that the beacon counts it by where
// no redirect can: in-app browsers die on a redirect to mailto:, tel: or sms:.
func (d drawing) way(link model.BlockID, url model.URL) (href, dataLink string) {
	switch {
	case d.preview:
		return url.String(), ""
	case url.LeadsOut():
		return views.Link(d.profile, link), ""
	}
	return url.String(), string(link)
}

// social is an icon of the row, or a button of a release.
func (d drawing) social(id model.BlockID, network string, url model.URL) fan.Social {
	p := providerOf(network, url)
	out := fan.Social{Network: p.Key, Icon: d.icon(p), Label: p.Name}
	out.Href, out.DataLink = d.way(id, url)
	return out
}

// icon puts a service's drawing on the page, once.
func (d drawing) icon(p providers.Provider) string {
	icon := fan.Icon{ID: p.Icon.Name, Path: p.Icon.Path, Stroke: p.Icon.Stroke}
	if !slices.Contains(d.page.Icons, icon) {
		d.page.Icons = append(d.page.Icons, icon)
	}
	return icon.ID
}

// providerOf is the service of an address: the one that the artist named, unless
// the address leads elsewhere.
func providerOf(network string, url model.URL) providers.Provider {
	if named, ok := providers.ByKey(network); ok && providers.Fits(network, url) {
		return named
	}
	return providers.Detect(url)
}

// small is a stored picture at the smallest of its sizes.
func (d drawing) small(p *model.Picture) *fan.Picture {
	pic := d.stored(p)
	if pic == nil {
		return nil
	}
	pic.Src, pic.SrcSet = views.Media(d.cdn, model.MediaFile(p.Media, model.MediaWidths(pic.Width)[0])), ""
	return pic
}

func (d drawing) contact(out *fan.Block, id model.BlockID, c model.Contact) {
	out.Title = c.Title
	who := []string{c.Name, c.Role, c.Organization}
	out.Note = strings.Join(slices.DeleteFunc(who, func(s string) bool { return s == "" }), ", ")
	if c.Note != "" {
		out.Note += ". " + c.Note
	}
	for _, w := range c.Ways {
		way := fan.Way{Title: w.Title, Figure: readable(w.URL)}
		way.Href, way.DataLink = d.way(w.ID, w.URL)
		out.Ways = append(out.Ways, way)
	}
	if !d.preview {
		out.Save = views.Card(d.profile, id)
	}
}

// readable is an address as people say it: the mail address, the number, the host.
func readable(u model.URL) string {
	if u.LeadsOut() {
		return u.Host()
	}
	return u.Path()
}

func (d drawing) embed(out *fan.Block, id model.BlockID, e model.Embed) {
	p, known := providers.ByKey(e.Player.Service)
	if !known {
		p = providers.Detect(e.URL)
	}
	if e.Player.Wide() {
		out.Kind = fan.KindVideo
	}
	out.Title, out.Figure, out.Network, out.Picture = e.Title, p.Name, p.Key, d.stored(e.Picture)
	out.Href, out.DataLink = d.way(id, e.URL)
	out.Frame, out.Tall = e.Player.Frame(), e.Player.Tall()
	if out.Picture == nil {
		out.Icon = d.icon(p)
	}
}

func (d drawing) release(out *fan.Block, r model.Release) {
	out.Title, out.Note, out.Picture = r.Title, r.Note, d.stored(r.Cover)
	services := r.Services
	if r.ToCome(d.at) {
		out.Out, services = r.Out().In(model.Zone(r.Zone)), r.PreSaves
	}
	for _, s := range services {
		out.Services = append(out.Services, d.social(s.ID, s.Network, s.URL))
	}
}

func (d drawing) tour(out *fan.Block, id model.BlockID, t model.Tour) {
	out.Title = t.Title
	for _, s := range t.Upcoming(d.at) {
		zone := model.Zone(s.Zone)
		show := fan.Show{At: s.At().In(zone), City: s.City, Venue: s.Venue, Status: s.Status}
		if s.Sells() && !s.OnSale(d.at) {
			show.OnSale = s.OnSaleAt.In(zone)
		}
		for _, ticket := range s.Open(d.at) {
			one := fan.Ticket{Kind: ticket.Kind}
			one.Href, one.DataLink = d.way(ticket.ID, ticket.URL)
			show.Tickets = append(show.Tickets, one)
		}
		if !d.preview {
			show.Calendar = views.CalendarShow(d.profile, id, s.ID)
		}
		out.Shows = append(out.Shows, show)
	}
	if !d.preview {
		out.Save = d.baseURL + views.Calendar(d.profile, id)
	}
}
