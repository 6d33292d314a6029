package model

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"time"
)

// Sizes that a document keeps to, in characters unless said otherwise. They are
// there so that a page stays small, not to sell anything.
const (
	MaxBio       = 600
	MaxTitle     = 120
	MaxText      = 2000
	MaxAlt       = 300
	MaxBlocks    = 500
	MaxSocials   = 40
	MaxDocument  = 400 << 10 // bytes of JSON as we write it: with a draft as large, an answer fits into a request
	DefaultTheme = "plain"
)

// Themes are the themes that are finished, in the order they are shown.
var themes = []string{"jacket", "tape", "plain"}

// Themes lists the finished themes, in the order they are shown.
func Themes() []string { return slices.Clone(themes) }

// Document is the profile_data of a profile: who, theme, socials and blocks.
type Document struct {
	Bio     string
	Picture *Picture // nil when there is none
	Theme   Theme
	Socials []Social
	Blocks  []Block

	// What a newer version of the program stored and this one does not know.
	// Kept as it came, never shown, never accepted from outside.
	extra, themeExtra map[string]json.RawMessage
}

// Picture is the artist's portrait.
type Picture struct {
	Media string `json:"media"`           // name of a stored picture of this profile
	Alt   string `json:"alt"`             // what it shows
	Focus string `json:"focus,omitempty"` // where the face is, as CSS object-position: "50% 36%"
}

// Theme is how the profile looks.
type Theme struct {
	Name string `json:"name"`
}

// Social is one icon of the row of socials.
type Social struct {
	ID      BlockID `json:"id"`
	Network string  `json:"network"` // a provider's key; "" until it is detected
	URL     URL     `json:"url"`
}

// Block is one item of a profile. Body says which: Link, Heading, Text or Unknown.
type Block struct {
	ID       BlockID
	Enabled  bool
	StartsAt *time.Time // shown from this instant on; nil: from ever
	EndsAt   *time.Time // not shown from this instant on; nil: for ever
	Body     Body

	extra map[string]json.RawMessage
}

// Body is what one type of block holds.
type Body interface{ Type() string }

// Link leads out; its clicks count.
type Link struct {
	Title string
	URL   URL
}

// Heading opens a group of blocks.
type Heading struct{ Text string }

// Text is a paragraph.
type Text struct{ Text string }

// Unknown is a block of a type that this version does not know: kept as it
// stands in the store, not shown.
type Unknown struct {
	Name string
	Raw  json.RawMessage
}

// Type is the block's type as it stands in JSON.
func (Link) Type() string { return "link" }

// Type is the block's type as it stands in JSON.
func (Heading) Type() string { return "heading" }

// Type is the block's type as it stands in JSON.
func (Text) Type() string { return "text" }

// Type is the block's type as it stands in JSON.
func (u Unknown) Type() string { return u.Name }

// Shown reports whether fans see the block at an instant: on, known, and inside
// its window. The start belongs to the window, the end does not.
func (b Block) Shown(at time.Time) bool {
	if _, unknown := b.Body.(Unknown); unknown || !b.Enabled {
		return false
	}
	if b.StartsAt != nil && at.Before(*b.StartsAt) {
		return false
	}
	return b.EndsAt == nil || at.Before(*b.EndsAt)
}

// NextChange is the first instant after at when what fans see changes by itself;
// zero when nothing is scheduled.
func (d Document) NextChange(at time.Time) time.Time {
	var next time.Time
	for _, b := range d.Blocks {
		if !b.Enabled {
			continue
		}
		for _, t := range []*time.Time{b.StartsAt, b.EndsAt} {
			if t != nil && t.After(at) && (next.IsZero() || t.Before(next)) {
				next = *t
			}
		}
	}
	return next
}

// Links counts what a plan's limit of links counts: socials and blocks that lead
// out, the ones that are off or scheduled too.
func (d Document) Links() int {
	n := len(d.Socials)
	for _, b := range d.Blocks {
		if _, ok := b.Body.(Link); ok {
			n++
		}
	}
	return n
}

