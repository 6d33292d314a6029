package artist

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/internal/providers"
	"github.com/hlpfl/platform/views/artist"
	"github.com/hlpfl/platform/views/ui"
)

// emptyRows are the lists of a type that always end with an empty row, so that one
// more can be written without asking for it.
var emptyRows = map[string][]string{"release": {"services"}, "contact": {"ways"}, "faq": {"questions"}}

// maxPicks is how many pictures a form offers to choose from.
const maxPicks = 60

// blankForm is the form of a new block.
func blankForm(kind, zone string) *artist.BlockForm {
	f := &artist.BlockForm{Type: kind, Values: map[string]string{}, Zone: zone, Rows: map[string]int{}}
	for _, list := range emptyRows[kind] {
		f.Rows[list] = 1
	}
	switch kind {
	case "link":
		f.Values["icon"] = model.IconAuto
	case "tour":
		f.Rows["dates"] = 1
	}
	return f
}

// formOf is the form of a block as it is saved; nil for one of a newer version, which
// cannot be edited here.
func formOf(b model.Block, p model.Profile) *artist.BlockForm {
	if !artist.Known(b.Body.Type()) {
		return nil
	}
	f := blankForm(b.Body.Type(), p.TimeZone)
	delete(f.Values, "icon")
	var stored map[string]any
	raw, err := json.Marshal(b)
	if err == nil {
		err = json.Unmarshal(raw, &stored)
	}
	if err != nil {
		return nil // it was written by us a line above
	}
	flatten("", stored, f.Values)
	zone := model.Zone(p.TimeZone)
	f.Starts, f.Ends = windowField(b.StartsAt, zone), windowField(b.EndsAt, zone)
	if t, ok := b.Body.(model.Tour); ok {
		for i, s := range t.Shows {
			if s.OnSaleAt != nil {
				f.Values[fmt.Sprintf("dates[%d].on_sale_at", i)] = string(model.LocalOf(*s.OnSaleAt, model.Zone(s.Zone)))
			}
		}
		f.Rows["dates"] = 0
		if len(t.Shows) == 0 {
			f.Rows["dates"] = 1
		}
	}
	f.Provider = providerAt(f.Values["url"])
	return f
}

func windowField(at *time.Time, zone *time.Location) (w artist.WindowField) {
	if at == nil {
		return w
	}
	w.Local = string(model.LocalOf(*at, zone))
	w.Twice, w.Second = model.ComesTwice(at.In(zone))
	return w
}

// typedForm is the form of a block with what was typed. Its rows stand as they are
// counted where something is wrong with one: without the empty ones.
func typedForm(kind string, in model.BlockSave, timeZone string, e *model.Error) *artist.BlockForm {
	if !artist.Known(kind) {
		kind = "text" // it has nothing but a text to keep
	}
	f := blankForm(kind, timeZone)
	f.Errors = ui.Errors(fieldsOf(e))
	var parts map[string]any
	raw, err := json.Marshal(in.BlockParts)
	if err == nil {
		err = json.Unmarshal(raw, &parts)
	}
	if err == nil {
		flatten("", parts, f.Values)
	}
	for name, value := range map[string]*string{"title": in.Title, "url": in.URL, "text": in.Text} {
		if value != nil {
			f.Values[name] = *value
		}
	}
	if f.Values["dates[0].city"] != "" || f.Values["dates[0].starts"] != "" {
		f.Rows["dates"] = 0
	}
	zone := model.Zone(timeZone)
	typed := func(local *string, second bool) (w artist.WindowField) {
		if local != nil {
			w.Local, w.Second = *local, second
			_, w.Twice, _ = model.InstantOf(*local, zone, false)
		}
		return w
	}
	// The numbers of a picture's field stand in no document. Rows that were moved have left theirs behind.
	_, moved := rowActOf(in.Then)
	for name, text := range in.Form() {
		field := name[:max(strings.LastIndexByte(name, '.'), 0)]
		if model.PictureMark(name) && f.Values[field+".media"] != "" && !(moved && strings.Contains(field, "[")) {
			f.Values[name] = text
		}
	}
	if a, ok := pictureActOf(in.Then); ok {
		f.Open = a.field
	}
	f.Starts, f.Ends = typed(in.StartsLocal, in.StartsSecond), typed(in.EndsLocal, in.EndsSecond)
	f.Provider = providerAt(f.Values["url"])
	return f
}

