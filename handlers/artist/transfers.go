package artist

import (
	"github.com/a-h/templ"

	"github.com/hlpfl/platform/handlers/web"
	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/internal/plans"
	"github.com/hlpfl/platform/store"
	"github.com/hlpfl/platform/views"
	"github.com/hlpfl/platform/views/artist"
	"github.com/hlpfl/platform/views/ui"
)

// OfferForm is the form that offers a profile to somebody who works on it.
func (h *People) OfferForm(r *web.Request) (web.Reply, error) {
	show, err := h.offerPage(r, model.TransferInput{Stays: true})
	if err != nil {
		return web.Reply{}, err
	}
	return web.Reply{Show: show(nil)}, nil
}

// offerPage reads what the form needs and gives what draws it, as it was typed.
func (h *People) offerPage(r *web.Request, in model.TransferInput) (func(*model.Error) templ.Component, error) {
	c, err := h.crew(r)
	if err != nil {
		return nil, err
	}
	if err := c.profile.Role.Enough(model.RoleOwner); err != nil {
		return nil, err
	}
	v := artist.HandOver{App: frame(r, "Hand over", ui.PlaceProfiles, c.profile.ID), ID: c.profile.ID, Handle: c.profile.Handle.String(), Stays: in.Stays}
	for _, p := range c.people {
		if p.Role != model.RoleOwner {
			v.People = append(v.People, ui.Choice{Value: p.ID.String(), Label: p.Name, Chosen: p.ID.String() == in.Member})
		}
	}
	return func(e *model.Error) templ.Component {
		if e != nil {
			if v.Errors = ui.Errors(e.Fields); len(v.Errors) == 0 {
				v.Problem = e.Message
			}
		}
		return artist.HandOverPage(v)
	}, nil
}

// Offer offers a profile to somebody who works on it.
func (h *People) Offer(r *web.Request) (web.Reply, error) {
	ctx := r.Request().Context()
	id, err := r.ProfileID()
	if err != nil {
		return web.Reply{}, err
	}
	in, wrong := web.Read[model.TransferInput](r)
	show, err := h.offerPage(r, in) // whose it is comes before what is wrong with it
	if err != nil {
		return web.Reply{}, err
	}
	if err = wrong; err == nil {
		err = h.Limits.Invite(ctx, r.UserID(), plans.Plan(r.Signed.User.Plan))
	}
	var t store.Transfer
	if err == nil {
		err = h.as(r, func(tx *store.UserTx) error {
			t, err = tx.OfferProfile(ctx, id, in.To, in.Stays, origin(r))
			return err
		})
	}
	if err != nil {
		return web.Reply{Again: show}, err
	}
	return web.Reply{JSON: transferAsJSON(t), To: views.Done(views.People(id), "offered")}, nil
}

// EndOffer takes an offer back, or refuses it.
func (h *People) EndOffer(r *web.Request) (web.Reply, error) {
	id, err := r.ProfileID()
	if err != nil {
		return web.Reply{}, err
	}
	err = h.as(r, func(tx *store.UserTx) error {
		return tx.EndTransfer(r.Request().Context(), id, origin(r))
	})
	return web.Reply{To: views.Done(views.People(id), "ended")}, err
}

// TakeOverPage shows an offer to who got it.
func (h *People) TakeOverPage(r *web.Request) (web.Reply, error) {
	show, err := h.takeOver(r)
	if err != nil {
		return web.Reply{}, err
	}
	return web.Reply{Show: show(nil)}, nil
}

func (h *People) takeOver(r *web.Request) (func(*model.Error) templ.Component, error) {
	c, err := h.crew(r)
	if err != nil {
		return nil, err
	}
	if c.offer == nil || c.offer.To != r.UserID() {
		return nil, model.NotFound()
	}
	v := artist.TakeOver{
		App: frame(r, "Take over", ui.PlaceProfiles, model.ProfileID{}), ID: c.profile.ID, Name: c.profile.Name, Handle: c.profile.Handle.String(),
		Stays: c.offer.Stays, Until: c.offer.ExpiresAt.In(model.Zone(r.Signed.User.TimeZone)), Plan: plans.Of(plans.Plan(r.Signed.User.Plan)).Name,
	}
	for _, p := range c.people {
		if p.Role == model.RoleOwner {
			v.Owner = p.Name
		}
	}
	return func(e *model.Error) templ.Component {
		if e != nil {
			v.Problem = e.Message
		}
		return artist.TakeOverPage(v)
	}, nil
}

// TakeOver makes the user the owner of a profile that was offered to them.
func (h *People) TakeOver(r *web.Request) (web.Reply, error) {
	ctx := r.Request().Context()
	id, err := r.ProfileID()
	if err != nil {
		return web.Reply{}, err
	}
	show, err := h.takeOver(r)
	if err != nil {
		return web.Reply{}, err
	}
	if err := h.Store.AcceptTransfer(ctx, id, r.UserID(), origin(r)); err != nil {
		return web.Reply{Again: show}, err
	}
	var p model.Profile
	err = h.as(r, func(tx *store.UserTx) error {
		p, err = tx.Profile(ctx, id)
		return err
	})
	return web.Reply{JSON: h.Show(p), To: views.Done(views.People(id), "yours")}, err
}
