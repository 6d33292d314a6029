package artist

import (
	"io"
	"maps"
	"net/http"

	"github.com/hlpfl/platform/handlers/web"
	"github.com/hlpfl/platform/internal/media"
	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/internal/plans"
	"github.com/hlpfl/platform/store"
	"github.com/hlpfl/platform/views"
	"github.com/hlpfl/platform/views/artist"
	"github.com/hlpfl/platform/views/ui"
)

// Pictures is what uploading needs.
type Pictures struct {
	Store  *media.Store
	Maker  *media.Maker
	Folder string // where uploads wait
}

// Media is a stored picture as programs get it.
type Media struct {
	ID     string `json:"id" doc:"what profile_data.picture.media names"`
	URL    string `json:"url" doc:"of the largest WebP"`
	Width  int    `json:"width" doc:"pixels"`
	Height int    `json:"height" doc:"pixels"`
	From   string `json:"cropped_from,omitempty" doc:"the picture that this one was cut out of; it stays as long as this one, so that a document may name it again"`
}

// MediaForm describes the body of an upload.
type MediaForm struct {
	File []byte `json:"file" doc:"JPEG, PNG, WebP or GIF, at most 20 MB and 25 megapixels"`
}

func (h *Profiles) upload() web.Upload {
	return web.Upload{Field: media.Field, Most: media.MaxUpload, Folder: h.Pictures.Folder, TooLarge: media.TooLarge()}
}

// AddMedia answers POST /api/profiles/:id/media. What it answers with 201 lasts.
func (h *Profiles) AddMedia(r *web.Request) (web.Reply, error) {
	id, err := r.ProfileID()
	if err != nil {
		return web.Reply{}, err
	}
	// Whose it is and whether there is room comes before 20 MB are read.
	if err := h.as(r, func(tx *store.UserTx) error { return tx.RoomForMedia(r.Request().Context(), id) }); err != nil {
		return web.Reply{}, err
	}
	_, file, err := web.ReadUpload[model.MediaUpload](r, h.upload())
	if err != nil {
		return web.Reply{}, err
	}
	if file == nil {
		return web.Reply{}, model.Invalid(media.Field, "Send the picture as the part “file” of a multipart/form-data body.")
	}
	defer file.Close()
	p, err := h.make(r, id, file)
	if err != nil {
		return web.Reply{}, err
	}
	return h.stored(r, p, ""), nil
}

// stored is the answer to a picture that was stored.
func (h *Profiles) stored(r *web.Request, p media.Picture, from string) web.Reply {
	address := views.Media(views.WithCDN(r.Request().Context(), h.CDN), model.MediaFile(p.Name, p.Width))
	if h.CDN == "" {
		address = h.Origin + address
	}
	return web.Reply{Status: http.StatusCreated, JSON: Media{ID: p.Name, URL: address, Width: p.Width, Height: p.Height, From: from},
		Header: http.Header{"Location": {address}}}
}

// CropMedia answers POST /api/profiles/:id/media/:media/crop: another picture, cut
// out of one of the profile's. What it answers with 201 lasts.
func (h *Profiles) CropMedia(r *web.Request) (web.Reply, error) {
	id, err := r.ProfileID()
	if err != nil {
		return web.Reply{}, err
	}
	name := r.Param("media")
	if _, _, err := h.cropOf(r, id, name); err != nil {
		return web.Reply{}, err // whose it is comes before what is wrong with it
	}
	in, err := web.Read[model.CropSave](r)
	if err != nil {
		return web.Reply{}, err
	}
	width, height, _ := model.ParseMedia(name)
	rect, err := in.Rect(width, height, "")
	if err != nil {
		return web.Reply{}, err
	}
	p, err := h.crop(r, id, model.Crop{From: name, Rect: rect})
	if err != nil {
		return web.Reply{}, err
	}
	return h.stored(r, p, name), nil
}

// UploadPicture takes one file for a field of a picture, while the form that the
// field is in stays as it is. It answers with the picture's name, or with why not.
func (h *Profiles) UploadPicture(r *web.Request) (web.Reply, error) {
	id, err := r.ProfileID()
	if err != nil {
		return web.Reply{}, err
	}
	if _, err := h.byID(r, id); err != nil {
		return web.Reply{}, err
	}
	_, file, err := web.ReadUpload[model.MediaUpload](r, h.upload())
	if err == nil && file == nil {
		err = model.Invalid(media.Field, "Choose a picture: no file came.")
	}
	if err == nil {
		// A browser hears why only when all that it sends was read.
		err = h.as(r, func(tx *store.UserTx) error { return tx.RoomForMedia(r.Request().Context(), id) })
	}
	if file != nil {
		defer file.Close()
	}
	var p media.Picture
	if err == nil {
		p, err = h.make(r, id, file)
	}
	if err != nil {
		return web.Reply{Again: artist.UploadRefused}, err
	}
	return web.Reply{Show: artist.Uploaded(p.Name)}, nil
}

