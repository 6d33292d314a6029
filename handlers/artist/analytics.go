package artist

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"net/http"
	"slices"
	"time"

	"github.com/a-h/templ"

	"github.com/hlpfl/platform/handlers/web"
	"github.com/hlpfl/platform/internal/analytics"
	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/internal/plans"
	"github.com/hlpfl/platform/store"
	"github.com/hlpfl/platform/views/artist"
	"github.com/hlpfl/platform/views/ui"
)

// Analytics answers what came of a profile: who came, what they tapped.
type Analytics struct {
	Store  *store.Store
	Origin string // of public addresses, no slash at its end
	Host   string // the same as people write it
	Now    func() time.Time
}

// usualDays is the range of the screen and of the figures in lists.
const usualDays = 28

// Show answers a question about a profile: the screen, or JSON.
func (h *Analytics) Show(r *web.Request) (web.Reply, error) {
	id, err := r.ProfileID()
	if err != nil {
		return web.Reply{}, err
	}
	q, err := web.ReadQuery[analytics.Question](r)
	if err != nil {
		return web.Reply{}, err
	}
	ctx, now := r.Request().Context(), h.Now()
	var profile model.Profile
	var report, before *analytics.Report
	err = h.Store.AsUser(ctx, r.UserID(), func(tx *store.UserTx) (err error) {
		if profile, err = tx.Profile(ctx, id); err != nil {
			return err
		}
		if report, err = analytics.Ask(ctx, tx, id, q, now); err != nil || r.Door == web.API {
			return err
		}
		before, err = beforeOf(ctx, tx, id, report, now)
		return err
	})
	var wrong *model.Error
	if r.Door == web.API || (err != nil && !(errors.As(err, &wrong) && wrong.Kind == model.KindInvalid)) {
		return web.Reply{JSON: report}, err
	}
	if err != nil {
		// What was asked cannot be understood: the usual range stands there, and the
		// field says what is wrong with it.
		return h.again(r, profile, wrong)
	}
	return web.Reply{Show: artist.AnalyticsPage(h.screen(r, profile, report, before))}, nil
}

// beforeOf is the report of as many days before; nil when there was nothing yet,
// or when hours of it are not kept any more.
func beforeOf(ctx context.Context, tx *store.UserTx, id model.ProfileID, report *analytics.Report, now time.Time) (*analytics.Report, error) {
	q := report.Range.Before()
	if report.First.IsZero() || q.To < report.First.Format(time.DateOnly) {
		return nil, nil
	}
	before, err := analytics.Ask(ctx, tx, id, q, now)
	if model.KindOf(err) == model.KindInvalid {
		return nil, nil
	}
	return before, err
}

func (h *Analytics) again(r *web.Request, profile model.Profile, wrong *model.Error) (web.Reply, error) {
	ctx, now := r.Request().Context(), h.Now()
	var report *analytics.Report
	err := h.Store.AsUser(ctx, r.UserID(), func(tx *store.UserTx) (err error) {
		report, err = analytics.Ask(ctx, tx, profile.ID, analytics.Question{}, now)
		return err
	})
	if err != nil {
		return web.Reply{}, err
	}
	return web.Reply{Again: func(e *model.Error) templ.Component {
		v := h.screen(r, profile, report, nil)
		v.Errors = ui.Errors(e.Fields)
		return artist.AnalyticsPage(v)
	}}, wrong
}

// Export answers the same as a file.
func (h *Analytics) Export(r *web.Request) (web.Reply, error) {
	id, err := r.ProfileID()
	if err != nil {
		return web.Reply{}, err
	}
	q, err := web.ReadQuery[analytics.ExportQuestion](r)
	if err != nil {
		return web.Reply{}, err
	}
	ctx := r.Request().Context()
	var export *analytics.Export
	err = h.Store.AsUser(ctx, r.UserID(), func(tx *store.UserTx) (err error) {
		export, err = analytics.PrepareExport(ctx, tx, id, q, h.Now())
		return err
	})
	if err != nil {
		return web.Reply{}, err
	}
	return web.Reply{Stream: func(w http.ResponseWriter) error {
		w.Header().Set("Content-Type", export.MIME)
		w.Header().Set("Content-Disposition", `attachment; filename="`+export.Name+`"`)
		return h.Store.AsUser(ctx, r.UserID(), func(tx *store.UserTx) error { return export.Write(ctx, tx, w) })
	}}, nil
}

