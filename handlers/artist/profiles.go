// Package artist is the room of people who have a page: the dashboard, and through
// the same handlers the JSON API.
package artist

import (
	"context"
	"encoding/base64"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/hlpfl/platform/handlers/web"
	"github.com/hlpfl/platform/internal/auth"
	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/internal/pages"
	"github.com/hlpfl/platform/store"
	"github.com/hlpfl/platform/views"
	"github.com/hlpfl/platform/views/artist"
)

// Profiles answers for profiles, their drafts and the editor.
type Profiles struct {
	Store  *store.Store
	Pages  *pages.Pages
	Origin string // of public addresses, no slash at its end: https://hlpfl.example
	CDN    string // prefix for media, "" for none
	Now    func() time.Time
	// Pictures are where uploads become pictures.
	Pictures Pictures
	// Recent gives the figures of the last 28 days that stand in lists.
	Recent func(context.Context, *store.UserTx, model.Profile) (Recent, error)
}

// Recent are a profile's figures of the last 28 days.
type Recent struct {
	Views  int
	ByDay  []int // views, oldest first; empty when there never was one
	Clicks map[model.BlockID]int
}

// Profile is a profile as programs get it.
type Profile struct {
	ID          model.ProfileID `json:"id"`
	Handle      model.Handle    `json:"handle"`
	URL         string          `json:"url"`
	ProfileName string          `json:"profile_name"`
	TimeZone    string          `json:"time_zone"`
	ProfileData model.Document  `json:"profile_data" doc:"what is public"`
	Draft       *Draft          `json:"draft" doc:"what waits to be published; null when nothing does"`
	Version     int64           `json:"version" doc:"raised by every save"`
	IsActive    bool            `json:"is_active"`
	CreatedAt   time.Time       `json:"created_at"`
	UpdatedAt   time.Time       `json:"updated_at"`
	DeletedAt   *time.Time      `json:"deleted_at,omitempty" doc:"of deleted ones alone"`

	Block  *model.Block  `json:"block,omitempty" doc:"in the answer to adding, changing or moving one"`
	Social *model.Social `json:"social,omitempty" doc:"in the answer to adding, changing or moving one"`
}

// Draft is what waits to be published.
type Draft struct {
	ProfileName string         `json:"profile_name"`
	ProfileData model.Document `json:"profile_data"`
	PublishAt   *time.Time     `json:"publish_at" doc:"when it goes public by itself; null: when somebody publishes it"`
}

// ProfileList is a page of a list.
type ProfileList struct {
	Data []Profile `json:"data"`
	Next *string   `json:"next" doc:"the cursor of the next page; null on the last"`
}

// ListQuery asks for a page of a list.
type ListQuery struct {
	Cursor  string `json:"cursor" doc:"the next of the page before"`
	Limit   int    `json:"limit" doc:"at most 100; 50 when absent"`
	Deleted bool   `json:"deleted" doc:"true lists those that can be restored instead"`
}

// JSON is a profile as programs get it.
func (h *Profiles) JSON(p model.Profile) Profile {
	out := Profile{
		ID: p.ID, Handle: p.Handle, URL: h.url(p.Handle), ProfileName: p.Name, TimeZone: p.TimeZone, ProfileData: p.Document,
		Version: p.Version, IsActive: p.IsActive, CreatedAt: p.CreatedAt, UpdatedAt: p.UpdatedAt, DeletedAt: p.DeletedAt,
	}
	if p.Draft != nil {
		out.Draft = &Draft{p.Draft.Name, p.Draft.Document, nil}
		if p.Scheduled.Stands() {
			out.Draft.PublishAt = &p.Scheduled.At
		}
	}
	return out
}

// url is the public address of a handle.
func (h *Profiles) url(handle model.Handle) string {
	return h.Origin + views.Profile(handle.String())
}

// host is how that address is written before the handle, without a scheme.
func (h *Profiles) host() string {
	_, host, _ := strings.Cut(h.Origin, "://")
	return host
}

func origin(r *web.Request) store.Origin {
	return store.Origin{Actor: r.UserID(), AddressPrefix: auth.Network(r.Address())}
}

// profile reads the profile of the path. It is NotFound for a malformed id, and
// for somebody else's.
func (h *Profiles) profile(r *web.Request) (model.Profile, error) {
	id, err := r.ProfileID()
	if err != nil {
		return model.Profile{}, err
	}
	return h.byID(r, id)
}

