package model

import (
	"encoding/json"
	"strings"
	"time"
)

// BlockSave adds or changes one block of a draft. When one is changed, what is
// absent stays, and null takes away. Lists come whole: an item keeps its id, one
// without an id is new. A form's names reach into them: dates[0].tickets[1].url.
type BlockSave struct {
	Version  int64   `json:"version" required:"true" doc:"the version this was made from; another one is a conflict"`
	ID       string  `json:"id" doc:"given by the server when absent"`
	Type     string  `json:"type" doc:"link, heading, text, release, tour, embed, image, gallery, merch, contact, faq or divider; it stays what it was"`
	Title    *string `json:"title" doc:"of all but a heading, a text, an image and a divider"`
	URL      *string `json:"url" doc:"of a link, a merch item or an embed"`
	Text     *string `json:"text" doc:"of a heading or a text; a text may have a little Markdown"`
	Enabled  *bool   `json:"enabled"`
	StartsAt Instant `json:"starts_at"`
	EndsAt   Instant `json:"ends_at"`
	BlockParts
	At   *int   `json:"at" doc:"the place of a new block, from 0; last when absent"`
	Then string `json:"then" door:"form"`
	// What a form says of the window: wall clock's times in the artist's zone, "" for none.
	StartsLocal *string `json:"starts_local" door:"form"`
	EndsLocal   *string `json:"ends_local" door:"form"`
	// Of a time that comes twice, when clocks go back, the later one is meant.
	StartsSecond bool `json:"starts_second" door:"form"`
	EndsSecond   bool `json:"ends_second" door:"form"`
	// Of a conflict, the fields whose saved side was chosen over this one.
	Theirs []string `json:"theirs" door:"form"`

	form map[string]string // what a form said of BlockParts, by its names
}

// BlockParts are the fields that some types of block have. Each is as it stands in
// the document.
type BlockParts struct {
	Icon         json.RawMessage `json:"icon" schema:"Block.icon"`
	Thumb        json.RawMessage `json:"thumb" schema:"Block.thumb"`
	Featured     json.RawMessage `json:"featured" schema:"Block.featured"`
	Picture      json.RawMessage `json:"picture" schema:"Block.picture"`
	Caption      json.RawMessage `json:"caption" schema:"Block.caption"`
	Pictures     json.RawMessage `json:"pictures" schema:"Block.pictures"`
	Questions    json.RawMessage `json:"questions" schema:"Block.questions"`
	Name         json.RawMessage `json:"name" schema:"Block.name"`
	Organization json.RawMessage `json:"organization" schema:"Block.organization"`
	Role         json.RawMessage `json:"role" schema:"Block.role"`
	Note         json.RawMessage `json:"note" schema:"Block.note"`
	Ways         json.RawMessage `json:"ways" schema:"Block.ways"`
	Price        json.RawMessage `json:"price" schema:"Block.price"`
	SoldOut      json.RawMessage `json:"sold_out" schema:"Block.sold_out"`
	Provider     json.RawMessage `json:"provider" schema:"Block.provider"`
	Ref          json.RawMessage `json:"ref" schema:"Block.ref"`
	Cover        json.RawMessage `json:"cover" schema:"Block.cover"`
	Date         json.RawMessage `json:"date" schema:"Block.date"`
	Zone         json.RawMessage `json:"zone" schema:"Block.zone"`
	Services     json.RawMessage `json:"services" schema:"Block.services"`
	PreSaves     json.RawMessage `json:"pre_saves" schema:"Block.pre_saves"`
	Dates        json.RawMessage `json:"dates" schema:"Block.dates"`
}

// byName are the parts by their names in JSON.
func (p *BlockParts) byName() map[string]*json.RawMessage {
	return map[string]*json.RawMessage{
		"icon": &p.Icon, "thumb": &p.Thumb, "featured": &p.Featured, "picture": &p.Picture, "caption": &p.Caption, "pictures": &p.Pictures,
		"questions": &p.Questions, "name": &p.Name, "organization": &p.Organization, "role": &p.Role, "note": &p.Note, "ways": &p.Ways,
		"price": &p.Price, "sold_out": &p.SoldOut, "provider": &p.Provider, "ref": &p.Ref, "cover": &p.Cover, "date": &p.Date, "zone": &p.Zone,
		"services": &p.Services, "pre_saves": &p.PreSaves, "dates": &p.Dates,
	}
}

// Instant is an optional time that can also be taken away.
type Instant struct {
	Given bool
	At    *time.Time // nil: null was given
}

