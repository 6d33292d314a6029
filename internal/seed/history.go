package seed

import (
	"context"
	"encoding/binary"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"time"

	"github.com/google/uuid"

	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/internal/plans"
	"github.com/hlpfl/platform/store"
)

// traffic is how many fans come to a page, and whence.
type traffic struct {
	perDay    float64 // visits on an ordinary day
	taps      float64 // of a hundred visits, how many lead to a tap
	releases  []int   // days after the beginning on which something came out
	countries []country
}

// demoTraffic is the traffic of a demo account's n-th profile.
func demoTraffic(n int, plan plans.Plan) traffic {
	if plan == plans.Free {
		return traffic{12, 46, []int{50}, []country{{"US", 80}, {"CA", 12}, {"GB", 4}, {"MX", 2}, {"", 2}}}
	}
	return []traffic{
		{80, 44, []int{27, 62}, []country{{"GB", 31}, {"PT", 18}, {"DE", 11}, {"NG", 10}, {"FR", 8}, {"US", 8}, {"NL", 4}, {"BR", 4}, {"ES", 3}, {"JP", 2}, {"", 1}}},
		{32, 39, []int{40}, []country{{"GB", 62}, {"IE", 9}, {"DE", 8}, {"US", 7}, {"FR", 5}, {"NL", 4}, {"SE", 3}, {"", 2}}},
		{16, 51, []int{12, 75}, []country{{"DE", 41}, {"PL", 14}, {"BE", 12}, {"NL", 9}, {"GB", 9}, {"US", 6}, {"CH", 5}, {"", 4}}},
	}[n%3]
}

// weekdays, from Sunday: music comes out on Fridays, and people look at their
// phones on Sundays.
var weekdays = [7]float64{1.15, .8, .85, .9, .95, 1.3, 1.1}

// hours of the day by the page's own clock.
var hours = [24]float64{1.6, .9, .5, .3, .2, .3, .8, 1.8, 2.6, 2.8, 2.9, 3.1, 3.8, 3.5, 3.2, 3.3, 3.8, 4.6, 5.4, 6.0, 6.6, 6.4, 4.8, 3.0}

const (
	// maxBatch is how many events are enqueued at once.
	maxBatch = 5000
	// again is how many days back visits are made up anew though there are some:
	// the last day was not over when it was made up.
	again = 7
)

// history makes up the visits of a profile from its first day until now. The same
// day of the same profile gets the same events with the same ids however often
// it is made up, so that nothing counts twice.
func (s *seeder) history(ctx context.Context, p model.Profile, t traffic) error {
	zone, err := time.LoadLocation(p.TimeZone)
	if err != nil {
		return err
	}
	begin := dayOf(p.CreatedAt.In(zone))
	t.releases = fridays(begin, t.releases)
	var counted map[string]bool
	err = s.Store.System(ctx, func(tx *store.SystemTx) (err error) {
		counted, err = tx.CountedDaysOfAnyUser(ctx, p.ID)
		return err
	})
	if err != nil {
		return err
	}
	var events []model.Event
	for n := 0; ; n++ {
		day := begin.AddDate(0, 0, n)
		if day.After(s.now) {
			return s.enqueue(ctx, events)
		}
		if counted[day.Format(time.DateOnly)] && day.Before(s.now.AddDate(0, 0, -again)) {
			continue // nothing would count twice, but the worker would look at all of it
		}
		events = s.day(events, p.ID, p.Document, day, t.on(day, n), t, t.fresh(n))
		if len(events) >= maxBatch {
			if err := s.enqueue(ctx, events); err != nil {
				return err
			}
			events = events[:0]
		}
	}
}

// fridays moves days, counted from the beginning, to the Friday that follows:
// that is when music comes out.
func fridays(begin time.Time, days []int) []int {
	moved := make([]int, len(days))
	for i, n := range days {
		moved[i] = n + int(time.Friday-begin.AddDate(0, 0, n).Weekday()+7)%7
	}
	return moved
}

func dayOf(t time.Time) time.Time {
	year, month, day := t.Date()
	return time.Date(year, month, day, 0, 0, 0, 0, t.Location())
}

// on is how many visits are to be expected on a day, the n-th from the beginning.
func (t traffic) on(day time.Time, n int) float64 {
	visits := t.perDay * weekdays[day.Weekday()] * (.75 + .5*float64(n)/DefaultDays)
	return visits * (1 + t.fresh(n))
}

// fresh is how much a release still draws: four times as many on its day, half of
// that two days later.
func (t traffic) fresh(n int) float64 {
	sum := 0.0
	for _, day := range t.releases {
		if n >= day {
			sum += 4 * math.Exp2(-float64(n-day)/2)
		}
	}
	return sum
}

