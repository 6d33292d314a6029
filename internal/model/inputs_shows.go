package model

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
)

// ShowsImport adds the shows of a table to a tour of the draft.
type ShowsImport struct {
	Version int64  `json:"version" required:"true" doc:"the version this was made from; another one is a conflict"`
	File    []byte `json:"file" doc:"the table as it was saved, in base64: comma, semicolon or tab; UTF-8, UTF-16 or Windows-1252. Its first line names the columns, in any order: date, time, city, venue, zone, tickets, presale, vip, free, status, on sale"`
	Text    string `json:"text" doc:"or the table as text"`
	Zone    string `json:"time_zone" doc:"the time zone of rows that name none; the profile's when absent"`
}

// Validate asks for one of File and Text, and mends the zone.
func (in *ShowsImport) Validate() error {
	problems := Problems{}
	checkVersion(in.Version, problems)
	switch {
	case len(in.File) == 0 && strings.TrimFunc(in.Text, blank) == "":
		problems.Add("file", Reason("Give the table, as a file or as text."))
	case len(in.File) > 0 && in.Text != "":
		problems.Add("text", Reason("Give either “file” or “text”, not both."))
	case in.Text != "":
		in.File = []byte(in.Text)
	}
	if in.Zone != "" {
		in.Zone = checkZone(in.Zone, problems)
	}
	return problems.Err()
}

// AddTo is a tour with the shows of the table added to it, those it has already left
// out; wrong tells of every row that was not taken. zone is the profile's. When none
// was taken the error names each row by its line.
func (in *ShowsImport) AddTo(d Document, id BlockID, zone string) (b Block, wrong []WrongRow, err error) {
	b, shows, wrong, err := in.Look(d, id, zone)
	if err != nil {
		return b, nil, err
	}
	if len(shows) == 0 {
		problems := Problems{}
		for _, row := range wrong {
			problems.Add("line "+thousands(row.Line), Reason(row.Reason))
		}
		if len(wrong) == 0 {
			problems.Add("file", Reason("There is no date in the file."))
		}
		return b, wrong, problems.Err()
	}
	tour, _ := b.Body.(Tour) // Look saw to it
	tour.Shows = slices.Clone(tour.Shows)
	for _, s := range shows {
		tour.Shows = append(tour.Shows, s.Show)
	}
	b.Body = tour
	return b, wrong, nil
}

// Look reads the table as AddTo would, and adds nothing: the shows that would come,
// and the rows that would not. The error is NotFound, or Invalid for a table of which
// nothing can be read.
func (in *ShowsImport) Look(d Document, id BlockID, zone string) (b Block, add []ReadShow, wrong []WrongRow, err error) {
	b, ok := d.Block(id)
	if !ok {
		return b, nil, nil, NotFound()
	}
	tour, ok := b.Body.(Tour)
	if !ok {
		return b, nil, nil, Invalid("block", "Dates belong to a tour. Add a tour first.")
	}
	if in.Zone != "" {
		zone = in.Zone
	}
	shows, wrong, err := ReadShows(in.File, zone)
	if err != nil {
		return b, nil, nil, Invalid("file", err.Error())
	}
	have := map[string]bool{}
	key := func(s Show) string { return string(s.Starts) + "\x00" + strings.ToLower(s.City+"\x00"+s.Venue) }
	for _, s := range tour.Shows {
		have[key(s)] = true
	}
	for _, s := range shows {
		switch {
		case have[key(s.Show)]:
			wrong = append(wrong, WrongRow{Line: s.Line, Reason: "This date is on the page already."})
		case len(tour.Shows)+len(add) == MaxShows:
			wrong = append(wrong, WrongRow{Line: s.Line, Reason: "A tour holds at most " + thousands(MaxShows) + " dates."})
		default:
			add = append(add, s)
		}
	}
	slices.SortStableFunc(wrong, func(a, b WrongRow) int { return a.Line - b.Line })
	return b, add, wrong, nil
}

// DatesForm is the form of a table of shows: looked at first, and taken when it was
// seen. A file comes beside it.
type DatesForm struct {
	Version int64  `json:"version"`
	Text    string `json:"text"`
	Zone    string `json:"time_zone"`
	Seen    string `json:"seen"` // Mark of the table as it was looked at
	Then    string `json:"then"`
}

// Validate asks for the version.
func (in *DatesForm) Validate() error { return (&VersionOnly{Version: in.Version}).Validate() }

// Mark tells two tables apart, so that what is taken is what was seen.
func (in *DatesForm) Mark() string {
	sum := sha256.Sum256([]byte(in.Zone + "\n" + in.Text))
	return hex.EncodeToString(sum[:8])
}

// Import is the same as programs send it. Invalid names the fields.
func (in *DatesForm) Import() (*ShowsImport, error) {
	out := &ShowsImport{Version: in.Version, Text: in.Text, Zone: in.Zone}
	return out, out.Validate()
}

// TableText makes text of a file with a table, whatever its encoding. The error is a
// Reason.
func TableText(file []byte) (string, error) { return decodeTable(file) }