// UnmarshalJSON reads a time or null.
func (i *Instant) UnmarshalJSON(raw []byte) error {
	i.Given, i.At = true, nil
	if !given(raw) {
		return nil
	}
	var text string
	if err := json.Unmarshal(raw, &text); err != nil {
		return Reason("Give a time like 2026-12-24T18:00:00Z, or null for none.")
	}
	at, err := ParseInstant(text)
	if err != nil {
		return err
	}
	i.At = &at
	return nil
}

// Validate checks what can be checked without the block.
func (in *BlockSave) Validate() error {
	problems := Problems{}
	checkVersion(in.Version, problems)
	if in.ID != "" && !validBlockID(in.ID) {
		problems.Add("id", Reason(wrongID))
	}
	in.takeForm(problems)
	return problems.Err()
}

const newerBlock = "This block was made by a newer version and can only be moved, switched or deleted here."

// New is the block that this input makes on a page.
func (in *BlockSave) New(d Document) (Block, error) {
	if in.Type == "" {
		return Block{}, Invalid("type", "Say what it is: one of "+strings.Join(blockTypes, ", ")+".")
	}
	b, err := in.read(d, "", map[string]json.RawMessage{"type": mustJSON(in.Type)})
	if in.ID != "" {
		b.ID = BlockID(in.ID) // checked where the block is put into its document
	}
	return b, err
}

// Change is a block of a page as it is after this input. It is NotFound when there
// is no such block.
func (in *BlockSave) Change(d Document, id BlockID) (Block, error) {
	b, ok := d.Block(id)
	switch {
	case !ok:
		return b, NotFound()
	case in.Type != "" && in.Type != b.Body.Type():
		return b, Invalid("type", "A block keeps its type. Delete it and add one of the other type.")
	case in.ID != "" && BlockID(in.ID) != b.ID:
		return b, Invalid("id", "A block keeps its id. Send it as it was, or leave it out.")
	case in.At != nil:
		return b, Invalid("at", "Only a new block is given a place. Move this one by …/move.")
	}
	if _, unknown := b.Body.(Unknown); unknown {
		return b, Invalid("type", newerBlock)
	}
	var now map[string]json.RawMessage
	if err := json.Unmarshal(mustJSON(b), &now); err != nil {
		return b, err // it was written a line above
	}
	if e, ok := b.Body.(Embed); ok && in.URL != nil && *in.URL != e.URL.String() && in.Ref == nil {
		delete(now, "ref") // it belongs to the address from before
	}
	return in.read(d, id, now)
}

// follows are fields that are chosen together with another.
var follows = map[string]string{"provider": "url", "ref": "url", "zone": "date"}

// FieldGroup is the field that a field is chosen with when two saved at once: its
// own name for most.
func FieldGroup(name string) string {
	if group, ok := follows[name]; ok {
		return group
	}
	return name
}

// WithoutTheirs is the input without the fields in Theirs: they stay as they are
// saved.
func (in BlockSave) WithoutTheirs() BlockSave {
	parts := in.byName()
	for _, name := range in.Theirs {
		switch name {
		case "title":
			in.Title = nil
		case "url":
			in.URL = nil
		case "text":
			in.Text = nil
		case "starts_at":
			in.StartsAt, in.StartsLocal = Instant{}, nil
		case "ends_at":
			in.EndsAt, in.EndsLocal = Instant{}, nil
		}
		for field, raw := range parts {
			if FieldGroup(field) == name {
				*raw = nil
			}
		}
	}
	return in
}

// read lays what was given over a block's JSON and reads that: the one parser of
// blocks, for edits as for documents.
func (in *BlockSave) read(d Document, id BlockID, now map[string]json.RawMessage) (Block, error) {
	give := func(name string, given bool, value any) {
		if given {
			now[name] = mustJSON(value)
		}
	}
	give("title", in.Title != nil, in.Title)
	give("url", in.URL != nil, in.URL)
	give("text", in.Text != nil, in.Text)
	give("enabled", in.Enabled != nil, in.Enabled)
	give("starts_at", in.StartsAt.Given, stamp(in.StartsAt.At))
	give("ends_at", in.EndsAt.Given, stamp(in.EndsAt.At))
	for name, raw := range in.byName() {
		if *raw != nil {
			now[name] = *raw
		}
	}
	p := parser{problems: Problems{}, held: []Document{d}, strict: true, ids: d.ids(id)}
	kind := ""
	f := &fields{p: &p, own: now}
	p.take(now, "type", "type", &kind, "text")
	read, ok := readers[kind]
	if !ok {
		return Block{}, Invalid("type", string(noSuchType))
	}
	b := p.known(f, read)
	if was, ok := d.Block(id); ok {
		b.Body = keepExtras(was.Body, b.Body)
	}
	return b, p.problems.Err()
}

