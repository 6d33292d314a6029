package analytics

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/store"
)

func (w *world) ask(user model.UserID, p model.ProfileID, q Question, now time.Time) (r *Report, err error) {
	w.t.Helper()
	err = w.store.AsUser(context.Background(), user, func(tx *store.UserTx) error {
		r, err = Ask(context.Background(), tx, p, q, now)
		return err
	})
	return r, err
}

func (w *world) mustAsk(user model.UserID, p model.ProfileID, q Question, now time.Time) *Report {
	w.t.Helper()
	r, err := w.ask(user, p, q, now)
	if err != nil {
		w.t.Fatal(err)
	}
	return r
}

func (w *world) file(user model.UserID, p model.ProfileID, q ExportQuestion, now time.Time) (text string, err error) {
	w.t.Helper()
	var b bytes.Buffer
	err = w.store.AsUser(context.Background(), user, func(tx *store.UserTx) error {
		e, err := PrepareExport(context.Background(), tx, p, q, now)
		if err != nil {
			return err
		}
		return e.Write(context.Background(), tx, &b)
	})
	return b.String(), err
}

// The answer's names are the contract's.
func TestReportHasTheContractsNames(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	user := w.user("artist")
	p := w.profile(user, "UTC")
	bot := view(p, noon, 0)
	bot.Filtered, bot.Visitor, bot.Source, bot.Campaign = model.FilteredBot, model.VisitorHash{}, "", ""
	w.enqueue(view(p, noon, 1), click(p, noon.Add(time.Second), 1), view(p, noon, 2), bot)
	w.unpack(w.worker())
	r := w.mustAsk(user, p, Question{From: "2026-11-20", To: "2026-11-21"}, noon)
	got, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	share := func(name string) string { return `[{"name":"` + name + `","views":2,"visitors":2,"clicks":1}]` }
	want := `{"tz":"UTC","totals":{"views":2,"visitors":2,"clicks":1,"ctr":0.5},"filtered":{"bot":1},` +
		`"series":[{"at":"2026-11-20T00:00:00Z","views":2,"visitors":2,"clicks":1},{"at":"2026-11-21T00:00:00Z","views":0,"visitors":0,"clicks":0}],` +
		`"links":[{"id":"tour","title":"Tour dates","url":"https://example.com/tour","clicks":1}],` +
		`"countries":` + share("DE") + `,"devices":` + share("phone") + `,"browsers":` + share("Safari") + `,"sources":` + share("Instagram") + `,"campaigns":` + share("spring") + `,` +
		`"plan_limit":{"clicks_per_month":null,"used":1,"hidden":0,"locked":[]}}`
	if string(got) != want {
		t.Errorf("\n got %s\nwant %s", got, want)
	}
}

// On Free what lies beyond the month's hundred is shown as hidden, everywhere, and
// comes to light with an upgrade; the advanced parts are empty and named.
func TestPlanIsAppliedWhenReading(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	user := w.user("free")
	p := w.profile(user, "UTC")
	events := []model.Event{view(p, noon, 1)}
	for i := range 130 {
		events = append(events, click(p, noon.Add(time.Duration(i)*time.Second), 1))
	}
	w.enqueue(events...)
	w.unpack(w.worker())
	r := w.mustAsk(user, p, Question{}, noon)
	if r.Totals.Clicks != 100 || r.PlanLimit.Hidden != 30 || r.PlanLimit.Used != 100 || *r.PlanLimit.ClicksPerMonth != 100 || r.Links[0].Clicks != 100 {
		t.Errorf("free: %+v %+v %+v", r.Totals, r.PlanLimit, r.Links)
	}
	if got := fmt.Sprint(r.PlanLimit.Locked); got != "[countries devices browsers sources campaigns]" {
		t.Errorf("locked: %s", got)
	}
	for name, list := range map[string][]Share{"countries": r.Countries, "devices": r.Devices, "browsers": r.Browsers, "sources": r.Sources, "campaigns": r.Campaigns} {
		if list == nil || len(list) != 0 {
			t.Errorf("%s on free: %v, want an empty list", name, list)
		}
	}
	if text, _ := w.file(user, p, ExportQuestion{}, noon); sums(t, text)["clicks"] != 100 {
		t.Error("the file shows what the plan hides")
	}
	w.exec(`update profiles set plan = 'artist' where id = $1`, p.String())
	r = w.mustAsk(user, p, Question{}, noon)
	if r.Totals.Clicks != 130 || r.PlanLimit.Hidden != 0 || r.PlanLimit.Used != 130 || r.PlanLimit.ClicksPerMonth != nil || len(r.Countries) != 1 {
		t.Errorf("after the upgrade: %+v %+v", r.Totals, r.PlanLimit)
	}
}

