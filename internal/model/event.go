package model

import (
	"time"

	"github.com/google/uuid"
)

// EventKind is what a fan did.
type EventKind string

// The kinds of event.
const (
	View  EventKind = "view"  // one load of a page
	Click EventKind = "click" // one tap on a link
)

// Why an event is kept and does not count.
const (
	FilteredHead      = "head"      // a HEAD request: somebody looks, nobody follows
	FilteredPrefetch  = "prefetch"  // fetched ahead, perhaps never seen
	FilteredBot       = "bot"       // a program that says so
	FilteredNoAgent   = "no_agent"  // no User-Agent at all: no browser does that
	FilteredGone      = "gone"      // the link is gone, off or outside its time
	FilteredDuplicate = "duplicate" // the same beacon sent twice
)

// VisitorHash stands for whoever made events on one profile in one day. The salt
// behind it is thrown away after that day. Zero means unknown.
type VisitorHash [8]byte

// Event is one thing a fan did, with what may be known of the visit. It holds no
// address and no raw agent: nobody can be told from it.
type Event struct {
	ID       EventID // UUIDv7; the time inside it is the event's time
	Profile  ProfileID
	Kind     EventKind
	Link     BlockID // "" for a view
	Target   string  // where a click led
	Filtered string  // why it does not count, "" when it does
	Visitor  VisitorHash
	Visit
}

// Visit is what is known of a visit.
type Visit struct {
	Country  string // ISO 3166, two capital letters
	Device   string // "phone", "tablet", "desktop", "tv", "watch", "console" or ""
	OS       string
	Browser  string
	App      string // the app whose built-in browser it is: "Instagram", "TikTok" …
	Source   string // where the fan came from: "Instagram", "google.com", a utm_source …
	Referrer string // the host that linked here
	Medium   string // utm_medium
	Campaign string // utm_campaign
	Term     string // utm_term
	Content  string // utm_content
}

// Counted reports whether the event counts.
func (e Event) Counted() bool { return e.Filtered == "" }

// At is the event's time, to the millisecond: the one inside its id.
func (e Event) At() time.Time {
	u := e.ID.UUID
	ms := int64(u[0])<<40 | int64(u[1])<<32 | int64(u[2])<<24 | int64(u[3])<<16 | int64(u[4])<<8 | int64(u[5])
	return time.UnixMilli(ms).UTC()
}

// EventIDAt makes an id for an event of another time than now, for events that
// are made up or moved.
func EventIDAt(at time.Time) EventID {
	u := uuid.Must(uuid.NewV7())
	ms := at.UnixMilli()
	for i := range 6 {
		u[i] = byte(ms >> (40 - 8*i))
	}
	return EventID{u}
}