func providerAt(address string) artist.Provider {
	u, err := model.ParseURL(address)
	if err != nil {
		return artist.Provider{}
	}
	return providerOf(providers.Detect(u), u)
}

// flatten puts JSON under the names that a form's fields have:
// "dates[0].tickets[1].url".
func flatten(name string, value any, into map[string]string) {
	switch v := value.(type) {
	case map[string]any:
		for key, inside := range v {
			if name != "" {
				key = name + "." + key
			}
			flatten(key, inside, into)
		}
	case []any:
		for i, inside := range v {
			flatten(fmt.Sprintf("%s[%d]", name, i), inside, into)
		}
	case string:
		into[name] = v
	case bool:
		into[name] = strconv.FormatBool(v)
	}
}

// rowAct is what a button of a list asks for: "more:services", "drop:services[1]",
// "up:services[1]".
type rowAct struct {
	do, list string
	at       int
}

// rowActOf reads the "then" of a form; ok is false when it is another.
func rowActOf(then string) (a rowAct, ok bool) {
	do, what, found := strings.Cut(then, ":")
	if !found {
		return a, false
	}
	a.do, a.list = do, what
	if do == "more" {
		return a, true
	}
	list, place, _ := strings.Cut(what, "[")
	at, err := strconv.Atoi(strings.TrimSuffix(place, "]"))
	a.list, a.at = list, at
	return a, err == nil && (do == "drop" || do == "up")
}

// apply takes a row out, or moves it up, in what the form said. Rows are counted as
// the form shows them, the empty ones too.
func (a rowAct) apply(in *model.BlockSave) {
	list := listOf(in, a.list)
	if list == nil || a.do == "more" {
		return
	}
	var rows []json.RawMessage
	if json.Unmarshal(*list, &rows) != nil {
		return // the form's own field tells what is wrong
	}
	at := a.at
	for i := range a.at {
		if emptyRow(in.Form(), fmt.Sprintf("%s[%d].", a.list, i)) {
			at--
		}
	}
	if at < 0 || at >= len(rows) {
		return
	}
	if a.do == "drop" {
		rows = slices.Delete(rows, at, at+1)
	} else if at > 0 {
		rows[at-1], rows[at] = rows[at], rows[at-1]
	}
	if raw, err := json.Marshal(rows); err == nil {
		*list = raw
	}
}

// emptyRow reports whether a form's row says nothing but what was in it already.
func emptyRow(form map[string]string, row string) bool {
	for name, text := range form {
		field, ok := strings.CutPrefix(name, row)
		if ok && strings.TrimSpace(text) != "" && !model.PictureMark(name) && !slices.Contains([]string{"id", "zone", "kind", "status", "currency", "focus"}, field) {
			return false
		}
	}
	return true
}

// listOf is a list among the parts that a form gave, nil for another name.
func listOf(in *model.BlockSave, name string) *json.RawMessage {
	list := map[string]*json.RawMessage{
		"services": &in.Services, "pre_saves": &in.PreSaves, "ways": &in.Ways, "questions": &in.Questions,
		"dates": &in.Dates, "pictures": &in.Pictures,
	}[name]
	if list == nil || *list == nil {
		return nil
	}
	return list
}

// dropNoPicture makes of a picture that was set to none, and is still described, no
// picture.
func dropNoPicture(in *model.BlockSave) {
	for _, part := range []*json.RawMessage{&in.Picture, &in.Thumb, &in.Cover} {
		var p struct{ Media string }
		if *part != nil && json.Unmarshal(*part, &p) == nil && p.Media == "" {
			*part = json.RawMessage("null")
		}
	}
}

// sameMinute keeps an instant that the form shows to the minute as exact as it was.
func sameMinute(in *model.BlockSave, was model.Block, zone *time.Location) {
	keep := func(local *string, second bool, at *time.Time, into *model.Instant) {
		if local == nil || at == nil || into.At == nil || *local != string(model.LocalOf(*at, zone)) {
			return
		}
		if _, later := model.ComesTwice(at.In(zone)); later == second {
			into.At = at
		}
	}
	keep(in.StartsLocal, in.StartsSecond, was.StartsAt, &in.StartsAt)
	keep(in.EndsLocal, in.EndsSecond, was.EndsAt, &in.EndsAt)
}
