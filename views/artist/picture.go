package artist

import (
	"context"

	"github.com/hlpfl/platform/views"
	"github.com/hlpfl/platform/views/ui"
)

// Picture is the portrait in the tab "Who": fields "file", "alt", "across" and "down". Choosing a file saves it at once.
type Picture struct {
	// Src is a small file of it, empty when there is none; Width and Height are those of the whole, in pixels.
	Src           string
	Width, Height int
	Alt           string
	// Across and Down are the focus point in hundredths, from the left and from the top.
	Across, Down int
	// Changed marks that it differs from what is public.
	Changed bool
	Errors  ui.Errors
	// Room is the plan's limit of pictures.
	Room ui.Meter
}

func samplePicture() Picture {
	return Picture{
		Src: views.Static(context.Background(), "img/sleeve-plain.webp"), Width: 480, Height: 600, Alt: "Ines Okafor singing with her eyes closed",
		Across: 46, Down: 42, Changed: true, Room: ui.Meter{What: "pictures", Used: 3, Limit: 50, Plan: "Free", LiftedBy: "Artist", Lifted: 500},
	}
}
