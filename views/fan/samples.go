package fan

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hlpfl/platform/internal/model"
)

// Sample is a page in one of the states that every theme must answer for, to be looked at. All people are invented.
type Sample struct {
	// Name is short and stands in addresses: forty-links.
	Name string
	// Title says in words what the sample shows.
	Title string
	Page  Page
}

// Supply gives samples what this package does not hold.
type Supply struct {
	// Picture finds a demo picture by name, nil when there is none: portrait-ines, cover-slow-harbour, landscape-harbour.
	Picture func(name string) *Picture
	// Icon is the drawing of a network, the zero value when there is none.
	Icon func(network string) Icon
}

// Samples are all states, without a theme: whoever shows one sets Page.Theme and Page.Scheme.
func Samples(supply Supply) []Sample {
	ines := func() Page {
		return page(supply, "Ines Okafor", "Soul, dub and harbour fog. London–Lagos.", "portrait-ines", inesBlocks())
	}
	noPicture := ines()
	noPicture.Picture = nil
	one := ines()
	one.Blocks = []Block{link("Slow Harbour on vinyl", "bandcamp.com")}
	bare := page(supply, "Ines Okafor", "", "", nil)
	bare.Socials, bare.Icons, bare.Branding = nil, nil, false
	mixed := ines()
	mixed.Blocks = mixedBlocks()
	mixed.Branding = false
	mixed.Socials, mixed.Icons = networks(supply, "instagram Instagram", "tiktok TikTok", "youtube YouTube", "spotify Spotify",
		"applemusic Apple Music", "youtubemusic YouTube Music", "amazonmusic Amazon Music", "soundcloud SoundCloud",
		"residentadvisor Resident Advisor", "discord Discord", "without-a-drawing Harbour radio", "website Website")
	return append([]Sample{
		{"normal", "Normal", ines()},
		{"no-picture", "No picture", noPicture},
		{"one-link", "One link", one},
		{"forty-links", "Forty links", page(supply, "Ines Okafor", "Soul, dub and harbour fog. London–Lagos.",
			"portrait-ines", fortyBlocks())},
		{"long-name", "60 characters", page(supply, "The Extraordinarily Long-Winded Orchestra of Lower Brackenby",
			"Soul, dub and harbour fog. London–Lagos.", "portrait-band", inesBlocks())},
		{"japanese", "Japanese", page(supply, "夜の港オーケストラ", "ソウル、ダブ、港の霧。東京–ラゴス。", "portrait-band", japaneseBlocks())},
		{"arabic", "Arabic", page(supply, "ليلى الميناء", "سول ودَب وضباب الميناء. بيروت – لاغوس.", "portrait-ines", arabicBlocks())},
		{"emoji", "Emoji", page(supply, "✨ Ines & the 🌊", "Soul, dub and harbour fog. London–Lagos.", "portrait-ines", inesBlocks())},
		{"one-word", "One word of 30 letters", page(supply, "Donaudampfschifffahrtskapitänin", "Lieder vom Fluss.\nWien.",
			"portrait-dj", inesBlocks())},
		{"mixed", "Other scripts, long texts, no branding", mixed},
		{"bare", "Nothing but a name", bare},
	}, slices.Concat(lookSamples(supply, ines), blockSamples(supply))...)
}

// lookSamples are looks of one's own: everything an artist can change of a theme, once dark and once light.
func lookSamples(supply Supply, ines func() Page) []Sample {
	dark, light := ines(), ines()
	dark.Look = Look{
		Colours:  &model.Colours{Ground: "#101820", Ink: "#f2ede4", Accent: "#f2aa4c"},
		NameFont: "unbounded", TextFont: "courier-prime", Buttons: model.ButtonsRound,
	}
	light.Picture = nil
	light.Look = Look{
		Colours:  &model.Colours{Ground: "#f4f1ea", Ink: "#2b2350", Accent: "#5b3df5"},
		NameFont: "grenze-gotisch", TextFont: "space-grotesk", Buttons: model.ButtonsSoft, Background: supply.Picture("landscape-harbour"),
	}
	return []Sample{{"own-dark", "A look of one’s own, dark", dark}, {"own-light", "A look of one’s own, light, with a background", light}}
}

// page is a sample's page with the usual socials.
func page(supply Supply, name, bio, picture string, blocks []Block) Page {
	p := Page{
		ProfileID:   model.ProfileID{},
		Handle:      "sample",
		URL:         "https://hlpfl.example/sample",
		Name:        Measure(name),
		Bio:         bio,
		Blocks:      blocks,
		Branding:    true,
		Description: strings.ReplaceAll(bio, "\n", " "),
	}
	if picture != "" {
		p.Picture = supply.Picture(picture)
	}
	p.Socials, p.Icons = networks(supply, "instagram Instagram", "tiktok TikTok", "youtube YouTube", "spotify Spotify", "bandcamp Bandcamp")
	return p
}

// networks are the socials named, each as its id and its label.
func networks(supply Supply, names ...string) (list []Social, icons []Icon) {
	for _, network := range names {
		id, label, _ := strings.Cut(network, " ")
		icon := supply.Icon(id)
		list = append(list, Social{Network: id, Icon: icon.ID, Label: label, Href: "#"})
		if icon.Path != "" {
			icons = append(icons, icon)
		}
	}
	return list, icons
}

