package artist

import (
	"net/http"
	"time"

	"github.com/a-h/templ"

	"github.com/hlpfl/platform/handlers/web"
	"github.com/hlpfl/platform/internal/auth"
	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/internal/plans"
	"github.com/hlpfl/platform/store"
	"github.com/hlpfl/platform/views"
	"github.com/hlpfl/platform/views/artist"
	"github.com/hlpfl/platform/views/ui"
)

// People answers for who works on a profile, and for handing it over.
type People struct {
	Store  *store.Store
	Limits *auth.Limits
	Now    func() time.Time
	Show   func(model.Profile) Profile // a profile as programs get it
}

// Member is somebody who works on a profile, or is asked to, as programs get it.
type Member struct {
	ID        string     `json:"id" doc:"of a user; of an open invitation its own"`
	State     string     `json:"state" doc:"member or invited"`
	Role      model.Role `json:"role" doc:"owner, editor or viewer"`
	Name      string     `json:"name" doc:"or the address of somebody without a name; empty for an invitation"`
	Email     string     `json:"email" doc:"told to the owner alone; your own to you"`
	Since     time.Time  `json:"since" doc:"when they joined, or were invited"`
	ExpiresAt *time.Time `json:"expires_at" doc:"of an invitation; null for a member"`
}

// MemberList is who works on a profile, its owner first, and who is asked to.
type MemberList struct {
	Data     []Member  `json:"data"`
	Next     *string   `json:"next" doc:"null: there are at most 50"`
	Transfer *Transfer `json:"transfer" doc:"an offer of the profile that you made or got; null for none"`
}

// Transfer is an offer of a profile, as programs get it.
type Transfer struct {
	To        model.UserID `json:"to"`
	Stays     bool         `json:"stays" doc:"the owner goes on as an editor"`
	ExpiresAt time.Time    `json:"expires_at"`
}

// Waiting is an invitation that waits for you, as programs get it.
type Waiting struct {
	ID          model.InvitationID `json:"id"`
	ProfileID   model.ProfileID    `json:"profile_id"`
	ProfileName string             `json:"profile_name"`
	Handle      model.Handle       `json:"handle"`
	Role        model.Role         `json:"role"`
	Owner       string             `json:"owner" doc:"who asks"`
	ExpiresAt   time.Time          `json:"expires_at"`
}

// WaitingList are the invitations that wait for you.
type WaitingList struct {
	Data []Waiting `json:"data"`
	Next *string   `json:"next" doc:"null: all are there"`
}

// Joined says which profile an accepted invitation was to.
type Joined struct {
	ProfileID model.ProfileID `json:"profile_id"`
}

func invitationAsJSON(i store.Invitation) Member {
	expires := i.ExpiresAt.UTC()
	return Member{ID: i.ID.String(), State: "invited", Role: i.Role, Email: i.Email, Since: i.CreatedAt.UTC(), ExpiresAt: &expires}
}

func transferAsJSON(t store.Transfer) *Transfer {
	return &Transfer{t.To, t.Stays, t.ExpiresAt.UTC()}
}

func (h *People) as(r *web.Request, f func(*store.UserTx) error) error {
	return h.Store.AsUser(r.Request().Context(), r.UserID(), f)
}

// crew is who works on a profile.
type crew struct {
	profile model.Profile
	people  []store.Person
	invited []store.Invitation
	offer   *store.Transfer
}

func (h *People) crew(r *web.Request) (c crew, err error) {
	ctx := r.Request().Context()
	id, err := r.ProfileID()
	if err != nil {
		return c, err
	}
	err = h.as(r, func(tx *store.UserTx) error {
		if c.profile, err = tx.Profile(ctx, id); err != nil {
			return err
		}
		if c.people, err = tx.People(ctx, id); err != nil {
			return err
		}
		if c.invited, err = tx.Invitations(ctx, id); err != nil {
			return err
		}
		t, there, err := tx.Transfer(ctx, id)
		if there {
			c.offer = &t
		}
		return err
	})
	return c, err
}

