package pages

import (
	"encoding/binary"
	"math"
	"time"

	"github.com/hlpfl/platform/internal/model"
)

// Target is where a link leads, now.
type Target struct {
	// URL is the address behind the link; empty when the profile has no such link.
	URL model.URL
	// Open tells that fans may follow it at this moment. When it is false (there is
	// no such link, it is off, or outside its time) the way leads to the profile.
	Open bool
	// Plays tells that it is played in the page, where a tap is told by beacon.
	Plays bool
	// Handle is the profile's present handle.
	Handle model.Handle
	// TimeZone is the profile's time zone by its name: it decides which day it is there.
	TimeZone string
}

// links is what a cache entry knows of a document's links: their ids, addresses
// and windows, packed into one string. A hundred thousand small strings with their
// headers would take twice the room and be walked by every garbage collection.
type links string

const (
	flagOn     = 1 << iota // switched on
	flagStarts             // a start follows
	flagEnds               // an end follows
	flagPlays              // it is played in the page
)

// packLinks packs everything in a document that leads somewhere.
func packLinks(d model.Document) links {
	var b []byte
	for _, e := range d.Exits() {
		if len(e.ID) > math.MaxUint8 || len(e.URL) > math.MaxUint16 {
			continue // our own parser lets neither in
		}
		flags := flag(flagOn, e.On) | flag(flagStarts, !e.Starts.IsZero()) | flag(flagEnds, !e.Ends.IsZero()) | flag(flagPlays, e.Plays)
		b = append(b, flags, byte(len(e.ID)))
		b = append(b, e.ID...)
		b = binary.BigEndian.AppendUint16(b, uint16(len(e.URL)))
		b = append(b, e.URL...)
		for _, t := range []time.Time{e.Starts, e.Ends} {
			if !t.IsZero() {
				b = binary.BigEndian.AppendUint64(b, uint64(t.UnixMicro()))
			}
		}
	}
	return links(b)
}

func flag(bit byte, set bool) byte {
	if set {
		return bit
	}
	return 0
}

// find looks a link up; the address is "" when there is none. It allocates nothing.
func (l links) find(id model.BlockID, at time.Time) (url model.URL, open, plays bool) {
	for len(l) > 0 {
		flags, n := l[0], int(l[1])
		name := l[2 : 2+n]
		l = l[2+n:]
		n = int(l[0])<<8 | int(l[1])
		address := l[2 : 2+n]
		l = l[2+n:]
		starts, ends := int64(math.MinInt64), int64(math.MaxInt64)
		if flags&flagStarts != 0 {
			starts, l = l.instant()
		}
		if flags&flagEnds != 0 {
			ends, l = l.instant()
		}
		if string(name) == string(id) {
			now := at.UnixMicro()
			return model.URL(address), flags&flagOn != 0 && starts <= now && now < ends, flags&flagPlays != 0
		}
	}
	return "", false, false
}

// instant takes microseconds since 1970 off the front.
func (l links) instant() (int64, links) {
	var n uint64
	for i := range 8 {
		n = n<<8 | uint64(l[i])
	}
	return int64(n), l[8:]
}
