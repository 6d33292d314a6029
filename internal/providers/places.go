package providers

import "strings"

// service is one row of the tables: a provider and where it is found.
type service struct {
	key, name string
	icon      string // name of an icon; "" is the one named like the key, or the kind's own
	title     string // what a link to it is called; "" is by kind

	// Places apart by spaces. A host stands for itself and all that ends in it;
	// with = before it, for itself alone. A path after it must be how the address'
	// path begins, step by step; a step * stands for any one.
	at string
}

// place is one entry of the index.
type place struct {
	provider Provider
	exact    bool     // the host alone, not what ends in it
	steps    []string // how the path begins
}

// index finds places by the host they are under, those with the longest path first.
type index map[string][]place

func (x index) add(at string, p Provider) {
	rest, exact := strings.CutPrefix(at, "=")
	host, path, _ := strings.Cut(rest, "/")
	entry := place{provider: p, exact: exact}
	if path != "" {
		entry.steps = strings.Split(path, "/")
	}
	list := x[host]
	i := 0
	for i < len(list) && len(list[i].steps) >= len(entry.steps) {
		i++
	}
	x[host] = append(list[:i:i], append([]place{entry}, list[i:]...)...)
}

// find goes from the whole host to its endings, label by label and never inside
// one: notspotify.com does not end in spotify.com here.
func (x index) find(host, path string) (Provider, bool) {
	steps := strings.Split(strings.TrimPrefix(path, "/"), "/")
	for under := host; under != ""; {
		for _, entry := range x[under] {
			if (!entry.exact || under == host) && begins(steps, entry.steps) {
				return entry.provider, true
			}
		}
		_, rest, ok := strings.Cut(under, ".")
		if !ok {
			break
		}
		under = rest
	}
	return Provider{}, false
}

func begins(steps, with []string) bool {
	if len(steps) < len(with) {
		return false
	}
	for i, step := range with {
		if step != "*" && !strings.EqualFold(step, steps[i]) {
			return false
		}
	}
	return true
}

// all, known and places are made of the tables once and only read after.
var (
	all    = makeAll()
	known  = makeKnown()
	places = makePlaces()
)

// tables are all services, kind by kind.
var tables = []struct {
	kind     Kind
	services []service
}{
	{Music, musicServices}, {Music, musicLinks}, {Music, podcastServices}, {Video, videoServices}, {Social, socialServices},
	{Ticket, ticketServices}, {Shop, shopServices}, {Support, supportServices}, {Site, siteServices},
}

// plain are the answers for addresses of no service.
var plain = []Provider{
	{Key: Website, Name: "Website", Kind: Site, Icon: iconOf("site")},
	{Key: MailAddress, Name: "E-mail", Kind: Mail, Icon: iconOf("mail")},
	{Key: PhoneNumber, Name: "Phone", Kind: Phone, Icon: iconOf("phone")},
	{Key: TextMessage, Name: "Text message", Kind: Phone, Icon: iconOf("message")},
}

func makeAll() []Provider {
	var list []Provider
	for _, table := range tables {
		for _, s := range table.services {
			list = append(list, s.provider(table.kind))
		}
	}
	return append(list, plain...)
}

func makeKnown() map[string]Provider {
	byKey := map[string]Provider{}
	for _, p := range all {
		byKey[p.Key] = p
	}
	return byKey
}

func makePlaces() index {
	x := index{}
	for _, table := range tables {
		for _, s := range table.services {
			for _, at := range strings.Fields(s.at) {
				x.add(at, known[s.key])
			}
		}
	}
	return x
}

func (s service) provider(kind Kind) Provider {
	icon := iconOf(string(kind)) // kinds and their icons have the same names
	if own := iconOf(s.key); own.Path != "" {
		icon = own
	}
	if s.icon != "" {
		icon = iconOf(s.icon)
	}
	return Provider{Key: s.key, Name: s.name, Kind: kind, Icon: icon, title: s.title}
}

func iconOf(name string) Icon {
	icon := icons[name]
	icon.Name = name
	return icon
}

// under puts endings behind a name that a service has in many countries:
// under("ticketmaster", "com de") is "ticketmaster.com ticketmaster.de". They are
// listed because anybody may own the name under an ending the service has not.
func under(name, endings string) string {
	list := strings.Fields(endings)
	for i, ending := range list {
		list[i] = name + "." + ending
	}
	return strings.Join(list, " ") + " "
}