// make makes a picture out of an upload and gives it to a profile.
func (h *Profiles) make(r *web.Request, id model.ProfileID, file io.ReadSeeker) (media.Picture, error) {
	ctx := r.Request().Context()
	p, err := h.Pictures.Maker.Make(ctx, file)
	if err != nil {
		return p, err
	}
	return p, h.Pictures.Store.Keep(ctx, h.Store, r.UserID(), id, p)
}

// hanging is where a picture of the page itself stands, outside of its blocks.
type hanging struct {
	tab  artist.Tab
	kind model.EditKind
	in   func(*model.Document) **model.Picture
	form func(*artist.Editor) *artist.Picture
}

var (
	portrait = hanging{artist.TabWho, model.EditPicture, func(d *model.Document) **model.Picture { return &d.Picture },
		func(v *artist.Editor) *artist.Picture { return &v.Who.Picture }}
	background = hanging{artist.TabSleeve, model.EditLook, func(d *model.Document) **model.Picture { return &d.Theme.Background },
		func(v *artist.Editor) *artist.Picture { return &v.Sleeve.Background }}
)

// SavePicture saves the portrait into the draft: a new file, one that is stored, a
// crop of it, or words and focus of the one that is there.
func (h *Profiles) SavePicture(r *web.Request) (web.Reply, error) {
	in, err := readPictures(h, r, func(in *model.PictureSave) string { return in.Then })
	p, err := h.hang(r, in, err, portrait)
	if model.KindOf(err) == model.KindConflict {
		form := in.PicturesIn()
		focus, _ := form.Focus(model.PictureField) // it was checked before the save
		return h.pictureConflict(r, model.Picture{Media: form.Media(model.PictureField), Alt: form[model.PictureField+".alt"], Focus: focus}, err)
	}
	return h.hung(r, in, p, err, portrait)
}

// SaveBackground does the same with what stands behind the page.
func (h *Profiles) SaveBackground(r *web.Request) (web.Reply, error) {
	in, err := readPictures(h, r, func(in *model.PictureSave) string { return in.Then })
	p, err := h.hang(r, in, err, background)
	return h.hung(r, in, p, err, background)
}

// hang puts what a form asks for into the draft, unless the form was wrong.
func (h *Profiles) hang(r *web.Request, in model.PictureSave, err error, at hanging) (model.Profile, error) {
	if err != nil {
		return model.Profile{}, err
	}
	_, asked := pictureActOf(in.Then)
	return h.editDraft(r, in.Version, func(p model.Profile) (model.Draft, model.Edit, error) {
		next := p.Working()
		mine := at.in(&next.Document)
		was := *mine
		var err error
		*mine, err = in.Portrait(was)
		same := was != nil && *mine != nil && was.Media == (*mine).Media
		return next, model.Edit{Kind: at.kind, Typing: same && !asked}, err
	})
}

// hung answers for it.
func (h *Profiles) hung(r *web.Request, in model.PictureSave, p model.Profile, err error, at hanging) (web.Reply, error) {
	if err != nil {
		act, _ := pictureActOf(in.Then)
		return h.refused(r, err, at.tab, func(v *artist.Editor, e *model.Error) {
			f := &at.form(v).Form
			f.Errors = ui.Errors(fieldsOf(e))
			if in.Version > 0 {
				maps.Copy(f.Values, in.PicturesIn())
			}
			f.Open = act.field
		})
	}
	return h.edited(p, views.EditorTab(p.ID, string(at.tab)), nil, nil), nil
}

// pictureOf is such a picture as the editor shows it.
func (h *Profiles) pictureOf(p model.Profile, used int, at hanging) artist.Picture {
	out := artist.Picture{Room: meter("pictures", used, plans.Of(plans.Plan(p.Plan)), func(e plans.Entitlements) int { return e.Pictures })}
	draft, published := p.Working().Document, p.Document
	picture, public := *at.in(&draft), *at.in(&published)
	out.Changed = (picture == nil) != (public == nil) ||
		picture != nil && (picture.Media != public.Media || picture.Alt != public.Alt || picture.Focus != public.Focus)
	out.Form.Values = map[string]string{}
	if picture != nil {
		form := model.FormPictures(out.Form.Values)
		form.Put(model.PictureField, picture.Media, picture.Focus)
		form[model.PictureField+".alt"] = picture.Alt
	}
	return out
}
