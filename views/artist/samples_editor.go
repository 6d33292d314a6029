package artist

import (
	"context"
	"fmt"
	"time"

	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/views"
	"github.com/hlpfl/platform/views/ui"
)

// sampleBlocks are a page as it often looks in the middle of a night.
func sampleBlocks() []Block {
	link := func(id, title, url, service string, clicks int) Block {
		return Block{ID: model.BlockID(id), Type: "link", Title: title, URL: url, Provider: Provider{Name: service, Known: true}, Enabled: true, Clicks: clicks, Counts: true,
			Public: State{Kind: StateLive}, After: State{Kind: StateLive}}
	}
	record := link("record", "Slow Harbour", "https://open.spotify.com/album/4uL0w", "Spotify", 1204)
	record.Public = State{StateLive, sampleNow.AddDate(0, 1, 0)}
	record.After = record.Public
	tour := link("tour", "On tour", "https://ra.co/dj/inesokafor", "Resident Advisor", 511)
	tour.Changed, tour.After = true, State{Kind: StateOff}
	vinyl := link("vinyl", "Slow Harbour on vinyl", "https://inesokafor.bandcamp.com", "Bandcamp", 391)
	vinyl.Public = State{StateScheduled, time.Date(2026, 11, 28, 10, 0, 0, 0, time.UTC)}
	vinyl.After = vinyl.Public
	notes := link("notes", "Field notes, a playlist", "https://open.spotify.com/playlist/1", "Spotify", 163)
	notes.Changed, notes.New, notes.Public = true, true, State{}
	contact := link("contact", "Press contact", "mailto:press@inesokafor.example", "E-mail", 41)
	contact.Enabled, contact.Public = false, State{Kind: StateOff}
	contact.After = contact.Public
	spring := link("spring", "Spring tour, 2026", "https://dice.fm/1", "DICE", 77)
	spring.Gone = true
	return []Block{
		record, link("video", "Night Bus (official video)", "https://youtu.be/1", "YouTube", 812), tour, vinyl, notes,
		{ID: "press", Type: "heading", Title: "Press", Enabled: true, Group: Group{Size: 3, Up: 0, Down: -1}},
		{ID: "words", Type: "text", Title: "Soul, dub and harbour fog. For everything that is not a song, write to the people below.", Enabled: true},
		contact, spring,
	}
}

func sampleForm(kind string, p Provider, pairs ...string) *BlockForm {
	f := &BlockForm{Type: kind, Provider: p, Zone: "Europe/London", Values: map[string]string{}}
	for i := 0; i+1 < len(pairs); i += 2 {
		f.Values[pairs[i]] = pairs[i+1]
	}
	return f
}

func samplePictures() []PictureChoice {
	return []PictureChoice{
		{"a1", views.Static(context.Background(), "img/sleeve-plain.webp")},
		{"a2", views.Static(context.Background(), "img/sleeve-tape.webp")},
	}
}

func sampleHistory() History {
	day := func(d, h int) time.Time { return time.Date(2026, 11, d, h, 12, 0, 0, time.UTC) }
	return History{
		Versions: []PublishedVersion{
			{Number: 38, At: day(22, 18), By: "Ines Okafor", Mine: true, Present: true, Summary: "3 links added, theme changed"},
			{Number: 31, At: day(20, 10), By: "Ines Okafor", Mine: true, Scheduled: true, Summary: "1 release added, 2 links moved", Looking: true},
			{Number: 12, At: day(3, 9), By: "Harbour Management", Summary: "first publish"},
		},
		Look: 31, LookAt: day(20, 10), Older: "/dashboard",
		Deleted: []DeletedBlock{{ID: "spring", Type: "tour", Title: "Spring tour, 2026", Deleted: day(21, 8), Until: day(21, 8).AddDate(0, 0, 30)}, {ID: "line", Type: "divider", Deleted: day(20, 8), Until: day(20, 8).AddDate(0, 0, 30)}},
	}
}

