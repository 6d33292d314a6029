package artist

import (
	"errors"
	"net/http"
	"os"

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
	p, err := h.keep(r, id, file)
	if err != nil {
		return web.Reply{}, err
	}
	address := views.Media(views.WithCDN(r.Request().Context(), h.CDN), model.MediaFile(p.Name, p.Width))
	if h.CDN == "" {
		address = h.Origin + address
	}
	return web.Reply{Status: http.StatusCreated, JSON: Media{ID: p.Name, URL: address, Width: p.Width, Height: p.Height},
		Header: http.Header{"Location": {address}}}, nil
}

// keep makes a picture out of an upload and gives it to a profile. It closes the
// file.
func (h *Profiles) keep(r *web.Request, id model.ProfileID, file *os.File) (media.Picture, error) {
	defer file.Close()
	ctx := r.Request().Context()
	p, err := h.Pictures.Maker.Make(ctx, file)
	if err != nil {
		return p, err
	}
	return p, h.Pictures.Store.Keep(ctx, h.Store, r.UserID(), id, p)
}

// SavePicture saves the portrait into the draft: a new file, or words and focus of
// the one that is there.
func (h *Profiles) SavePicture(r *web.Request) (web.Reply, error) {
	id, err := r.ProfileID()
	if err != nil {
		return web.Reply{}, err
	}
	if err := h.as(r, func(tx *store.UserTx) error { _, err := tx.Profile(r.Request().Context(), id); return err }); err != nil {
		return web.Reply{}, err
	}
	in, file, err := web.ReadUpload[model.PictureSave](r, h.upload())
	name := ""
	if err == nil && file != nil {
		var p media.Picture
		p, err = h.keep(r, id, file)
		name = p.Name
	} else if file != nil {
		err = errors.Join(err, file.Close())
	}
	var p model.Profile
	if err == nil {
		p, err = h.editDraft(r, in.Version, func(p model.Profile) (model.Draft, model.Edit, error) {
			next := p.Working()
			picture := model.Picture{Alt: in.Alt, Focus: in.Focus()}
			switch was := next.Document.Picture; {
			case name != "":
				picture.Media = name
				if was == nil || was.Media != name {
					picture.Focus = "" // it was the other picture's
				}
			case was == nil:
				return next, model.Edit{}, model.Invalid(media.Field, "Choose a picture first.")
			default:
				picture.Media = was.Media
			}
			next.Document.Picture = &picture
			return next, model.Edit{Kind: model.EditPicture, Typing: name == ""}, nil
		})
	}
	if err != nil {
		return h.refused(r, asInvalid(err), artist.TabWho, func(v *artist.Editor, e *model.Error) {
			v.Who.Picture.Errors = ui.Errors(fieldsOf(e))
			if in.Version > 0 {
				v.Who.Picture.Alt = in.Alt
			}
		})
	}
	return h.edited(p, views.EditorTab(p.ID, string(artist.TabWho)), nil, nil), nil
}

// asInvalid tells what is wrong with a file beside its field, like any other field.
func asInvalid(err error) error {
	var e *model.Error
	if errors.As(err, &e) && len(e.Fields) > 0 {
		return model.Problems(e.Fields).Err()
	}
	return err
}

// RemovePicture takes the portrait out of the draft; Undo brings it back.
func (h *Profiles) RemovePicture(r *web.Request) (web.Reply, error) {
	in, err := web.Read[model.VersionOnly](r)
	var p model.Profile
	if err == nil {
		p, err = h.editDraft(r, in.Version, func(p model.Profile) (model.Draft, model.Edit, error) {
			next := p.Working()
			next.Document.Picture = nil
			return next, model.Edit{Kind: model.EditPicture}, nil
		})
	}
	if err != nil {
		return h.refused(r, err, artist.TabWho)
	}
	return h.edited(p, views.EditorTab(p.ID, string(artist.TabWho)), nil, nil), nil
}

// pictureOf is the portrait as the editor shows it.
func (h *Profiles) pictureOf(r *web.Request, p model.Profile, used int) artist.Picture {
	out := artist.Picture{Room: meter("pictures", used, plans.Of(plans.Plan(p.Plan)), func(e plans.Entitlements) int { return e.Pictures })}
	picture, public := p.Working().Document.Picture, p.Document.Picture
	out.Changed = (picture == nil) != (public == nil) ||
		picture != nil && (picture.Media != public.Media || picture.Alt != public.Alt || picture.Focus != public.Focus)
	if picture == nil {
		return out
	}
	width, height, ok := model.ParseMedia(picture.Media)
	if !ok {
		return out
	}
	out.Width, out.Height, out.Alt = width, height, picture.Alt
	out.Src = views.Media(views.WithCDN(r.Request().Context(), h.CDN), model.MediaFile(picture.Media, model.MediaWidths(width)[0]))
	out.Across, out.Down = model.FocusOf(picture.Focus)
	return out
}
