package artist

import (
	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/views/ui"
)

// Conflict is the screen after a save that was made from an old version: both sides of all that differs stand beside
// each other, and nothing is lost. Its form posts to Action, with the present version, everything that was written here
// (Parts that can be written, and Hidden), and in "theirs" the names of those parts whose other side is to stay.
type Conflict struct {
	App  ui.App
	ID   model.ProfileID
	Name string
	// What was being saved: "the link “Slow Harbour”", "name and bio".
	What string
	// Version is the present one; Action is where the form goes: the address that was posted to.
	Version int64
	Action  string
	// Parts are what differs; of something Gone all that it held.
	Parts []ConflictPart
	// Hidden are the fields of this side that go along as they are.
	Hidden []Option
	// Gone tells that what was edited has been deleted meanwhile: Action then adds it anew.
	Gone bool
	// Back is the editor, where theirs stands.
	Back string
}

// ConflictPart is one field, or one group of fields, of both sides.
type ConflictPart struct {
	// Name is what the form sends in "theirs" when the other side is to stay; Label its word on the screen.
	Name, Label string
	// Written tells that it is one text, which can still be written here: the field Name holds Yours. Long gives it
	// several lines.
	Written, Long bool
	Yours, Theirs string
	// YourLines and TheirLines are both sides of any other part.
	YourLines, TheirLines []ConflictLine
	// Take tells that the other side was chosen already.
	Take bool
}

// ConflictLine is one line of a side.
type ConflictLine struct {
	// Label is the field's word, "" for a line that is a sentence; Text what stands in it.
	Label, Text string
	// Src is a small file of a picture, "" for anything else.
	Src string
	// Head begins an item of a list. Same tells that the other side says the same.
	Head, Same bool
}
