package model

import (
	"encoding/json"
	"time"
)

// BlockSave adds or changes one block of a draft. When one is changed, what is
// absent stays.
type BlockSave struct {
	Version  int64   `json:"version" required:"true" doc:"the version this was made from; another one is a conflict"`
	ID       string  `json:"id" doc:"given by the server when absent"`
	Type     string  `json:"type" doc:"link, heading or text; it stays what it was"`
	Title    *string `json:"title" doc:"of a link"`
	URL      *string `json:"url" doc:"of a link"`
	Text     *string `json:"text" doc:"of a heading or a text"`
	Enabled  *bool   `json:"enabled"`
	StartsAt Instant `json:"starts_at"`
	EndsAt   Instant `json:"ends_at"`
	At       *int    `json:"at" doc:"the place of a new block, from 0; last when absent"`
	Then     string  `json:"then" door:"form"`
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
		problems.Add("id", Reason("An id has 1 to 40 letters, digits, - or _. Leave it out and it is given."))
	}
	return problems.Err()
}

// New is the block that this input makes.
func (in *BlockSave) New() (Block, error) {
	b := Block{ID: BlockID(in.ID), Enabled: true}
	switch in.Type {
	case "link":
		b.Body = Link{}
	case "heading":
		b.Body = Heading{}
	case "text":
		b.Body = Text{}
	case "":
		return b, Invalid("type", "Say what it is: link, heading or text.")
	default:
		return b, Invalid("type", "There is no such block. Choose link, heading or text.")
	}
	return in.apply(b)
}

// Change is the block as it is after this input.
func (in *BlockSave) Change(b Block) (Block, error) {
	if in.Type != "" && in.Type != b.Body.Type() {
		return b, Invalid("type", "A block keeps its type. Delete it and add one of the other type.")
	}
	if in.ID != "" && BlockID(in.ID) != b.ID {
		return b, Invalid("id", "A block keeps its id. Send it as it was, or leave it out.")
	}
	if in.At != nil {
		return b, Invalid("at", "Only a new block is given a place. Move this one by …/move.")
	}
	if _, unknown := b.Body.(Unknown); unknown {
		return b, Invalid("type", "This block was made by a newer version and can only be moved, switched or deleted here.")
	}
	return in.apply(b)
}

// apply puts the given fields into a block and checks it. The id is checked where
// the block is put into its document.
func (in *BlockSave) apply(b Block) (Block, error) {
	problems := Problems{}
	set := func(field string, given *string, into *string) {
		switch {
		case given == nil:
		case into == nil:
			problems.Add(field, Reason("A "+b.Body.Type()+" has no such field. Leave it out."))
		default:
			*into = *given
		}
	}
	switch body := b.Body.(type) {
	case Link:
		url := string(body.URL)
		set("title", in.Title, &body.Title)
		set("url", in.URL, &url)
		set("text", in.Text, nil)
		body.URL = URL(url)
		b.Body = body
	case Heading:
		set("title", in.Title, nil)
		set("url", in.URL, nil)
		set("text", in.Text, &body.Text)
		b.Body = body
	case Text:
		set("title", in.Title, nil)
		set("url", in.URL, nil)
		set("text", in.Text, &body.Text)
		b.Body = body
	}
	if in.Enabled != nil {
		b.Enabled = *in.Enabled
	}
	if in.StartsAt.Given {
		b.StartsAt = in.StartsAt.At
	}
	if in.EndsAt.Given {
		b.EndsAt = in.EndsAt.At
	}
	checked, wrong := b.Check()
	for field, reason := range wrong {
		problems.Add(field, Reason(reason))
	}
	return checked, problems.Err()
}

// Move puts a block or a social at another place of its list.
type Move struct {
	Version int64 `json:"version" required:"true" doc:"the version this was made from; another one is a conflict"`
	To      *int  `json:"to" doc:"the place, from 0; beyond the end is last"`
	By      *int  `json:"by" doc:"or how many places down; less than 0 is up"`
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
		problems.Add("id", Reason("An id has 1 to 40 letters, digits, - or _. Leave it out and it is given."))
	}
	return problems.Err()
}
