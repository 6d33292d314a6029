package model

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// ParseDocument reads a document from outside, strictly: an unknown field, a
// wrong type or a wrong value is Invalid and named; spaces, a missing scheme and
// the like are mended; ids are given where they are absent. held are the documents
// now in the store (published, draft): what a newer version of the program put
// there may come back unchanged, and only so.
func ParseDocument(raw []byte, held ...Document) (Document, error) {
	if len(raw) > maxRaw {
		return Document{}, &Error{Kind: KindTooLarge, Message: fmt.Sprintf("A profile may have at most %d KB of JSON; this has %d.", MaxDocument>>10, len(raw)>>10)}
	}
	p := parser{problems: Problems{}, held: held, strict: true, ids: map[BlockID]bool{}}
	d := p.document(raw)
	if err := p.problems.Err(); err != nil {
		return d, err
	}
	_, err := d.Stored()
	return d, err
}

// maxRaw bounds what is read at all, in bytes; spaces and line breaks are in it.
const maxRaw = 1 << 20

// ReadStored reads a document that we stored. What this version does not know is
// kept. An error means that the store holds something that was never written by us.
func ReadStored(raw []byte) (Document, error) {
	p := parser{problems: Problems{}, ids: map[BlockID]bool{}}
	d := p.document(raw)
	return d, p.problems.Err()
}

type parser struct {
	problems Problems
	held     []Document
	strict   bool // from outside, not from the store
	ids      map[BlockID]bool
}

// object splits a JSON object by its exact keys (encoding/json alone would take
// "BIO" for "bio").
func (p *parser) object(field string, raw []byte) (map[string]json.RawMessage, bool) {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(raw, &fields); err != nil || fields == nil {
		p.problems.Add(field, Reason("This must be a JSON object {…}."))
		return nil, false
	}
	return fields, true
}

// take reads one field into v and removes it; absent leaves v as it is.
func (p *parser) take(fields map[string]json.RawMessage, path, key string, v any, want string) {
	raw, ok := fields[key]
	if !ok {
		return
	}
	delete(fields, key)
	if bytes.Equal(raw, []byte("null")) {
		return
	}
	if err := json.Unmarshal(raw, v); err != nil {
		p.problems.Add(path, Reason("This must be "+want+"."))
	}
}

// rest deals with fields nobody took: unknown from outside, kept from the store.
// held are where such fields may have come from.
func (p *parser) rest(fields map[string]json.RawMessage, prefix string, held ...map[string]json.RawMessage) extra {
	var kept extra
	for key, raw := range fields {
		if p.strict {
			i := slices.IndexFunc(held, func(h map[string]json.RawMessage) bool { return sameJSON(h[key], raw) })
			if i < 0 {
				p.problems.Add(prefix+printable(key), Reason("There is no such field. Leave it out."))
				continue
			}
			raw = held[i][key] // as we wrote it, not as it came
		}
		if kept == nil {
			kept = extra{}
		}
		kept[key] = raw
	}
	return kept
}

func (p *parser) document(raw []byte) Document {
	d := NewDocument()
	fields, ok := p.object("profile_data", raw)
	if !ok {
		return d
	}
	var err error
	p.take(fields, "bio", "bio", &d.Bio, "text")
	if p.strict {
		d.Bio, err = CleanText(d.Bio, MaxBio)
		p.problems.Add("bio", err)
	}
	d.Picture = p.picture(fields)
	d.Theme = p.theme(fields)
	p.take(fields, "socials_at", "socials_at", &d.SocialsAt, "text")
	if p.strict {
		d.SocialsAt, err = checkPlace(d.SocialsAt)
		p.problems.Add("socials_at", err)
	}
	var socials, blocks []json.RawMessage
	p.take(fields, "socials", "socials", &socials, "a list")
	p.take(fields, "blocks", "blocks", &blocks, "a list")
	if p.strict && len(socials) > MaxSocials {
		p.problems.Add("socials", Reason(fmt.Sprintf("There are %d; at most %d fit in the row. Make the others links.", len(socials), MaxSocials)))
		return d
	}
	if p.strict && len(blocks) > MaxBlocks {
		p.problems.Add("blocks", Reason(fmt.Sprintf("There are %d; a page holds at most %d.", len(blocks), MaxBlocks)))
		return d
	}
	for i, raw := range socials {
		d.Socials = append(d.Socials, p.social(i, raw))
	}
	for i, raw := range blocks {
		d.Blocks = append(d.Blocks, p.block(fmt.Sprintf("blocks[%d]", i), raw))
	}
	d.extra = p.rest(fields, "", heldFields(p.held, func(h Document) map[string]json.RawMessage { return h.extra })...)
	return d
}

