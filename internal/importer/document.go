package importer

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/internal/providers"
)

// readDocument reads profile_data part by part, each by the same strict parser as
// everything from outside; nil when it is no object.
func (f *file) readDocument(raw json.RawMessage) *model.Document {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(raw, &fields); err != nil || fields == nil {
		f.note("profile_data left out: it must be an object {…}")
		return nil
	}
	d := model.NewDocument()
	ids := map[model.BlockID]bool{}
	for _, key := range sorted(fields) {
		raw := fields[key]
		if isNull(raw) {
			continue
		}
		switch key {
		case "bio":
			d.Bio = f.readBio(raw)
		case "picture", "theme":
			part, err := model.ParseDocument(object(key, raw))
			if err != nil {
				f.note("%s left out: %s", key, reasonOf(err))
				continue
			}
			if key == "picture" {
				d.Picture = part.Picture
			} else {
				d.Theme = part.Theme
			}
		case "socials":
			f.each(key, raw, model.MaxSocials, func(n int, item json.RawMessage) { f.readSocial(&d, ids, n, item) })
		case "blocks":
			numbers := map[string]int{}
			f.each(key, raw, model.MaxBlocks, func(n int, item json.RawMessage) { f.readBlock(&d, ids, numbers, n, item) })
		default:
			f.note("%s left out: there is no such field", short(key))
		}
	}
	return &d
}

// each calls do with the items of a list, at most limit of them, from 1.
func (f *file) each(key string, raw json.RawMessage, limit int, do func(int, json.RawMessage)) {
	var items []json.RawMessage
	if err := json.Unmarshal(raw, &items); err != nil {
		f.note("%s left out: they must be a list […]", key)
		return
	}
	for i, item := range items {
		if i == limit {
			f.note("%d of the %s left out: at most %d fit", len(items)-limit, key, limit)
			return
		}
		do(i+1, item)
	}
}

func (f *file) readBio(raw json.RawMessage) string {
	var typed string
	if err := json.Unmarshal(raw, &typed); err != nil {
		f.note("bio left out: it must be text")
		return ""
	}
	bio, err := model.CleanText(typed, model.MaxBio)
	if err == nil {
		return bio
	}
	if bio, short := model.CleanText(cut(typed, model.MaxBio), model.MaxBio); short == nil {
		f.note("bio shortened to %d characters", model.MaxBio)
		return bio
	}
	f.note("bio left out: %s", err)
	return ""
}

func (f *file) readSocial(d *model.Document, ids map[model.BlockID]bool, n int, raw json.RawMessage) {
	what := fmt.Sprintf("social %d", n)
	fields, ok := f.item(what, raw)
	if !ok {
		return
	}
	parsed, err := f.mended(part{what, "socials", fields, []string{"url", "network"}}, ids, func(_, reason string) bool {
		delete(fields, "network") // the url is not mended
		f.note("%s: network left out: %s", what, reason)
		return true
	})
	if err != nil {
		f.note("%s left out: %s", what, reasonOf(err))
		return
	}
	s := parsed.Socials[0]
	if s.Network != "" {
		network, err := providers.CheckNetwork(s.Network)
		if err != nil {
			f.note("%s: network left out: %s", what, err)
		}
		s.Network = network
	}
	if s.Network == "" {
		s.Network = providers.Detect(s.URL).Key
	}
	ids[s.ID] = true
	d.Socials = append(d.Socials, s)
}

func (f *file) readBlock(d *model.Document, ids map[model.BlockID]bool, numbers map[string]int, n int, raw json.RawMessage) {
	what := fmt.Sprintf("block %d", n)
	fields, ok := f.item(what, raw)
	if !ok {
		return
	}
	kind := textOf(fields, "type")
	switch kind {
	case "link", "heading", "text":
		numbers[kind]++
		what = fmt.Sprintf("%s %d", kind, numbers[kind]) // "link 3" is easier found than "block 17"
	}
	parsed, err := f.mended(part{what, "blocks", fields, blockFields[kind]}, ids, func(field, reason string) bool { return f.mendBlock(what, kind, fields, field, reason) })
	if err != nil {
		f.note("%s left out: %s", what, reasonOf(err))
		return
	}
	ids[parsed.Blocks[0].ID] = true
	d.Blocks = append(d.Blocks, parsed.Blocks[0])
}