func sums(t *testing.T, text string) map[string]int64 {
	t.Helper()
	rows, err := csv.NewReader(bytes.NewBufferString(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]int64{}
	for _, row := range rows[1:] {
		for i, name := range rows[0] {
			if n, err := strconv.ParseInt(row[i], 10, 64); err == nil {
				all[name] += n
			}
		}
	}
	return all
}

// Days and hours are those of the profile's zone, also where clocks move.
func TestDaysOfTheZone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	user := w.user("artist")
	at := func(text string) time.Time {
		parsed, err := time.Parse(time.RFC3339, text)
		if err != nil {
			t.Fatal(err)
		}
		return parsed
	}
	for _, c := range []struct {
		zone, day string
		clicks    []string
		hours     int
		series    map[string]int64
	}{
		// Clocks go back: two to three comes twice.
		{"Europe/Berlin", "2026-10-25", []string{"2026-10-24T22:00:00Z", "2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z", "2026-10-25T22:59:59Z"}, 25,
			map[string]int64{"2026-10-24T22:00:00Z": 1, "2026-10-25T00:00:00Z": 1, "2026-10-25T01:00:00Z": 1, "2026-10-25T22:00:00Z": 1}},
		// Hours that begin at the half, and at a quarter to.
		{"America/St_Johns", "2026-11-20", []string{"2026-11-20T03:30:00Z", "2026-11-21T03:29:59Z"}, 24,
			map[string]int64{"2026-11-20T03:30:00Z": 1, "2026-11-21T02:30:00Z": 1}},
		{"Asia/Kathmandu", "2026-11-20", []string{"2026-11-19T18:15:00Z", "2026-11-20T18:14:59Z"}, 24,
			map[string]int64{"2026-11-19T18:15:00Z": 1, "2026-11-20T17:15:00Z": 1}},
		{"Pacific/Kiritimati", "2026-11-20", []string{"2026-11-19T10:00:00Z", "2026-11-20T09:59:59Z"}, 24,
			map[string]int64{"2026-11-19T10:00:00Z": 1, "2026-11-20T09:00:00Z": 1}},
	} {
		p := w.profile(user, c.zone)
		before, after := at(c.clicks[0]).Add(-time.Second), at(c.clicks[len(c.clicks)-1]).Add(time.Second)
		events := []model.Event{click(p, before, 9)}
		for _, text := range c.clicks {
			events = append(events, click(p, at(text), 1))
		}
		w.enqueue(append(events, click(p, after.Truncate(time.Minute).Add(time.Minute), 9))...)
		w.unpack(w.worker())
		r := w.mustAsk(user, p, Question{From: c.day, To: c.day, Interval: "hour"}, after)
		if len(r.Series) != c.hours {
			t.Errorf("%s: %d hours, want %d", c.zone, len(r.Series), c.hours)
		}
		if r.Totals.Clicks != int64(len(c.clicks)) || r.Totals.Visitors != 1 {
			t.Errorf("%s: totals %+v, want %d clicks of one visitor", c.zone, r.Totals, len(c.clicks))
		}
		got := map[string]int64{}
		for _, s := range r.Series {
			if s.Clicks > 0 {
				got[s.At.Format(time.RFC3339)] = s.Clicks
			}
		}
		if !maps.Equal(got, c.series) {
			t.Errorf("%s: by hour %v, want %v", c.zone, got, c.series)
		}
		day := w.mustAsk(user, p, Question{From: c.day, To: c.day}, after)
		if len(day.Series) != 1 || day.Series[0].Clicks != int64(len(c.clicks)) || day.Series[0].At.Format(time.RFC3339) != c.clicks[0] {
			t.Errorf("%s: by day %+v", c.zone, day.Series)
		}
	}
}

// A zone that is changed later changes no figure: sums stay what they were.
func TestChangedZoneKeepsSums(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	user := w.user("artist")
	p := w.profile(user, "Asia/Kathmandu")
	w.enqueue(click(p, noon, 1))
	w.unpack(w.worker())
	w.exec(`update profiles set time_zone = 'UTC' where id = $1`, p.String())
	r := w.mustAsk(user, p, Question{From: "2026-11-20", To: "2026-11-20", Interval: "hour"}, noon)
	var sum int64
	for _, s := range r.Series {
		sum += s.Clicks
	}
	if sum != 1 || r.Totals.Clicks != 1 {
		t.Errorf("series %d, totals %d", sum, r.Totals.Clicks)
	}
}

