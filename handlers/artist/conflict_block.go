package artist

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hlpfl/platform/handlers/web"
	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/views"
	"github.com/hlpfl/platform/views/artist"
	"github.com/hlpfl/platform/views/ui"
)

// blockConflict shows a block as it was written here beside how it was saved
// elsewhere meanwhile. All that was written goes along, whatever differs.
func (h *Profiles) blockConflict(r *web.Request, id model.BlockID, in model.BlockSave, err error) (web.Reply, error) {
	return h.conflict(r, err, func(p model.Profile, v *artist.Conflict) {
		v.Back = views.EditorBlock(p.ID, id)
		theirs, there := p.Working().Document.Block(id)
		kind := in.Type
		if there {
			kind = theirs.Body.Type()
			v.What = "the " + model.KindWords(kind, 1)
			if title := titleOf(theirs); title != "" {
				v.What += " “" + title + "”"
			}
		} else {
			// It is put back under its own id, so that its taps go on being counted.
			v.Gone, v.Action, v.Back = true, views.BlockNew(p.ID), views.Editor(p.ID)
			if was, public := p.Document.Block(id); kind == "" && public {
				kind = was.Body.Type()
			} else if kind == "" && in.URL != nil {
				kind = "link"
			}
			kind = cmp.Or(kind, "text")
			v.What = "the " + model.KindWords(kind, 1) + " you were writing"
			v.Hidden = append(v.Hidden, artist.Option{Value: "id", Label: string(id)}, artist.Option{Value: "type", Label: kind})
		}
		typed := typedForm(kind, in, p.TimeZone, &model.Error{})
		v.Hidden = append(v.Hidden, sent(in, typed)...)
		yours, names := said(typed), []string(nil)
		switch mine, wrong := h.changed(p, id, in); {
		case !there:
			names = groups(yours)
		case wrong == nil:
			yours, names = said(formOf(mine, p)), differing(theirs, mine)
		}
		saved := map[string]string{}
		if there {
			saved = said(formOf(theirs, p))
			if names == nil {
				names = unlike(yours, saved)
			}
		}
		for _, name := range names {
			part := h.part(name, yours, saved)
			part.Take = slices.Contains(in.Theirs, name)
			if text := typed.Values[name]; part.Written {
				part.Yours = text
			}
			v.Parts = append(v.Parts, part)
		}
	})
}

// changed is the block as this save would have made it of what is there now.
func (h *Profiles) changed(p model.Profile, id model.BlockID, in model.BlockSave) (model.Block, error) {
	if err := in.InZone(p.TimeZone); err != nil {
		return model.Block{}, err
	}
	d := p.Working().Document
	was, _ := d.Block(id)
	sameMinute(&in, was, model.Zone(p.TimeZone))
	return in.Change(d, id)
}

// sent are all fields that a form sent, so that sending them again says the same.
func sent(in model.BlockSave, typed *artist.BlockForm) []artist.Option {
	var all []artist.Option
	for _, name := range slices.Sorted(maps.Keys(typed.Values)) {
		if model.PictureMark(name) || name == "icon" && in.Icon == nil {
			continue // a focus is told by its one name; the icon is the empty form's own
		}
		all = append(all, artist.Option{Value: name, Label: typed.Values[name]})
	}
	// What was emptied is not among the values.
	for list, raw := range map[string]json.RawMessage{
		"services": in.Services, "pre_saves": in.PreSaves, "ways": in.Ways, "questions": in.Questions, "dates": in.Dates, "pictures": in.Pictures,
		"thumb.media": in.Thumb, "cover.media": in.Cover, "picture.media": in.Picture, "price.amount": in.Price,
	} {
		if text := strings.TrimSpace(string(raw)); text == "[]" || text == "null" {
			all = append(all, artist.Option{Value: list})
		}
	}
	if in.Enabled != nil {
		all = append(all, artist.Option{Value: "enabled", Label: strconv.FormatBool(*in.Enabled)})
	}
	window := func(name string, local *string, second bool) {
		if local == nil {
			return
		}
		all = append(all, artist.Option{Value: name + "_local", Label: *local})
		if second {
			all = append(all, artist.Option{Value: name + "_second", Label: "true"})
		}
	}
	window("starts", in.StartsLocal, in.StartsSecond)
	window("ends", in.EndsLocal, in.EndsSecond)
	return all
}

// said are the values of a form that say something, its window among them.
func said(f *artist.BlockForm) map[string]string {
	values := map[string]string{}
	for name, value := range f.Values {
		if value != "" && value != "false" && value != "off" {
			values[name] = value
		}
	}
	for name, w := range map[string]artist.WindowField{"starts_at": f.Starts, "ends_at": f.Ends} {
		delete(values, name)
		if w.Local != "" {
			values[name] = w.Local
		}
	}
	return values
}