// randomOf is chance that comes out the same for the same profile and day.
func randomOf(profile model.ProfileID, day time.Time) *rand.Rand {
	h := fnv.New64a()
	h.Write(profile.UUID[:])
	return rand.New(rand.NewPCG(h.Sum64(), uint64(day.Unix())))
}

// day adds the events of one day, those that are not in the future.
func (s *seeder) day(events []model.Event, profile model.ProfileID, doc model.Document, day time.Time, expected float64, t traffic, fresh float64) []model.Event {
	r := randomOf(profile, day)
	first := len(events)
	visits := int(math.Round(expected + math.Sqrt(expected)*r.NormFloat64()))
	for range visits {
		events = s.visit(events, r, profile, doc, moment(r, day), t, fresh)
	}
	for range int(math.Round(float64(visits) * .06)) {
		events = s.program(events, r, profile, doc, moment(r, day))
	}
	kept := events[:first]
	for _, e := range events[first:] {
		if !e.At().After(s.now) {
			kept = append(kept, e)
		}
	}
	return kept
}

// moment is a time of the day, by the page's clock.
func moment(r *rand.Rand, day time.Time) time.Time {
	indexes := make([]int, len(hours))
	for i := range indexes {
		indexes[i] = i
	}
	hour := pick(r, indexes, func(i int) float64 { return hours[i] })
	year, month, date := day.Date()
	return time.Date(year, month, date, hour, r.IntN(60), r.IntN(60), r.IntN(1000)*int(time.Millisecond), day.Location())
}

// visit is one fan: a look, perhaps another one, perhaps some taps.
func (s *seeder) visit(events []model.Event, r *rand.Rand, profile model.ProfileID, doc model.Document, at time.Time, t traffic, fresh float64) []model.Event {
	way := pick(r, s.visits.fans, func(w seen) float64 {
		if w.release && fresh < .2 {
			return 0
		}
		return w.weight
	})
	e := model.Event{Profile: profile, Visit: way.visit, Filtered: way.filtered}
	e.Country = pick(r, t.countries, func(c country) float64 { return c.weight }).code
	binary.LittleEndian.PutUint64(e.Visitor[:], r.Uint64()|1)
	looks := 1
	if r.Float64() < .12 {
		looks = 2
	}
	for i := range looks {
		e.Kind, e.Link, e.Target = model.View, "", ""
		e.ID = eventID(r, at.Add(time.Duration(i)*time.Duration(40+r.IntN(900))*time.Second))
		events = append(events, e)
	}
	for chance := t.taps / 100; r.Float64() < chance; chance *= .45 {
		link, ok := tapped(r, doc, at)
		if !ok {
			break
		}
		at = at.Add(time.Duration(2000+r.IntN(20_000)) * time.Millisecond)
		e.Kind, e.Link, e.Target, e.ID = model.Click, link.id, link.url.String(), eventID(r, at)
		events = append(events, e)
	}
	return events
}

// program is a visit of somebody who does not count.
func (s *seeder) program(events []model.Event, r *rand.Rand, profile model.ProfileID, doc model.Document, at time.Time) []model.Event {
	link, ok := tapped(r, doc, at)
	if !ok {
		return events
	}
	way := pick(r, s.visits.bots, func(w seen) float64 { return w.weight })
	e := model.Event{ID: eventID(r, at), Profile: profile, Kind: model.Click, Link: link.id, Target: link.url.String(), Visit: way.visit, Filtered: way.filtered}
	if r.Float64() < .2 { // somebody's messenger looks ahead
		fan := pick(r, s.visits.fans, func(w seen) float64 { return w.weight })
		e.Visit, e.Filtered = fan.visit, model.FilteredPrefetch
	}
	return append(events, e)
}

type tap struct {
	id     model.BlockID
	url    model.URL
	weight float64
}

// tapped chooses a link: the higher it stands, the more it is tapped.
func tapped(r *rand.Rand, doc model.Document, at time.Time) (tap, bool) {
	var all []tap
	weight := 10.0
	for _, e := range doc.Exits() {
		// What has an end was there before; what has a start is not yet.
		if e.Block != "" && e.On && !at.Before(e.Starts) {
			all = append(all, tap{e.ID, e.URL, weight})
			weight *= .86
		}
	}
	for _, s := range doc.Socials {
		all = append(all, tap{s.ID, s.URL, 1.5})
	}
	if len(all) == 0 {
		return tap{}, false
	}
	return pick(r, all, func(t tap) float64 { return t.weight }), true
}

// eventID is a UUIDv7 of an instant whose chance is r's.
func eventID(r *rand.Rand, at time.Time) model.EventID {
	var u uuid.UUID
	binary.BigEndian.PutUint64(u[:8], uint64(at.UnixMilli())<<16|r.Uint64()&0xffff)
	binary.BigEndian.PutUint64(u[8:], r.Uint64())
	u[6] = 0x70 | u[6]&0x0f
	u[8] = 0x80 | u[8]&0x3f
	return model.EventID{UUID: u}
}
