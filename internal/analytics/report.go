package analytics

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/internal/plans"
	"github.com/hlpfl/platform/internal/providers"
	"github.com/hlpfl/platform/store"
)

// Report is the answer to a question about a profile, as the API gives it.
type Report struct {
	TZ        string           `json:"tz"`
	Totals    Totals           `json:"totals"`
	Filtered  map[string]int64 `json:"filtered" doc:"what was recorded and does not count, by reason"`
	Series    []Place          `json:"series"`
	Links     []LinkClicks     `json:"links"`
	Countries []Share          `json:"countries"`
	Devices   []Share          `json:"devices"`
	Browsers  []Share          `json:"browsers"`
	Sources   []Share          `json:"sources"`
	Campaigns []Share          `json:"campaigns"`
	PlanLimit PlanLimit        `json:"plan_limit"`

	// For the screen alone.
	Range Range     `json:"-"`
	First time.Time `json:"-"` // the first day on which anything happened, zero when nothing did
}

// Totals are the sums of the series. The visitors of a range are the sum of its
// days'.
type Totals struct {
	Views    int64   `json:"views"`
	Visitors int64   `json:"visitors"`
	Clicks   int64   `json:"clicks"`
	CTR      float64 `json:"ctr" doc:"clicks for each view; 0 without views"`
}

// Place is one day or hour of the series.
type Place struct {
	At       time.Time `json:"at" doc:"the instant at which it begins"`
	Views    int64     `json:"views"`
	Visitors int64     `json:"visitors"`
	Clicks   int64     `json:"clicks"`
}

// LinkClicks is one link's share.
type LinkClicks struct {
	ID     model.BlockID `json:"id"`
	Title  string        `json:"title" doc:"as it is, or was last"`
	URL    model.URL     `json:"url"`
	Clicks int64         `json:"clicks"`
	Gone   bool          `json:"-"` // no longer on the page
}

// Share is one country, device, browser, source or campaign.
type Share struct {
	Name     string `json:"name" doc:"a country is its ISO 3166 code; unknown where nothing is known"`
	Views    int64  `json:"views"`
	Visitors int64  `json:"visitors"`
	Clicks   int64  `json:"clicks"`
}

// PlanLimit tells what the plan shows and hides.
type PlanLimit struct {
	ClicksPerMonth *int     `json:"clicks_per_month" doc:"clicks a calendar month (UTC) that are shown; null for all"`
	Used           int64    `json:"used" doc:"of them, this month"`
	Hidden         int64    `json:"hidden" doc:"clicks of the range that were counted beyond the limit"`
	Locked         []string `json:"locked" doc:"parts that the plan leaves empty"`

	Plan, LiftedBy plans.Plan `json:"-"`
}

// advanced are the parts that a plan without advanced analytics leaves empty, by
// their dimension.
var advanced = []struct {
	name, dimension string
	in              func(*Report) *[]Share
}{
	{"countries", "country", func(r *Report) *[]Share { return &r.Countries }},
	{"devices", "device", func(r *Report) *[]Share { return &r.Devices }},
	{"browsers", "browser", func(r *Report) *[]Share { return &r.Browsers }},
	{"sources", "source", func(r *Report) *[]Share { return &r.Sources }},
	{"campaigns", "campaign", func(r *Report) *[]Share { return &r.Campaigns }},
}

// mostShares bounds each list of shares: strangers choose sources and campaigns.
const mostShares = 100

// Ask answers a question about one of the user's profiles. It reads roll-ups
// alone, so its time depends on the range and not on how much happened. It is
// NotFound for somebody else's profile, and Invalid, naming the field, for a
// question that cannot be understood.
func Ask(ctx context.Context, tx *store.UserTx, profile model.ProfileID, q Question, now time.Time) (*Report, error) {
	p, err := tx.Profile(ctx, profile)
	if err != nil {
		return nil, err
	}
	span, err := q.rangeOf(loadZone(p.TimeZone), now)
	if err != nil {
		return nil, err
	}
	plan := plans.Of(plans.Plan(p.Plan))
	r := &Report{TZ: p.TimeZone, Range: span, Filtered: map[string]int64{}}
	if err := r.readSeries(ctx, tx, profile, plan); err != nil {
		return nil, err
	}
	if err := r.readValues(ctx, tx, p, plan); err != nil {
		return nil, err
	}
	if err := r.readLimit(ctx, tx, p.ID, plan, now); err != nil {
		return nil, err
	}
	r.First, _, err = tx.FirstFigures(ctx, profile)
	return r, err
}

// shown is how many clicks a plan shows.
func shown(plan plans.Entitlements, f store.Figures) int64 {
	if plan.ClicksPerMonth == plans.Unlimited {
		return f.Clicks
	}
	return f.ClicksInside
}

func (r *Report) readSeries(ctx context.Context, tx *store.UserTx, profile model.ProfileID, plan plans.Entitlements) error {
	days, err := tx.FiguresByDay(ctx, profile, r.Range.From, r.Range.To)
	if err != nil {
		return err
	}
	found := make(map[int64]store.Figures, len(days))
	for _, d := range days {
		r.Totals.Views += d.Views
		r.Totals.Visitors += d.Visitors
		r.Totals.Clicks += shown(plan, d.Figures)
		r.PlanLimit.Hidden += d.Clicks - shown(plan, d.Figures)
		found[r.Range.begin(d.At).Unix()] = d.Figures
	}
	if r.Totals.Views > 0 {
		r.Totals.CTR = float64(r.Totals.Clicks) / float64(r.Totals.Views)
	}
	places := r.Range.places()
	if r.Range.Interval == Hourly {
		hours, err := tx.FiguresByHour(ctx, profile, r.Range.From, r.Range.To)
		if err != nil {
			return err
		}
		clear(found)
		for _, h := range hours {
			found[h.At.Unix()] = h.Figures
		}
		places = withStrangers(places, found)
	}
	r.Series = make([]Place, len(places))
	for i, at := range places {
		f := found[at.Unix()]
		r.Series[i] = Place{at.UTC(), f.Views, f.Visitors, shown(plan, f)}
	}
	return nil
}

