package artist

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/views"
	"github.com/hlpfl/platform/views/ui"
)

// Picture is the portrait in the tab "Who", or the background in the tab "Sleeve": a form with one field of a picture,
// model.PictureField.
type Picture struct {
	Form BlockForm
	// Changed marks that it differs from what is public.
	Changed bool
	// Room is the plan's limit of pictures.
	Room ui.Meter
}

// StoredPicture is a picture as a form shows it.
type StoredPicture struct {
	// Src is its smallest file, Large one to work on.
	Src, Large string
	// Width and Height are those of the whole file, in pixels.
	Width, Height int
	// Whole is the picture that this one was cut out of, nil for one that is whole; Crop is where.
	Whole *StoredPicture
	Crop  model.Rect
}

// PictureChoice is a stored picture to choose: its name, a small file of it.
type PictureChoice struct{ Media, Src string }

// pictureAt is one field of a picture: the name that its parts begin with, what it is called and what its words are for.
// Names of its parts are "cover.media", "cover.file", "cover.alt", "cover.across" and "cover.down" (the focus point in
// hundredths), "cover.crop_left" and the like. Its buttons send "then": "show:cover", "pick:cover:<name>", "crop:cover",
// "uncrop:cover", "out:cover".
type pictureAt struct {
	name, label string
	// alt says what its words are for; empty for one that only decorates.
	alt string
	// square tells that pages show it square, and so is its crop.
	square bool
}

// The words under what a picture shows.
const (
	altShows = "Say it in a few words, for those who cannot see it. Leave it empty if the picture only decorates."
	altBare  = "Say it in a few words, for those who cannot see it: the picture stands alone."
)

// shownPicture is the picture that a field holds, false for none.
func (f BlockForm) shownPicture(name string) (StoredPicture, bool) {
	p, ok := f.Stored[f.val(name+".media")]
	return p, ok
}

// point is the focus point of a field's picture as its two numbers show it, "" where there is none.
func (f BlockForm) point(name string) (across, down string) {
	across, typed := f.Values[name+".across"]
	down, also := f.Values[name+".down"]
	if typed || also || f.val(name+".focus") == "" {
		return across, down
	}
	x, y := model.FocusOf(f.val(name + ".focus"))
	return strconv.Itoa(x), strconv.Itoa(y)
}

// rect is where a field's picture is to be cropped: as it was typed, as it is cropped, or all of it that has the shape.
func (f BlockForm) rect(name string, p StoredPicture, square bool) map[string]string {
	whole, r := p.whole(), p.Crop
	if p.Whole == nil {
		r = model.Rect{Width: whole.Width, Height: whole.Height}
		if side := min(whole.Width, whole.Height); square {
			r = model.Rect{Left: (whole.Width - side) / 2, Top: (whole.Height - side) / 2, Width: side, Height: side}
		}
	}
	out := map[string]string{}
	for part, n := range map[string]int{"left": r.Left, "top": r.Top, "width": r.Width, "height": r.Height} {
		out[part] = strconv.Itoa(n)
		if typed, ok := f.Values[name+".crop_"+part]; ok {
			out[part] = typed
		}
	}
	return out
}

// whole is the picture that a crop is taken from.
func (p StoredPicture) whole() StoredPicture {
	if p.Whole != nil {
		return *p.Whole
	}
	return p
}

// cropWrong reports whether something is wrong with the numbers of a crop.
func (f BlockForm) cropWrong(name string) bool {
	for field := range f.Errors {
		if strings.HasPrefix(field, name+".crop_") {
			return true
		}
	}
	return false
}

// fileWrong is what is wrong with a field's file, or with the picture as a whole.
func (f BlockForm) fileWrong(name string) ui.Errors {
	for _, field := range []string{name + ".file", name + ".media", name} {
		if f.Errors[field] != "" {
			return ui.Errors{name + ".file": f.Errors[field]}
		}
	}
	return nil
}

// withPicture reports whether the form of a type of block has a field for a picture.
func withPicture(kind string) bool {
	switch kind {
	case "link", "image", "gallery", "merch", "embed", "release":
		return true
	}
	return false
}

// aroundForm are the attributes of a block's form: one with pictures is sent with its files.
func aroundForm(kind string, a templ.Attributes) templ.Attributes {
	if withPicture(kind) {
		return uploading(a)
	}
	return a
}

// UploadRefused says why a file was not taken. It is the whole answer of views.PictureUpload.
func UploadRefused(e *model.Error) templ.Component {
	reason := e.Message
	for _, only := range e.Fields {
		reason = only
	}
	return uploadRefused(reason)
}

func sampleStored() map[string]StoredPicture {
	sleeve := func(name string) StoredPicture {
		src := views.Static(context.Background(), "img/sleeve-"+name+".webp")
		return StoredPicture{Src: src, Large: src, Width: 624, Height: 1248}
	}
	whole := sleeve("tape")
	cut := sleeve("tape")
	cut.Width, cut.Height, cut.Whole, cut.Crop = 480, 480, &whole, model.Rect{Left: 60, Top: 120, Width: 480, Height: 480}
	return map[string]StoredPicture{"a1": sleeve("plain"), "a2": whole, "cut": cut}
}

func samplePicture() Picture {
	f := sampleForm("", Provider{}, "picture.media", "a1", "picture.alt", "Ines Okafor singing with her eyes closed", "picture.focus", "46% 42%")
	f.Stored, f.Pictures = sampleStored(), samplePictures()
	return Picture{Form: *f, Changed: true, Room: ui.Meter{What: "pictures", Used: 3, Limit: 50, Plan: "Free", LiftedBy: "Artist", Lifted: 500}}
}

// QueuedFile is a file on its way, for the samples: the script draws the same.
type QueuedFile struct {
	Name    string
	Percent int
	// Wrong is why it did not arrive, empty while it is on its way.
	Wrong string
}

func (q QueuedFile) says() string {
	if q.Wrong != "" {
		return q.Wrong
	}
	return fmt.Sprintf("%d %% sent.", q.Percent)
}
