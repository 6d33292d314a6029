package model

import (
	"slices"
	"strings"
	"time"
)

// Most of what a tour holds, in number.
const (
	MaxShows   = 200
	MaxTickets = 8
)

// Tour is a list of shows; a show is gone from the page at the midnight after it,
// on the clocks of its venue. The whole tour counts as one link.
type Tour struct {
	Title string
	Shows []Show // as the artist entered them; pages sort by time
}

// Show is one date of a tour.
type Show struct {
	ID       BlockID
	City     string
	Venue    string
	Starts   Local  // on the clocks of Zone
	Zone     string // of the venue, by its IANA name
	Status   ShowStatus
	OnSaleAt *time.Time // tickets lead out from this instant on; nil: now. Presales lead out until then
	Tickets  []Ticket

	extra extra
}

// ShowStatus says whether a show takes place. One that this version does not know
// is treated as ShowOn.
type ShowStatus string

// The states of a show.
const (
	ShowOn        ShowStatus = "on"
	ShowSoldOut   ShowStatus = "sold_out"
	ShowCancelled ShowStatus = "cancelled"
	ShowPostponed ShowStatus = "postponed"
)

// Ticket is one way into a show; its clicks count.
type Ticket struct {
	ID   BlockID
	Kind TicketKind
	URL  URL

	extra extra
}

// TicketKind says what a Ticket is. One that this version does not know is treated
// as TicketSale.
type TicketKind string

// The kinds of ticket.
const (
	TicketSale    TicketKind = "tickets"
	TicketPresale TicketKind = "presale"
	TicketVIP     TicketKind = "vip"
	TicketFree    TicketKind = "free"
)

// Type is the block's type as it stands in JSON.
func (Tour) Type() string { return "tour" }

// At is the instant when the show begins.
func (s Show) At() time.Time { return s.Starts.In(Zone(s.Zone)) }

// Over is the instant from which it is past: the midnight after it, on the clocks
// of its venue.
func (s Show) Over() time.Time { return s.Starts.Midnight().In(Zone(s.Zone)) }

// OnSale reports whether the general sale has begun at an instant.
func (s Show) OnSale(at time.Time) bool { return s.OnSaleAt == nil || !at.Before(*s.OnSaleAt) }

// Sells reports whether tickets are to be had at all: not when it is sold out,
// cancelled or postponed.
func (s Show) Sells() bool {
	return s.Status != ShowSoldOut && s.Status != ShowCancelled && s.Status != ShowPostponed
}

// Open are the tickets that lead out at an instant: presales before the general
// sale, the others from then on. A presale without an on-sale time is always open.
func (s Show) Open(at time.Time) []Ticket {
	if !s.Sells() {
		return nil
	}
	var open []Ticket
	for _, t := range s.Tickets {
		if t.Kind == TicketPresale && (s.OnSaleAt == nil || !s.OnSale(at)) || t.Kind != TicketPresale && s.OnSale(at) {
			open = append(open, t)
		}
	}
	return open
}

// Upcoming are the shows that are not past at an instant, the next one first.
func (t Tour) Upcoming(at time.Time) []Show {
	shows := slices.DeleteFunc(slices.Clone(t.Shows), func(s Show) bool { return !at.Before(s.Over()) })
	slices.SortStableFunc(shows, func(a, b Show) int { return a.At().Compare(b.At()) })
	return shows
}

func readTour(f *fields) Body {
	t := Tour{Title: f.text("title")}
	for _, own := range f.list("dates", MaxShows) {
		s := Show{ID: own.id(), City: own.text("city"), Venue: own.text("venue"), Starts: Local(own.text("starts")), Zone: own.text("zone"), Status: ShowStatus(own.text("status"))}
		if s.Status == "" {
			s.Status = ShowOn
		}
		s.OnSaleAt = onSale(own, s.Zone)
		for _, ticket := range own.list("tickets", MaxTickets) {
			s.Tickets = append(s.Tickets, Ticket{ticket.id(), TicketKind(ticket.text("kind")), ticket.url("url"), ticket.rest()})
		}
		s.extra = own.rest()
		t.Shows = append(t.Shows, s)
	}
	return t
}

