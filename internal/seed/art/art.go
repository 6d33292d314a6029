// Package art holds the pictures of the demo artists, drawn for this project, at the widths that pages ask for.
// Alternative texts and focus points are known for each, so that a demo page is as finished as a real one should be.
package art

import (
	"embed"
	"fmt"
	"slices"
)

//go:embed *.webp
var files embed.FS

// MIME is the type of every file here.
const MIME = "image/webp"

// Piece is one picture.
type Piece struct {
	// Name is how it is asked for: portrait-ines.
	Name string
	// Widths are those there are files of, in pixels, smallest first.
	Widths []int
	// Height is that of the largest file, in pixels.
	Height int
	// Alt says what is to be seen, for those who do not see it.
	Alt string
	// Focus is the point that no crop may lose, as CSS object-position wants it.
	Focus string
}

// Width is that of the largest file, in pixels.
func (p Piece) Width() int { return p.Widths[len(p.Widths)-1] }

// File is the name of the file that is so many pixels wide, for Read.
func (p Piece) File(width int) string { return fmt.Sprintf("%s-%d.webp", p.Name, width) }

var pieces = []Piece{
	{
		Name: "portrait-ines", Widths: []int{480, 960}, Height: 1200, Focus: "46% 42%",
		Alt: "Ines Okafor singing with her eyes closed, lit from one side, the harbour at night behind her",
	},
	{
		Name: "portrait-band", Widths: []int{480, 960}, Height: 768, Focus: "50% 45%",
		Alt: "Three musicians in silhouette on a stage full of red haze",
	},
	{
		Name: "portrait-dj", Widths: []int{480, 960}, Height: 960, Focus: "50% 43%",
		Alt: "A DJ in headphones; his glasses are two small records",
	},
	{
		Name: "landscape-harbour", Widths: []int{800, 1600}, Height: 1000, Focus: "70% 50%",
		Alt: "A harbour at night, cranes and a ship under the moon",
	},
	{
		Name: "cover-slow-harbour", Widths: []int{480, 960}, Height: 960, Focus: "50% 54%",
		Alt: "Cover of Slow Harbour: a record sinking into the sea like a moon",
	},
	{
		Name: "cover-night-bus", Widths: []int{480, 960}, Height: 960, Focus: "61% 31%",
		Alt: "Cover of Night Bus: one lit window on a red bus at night",
	},
	{
		Name: "cover-field-notes", Widths: []int{480, 960}, Height: 960, Focus: "50% 50%",
		Alt: "Cover of Field Notes: grasses drawn like a sound wave under a low sun",
	},
	{
		Name: "thumb-vinyl", Widths: []int{480, 600}, Height: 600, Focus: "52% 50%",
		Alt: "A record half out of the Slow Harbour sleeve",
	},
}

// All lists the pictures.
func All() []Piece { return slices.Clone(pieces) }

// Named finds a picture; false when there is none of that name.
func Named(name string) (Piece, bool) {
	i := slices.IndexFunc(pieces, func(p Piece) bool { return p.Name == name })
	if i < 0 {
		return Piece{}, false
	}
	return pieces[i], true
}

// Read gives the bytes of one file, named as Piece.File names it; the error is fs.ErrNotExist for an unknown one.
func Read(file string) ([]byte, error) { return files.ReadFile(file) }
