package model

import (
	"fmt"
	"strconv"
	"strings"
)

// FormPictures is what the fields of a form say that hold a picture, by their names:
// "cover.media", "cover.alt", "cover.across" and "cover.down" (the focus point in
// hundredths), "cover.crop_left" and the other numbers of a crop. A gallery's are
// "pictures[2].media". The file comes beside them as "cover.file".
type FormPictures map[string]string

// pictureMarks are the parts of a picture's field that no document holds: its focus
// point in numbers, and where it is to be cropped.
var pictureMarks = map[string]bool{"across": true, "down": true, "crop_left": true, "crop_top": true, "crop_width": true, "crop_height": true}

// PictureMark tells of a name whether it is a number of a picture's field.
func PictureMark(name string) bool {
	_, mark := cutPart(name)
	return pictureMarks[mark]
}

func cutPart(name string) (field, part string) {
	i := strings.LastIndexByte(name, '.')
	if i < 0 {
		return name, ""
	}
	return name[:i], name[i+1:]
}

// Media is the picture that a field holds, "" for none.
func (f FormPictures) Media(field string) string { return f[field+".media"] }

// Put makes a picture the field's, with its focus point. What it shows stays said.
func (f FormPictures) Put(field, media, focus string) {
	for name := range f {
		if of, _ := cutPart(name); of == field && PictureMark(name) {
			delete(f, name)
		}
	}
	f[field+".media"], f[field+".focus"] = media, focus
}

// Add puts a picture at the end of a gallery's and gives its field.
func (f FormPictures) Add(list, media string) (field string) {
	next := 0
	for name := range f {
		if rest, ok := strings.CutPrefix(name, list+"["); ok {
			number, _, _ := strings.Cut(rest, "]")
			if i, err := strconv.Atoi(number); err == nil && i >= next {
				next = i + 1
			}
		}
	}
	field = fmt.Sprintf("%s[%d]", list, next)
	f.Put(field, media, "")
	return field
}

// TakeOut takes the picture out of a field, and all that was said of it.
func (f FormPictures) TakeOut(field string) {
	for name := range f {
		if of, _ := cutPart(name); of == field {
			delete(f, name)
		}
	}
	f[field+".media"] = ""
}

// Crop is where a field's picture is to be cropped; square where the form gives no
// height.
func (f FormPictures) Crop(field string) *CropSave { return cropOf(f, field+".crop_") }

// Focus is the focus point of a field's picture as a document holds it, "" for the
// middle. Invalid names the number that is none.
func (f FormPictures) Focus(field string) (string, error) {
	problems := Problems{}
	n := func(name string) (percent int, given bool) {
		text := strings.TrimFunc(f[field+"."+name], blank)
		if text == "" {
			return 50, false
		}
		percent, err := strconv.Atoi(text)
		if err != nil || percent < 0 || percent > 100 {
			problems.Add(field+"."+name, Reason("Give a whole number from 0 to 100."))
		}
		return percent, true
	}
	_, hasAcross := f[field+".across"]
	_, hasDown := f[field+".down"]
	if !hasAcross && !hasDown {
		return f[field+".focus"], nil
	}
	across, one := n("across")
	down, other := n("down")
	if err := problems.Err(); err != nil {
		return "", err
	}
	if !one && !other {
		return "", nil
	}
	return fmt.Sprintf("%d%% %d%%", across, down), nil
}

// plain is the form with the focus points as a document holds them, and without the
// numbers that no document has.
func (f FormPictures) plain(problems Problems) map[string]string {
	out := map[string]string{}
	for name, text := range f {
		field, mark := cutPart(name)
		if !pictureMarks[mark] {
			out[name] = text
			continue
		}
		if mark != "across" && mark != "down" {
			continue
		}
		focus, err := f.Focus(field)
		_ = problems.AddAll("", err) // it is Invalid, or nil
		if err == nil && (focus != "" || f.Media(field) != "") {
			out[field+".focus"] = focus
		}
	}
	return out
}
