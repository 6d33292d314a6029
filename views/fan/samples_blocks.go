package fan

import (
	"time"

	"github.com/hlpfl/platform/internal/model"
)

// blockSamples have every block in every state.
func blockSamples(supply Supply) []Sample {
	b := blockSupply{supply}
	show := func(name, title string, blocks ...Block) Sample {
		p := page(supply, "Ines Okafor", "Soul, dub and harbour fog. London–Lagos.", "portrait-ines", blocks)
		p.Icons = append(p.Icons, b.icons("youtube", "vimeo", "spotify", "applemusic", "tidal", "deezer", "bandcamp", "mixcloud", "soundcloud", "website")...)
		p.Icons = once(p.Icons)
		return Sample{name, title, p}
	}
	everything := show("everything", "Every block", b.release(), b.video(), b.featured(), b.thumb(), b.icon(), b.tour(), b.embed(), b.merch(), b.merchSoldOut(),
		b.prose(), Block{Kind: KindDivider}, b.image(), b.gallery(), b.faq(), b.contact())
	everything.Page.SocialsAtFoot = true
	return []Sample{
		everything,
		show("to-come", "A release to come", b.toCome(), b.video(), link("Slow Harbour on vinyl", "bandcamp.com"), b.tour()),
		show("to-come-bare", "A release to come, nothing to save", b.toComeBare()),
		show("dates", "Dates in every state", b.tour(), b.noDates()),
		show("players", "Players with and without a picture", b.video(), b.videoBare(), b.embed(), b.embedBare()),
		show("long-blocks", "Blocks with long texts", b.long()...),
	}
}

// once keeps the first of each drawing.
func once(icons []Icon) []Icon {
	seen, kept := map[string]bool{}, []Icon{}
	for _, icon := range icons {
		if icon.ID != "" && !seen[icon.ID] {
			seen[icon.ID] = true
			kept = append(kept, icon)
		}
	}
	return kept
}

type blockSupply struct{ Supply }

func (b blockSupply) icons(networks ...string) []Icon {
	var list []Icon
	for _, network := range networks {
		list = append(list, b.Icon(network))
	}
	return list
}

// services are buttons, each as its id and its label.
func (b blockSupply) services(names ...string) []Social {
	list, _ := networks(b.Supply, names...)
	return list
}

func (b blockSupply) release() Block {
	return Block{Kind: KindRelease, Title: "Slow Harbour", Note: "New record", Picture: b.Picture("cover-slow-harbour"),
		Services: b.services("spotify Spotify", "applemusic Apple Music", "bandcamp Bandcamp", "tidal TIDAL", "deezer Deezer", "youtube YouTube")}
}

func (b blockSupply) toCome() Block {
	return Block{Kind: KindRelease, Title: "Night Bus", Note: "The next single", Picture: b.Picture("cover-night-bus"),
		Out: time.Date(2099, 12, 4, 0, 0, 0, 0, time.UTC), Services: b.services("spotify Spotify", "applemusic Apple Music")}
}

func (b blockSupply) toComeBare() Block {
	return Block{Kind: KindRelease, Title: "Field Notes", Out: time.Date(2099, 12, 4, 18, 0, 0, 0, time.UTC)}
}

func (b blockSupply) video() Block {
	return Block{Kind: KindVideo, Title: "Night Bus (official video)", Figure: "YouTube", Network: "youtube", Href: "#",
		Picture: b.Picture("landscape-harbour"), Frame: "https://www.youtube-nocookie.com/embed/aaaaaaaaaaa?autoplay=1"}
}

func (b blockSupply) videoBare() Block {
	return Block{Kind: KindVideo, Title: "Slow Harbour, the film", Figure: "Vimeo", Network: "vimeo", Href: "#",
		Icon: b.Icon("vimeo").ID, Frame: "https://player.vimeo.com/video/1?dnt=1&autoplay=1"}
}

func (b blockSupply) embed() Block {
	return Block{Kind: KindEmbed, Title: "Slow Harbour", Figure: "Spotify", Network: "spotify", Href: "#",
		Picture: b.Picture("cover-slow-harbour"), Frame: "https://open.spotify.com/embed/album/aaaaaaaaaaaaaaaaaaaaaa", Tall: 352}
}

func (b blockSupply) embedBare() Block {
	return Block{Kind: KindEmbed, Title: "Harbour Radio 14: an hour of fog", Figure: "Mixcloud", Network: "mixcloud", Href: "#",
		Icon: b.Icon("mixcloud").ID, Frame: "https://player-widget.mixcloud.com/widget/iframe/?feed=%2Fines%2Ffog%2F&autoplay=1", Tall: 120}
}

func (b blockSupply) featured() Block {
	l := link("Slow Harbour on vinyl", "bandcamp.com")
	l.Featured, l.Picture = true, b.Picture("thumb-vinyl")
	return l
}

