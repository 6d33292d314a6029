package model

import (
	"encoding/binary"
	"strings"
	"testing"
	"unicode/utf16"

	"golang.org/x/text/encoding/charmap"
)

func inUTF16(text string, order binary.ByteOrder) []byte {
	var out []byte
	for _, unit := range utf16.Encode([]rune("\ufeff" + text)) {
		out = append(out, 0, 0)
		order.PutUint16(out[len(out)-2:], unit)
	}
	return out
}

func TestShowsInEveryEncodingAndOrder(t *testing.T) {
	t.Parallel()
	const plain = "City;Venue;Date;Time;Time zone;Tickets;Status\nKöln;Café Größe;24.12.2026;20:30;Europe/Berlin;https://example.com/1;\nNîmes;;2026-12-26;8.30 pm;;;Sold out\n"
	windows, err := charmap.Windows1252.NewEncoder().Bytes([]byte(plain))
	if err != nil {
		t.Fatal(err)
	}
	for name, file := range map[string][]byte{
		"UTF-8": []byte(plain), "with a mark": []byte("\ufeff" + plain), "UTF-16 LE": inUTF16(plain, binary.LittleEndian), "UTF-16 BE": inUTF16(plain, binary.BigEndian),
		"Windows-1252": windows, "Windows line ends": []byte(strings.ReplaceAll(plain, "\n", "\r\n")), "comma": []byte(strings.ReplaceAll(plain, ";", ",")), "tab": []byte(strings.ReplaceAll(plain, ";", "\t")),
	} {
		shows, wrong, err := ReadShows(file, "Europe/Paris")
		if err != nil || len(wrong) != 0 || len(shows) != 2 {
			t.Errorf("%s: %+v %+v %v", name, shows, wrong, err)
			continue
		}
		a, b := shows[0], shows[1]
		if a.City != "Köln" || a.Venue != "Café Größe" || a.Starts != "2026-12-24T20:30" || a.Zone != "Europe/Berlin" || a.Status != ShowOn || len(a.Tickets) != 1 || a.Tickets[0].URL != "https://example.com/1" || a.Tickets[0].ID == "" || a.Line != 2 {
			t.Errorf("%s: %+v", name, a)
		}
		if b.City != "Nîmes" || b.Starts != "2026-12-26T20:30" || b.Zone != "Europe/Paris" || b.Status != ShowSoldOut || b.ID == a.ID {
			t.Errorf("%s: %+v", name, b)
		}
	}
}

func TestWrongRowsAreToldByLine(t *testing.T) {
	t.Parallel()
	const file = `tickets,city,date,time,zone,status,presale,on sale
,Lisbon,2026-12-12,21:00,Europe/Lisbon,,,2026-12-01 10:00
,,2026-12-13,,UTC,,,
,Paris,12/13/2026,,UTC,,,
,Paris,2026-02-30,,UTC,,,
,Paris,2026-12-13,25:00,UTC,,,
,Paris,2026-12-13,,Mars/Base,,,
,Paris,2026-12-13,,,,,
javascript:alert(1),Paris,2026-12-13,,UTC,,,
,Paris,2026-12-13,,UTC,maybe,,
,Paris,2026-12-13,,UTC,,nowhere,
,Lisbon,2026-12-12,21:00,Europe/Lisbon,,,

"two
lines",Oslo,2026-12-14,,UTC,,,
,Oslo,14.12.2026 19:30,,UTC,cancelled,example.com/p,
`
	shows, wrong, err := ReadShows([]byte(file), "")
	if err != nil {
		t.Fatal(err)
	}
	if len(shows) != 2 || shows[0].City != "Lisbon" || shows[1].Starts != "2026-12-14T19:30" || shows[1].Status != ShowCancelled || shows[1].Tickets[0].Kind != TicketPresale || shows[0].OnSaleAt == nil {
		t.Errorf("%+v", shows)
	}
	want := map[int]string{3: "city", 4: "date", 5: "date", 6: "time", 7: "zone", 8: "zone", 9: "tickets", 10: "status", 11: "presale", 12: "", 14: "tickets"}
	for _, row := range wrong {
		if column, ok := want[row.Line]; !ok || column != row.Column || row.Reason == "" {
			t.Errorf("%+v", row)
		}
		delete(want, row.Line)
	}
	if len(want) != 0 {
		t.Errorf("not told: %v", want)
	}
}

