package artist

import "github.com/hlpfl/platform/views/ui"

// Picture is the portrait in the tab "Who": fields "file", "alt", "across" and "down". Choosing a file saves it at once.
type Picture struct {
	// Src is a small file of it, empty when there is none; Width and Height are those of the whole, in pixels.
	Src           string
	Width, Height int
	Alt           string
	// Across and Down are the focus point in hundredths, from the left and from the top.
	Across, Down int
	Errors       ui.Errors
	// Room is the plan's limit of pictures.
	Room ui.Meter
}