func (b blockSupply) thumb() Block {
	l := link("Field notes, a playlist", "open.spotify.com")
	l.Picture = b.Picture("cover-field-notes")
	return l
}

func (b blockSupply) icon() Block {
	l := link("Old songs and sketches", "soundcloud.com")
	l.Icon = b.Icon("soundcloud").ID
	return l
}

func (b blockSupply) merch() Block {
	return Block{Kind: KindMerch, Title: "Slow Harbour, the record", Price: "€ 25", Picture: b.Picture("thumb-vinyl"), Href: "#"}
}

func (b blockSupply) merchSoldOut() Block {
	return Block{Kind: KindMerch, Title: "Tour shirt, harbour grey", Price: "From £ 20", SoldOut: true, Href: "#"}
}

func (b blockSupply) prose() Block {
	return text("A record about **night buses** and *fog horns*.\n\n- Written in Peckham\n- Recorded in Lagos\n- Mixed on the ferry\n\n1. Put it on\n2. Turn the lights off")
}

func (b blockSupply) image() Block {
	return Block{Kind: KindImage, Picture: b.Picture("landscape-harbour"), Note: "The harbour at two in the morning."}
}

func (b blockSupply) gallery() Block {
	g := Block{Kind: KindGallery, Title: "Backstage"}
	for _, name := range []string{"portrait-band", "portrait-dj", "cover-field-notes"} {
		if p := b.Picture(name); p != nil {
			g.Pictures = append(g.Pictures, *p)
		}
	}
	return g
}

func (b blockSupply) faq() Block {
	return Block{Kind: KindFAQ, Title: "Questions", Questions: []model.Question{
		{Question: "Is there parking?", Answer: "No. The night bus stops at the door."},
		{Question: "Can I bring my children?", Answer: "Yes, **before ten**:\n\n- ear protection is at the door\n- the balcony has seats"},
	}}
}

func (b blockSupply) contact() Block {
	return Block{Kind: KindContact, Title: "Booking", Note: "Marta Lindqvist, Harbour Bookings", Save: "/c/sample/booking.vcf", Ways: []Way{
		{Figure: "marta@example.com", Href: "mailto:marta@example.com", DataLink: "mail"},
		{Figure: "+44 20 7946 0018", Href: "tel:+442079460018", DataLink: "phone"},
		{Title: "Rider and stage plan", Figure: "example.com", Href: "#"},
	}}
}

func (b blockSupply) tour() Block {
	at := func(month time.Month, day, hour, minute int) time.Time {
		return time.Date(2099, month, day, hour, minute, 0, 0, time.UTC)
	}
	ticket := func(kinds ...model.TicketKind) (list []Ticket) {
		for _, kind := range kinds {
			list = append(list, Ticket{Kind: kind, Href: "#"})
		}
		return list
	}
	show := func(at time.Time, city, venue string) Show {
		return Show{At: at, City: city, Venue: venue, Status: model.ShowOn, Calendar: "/c/sample/tour/date.ics"}
	}
	lisbon, paris, berlin := show(at(12, 12, 21, 0), "Lisbon", "Musicbox"), show(at(12, 14, 20, 30), "Paris", "La Maroquinerie"), show(at(12, 16, 20, 0), "Berlin", "Lido")
	lisbon.Tickets, paris.Status = ticket(model.TicketSale, model.TicketVIP), model.ShowSoldOut
	berlin.Status = model.ShowCancelled
	oslo, lagos, leeds := show(at(12, 18, 19, 30), "Oslo", "Blå"), show(at(12, 22, 22, 0), "Lagos", "Freedom Park"), show(at(12, 29, 20, 0), "Leeds", "Brudenell Social Club")
	oslo.Status = model.ShowPostponed
	lagos.Tickets = ticket(model.TicketFree)
	leeds.OnSale, leeds.Tickets = at(12, 1, 10, 0), ticket(model.TicketPresale)
	return Block{Kind: KindTour, Title: "On tour", Save: "https://hlpfl.example/c/sample/tour.ics", Shows: []Show{lisbon, paris, berlin, oslo, lagos, leeds}}
}

func (b blockSupply) noDates() Block { return Block{Kind: KindTour, Title: "In the summer"} }

// long are blocks whose texts are longer than anybody hoped.
func (b blockSupply) long() []Block {
	release, tour, merch, contact := b.release(), b.tour(), b.merch(), b.contact()
	release.Title = "The Collected Night Bus Recordings, Volume Two: Songs from the Upper Deck, Demos and Fog Horns"
	release.Picture = nil
	tour.Title = "Autumn, Winter and a Little of the Spring"
	tour.Shows[0].City, tour.Shows[0].Venue = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch", "The Assembly Rooms of the Old Railway Institute"
	merch.Title = "A tote bag that holds three records, two pairs of headphones and a small thermos flask"
	contact.Ways[0].Figure = "a.very.long.mailbox.name.for.bookings.and.press@agency.example.com"
	return []Block{release, tour, merch, contact}
}
