package model

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// MaxShowsFile is the largest table of shows that is read, in bytes.
const MaxShowsFile = 512 << 10

// columns are the names that people give to what a table of shows holds, in small
// letters without spaces and marks.
var columns = map[string]string{
	"date": "date", "day": "date", "datum": "date", "fecha": "date", "data": "date", "starts": "date", "start": "date", "datetime": "date",
	"time": "time", "hour": "time", "uhrzeit": "time", "zeit": "time", "heure": "time", "hora": "time", "doors": "time",
	"city": "city", "town": "city", "stadt": "city", "ort": "city", "ville": "city", "ciudad": "city", "location": "city",
	"venue": "venue", "club": "venue", "place": "venue", "halle": "venue", "salle": "venue", "sala": "venue",
	"zone": "zone", "timezone": "zone", "tz": "zone", "zeitzone": "zone",
	"tickets": "tickets", "ticket": "tickets", "url": "tickets", "link": "tickets", "ticketlink": "tickets", "ticketurl": "tickets",
	"presale": "presale", "vip": "vip", "free": "free",
	"status": "status", "state": "status",
	"onsale": "on_sale_at", "onsaleat": "on_sale_at",
}

// statuses are the words that people write for the states of a show.
var statuses = map[string]ShowStatus{
	"": ShowOn, "on": ShowOn, "ok": ShowOn, "confirmed": ShowOn,
	"soldout": ShowSoldOut, "ausverkauft": ShowSoldOut, "complet": ShowSoldOut, "agotado": ShowSoldOut,
	"cancelled": ShowCancelled, "canceled": ShowCancelled, "abgesagt": ShowCancelled, "annulé": ShowCancelled,
	"postponed": ShowPostponed, "verschoben": ShowPostponed, "reporté": ShowPostponed,
}

// WrongRow is a row of a table that was not taken, and why.
type WrongRow struct {
	Line   int    `json:"line" doc:"of the file, from 1"`
	Column string `json:"column,omitempty" doc:"as the file's first line names it; absent when it is the row as a whole"`
	Reason string `json:"reason"`
}

// ReadShow is a show of a table, with the line it stands on.
type ReadShow struct {
	Show
	Line int
}

// ReadShows reads shows out of a table: comma, semicolon or tab between its columns,
// in UTF-8, UTF-16 or Windows-1252, with the columns' names in its first line in any
// order. A row that is wrong is left out and told; so is the same show twice. zone is
// taken where a row names none. The error is a Reason: nothing of the file can be read.
func ReadShows(file []byte, zone string) (shows []ReadShow, wrong []WrongRow, err error) {
	if len(file) > MaxShowsFile {
		return nil, nil, Reason(fmt.Sprintf("The file has %s KB; at most %s fit.", thousands(len(file)>>10), thousands(MaxShowsFile>>10)))
	}
	text, err := decodeTable(file)
	if err != nil {
		return nil, nil, err
	}
	r := csv.NewReader(strings.NewReader(text))
	r.Comma, r.FieldsPerRecord, r.LazyQuotes = separator(text), -1, true
	r.TrimLeadingSpace = r.Comma != '\t' // an empty cell is no space
	head, err := r.Read()
	if err != nil {
		return nil, nil, Reason("The file is empty. Its first line names the columns: date, time, city, venue, zone, tickets, status.")
	}
	names := map[string]int{}
	for i, name := range head {
		if known, ok := columns[bareWord(name)]; ok {
			if _, twice := names[known]; !twice {
				names[known] = i
			}
		}
	}
	for _, needed := range []string{"date", "city"} {
		if _, ok := names[needed]; !ok {
			return nil, nil, Reason("There is no column “" + needed + "”. The first line names the columns: date, time, city, venue, zone, tickets, status.")
		}
	}
	seen := map[string]bool{}
	for len(shows) <= MaxShows {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		line, _ := r.FieldPos(0)
		tell := func(column, reason string) {
			row := WrongRow{Line: line, Reason: reason}
			if i, ok := names[column]; ok {
				row.Column = strings.TrimFunc(head[i], blank)
			}
			wrong = append(wrong, row)
		}
		if err != nil {
			tell("", "This line cannot be read as a table's: a quotation mark is not closed.")
			break
		}
		row := tableRow{cells, names}
		if row.empty() {
			continue
		}
		if len(shows) == MaxShows {
			tell("", fmt.Sprintf("A tour holds at most %d dates; this one and those after it are left out.", MaxShows))
			break
		}
		s, column, reason := row.show(zone)
		key := string(s.Starts) + "\x00" + strings.ToLower(s.City+"\x00"+s.Venue)
		switch {
		case reason != "":
			tell(column, reason)
		case seen[key]:
			tell("", "This date stands in the file already.")
		default:
			seen[key] = true
			shows = append(shows, ReadShow{s, line})
		}
	}
	return shows, wrong, nil
}