// InZone reads the window that a form gave, in the artist's time zone.
func (in *BlockSave) InZone(zone string) error {
	problems := Problems{}
	set := func(field string, local *string, second bool, into *Instant) {
		if local == nil {
			return
		}
		*into = Instant{Given: true}
		if strings.TrimSpace(*local) == "" {
			return
		}
		at, _, err := InstantOf(strings.TrimSpace(*local), Zone(zone), second)
		problems.Add(field, err)
		at = at.UTC()
		into.At = &at
	}
	set("starts_at", in.StartsLocal, in.StartsSecond, &in.StartsAt)
	set("ends_at", in.EndsLocal, in.EndsSecond, &in.EndsAt)
	return problems.Err()
}

// Move puts a block or a social at another place of its list.
type Move struct {
	Version int64 `json:"version" required:"true" doc:"the version this was made from; another one is a conflict"`
	To      *int  `json:"to" doc:"the place, from 0; beyond the end is last"`
	By      *int  `json:"by" doc:"or how many places down; less than 0 is up"`
	Group   bool  `json:"group" doc:"of a heading: all that it stands over goes with it, and places are counted among the blocks that stay"`
}

// Validate asks for one of To and By.
func (in *Move) Validate() error {
	problems := Problems{}
	checkVersion(in.Version, problems)
	switch {
	case in.To == nil && in.By == nil:
		problems.Add("to", Reason("Give the place, from 0; or by how many places it moves in “by”."))
	case in.To != nil && in.By != nil:
		problems.Add("by", Reason("Give either “to” or “by”, not both."))
	case in.To != nil && *in.To < 0:
		problems.Add("to", Reason("Places are counted from 0."))
	}
	return problems.Err()
}

// Place is where it goes from a place.
func (in *Move) Place(from int) int {
	if in.To != nil {
		return *in.To
	}
	// Bounded before adding, so that nothing overflows.
	return from + min(max(*in.By, -MaxBlocks), MaxBlocks)
}

// BlockConvert makes a block one of another type.
type BlockConvert struct {
	Version int64  `json:"version" required:"true" doc:"the version this was made from; another one is a conflict"`
	Type    string `json:"type" required:"true" doc:"link, embed, release, merch or contact, as far as it can say what the block says"`
}

// Validate asks for the version; what it can become is known with the block.
func (in *BlockConvert) Validate() error {
	return (&VersionOnly{Version: in.Version}).Validate()
}

// Switch shows or hides a block.
type Switch struct {
	Version int64 `json:"version" required:"true" doc:"the version this was made from; another one is a conflict"`
	Enabled bool  `json:"enabled"`
}

// Validate asks for the version.
func (in *Switch) Validate() error {
	problems := Problems{}
	checkVersion(in.Version, problems)
	return problems.Err()
}

// SocialSave adds or changes one icon of the row. When one is changed, what is
// absent stays; a new address without a network is recognised anew.
type SocialSave struct {
	Version int64   `json:"version" required:"true" doc:"the version this was made from; another one is a conflict"`
	ID      string  `json:"id" doc:"given by the server when absent"`
	URL     *string `json:"url"`
	Network *string `json:"network" doc:"a short name like instagram; read from the address when absent or empty"`
	At      *int    `json:"at" doc:"the place of a new one, from 0; last when absent"`
	Then    string  `json:"then" door:"form"`
}

// Validate checks what can be checked without the row.
func (in *SocialSave) Validate() error {
	problems := Problems{}
	checkVersion(in.Version, problems)
	if in.ID != "" && !validBlockID(in.ID) {
		problems.Add("id", Reason(wrongID))
	}
	return problems.Err()
}

// SocialsAtSave is the form of where the row of socials stands, a part of the draft.
type SocialsAtSave struct {
	Version int64  `json:"version"`
	At      string `json:"socials_at"`
	Then    string `json:"then"`
}

// Validate mends and checks all fields.
func (in *SocialsAtSave) Validate() error {
	problems := Problems{}
	checkVersion(in.Version, problems)
	at, err := checkPlace(in.At)
	problems.Add("socials_at", err)
	if err == nil {
		in.At = at
	}
	return problems.Err()
}

// Paste is a text with addresses in it, to be made blocks.
type Paste struct {
	Version int64  `json:"version" required:"true" doc:"the version this was made from; another one is a conflict"`
	Text    string `json:"text" required:"true" doc:"addresses, one a line; each becomes a block of the type that fits it"`
}

// Validate asks for the version.
func (in *Paste) Validate() error {
	return (&VersionOnly{Version: in.Version}).Validate()
}
