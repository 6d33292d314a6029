package artist

import (
	"strings"
	"time"

	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/views/ui"
)

// DatesTable is the form of a table of a tour's dates: fields "file", "text", "time_zone", "seen"; "then" is "look:dates"
// or "take:dates". Nothing is taken before it was looked at.
type DatesTable struct {
	Text, Zone string
	// Looked tells that Dates and Wrong are what comes of the table; Seen marks it as it was looked at.
	Looked bool
	Seen   string
	Dates  []DateToCome
	Wrong  []model.WrongRow
	Errors ui.Errors
}

// DateToCome is a row of the table that is right.
type DateToCome struct {
	Line int
	// Starts is on the clocks of Zone, and so is OnSale; zero for now.
	Starts, OnSale time.Time
	Zone           string
	City, Venue    string
	// Status and Tickets as in JSON.
	Status  string
	Tickets []string
}

func (d DateToCome) where() string {
	if d.Venue == "" {
		return d.City
	}
	return d.City + ", " + d.Venue
}

// also is what else a row says: "sold out, tickets, presale".
func (d DateToCome) also() string {
	var all []string
	if d.Status != "on" {
		all = append(all, strings.ReplaceAll(d.Status, "_", " "))
	}
	for _, kind := range d.Tickets {
		all = append(all, map[string]string{"tickets": "tickets", "presale": "presale", "vip": "VIP", "free": "free entry"}[kind])
	}
	if !d.OnSale.IsZero() {
		all = append(all, "on sale from "+d.OnSale.Format("2 Jan 2006, 15:04"))
	}
	return strings.Join(all, ", ")
}

// says is what comes of the table in one line: "3 dates will come. 2 rows need mending."
func (t DatesTable) says() string {
	come := "No date will come."
	if len(t.Dates) > 0 {
		come = ui.Plural(len(t.Dates), "date", "dates") + " will come."
	}
	if len(t.Wrong) == 0 {
		return come
	}
	return come + " " + ui.Plural(len(t.Wrong), "row needs", "rows need") + " mending."
}

func (t DatesTable) takes() string {
	act := "Add " + ui.Plural(len(t.Dates), "date", "dates")
	if len(t.Wrong) > 0 {
		act += " and leave " + ui.Plural(len(t.Wrong), "row", "rows") + " out"
	}
	return act
}

// tableColumn explains one column of the table.
type tableColumn struct{ name, holds string }

var tableColumns = []tableColumn{
	{"date", "2030-05-12, 12.5.2030 or 12 May 2030. Needed."},
	{"time", "20:30 or 8:30 pm, on the clocks there."},
	{"city", "Needed."},
	{"venue", "The club or hall."},
	{"zone", "The time zone there, like Europe/Lisbon. Empty: the one below."},
	{"tickets, presale, vip, free", "Addresses, each in a column of its own."},
	{"status", "sold out, cancelled or postponed. Empty: it takes place."},
	{"on sale", "Since when tickets are to be had: 2030-02-01 10:00."},
}

func sampleTable() *DatesTable {
	lisbon, _ := time.LoadLocation("Europe/Lisbon")
	return &DatesTable{
		Text: "date,time,city,venue,zone,tickets\n2030-05-12,20:30,Lisbon,ZDB,Europe/Lisbon,https://example.com/1\n4/5/2030,20:00,Porto,,Europe/Lisbon,\n2030-05-14,21:00,Faro,,Europe/Faro,", Zone: "Europe/London",
		Looked: true, Seen: "x",
		Dates: []DateToCome{{Line: 2, Starts: time.Date(2030, 5, 12, 20, 30, 0, 0, lisbon), Zone: "Europe/Lisbon", City: "Lisbon", Venue: "ZDB", Status: "sold_out", Tickets: []string{"tickets"}}},
		Wrong: []model.WrongRow{{Line: 3, Column: "date", Reason: "Write the date as year-month-day, like 2026-12-24; or as 24.12.2026."}, {Line: 4, Column: "zone", Reason: "There is no such time zone. Write it like Europe/London."}},
	}
}