func sampleEditor() Editor {
	return Editor{
		App: sampleApp("Ines Okafor", ui.PlaceEdit), ID: sampleProfile, Version: 41, Tab: TabBlocks, Name: "Ines Okafor", Handle: "inesokafor",
		Host: "hlpfl.com", URL: "https://hlpfl.com/inesokafor", Public: true, Saved: sampleNow.Add(-3 * time.Second), Now: sampleNow, Changes: 3,
		UndoSays: "Deleted “Spring tour, 2026”", Blocks: sampleBlocks(),
		Who: Who{Name: "Ines Okafor", Bio: "Soul, dub and harbour fog. London–Lagos.", MaxBio: model.MaxBio, Handle: "inesokafor", TimeZone: "Europe/London", Active: true,
			HeldUntil: sampleNow.AddDate(0, 0, 30)},
		Elsewhere: Elsewhere{Networks: []Option{{"instagram", "Instagram"}, {"youtube", "YouTube"}, {"website", "Website"}}, Socials: []Social{
			{ID: "ig", Provider: Provider{Name: "Instagram", Known: true}, Form: SocialForm{URL: "https://instagram.com/inesokafor", Network: "instagram"}, Clicks: 318},
			{ID: "yt", Provider: Provider{Name: "YouTube", Known: true}, Form: SocialForm{URL: "https://youtube.com/@inesokafor", Network: "youtube"}, Clicks: 97},
			{ID: "web", Provider: Provider{Name: "inesokafor.example"}, Form: SocialForm{URL: "https://inesokafor.example", Network: "website"}},
		}},
		NextSays: "“Slow Harbour on vinyl” appears on 28 Nov, 10:00.",
		Sleeve: Sleeve{Look: sampleLook(), Themes: []Theme{{"jacket", "Jacket", "A 1960s jazz cover: two inks, and the name set hard against the edge.", true},
			{"gatefold", "Gatefold", "Your picture, and a sleeve that slides over it", false}, {"riso", "Riso", "Two inks, printed over each other", false},
			{"stadium", "Stadium", "Your name as large as the screen", false}, {"tape", "Tape", "A cassette card: ruled lines, side A and side B.", false},
			{"plain", "Plain", "Nothing but type and perfect spacing.", false}}},
	}
}

func sampleLook() Look {
	return Look{
		Theme: "Jacket", Own: true, Ground: "#101820", Ink: "#f2ede4", Accent: "#f2aa4c", NameFont: "unbounded", Fonts: model.Fonts(), Buttons: model.ButtonsSoft, Changed: true,
		Palettes: []Palette{{"Harbour", "#101820", "#f2ede4", "#f2aa4c", true}, {"Violet hour", "#f4f1ea", "#2b2350", "#5b3df5", false}, {"Rosé", "#fff0ee", "#4a0d24", "#e0245e", false}},
	}
}

