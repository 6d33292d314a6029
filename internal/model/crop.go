package model

import (
	"fmt"
	"strconv"
	"strings"
)

// MinCrop is the shortest side of what can be cut out of a picture, in pixels.
const MinCrop = 64

// Rect is a rectangle of a picture, in pixels of the picture as it is stored:
// upright, whatever the camera noted.
type Rect struct {
	Left, Top, Width, Height int
}

// Crop says where a picture was cut out, and of which.
type Crop struct {
	From string // name of the whole picture
	Rect
}

// CropSave cuts a rectangle out of a stored picture.
type CropSave struct {
	Left   *int `json:"left" required:"true" doc:"pixels from the left edge of the picture as it is stored, upright"`
	Top    *int `json:"top" required:"true" doc:"pixels from its top"`
	Width  *int `json:"width" required:"true" doc:"pixels, 64 at least"`
	Height *int `json:"height" required:"true" doc:"pixels, 64 at least"`
}

// Validate checks what can be checked without the picture.
func (in *CropSave) Validate() error {
	problems := Problems{}
	in.check(problems, "")
	return problems.Err()
}

// check tells what is wrong beside the names, with at before them.
func (in *CropSave) check(problems Problems, at string) {
	for name, n := range map[string]*int{"left": in.Left, "top": in.Top} {
		switch {
		case n == nil:
			problems.Add(at+name, Reason("Give a whole number of pixels."))
		case *n < 0:
			problems.Add(at+name, Reason("Begin at 0 or beyond: pixels are counted from the edge."))
		}
	}
	for name, n := range map[string]*int{"width": in.Width, "height": in.Height} {
		switch {
		case n == nil:
			problems.Add(at+name, Reason("Give a whole number of pixels."))
		case *n < MinCrop:
			problems.Add(at+name, Reason(fmt.Sprintf("Leave at least %d pixels.", MinCrop)))
		}
	}
}

// Rect is the rectangle, when it lies within a picture of this size and leaves some
// of it out. Invalid names the fields, with at before them.
func (in *CropSave) Rect(width, height int, at string) (Rect, error) {
	problems := Problems{}
	in.check(problems, at)
	if len(problems) > 0 {
		return Rect{}, problems.Err()
	}
	r := Rect{*in.Left, *in.Top, *in.Width, *in.Height}
	// Compared by what is left, so that no sum overflows.
	beyond := func(edge, side string, from, size, whole int) {
		switch {
		case from > whole-MinCrop:
			problems.Add(at+edge, Reason(fmt.Sprintf("The picture ends at %s: begin before that.", thousands(whole))))
		case size > whole-from:
			problems.Add(at+side, Reason(fmt.Sprintf("From there the picture has %s more pixels: take no more.", thousands(whole-from))))
		}
	}
	beyond("left", "width", r.Left, r.Width, width)
	beyond("top", "height", r.Top, r.Height, height)
	if len(problems) == 0 && r.Width == width && r.Height == height {
		problems.Add(at+"width", Reason("That is the whole picture. Take less of it."))
	}
	return r, problems.Err()
}

// cropOf reads a rectangle out of a form's texts. A height that is absent is the
// width: a square.
func cropOf(form map[string]string, at string) *CropSave {
	n := func(name string) *int {
		i, err := strconv.Atoi(strings.TrimFunc(form[at+name], blank))
		if err != nil {
			return nil
		}
		return &i
	}
	in := &CropSave{Left: n("left"), Top: n("top"), Width: n("width"), Height: n("height")}
	if _, given := form[at+"height"]; !given {
		in.Height = in.Width
	}
	return in
}

// FocusInside is where a focus point of a picture lies on what is cut out of it,
// the nearest there is; FocusOutside the way back. "" stays what it is: the middle.
func (r Rect) FocusInside(focus string, width, height int) string {
	return refocus(focus, func(across, down int) (float64, float64) {
		return float64(across*width/100-r.Left) / float64(r.Width), float64(down*height/100-r.Top) / float64(r.Height)
	})
}

// FocusOutside is where a focus point of what was cut out lies on the whole.
func (r Rect) FocusOutside(focus string, width, height int) string {
	return refocus(focus, func(across, down int) (float64, float64) {
		return (float64(r.Left) + float64(across*r.Width)/100) / float64(width), (float64(r.Top) + float64(down*r.Height)/100) / float64(height)
	})
}

func refocus(focus string, where func(across, down int) (x, y float64)) string {
	if !focusForm.MatchString(focus) {
		return ""
	}
	x, y := where(FocusOf(focus))
	hundredth := func(f float64) int { return min(max(int(f*100+.5), 0), 100) }
	return fmt.Sprintf("%d%% %d%%", hundredth(x), hundredth(y))
}
