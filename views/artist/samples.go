package artist

import (
	"fmt"
	"math"
	"time"

	"github.com/google/uuid"

	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/views/ui"
)

// Samples are the artist's screens in their states, for /dev/views. All people are invented.
func Samples() []ui.Sample {
	var all []ui.Sample
	for _, group := range [][]ui.Sample{profileSamples(), editorSamples(), analyticsSamples(), accountSamples()} {
		all = append(all, group...)
	}
	for i := range all {
		all[i].Page = true
	}
	return all
}

const longName = "The Extraordinarily Long-Winded Orchestra of Lower Brackenby"

// Fixed, so that a picture of a sample is the same every time.
var (
	sampleNow     = time.Date(2026, 11, 23, 15, 47, 0, 0, time.UTC)
	sampleProfile = model.ProfileID{UUID: uuid.MustParse("0190a5f2-8c3e-7b1a-9d4e-2f6a1c7b3e90")}
	sampleSession = model.SessionID{UUID: uuid.MustParse("0190a5f2-8c3e-7b1a-9d4e-2f6a1c7b3e91")}
)

func sampleApp(title string, here ui.Place) ui.App {
	return ui.App{Title: title, User: "Ines Okafor", Here: here, Profile: sampleProfile}
}

// wave is a plausible month of views.
func wave(n, around int) []int {
	out := make([]int, n)
	for i := range out {
		week := 0.2 * math.Sin(2*math.Pi*float64(i)/7)
		release := 1.6 * math.Exp(-math.Abs(float64(i-18))/2.4)
		out[i] = int(float64(around) * (1 + week + release))
	}
	return out
}

func profileSamples() []ui.Sample {
	card := func(name, handle string, views int) ProfileCard {
		return ProfileCard{ID: sampleProfile, Name: name, Handle: handle, Public: true, Views: views, Trace: wave(28, views/28)}
	}
	ines := card("Ines Okafor", "inesokafor", 13334)
	ines.Changes = 4
	sound := card("Harbour Sound System", "harboursound", 1902)
	sound.Changes = 1
	long := card(longName, "brackenby", 0)
	long.Public, long.Trace = false, nil
	suspended := card("夜の港オーケストラ", "yorunominato", 12)
	suspended.Suspended = true
	many := Profiles{App: sampleApp("Profiles", ui.PlaceProfiles)}
	for i := range 1000 {
		many.Cards = append(many.Cards, card(fmt.Sprintf("Artist number %d", i+1), fmt.Sprintf("artist-%d", i+1), i*13))
	}
	many.Total, many.Find, many.Next = len(many.Cards), true, "/dashboard"
	none := Profiles{App: sampleApp("Profiles", ui.PlaceProfiles), Total: 240, Find: true, Search: "zither", First: "/dashboard"}
	nobody := sampleApp("Profiles", ui.PlaceProfiles)
	nobody.Profile = model.ProfileID{}
	deleted := sampleApp("Profiles", ui.PlaceProfiles)
	deleted.Flash = &ui.Flash{Text: "Deleted Ines Okafor. The page is dark.", Do: "Bring it back", Action: "/dashboard"}
	first := NewProfile{Host: "hlpfl.com", Handle: "inesokafor", Name: "Ines Okafor"}
	taken := first
	taken.Errors = ui.Errors{"handle": "That handle is taken.", "profile_name": "Give a name. It stands at the head of the page."}
	taken.Name = ""
	offered := first
	offered.Free = &HandleAnswer{Handle: "inesokafor", Reason: "That handle is taken.", Instead: "inesokafor.music"}
	free := first
	free.Free = &HandleAnswer{Handle: "inesokafor", Free: true}
	return []ui.Sample{
		{Name: "profiles", Component: ProfilesPage(Profiles{App: sampleApp("Profiles", ui.PlaceProfiles), Cards: []ProfileCard{ines, sound, long, suspended}, Total: 4,
			Limit: ui.Meter{What: "profiles", Used: 4, Limit: 10, Plan: "Business", LiftedBy: "Enterprise"}})},
		{Name: "profiles-full", Component: ProfilesPage(Profiles{App: sampleApp("Profiles", ui.PlaceProfiles), Cards: []ProfileCard{ines}, Total: 1,
			Limit: ui.Meter{What: "profiles", Used: 1, Limit: 1, Plan: "Free", LiftedBy: "Artist", Lifted: 3}})},
		{Name: "profiles-deleted", Component: ProfilesPage(Profiles{App: deleted, Cards: []ProfileCard{sound}, Total: 1,
			Deleted: []DeletedProfile{{ID: sampleProfile, Name: "Ines Okafor", Handle: "inesokafor", Until: sampleNow.AddDate(0, 0, 30)}}})},
		{Name: "profiles-found-none", Component: ProfilesPage(none)},
		{Name: "profiles-1000", Component: ProfilesPage(many)},
		{Name: "profiles-empty", Component: ProfilesPage(Profiles{App: nobody, New: NewProfile{Host: "hlpfl.com"}})},
		{Name: "profiles-empty-free", Component: ProfilesPage(Profiles{App: nobody, New: free})},
		{Name: "profiles-empty-offered", Component: ProfilesPage(Profiles{App: nobody, New: offered})},
		{Name: "profiles-empty-wrong", Component: ProfilesPage(Profiles{App: nobody, New: taken})},
		{Name: "profile-new", Component: AnotherPage(Another{App: sampleApp("New profile", ui.PlaceProfiles), Form: NewProfile{Host: "hlpfl.com"}})},
		{Name: "profile-new-full", Component: AnotherPage(Another{App: sampleApp("New profile", ui.PlaceProfiles),
			Limit: ui.Meter{What: "profiles", Used: 1, Limit: 1, Plan: "Free", LiftedBy: "Artist", Lifted: 3}})},
	}
}