func editorSamples() []ui.Sample {
	with := func(name string, change func(*Editor)) ui.Sample {
		v := sampleEditor()
		change(&v)
		return ui.Sample{Name: name, Component: EditorPage(v)}
	}
	return []ui.Sample{
		with("editor", func(v *Editor) {}),
		with("editor-open", func(v *Editor) {
			v.Blocks[2].Form = sampleForm("link", v.Blocks[2].Provider, "title", "On tour", "url", v.Blocks[2].URL, "icon", "auto")
		}),
		with("editor-wrong", func(v *Editor) {
			v.Problem = "One field needs mending. What you wrote is still here."
			v.Blocks[0].Form = sampleForm("link", Provider{}, "url", "javascript:alert(1)")
			v.Blocks[0].Form.Ends = WindowField{Local: "2026-11-01T00:00"}
			v.Blocks[0].Form.Errors = ui.Errors{"url": "That cannot be opened by a fan. Begin with https://, mailto: or tel:.", "title": "Give it a title. Fans tap on it.",
				"ends_at": "Before it begins. Leave it empty to keep it up."}
		}),
		with("editor-release", func(v *Editor) {
			v.Blocks[0].Type, v.Blocks[0].Sub, v.Blocks[0].Provider = "release", "two services", Provider{}
			v.Blocks[0].Form = sampleForm("release", Provider{}, "title", "Slow Harbour", "note", "New record", "date", "2026-12-04T00:00", "zone", "Europe/London",
				"services[0].id", "s1", "services[0].url", "https://open.spotify.com/album/4uL0w", "services[1].id", "s2", "services[1].url", "https://inesokafor.bandcamp.com/album/slow-harbour")
			v.Blocks[0].Form.Rows = map[string]int{"services": 1, "pre_saves": 1}
			v.Blocks[0].Form.Pictures, v.Blocks[0].Form.Stored = samplePictures(), sampleStored()
		}),
		with("editor-tour", func(v *Editor) {
			v.Blocks[2].Type, v.Blocks[2].Sub, v.Blocks[2].Provider = "tour", "two dates", Provider{}
			v.Blocks[2].Form = sampleForm("tour", Provider{}, "title", "On tour", "dates[0].id", "d1", "dates[0].city", "Lisbon", "dates[0].venue", "Musicbox", "dates[0].starts", "2026-12-12T21:00",
				"dates[0].zone", "Europe/Lisbon", "dates[0].status", "on", "dates[0].tickets[0].id", "t1", "dates[0].tickets[0].kind", "presale", "dates[0].tickets[0].url", "https://ra.co/1",
				"dates[1].city", "Porto")
			v.Blocks[2].Form.Table = sampleTable()
			v.Blocks[2].Form.Errors = ui.Errors{"dates[1].starts": "Say when it begins, on the clocks there: 2026-12-24T20:00."}
		}),
		with("editor-contact", func(v *Editor) {
			v.Add = sampleForm("contact", Provider{}, "title", "Booking", "name", "Marta Lindqvist", "ways[0].url", "mailto:marta@harbour.example")
			v.Add.Rows = map[string]int{"ways": 1}
		}),
		with("editor-questions", func(v *Editor) {
			v.Add = sampleForm("faq", Provider{})
			v.Add.Rows, v.Add.Errors = map[string]int{"questions": 1}, ui.Errors{"questions": "Ask a question, or delete the block."}
		}),
		with("editor-merch", func(v *Editor) {
			v.Add = sampleForm("merch", Provider{}, "title", "Tour shirt", "price.amount", "25", "price.currency", "EUR", "sold_out", "true", "picture.media", "cut", "picture.alt", "A grey shirt", "picture.focus", "50% 30%")
			v.Add.Pictures, v.Add.Stored, v.Add.Open = samplePictures(), sampleStored(), "picture"
			v.Add.Errors = ui.Errors{"picture.crop_width": "From there the picture has 564 more pixels: take no more."}
		}),
		with("editor-gallery", func(v *Editor) {
			v.Add = sampleForm("gallery", Provider{}, "title", "Backstage", "pictures[0].media", "a1", "pictures[0].alt", "The band asleep in a van", "pictures[1].media", "a2", "pictures[1].alt", "")
			v.Add.Queue = []QueuedFile{{Name: "van-at-night.jpg", Percent: 40}, {Name: "a-very-long-name-as-cameras-and-telephones-make-them-20261122-0034.heic", Wrong: "That is no JPEG, PNG, WebP or GIF."},
				{Name: "harbour.png", Percent: 95, Wrong: "It did not arrive: no connection."}}
			v.Add.Errors = ui.Errors{"pictures.file": "fog.gif: This GIF is damaged or breaks off. Save it again and try once more."}
			v.Add.Pictures, v.Add.Stored = samplePictures(), sampleStored()
		}),
		with("editor-heading", func(v *Editor) { v.Blocks[5].Form = sampleForm("heading", Provider{}, "text", "Press") }),
		with("editor-became", func(v *Editor) {
			v.App.Flash = &ui.Flash{Text: "It became a video. Fans see it when you publish.", OthersTo: "/dashboard", OthersName: "type", Version: 42,
				Others: []ui.Choice{{Value: "link", Label: "Make it a link"}, {Value: "release", Label: "Make it a release"}}}
			v.Blocks[1].Form = sampleForm("link", v.Blocks[1].Provider, "title", v.Blocks[1].Title, "url", v.Blocks[1].URL)
			v.Blocks[1].Becomes = []ui.Choice{{Value: "embed", Label: "Make it a video"}, {Value: "release", Label: "Make it a release"}}
		}),
		with("editor-pasted", func(v *Editor) {
			v.Paste, v.PasteErrors = "https://youtu.be/1\njavascript:alert(1)", ui.Errors{"text": "Line 2 is no address that a fan can open. Begin it with https://, or take it out."}
		}),
		with("editor-guide", func(v *Editor) {
			v.Blocks, v.Changes, v.UndoSays, v.NextSays = nil, 0, "", ""
			v.Guide = &Guide{Picture: true}
		}),
		with("editor-guide-done", func(v *Editor) { v.Guide = &Guide{true, true, true, true} }),
		with("editor-planned", func(v *Editor) {
			v.Schedule = Schedule{At: time.Date(2026, 11, 27, 10, 0, 0, 0, time.UTC), Zone: "Europe/London", Stands: true, Local: "2026-11-27T10:00"}
			v.RedoSays = "Moved “On tour”"
		}),
		with("editor-called-off", func(v *Editor) {
			v.Schedule = Schedule{At: time.Date(2026, 11, 27, 10, 0, 0, 0, time.UTC), Zone: "Europe/London", Local: "2026-11-27T10:00"}
		}),
		with("editor-refused", func(v *Editor) {
			v.Schedule = Schedule{At: time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC), Zone: "Europe/London", Refused: "Your plan, Free, holds 5 links.", Local: "2026-11-22T10:00"}
		}),
		with("editor-history", func(v *Editor) { v.Tab, v.History = TabHistory, sampleHistory() }),
		with("editor-history-empty", func(v *Editor) { v.Tab = TabHistory }),
		with("editor-text", func(v *Editor) {
			v.Blocks[6].Form = sampleForm("text", Provider{}, "text", v.Blocks[6].Title)
		}),
		with("editor-empty", func(v *Editor) {
			v.Blocks, v.Changes, v.Saved, v.UndoSays = nil, 0, time.Time{}, ""
			v.Links = ui.Meter{What: "links", Used: 0, Limit: 5, Plan: "Free", LiftedBy: "Artist"}
		}),
		with("editor-add", func(v *Editor) {
			v.Add = sampleForm("link", Provider{Name: "Spotify", Known: true}, "url", "https://open.spotify.com/track/1")
			v.Links = ui.Meter{What: "links", Used: 3, Limit: 5, Plan: "Free", LiftedBy: "Artist"}
		}),
		with("editor-full", func(v *Editor) {
			v.Links = ui.Meter{What: "links", Used: 5, Limit: 5, Plan: "Free", LiftedBy: "Artist"}
		}),
		with("editor-public", func(v *Editor) {
			v.Changes, v.Saved, v.UndoSays = 0, time.Time{}, ""
			v.Blocks = v.Blocks[:2]
			v.App.Flash = &ui.Flash{Text: "Published. Three changes are public."}
		}),
		with("editor-off", func(v *Editor) { v.Public = false }),
		with("editor-suspended", func(v *Editor) { v.Suspended = true }),
		with("editor-long", func(v *Editor) {
			v.Name, v.Handle, v.URL = longName, "the-orchestra-of-brackenby.xyz", "https://hlpfl.com/the-orchestra-of-brackenby.xyz"
			v.Blocks[0].Title = "Donaudampfschifffahrtsgesellschaftskapitänskajütentürschlüsselloch, the long mix of the second take, live in Lower Brackenby"
			v.Blocks[1].Title = "夜の港オーケストラ、第二集"
			v.Blocks[2].Title = "ليلى الميناء، مباشر من بيروت"
			v.Blocks[3].Type, v.Blocks[3].Title = "hologram", ""
		}),
		with("editor-500-blocks", func(v *Editor) {
			v.Blocks = nil
			for i := range model.MaxBlocks {
				v.Blocks = append(v.Blocks, Block{ID: model.BlockID(fmt.Sprintf("b%d", i)), Type: "link", Title: fmt.Sprintf("Link number %d", i+1), Provider: Provider{Name: "example.com"}, Enabled: i%3 > 0, Clicks: i * 7, Counts: true})
			}
		}),
		with("editor-who", func(v *Editor) { v.Tab, v.Who.Changed = TabWho, true }),
		with("editor-who-picture", func(v *Editor) { v.Tab, v.Who.Picture = TabWho, samplePicture() }),
		with("editor-who-picture-wrong", func(v *Editor) {
			v.Tab, v.Who.Picture = TabWho, samplePicture()
			v.Who.Picture.Room.Used = 50
			v.Who.Picture.Form.Errors = ui.Errors{"picture.file": "This picture has 12000 × 12000 pixels. At most 25 megapixels fit, and 20000 on a side: save it smaller.", "picture.across": "Give a whole number from 0 to 100."}
		}),
		with("editor-who-wrong", func(v *Editor) {
			v.Tab, v.Who.Handle, v.Who.Active, v.Public = TabWho, "in", false, false
			v.Who.Name, v.Who.Errors = "", ui.Errors{"profile_name": "Give a name. It stands at the head of the page."}
			v.Who.AddressErrors = ui.Errors{"handle": "That handle is taken. inesokafor.music is free.", "time_zone": "There is no such time zone. Write it like Europe/London."}
		}),
		with("editor-elsewhere", func(v *Editor) { v.Tab, v.Elsewhere.Changed, v.Elsewhere.AtFoot = TabElsewhere, true, true }),
		with("editor-elsewhere-empty", func(v *Editor) {
			v.Tab, v.Elsewhere.Socials = TabElsewhere, nil
			v.Elsewhere.Add = SocialForm{URL: "instagram", Errors: ui.Errors{"url": "That is not an address. Paste the one of your page there."}}
		}),
		with("editor-sleeve", func(v *Editor) { v.Tab, v.Sleeve.Changed = TabSleeve, true }),
		with("editor-look", func(v *Editor) { v.Tab, v.Sleeve.Look = TabSleeve, sampleLook() }),
		with("editor-look-hard-to-read", func(v *Editor) {
			v.Tab, v.Sleeve.Look = TabSleeve, sampleLook()
			l := &v.Sleeve.Look
			l.Ink, l.NameFont, l.Errors = "#25303a", "comic-sans", ui.Errors{"name_font": "There is no such font for this. Choose one of the list."}
		}),
		with("editor-look-locked", func(v *Editor) {
			v.Tab, v.Sleeve.Look = TabSleeve, sampleLook()
			v.Sleeve.Look.Locked = "Colours, fonts, buttons and a background of your own come with Artist."
		}),
		with("editor-preview", func(v *Editor) { v.Tab = TabPreview }),
		{Name: "editor-conflict", Component: ConflictPage(Conflict{
			App: sampleApp("Ines Okafor", ui.PlaceEdit), ID: sampleProfile, Name: "Ines Okafor", What: "the link “Slow Harbour”", Version: 42, Action: "/dashboard", Back: "/dashboard",
			Parts: []ConflictPart{{Name: "title", Label: "Title", Written: true, Yours: "Slow Harbour, the record", Theirs: "Slow Harbour, out now"}}})},
		{Name: "editor-conflict-tour", Component: ConflictPage(sampleConflict())},
		{Name: "editor-conflict-gone", Component: ConflictPage(Conflict{
			App: sampleApp("Ines Okafor", ui.PlaceEdit), ID: sampleProfile, Name: "Ines Okafor", What: "the text you were writing", Version: 42, Action: "/dashboard", Back: "/dashboard", Gone: true,
			Parts: []ConflictPart{{Name: "text", Label: "Text", Written: true, Long: true, Yours: "Soul, dub and harbour fog.\n\nLondon–Lagos."}}})},
	}
}