func TestQuestionsThatCannotBeAnswered(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	user := w.user("artist")
	p := w.profile(user, "UTC")
	for _, c := range []struct {
		q      Question
		fields []string
	}{
		{Question{From: "yesterday"}, []string{"from"}},
		{Question{From: "2026-02-30", To: "20261101", Interval: "week"}, []string{"from", "interval", "to"}},
		{Question{From: "2026-11-21", To: "2026-11-20"}, []string{"from"}},
		{Question{From: "2999-01-01"}, []string{"from"}},
		{Question{From: "0001-01-01"}, []string{"from"}},
		{Question{To: "10000-01-01"}, []string{"to"}},
		{Question{From: "2026-01-01", To: "2026-01-02", Interval: "hour"}, []string{"from"}},
		{Question{From: "2026-11-20", To: "2027-06-01", Interval: "hour"}, []string{"to"}},
	} {
		_, err := w.ask(user, p, c.q, noon)
		var e *model.Error
		if !errors.As(err, &e) || e.Kind != model.KindInvalid || !slices.Equal(slices.Sorted(maps.Keys(e.Fields)), c.fields) {
			t.Errorf("%+v: %v, want fields %v", c.q, err, c.fields)
		}
	}
	if _, err := w.file(user, p, ExportQuestion{Format: "xml"}, noon); model.KindOf(err) != model.KindInvalid {
		t.Errorf("format xml: %v", err)
	}
	for _, profile := range []model.ProfileID{w.profile(w.user("artist"), "UTC"), model.NewProfileID()} {
		if _, err := w.ask(user, profile, Question{}, noon); model.KindOf(err) != model.KindNotFound {
			t.Errorf("somebody else's: %v", err)
		}
	}
	r := w.mustAsk(user, p, Question{}, noon)
	if len(r.Series) != 28 || r.Series[27].At.Format(time.DateOnly) != "2026-11-20" || !r.First.IsZero() {
		t.Errorf("without a question: %d days, the last %v, first figures %v", len(r.Series), r.Series[len(r.Series)-1].At, r.First)
	}
	if r.Filtered == nil || r.Links == nil || len(r.Links) != 1 {
		t.Errorf("an empty report has empty lists: %+v", r)
	}
}

// The file's columns sum up to the totals, also for links that are gone.
func TestFileSumsUp(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	user := w.user("artist")
	p := w.profile(user, "Europe/Berlin")
	old := click(p, noon.Add(time.Minute), 3)
	old.Link, old.Target = "gone", "https://example.com/old"
	nobody := click(p, noon.Add(26*time.Hour), 3)
	nobody.Link = "never"
	w.exec(`insert into profile_versions (profile_id, version, profile_name, profile_data, published_by) values ($1, 1, 'Vera', $2, $3)`, p.String(),
		`{"blocks":[{"id":"gone","type":"link","title":"=1+1","url":"https://example.com/old"}]}`, user.String())
	w.enqueue(view(p, noon, 1), click(p, noon, 1), click(p, noon.Add(time.Hour), 2), view(p, noon.Add(25*time.Hour), 1), old, nobody)
	w.unpack(w.worker())
	now := noon.AddDate(0, 0, 2)
	r := w.mustAsk(user, p, Question{}, now)
	for _, interval := range []string{"day", "hour"} {
		text, err := w.file(user, p, ExportQuestion{Question: Question{Interval: interval}}, now)
		if err != nil {
			t.Fatal(err)
		}
		if got := sums(t, text); got["views"] != r.Totals.Views || got["visitors"] != r.Totals.Visitors || got["clicks"] != r.Totals.Clicks {
			t.Errorf("by the %s: sums %v, totals %+v\n%s", interval, got, r.Totals, text)
		}
		if interval == "day" && !bytes.Contains([]byte(text), []byte(`'=1+1`)) {
			t.Errorf("a title that a spreadsheet takes for a formula:\n%s", text)
		}
	}
	text, err := w.file(user, p, ExportQuestion{Format: "json"}, now)
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		TZ   string
		Data []Row
	}
	if err := json.Unmarshal([]byte(text), &file); err != nil {
		t.Fatal(err)
	}
	var clicks int64
	for _, row := range file.Data {
		clicks += row.Clicks
	}
	if clicks != r.Totals.Clicks || file.TZ != "Europe/Berlin" {
		t.Errorf("JSON: %d clicks in %s\n%s", clicks, file.TZ, text)
	}
	titles := map[model.BlockID]string{}
	for _, l := range r.Links {
		titles[l.ID] = fmt.Sprint(l.Title, " ", l.Gone, " ", l.Clicks)
	}
	want := map[model.BlockID]string{"tour": "Tour dates false 2", "gone": "=1+1 true 1", "never": "never true 1"}
	if !maps.Equal(titles, want) {
		t.Errorf("links %v, want %v", titles, want)
	}
}
