package model

import "fmt"

// PictureSave is the form of the portrait: the file comes beside it. Without a file
// words and focus of the picture that is there are changed.
type PictureSave struct {
	Version int64  `json:"version"`
	Alt     string `json:"alt"`
	Across  *int   `json:"across"` // where the face is, in hundredths from the left
	Down    *int   `json:"down"`   // and from the top
	Then    string `json:"then"`
}

// Validate mends and checks all fields.
func (in *PictureSave) Validate() error {
	problems := Problems{}
	checkVersion(in.Version, problems)
	alt, err := CleanLine(in.Alt, MaxAlt)
	problems.Add("alt", err)
	if err == nil {
		in.Alt = alt
	}
	for name, n := range map[string]*int{"across": in.Across, "down": in.Down} {
		if n != nil && (*n < 0 || *n > 100) {
			problems.Add(name, Reason("Give a whole number from 0 to 100."))
		}
	}
	return problems.Err()
}

// Focus is the point that no crop loses, as a document holds it; "" for the middle.
func (in *PictureSave) Focus() string {
	if in.Across == nil || in.Down == nil {
		return ""
	}
	return fmt.Sprintf("%d%% %d%%", *in.Across, *in.Down)
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
