package artist

import (
	"time"

	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/views/ui"
)

// Data is the page of everything that is the user's: to be fetched, to be deleted.
type Data struct {
	App   ui.App
	Email string
	// Exports are the archives that were asked for and are kept, the newest first.
	Exports []Export
	// Now is this moment.
	Now time.Time
}

// Export is one archive.
type Export struct {
	ID model.ExportID
	// State is "waiting", "running", "ready" or "failed".
	State string
	// Done of Total parts are packed; Total 0: nobody counted yet.
	Done, Total int
	Bytes       int64
	// Asked is when it was asked for, Until when it goes; zero unless it is ready.
	Asked, Until time.Time
}

func (e Export) underWay() bool { return e.State == "waiting" || e.State == "running" }

// atWork reports whether an archive is being made at this moment.
func (v Data) atWork() bool { return len(v.Exports) > 0 && v.Exports[0].underWay() }

func exportState(e Export, now time.Time) string {
	asked := "asked for " + ui.Ago(e.Asked, now)
	first := ui.Capital(asked)
	switch {
	case e.State == "ready":
		return ui.Bytes(e.Bytes) + ", " + asked + ". Here until " + ui.Moment(e.Until, now)
	case e.State == "failed":
		return first + ". It could not be made: something we need did not answer for too long. Ask for another one; if that fails too, write to us."
	case e.Total == 0:
		return first + ". It begins in a moment."
	}
	return ui.Number(e.Done) + " of " + ui.Plural(e.Total, "part", "parts") + " packed"
}