// List shows who works on a profile.
func (h *People) List(r *web.Request) (web.Reply, error) {
	c, err := h.crew(r)
	if err != nil {
		return web.Reply{}, err
	}
	out := MemberList{Data: []Member{}}
	for _, p := range c.people {
		out.Data = append(out.Data, Member{ID: p.ID.String(), State: "member", Role: p.Role, Name: p.Name, Email: p.Email, Since: p.Since.UTC()})
	}
	for _, i := range c.invited {
		out.Data = append(out.Data, invitationAsJSON(i))
	}
	if c.offer != nil {
		out.Transfer = transferAsJSON(*c.offer)
	}
	v := h.page(r, c)
	if text := peopleSaid[r.QueryParam("done")]; text != "" {
		v.App.Flash = &ui.Flash{Text: text}
	}
	return web.Reply{JSON: out, Show: artist.PeoplePage(v)}, nil
}

// peopleSaid is what the page says after something was done on it.
var peopleSaid = map[string]string{
	"invited": "Invited. A mail is on its way.",
	"role":    "Saved. It holds from now on.",
	"removed": "Done. They can no longer do anything here.",
	"offered": "Offered. It is theirs once they accept.",
	"ended":   "The offer is over. Nothing changed.",
	"yours":   "It is yours now.",
}

func (h *People) page(r *web.Request, c crew) artist.People {
	zone, now := model.Zone(r.Signed.User.TimeZone), h.Now()
	v := artist.People{
		App: frame(r, "People", ui.PlaceProfiles, c.profile.ID), ID: c.profile.ID, Name: c.profile.Working().Name, Handle: c.profile.Handle.String(),
		Owner: c.profile.Role == model.RoleOwner, Unproved: r.Signed.User.EmailVerifiedAt == nil, Now: now.In(zone), Role: string(model.RoleEditor),
	}
	v.App.Viewer = c.profile.Role == model.RoleViewer
	for _, p := range c.people {
		row := artist.Person{ID: p.ID.String(), Name: p.Name, Email: p.Email, Role: string(p.Role), Since: p.Since.In(zone), You: p.ID == r.UserID()}
		v.People = append(v.People, row)
		if c.offer != nil && p.ID == c.offer.To {
			v.Offer = &artist.Offer{To: p.Name, You: row.You, Stays: c.offer.Stays, Until: c.offer.ExpiresAt.In(zone)}
		}
	}
	for _, i := range c.invited {
		v.Invited = append(v.Invited, artist.Person{ID: i.ID.String(), Email: i.Email, Role: string(i.Role), Until: i.ExpiresAt.In(zone)})
	}
	return v
}

// again shows the page once more with what was typed and what is wrong with it.
func (h *People) again(r *web.Request, err error, typed func(*artist.People)) (web.Reply, error) {
	if r.Door == web.API {
		return web.Reply{}, err
	}
	c, broken := h.crew(r)
	if broken != nil {
		return web.Reply{}, broken
	}
	v := h.page(r, c)
	typed(&v)
	return web.Reply{Again: func(e *model.Error) templ.Component {
		if v.Errors = ui.Errors(e.Fields); len(v.Errors) == 0 {
			v.Problem = e.Message
		}
		return artist.PeoplePage(v)
	}}, err
}

// Invite asks somebody to work on a profile.
func (h *People) Invite(r *web.Request) (web.Reply, error) {
	ctx := r.Request().Context()
	id, err := r.ProfileID()
	if err != nil {
		return web.Reply{}, err
	}
	in, wrong := web.Read[model.InviteInput](r)
	// Whose it is comes before what is wrong with it.
	err = h.as(r, func(tx *store.UserTx) error { return tx.OwnProfile(ctx, id) })
	if err != nil {
		return web.Reply{}, err
	}
	if err = wrong; err == nil {
		err = h.Limits.Invite(ctx, r.UserID(), plans.Plan(r.Signed.User.Plan))
	}
	var i store.Invitation
	if err == nil {
		err = h.as(r, func(tx *store.UserTx) error {
			i, err = tx.Invite(ctx, id, in.Email, in.As, origin(r))
			return err
		})
	}
	if err != nil {
		return h.again(r, err, func(v *artist.People) { v.Email, v.Role = in.Email, in.Role })
	}
	return web.Reply{Status: http.StatusCreated, JSON: invitationAsJSON(i), To: views.Done(views.People(id), "invited")}, nil
}

