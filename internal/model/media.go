package model

import (
	"fmt"
	"strconv"
	"strings"
)

// mediaSteps are the widths that a stored picture is kept in besides its own, in
// pixels; those that are not smaller than the picture are left out.
var mediaSteps = []int{480, 960, 1600}

// MediaName is the name of a picture to be stored: its content's hash, its full size
// in pixels and its average colour, nil for a picture that can be looked through.
func MediaName(hash string, width, height int, tint []byte) string {
	name := fmt.Sprintf("%s_%dx%d", hash, width, height)
	if tint == nil {
		return name
	}
	return name + fmt.Sprintf("_%x", tint)
}

// MediaTint reads the average colour out of a stored picture's name, "#a1b2c3": it
// holds the picture's place until it is there. False for one that can be looked
// through, whose place stays empty.
func MediaTint(name string) (colour string, ok bool) {
	parts := strings.Split(name, "_")
	if len(parts) != 3 || !mediaForm.MatchString(name) {
		return "", false
	}
	return "#" + parts[2], true
}

// ParseMedia reads the full size, in pixels, out of a stored picture's name; false
// when it is no such name.
func ParseMedia(name string) (width, height int, ok bool) {
	if !mediaForm.MatchString(name) {
		return 0, 0, false
	}
	_, size, _ := strings.Cut(name, "_")
	size, _, _ = strings.Cut(size, "_")
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

// MediaJPEG names the same as a JPEG, for those who do not read WebP: other sites'
// previews of a page.
func MediaJPEG(name string, width int) string {
	return name + "-" + strconv.Itoa(width) + ".jpg"
}
