package artist

import (
	"errors"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"github.com/hlpfl/platform/handlers/web"
	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/internal/plans"
	"github.com/hlpfl/platform/internal/providers"
	"github.com/hlpfl/platform/store"
	"github.com/hlpfl/platform/views/artist"
	"github.com/hlpfl/platform/views/ui"
)

// Editor shows the screen where a profile is edited.
func (h *Profiles) Editor(r *web.Request) (web.Reply, error) {
	id, err := r.ProfileID()
	if err != nil {
		return web.Reply{}, err
	}
	v, p, err := h.screen(r, id)
	if err != nil {
		return web.Reply{}, err
	}
	open, more := model.BlockID(r.QueryParam("open")), r.QueryParam("more")
	for i := range v.Blocks {
		row := &v.Blocks[i]
		if b, ok := p.Working().Document.Block(open); ok && row.ID == open && !row.Gone {
			row.Form = formOf(b, p)
			if row.Form != nil && more != "" {
				row.Form.Rows[more] = 1
			}
		}
	}
	if kind := r.QueryParam("add"); artist.Known(kind) {
		v.Add = blankForm(kind, p.TimeZone)
	}
	h.choosePictures(&v)
	return web.Reply{Show: artist.EditorPage(v)}, nil
}

// choosePictures offers the profile's pictures in the forms that are open.
func (h *Profiles) choosePictures(v *artist.Editor) {
	h.withPictures(v.Add, v)
	h.withPictures(&v.Who.Picture.Form, v)
	h.withPictures(&v.Sleeve.Background.Form, v)
	for i := range v.Blocks {
		h.withPictures(v.Blocks[i].Form, v)
	}
}

// screen is the editor of a profile as it is now, with nothing open.
func (h *Profiles) screen(r *web.Request, id model.ProfileID) (v artist.Editor, p model.Profile, err error) {
	ctx := r.Request().Context()
	var recent Recent
	var edits store.Edits
	var history artist.History
	var pictures int
	var stored []string
	var crops map[string]model.Crop
	err = h.as(r, func(tx *store.UserTx) error {
		if p, err = tx.Profile(ctx, id); err != nil {
			return err
		}
		if recent, err = h.recent(ctx, tx, p); err != nil {
			return err
		}
		if edits, err = tx.Edits(ctx, id); err != nil {
			return err
		}
		if pictures, err = tx.MediaCount(ctx, id); err != nil {
			return err
		}
		if stored, err = tx.Pictures(ctx, id, 10*maxPicks); err != nil {
			return err
		}
		if crops, err = tx.Crops(ctx, id); err != nil {
			return err
		}
		if tabOf(r) == artist.TabHistory {
			history, err = h.history(r, tx, p)
		}
		return err
	})
	if err != nil {
		return v, p, err
	}
	v = h.editor(r, p, recent, edits)
	v.History, v.Pictures, v.Crops = history, stored, crops
	v.Who.Picture, v.Sleeve.Background = h.pictureOf(p, pictures, portrait), h.pictureOf(p, pictures, background)
	return v, p, nil
}

