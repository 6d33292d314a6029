package model

import (
	"slices"
	"strings"
	"time"
)

// MaxServices is how many services a release offers, and how many pre-saves.
const MaxServices = 40

// Release is a record with one button per service, in the artist's order. Before
// its date it shows what is to come, from its date on the services; it counts as
// one link.
type Release struct {
	Title    string
	Note     string   // "New record"; may be empty
	Cover    *Picture // nil when there is none
	Date     Local    // when it comes out, on the clocks of Zone; "" has been out for ever
	Zone     string   // by its IANA name; "" without a date
	Services []Service
	PreSaves []Service // shown before its date alone
}

// Service is one button of a release.
type Service struct {
	ID      BlockID
	URL     URL
	Network string // a provider's key; "" is read from the address

	extra extra
}

// Type is the block's type as it stands in JSON.
func (Release) Type() string { return "release" }

// Out is the instant when it comes out; zero for one that has been out for ever.
func (r Release) Out() time.Time {
	if r.Date == "" {
		return time.Time{}
	}
	return r.Date.In(Zone(r.Zone))
}

// ToCome reports whether it is not out yet at an instant.
func (r Release) ToCome(at time.Time) bool { return at.Before(r.Out()) }

func readRelease(f *fields) Body {
	r := Release{Title: f.text("title"), Note: f.text("note"), Cover: f.picture("cover"), Date: Local(f.text("date")), Zone: f.text("zone")}
	read := func(key string) (list []Service) {
		for _, own := range f.list(key, MaxServices) {
			list = append(list, Service{own.id(), own.url("url"), own.text("network"), own.rest()})
		}
		return list
	}
	r.Services, r.PreSaves = read("services"), read("pre_saves")
	return r
}

func (r Release) check(problems Problems) Body {
	line(problems, "title", &r.Title, MaxTitle, "Give the release its title.")
	line(problems, "note", &r.Note, MaxTitle, "")
	r.Cover = picture(problems, "cover", r.Cover)
	r.Date, r.Zone = moment(problems, "date", "zone", r.Date, r.Zone)
	check := func(key string, list []Service) []Service {
		few(problems, key, len(list), MaxServices)
		list = slices.Clone(list)
		for i := range list {
			s, wrong := Social{URL: list[i].URL, Network: list[i].Network}.Check()
			for field, reason := range wrong {
				problems.Add(part(key, i, field), Reason(reason))
			}
			list[i].URL, list[i].Network = s.URL, s.Network
		}
		return list
	}
	r.Services, r.PreSaves = check("services", r.Services), check("pre_saves", r.PreSaves)
	if r.Date == "" && len(r.PreSaves) > 0 {
		problems.Add("date", Reason("Pre-saves are for before the release. Give its date, or take them out."))
	}
	return r
}

// moment mends a wall clock's time and its zone; both are there or neither is.
func moment(problems Problems, dateField, zoneField string, date Local, zone string) (Local, string) {
	text := strings.TrimFunc(string(date), blank)
	if text == "" {
		return "", ""
	}
	clean, err := ParseLocal(text)
	problems.Add(dateField, err)
	if err == nil {
		date = clean
	}
	if strings.TrimFunc(zone, blankAround) == "" {
		problems.Add(zoneField, Reason("Say whose clocks: give the time zone, like Europe/London."))
		return date, zone
	}
	name, err := ParseTimeZone(zone)
	problems.Add(zoneField, err)
	if err == nil {
		zone = name
	}
	return date, zone
}

func (r Release) write(out map[string]any) {
	out["title"] = r.Title
	put(out, "note", r.Note)
	put(out, "cover", r.Cover)
	put(out, "date", r.Date)
	put(out, "zone", r.Zone)
	write := func(list []Service) []any {
		all := make([]any, len(list))
		for i, s := range list {
			own := map[string]any{"id": s.ID, "url": s.URL}
			put(own, "network", s.Network)
			all[i] = s.extra.object(own)
		}
		return all
	}
	out["services"] = write(r.Services)
	if len(r.PreSaves) > 0 {
		out["pre_saves"] = write(r.PreSaves)
	}
}

func (r Release) rename(f func(BlockID) BlockID) Body {
	r.Services, r.PreSaves = slices.Clone(r.Services), slices.Clone(r.PreSaves)
	for _, list := range [][]Service{r.Services, r.PreSaves} {
		for i := range list {
			list[i].ID = f(list[i].ID)
		}
	}
	return r
}

func (r Release) extras() []extra {
	all := pictureExtras(r.Cover)
	for _, s := range slices.Concat(r.Services, r.PreSaves) {
		all = append(all, s.extra)
	}
	return all
}