// mendBlock mends one wrong field of a block, or says that it cannot.
func (f *file) mendBlock(what, kind string, fields map[string]json.RawMessage, field, reason string) bool {
	switch field {
	case "enabled", "starts_at", "ends_at":
		delete(fields, field)
		f.note("%s: %s left out: %s", what, field, reason)
		return true
	case "title":
		typed, title := textOf(fields, "title"), ""
		if shorter, err := model.CleanLine(cut(typed, model.MaxTitle), model.MaxTitle); err == nil && shorter != "" {
			title = shorter
			f.note("%s: title shortened to %d characters", what, model.MaxTitle)
		} else if u, err := model.ParseURL(textOf(fields, "url")); err == nil {
			title = cut(providers.Title(u), model.MaxTitle)
			f.note("%s: called “%s”, because its title could not be taken", what, title)
		}
		fields["title"] = quoted(title)
		return title != ""
	case "text":
		limit, clean := model.MaxText, model.CleanText
		if kind == "heading" {
			limit, clean = model.MaxTitle, model.CleanLine
		}
		shorter, err := clean(cut(textOf(fields, "text"), limit), limit)
		if err != nil || shorter == "" {
			return false
		}
		fields["text"] = quoted(shorter)
		f.note("%s: shortened to %d characters", what, limit)
		return true
	}
	return false
}

// item splits one item of a list.
func (f *file) item(what string, raw json.RawMessage) (map[string]json.RawMessage, bool) {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(raw, &fields); err != nil || fields == nil {
		f.note("%s left out: it must be an object {…}", what)
		return nil, false
	}
	return fields, true
}

// part is one item of a list on its way into the document.
type part struct {
	what    string // what it is called in a note: "link 3"
	list    string
	fields  map[string]json.RawMessage
	allowed []string // its fields, besides id and type
}

// blockFields are the fields of each type of block.
var blockFields = map[string][]string{
	"link":    {"title", "url", "enabled", "starts_at", "ends_at"},
	"heading": {"text", "enabled", "starts_at", "ends_at"},
	"text":    {"text", "enabled", "starts_at", "ends_at"},
}

// mended parses one item by itself. What is wrong and can be mended by mend, or
// left out of the item, is; the error is about what cannot.
func (f *file) mended(p part, ids map[model.BlockID]bool, mend func(field, reason string) bool) (model.Document, error) {
	if id := model.BlockID(textOf(p.fields, "id")); ids[id] {
		delete(p.fields, "id")
		f.note("%s: id given anew, because it stands twice", p.what)
	}
	for _, key := range sorted(p.fields) {
		if p.allowed != nil && key != "id" && key != "type" && !slices.Contains(p.allowed, key) {
			delete(p.fields, key)
			f.note("%s: %s left out: there is no such field", p.what, short(key))
		}
	}
	// Each round mends at least one field and no mended one is wrong again; the
	// bound is there should that ever not hold.
	for range 8 {
		d, err := model.ParseDocument(object(p.list, slices.Concat([]byte("["), encode(p.fields), []byte("]"))))
		var e *model.Error
		if err == nil || !errors.As(err, &e) || e.Kind != model.KindInvalid {
			return d, err
		}
		reasons := map[string]string{}
		for path, reason := range e.Fields {
			reasons[strings.TrimPrefix(path, p.list+"[0].")] = reason
		}
		for _, needed := range []string{"type", "url"} {
			if reasons[needed] != "" {
				return d, model.Reason(reasons[needed])
			}
		}
		for _, field := range slices.Sorted(maps.Keys(reasons)) {
			switch {
			case field == "id":
				delete(p.fields, "id")
				f.note("%s: id given anew: %s", p.what, reasons[field])
			case !mend(field, reasons[field]):
				return d, model.Reason(reasons[field])
			}
		}
	}
	return model.Document{}, model.Reason("It could not be mended.")
}

func reasonOf(err error) string {
	var e *model.Error
	if errors.As(err, &e) {
		for _, field := range slices.Sorted(maps.Keys(e.Fields)) {
			return e.Fields[field]
		}
		return e.Message
	}
	return err.Error()
}

func textOf(fields map[string]json.RawMessage, key string) string {
	var s string
	_ = json.Unmarshal(fields[key], &s) // anything but text is none
	return s
}

func object(key string, value []byte) []byte {
	return encode(map[string]json.RawMessage{key: value})
}

func quoted(s string) json.RawMessage { return encode(s) }

func encode(v any) []byte {
	out, err := json.Marshal(v)
	if err != nil {
		panic(err) // it came out of JSON a moment ago
	}
	return out
}

func sorted(fields map[string]json.RawMessage) []string { return slices.Sorted(maps.Keys(fields)) }

// cut shortens a text to at most n characters.
func cut(s string, n int) string {
	if letters := []rune(s); len(letters) > n {
		return strings.TrimSpace(string(letters[:n]))
	}
	return s
}

// short makes a stranger's field name fit for a line.
func short(key string) string {
	return fmt.Sprintf("%q", cut(strings.ToValidUTF8(key, "?"), 40))
}