// sampleConflict is a tour that two have changed: its title, its dates and its window.
func sampleConflict() Conflict {
	show := func(city, venue, status string, same bool) []ConflictLine {
		return []ConflictLine{{Label: "City", Text: city, Head: true, Same: true}, {Label: "Venue", Text: venue, Same: same},
			{Label: "Begins", Text: "12 Dec 2026, 21:00", Same: true}, {Label: "It is", Text: status, Same: same}}
	}
	more := ConflictLine{Text: "7 more stand on both sides.", Head: true, Same: true}
	return Conflict{
		App: sampleApp("Ines Okafor", ui.PlaceEdit), ID: sampleProfile, Name: "Ines Okafor", What: "the tour “On tour”", Version: 42, Action: "/dashboard", Back: "/dashboard",
		Parts: []ConflictPart{
			{Name: "title", Label: "Title", Written: true, Yours: "Winter tour", Theirs: "On tour, at last"},
			{Name: "dates", Label: "Dates", YourLines: append(show("Lisbon", "Musicbox", "Sold out", false), more), TheirLines: append(show("Lisbon", "Galeria", "On", false), more), Take: true},
			{Name: "cover", Label: "Cover", TheirLines: []ConflictLine{{Label: "Picture", Src: samplePictures()[0].Src, Head: true}, {Label: "What it shows", Text: "The van, at two in the morning"}}},
			{Name: "starts_at", Label: "Show from", YourLines: []ConflictLine{{Text: "1 Dec 2026, 10:00", Head: true}}},
		},
	}
}
