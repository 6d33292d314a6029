package model

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// SetForm takes what a form says of a block's parts by names that reach into them:
//
//	featured=true  cover.media=…  dates[0].city=Lisbon  dates[0].tickets[0].url=…
//
// Items stand in the order of their numbers, which need not follow one another. An
// item with nothing but an id, a zone or a choice in it is none, so a form may end
// with an empty row; "dates=" alone empties the list. It is false for other names.
func (in *BlockSave) SetForm(name string, values []string) bool {
	root := name
	if i := strings.IndexAny(name, ".["); i >= 0 {
		root = name[:i]
	}
	if _, ok := in.byName()[root]; !ok || !formName.MatchString(name) || len(values) == 0 {
		return false
	}
	if in.form == nil {
		in.form = map[string]string{}
	}
	// The last one counts, so that a hidden "false" may stand before a checkbox.
	in.form[name] = strings.ReplaceAll(values[len(values)-1], "\r\n", "\n")
	return true
}

var (
	formName = regexp.MustCompile(`^[a-z_]+(\[[0-9]{1,4}\]|\.[a-z_]+)*$`)
	formStep = regexp.MustCompile(`[a-z_]+|[0-9]+`)
)

// Form is what the form said, by its names: to show it again. It is nil at the
// API's door.
func (in *BlockSave) Form() map[string]string { return in.form }

// branch is a form's names as a tree: a text, or what is inside by its next step.
type branch struct {
	text   *string
	inside map[string]*branch
}

// PicturesIn is what the form said of its pictures; what is changed in it counts
// from the next Validate on.
func (in *BlockSave) PicturesIn() FormPictures {
	if in.form == nil {
		in.form = map[string]string{}
	}
	return in.form
}

// takeForm makes parts of what the form said.
func (in *BlockSave) takeForm(problems Problems) {
	root := &branch{}
	for name, text := range FormPictures(in.form).plain(problems) {
		at := root
		for _, step := range formStep.FindAllString(name, -1) {
			if at.inside == nil {
				at.inside = map[string]*branch{}
			}
			if at.inside[step] == nil {
				at.inside[step] = &branch{}
			}
			at = at.inside[step]
		}
		at.text = &text
	}
	parts := in.byName()
	for name, one := range root.inside {
		value, err := one.value(name)
		problems.Add(name, err)
		if err == nil {
			*parts[name] = mustJSON(value)
		}
	}
}

// choices are fields that a form's empty row has set already.
var choices = map[string]bool{"id": true, "zone": true, "kind": true, "status": true, "currency": true, "focus": true}

// flags are fields that are true or false.
var flags = map[string]bool{"featured": true, "sold_out": true}

// formLists are fields that are lists.
var formLists = map[string]bool{"pictures": true, "questions": true, "ways": true, "services": true, "pre_saves": true, "dates": true, "tickets": true}

// IsList reports whether a field of a block is a list.
func IsList(name string) bool { return formLists[name] }

// value is what stands in a branch, as JSON has it; nil for an object that is empty.
func (b *branch) value(name string) (any, error) {
	if formLists[name] {
		items := []any{}
		numbers := slices.SortedFunc(maps.Keys(b.inside), func(a, b string) int {
			x, _ := strconv.Atoi(a)
			y, _ := strconv.Atoi(b)
			return x - y
		})
		for _, number := range numbers {
			item, err := b.inside[number].value(number)
			if err != nil {
				return nil, err
			}
			if item != nil {
				items = append(items, item)
			}
		}
		return items, nil
	}
	if b.inside == nil {
		text := ""
		if b.text != nil {
			text = *b.text
		}
		if !flags[name] {
			return text, nil
		}
		switch text {
		case "true", "on", "1":
			return true, nil
		case "false", "off", "0", "":
			return false, nil
		}
		return nil, Reason("This must be true or false.")
	}
	object, filled := map[string]any{}, false
	for key, one := range b.inside {
		value, err := one.value(key)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", key, err)
		}
		object[key] = value
		filled = filled || !choices[key] && !hollow(value)
	}
	if !filled {
		return nil, nil
	}
	return object, nil
}

// hollow reports whether a value says nothing.
func hollow(value any) bool {
	switch v := value.(type) {
	case string:
		return strings.TrimFunc(v, blank) == ""
	case bool:
		return !v
	case []any:
		return len(v) == 0
	}
	return value == nil
}
