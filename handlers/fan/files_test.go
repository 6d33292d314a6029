package fan

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-ical"
	"github.com/emersion/go-vcard"

	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/store"
)

// withFiles is a page with a contact and a tour, whose texts are hard on both formats.
func withFiles(t *testing.T, s *site) (model.ProfileID, model.Document) {
	t.Helper()
	doc, err := model.ParseDocument([]byte(`{"blocks":[
		{"id":"booking","type":"contact","name":"Marta; Lindqvist, née \\Hål","organization":"Harbour, Bookings","role":"Agent","note":"Ask for the harbour master; he knows every bus, tram and ferry of the night, 夜行バスのことも何でも知っています","ways":[
			{"id":"w1","url":"mailto:marta@example.com?subject=Hi"},{"id":"w2","url":"tel:+442079460018"},{"id":"w3","url":"sms:+442079460019"},{"id":"w4","url":"https://example.com/a,b;c"}]},
		{"id":"tour","type":"tour","title":"On tour","dates":[
			{"id":"lisbon","city":"Lisbon","venue":"Musicbox; the cellar, left","starts":"2099-12-12T21:00","zone":"Europe/Lisbon"},
			{"id":"berlin","city":"Berlin","starts":"2099-07-12T20:00","zone":"Europe/Berlin","status":"cancelled"},
			{"id":"oslo","city":"Oslo","venue":"Blå","starts":"2099-07-14T20:00","zone":"Europe/Oslo","status":"postponed"},
			{"id":"past","city":"Lagos","starts":"2020-01-01T20:00","zone":"Africa/Lagos"}]},
		{"id":"off","type":"contact","name":"Off","enabled":false,"ways":[{"url":"tel:+351000"}]},
		{"id":"later","type":"tour","starts_at":"2098-01-01T00:00:00Z","dates":[{"id":"x","city":"X","starts":"2099-01-01T20:00","zone":"UTC"}]},
		{"id":"text","type":"text","text":"x"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	var p model.Profile
	err = s.store.AsUser(t.Context(), s.user, func(tx *store.UserTx) (err error) {
		p, err = tx.CreateProfile(t.Context(), store.NewProfile{Handle: "ines", Name: "Ines, Okafor", TimeZone: "UTC", Document: doc})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return p.ID, doc
}

func body(t *testing.T, r *http.Response) string {
	t.Helper()
	raw, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// wellFormed checks what parsers forgive: line ends, and how long a line may be.
func wellFormed(t *testing.T, text string) {
	t.Helper()
	lines := strings.Split(text, "\r\n")
	if lines[len(lines)-1] != "" || strings.Contains(strings.ReplaceAll(text, "\r\n", ""), "\n") {
		t.Errorf("lines do not all end in CRLF: %q", text)
	}
	for _, line := range lines {
		if len(line) > 75 || strings.ToValidUTF8(line, "\ufffd") != line {
			t.Errorf("a line of %d bytes: %q", len(line), line)
		}
	}
}

func TestAContactIsReadBack(t *testing.T) {
	t.Parallel()
	s := newSite(t, true)
	id, _ := withFiles(t, s)
	r := s.ask("GET", "/c/"+id.String()+"/booking.vcf")
	text := body(t, r)
	if r.StatusCode != http.StatusOK || r.Header.Get("Content-Type") != "text/vcard; charset=utf-8" || !strings.Contains(r.Header.Get("Content-Disposition"), `filename="ines.vcf"`) {
		t.Fatalf("%d %v", r.StatusCode, r.Header)
	}
	wellFormed(t, text)
	card, err := vcard.NewDecoder(strings.NewReader(text)).Decode()
	if err != nil {
		t.Fatal(err)
	}
	for field, want := range map[string]string{
		"VERSION": "4.0", "FN": `Marta; Lindqvist, née \Hål`, "ROLE": "Agent", "EMAIL": "marta@example.com", "TEL": "tel:+442079460018",
		"NOTE": "Ask for the harbour master; he knows every bus, tram and ferry of the night, 夜行バスのことも何でも知っています",
	} {
		if got := card.Value(field); got != want {
			t.Errorf("%s is %q, want %q", field, got, want)
		}
	}
	if n := card.Name(); n == nil || n.GivenName == "" {
		t.Errorf("name %+v", n)
	}
	if tels := card[vcard.FieldTelephone]; len(tels) != 2 || tels[1].Params.Get("TYPE") != "text" || tels[1].Value != "tel:+442079460019" {
		t.Errorf("numbers %+v", tels)
	}
}

func TestDatesAreReadBack(t *testing.T) {
	t.Parallel()
	s := newSite(t, false)
	id, _ := withFiles(t, s)
	events := func(path string) map[string]ical.Event {
		t.Helper()
		r := s.ask("GET", path)
		text := body(t, r)
		if r.StatusCode != http.StatusOK || r.Header.Get("Content-Type") != "text/calendar; charset=utf-8" {
			t.Fatalf("%s: %d %v", path, r.StatusCode, r.Header)
		}
		wellFormed(t, text)
		cal, err := ical.NewDecoder(strings.NewReader(text)).Decode()
		if err != nil {
			t.Fatal(err)
		}
		out := map[string]ical.Event{}
		for _, e := range cal.Events() {
			uid, err := e.Props.Text(ical.PropUID)
			if err != nil {
				t.Fatal(err)
			}
			out[strings.TrimSuffix(strings.TrimPrefix(uid, id.String()+"-"), "@hlpfl")] = e
		}
		return out
	}
	all := events("/c/" + id.String() + "/tour.ics")
	if len(all) != 4 {
		t.Errorf("%d events", len(all))
	}
	for show, want := range map[string]struct{ start, summary, place, status string }{
		"lisbon": {"2099-12-12T21:00:00Z", "Ines, Okafor, Lisbon", "Musicbox; the cellar, left, Lisbon", "CONFIRMED"},
		"berlin": {"2099-07-12T18:00:00Z", "Cancelled: Ines, Okafor, Berlin", "Berlin", "CANCELLED"},
		"oslo":   {"2099-07-14T18:00:00Z", "Postponed: Ines, Okafor, Oslo", "Blå, Oslo", "TENTATIVE"},
		"past":   {"2020-01-01T19:00:00Z", "Ines, Okafor, Lagos", "Lagos", "CONFIRMED"},
	} {
		for _, e := range []ical.Event{all[show], events("/c/" + id.String() + "/tour/" + show + ".ics")[show]} {
			start, err := e.DateTimeStart(time.UTC)
			if err != nil {
				t.Fatalf("%s: %v", show, err)
			}
			summary, _ := e.Props.Text(ical.PropSummary)
			place, _ := e.Props.Text(ical.PropLocation)
			status, _ := e.Status()
			if start.Format(time.RFC3339) != want.start || summary != want.summary || place != want.place || string(status) != want.status {
				t.Errorf("%s: %s, %q, %q, %s", show, start, summary, place, status)
			}
			for _, required := range []string{ical.PropDateTimeStamp, ical.PropSequence, ical.PropURL} {
				if e.Props.Get(required) == nil {
					t.Errorf("%s has no %s", show, required)
				}
			}
		}
	}
	if one := events("/c/" + id.String() + "/tour/lisbon.ics"); len(one) != 1 {
		t.Errorf("one show's file has %d", len(one))
	}
}

func TestWhatIsNoFile(t *testing.T) {
	t.Parallel()
	s := newSite(t, false)
	id, _ := withFiles(t, s)
	for _, path := range []string{
		"/booking.ics", "/tour.vcf", "/booking", "/booking.exe", "/off.vcf", "/later.ics", "/later/x.ics", "/text.ics", "/absent.vcf", "/.vcf", "/no%20id.vcf",
		"/tour/absent.ics", "/tour/lisbon", "/booking/lisbon.ics", "/tour/.ics",
	} {
		if r := s.ask("GET", "/c/"+id.String()+path); r.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %d", path, r.StatusCode)
		}
	}
	for _, path := range []string{"/c/nonsense/booking.vcf", "/c/" + model.NewProfileID().String() + "/booking.vcf"} {
		if r := s.ask("GET", path); r.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %d", path, r.StatusCode)
		}
	}
	plainPage := s.addFor(s.other, "later")
	if r := s.ask("GET", "/c/"+plainPage.String()+"/booking.vcf"); r.StatusCode != http.StatusNotFound {
		t.Errorf("a page without contacts: %d", r.StatusCode)
	}
}

func TestFilesAreKeptByTheirTag(t *testing.T) {
	t.Parallel()
	s := newSite(t, true)
	id, _ := withFiles(t, s)
	path := "/c/" + id.String() + "/tour.ics"
	first := s.ask("GET", path)
	tag := first.Header.Get("ETag")
	if tag == "" || !strings.HasPrefix(first.Header.Get("Cache-Control"), "public, max-age=0, s-maxage=") || first.Header.Get("X-Content-Type-Options") != "nosniff" ||
		first.Header.Get("Strict-Transport-Security") == "" {
		t.Errorf("%v", first.Header)
	}
	if r := s.ask("GET", path, "If-None-Match", tag); r.StatusCode != http.StatusNotModified || body(t, r) != "" {
		t.Errorf("asked with its tag: %d", r.StatusCode)
	}
	if r := s.ask("HEAD", path); r.StatusCode != http.StatusOK || body(t, r) != "" || r.Header.Get("Content-Length") != first.Header.Get("Content-Length") {
		t.Errorf("HEAD: %d %v", r.StatusCode, r.Header)
	}
}