func analyticsSamples() []ui.Sample {
	day := func(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, time.UTC) }
	base := Analytics{
		App: sampleApp("Analytics, Ines Okafor", ui.PlaceAnalytics), ID: sampleProfile, Name: "Ines Okafor", Handle: "inesokafor",
		Host: "hlpfl.com", URL: "https://hlpfl.com/inesokafor", TimeZone: "Europe/London", From: day(2026, 10, 27), To: day(2026, 11, 23), Ever: true,
		Ranges: []Range{{"7 days", "2026-11-17", "2026-11-23", false}, {"28 days", "2026-10-27", "2026-11-23", true}, {"90 days", "2026-08-26", "2026-11-23", false}, {"12 months", "2025-11-24", "2026-11-23", false}},
		Views:  Count{13334, 11300, true}, Visitors: Count{9346, 8198, true}, Clicks: Count{4962, 4135, true},
		Filtered: []Reason{{"bot", 402}, {"prefetch", 171}, {"gone", 38}},
		Links: []LinkClicks{{"Slow Harbour, Spotify", "open.spotify.com", 1204, false}, {"Night Bus (official video)", "youtube.com", 812, false}, {"On tour, tickets", "ra.co", 511, false},
			{"Slow Harbour on vinyl", "inesokafor.bandcamp.com", 391, false}, {"夜の港", "music.apple.com", 386, false}, {longName, "instagram.com", 318, false}, {"Spring tour", "dice.fm", 12, true}},
	}
	views := wave(28, 430)
	for i, v := range views {
		base.Days = append(base.Days, Day{At: base.From.AddDate(0, 0, i), Views: v, Visitors: v * 7 / 10, Clicks: v * 37 / 100, Before: 120 + i%7*6})
	}
	empty := base
	empty.Ever = false
	quiet := base
	quiet.From, quiet.To, quiet.Hourly = base.To, base.To, true
	quiet.Views, quiet.Visitors, quiet.Clicks, quiet.Links, quiet.Filtered, quiet.Days = Count{}, Count{}, Count{}, nil, nil, nil
	for h := range 24 {
		quiet.Days = append(quiet.Days, Day{At: base.To.Add(time.Duration(h) * time.Hour)})
	}
	free := base
	free.Limit = &PlanLimit{PerMonth: 100, Used: 100, Hidden: 31, Locked: []string{"countries", "devices", "browsers", "sources", "campaigns"}, Plan: "Free", LiftedBy: "Artist"}
	free.Views, free.Visitors, free.Clicks = Count{131, 0, false}, Count{102, 0, false}, Count{100, 0, false}
	below := free
	below.Limit = &PlanLimit{PerMonth: 100, Used: 62, Plan: "Free", LiftedBy: "Artist"}
	huge := base
	huge.Views, huge.Visitors, huge.Clicks = Count{1204331907, 1, true}, Count{804331907, 804331907, true}, Count{404331907, 404331908, true}
	huge.Links = nil
	for i := range 1000 {
		huge.Links = append(huge.Links, LinkClicks{fmt.Sprintf("Link number %d", i+1), "example.com", 404331 - i*400, i%9 == 8})
	}
	huge.Filtered = append(huge.Filtered, Reason{"something-new", 7})
	wrong := base
	wrong.Errors = ui.Errors{"to": "This is before the first day. Choose a later one."}
	return []ui.Sample{
		{Name: "analytics", Component: AnalyticsPage(base)}, {Name: "analytics-empty", Component: AnalyticsPage(empty)},
		{Name: "analytics-quiet-day", Component: AnalyticsPage(quiet)}, {Name: "analytics-limit", Component: AnalyticsPage(free)},
		{Name: "analytics-below-limit", Component: AnalyticsPage(below)}, {Name: "analytics-huge", Component: AnalyticsPage(huge)},
		{Name: "analytics-wrong-days", Component: AnalyticsPage(wrong)},
	}
}