func TestFilesThatAreNoTables(t *testing.T) {
	t.Parallel()
	for name, file := range map[string]string{
		"empty": "", "no names": "Lisbon,2026-12-12\n", "no city": "date,venue\n2026-12-12,x\n", "a picture": "\x89PNG\r\n\x1a\n\x00\x00", "half a letter": "\xff\xfea",
		"too large": strings.Repeat("x", MaxShowsFile+1), "spreadsheet": "PK\x03\x04\x00\x00",
	} {
		if shows, _, err := ReadShows([]byte(file), "UTC"); err == nil {
			t.Errorf("%s gives %+v", name, shows)
		}
	}
	many := "city,date\n" + strings.Repeat("x,2026-12-12\n", 3)
	if shows, wrong, err := ReadShows([]byte(many), "UTC"); err != nil || len(shows) != 1 || len(wrong) != 2 {
		t.Errorf("the same show three times: %d %v %v", len(shows), wrong, err)
	}
}

func TestShowsAreAddedToATour(t *testing.T) {
	t.Parallel()
	d := parsed(t, `{"blocks":[{"id":"tour","type":"tour","dates":[{"id":"old","city":"Lisbon","venue":"Musicbox","starts":"2026-12-12T21:00","zone":"Europe/Lisbon"}]},{"id":"text","type":"text","text":"x"}]}`)
	in := ShowsImport{Version: 1, Text: "city,venue,date,time\nLISBON,Musicbox,2026-12-12,21:00\nPorto,Passos Manuel,2026-12-13,21:00\n"}
	if err := in.Validate(); err != nil {
		t.Fatal(err)
	}
	b, wrong, err := in.AddTo(d, "tour", "Europe/Lisbon")
	if err != nil || len(wrong) != 1 || wrong[0].Line != 2 {
		t.Fatalf("%v %v", wrong, err)
	}
	if shows := b.Body.(Tour).Shows; len(shows) != 2 || shows[0].ID != "old" || shows[1].City != "Porto" || shows[1].Zone != "Europe/Lisbon" {
		t.Errorf("%+v", shows)
	}
	if d, err = d.ReplaceBlock(b); err != nil {
		t.Fatal(err)
	}
	if _, _, err := in.AddTo(d, "tour", "Europe/Lisbon"); len(fieldsIn(err)) != 2 || fieldsIn(err)["line 2"] == "" {
		t.Errorf("again: %v", fieldsIn(err))
	}
	if _, _, err := in.AddTo(d, "text", "UTC"); fieldsIn(err)["block"] == "" {
		t.Errorf("%v", err)
	}
	if _, _, err := in.AddTo(d, "absent", "UTC"); KindOf(err) != KindNotFound {
		t.Errorf("%v", err)
	}
}

func FuzzReadShows(f *testing.F) {
	f.Add([]byte("city,date\nLisbon,2026-12-12\n"))
	f.Add([]byte("\xff\xfec\x00i\x00"))
	f.Add([]byte("date;city\n\"2026-12-12;x\n"))
	f.Fuzz(func(t *testing.T, file []byte) {
		shows, _, err := ReadShows(file, "Europe/Lisbon")
		if err != nil {
			return
		}
		tour := Tour{}
		for _, s := range shows {
			tour.Shows = append(tour.Shows, s.Show)
		}
		d, b, err := NewDocument().AddBlock(Block{Body: tour}, -1)
		if err != nil {
			t.Fatalf("%q gives %+v, which is refused: %v", file, b, fieldsIn(err))
		}
		if _, err := ParseDocument(mustJSON(d)); err != nil {
			t.Fatalf("%q: %v", file, fieldsIn(err))
		}
	})
}