// tableRow is one row, read by the names of its columns.
type tableRow struct {
	cells []string
	names map[string]int
}

func (r tableRow) cell(name string) string {
	i, ok := r.names[name]
	if !ok || i >= len(r.cells) {
		return ""
	}
	return strings.TrimFunc(r.cells[i], blank)
}

func (r tableRow) empty() bool {
	for _, cell := range r.cells {
		if strings.TrimFunc(cell, blank) != "" {
			return false
		}
	}
	return true
}

// show reads the row; reason tells what is wrong in which column.
func (r tableRow) show(zone string) (s Show, column, reason string) {
	date, err := tableDate(r.cell("date"))
	if err != nil {
		return s, "date", err.Error()
	}
	if clock := r.cell("time"); clock != "" {
		hour, err := tableTime(clock)
		if err != nil {
			return s, "time", err.Error()
		}
		date = date[:len("2006-01-02")] + "T" + hour
	}
	if own := r.cell("zone"); own != "" {
		zone = own
	}
	status, ok := statuses[bareWord(r.cell("status"))]
	if !ok {
		return s, "status", "Write on, sold out, cancelled or postponed, or nothing."
	}
	s = Show{City: r.cell("city"), Venue: r.cell("venue"), Starts: Local(date), Zone: zone, Status: status}
	for _, kind := range []TicketKind{TicketSale, TicketPresale, TicketVIP, TicketFree} {
		if url := r.cell(string(kind)); url != "" {
			s.Tickets = append(s.Tickets, Ticket{Kind: kind, URL: URL(url)})
		}
	}
	problems := Problems{}
	s = s.check(problems, 0)
	for field, why := range problems {
		name := strings.TrimPrefix(field, "dates[0].")
		if name == "starts" {
			name = "date"
		}
		for j, ticket := range s.Tickets {
			if name == part("tickets", j, "url") {
				name = string(ticket.Kind)
			}
		}
		return s, name, why
	}
	if text := r.cell("on_sale_at"); text != "" {
		local, err := tableDate(text)
		if err != nil {
			return s, "on_sale_at", err.Error()
		}
		at := Local(local).In(Zone(s.Zone)).UTC()
		s.OnSaleAt = &at
	}
	s.ID = NewBlockID()
	for i := range s.Tickets {
		s.Tickets[i].ID = NewBlockID()
	}
	return s, "", ""
}

// decodeTable makes text of a file: by its mark at the beginning, or else UTF-8, or
// else Windows-1252, which is what spreadsheets write without asking.
func decodeTable(file []byte) (string, error) {
	switch {
	case len(file) >= 2 && (file[0] == 0xFF && file[1] == 0xFE || file[0] == 0xFE && file[1] == 0xFF):
		if len(file)%2 != 0 {
			return "", Reason("The file broke off in the middle of a letter. Save it again.")
		}
		units := make([]uint16, 0, len(file)/2)
		for i := 2; i < len(file); i += 2 {
			low, high := file[i], file[i+1]
			if file[0] == 0xFE {
				low, high = high, low
			}
			units = append(units, uint16(high)<<8|uint16(low))
		}
		file = []byte(string(utf16.Decode(units)))
	case utf8.Valid(file):
		file = []byte(strings.TrimPrefix(string(file), "\ufeff"))
	default:
		decoded, err := charmap.Windows1252.NewDecoder().Bytes(file)
		if err != nil {
			return "", damaged
		}
		file = decoded
	}
	text := lineBreaks.Replace(string(file))
	if strings.ContainsAny(text, "\x00\ufffd") {
		return "", Reason("This is no table of text. Save the sheet as CSV and choose that file.")
	}
	return text, nil
}

// separator is what parts the columns of the first line.
func separator(text string) rune {
	first, _, _ := strings.Cut(strings.TrimLeft(text, "\n"), "\n")
	best, most := ',', 0
	for _, mark := range []rune{',', ';', '\t'} {
		if n := strings.Count(first, string(mark)); n > most {
			best, most = mark, n
		}
	}
	return best
}

// bareWord is a column's name or a status without what people write differently.
func bareWord(s string) string {
	return strings.ToLower(strings.NewReplacer(" ", "", "-", "", "_", "", ".", "", ":", "", "\u00a0", "").Replace(strings.TrimFunc(s, blank)))
}
