package model

import "fmt"

// PictureField is the name of the portrait's field in its form.
const PictureField = "picture"

// PictureSave is the form of the portrait: one field of a picture, "picture.media"
// and its like, with the file beside it.
type PictureSave struct {
	Version int64  `json:"version"`
	Then    string `json:"then"`

	form FormPictures
}

// SetForm takes the names of the picture's field.
func (in *PictureSave) SetForm(name string, values []string) bool {
	field, part := cutPart(name)
	if field != PictureField || !pictureMarks[part] && part != "media" && part != "alt" && part != "focus" || len(values) == 0 {
		return false
	}
	in.PicturesIn()[name] = values[len(values)-1]
	return true
}

// PicturesIn is what the form said; what is changed in it counts from the next
// Validate on.
func (in *PictureSave) PicturesIn() FormPictures {
	if in.form == nil {
		in.form = FormPictures{}
	}
	return in.form
}

// Validate mends and checks all fields.
func (in *PictureSave) Validate() error {
	problems := Problems{}
	checkVersion(in.Version, problems)
	const alt = PictureField + ".alt"
	clean, err := CleanLine(in.form[alt], MaxAlt)
	problems.Add(alt, err)
	if _, given := in.form[alt]; given && err == nil {
		in.form[alt] = clean
	}
	_, err = in.form.Focus(PictureField)
	if other := problems.AddAll("", err); other != nil {
		return other
	}
	return problems.Err()
}

// Portrait is the portrait that the form asks for, nil to take it out; was is the
// present one. Without a name of a picture in the form its words and focus alone
// change, and Invalid asks for a file where there is none.
func (in *PictureSave) Portrait(was *Picture) (*Picture, error) {
	media, given := in.form[PictureField+".media"]
	switch {
	case given && media == "":
		return nil, nil
	case !given && was == nil:
		return nil, Invalid(PictureField+".file", "Choose a picture first.")
	case !given:
		media = was.Media
	}
	focus, err := in.form.Focus(PictureField)
	if err != nil {
		return nil, err
	}
	p := &Picture{Media: media, Alt: in.form[PictureField+".alt"], Focus: focus}
	if _, said := in.form[PictureField+".alt"]; !said && was != nil {
		p.Alt = was.Alt
	}
	return p, nil
}

// FocusOf reads a focus point, in hundredths from the left and from the top; the
// middle when there is none.
func FocusOf(focus string) (across, down int) {
	if n, err := fmt.Sscanf(focus, "%d%% %d%%", &across, &down); err != nil || n != 2 {
		return 50, 50
	}
	return across, down
}

// MediaUpload is what comes beside a file at the API: nothing.
type MediaUpload struct{}