func link(title, figure string) Block {
	return Block{Kind: KindLink, Title: title, Figure: figure, Href: "#"}
}

func mail(title string) Block {
	return Block{Kind: KindLink, Title: title, Figure: "mail", Href: "mailto:press@hlpfl.example", DataLink: "press"}
}

func heading(text string) Block { return Block{Kind: KindHeading, Title: text} }

func text(text string) Block { return Block{Kind: KindText, Text: text} }

func inesBlocks() []Block {
	return []Block{
		link("Slow Harbour, the new record", "inesokafor.bandcamp.com"),
		link("Night Bus (official video)", "youtube.com"),
		link("Slow Harbour on vinyl", "bandcamp.com"),
		link("Field notes, a playlist", "open.spotify.com"),
		link("Tickets: Lisbon, Paris, Berlin", "dice.fm"),
		heading("Press"),
		text("Songs for the night bus. Photographs, a longer text and the record’s credits are in one folder."),
		link("Photographs and credits", "drive.google.com"),
		mail("Press contact"),
	}
}

func fortyBlocks() []Block {
	blocks := inesBlocks()
	titles := []string{
		"Night Bus on Bandcamp|bandcamp.com", "Harbour Sessions, live at Total Refreshment Centre|youtube.com",
		"The lyrics|inesokafor.com", "Remixes|soundcloud.com", "Fog Horn (12″ dub)|bandcamp.com",
		"Letters from Lagos|inesokafor.com", "An interview about harbours|thewire.co.uk", "KEXP session|kexp.org",
		"Tape shop|bandcamp.com", "T-shirts and totes|bandcamp.com", "Sheet music for “Night Bus”|inesokafor.com",
		"Photographs by Temi Ade|inesokafor.com", "NTS show, every second Thursday|nts.live", "Radio 6 session|bbc.co.uk",
		"Patreon|patreon.com", "Discord|discord.gg", "Sample pack|splice.com", "Slow Harbour, the film|vimeo.com",
		"Stems|bandcamp.com", "Mixtape 04|open.spotify.com", "Mixtape 03|bandcamp.com", "Mixtape 02|youtube.com",
		"Mixtape 01|inesokafor.com", "Old songs|soundcloud.com", "A map of night buses|inesokafor.com",
		"Donate to the harbour choir|inesokafor.com", "Workshop in Peckham|inesokafor.com", "Booking Europe|inesokafor.com",
		"Booking rest of the world|inesokafor.com", "Publishing|inesokafor.com", "Management|inesokafor.com",
		"Guitar tabs|inesokafor.com", "Contact|inesokafor.com",
	}
	more := make([]Block, 0, len(titles))
	for _, title := range titles {
		name, host, _ := strings.Cut(title, "|")
		more = append(more, link(name, host))
	}
	return append(blocks[:4:4], append(more, blocks[4:]...)...)
}

func japaneseBlocks() []Block {
	return []Block{
		link("ゆっくりの港、新しいアルバム", "bandcamp.com"),
		link("夜行バス（公式ビデオ）", "youtube.com"),
		link("「ゆっくりの港」レコード盤", "bandcamp.com"),
		link("フィールドノート、プレイリスト", "open.spotify.com"),
		link("ツアー：リスボン、パリ、ベルリン", "dice.fm"),
		heading("プレス"),
		text("夜行バスのための歌。写真と長い文章、クレジットは一つのフォルダにあります。"),
		mail("取材のお問い合わせ"),
	}
}

func arabicBlocks() []Block {
	return []Block{
		link("ميناء بطيء، الأسطوانة الجديدة", "bandcamp.com"),
		link("باص الليل (الفيديو الرسمي)", "youtube.com"),
		link("ميناء بطيء على أسطوانة فينيل", "bandcamp.com"),
		link("ملاحظات ميدانية، قائمة تشغيل", "open.spotify.com"),
		link("جولة: لشبونة، باريس، برلين", "dice.fm"),
		heading("الصحافة"),
		text("أغانٍ لباص الليل. الصور والنص الطويل وأسماء المشاركين في مجلد واحد."),
		mail("للتواصل الصحفي"),
	}
}

func mixedBlocks() []Block {
	blocks := []Block{
		heading("Begin here"),
		text("First paragraph, with a line\nbroken where the artist broke it.\n\nSecond paragraph, with an unbroken address: " +
			"https://hlpfl.example/" + strings.Repeat("long", 20)),
		link("ليلى الميناء: باص الليل (مباشر)", "youtube.com"),
		link("夜の港オーケストラとの共演", "bandcamp.com"),
		link("Ночной автобус, живая запись в студии на набережной", "soundcloud.com"),
		heading("A heading that is long enough to need a second line on a telephone and more than one on a watch"),
		link("Eine Überschrift, so lang wie ein Zug: "+strings.Repeat("Hafenschnellbahn", 4), "a-rather-long-host-name.example.org"),
		link("🌊🌊🌊", "inesokafor.com"),
		link("No small print", ""),
		heading("Heading after heading"),
		heading("and one at the end"),
	}
	for i := range 3 {
		blocks = append(blocks, link(fmt.Sprintf("Link number %d", i+1), "inesokafor.com"))
	}
	return blocks
}