// FindLink gives the address behind a link id, and whether fans may follow it at
// an instant (false: it is off or outside its time). ok is false for an unknown id.
func (d Document) FindLink(id BlockID, at time.Time) (url URL, title string, open, ok bool) {
	for _, s := range d.Socials {
		if s.ID == id {
			return s.URL, s.Network, true, true
		}
	}
	for _, b := range d.Blocks {
		if l, is := b.Body.(Link); is && b.ID == id {
			return l.URL, l.Title, b.Shown(at), true
		}
	}
	return "", "", false, false
}

// Block finds a block by its id.
func (d Document) Block(id BlockID) (Block, bool) {
	i := d.place(id)
	if i < 0 {
		return Block{}, false
	}
	return d.Blocks[i], true
}

// Equal reports whether two documents say the same.
func (d Document) Equal(other Document) bool {
	return bytes.Equal(mustJSON(d), mustJSON(other))
}

// NewDocument is the document of a fresh profile.
func NewDocument() Document {
	return Document{Theme: Theme{Name: DefaultTheme}}
}

// Stored is the document as the store keeps it. It is TooLarge beyond MaxDocument.
func (d Document) Stored() ([]byte, error) {
	raw := mustJSON(d)
	if len(raw) > MaxDocument {
		return nil, &Error{Kind: KindTooLarge, Message: fmt.Sprintf(
			"The page would be %s KB of JSON; at most %s fit. Shorten its texts, or take blocks out.", thousands(len(raw)>>10), thousands(MaxDocument>>10))}
	}
	return raw, nil
}

// MarshalJSON writes the document in its one canonical form.
func (d Document) MarshalJSON() ([]byte, error) {
	out := map[string]any{}
	for k, v := range d.extra {
		out[k] = v
	}
	out["bio"] = d.Bio
	out["theme"] = d.Theme
	if d.themeExtra != nil {
		theme := map[string]any{}
		for k, v := range d.themeExtra {
			theme[k] = v
		}
		theme["name"] = d.Theme.Name
		out["theme"] = theme
	}
	out["socials"] = emptyNotNull(d.Socials)
	out["blocks"] = emptyNotNull(d.Blocks)
	if d.Picture != nil {
		out["picture"] = d.Picture
	}
	return json.Marshal(out)
}

// MarshalJSON writes the block with its type's own fields.
func (b Block) MarshalJSON() ([]byte, error) {
	if u, ok := b.Body.(Unknown); ok {
		return u.Raw, nil
	}
	out := map[string]any{}
	for k, v := range b.extra {
		out[k] = v
	}
	out["id"], out["type"], out["enabled"] = b.ID, b.Body.Type(), b.Enabled
	out["starts_at"], out["ends_at"] = stamp(b.StartsAt), stamp(b.EndsAt)
	switch body := b.Body.(type) {
	case Link:
		out["title"], out["url"] = body.Title, body.URL
	case Heading:
		out["text"] = body.Text
	case Text:
		out["text"] = body.Text
	}
	return json.Marshal(out)
}

func stamp(t *time.Time) any {
	if t == nil {
		return nil
	}
	return t.UTC().Format(time.RFC3339Nano)
}

func emptyNotNull[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}

var focusForm = regexp.MustCompile(`^(100|[1-9]?[0-9])% (100|[1-9]?[0-9])%$`)
var networkForm = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,29}$`)

// checkPicture mends and checks a picture.
func checkPicture(p Picture, problems Problems) Picture {
	var err error
	if !mediaForm.MatchString(p.Media) {
		problems.Add("picture.media", Reason("Give the name of a picture that belongs to this profile, or leave the picture out."))
	}
	p.Alt, err = CleanLine(p.Alt, MaxAlt)
	problems.Add("picture.alt", err)
	if p.Focus != "" && !focusForm.MatchString(p.Focus) {
		problems.Add("picture.focus", Reason(`Give two whole percentages, across and down, like "50% 36%".`))
	}
	return p
}

// mediaForm is the name of a stored picture: its content's hash and its full
// size, so that a page needs no look-up to know its proportions.
var mediaForm = regexp.MustCompile(`^[a-z0-9]{16,64}_[1-9][0-9]{0,4}x[1-9][0-9]{0,4}$`)

func blockField(i int, name string) string { return fmt.Sprintf("blocks[%d].%s", i, name) }
