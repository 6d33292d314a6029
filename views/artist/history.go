package artist

import (
	"time"

	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/views/ui"
)

// Schedule is when the draft goes public by itself. Its form: fields "local" (a datetime-local), "second".
type Schedule struct {
	// At is in the profile's zone, whose name is Zone; zero when none was ever set.
	At   time.Time
	Zone string
	// Stands tells that it will happen; with At and without Stands it was called off, by a change of the draft or
	// because it was refused at its time: then Refused says why.
	Stands  bool
	Refused string
	// Open shows the form. Local is the field's value: as it stands, or as it was typed.
	Open  bool
	Local string
	// Twice tells that the clocks show that time twice, Second that the later one is meant.
	Twice, Second bool
	Errors        ui.Errors
}

// History is the tab of what was published, and of what was deleted.
type History struct {
	Versions []PublishedVersion
	// Newer and Older lead to the other pages; empty where there is none.
	Newer, Older string
	// Look is the version that the preview shows, 0 for the draft; LookAt is when it was published.
	Look   int64
	LookAt time.Time
	// Deleted are the blocks that can be put back.
	Deleted []DeletedBlock
}

// PublishedVersion is one publish. Times are in the profile's zone.
type PublishedVersion struct {
	Number int64
	At     time.Time
	// By is who published; Mine tells that it is who looks.
	By   string
	Mine bool
	// Scheduled tells that it went public by itself.
	Scheduled bool
	// Present tells that it is what is public.
	Present bool
	// Summary is what it changed: "3 links added, theme changed".
	Summary string
	// Looking tells that the preview shows it.
	Looking bool
}

// DeletedBlock is a block that was deleted and can be put back until a day.
type DeletedBlock struct {
	ID             model.BlockID
	Type, Title    string
	Deleted, Until time.Time
}

func (b DeletedBlock) called() string { return Block{Type: b.Type, Title: b.Title}.called() }
