package fan

import (
	"strconv"
	"time"

	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/internal/pages"
)

// utcForm is a time as iCalendar writes it in UTC. Instants need no zone there, so
// that no program has to know ours; the page says what the clocks at the venue show.
const utcForm = "20060102T150405Z"

// calendar writes shows as iCalendar. Dates that are past stay in a feed: a program
// that subscribes to it would strike them from the fan's own calendar otherwise.
func calendar(p pages.Published, title, url string, shows []model.Show) string {
	var c contentLines
	c.raw("BEGIN", "VCALENDAR")
	c.raw("VERSION", "2.0")
	c.raw("PRODID", "-//HLPFL//Tour dates//EN")
	c.raw("CALSCALE", "GREGORIAN")
	c.raw("METHOD", "PUBLISH")
	name := p.Name
	if title != "" {
		name += ": " + title
	}
	c.text("NAME", name)
	c.text("X-WR-CALNAME", name)
	c.raw("REFRESH-INTERVAL;VALUE=DURATION", "PT6H")
	c.raw("X-PUBLISHED-TTL", "PT6H")
	for _, s := range shows {
		event(&c, p, url, s)
	}
	c.raw("END", "VCALENDAR")
	return c.String()
}

func event(c *contentLines, p pages.Published, url string, s model.Show) {
	since := p.Since.UTC().Format(utcForm)
	c.raw("BEGIN", "VEVENT")
	// The ids alone: a new handle, title or date is the same show.
	c.raw("UID", p.ID.String()+"-"+string(s.ID)+"@hlpfl")
	c.raw("DTSTAMP", since)
	c.raw("LAST-MODIFIED", since)
	// Every publish may have changed it; programs take what has the higher number.
	c.raw("SEQUENCE", strconv.FormatInt(p.Since.Unix()/int64(time.Minute/time.Second), 10))
	c.raw("DTSTART", s.At().UTC().Format(utcForm))
	summary, status, note := p.Name+", "+s.City, "CONFIRMED", ""
	switch s.Status {
	case model.ShowCancelled:
		summary, status, note = "Cancelled: "+summary, "CANCELLED", "Cancelled."
	case model.ShowPostponed:
		summary, status, note = "Postponed: "+summary, "TENTATIVE", "Postponed."
	case model.ShowSoldOut:
		note = "Sold out."
	}
	c.text("SUMMARY", summary)
	place := s.City
	if s.Venue != "" {
		place = s.Venue + ", " + s.City
	}
	c.text("LOCATION", place)
	c.text("DESCRIPTION", note)
	c.raw("STATUS", status)
	c.raw("URL", url)
	c.raw("END", "VEVENT")
}
