package artist

import (
	"context"
	"errors"
	"strings"

	"github.com/hlpfl/platform/handlers/web"
	"github.com/hlpfl/platform/internal/media"
	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/store"
	"github.com/hlpfl/platform/views"
	"github.com/hlpfl/platform/views/artist"
)

// pictureFiles are the parts of forms that bring a file.
var pictureFiles = []string{"picture.file", "thumb.file", "cover.file", "pictures.file"}

// filesAtOnce is how many files a form may bring.
const filesAtOnce = model.MaxPictures

// formWithPictures is an input that a form of pictures fills.
type formWithPictures interface {
	PicturesIn() model.FormPictures
	Validate() error
}

// readPictures reads a form that may bring files. What it brings is stored and named
// in the input, then what its button asks of a picture is done. What is wrong with a
// file stands beside its field, and all that was typed is in the input.
func readPictures[T any, P interface {
	*T
	formWithPictures
}](h *Profiles, r *web.Request, then func(P) string) (in T, err error) {
	id, err := r.ProfileID()
	if err != nil {
		return in, err
	}
	var files []web.File
	if web.IsUpload(r) {
		// Whose it is comes before 20 MB are read.
		if err := h.as(r, func(tx *store.UserTx) error { _, err := tx.Profile(r.Request().Context(), id); return err }); err != nil {
			return in, err
		}
		in, files, err = web.ReadUploads[T](r, web.Upload{Fields: pictureFiles, Files: filesAtOnce, Most: media.MaxUpload, Folder: h.Pictures.Folder, TooLarge: media.TooLarge()})
	} else {
		in, err = web.Read[T](r)
	}
	defer web.CloseFiles(files)
	problems := model.Problems{}
	if other := problems.AddAll("", err); other != nil {
		return in, other
	}
	form := P(&in).PicturesIn()
	act, asked := pictureActOf(then(&in))
	if !asked && len(files) == 0 {
		return in, err
	}
	wrong := model.Problems{}
	for _, f := range files {
		if other := wrong.AddAll("", h.takeFile(r, id, form, f)); other != nil {
			return in, other
		}
	}
	if asked {
		if other := wrong.AddAll("", h.doPicture(r, id, form, act)); other != nil {
			return in, other
		}
	}
	// The input is made anew from the form; what could not be read of it stays wrong.
	if other := wrong.AddAll("", P(&in).Validate()); other != nil {
		return in, other
	}
	for field, reason := range problems {
		wrong.Add(field, model.Reason(reason))
	}
	return in, wrong.Err()
}

// takeFile stores one file of a form and names it there.
func (h *Profiles) takeFile(r *web.Request, id model.ProfileID, form model.FormPictures, f web.File) error {
	field := strings.TrimSuffix(f.Field, ".file")
	p, err := media.Picture{}, f.Err
	if err == nil {
		p, err = h.make(r, id, f.File)
	}
	if e := (*model.Error)(nil); errors.As(err, &e) && e.Fields[media.Field] != "" {
		reason := e.Fields[media.Field]
		if field == "pictures" && f.Name != "" {
			reason = f.Name + ": " + reason // which of them
		}
		return model.Invalid(f.Field, reason)
	}
	if err != nil {
		return err
	}
	if field == "pictures" {
		form.Add(field, p.Name)
	} else {
		form.Put(field, p.Name, "")
	}
	return nil
}

// pictureAct is what a button of a picture's field asks for: "show:cover" to see
// what was chosen, "pick:cover:<name>" to take one that is stored, "crop:cover",
// "uncrop:cover", "out:cover".
type pictureAct struct{ do, field, media string }

// pictureActOf reads the "then" of a form; ok is false when it is another.
func pictureActOf(then string) (a pictureAct, ok bool) {
	a.do, a.field, ok = strings.Cut(then, ":")
	a.field, a.media, _ = strings.Cut(a.field, ":")
	switch a.do {
	case "show", "pick", "crop", "uncrop", "out":
		return a, ok
	}
	return pictureAct{}, false
}

// doPicture does it in what the form said.
func (h *Profiles) doPicture(r *web.Request, id model.ProfileID, form model.FormPictures, a pictureAct) error {
	switch {
	case a.do == "pick" && a.field == "pictures":
		form.Add(a.field, a.media)
	case a.do == "pick":
		form.Put(a.field, a.media, "")
	case a.do == "out":
		form.TakeOut(a.field)
	case a.do == "crop" || a.do == "uncrop":
		return h.cropIn(r, id, form, a)
	}
	return nil
}