func (h *Profiles) byID(r *web.Request, id model.ProfileID) (p model.Profile, err error) {
	err = h.as(r, func(tx *store.UserTx) error {
		p, err = tx.Profile(r.Request().Context(), id)
		return err
	})
	return p, err
}

// as runs f as the one who is signed in.
func (h *Profiles) as(r *web.Request, f func(*store.UserTx) error) error {
	return h.Store.AsUser(r.Request().Context(), r.UserID(), f)
}

// List lists the user's profiles; on the desk, without any, it is the form for the
// first.
func (h *Profiles) List(r *web.Request) (web.Reply, error) {
	if r.Door != web.API {
		v, err := h.dashboard(r)
		return web.Reply{Show: artist.ProfilesPage(v)}, err
	}
	after, limit, deleted, err := listQuery(r)
	if err != nil {
		return web.Reply{}, err
	}
	var list []model.Profile
	err = h.as(r, func(tx *store.UserTx) error {
		if key := r.Signed.Key; key != nil && !key.Profile.IsZero() {
			list, err = only(r, tx, key.Profile, deleted)
			return err
		}
		list, err = tx.Profiles(r.Request().Context(), deleted, after, limit+1)
		return err
	})
	if err != nil {
		return web.Reply{}, err
	}
	out := ProfileList{Data: []Profile{}}
	for i, p := range list {
		if i == limit {
			next := cursorOf(list[i-1].ID)
			out.Next = &next
			break
		}
		out.Data = append(out.Data, h.JSON(p))
	}
	return web.Reply{JSON: out}, nil
}

// only is the list of a key that is for one profile: for it there is no other one.
func only(r *web.Request, tx *store.UserTx, id model.ProfileID, deleted bool) ([]model.Profile, error) {
	if deleted {
		return nil, nil
	}
	p, err := tx.Profile(r.Request().Context(), id)
	if err = store.Translate(err); model.KindOf(err) == model.KindNotFound {
		return nil, nil // it was deleted
	}
	return []model.Profile{p}, err
}

func listQuery(r *web.Request) (after model.ProfileID, limit int, deleted bool, err error) {
	problems := model.Problems{}
	limit = 50
	if text := r.QueryParam("limit"); text != "" {
		if limit, err = strconv.Atoi(text); err != nil || limit < 1 || limit > 100 {
			problems.Add("limit", model.Reason("Give a number from 1 to 100."))
		}
	}
	after, err = readCursor(r.QueryParam("cursor"))
	problems.Add("cursor", err)
	switch text := r.QueryParam("deleted"); text {
	case "", "false":
	case "true":
		deleted = true
	default:
		problems.Add("deleted", model.Reason("Give true or false."))
	}
	return after, limit, deleted, problems.Err()
}

// cursorOf names the last profile of a page, for the next one.
func cursorOf(id model.ProfileID) string { return base64.RawURLEncoding.EncodeToString(id.UUID[:]) }

// readCursor reads what cursorOf wrote; zero for "". The error is a Reason.
func readCursor(text string) (after model.ProfileID, err error) {
	raw, wrong := base64.RawURLEncoding.DecodeString(text)
	if text != "" && (wrong != nil || len(raw) != len(after.UUID)) {
		return after, model.Reason("Give the “next” of the page before, as it was.")
	}
	copy(after.UUID[:], raw)
	return after, nil
}

// One answers GET /api/profiles/:id.
func (h *Profiles) One(r *web.Request) (web.Reply, error) {
	p, err := h.profile(r)
	if err != nil {
		return web.Reply{}, err
	}
	return web.Reply{JSON: h.JSON(p)}, nil
}

// Create makes a profile, published at once.
func (h *Profiles) Create(r *web.Request) (web.Reply, error) {
	in, err := web.Read[model.ProfileCreate](r)
	if r.Door == web.Form {
		err = forgiveZone(&in, err)
	}
	if err == nil {
		err = setNetworks(&in.Document)
	}
	var p model.Profile
	if err == nil {
		err = h.as(r, func(tx *store.UserTx) error {
			p, err = tx.CreateProfile(r.Request().Context(), store.NewProfile{
				Handle: model.Handle(in.Handle), Name: in.ProfileName, TimeZone: in.TimeZone, Document: in.Document,
				Guide: r.Door == web.Form, Origin: origin(r),
			})
			return err
		})
	}
	if err != nil {
		err = h.offerHandle(r, err, in.Handle, in.ProfileName)
		return h.createAgain(r, in, err)
	}
	return web.Reply{
		Status: http.StatusCreated, JSON: h.JSON(p), Header: located(r, "/api/profiles/"+p.ID.String()),
		To: views.Said(views.Editor(p.ID), saidCreated),
	}, nil
}

