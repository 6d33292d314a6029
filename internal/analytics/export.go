package analytics

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/internal/plans"
	"github.com/hlpfl/platform/store"
)

// ExportQuestion is a question whose answer is a file.
type ExportQuestion struct {
	Question
	Format string `json:"format,omitempty" query:"format" doc:"csv or json; csv when absent"`
}

// Row is one line of an export: a day, and one link of it or, with an empty link,
// what belongs to no link. So every column sums up to the totals. By the hour
// there are no links.
type Row struct {
	At       string        `json:"at"` // 2026-11-23, or the instant at which an hour began
	Link     model.BlockID `json:"link"`
	Title    string        `json:"title"`
	URL      model.URL     `json:"url"`
	Views    int64         `json:"views"`
	Visitors int64         `json:"visitors"`
	Clicks   int64         `json:"clicks"`
}

// Export is a file that is ready to be written.
type Export struct {
	Name string // a file name without path
	MIME string

	profile model.Profile
	span    Range
	plan    plans.Entitlements
	titles  map[model.BlockID]LinkClicks
	json    bool
}

// PrepareExport checks the question and reads what every line needs. Errors are
// those of Ask; format is checked too.
func PrepareExport(ctx context.Context, tx *store.UserTx, profile model.ProfileID, q ExportQuestion, now time.Time) (*Export, error) {
	p, err := tx.Profile(ctx, profile)
	if err != nil {
		return nil, err
	}
	span, err := q.rangeOf(loadZone(p.TimeZone), now)
	if err != nil {
		return nil, err
	}
	e := &Export{profile: p, span: span, plan: plans.Of(plans.Plan(p.Plan)), titles: map[model.BlockID]LinkClicks{}, MIME: "text/csv; charset=utf-8"}
	ending := ".csv"
	switch strings.TrimSpace(q.Format) {
	case "", "csv":
	case "json":
		e.json, e.MIME, ending = true, "application/json", ".json"
	default:
		return nil, model.Invalid("format", `Say "csv" or "json".`)
	}
	e.Name = p.Handle.String() + "-" + span.From.Format(time.DateOnly) + "-" + span.To.Format(time.DateOnly) + ending
	clicks := map[model.BlockID]int64{}
	values, err := tx.FiguresByValue(ctx, p.ID, span.From, span.To, "link")
	if err != nil {
		return nil, err
	}
	for _, v := range values {
		clicks[model.BlockID(v.Value)] = v.Clicks
	}
	links, err := linkClicks(ctx, tx, p, clicks)
	for _, l := range links {
		e.titles[l.ID] = l
	}
	return e, err
}

// Write streams the file, in the transaction that prepared it or a later one.
func (e *Export) Write(ctx context.Context, tx *store.UserTx, w io.Writer) error {
	out := rowWriter(&csvRows{csv.NewWriter(w)})
	if e.json {
		out = &jsonRows{w: w}
	}
	if err := out.begin(e); err != nil {
		return err
	}
	write := e.writeDays
	if e.span.Interval == Hourly {
		write = e.writeHours
	}
	if err := write(ctx, tx, out); err != nil {
		return err
	}
	return out.end()
}

func (e *Export) writeHours(ctx context.Context, tx *store.UserTx, out rowWriter) error {
	hours, err := tx.FiguresByHour(ctx, e.profile.ID, e.span.From, e.span.To)
	if err != nil {
		return err
	}
	for _, h := range hours {
		if err := out.row(Row{At: h.At.UTC().Format(time.RFC3339), Views: h.Views, Visitors: h.Visitors, Clicks: shown(e.plan, h.Figures)}); err != nil {
			return err
		}
	}
	return nil
}

func (e *Export) writeDays(ctx context.Context, tx *store.UserTx, out rowWriter) error {
	days, err := tx.FiguresByDay(ctx, e.profile.ID, e.span.From, e.span.To)
	if err != nil {
		return err
	}
	// Clicks belong to links: a day's own line has what is left, which is nothing
	// unless links were tapped that have no id.
	left := make(map[string]int64, len(days))
	for _, d := range days {
		left[d.At.Format(time.DateOnly)] = shown(e.plan, d.Figures)
	}
	err = tx.FiguresByDayAndLink(ctx, e.profile.ID, e.span.From, e.span.To, func(day time.Time, id model.BlockID, f store.Figures) error {
		name, clicks := day.Format(time.DateOnly), shown(e.plan, f)
		left[name] -= clicks
		return out.row(Row{At: name, Link: id, Title: e.titles[id].Title, URL: e.titles[id].URL, Clicks: clicks})
	})
	if err != nil {
		return err
	}
	for _, d := range days {
		name := d.At.Format(time.DateOnly)
		if err := out.row(Row{At: name, Views: d.Views, Visitors: d.Visitors, Clicks: left[name]}); err != nil {
			return err
		}
	}
	return nil
}

type rowWriter interface {
	begin(*Export) error
	row(Row) error
	end() error
}

type csvRows struct{ *csv.Writer }

func (c *csvRows) begin(*Export) error {
	return c.Write([]string{"at", "link", "title", "url", "views", "visitors", "clicks"})
}

func (c *csvRows) row(r Row) error {
	number := func(n int64) string { return strconv.FormatInt(n, 10) }
	return c.Write([]string{r.At, string(r.Link), cell(r.Title), cell(string(r.URL)), number(r.Views), number(r.Visitors), number(r.Clicks)})
}

func (c *csvRows) end() error {
	c.Flush()
	return c.Error()
}

// cell keeps a spreadsheet from taking a title for a formula.
func cell(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r", rune(text[0])) {
		return "'" + text
	}
	return text
}

type jsonRows struct {
	w     io.Writer
	begun bool
}

func (j *jsonRows) begin(e *Export) error {
	head, err := json.Marshal(map[string]string{"tz": e.profile.TimeZone, "from": e.span.From.Format(time.DateOnly), "to": e.span.To.Format(time.DateOnly)})
	if err != nil {
		return err
	}
	_, err = j.w.Write(append(head[:len(head)-1], `,"data":[`...))
	return err
}

func (j *jsonRows) row(r Row) error {
	line, err := json.Marshal(r)
	if err != nil {
		return err
	}
	if j.begun {
		line = append([]byte(",\n"), line...)
	}
	j.begun = true
	_, err = j.w.Write(line)
	return err
}

func (j *jsonRows) end() error {
	_, err := io.WriteString(j.w, "]}\n")
	return err
}