// cropIn crops the picture of a field out of the whole one that it came from, or
// puts that back.
func (h *Profiles) cropIn(r *web.Request, id model.ProfileID, form model.FormPictures, a pictureAct) error {
	name := form.Media(a.field)
	was, cut, err := h.cropOf(r, id, name)
	if model.KindOf(err) == model.KindNotFound {
		return model.Invalid(a.field+".media", "This picture is gone. Choose another one.")
	}
	if err != nil {
		return err
	}
	focus, err := form.Focus(a.field)
	if err != nil {
		return err
	}
	whole := name
	if cut {
		whole = was.From
		width, height, _ := model.ParseMedia(whole)
		focus = was.FocusOutside(focus, width, height)
	}
	if a.do == "uncrop" {
		form.Put(a.field, whole, focus)
		return nil
	}
	width, height, _ := model.ParseMedia(whole)
	rect, err := form.Crop(a.field).Rect(width, height, a.field+".crop_")
	if err != nil {
		return err
	}
	p, err := h.crop(r, id, model.Crop{From: whole, Rect: rect})
	if e := (*model.Error)(nil); errors.As(err, &e) && e.Fields[media.Field] != "" {
		return model.Invalid(a.field+".crop_width", e.Fields[media.Field])
	}
	if err != nil {
		return err
	}
	form.Put(a.field, p.Name, rect.FocusInside(focus, width, height))
	return nil
}

func (h *Profiles) cropOf(r *web.Request, id model.ProfileID, name string) (c model.Crop, cut bool, err error) {
	err = h.as(r, func(tx *store.UserTx) error {
		c, cut, err = tx.CropOf(r.Request().Context(), id, name)
		return err
	})
	return c, cut, err
}

// crop makes a picture out of one of the profile's and gives it to the profile.
func (h *Profiles) crop(r *web.Request, id model.ProfileID, c model.Crop) (media.Picture, error) {
	ctx := r.Request().Context()
	p, err := h.Pictures.Maker.Crop(ctx, h.Pictures.Store, c.From, c.Rect)
	if err != nil {
		return p, err
	}
	return p, h.Pictures.Store.KeepCrop(ctx, h.Store, r.UserID(), id, p, c)
}

// readBlock reads a block as a form or a program gives it, pictures that come with a
// form included. asked tells that a form's button wants something of a picture: it
// is done, and the form is to be seen again.
func (h *Profiles) readBlock(r *web.Request) (in model.BlockSave, asked bool, err error) {
	if r.Door != web.Form {
		in, err = web.Read[model.BlockSave](r)
		return in, false, err
	}
	in, err = readPictures(h, r, func(in *model.BlockSave) string { return in.Then })
	_, asked = pictureActOf(in.Then)
	return in, asked, err
}

// withPictures adds the profile's pictures to a form, and those that it names.
func (h *Profiles) withPictures(f *artist.BlockForm, v *artist.Editor) {
	if f == nil {
		return
	}
	f.Stored, f.Pictures, f.Upload = map[string]artist.StoredPicture{}, nil, views.PictureUpload(v.ID)
	if f.Values == nil {
		f.Values = map[string]string{}
	}
	for field, name := range f.Values {
		if p := h.storedPicture(name); strings.HasSuffix(field, ".media") && p.Src != "" {
			if c, cut := v.Crops[name]; cut {
				whole := h.storedPicture(c.From)
				p.Crop, p.Whole = c.Rect, &whole
			}
			f.Stored[name] = p
		}
	}
	for _, name := range v.Pictures {
		// What was cut out is reached by what it was cut out of.
		if p := h.storedPicture(name); p.Src != "" && v.Crops[name].From == "" && len(f.Pictures) < maxPicks {
			f.Pictures = append(f.Pictures, artist.PictureChoice{Media: name, Src: p.Src})
		}
	}
}

// storedPicture is a picture as a form shows it; its Src is empty for what is none.
func (h *Profiles) storedPicture(name string) (p artist.StoredPicture) {
	width, height, ok := model.ParseMedia(name)
	if !ok {
		return p
	}
	widths := model.MediaWidths(width)
	p.Width, p.Height = width, height
	p.Src = h.mediaFile(name, widths[0])
	p.Large = h.mediaFile(name, widths[min(1, len(widths)-1)])
	return p
}

// mediaFile is the address of one file of a stored picture.
func (h *Profiles) mediaFile(name string, width int) string {
	return h.CDN + views.Media(context.Background(), model.MediaFile(name, width))
}
