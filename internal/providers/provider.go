// Package providers knows the services that artists link to: by which addresses
// each is recognised, what it is called, which icon it has, and what a link to it
// is called when nobody gave it a title.
package providers

import (
	"slices"
	"strings"

	"github.com/hlpfl/platform/internal/model"
)

// Kind is what fans do at a service.
type Kind string

// The kinds of service.
const (
	Music   Kind = "music"
	Video   Kind = "video"
	Social  Kind = "social"
	Ticket  Kind = "ticket"
	Shop    Kind = "shop"
	Support Kind = "support"
	Site    Kind = "site"
	Mail    Kind = "mail"
	Phone   Kind = "phone"
)

// Provider is a service that a link may lead to. The zero value is none.
type Provider struct {
	Key  string // lower case, "applemusic"; stored as a social's network, so it stays for ever
	Name string // as the service writes itself: "Apple Music"
	Kind Kind
	Icon Icon

	title string // what a link to it is called; "" means by its kind
}

// Icon is a drawing of 24 × 24, to be painted in the colour of the text.
type Icon struct {
	Name   string // unique among icons, fit for an HTML id
	Path   string // the d of one SVG path
	Stroke bool   // drawn as a line of width 2 with round caps and joins, not filled
}

// Keys of what is no service: any other site, a mail address, a phone number, a
// text message.
const (
	Website     = "website"
	MailAddress = "mail"
	PhoneNumber = "phone"
	TextMessage = "sms"
)

// Detect says which service an address belongs to. It looks at the host the
// browser will really ask, so spotify.com.evil.example is a website like any
// other. An address of no known service is a Website; every answer has an icon.
func Detect(u model.URL) Provider {
	switch u.Scheme() {
	case "mailto":
		return known[MailAddress]
	case "tel":
		return known[PhoneNumber]
	case "sms":
		return known[TextMessage]
	}
	if p, ok := places.find(u.Hostname(), u.Path()); ok {
		return p
	}
	return known[Website]
}

// Title is what a link is called when nobody gave it a title: "Listen on Spotify",
// or the host of an unknown site.
func Title(u model.URL) string {
	p := Detect(u)
	switch p.Key {
	case Website:
		return u.Host()
	case MailAddress:
		return "Write to " + u.Path()
	case PhoneNumber:
		return "Call " + u.Path()
	case TextMessage:
		return "Text " + u.Path()
	}
	if p.title != "" {
		return p.title
	}
	return verbs[p.Kind] + " " + p.Name
}

// verbs begin the title of a link, by the kind of its service.
var verbs = map[Kind]string{
	Music: "Listen on", Video: "Watch on", Social: "Follow on", Ticket: "Tickets on",
	Shop: "Shop at", Support: "Support on", Site: "Read on",
}

// ByKey finds a provider by its key.
func ByKey(key string) (Provider, bool) {
	p, ok := known[key]
	return p, ok
}

// All lists every provider, kind by kind, in the order of the tables.
func All() []Provider { return slices.Clone(all) }

// Networks lists what is offered for a social, the usual ones first.
func Networks() []Provider {
	list := make([]Provider, len(networks))
	for i, key := range networks {
		list[i] = known[key]
	}
	return list
}

// networks are the keys of Networks: what artists put into a row of icons.
var networks = strings.Fields(`instagram tiktok youtube spotify applemusic soundcloud bandcamp facebook x threads
	bluesky mastodon twitch discord whatsapp telegram snapchat reddit pinterest tumblr linkedin
	youtubemusic tidal deezer amazonmusic qobuz audiomack mixcloud beatport lastfm genius
	vimeo kick bandsintown songkick residentadvisor patreon kofi substack medium
	weverse line wechat kakaotalk vk weibo xiaohongshu bilibili douyin website mail phone`)

// otherNames are names that people and scripts give to networks.
var otherNames = map[string]string{
	"twitter": "x", "email": MailAddress, "e-mail": MailAddress, "mailto": MailAddress, "tel": PhoneNumber,
	"web": Website, "site": Website, "homepage": Website, "apple": "applemusic", "itunes": "applemusic",
	"fb": "facebook", "ig": "instagram", "insta": "instagram", "yt": "youtube", "bsky": "bluesky", "ra": "residentadvisor",
}

// CheckNetwork gives the key of a network that a person or a script named:
// capitals, spaces and hyphens are mended, "twitter" is x. Every provider's key is
// taken, not only those of Networks. The error is a model.Reason.
func CheckNetwork(raw string) (string, error) {
	key := strings.ToLower(strings.TrimSpace(raw))
	if other, ok := otherNames[key]; ok {
		key = other
	}
	if _, ok := known[key]; ok {
		return key, nil
	}
	joined := strings.NewReplacer(" ", "", "-", "", "_", "").Replace(key)
	if _, ok := known[joined]; ok {
		return joined, nil
	}
	return "", model.Reason("There is no such network. Choose one from the list, like instagram, or website for any other.")
}

// Fits reports whether an address belongs to a network, so that an icon may be
// trusted. Mastodon lives on thousands of hosts: any address of the form
// https://host/@name fits. Every http and https address fits website.
func Fits(key string, u model.URL) bool {
	switch {
	case Detect(u).Key == key:
		return true
	case !u.LeadsOut():
		return false
	case key == "mastodon":
		return strings.HasPrefix(u.Path(), "/@") && Detect(u).Key == Website
	}
	return key == Website
}