// withStrangers adds the hours that have figures and begin at no hour of the
// zone: the profile had another zone then. Without them the sums would differ.
func withStrangers(places []time.Time, found map[int64]store.Figures) []time.Time {
	known := make(map[int64]bool, len(places))
	for _, at := range places {
		known[at.Unix()] = true
	}
	for _, at := range slices.Sorted(maps.Keys(found)) {
		if !known[at] {
			places = append(places, time.Unix(at, 0))
		}
	}
	slices.SortFunc(places, time.Time.Compare)
	return places
}

func (r *Report) readValues(ctx context.Context, tx *store.UserTx, p model.Profile, plan plans.Entitlements) error {
	dimensions := []string{"link", "filtered"}
	lists := map[string]*[]Share{}
	r.PlanLimit.Locked = []string{}
	for _, a := range advanced {
		*a.in(r) = []Share{}
		if plan.AdvancedAnalytics {
			dimensions = append(dimensions, a.dimension)
			lists[a.dimension] = a.in(r)
		} else {
			r.PlanLimit.Locked = append(r.PlanLimit.Locked, a.name)
		}
	}
	values, err := tx.FiguresByValue(ctx, p.ID, r.Range.From, r.Range.To, dimensions...)
	if err != nil {
		return err
	}
	clicks := map[model.BlockID]int64{}
	for _, v := range values {
		switch v.Dimension {
		case "filtered":
			r.Filtered[v.Value] = v.Views + v.Clicks
		case "link":
			clicks[model.BlockID(v.Value)] = shown(plan, v.Figures)
		default:
			if list := lists[v.Dimension]; len(*list) < mostShares {
				*list = append(*list, Share{shareName(v), v.Views, v.Visitors, shown(plan, v.Figures)})
			}
		}
	}
	r.Links, err = linkClicks(ctx, tx, p, clicks)
	return err
}

func shareName(v store.FiguresOf) string {
	switch {
	case v.Value != "":
		return v.Value
	case v.Dimension == "source":
		return "direct"
	}
	return "unknown"
}

// linkClicks lists the links of the page and those that were tapped, most clicks
// first, the page's own order where they are equal.
func linkClicks(ctx context.Context, tx *store.UserTx, p model.Profile, clicks map[model.BlockID]int64) ([]LinkClicks, error) {
	links := pageLinks(p.Document)
	names, err := goneLinks(ctx, tx, p, links, clicks)
	if err != nil {
		return nil, err
	}
	links = append(links, names...)
	for i := range links {
		links[i].Clicks = clicks[links[i].ID]
	}
	slices.SortStableFunc(links, func(a, b LinkClicks) int { return int(b.Clicks - a.Clicks) })
	return links, nil
}

// goneLinks names links that were tapped and are not on the page any more, by the
// newest version that had them.
func goneLinks(ctx context.Context, tx *store.UserTx, p model.Profile, here []LinkClicks, clicks map[model.BlockID]int64) ([]LinkClicks, error) {
	missing := maps.Clone(clicks)
	for _, l := range here {
		delete(missing, l.ID)
	}
	var gone []LinkClicks
	look := func(d model.Document) bool {
		for _, l := range pageLinks(d) {
			if _, ok := missing[l.ID]; ok {
				delete(missing, l.ID)
				l.Gone = true
				gone = append(gone, l)
			}
		}
		return len(missing) > 0
	}
	if p.Draft != nil {
		look(p.Draft.Document)
	}
	if len(missing) > 0 {
		if err := tx.EarlierDocuments(ctx, p.ID, look); err != nil {
			return nil, err
		}
	}
	for _, id := range slices.Sorted(maps.Keys(missing)) {
		gone = append(gone, LinkClicks{ID: id, Title: string(id), Gone: true})
	}
	return gone, nil
}

// pageLinks are what leads out of a document, blocks before socials, with the
// titles that fans see.
func pageLinks(d model.Document) []LinkClicks {
	links, socials := []LinkClicks{}, []LinkClicks{}
	for _, e := range d.Exits() {
		service := providers.Title(e.URL)
		if network, ok := providers.ByKey(e.Network); ok {
			service = network.Name
		}
		switch {
		case e.Block == "":
			socials = append(socials, LinkClicks{ID: e.ID, Title: service, URL: e.URL})
		case e.Title == "":
			links = append(links, LinkClicks{ID: e.ID, Title: service, URL: e.URL})
		case e.ID != e.Block: // one of several of its block
			links = append(links, LinkClicks{ID: e.ID, Title: e.Title + ": " + service, URL: e.URL})
		default:
			links = append(links, LinkClicks{ID: e.ID, Title: e.Title, URL: e.URL})
		}
	}
	return append(links, socials...)
}

func (r *Report) readLimit(ctx context.Context, tx *store.UserTx, profile model.ProfileID, plan plans.Entitlements, now time.Time) error {
	used, err := tx.MonthClicks(ctx, profile, now)
	if err != nil {
		return err
	}
	r.PlanLimit.Used = used
	if limit := plan.ClicksPerMonth; limit != plans.Unlimited {
		r.PlanLimit.ClicksPerMonth = &limit
		r.PlanLimit.Used = min(used, int64(limit))
	}
	r.PlanLimit.Plan = plan.Plan
	r.PlanLimit.LiftedBy = plans.LiftedBy(plan.Plan, func(e plans.Entitlements) int { return e.ClicksPerMonth })
	return nil
}