func (p *parser) picture(own map[string]json.RawMessage) *Picture {
	f := &fields{p: p, own: own, held: heldFields(p.held, func(h Document) map[string]json.RawMessage {
		if h.Picture == nil {
			return nil
		}
		return h.Picture.extra
	})}
	pic := f.picture("picture")
	if pic != nil && p.strict {
		*pic = checkPicture(*pic, "picture.", p.problems)
	}
	return pic
}

func heldFields[T, F any](held []T, of func(T) F) []F {
	out := make([]F, len(held))
	for i, h := range held {
		out[i] = of(h)
	}
	return out
}

// checkPlace mends where the socials stand.
func checkPlace(place string) (string, error) {
	switch place {
	case "", "top":
		return "", nil
	case SocialsBottom:
		return place, nil
	}
	return place, Reason("The row of icons stands at the top or at the bottom.")
}

// CheckTheme refuses a theme that does not exist.
func CheckTheme(name string) error {
	if slices.Contains(themes, name) {
		return nil
	}
	return Reason("There is no such theme. Choose one of " + strings.Join(themes, ", ") + ".")
}

func (p *parser) social(i int, raw []byte) Social {
	path := func(name string) string { return fmt.Sprintf("socials[%d].%s", i, name) }
	var s Social
	own, ok := p.object(fmt.Sprintf("socials[%d]", i), raw)
	if !ok {
		return s
	}
	s.ID = p.id(own, path("id"))
	var url string
	p.take(own, path("network"), "network", &s.Network, "text")
	p.take(own, path("url"), "url", &url, "text")
	p.rest(own, path(""))
	s.URL = URL(url)
	if p.strict {
		checked, problems := s.Check()
		for field, reason := range problems {
			p.problems.Add(path(field), Reason(reason))
		}
		return checked
	}
	return s
}

// id reads an id, gives one where it is absent, and refuses one that stands twice.
func (p *parser) id(own map[string]json.RawMessage, path string) BlockID {
	var id string
	p.take(own, path, "id", &id, "text")
	switch {
	case id == "":
		id = string(NewBlockID())
	case !validBlockID(id):
		p.problems.Add(path, Reason(wrongID))
	case p.ids[BlockID(id)]:
		p.problems.Add(path, Reason("This id stands twice. Leave one out and it is given."))
	}
	p.ids[BlockID(id)] = true
	return BlockID(id)
}

// block reads a block; path is its name, which stands before those of its fields.
func (p *parser) block(path string, raw []byte) Block {
	var kind string
	own, ok := p.object(path, raw)
	if !ok {
		return Block{Body: Unknown{Raw: raw}}
	}
	f := &fields{p: p, own: own, path: path + "."}
	p.take(own, f.path+"type", "type", &kind, "text")
	read, ok := readers[kind]
	if !ok {
		return p.unknown(f.path, kind, raw)
	}
	return p.known(f, read)
}

