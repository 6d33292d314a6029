package artist

import (
	"time"

	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/views/ui"
)

// Tab is a part of the editor, as it stands in ?tab=.
type Tab string

// The parts of the editor.
const (
	TabBlocks    Tab = "blocks" // also for an empty or unknown one
	TabWho       Tab = "who"
	TabElsewhere Tab = "elsewhere"
	TabSleeve    Tab = "sleeve"
	TabHistory   Tab = "history"
	TabPreview   Tab = "preview" // narrow screens only; wide ones always show it
)

// Editor is the screen where a profile is edited. Every form on it carries the hidden field "version".
//
// After a save the answer is a redirect back here: to views.EditorTab when the field "then" is "done", else to where
// the form stays open (views.EditorBlock, or the tab), because the script saves while somebody types. With htmx the
// answer is the whole EditorPage as it then stands (web.Reply.Part beside To): #main is taken out of it and morphed in.
// A save that was refused shows the same screen with what was typed, as 422, 403 (a plan's limit) or 409 (ConflictPage):
// those are swapped in too.
type Editor struct {
	App     ui.App
	ID      model.ProfileID
	Version int64
	Tab     Tab

	// Name is the draft's name, or what was typed. Handle is the present one.
	Name, Handle string
	// Host and URL are the public address as it is written ("hlpfl.com", no scheme) and as it is followed.
	Host, URL string
	// Public is false while the artist has switched the page off. Suspended was done by us.
	Public, Suspended bool

	// Saved is when the draft was saved last, zero when there is no draft; Now is this moment. Both only for
	// "Saved 3 seconds ago".
	Saved, Now time.Time
	// Changes is what a publish would change: model.Diff.Count and the name.
	Changes int
	// UndoSays names what Undo would take back ("Deleted “Spring tour”"); empty: there is nothing to undo and the
	// button is not shown.
	UndoSays string
	// RedoSays names what Redo would do again, in the same words.
	RedoSays string
	// Schedule is when the draft goes public by itself.
	Schedule Schedule
	// Problem is one sentence above everything, when a save was refused for a reason that belongs to no field.
	Problem string

	// Links is the plan's limit of links and socials.
	Links ui.Meter
	// Blocks stand in order; those gone since the last publish at the end or where they stood.
	Blocks []Block
	// Add is the form for a new block, nil when it is closed.
	Add *BlockForm
	// Paste is what was pasted and not taken, with what is wrong with it.
	Paste       string
	PasteErrors ui.Errors
	// NextSays is the next change that fans will see by itself: "“On vinyl” appears on 28 Nov, 10:00."; empty for none.
	NextSays string
	// Pictures are the names of the profile's stored pictures, for the forms that choose one.
	Pictures []string
	// Crops are those that were cut out of another one, by name.
	Crops map[string]model.Crop
	// Guide is the first-run guide, nil when it is not shown.
	Guide *Guide

	Who       Who
	Elsewhere Elsewhere
	Sleeve    Sleeve
	// History is filled on its own tab alone.
	History History
}

// Block is one row of the editor.
type Block struct {
	ID model.BlockID
	// Type as in JSON; one of a newer version is shown as a row that can only be moved, switched and deleted.
	Type string
	// Title is what it is called, Sub a word about what is in it: "four services".
	Title, Sub string
	// URL is where it leads, and Provider whose that is; zero for what leads to several places or nowhere.
	URL      string
	Provider Provider
	Enabled  bool
	// Public is what fans see of it at this moment, After what they will once the draft is published: the same where
	// nothing changes that.
	Public, After State
	// Clicks of the last 28 days, of all that is in it; Counts tells that it leads out.
	Clicks int
	Counts bool
	// Group is what a heading stands over; zero for any other block, and for a heading over nothing.
	Group Group
	// Changed covers changed, moved and added since the last publish (model.Diff.Blocks). New: added.
	Changed, New bool
	// Gone was deleted since the last publish and is public until the next.
	Gone bool
	// Form is the open form, nil while the row is closed.
	Form *BlockForm
	// Becomes are the types that it could be as well, with the words of their buttons.
	Becomes []ui.Choice
}

// Group is a heading with all that it stands over, up to the next heading.
type Group struct {
	// Size is how many blocks it is, the heading included.
	Size int
	// Up and Down are the places it goes to by one step, counted among the blocks that stay: past the whole group
	// before or after it, so that a step never parts another group. -1 where there is no way.
	Up, Down int
}

// State is what fans see of a block.
type State struct {
	Kind StateKind
	// At is when it changes by itself next, or, for StateEnded, when it did; zero for never. In the profile's zone.
	At time.Time
}

// StateKind says whether fans see a block.
type StateKind string

// The states of a block.
const (
	StateNone      StateKind = ""          // it is not published
	StateLive      StateKind = "live"      // seen; with At until then
	StateScheduled StateKind = "scheduled" // not yet: from At on
	StateEnded     StateKind = "ended"     // no longer
	StateOff       StateKind = "off"
)

// Provider is the service an address belongs to.
type Provider struct {
	// Name as people write it: "Apple Music"; for an unknown service its host: "example.com".
	Name string
	// Path is the icon's SVG path data in a 24 × 24 view box; Stroke tells that it is a line and not a shape. Empty
	// draws a plain link.
	Path   string
	Stroke bool
	// Known is false for a service we only know by its host.
	Known bool
	// Title is what a link there is called until somebody gives it another: "Listen on Spotify". Only in
	// ProviderStatus.
	Title string
}

// Who is the tab of name, bio and address. Name and bio are part of the draft: fields "profile_name", "bio". The
// address acts at once, in a form of its own: fields "handle", "time_zone", "is_active".
type Who struct {
	Name, Bio string
	// MaxBio is how many characters fit.
	MaxBio int
	// Changed marks that name or bio differ from what is public.
	Changed bool
	Errors  ui.Errors

	Picture Picture

	Handle, TimeZone string
	Active           bool
	AddressErrors    ui.Errors
	Free             *HandleAnswer
	// HeldUntil is the day until which a deleted profile can be brought back, for the sentence in the dialog.
	HeldUntil time.Time
}

// Elsewhere is the tab of the social icons.
type Elsewhere struct {
	Socials []Social
	// AtFoot tells that the row stands after the blocks: field "socials_at" with "top" or "bottom".
	AtFoot bool
	// Changed marks that the row differs from what is public.
	Changed bool
	// Add is the form for a new one, as it was typed: fields "url", "network" (empty: found from the address).
	Add SocialForm
	// Networks are the choices, by name.
	Networks []Option
}

// Guide leads through making a first page. Each step follows what is there.
type Guide struct {
	Picture, Links, Sleeve, Published bool
}

// Option is one choice of a list.
type Option struct{ Value, Label string }

// Social is one icon of the row.
type Social struct {
	ID       model.BlockID
	Provider Provider
	Form     SocialForm
	Clicks   int
}

// SocialForm is an address elsewhere.
type SocialForm struct {
	URL, Network string
	Errors       ui.Errors
}
