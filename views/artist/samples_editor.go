package artist

import (
	"fmt"
	"time"

	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/views/ui"
)

// sampleBlocks are a page as it often looks in the middle of a night.
func sampleBlocks() []Block {
	link := func(id, title, url, service string, clicks int) Block {
		return Block{ID: model.BlockID(id), Type: "link", Title: title, URL: url, Provider: Provider{Name: service, Known: true}, Enabled: true, Clicks: clicks}
	}
	record := link("record", "Slow Harbour", "https://open.spotify.com/album/4uL0w", "Spotify", 1204)
	record.EndsAt = sampleNow.AddDate(0, 1, 0)
	tour := link("tour", "On tour", "https://ra.co/dj/inesokafor", "Resident Advisor", 511)
	tour.Changed = true
	vinyl := link("vinyl", "Slow Harbour on vinyl", "https://inesokafor.bandcamp.com", "Bandcamp", 391)
	vinyl.StartsAt, vinyl.Scheduled = time.Date(2026, 11, 28, 10, 0, 0, 0, time.UTC), true
	notes := link("notes", "Field notes, a playlist", "https://open.spotify.com/playlist/1", "Spotify", 163)
	notes.Changed, notes.New = true, true
	contact := link("contact", "Press contact", "mailto:press@inesokafor.example", "E-mail", 41)
	contact.Enabled = false
	spring := link("spring", "Spring tour, 2026", "https://dice.fm/1", "DICE", 77)
	spring.Gone = true
	return []Block{
		record, link("video", "Night Bus (official video)", "https://youtu.be/1", "YouTube", 812), tour, vinyl, notes,
		{ID: "press", Type: "heading", Title: "Press", Enabled: true},
		{ID: "words", Type: "text", Title: "Soul, dub and harbour fog. For everything that is not a song, write to the people below.", Enabled: true},
		contact, spring,
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
		Sleeve: Sleeve{Themes: []Theme{{"jacket", "Jacket", "A 1960s jazz cover: two inks, and the name set hard against the edge.", true},
			{"gatefold", "Gatefold", "Your picture, and a sleeve that slides over it", false}, {"riso", "Riso", "Two inks, printed over each other", false},
			{"stadium", "Stadium", "Your name as large as the screen", false}, {"tape", "Tape", "A cassette card: ruled lines, side A and side B.", false},
			{"plain", "Plain", "Nothing but type and perfect spacing.", false}}},
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
			v.Blocks[2].Form = &BlockForm{Type: "link", Title: "On tour", URL: v.Blocks[2].URL, Provider: v.Blocks[2].Provider}
		}),
		with("editor-wrong", func(v *Editor) {
			v.Problem = "One field needs mending. What you wrote is still here."
			v.Blocks[0].Form = &BlockForm{Type: "link", URL: "javascript:alert(1)", Errors: ui.Errors{
				"url": "That cannot be opened by a fan. Begin with https://, mailto: or tel:.", "title": "Give it a title. Fans tap on it."}}
		}),
		with("editor-text", func(v *Editor) {
			v.Blocks[6].Form = &BlockForm{Type: "text", Text: v.Blocks[6].Title}
		}),
		with("editor-empty", func(v *Editor) {
			v.Blocks, v.Changes, v.Saved, v.UndoSays = nil, 0, time.Time{}, ""
			v.Links = ui.Meter{What: "links", Used: 0, Limit: 5, Plan: "Free", LiftedBy: "Artist"}
		}),
		with("editor-add", func(v *Editor) {
			v.Add = &BlockForm{Type: "link", URL: "https://open.spotify.com/track/1", Provider: Provider{Name: "Spotify", Known: true}}
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
				v.Blocks = append(v.Blocks, Block{ID: model.BlockID(fmt.Sprintf("b%d", i)), Type: "link", Title: fmt.Sprintf("Link number %d", i+1), Provider: Provider{Name: "example.com"}, Enabled: i%3 > 0, Clicks: i * 7})
			}
		}),
		with("editor-who", func(v *Editor) { v.Tab, v.Who.Changed = TabWho, true }),
		with("editor-who-wrong", func(v *Editor) {
			v.Tab, v.Who.Handle, v.Who.Active, v.Public = TabWho, "in", false, false
			v.Who.Name, v.Who.Errors = "", ui.Errors{"profile_name": "Give a name. It stands at the head of the page."}
			v.Who.AddressErrors = ui.Errors{"handle": "That handle is taken. inesokafor.music is free.", "time_zone": "There is no such time zone. Write it like Europe/London."}
		}),
		with("editor-elsewhere", func(v *Editor) { v.Tab, v.Elsewhere.Changed = TabElsewhere, true }),
		with("editor-elsewhere-empty", func(v *Editor) {
			v.Tab, v.Elsewhere.Socials = TabElsewhere, nil
			v.Elsewhere.Add = SocialForm{URL: "instagram", Errors: ui.Errors{"url": "That is not an address. Paste the one of your page there."}}
		}),
		with("editor-sleeve", func(v *Editor) { v.Tab, v.Sleeve.Changed = TabSleeve, true }),
		with("editor-preview", func(v *Editor) { v.Tab = TabPreview }),
		{Name: "editor-conflict", Component: ConflictPage(Conflict{
			App: sampleApp("Ines Okafor", ui.PlaceEdit), ID: sampleProfile, Name: "Ines Okafor", What: "the link “Slow Harbour”", Version: 42, Action: "/dashboard", Back: "/dashboard",
			Fields: []ConflictField{{Name: "title", Label: "Title", Yours: "Slow Harbour, the record", Theirs: "Slow Harbour, out now"}, {Name: "url", Label: "Address", Yours: "https://open.spotify.com/album/4uL0w", Theirs: "https://open.spotify.com/album/4uL0w"}}})},
		{Name: "editor-conflict-gone", Component: ConflictPage(Conflict{
			App: sampleApp("Ines Okafor", ui.PlaceEdit), ID: sampleProfile, Name: "Ines Okafor", What: "the text you were writing", Version: 42, Action: "/dashboard", Back: "/dashboard", Gone: true,
			Fields: []ConflictField{{Name: "text", Label: "Text", Yours: "Soul, dub and harbour fog.\n\nLondon–Lagos.", Long: true}}})},
	}
}