// known reads a block of a type that this version knows.
func (p *parser) known(f *fields, read func(*fields) Body) Block {
	b := Block{ID: f.id(), Enabled: true}
	was := heldFields(p.held, func(h Document) Block {
		was, _ := h.Block(b.ID)
		return was
	})
	for _, w := range was {
		if w.Body != nil {
			for _, e := range w.Body.extras() {
				f.held = append(f.held, e)
			}
		}
	}
	b.Body = read(f)
	p.take(f.own, f.path+"enabled", "enabled", &b.Enabled, "true or false")
	b.StartsAt, b.EndsAt = f.instant("starts_at"), f.instant("ends_at")
	b.extra = p.rest(f.own, f.path, heldFields(was, func(w Block) map[string]json.RawMessage { return w.extra })...)
	if p.strict {
		checked, problems := b.Check()
		for field, reason := range problems {
			p.problems.Add(f.path+field, Reason(reason))
		}
		return checked
	}
	return b
}

// unknown reads a block of a type this version does not know. From outside it is
// taken only where it stands in the store just so.
func (p *parser) unknown(path, kind string, raw []byte) Block {
	if p.strict {
		for _, held := range p.held {
			for _, b := range held.Blocks {
				if u, ok := b.Body.(Unknown); ok && sameJSON(u.Raw, raw) && (b.ID == "" || !p.ids[b.ID]) {
					p.ids[b.ID] = true
					return b
				}
			}
		}
		p.problems.Add(path+"type", noSuchType)
		return Block{Body: Unknown{Name: kind}}
	}
	var own struct {
		ID      BlockID `json:"id"`
		Enabled *bool   `json:"enabled"`
	}
	_ = json.Unmarshal(raw, &own) // an id that is not text leaves it unnamed
	if !validBlockID(string(own.ID)) {
		own.ID = ""
	}
	return Block{ID: own.ID, Enabled: own.Enabled == nil || *own.Enabled, Body: Unknown{Name: kind, Raw: bytes.Clone(raw)}}
}

// instant reads a time, nil when it is absent or null.
func (f *fields) instant(key string) *time.Time {
	var text string
	f.p.take(f.own, f.path+key, key, &text, "a time or null")
	if text == "" {
		return nil
	}
	t, err := ParseInstant(text)
	if err != nil {
		f.p.problems.Add(f.path+key, err)
		return nil
	}
	return &t
}

// ParseInstant reads an RFC 3339 time between the years 1970 and 9999.
func ParseInstant(text string) (time.Time, error) {
	t, err := time.Parse(time.RFC3339Nano, text)
	if err != nil || t.UTC().Year() < 1970 || t.UTC().Year() > 9999 {
		return time.Time{}, Reason("Give a time like 2026-12-24T18:00:00Z.")
	}
	return t.UTC().Truncate(time.Microsecond), nil
}

// Check mends what is mendable in a block's own fields and names what is not.
func (b Block) Check() (Block, Problems) {
	problems := Problems{}
	b.Body = b.Body.check(problems)
	if b.StartsAt != nil && b.EndsAt != nil && !b.StartsAt.Before(*b.EndsAt) {
		problems.Add("ends_at", Reason("It ends before it begins. Give a later time, or leave it empty to keep it up."))
	}
	return b, problems
}

// sameJSON compares two JSON values by what they say, not how they are written.
func sameJSON(a, b []byte) bool {
	if a == nil || b == nil {
		return false
	}
	return bytes.Equal(canonical(a), canonical(b))
}

func canonical(raw []byte) []byte {
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil && !errors.Is(err, io.EOF) {
		return raw
	}
	out, _ := json.Marshal(v)
	return out
}

// printable makes a stranger's field name fit to be shown in an answer.
func printable(key string) string {
	key = strings.ToValidUTF8(key, "?")
	if r := []rune(key); len(r) > 40 {
		key = string(r[:40]) + "…"
	}
	return key
}

func mustJSON(v any) []byte {
	out, err := json.Marshal(v)
	if err != nil {
		panic(err) // our own types always marshal
	}
	return out
}