// Recent gives the figures of the last 28 days that stand in lists.
func (h *Analytics) Recent(ctx context.Context, tx *store.UserTx, p model.Profile) (Recent, error) {
	report, err := analytics.Ask(ctx, tx, p.ID, analytics.Question{}, h.Now())
	if err != nil || report.First.IsZero() {
		return Recent{}, err
	}
	recent := Recent{Views: int(report.Totals.Views), Clicks: map[model.BlockID]int{}}
	for _, place := range report.Series {
		recent.ByDay = append(recent.ByDay, int(place.Views))
	}
	for _, l := range report.Links {
		recent.Clicks[l.ID] = int(l.Clicks)
	}
	return recent, nil
}

func (h *Analytics) screen(r *web.Request, p model.Profile, report, before *analytics.Report) artist.Analytics {
	v := artist.Analytics{
		App: frame(r, "Analytics of "+p.Name, ui.PlaceAnalytics, p.ID),
		ID:  p.ID, Name: p.Name, Handle: p.Handle.String(), Host: h.Host, URL: h.Origin + "/" + p.Handle.String(), TimeZone: report.TZ,
		From: report.Range.From, To: report.Range.To, Ranges: ranges(report.Range, h.Now()),
		Hourly: report.Range.Interval == analytics.Hourly, Ever: !report.First.IsZero(),
		Views:    artist.Count{Now: int(report.Totals.Views)},
		Visitors: artist.Count{Now: int(report.Totals.Visitors)},
		Clicks:   artist.Count{Now: int(report.Totals.Clicks)},
	}
	for _, place := range report.Series {
		v.Days = append(v.Days, artist.Day{At: place.At.In(report.Range.Zone), Views: int(place.Views), Visitors: int(place.Visitors), Clicks: int(place.Clicks)})
	}
	if before != nil {
		compare(&v, before)
	}
	for _, l := range report.Links {
		v.Links = append(v.Links, artist.LinkClicks{Title: l.Title, Host: l.URL.Host(), Clicks: int(l.Clicks), Gone: l.Gone})
	}
	for reason, count := range report.Filtered {
		v.Filtered = append(v.Filtered, artist.Reason{Reason: reason, Count: int(count)})
	}
	slices.SortFunc(v.Filtered, func(a, b artist.Reason) int {
		return cmp.Or(b.Count-a.Count, cmp.Compare(a.Reason, b.Reason))
	})
	v.Limit = planLimit(report.PlanLimit)
	return v
}

func compare(v *artist.Analytics, before *analytics.Report) {
	v.Views = artist.Count{Now: v.Views.Now, Before: int(before.Totals.Views), Compared: true}
	v.Visitors = artist.Count{Now: v.Visitors.Now, Before: int(before.Totals.Visitors), Compared: true}
	v.Clicks = artist.Count{Now: v.Clicks.Now, Before: int(before.Totals.Clicks), Compared: true}
	for i := range v.Days {
		if i < len(before.Series) {
			v.Days[i].Before = int(before.Series[i].Clicks)
		}
	}
}

func planLimit(l analytics.PlanLimit) *artist.PlanLimit {
	if l.ClicksPerMonth == nil && len(l.Locked) == 0 {
		return nil
	}
	v := &artist.PlanLimit{Used: int(l.Used), Hidden: int(l.Hidden), Locked: l.Locked, Plan: plans.Of(l.Plan).Name}
	if l.ClicksPerMonth != nil {
		v.PerMonth = *l.ClicksPerMonth
	}
	if l.LiftedBy != "" {
		v.LiftedBy = plans.Of(l.LiftedBy).Name
	}
	return v
}

// ranges are the ready-made choices of days, up to today.
func ranges(now analytics.Range, at time.Time) []artist.Range {
	year, month, day := at.In(now.Zone).Date()
	today := time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
	choices := map[int]string{7: "Last 7 days", usualDays: "Last 28 days", 90: "Last 90 days", 365: "Last 365 days"}
	var out []artist.Range
	for _, days := range slices.Sorted(maps.Keys(choices)) {
		from := today.AddDate(0, 0, 1-days)
		out = append(out, artist.Range{
			Label: choices[days], From: from.Format(time.DateOnly), To: today.Format(time.DateOnly),
			Current: now.From.Equal(from) && now.To.Equal(today),
		})
	}
	return out
}
