package artist

import (
	"github.com/hlpfl/platform/handlers/web"
	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/views"
	"github.com/hlpfl/platform/views/ui"
)

// What a redirect says that was done. The sentence is made where it is shown, so
// that an address cannot put words into our mouth.
const (
	saidCreated   = "created"
	saidPublished = "published"
	saidDeleted   = "deleted"
	saidRestored  = "restored"
	saidAdded     = "added"
	saidPasted    = "pasted"
	saidConverted = "converted"
	saidTakenOut  = "taken-out"
	saidUndone    = "undone"
	saidRedone    = "redone"
	saidBack      = "back"
	saidScheduled = "scheduled"
	saidCancelled = "cancelled"
	saidPutBack   = "put-back"
	saidDiscarded = "discarded"
	saidAddress   = "address"
	saidOn        = "on"
	saidOff       = "off"
	saidMended    = "mended"
)

// flash is the notice of a page of the editor; nil for none.
func flash(r *web.Request, p model.Profile, undo string) *ui.Flash {
	text := map[string]string{
		saidCreated:   "It is public. Now give it a link.",
		saidPublished: "Published. Fans see it now.",
		saidAdded:     "Added. Fans see it when you publish.",
		saidPasted:    "Added. Fans see it when you publish.",
		saidConverted: "It is another type now.",
		saidTakenOut:  "Deleted. Fans see it until you publish.",
		saidUndone:    "Taken back.",
		saidRedone:    "Done again.",
		saidBack:      "Here it is, as it was. Fans see it when you publish.",
		saidScheduled: "Set. It goes public by itself, unless you change it before.",
		saidCancelled: "Called off. It waits until you publish it.",
		saidPutBack:   "Put back. Fans see it when you publish.",
		saidDiscarded: "Thrown away. What is public is what you see.",
		saidAddress:   "Saved. It holds from now on.",
		saidOn:        "The page is public.",
		saidOff:       "The page is off. Fans are told that nothing is there.",
		saidMended:    mendedSays(r, p.Working().Document),
	}[r.QueryParam("said")]
	if text == "" {
		return nil
	}
	f := &ui.Flash{Text: text}
	b, known := p.Working().Document.Block(model.BlockID(r.QueryParam("block")))
	switch said := r.QueryParam("said"); {
	case said == saidPasted && known:
		f.Text, f.Version = "It became "+became(b)+". Fans see it when you publish.", p.Version
		f.OthersTo, f.OthersName, f.Others = views.BlockConvert(p.ID, b.ID), "type", becomes(b)
	case said == saidConverted && known:
		f.Text = "It is " + became(b) + " now."
		if r.QueryParam("anew") != "" {
			f.Text += " Its taps count anew."
		}
		if undo != "" {
			f.Do, f.Action, f.Version = "Undo", views.Undo(p.ID), p.Version
		}
	}
	switch r.QueryParam("said") {
	case saidBack:
		if undo != "" {
			f.Do, f.Action, f.Version = "Undo", views.Undo(p.ID), p.Version
		}
	case saidTakenOut, saidDiscarded:
		if undo != "" {
			f.Do, f.Action, f.Version = "Put back", views.Undo(p.ID), p.Version
		}
	}
	return f
}

// listFlash is the notice of the list of profiles; nil for none.
func listFlash(r *web.Request) *ui.Flash {
	switch r.QueryParam("said") {
	case saidRestored:
		return &ui.Flash{Text: "It is back, as it was."}
	case saidDeleted:
		f := &ui.Flash{Text: "Deleted. The page is dark now."}
		if id, err := model.ParseProfileID(r.QueryParam("profile")); err == nil {
			f.Do, f.Action = "Bring it back", views.ProfileRestore(id)
		}
		return f
	}
	return nil
}

// undoSays names what Undo would take back or Redo do again; "" for nothing.
func undoSays(e *model.Edit) string {
	if e == nil {
		return ""
	}
	what := "a block"
	if e.Title != "" {
		what = "“" + e.Title + "”"
	}
	switch e.Kind {
	case model.EditAdd:
		return "Added " + what
	case model.EditChange:
		return "Changed " + what
	case model.EditMove:
		return "Moved " + what
	case model.EditGroup:
		return "Moved " + what + " and what it stands over"
	case model.EditConvert:
		return "Changed what " + what + " is"
	case model.EditShow:
		return "Switched " + what + " on"
	case model.EditHide:
		return "Switched " + what + " off"
	case model.EditDelete:
		return "Deleted " + what
	case model.EditPutBack:
		return "Put " + what + " back"
	case model.EditSocials:
		return "Moved the icons to the " + e.Title
	case model.EditWho:
		return "Changed name and bio"
	case model.EditPicture:
		return "Changed the picture"
	case model.EditTheme:
		return "Changed the sleeve"
	case model.EditLook:
		return "Changed the look"
	case model.EditDiscard:
		return "Threw the draft away"
	case model.EditBack:
		return "Went back to an earlier version"
	case model.EditPaste:
		return "Pasted " + e.Title
	}
	return "Changed the page"
}
