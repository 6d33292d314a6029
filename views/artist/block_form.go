package artist

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/hlpfl/platform/views/ui"
)

// BlockForm is the form of a block. Its fields are named as the block's JSON, lists by their places:
// "dates[0].tickets[1].url"; besides, "type" (new ones only), "starts_local" and "ends_local" with "starts_second" and
// "ends_second". The buttons of a list send "then": "more:services", "drop:services[1]", "up:services[1]".
type BlockForm struct {
	Type string
	// Values are what stands in the fields, by their names.
	Values map[string]string
	// Rows are how many empty rows a list ends with, by its name.
	Rows map[string]int
	// Provider is what the address was recognised as; zero before there is one.
	Provider Provider
	// Starts and Ends are the window; Zone is whose clocks it is on.
	Starts, Ends WindowField
	Zone         string
	// Pictures are the profile's, to choose from; Stored those that the form names, by their names. Upload is where the
	// script sends a file.
	Pictures []PictureChoice
	Stored   map[string]StoredPicture
	Upload   string
	// Open is the field of a picture whose crop stands open.
	Open string
	// Queue are files on their way. Only the samples fill it: the script draws the same.
	Queue []QueuedFile
	// Table is a table of dates that is looked at, of a tour; nil before.
	Table  *DatesTable
	Errors ui.Errors
}

// WindowField is one end of a window, as a datetime-local field holds it.
type WindowField struct {
	Local string
	// Twice tells that the clocks show it twice, Second that the later one is meant.
	Twice, Second bool
}

func (f BlockForm) val(name string) string { return f.Values[name] }

// count is how many rows of a list are shown, the empty ones at its end included.
func (f BlockForm) count(list string) int {
	n := 0
	for name := range f.Values {
		rest, ok := strings.CutPrefix(name, list+"[")
		if !ok {
			continue
		}
		number, _, _ := strings.Cut(rest, "]")
		if i, err := strconv.Atoi(number); err == nil && i >= n {
			n = i + 1
		}
	}
	return n + f.Rows[list]
}

// filled is how many of them hold something.
func (f BlockForm) filled(list string) int { return f.count(list) - f.Rows[list] }

// row is the name of a field of a row of a list.
func row(list string, i int, field string) string { return fmt.Sprintf("%s[%d].%s", list, i, field) }

// blockFields are the fields that a form of a type shows, so that their errors stand beside them.
var blockFields = map[string][]string{
	"link":    {"url", "title", "icon"},
	"heading": {"text"},
	"text":    {"text"},
	"image":   {"picture", "caption"},
	"gallery": {"title", "pictures"},
	"contact": {"title", "name", "organization", "role", "note", "ways", "ways[].title", "ways[].url"},
	"faq":     {"title", "questions", "questions[].question", "questions[].answer"},
	"divider": {},
	"merch":   {"title", "url", "price.amount", "price.currency", "price.text"},
	"embed":   {"title", "url"},
	"release": {"title", "note", "date", "zone", "services", "services[].url", "services[].network", "pre_saves", "pre_saves[].url", "pre_saves[].network"},
	"tour": {"title", "dates", "dates[].city", "dates[].venue", "dates[].starts", "dates[].zone", "dates[].status", "dates[].on_sale_at",
		"dates[].tickets", "dates[].tickets[].url", "dates[].tickets[].kind"},
}

// pictureParts are the names of a picture's field.
var pictureParts = regexp.MustCompile(`^((picture|thumb|cover|pictures\[[0-9]+\])\.(file|media|alt|across|down|crop_(left|top|width|height))|pictures\.file)$`)

var placeInList = regexp.MustCompile(`\[[0-9]+\]`)

// Beside reports whether the form has a field of that name, so that what is wrong with it stands there.
func (f BlockForm) Beside(field string) bool {
	if pictureParts.MatchString(field) {
		return true
	}
	return slices.Contains(blockFields[f.Type], placeInList.ReplaceAllString(field, "[]")) || field == "starts_at" || field == "ends_at"
}

// kindOffer is one line of the menu of blocks.
type kindOffer struct{ Type, Label, For string }

// quickOffers is how many of the offers stand in reach; the rest is in the menu.
const quickOffers = 6

// offers are what can be added, in the order of the menu.
var offers = []kindOffer{
	{"link", "Link", "Leads anywhere: a shop, a playlist, a ticket."},
	{"release", "Release", "A record: cover, date, one button for each service."},
	{"embed", "Video or music", "Plays on the page, from YouTube, Spotify and others."},
	{"tour", "Tour", "Dates with tickets. Past ones vanish by themselves."},
	{"heading", "Heading", "Stands over what comes next, and moves with it."},
	{"text", "Text", "A few lines, with bold, italic and lists."},
	{"image", "Picture", "One picture, with a line under it."},
	{"gallery", "Gallery", "Several pictures in a row."},
	{"merch", "Merch", "A thing to buy, with picture and price."},
	{"contact", "Contact", "Booking or press; fans can save it."},
	{"faq", "Questions", "What is asked again and again, answered."},
	{"divider", "Divider", "A line between two parts."},
}

// Known reports whether this program can edit a block of a type.
func Known(kind string) bool {
	_, ok := blockFields[kind]
	return ok
}

// leadsOut reports whether a block of a type counts as a link.
func leadsOut(kind string) bool {
	switch kind {
	case "link", "release", "tour", "embed", "merch", "contact":
		return true
	}
	return false
}

// kindLabel is what a type is called: "Release".
func kindLabel(kind string) string {
	for _, o := range offers {
		if o.Type == kind {
			return o.Label
		}
	}
	return "Made with a newer version: " + kind
}

// choices makes a list of choices with one of them chosen.
func choices(chosen string, pairs ...string) []ui.Choice {
	var list []ui.Choice
	for i := 0; i+1 < len(pairs); i += 2 {
		list = append(list, ui.Choice{Value: pairs[i], Label: pairs[i+1], Chosen: pairs[i] == chosen})
	}
	return list
}
