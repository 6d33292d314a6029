package model

import "time"

// MaxProfileName is the longest name of a profile, in characters.
const MaxProfileName = 80

// Profile is one artist page as its owner has it: what fans see, and the draft
// that waits.
type Profile struct {
	ID          ProfileID
	Owner       UserID
	Role        Role // of whoever reads it
	Handle      Handle
	Name        string   // published
	Document    Document // published
	Draft       *Draft   // nil when nothing waits
	Version     int64    // raised by every save
	IsActive    bool
	TimeZone    string
	Plan        string       // the owner's
	Scheduled   *PublishPlan // of the draft; nil when it waits for somebody to publish it
	Guide       bool         // the first-run guide is shown
	ThemePicked bool         // of the guide: a theme was chosen, or left as it was by publishing
	PublishedAt time.Time
	SuspendedAt *time.Time
	DeletedAt   *time.Time
	CreatedAt   time.Time
	UpdatedAt   time.Time // of the last save, of the draft too
}

// Draft is what waits to be published: a document, and the name with it.
type Draft struct {
	Name     string
	Document Document
}

// PublishPlan is when a draft goes public by itself.
type PublishPlan struct {
	At time.Time
	// Version is of the save that set it; 0 when it is called off, because the draft
	// changed since or because it could not be published at its time.
	Version int64
	Refused string // why it could not be published, a sentence; "" otherwise
}

// Stands reports whether it will happen.
func (s *PublishPlan) Stands() bool { return s != nil && s.Version > 0 }

// Working is what an edit begins with: the draft, or what is published when there
// is none.
func (p Profile) Working() Draft {
	if p.Draft != nil {
		return *p.Draft
	}
	return Draft{Name: p.Name, Document: p.Document}
}

// Changes is how many changes a publish would make.
func (p Profile) Changes() int {
	if p.Draft == nil {
		return 0
	}
	n := DiffOf(p.Document, p.Draft.Document).Count()
	if p.Draft.Name != p.Name {
		n++
	}
	return n
}

// RestorableFor is how long a deleted profile can be brought back; its handle is
// held meanwhile.
const RestorableFor = 30 * 24 * time.Hour

// RestorableUntil is the last moment for bringing a deleted profile back; zero for
// one that is not deleted.
func (p Profile) RestorableUntil() time.Time {
	if p.DeletedAt == nil {
		return time.Time{}
	}
	return p.DeletedAt.Add(RestorableFor)
}

// ProfileChange is one save of a profile. What is nil stays as it is.
type ProfileChange struct {
	Handle   *Handle
	TimeZone *string
	IsActive *bool
	Name     *string
	Document *Document
	AsDraft  bool // name and document wait; else they are published and the draft goes
}

// AtOnce reports whether a save changes what never waits for a publish: the handle,
// the zone, and whether fans see the page. That is for its owner.
func (c ProfileChange) AtOnce(now Profile) bool {
	return c.Handle != nil && *c.Handle != now.Handle ||
		c.TimeZone != nil && *c.TimeZone != now.TimeZone ||
		c.IsActive != nil && *c.IsActive != now.IsActive
}

// EditKind says what an edit of a draft did, for the sentence beside Undo.
type EditKind string

// The kinds of edit.
const (
	EditAdd     EditKind = "add"
	EditChange  EditKind = "change"
	EditMove    EditKind = "move"
	EditGroup   EditKind = "move-group" // a heading moved with all that it stands over
	EditConvert EditKind = "convert"    // a block became one of another type
	EditShow    EditKind = "show"
	EditHide    EditKind = "hide"
	EditDelete  EditKind = "delete"
	EditPutBack EditKind = "put-back"
	EditSocials EditKind = "socials-at" // the row of socials went to the top or to the foot
	EditWho     EditKind = "who"
	EditPicture EditKind = "picture"
	EditTheme   EditKind = "theme"
	EditLook    EditKind = "look"    // colours, fonts, buttons, background
	EditAll     EditKind = "all"     // the whole document by the API
	EditDiscard EditKind = "discard" // the draft was thrown away
	EditBack    EditKind = "back"    // a published version came back into the draft
	EditPaste   EditKind = "paste"   // several blocks were made of pasted addresses
)

// Edit tells one edit apart from others: what was done, to what, and what that is
// called for people.
type Edit struct {
	Kind    EditKind
	Subject BlockID // zero when the edit is of no one block or social
	Title   string  // of the block or social; at most MaxTitle characters
	// Typing marks a save that came by itself while somebody was typing: such saves
	// of one subject, one after the other, are taken back together.
	Typing bool
}
