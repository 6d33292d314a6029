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
var themes = []string{"jacket", "gatefold", "riso", "stadium", "tape", "plain"}

// Themes lists the finished themes, in the order they are shown.
func Themes() []string { return slices.Clone(themes) }

// Document is the profile_data of a profile: who, theme, socials and blocks.
type Document struct {
	Bio     string
	Picture *Picture // nil when there is none
	Theme   Theme
	Socials []Social
	// SocialsAt is where the row of socials stands: SocialsBottom, or "" for the top.
	SocialsAt string
	Blocks    []Block

	// What a newer version of the program stored and this one does not know.
	// Kept as it came, never shown, never accepted from outside.
	extra extra
}

// SocialsBottom puts the row of socials after the blocks.
const SocialsBottom = "bottom"

// Picture is a stored picture: the artist's portrait, a cover, one of a gallery.
type Picture struct {
	Media string // name of a stored picture of this profile
	Alt   string // what it shows; "" for one that only decorates
	Focus string // where the face is, as CSS object-position: "50% 36%"; "" for the middle

	extra extra
}

// MarshalJSON writes the picture in its one canonical form.
func (p Picture) MarshalJSON() ([]byte, error) {
	out := map[string]any{"media": p.Media, "alt": p.Alt}
	put(out, "focus", p.Focus)
	return json.Marshal(p.extra.object(out))
}

// Social is one icon of the row of socials.
type Social struct {
	ID      BlockID `json:"id"`
	Network string  `json:"network"` // a provider's key; "" until it is detected
	URL     URL     `json:"url"`
}

// Block is one item of a profile. Body says which.
type Block struct {
	ID       BlockID
	Enabled  bool
	StartsAt *time.Time // shown from this instant on; nil: from ever
	EndsAt   *time.Time // not shown from this instant on; nil: for ever
	Body     Body

	extra extra
}

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
	out := map[string]any{
		"bio": d.Bio, "theme": d.Theme.fields(), "socials": emptyNotNull(d.Socials), "blocks": emptyNotNull(d.Blocks),
	}
	put(out, "socials_at", d.SocialsAt)
	put(out, "picture", d.Picture)
	return json.Marshal(d.extra.object(out))
}

// MarshalJSON writes the block with its type's own fields.
func (b Block) MarshalJSON() ([]byte, error) {
	if u, ok := b.Body.(Unknown); ok {
		return u.Raw, nil
	}
	return json.Marshal(b.extra.object(b.fields()))
}

// fields are what this version knows of the block, by their names in JSON.
func (b Block) fields() map[string]any {
	out := map[string]any{
		"id": b.ID, "type": b.Body.Type(), "enabled": b.Enabled,
		"starts_at": stamp(b.StartsAt), "ends_at": stamp(b.EndsAt),
	}
	b.Body.write(out)
	return out
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

// checkPicture mends and checks a picture; at stands before the names of its fields.
func checkPicture(p Picture, at string, problems Problems) Picture {
	var err error
	if !mediaForm.MatchString(p.Media) {
		problems.Add(at+"media", Reason("Give the name of a picture that belongs to this profile, or leave the picture out."))
	}
	p.Alt, err = CleanLine(p.Alt, MaxAlt)
	problems.Add(at+"alt", err)
	if p.Focus != "" && !focusForm.MatchString(p.Focus) {
		problems.Add(at+"focus", Reason(`Give two whole percentages, across and down, like "50% 36%".`))
	}
	return p
}

// mediaForm is the name of a stored picture: its content's hash and its full
// size, so that a page needs no look-up to know its proportions.
var mediaForm = regexp.MustCompile(`^[a-z0-9]{16,64}_[1-9][0-9]{0,4}x[1-9][0-9]{0,4}(_[0-9a-f]{6})?$`)
