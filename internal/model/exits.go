package model

import "time"

// Exit is one thing on a page that leads somewhere and whose taps count: a social,
// a link, a button of a release, a ticket, a way to reach somebody.
type Exit struct {
	ID      BlockID
	Block   BlockID // the block that it is a part of; "" for a social
	Title   string  // of its block, or of its show; a social's network
	Network string  // a provider's key where the artist named one
	URL     URL
	// On tells that its block is switched on. Fans may follow it from Starts on and
	// before Ends; a zero time is no bound.
	On           bool
	Starts, Ends time.Time
	// Plays tells that it is played in the page, where a tap does not come by the
	// counted path.
	Plays bool
}

// Open reports whether fans may follow it at an instant.
func (e Exit) Open(at time.Time) bool {
	return e.On && !at.Before(e.Starts) && (e.Ends.IsZero() || at.Before(e.Ends))
}

// between narrows when an exit is open; zero times are no bounds.
func (e Exit) between(starts, ends time.Time) Exit {
	if starts.After(e.Starts) {
		e.Starts = starts
	}
	if !ends.IsZero() && (e.Ends.IsZero() || ends.Before(e.Ends)) {
		e.Ends = ends
	}
	return e
}

// Exits are all of a document's, socials first, in the order of the page.
func (d Document) Exits() []Exit {
	var all []Exit
	for _, s := range d.Socials {
		all = append(all, Exit{ID: s.ID, Title: s.Network, Network: s.Network, URL: s.URL, On: true})
	}
	for _, b := range d.Blocks {
		all = append(all, b.Exits()...)
	}
	return all
}

// Exits are the block's own, whether or not fans may follow them now.
func (b Block) Exits() []Exit {
	own := Exit{ID: b.ID, Block: b.ID, Title: TitleOf(b.Body), On: b.Enabled}
	if b.StartsAt != nil {
		own.Starts = *b.StartsAt
	}
	if b.EndsAt != nil {
		own.Ends = *b.EndsAt
	}
	named := func(id BlockID, url URL) Exit {
		e := own
		e.ID, e.URL = id, url
		return e
	}
	var all []Exit
	switch body := b.Body.(type) {
	case Link:
		all = append(all, named(b.ID, body.URL))
	case Merch:
		all = append(all, named(b.ID, body.URL))
	case Embed:
		e := named(b.ID, body.URL)
		e.Plays = body.Player.Frame() != ""
		all = append(all, e)
	case Contact:
		for _, way := range body.Ways {
			all = append(all, named(way.ID, way.URL))
		}
	case Release:
		for _, s := range body.Services {
			e := named(s.ID, s.URL).between(body.Out(), time.Time{})
			e.Network = s.Network
			all = append(all, e)
		}
		for _, s := range body.PreSaves {
			e := named(s.ID, s.URL).between(time.Time{}, body.Out())
			e.Network = s.Network
			all = append(all, e)
		}
	case Tour:
		for _, show := range body.Shows {
			all = append(all, show.exits(named)...)
		}
	}
	return all
}

// exits are a show's tickets: the same rule as Show.Open.
func (s Show) exits(named func(BlockID, URL) Exit) []Exit {
	var all []Exit
	for _, t := range s.Tickets {
		e := named(t.ID, t.URL).between(time.Time{}, s.Over())
		e.On = e.On && s.Sells()
		e.Title = s.Name()
		switch {
		case s.OnSaleAt == nil:
		case t.Kind == TicketPresale:
			e = e.between(time.Time{}, *s.OnSaleAt)
		default:
			e = e.between(*s.OnSaleAt, time.Time{})
		}
		all = append(all, e)
	}
	return all
}

// Name is what a show is called: "Lisbon, Musicbox".
func (s Show) Name() string {
	if s.Venue == "" {
		return s.City
	}
	return s.City + ", " + s.Venue
}

// Links counts what a plan's limit of links counts: socials and blocks that lead
// out, the ones that are off or scheduled too. A release, a tour and a contact are
// one each.
func (d Document) Links() int {
	n := len(d.Socials)
	for _, b := range d.Blocks {
		if LeadsOut(b.Body) {
			n++
		}
	}
	return n
}

// LeadsOut reports whether a block counts as a link of the plan.
func LeadsOut(b Body) bool {
	switch b.(type) {
	case Link, Merch, Embed, Contact, Release, Tour:
		return true
	}
	return false
}

// FindLink gives the address behind a link id, and whether fans may follow it at
// an instant (false: it is off or outside its time). ok is false for an unknown id.
func (d Document) FindLink(id BlockID, at time.Time) (url URL, title string, open, ok bool) {
	for _, e := range d.Exits() {
		if e.ID == id {
			return e.URL, e.Title, e.Open(at), true
		}
	}
	return "", "", false, false
}

// NextChange is the first instant after at when what fans see changes by itself;
// zero when nothing is scheduled. Besides the windows of blocks these are the
// instant a release comes out, the midnight after a show and the begin of a sale.
func (d Document) NextChange(at time.Time) time.Time {
	var next time.Time
	consider := func(t time.Time) {
		if t.After(at) && (next.IsZero() || t.Before(next)) {
			next = t
		}
	}
	for _, b := range d.Blocks {
		if !b.Enabled {
			continue
		}
		for _, t := range []*time.Time{b.StartsAt, b.EndsAt} {
			if t != nil {
				consider(*t)
			}
		}
		if b.EndsAt != nil && !at.Before(*b.EndsAt) {
			continue // nothing of it is seen again
		}
		switch body := b.Body.(type) {
		case Release:
			consider(body.Out())
		case Tour:
			for _, show := range body.Shows {
				consider(show.Over())
				if show.OnSaleAt != nil {
					consider(*show.OnSaleAt)
				}
			}
		}
	}
	return next
}