// onSale reads an instant, or what the venue's clocks show then.
func onSale(own *fields, zone string) *time.Time {
	text := strings.TrimFunc(own.text("on_sale_at"), blank)
	if text == "" {
		return nil
	}
	at, err := ParseInstant(text)
	if local, wrong := ParseLocal(text); wrong == nil {
		name, _ := ParseTimeZone(zone) // a wrong one is told by its own field
		at, err = local.In(Zone(name)).UTC(), nil
	}
	if err != nil {
		own.p.problems.Add(own.path+"on_sale_at", Reason("Give a time like 2026-12-24T10:00, on the clocks of the venue."))
		return nil
	}
	return &at
}

func (t Tour) check(problems Problems) Body {
	line(problems, "title", &t.Title, MaxTitle, "")
	few(problems, "dates", len(t.Shows), MaxShows)
	t.Shows = slices.Clone(t.Shows)
	for i := range t.Shows {
		t.Shows[i] = t.Shows[i].check(problems, i)
	}
	return t
}

func (s Show) check(problems Problems, i int) Show {
	field := func(name string) string { return part("dates", i, name) }
	line(problems, field("city"), &s.City, MaxTitle, "Say in which city.")
	line(problems, field("venue"), &s.Venue, MaxTitle, "")
	if strings.TrimFunc(string(s.Starts), blank) == "" {
		problems.Add(field("starts"), Reason("Say when it begins, on the clocks there: 2026-12-24T20:00."))
	}
	s.Starts, s.Zone = moment(problems, field("starts"), field("zone"), s.Starts, s.Zone)
	switch s.Status {
	case ShowOn, ShowSoldOut, ShowCancelled, ShowPostponed:
	case "":
		s.Status = ShowOn
	default:
		problems.Add(field("status"), Reason("Choose on, sold_out, cancelled or postponed."))
	}
	few(problems, field("tickets"), len(s.Tickets), MaxTickets)
	s.Tickets = slices.Clone(s.Tickets)
	for j := range s.Tickets {
		ticket := &s.Tickets[j]
		address(problems, field(part("tickets", j, "url")), &ticket.URL)
		switch ticket.Kind {
		case TicketSale, TicketPresale, TicketVIP, TicketFree:
		case "":
			ticket.Kind = TicketSale
		default:
			problems.Add(field(part("tickets", j, "kind")), Reason("Choose tickets, presale, vip or free."))
		}
	}
	return s
}

func (t Tour) write(out map[string]any) {
	put(out, "title", t.Title)
	shows := make([]any, len(t.Shows))
	for i, s := range t.Shows {
		tickets := make([]any, len(s.Tickets))
		for j, ticket := range s.Tickets {
			tickets[j] = ticket.extra.object(map[string]any{"id": ticket.ID, "kind": ticket.Kind, "url": ticket.URL})
		}
		shows[i] = s.extra.object(map[string]any{
			"id": s.ID, "city": s.City, "venue": s.Venue, "starts": s.Starts, "zone": s.Zone, "status": s.Status,
			"on_sale_at": stamp(s.OnSaleAt), "tickets": tickets,
		})
	}
	out["dates"] = shows
}

func (t Tour) rename(f func(BlockID) BlockID) Body {
	t.Shows = slices.Clone(t.Shows)
	for i := range t.Shows {
		t.Shows[i].ID = f(t.Shows[i].ID)
		t.Shows[i].Tickets = slices.Clone(t.Shows[i].Tickets)
		for j := range t.Shows[i].Tickets {
			t.Shows[i].Tickets[j].ID = f(t.Shows[i].Tickets[j].ID)
		}
	}
	return t
}

func (t Tour) extras() (all []extra) {
	for _, s := range t.Shows {
		all = append(all, s.extra)
		for _, ticket := range s.Tickets {
			all = append(all, ticket.extra)
		}
	}
	return all
}