// editor fills the screen. It reads nothing.
func (h *Profiles) editor(r *web.Request, p model.Profile, recent Recent, edits store.Edits) artist.Editor {
	now, draft := h.Now(), p.Working()
	diff := model.DiffOf(p.Document, draft.Document)
	v := artist.Editor{
		App: frame(r, draft.Name, ui.PlaceEdit, p.ID), ID: p.ID, Version: p.Version, Tab: tabOf(r),
		Name: draft.Name, Handle: p.Handle.String(), Host: h.host(), URL: h.url(p.Handle), Public: p.IsActive, Suspended: p.SuspendedAt != nil,
		Now: now, Changes: p.Changes(), UndoSays: undoSays(edits.Undo), RedoSays: undoSays(edits.Redo), Schedule: scheduleOf(p), Links: linksMeter(p.Plan, draft.Document),
		Blocks: rows(p, draft.Document, diff, recent, now),
		Who: artist.Who{
			Name: draft.Name, Bio: draft.Document.Bio, MaxBio: model.MaxBio, Changed: draft.Name != p.Name || draft.Document.Bio != p.Document.Bio,
			Handle: p.Handle.String(), TimeZone: p.TimeZone, Active: p.IsActive,
			HeldUntil: now.Add(model.RestorableFor).In(model.Zone(p.TimeZone)),
		},
		Elsewhere: artist.Elsewhere{Changed: diff.Socials || diff.Place, Networks: networkOptions(), AtFoot: draft.Document.SocialsAt == model.SocialsBottom},
		Sleeve:    artist.Sleeve{Themes: themes(draft.Document.Theme.Name), Look: lookOf(p, draft.Document.Theme), Changed: diff.Theme},
	}
	v.NextSays, v.Guide = nextSays(p.Document, model.Zone(p.TimeZone), now), guideOf(p)
	v.App.Flash = flash(r, p, v.UndoSays)
	if p.Draft != nil {
		v.Saved = p.UpdatedAt
	}
	for _, s := range draft.Document.Socials {
		v.Elsewhere.Socials = append(v.Elsewhere.Socials, artist.Social{
			ID: s.ID, Provider: socialProvider(s), Form: artist.SocialForm{URL: s.URL.String(), Network: s.Network}, Clicks: recent.Clicks[s.ID],
		})
	}
	return v
}

// tabOf is the tab of the editor that a request comes from or asks for.
func tabOf(r *web.Request) artist.Tab {
	switch tab := artist.Tab(r.QueryParam("tab")); tab {
	case artist.TabWho, artist.TabElsewhere, artist.TabSleeve, artist.TabHistory, artist.TabPreview:
		return tab
	}
	return artist.TabBlocks
}

// frame is what stands around every screen; a zero profile is none.
func frame(r *web.Request, title string, here ui.Place, profile model.ProfileID) ui.App {
	u := r.Signed.User
	return ui.App{Title: title, User: cmpOr(u.Name, u.Email), Here: here, Profile: profile, Admin: u.IsAdmin}
}