// differing are the groups of fields in which two blocks differ, in the order they
// are told.
func differing(a, b model.Block) []string {
	names := []string{} // not nil: that nothing differs is known
	for _, name := range model.DiffFields(a, b) {
		if group := model.FieldGroup(name); !slices.Contains(names, group) {
			names = append(names, group)
		}
	}
	return names
}

// unlike is differing for a form that is no block yet, because something in it is
// wrong.
func unlike(yours, theirs map[string]string) []string {
	return slices.DeleteFunc(groups(yours, theirs), func(group string) bool {
		return maps.Equal(of(group, yours), of(group, theirs))
	})
}

// groups are the groups of fields that say something, in the order they are told.
func groups(all ...map[string]string) []string {
	var names []string
	for _, values := range all {
		for name := range values {
			group := model.FieldGroup(root(name))
			if model.FieldWord(group) != "" && !slices.Contains(names, group) && group != "enabled" && len(of(group, values)) > 0 {
				names = append(names, group)
			}
		}
	}
	slices.SortFunc(names, func(a, b string) int { return model.FieldPlace(a) - model.FieldPlace(b) })
	return names
}

func root(name string) string {
	if i := strings.IndexAny(name, ".["); i >= 0 {
		return name[:i]
	}
	return name
}

// of are the values of a group that people are told, without ids.
func of(group string, values map[string]string) map[string]string {
	own := map[string]string{}
	for name, value := range values {
		if model.FieldGroup(root(name)) == group && !strings.HasSuffix(name, ".id") && (name == group || model.FieldWord(name) != "") {
			own[name] = value
		}
	}
	switch {
	case group == "date" && own["date"] == "":
		delete(own, "zone") // nobody's clocks
	case group == "url":
		delete(own, "provider") // both follow from the address
		delete(own, "ref")
	}
	return own
}

// writtenParts are the parts of one text, and whether it has several lines.
var writtenParts = map[string]bool{
	"title": false, "url": false, "text": true, "name": false, "role": false, "organization": false, "note": false, "caption": false,
}

// part is a group of fields with both its sides.
func (h *Profiles) part(name string, yours, theirs map[string]string) artist.ConflictPart {
	part := artist.ConflictPart{Name: name, Label: ui.Capital(model.FieldWord(name))}
	if long, ok := writtenParts[name]; ok {
		part.Written, part.Long, part.Yours, part.Theirs = true, long, yours[name], theirs[name]
		return part
	}
	a, b := items(name, yours), items(name, theirs)
	if !model.IsList(name) {
		part.YourLines, part.TheirLines = h.lines(a, b), h.lines(b, a)
		for _, lines := range [][]artist.ConflictLine{part.YourLines, part.TheirLines} {
			if len(lines) == 1 && lines[0].Label == part.Label {
				lines[0].Label = "" // it would only say again what the part is called
			}
		}
		return part
	}
	part.YourLines, part.TheirLines = h.listLines(a, b), h.listLines(b, a)
	if !hasFields(part.YourLines) && !hasFields(part.TheirLines) {
		// The same items stand in another order.
		part.YourLines, part.TheirLines = h.orderLines(a), h.orderLines(b)
	}
	return part
}

// hasFields reports whether lines have more than a sentence about the others.
func hasFields(lines []artist.ConflictLine) bool {
	return slices.ContainsFunc(lines, func(l artist.ConflictLine) bool { return l.Label != "" })
}

// item is one item of a list, or all of a group that is none. Its values have their
// whole names.
type item struct {
	key    string // its id, or its place where it has none
	values map[string]string
}

// field is a name inside an item: without the list and the item's number.
func field(name string) string {
	_, inside, found := strings.Cut(name, "].")
	if !found {
		return name
	}
	return inside
}

// items are the items of a list in order; of a group that is no list the one.
func items(group string, values map[string]string) []item {
	own := of(group, values)
	if !model.IsList(group) {
		return []item{{values: own}}
	}
	byPlace := map[int]*item{}
	for name, value := range own {
		number, _, _ := strings.Cut(strings.TrimPrefix(name, group+"["), "]")
		at, err := strconv.Atoi(number)
		if err != nil {
			continue // the list's own name
		}
		if byPlace[at] == nil {
			id := values[fmt.Sprintf("%s[%d].id", group, at)]
			byPlace[at] = &item{key: cmp.Or(id, fmt.Sprintf("#%d", at)), values: map[string]string{}}
		}
		byPlace[at].values[name] = value
	}
	var list []item
	for _, at := range slices.Sorted(maps.Keys(byPlace)) {
		list = append(list, *byPlace[at])
	}
	return list
}