// SetRole gives somebody another role.
func (h *People) SetRole(r *web.Request) (web.Reply, error) {
	ctx := r.Request().Context()
	id, err := r.ProfileID()
	if err != nil {
		return web.Reply{}, err
	}
	in, wrong := web.Read[model.RoleInput](r)
	var member Member
	err = h.as(r, func(tx *store.UserTx) error {
		if err := tx.OwnProfile(ctx, id); err != nil {
			return err
		}
		who, err := model.ParseUserID(r.Param("member"))
		if err != nil {
			return err
		}
		if wrong != nil {
			return wrong
		}
		if err := tx.SetRole(ctx, id, who, in.As, origin(r)); err != nil {
			return err
		}
		people, err := tx.People(ctx, id)
		for _, p := range people {
			if p.ID == who {
				member = Member{ID: p.ID.String(), State: "member", Role: p.Role, Name: p.Name, Email: p.Email, Since: p.Since.UTC()}
			}
		}
		return err
	})
	if err != nil {
		return h.again(r, err, func(*artist.People) {})
	}
	return web.Reply{JSON: member, To: views.Done(views.People(id), "role")}, nil
}

// Remove takes somebody, or an open invitation, off a profile. Everybody may go.
func (h *People) Remove(r *web.Request) (web.Reply, error) {
	ctx := r.Request().Context()
	id, err := r.ProfileID()
	if err != nil {
		return web.Reply{}, err
	}
	who, err := model.ParseUserID(r.Param("member"))
	if err != nil {
		return web.Reply{}, err
	}
	err = h.as(r, func(tx *store.UserTx) error {
		err := tx.RemoveMember(ctx, id, who, origin(r))
		if model.KindOf(store.Translate(err)) != model.KindNotFound || who == r.UserID() {
			return err
		}
		return tx.TakeInvitationBack(ctx, id, model.InvitationID(who), origin(r))
	})
	if err != nil {
		return web.Reply{}, err
	}
	if who == r.UserID() {
		return web.Reply{To: views.Done(views.Dashboard(), "left")}, nil
	}
	return web.Reply{To: views.Done(views.People(id), "removed")}, nil
}

// Waiting lists the invitations and offers that wait for the user.
func (h *People) Waiting(r *web.Request) (web.Reply, error) {
	ctx := r.Request().Context()
	zone := model.Zone(r.Signed.User.TimeZone)
	out := WaitingList{Data: []Waiting{}}
	v := artist.Waiting{App: frame(r, "Invitations", ui.PlaceProfiles, model.ProfileID{}), Email: r.Signed.User.Email, Unproved: r.Signed.User.EmailVerifiedAt == nil}
	err := h.as(r, func(tx *store.UserTx) error {
		list, err := tx.WaitingInvitations(ctx)
		for _, i := range list {
			out.Data = append(out.Data, Waiting{i.ID, i.Profile, i.Name, i.Handle, i.Role, i.Owner, i.ExpiresAt.UTC()})
		}
		v.Invitations = waiting(list, zone)
		return err
	})
	return web.Reply{JSON: out, Show: artist.WaitingPage(v)}, err
}

func waiting(list []store.Invitation, zone *time.Location) (rows []artist.Invitation) {
	for _, i := range list {
		rows = append(rows, artist.Invitation{ID: i.ID, Name: i.Name, Handle: i.Handle.String(), Owner: i.Owner, Role: string(i.Role), Until: i.ExpiresAt.In(zone)})
	}
	return rows
}

// Accept puts the user on the profile of an invitation.
func (h *People) Accept(r *web.Request) (web.Reply, error) {
	id, err := model.ParseInvitationID(r.Param("invitation"))
	if err != nil {
		return web.Reply{}, err
	}
	var profile model.ProfileID
	err = h.as(r, func(tx *store.UserTx) error {
		profile, err = tx.AcceptInvitation(r.Request().Context(), id, origin(r))
		return err
	})
	return web.Reply{JSON: Joined{profile}, To: views.Done(views.Dashboard(), "joined")}, err
}

// Refuse ends an invitation.
func (h *People) Refuse(r *web.Request) (web.Reply, error) {
	id, err := model.ParseInvitationID(r.Param("invitation"))
	if err != nil {
		return web.Reply{}, err
	}
	err = h.as(r, func(tx *store.UserTx) error {
		return tx.RefuseInvitation(r.Request().Context(), id, origin(r))
	})
	return web.Reply{To: views.Done(views.Dashboard(), "refused")}, err
}