func cmpOr(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// guideOf follows what is there; nil when the guide was put away.
func guideOf(p model.Profile) *artist.Guide {
	if !p.Guide {
		return nil
	}
	d := p.Working().Document
	return &artist.Guide{
		Picture: d.Picture != nil || d.Bio != "", Links: d.Links() > 0, Sleeve: p.ThemePicked || d.Theme.Name != model.DefaultTheme,
		Published: p.Changes() == 0 && p.Document.Links() > 0,
	}
}

// linksMeter shows the plan's limit of links before one runs into it.
func linksMeter(plan string, d model.Document) ui.Meter {
	return meter("links", d.Links(), plans.Of(plans.Plan(plan)), func(e plans.Entitlements) int { return e.Links })
}

func meter(what string, used int, e plans.Entitlements, of func(plans.Entitlements) int) ui.Meter {
	m := ui.Meter{What: what, Used: used, Limit: of(e), Plan: e.Name}
	if lifted := plans.LiftedBy(e.Plan, of); lifted != "" {
		m.LiftedBy, m.Lifted = plans.Of(lifted).Name, of(plans.Of(lifted))
	}
	return m
}

// themeWords are what people read of the themes.
var themeWords = map[string][2]string{
	"jacket":   {"Jacket", "A 1960s jazz cover"},
	"gatefold": {"Gatefold", "Your picture, and a sleeve that slides over it"},
	"riso":     {"Riso", "Two inks, printed over each other"},
	"stadium":  {"Stadium", "Your name as large as the screen"},
	"tape":     {"Tape", "A cassette’s paper card"},
	"plain":    {"Plain", "Nothing but type"},
}

func themes(current string) []artist.Theme {
	var list []artist.Theme
	for _, name := range model.Themes() {
		words := themeWords[name]
		list = append(list, artist.Theme{Name: name, Label: words[0], Idea: words[1], Current: name == current})
	}
	return list
}

func networkOptions() []artist.Option {
	var list []artist.Option
	for _, p := range providers.Networks() {
		list = append(list, artist.Option{Value: p.Key, Label: p.Name})
	}
	return list
}

// socialProvider is whose icon a social gets: the named network's, unless the
// address leads elsewhere.
func socialProvider(s model.Social) artist.Provider {
	if named, ok := providers.ByKey(s.Network); ok && providers.Fits(s.Network, s.URL) {
		return providerOf(named, s.URL)
	}
	return providerOf(providers.Detect(s.URL), s.URL)
}

// refused answers for an act on a profile that came to nothing: the API gets the
// error, the form's screen is shown as it is now with a sentence above, on the tab
// that the form stands on. A show function fills in what was typed.
func (h *Profiles) refused(r *web.Request, err error, tab artist.Tab, show ...func(*artist.Editor, *model.Error)) (web.Reply, error) {
	id, idErr := r.ProfileID()
	if idErr != nil {
		return web.Reply{}, idErr
	}
	if r.Door == web.API {
		// Whose it is comes before what is wrong with it.
		if model.KindOf(err) == model.KindInvalid {
			if _, foreign := h.byID(r, id); foreign != nil {
				return web.Reply{}, foreign
			}
		}
		return web.Reply{}, err
	}
	switch model.KindOf(err) {
	case model.KindInternal, model.KindNotFound, model.KindUnavailable, model.KindUnauthorized, model.KindForbidden:
		return web.Reply{}, err
	}
	v, _, broken := h.screen(r, id)
	if broken != nil {
		return web.Reply{}, broken
	}
	v.Tab = tab
	return web.Reply{Again: func(e *model.Error) templ.Component {
		for _, f := range show {
			f(&v, e)
		}
		h.choosePictures(&v)
		v.Problem = problemOf(e, shown(v))
		return artist.EditorPage(v)
	}}, err
}

// problemOf is the sentence above a screen: what is wrong and stands beside no
// field that is shown.
func problemOf(e *model.Error, beside ui.Errors) string {
	switch e.Kind {
	case model.KindInvalid, model.KindTaken:
		var rest []string
		for field, reason := range e.Fields {
			if beside[field] == "" {
				rest = append(rest, reason)
			}
		}
		slices.Sort(rest)
		if len(e.Fields) == 0 {
			return e.Message
		}
		return strings.Join(rest, " ")
	case model.KindConflict:
		return "This page was changed elsewhere since you opened it. Here it stands as it is now; do it again if you still want to."
	}
	return e.Message
}

// shown are the errors that stand beside the fields of a screen.
func shown(v artist.Editor) ui.Errors {
	all := ui.Errors{}
	add := func(errors ui.Errors, fields ...string) {
		for _, field := range fields {
			if errors[field] != "" {
				all[field] = errors[field]
			}
		}
	}
	block := func(f *artist.BlockForm) {
		if f == nil {
			return
		}
		for field, reason := range f.Errors {
			if f.Beside(field) {
				all[field] = reason
			}
		}
	}
	switch v.Tab {
	case artist.TabWho:
		add(v.Who.Errors, "profile_name", "bio")
		block(&v.Who.Picture.Form)
		add(v.Who.AddressErrors, "handle", "time_zone")
	case artist.TabElsewhere:
		add(v.Elsewhere.Add.Errors, "url", "network")
		for _, s := range v.Elsewhere.Socials {
			add(s.Form.Errors, "url")
		}
	default:
		add(v.PasteErrors, "text")
		block(v.Add)
		for _, b := range v.Blocks {
			block(b.Form)
		}
	}
	return all
}

// fieldsOf are the wrong fields that an error names.
func fieldsOf(err error) map[string]string {
	var e *model.Error
	if errors.As(err, &e) && (e.Kind == model.KindInvalid || e.Kind == model.KindTaken) {
		return e.Fields
	}
	return nil
}