// inside are an item's values by their names inside it.
func (i item) inside() map[string]string {
	own := map[string]string{}
	for name, value := range i.values {
		own[field(name)] = value
	}
	return own
}

func find(list []item, key string) item {
	for _, one := range list {
		if one.key == key {
			return one
		}
	}
	return item{}
}

// listLines are the items of a side that the other has otherwise or not at all.
func (h *Profiles) listLines(own, other []item) []artist.ConflictLine {
	var lines []artist.ConflictLine
	same := 0
	for _, one := range own {
		beside := find(other, one.key)
		if maps.Equal(one.inside(), beside.inside()) {
			same++
			continue
		}
		lines = append(lines, h.lines([]item{one}, []item{beside})...)
	}
	if same > 0 {
		lines = append(lines, artist.ConflictLine{Text: ui.Plural(same, "more stands", "more stand") + " on both sides.", Head: true, Same: true})
	}
	return lines
}

// orderLines are all items of a side by what tells them apart.
func (h *Profiles) orderLines(own []item) []artist.ConflictLine {
	var lines []artist.ConflictLine
	for i, one := range own {
		line := h.lines([]item{one}, nil)[0]
		line.Label, line.Head = fmt.Sprint(i+1), true
		lines = append(lines, line)
	}
	return lines
}

// lines are all values of an item, in the order they are told.
func (h *Profiles) lines(own, other []item) []artist.ConflictLine {
	if len(own) == 0 {
		return nil
	}
	var beside map[string]string
	if len(other) > 0 {
		beside = other[0].inside()
	}
	names := slices.SortedFunc(maps.Keys(own[0].values), func(a, b string) int {
		return cmp.Or(model.FieldPlace(a)-model.FieldPlace(b), cmp.Compare(a, b))
	})
	// The tickets of a show stay together: kind and address of each.
	slices.SortStableFunc(names, func(a, b string) int { return cmp.Compare(inner(a), inner(b)) })
	var lines []artist.ConflictLine
	for i, name := range names {
		value := own[0].values[name]
		line := artist.ConflictLine{Label: ui.Capital(model.FieldWord(name)), Head: i == 0, Same: beside[field(name)] == value}
		line.Text, line.Src = h.shown(name, value)
		lines = append(lines, line)
	}
	return lines
}

// inner is the part of a name that says which item inside an item it is of.
func inner(name string) string {
	inside := field(name)
	if i := strings.Index(inside, "]"); i >= 0 {
		return inside[:i] // of at most MaxTickets, so that words sort as numbers do
	}
	return ""
}

// shown is a value as people read it; a picture by its smallest file.
func (h *Profiles) shown(name, value string) (text, src string) {
	last := name[strings.LastIndexAny(name, ".]")+1:]
	switch last {
	case "media":
		return "", h.storedPicture(value).Src
	case "network":
		return networkName(value), ""
	case "icon", "featured", "sold_out":
		return "Yes", ""
	case "status":
		return ui.Capital(strings.ReplaceAll(value, "_", " ")), ""
	case "kind":
		return map[string]string{"tickets": "Tickets", "presale": "Presale", "vip": "VIP", "free": "Free entry"}[value], ""
	case "starts", "on_sale_at", "date", "starts_at", "ends_at":
		if at, err := time.Parse("2006-01-02T15:04", value); err == nil {
			return at.Format("2 Jan 2006, 15:04"), ""
		}
	}
	return value, ""
}

// takeTheirs puts the fields that were chosen from the saved side into a form that
// is shown again because something else in it is wrong.
func takeTheirs(f, saved *artist.BlockForm, theirs []string) {
	if saved == nil {
		return
	}
	chosen := func(name string) bool { return slices.Contains(theirs, model.FieldGroup(root(name))) }
	maps.DeleteFunc(f.Values, func(name, _ string) bool { return chosen(name) })
	for name, value := range saved.Values {
		if chosen(name) {
			f.Values[name] = value
		}
	}
	if slices.Contains(theirs, "starts_at") {
		f.Starts = saved.Starts
	}
	if slices.Contains(theirs, "ends_at") {
		f.Ends = saved.Ends
	}
}

// savedForm is the form of a block as it is saved, where fields of it were chosen;
// nil otherwise.
func (h *Profiles) savedForm(r *web.Request, id model.BlockID, in model.BlockSave) *artist.BlockForm {
	if len(in.Theirs) == 0 {
		return nil
	}
	p, err := h.profile(r)
	if err != nil {
		return nil
	}
	if b, ok := p.Working().Document.Block(id); ok {
		return formOf(b, p)
	}
	return nil
}