// located tells a program where the new thing is.
func located(r *web.Request, path string) http.Header {
	if r.Door != web.API {
		return nil
	}
	return http.Header{"Location": {path}}
}

// forgiveZone leaves out a zone that the browser filled in and nobody knows: the
// account's takes its place.
func forgiveZone(in *model.ProfileCreate, err error) error {
	fields := fieldsOf(err)
	if fields["time_zone"] == "" {
		return err
	}
	in.TimeZone = ""
	delete(fields, "time_zone")
	return model.Problems(fields).Err()
}

// Save answers PUT /api/profiles/:id.
func (h *Profiles) Save(r *web.Request) (web.Reply, error) {
	p, err := h.profile(r)
	if err != nil {
		return web.Reply{}, err
	}
	in, wrong := web.Read[model.ProfileSave](r)
	if wrong != nil && model.KindOf(wrong) != model.KindInvalid {
		return web.Reply{}, wrong
	}
	if in.Version > 0 && in.Version != p.Version {
		return web.Reply{}, model.Conflict(p.Version)
	}
	change, err := in.Change(p, h.url(p.Handle))
	if err == nil && change.Document != nil {
		err = setNetworks(change.Document, p.Document, p.Working().Document)
	}
	if err = bothInvalid(wrong, err); err != nil {
		return web.Reply{}, err
	}
	err = h.as(r, func(tx *store.UserTx) error {
		p, err = tx.SaveProfile(r.Request().Context(), p.ID, in.Version, change, origin(r))
		return err
	})
	if err != nil {
		return web.Reply{}, h.offerHandle(r, err, deref(in.Handle), p.Name)
	}
	return web.Reply{JSON: h.JSON(p)}, nil
}

// bothInvalid tells the fields of two Invalid errors at once; any other error
// comes first.
func bothInvalid(a, b error) error {
	problems := model.Problems{}
	if err := problems.AddAll("", a); err != nil {
		return err
	}
	if err := problems.AddAll("", b); err != nil {
		return err
	}
	return problems.Err()
}

// Publish makes the draft public.
func (h *Profiles) Publish(r *web.Request) (web.Reply, error) {
	id, err := r.ProfileID()
	if err != nil {
		return web.Reply{}, err
	}
	in, err := web.Read[model.MaybeVersion](r)
	var p model.Profile
	if err == nil {
		err = h.as(r, func(tx *store.UserTx) error {
			if p, err = tx.PublishProfile(r.Request().Context(), id, in.Version); err != nil || !p.Guide || p.ThemePicked {
				return err
			}
			return tx.PickTheme(r.Request().Context(), id) // it was left as it was
		})
	}
	if err != nil {
		return h.refused(r, err, tabOf(r))
	}
	return web.Reply{JSON: h.JSON(p), To: views.Said(views.EditorTab(id, string(tabOf(r))), saidPublished), Follow: true}, nil
}

// Delete takes a profile down, to be restored within 30 days.
func (h *Profiles) Delete(r *web.Request) (web.Reply, error) {
	id, err := r.ProfileID()
	if err != nil {
		return web.Reply{}, err
	}
	in, err := web.Read[model.MaybeVersion](r)
	if err == nil {
		err = h.as(r, func(tx *store.UserTx) error {
			return tx.DeleteProfile(r.Request().Context(), id, in.Version, origin(r))
		})
	}
	if err != nil {
		return h.refused(r, err, "")
	}
	return web.Reply{To: views.SaidOf(views.Dashboard(), saidDeleted, id)}, nil
}

// Restore brings a deleted profile back.
func (h *Profiles) Restore(r *web.Request) (web.Reply, error) {
	id, err := r.ProfileID()
	if err != nil {
		return web.Reply{}, err
	}
	in, wrong := web.Read[model.MaybeVersion](r)
	var p model.Profile
	err = h.as(r, func(tx *store.UserTx) error {
		// Whose it is comes before what is wrong with it.
		if err := tx.OwnProfile(r.Request().Context(), id); err != nil {
			return err
		}
		if wrong != nil {
			return wrong
		}
		p, err = tx.RestoreProfile(r.Request().Context(), id, in.Version, origin(r))
		return err
	})
	if err != nil {
		return h.dashboardAgain(r, err)
	}
	return web.Reply{JSON: h.JSON(p), To: views.Said(views.Dashboard(), saidRestored)}, nil
}

func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
