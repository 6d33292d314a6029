package model

import (
	"strconv"
	"strings"
)

// mediaSteps are the widths that a stored picture is kept in besides its own, in
// pixels; those that are not smaller than the picture are left out.
var mediaSteps = []int{480, 960, 1600}

// ParseMedia reads the full size, in pixels, out of a stored picture's name; false
// when it is no such name.
func ParseMedia(name string) (width, height int, ok bool) {
	if !mediaForm.MatchString(name) {
		return 0, 0, false
	}
	_, size, _ := strings.Cut(name, "_")
	w, h, _ := strings.Cut(size, "x")
	width, _ = strconv.Atoi(w) // at most five digits, by its form
	height, _ = strconv.Atoi(h)
	return width, height, true
}

// MediaWidths are the widths that a stored picture of this width is kept in, in
// pixels, smallest first; the last is its own.
func MediaWidths(width int) []int {
	var widths []int
	for _, step := range mediaSteps {
		if step < width {
			widths = append(widths, step)
		}
	}
	return append(widths, width)
}

// MediaFile names the file of one width of a stored picture.
func MediaFile(name string, width int) string {
	return name + "-" + strconv.Itoa(width) + ".webp"
}
