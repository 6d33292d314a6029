package artist

import (
	"context"
	"strings"

	"github.com/a-h/templ"

	"github.com/hlpfl/platform/handlers/web"
	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/internal/plans"
	"github.com/hlpfl/platform/store"
	"github.com/hlpfl/platform/views"
	"github.com/hlpfl/platform/views/artist"
	"github.com/hlpfl/platform/views/ui"
)

const (
	cardsPage  = 50  // profiles on one page of the dashboard
	fewCards   = 12  // so many are found without a search
	maxDeleted = 200 // deleted ones that are shown
)

// NewProfile is the form for another profile.
func (h *Profiles) NewProfile(r *web.Request) (web.Reply, error) {
	v, err := h.dashboard(r)
	if err != nil {
		return web.Reply{}, err
	}
	return web.Reply{Show: artist.AnotherPage(another(v))}, nil
}

func another(v artist.Profiles) artist.Another {
	v.App.Title = "Another page"
	return artist.Another{App: v.App, Form: v.New, Limit: v.Limit}
}

func (h *Profiles) dashboard(r *web.Request) (artist.Profiles, error) {
	ctx := r.Request().Context()
	v := artist.Profiles{
		App: frame(r, "Profiles", ui.PlaceProfiles, model.ProfileID{}),
		New: artist.NewProfile{Handle: r.QueryParam("handle"), Host: h.host()},
	}
	v.App.Flash = listFlash(r)
	plan, live := plans.Plan(r.Signed.User.Plan), 0
	after, _ := readCursor(r.QueryParam("cursor")) // a wrong one was written by hand: the first page is shown
	v.Search = searched(r.QueryParam("q"))
	err := h.as(r, func(tx *store.UserTx) (err error) {
		if live, err = tx.ProfileCount(ctx); err != nil {
			return err
		}
		list, err := tx.FindProfiles(ctx, v.Search, after, cardsPage+1)
		if err != nil {
			return err
		}
		if len(list) > cardsPage {
			list = list[:cardsPage]
			v.Next = views.DashboardPage(v.Search, cursorOf(list[cardsPage-1].ID))
		}
		for _, p := range list {
			card, err := h.card(ctx, tx, p)
			if err != nil {
				return err
			}
			v.Cards = append(v.Cards, card)
		}
		if err := h.shared(r, tx, &v); err != nil {
			return err
		}
		gone, err := tx.Profiles(ctx, true, model.ProfileID{}, maxDeleted)
		for _, p := range gone {
			v.Deleted = append(v.Deleted, artist.DeletedProfile{
				ID: p.ID, Name: p.Name, Handle: p.Handle.String(), Until: p.RestorableUntil().In(model.Zone(p.TimeZone)),
			})
		}
		return err
	})
	if text := dashboardDone[r.QueryParam("done")]; text != "" {
		v.App.Flash = &ui.Flash{Text: text}
	}
	v.Total, v.Find = live, live > fewCards || v.Search != ""
	if after != (model.ProfileID{}) {
		v.First = views.DashboardPage(v.Search, "")
	}
	if live == 1 && len(v.Cards) == 1 {
		v.App.Profile = v.Cards[0].ID
	}
	v.Limit = meter("profiles", live, plans.Of(plan), func(e plans.Entitlements) int { return e.Profiles })
	v.App.Title = profilesTitle(live)
	return v, err
}

// maxShared is how many profiles of others are shown.
const maxShared = 200

// shared fills in the profiles of others that the user works on, and what waits for an
// answer.
func (h *Profiles) shared(r *web.Request, tx *store.UserTx, v *artist.Profiles) error {
	ctx, zone := r.Request().Context(), model.Zone(r.Signed.User.TimeZone)
	list, err := tx.ProfilesOfOthers(ctx, model.ProfileID{}, maxShared)
	if err != nil {
		return err
	}
	offers, err := tx.Offers(ctx)
	if err != nil {
		return err
	}
	for _, p := range list {
		card := artist.SharedCard{Owner: p.OwnerName, Role: string(p.Role), ProfileCard: artist.ProfileCard{ID: p.ID, Name: p.Working().Name, Handle: p.Handle.String()}}
		v.Shared = append(v.Shared, card)
		for _, o := range offers {
			if o.Profile == p.ID {
				v.Offered = append(v.Offered, card)
			}
		}
	}
	open, err := tx.WaitingInvitations(ctx)
	v.Waiting = waiting(open, zone)
	return err
}

// dashboardDone is what the list says after something was done elsewhere.
var dashboardDone = map[string]string{
	"joined":  "You work on it now.",
	"refused": "Refused. Whoever asked can ask again.",
	"left":    "You left it.",
}

// maxSearch is the longest text that is searched for, in characters.
const maxSearch = 80

// searched is a text to search for, without what surrounds it.
func searched(text string) string {
	letters := []rune(strings.ToValidUTF8(strings.ReplaceAll(strings.TrimSpace(text), "\x00", ""), ""))
	return string(letters[:min(len(letters), maxSearch)])
}

func profilesTitle(n int) string {
	if n == 0 {
		return "Your first page"
	}
	return "Profiles"
}

func (h *Profiles) card(ctx context.Context, tx *store.UserTx, p model.Profile) (artist.ProfileCard, error) {
	recent, err := h.recent(ctx, tx, p)
	c := artist.ProfileCard{
		ID: p.ID, Name: p.Working().Name, Handle: p.Handle.String(), Public: p.IsActive, Suspended: p.SuspendedAt != nil,
		Changes: p.Changes(), Views: recent.Views, Trace: recent.ByDay,
	}
	if picture := p.Working().Document.Picture; picture != nil {
		if width, _, ok := model.ParseMedia(picture.Media); ok {
			c.Picture = views.Media(views.WithCDN(ctx, h.CDN), model.MediaFile(picture.Media, model.MediaWidths(width)[0]))
		}
	}
	return c, err
}

// recent are a profile's figures; none while nobody counts.
func (h *Profiles) recent(ctx context.Context, tx *store.UserTx, p model.Profile) (Recent, error) {
	if h.Recent == nil {
		return Recent{}, nil
	}
	return h.Recent(ctx, tx, p)
}

// createAgain shows the form for a new profile again, with what was typed.
func (h *Profiles) createAgain(r *web.Request, in model.ProfileCreate, err error) (web.Reply, error) {
	if r.Door == web.API {
		return web.Reply{}, err
	}
	v, broken := h.dashboard(r)
	if broken != nil {
		return web.Reply{}, broken
	}
	v.New.Handle, v.New.Name, v.New.TimeZone = in.Handle, in.ProfileName, in.TimeZone
	return web.Reply{Again: func(e *model.Error) templ.Component {
		v.New.Errors = ui.Errors(fieldsOf(e))
		if e.Kind != model.KindInvalid && e.Kind != model.KindTaken {
			v.App.Flash = &ui.Flash{Text: e.Message, Bad: true}
		}
		if v.Total == 0 {
			return artist.ProfilesPage(v)
		}
		return artist.AnotherPage(another(v))
	}}, err
}

// dashboardAgain shows the list with a sentence about what could not be done.
func (h *Profiles) dashboardAgain(r *web.Request, err error) (web.Reply, error) {
	if r.Door == web.API {
		return web.Reply{}, err
	}
	v, broken := h.dashboard(r)
	if broken != nil {
		return web.Reply{}, broken
	}
	return web.Reply{Again: func(e *model.Error) templ.Component {
		v.App.Flash = &ui.Flash{Text: e.Message, Bad: true}
		return artist.ProfilesPage(v)
	}}, err
}
