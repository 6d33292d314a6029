package store

import (
	"context"
	"database/sql"
	"time"

	"github.com/hlpfl/platform/internal/model"
)

const (
	// InvitationLife is how long an invitation can be accepted.
	InvitationLife = 7 * 24 * time.Hour
	// MaxPeople is how many people work on a profile at most, those who are invited
	// included.
	MaxPeople = 50
)

// Person is somebody who works on a profile.
type Person struct {
	ID    model.UserID `db:"user_id"`
	Role  model.Role   `db:"role"`
	Name  string       `db:"name"`  // or the address of somebody without a name
	Email string       `db:"email"` // "" where the one who asks is not the owner
	Since time.Time    `db:"since"`
}

// People lists who works on a profile, its owner first; nobody to those who do not.
func (tx *UserTx) People(ctx context.Context, profile model.ProfileID) (list []Person, err error) {
	err = tx.SelectContext(ctx, &list, `
		select user_id, role, name, email, since
		from people_on($1)`, profile)
	return list, err
}

// Invitation asks an address to work on a profile.
type Invitation struct {
	ID        model.InvitationID `db:"id"`
	Profile   model.ProfileID    `db:"profile_id"`
	Email     string             `db:"email"`
	Role      model.Role         `db:"role"`
	Name      string             `db:"profile_name"` // as it was then
	Handle    model.Handle       `db:"handle"`       // as it was then
	Owner     string             `db:"owner_name"`   // who asks
	CreatedAt time.Time          `db:"created_at"`
	ExpiresAt time.Time          `db:"expires_at"`
}

const invitationColumns = `i.id, i.profile_id, i.email, i.role, i.profile_name, i.handle, i.owner_name, i.created_at, i.expires_at`

// Invitations lists the open ones of one of the user's own profiles; of others none.
func (tx *UserTx) Invitations(ctx context.Context, profile model.ProfileID) (list []Invitation, err error) {
	err = tx.SelectContext(ctx, &list, `
		select `+invitationColumns+`
		from invitations i
		join profiles p on p.id = i.profile_id
		where i.profile_id = $1
		  and `+owns+`
		  and i.expires_at > now()
		order by i.id`, profile, tx.UserID)
	return list, err
}

// ownProfile locks a profile of the user's own for a change of who works on it. It is
// Forbidden for who works on it, NotFound for everybody else.
func (tx *UserTx) ownProfile(ctx context.Context, profile model.ProfileID) (name string, handle model.Handle, err error) {
	var row struct {
		Name   string       `db:"profile_name"`
		Handle model.Handle `db:"handle"`
	}
	err = tx.GetContext(ctx, &row, `
		select p.profile_name, p.handle
		from profiles p
		where p.id = $1
		  and `+owns+`
		  and p.deleted_at is null
		for no key update of p`, profile, tx.UserID)
	return row.Name, row.Handle, tx.tooSmall(ctx, profile, model.RoleOwner, err)
}

// Invite asks an address, as model.ParseEmail writes it, to work on one of the user's
// own profiles, by a mail; what was asked of it before is void. The answer is the same
// whether anybody has an account with it. It is Forbidden for a user who has not proved
// the own address, Taken for somebody who works on the profile already.
func (tx *UserTx) Invite(ctx context.Context, profile model.ProfileID, email string, role model.Role, from Origin) (Invitation, error) {
	var i Invitation
	name, handle, err := tx.ownProfile(ctx, profile)
	if err != nil {
		return i, err
	}
	me, err := tx.User(ctx)
	switch {
	case err != nil:
		return i, err
	case me.EmailVerifiedAt == nil:
		return i, model.Forbidden("Confirm your own address first: we write to people in your name. The link is in the mail that we sent you.")
	case me.Email == email:
		return i, model.Invalid("email", "That is you.")
	}
	people, err := tx.People(ctx, profile)
	if err != nil {
		return i, err
	}
	for _, p := range people {
		if p.Email == email {
			return i, model.Taken("email", "They work on this profile already.")
		}
	}
	_, err = tx.ExecContext(ctx, `
		delete from invitations i
		using profiles p
		where i.profile_id = $1
		  and p.id = i.profile_id
		  and `+owns+`
		  and (i.email = $3 or i.expires_at < now())`, profile, tx.UserID, email)
	if err != nil {
		return i, err
	}
	open, err := tx.Invitations(ctx, profile)
	if err != nil {
		return i, err
	}
	if len(people)+len(open) >= MaxPeople {
		return i, model.Forbidden("That is enough people for one profile. Take somebody off it first.")
	}
	err = tx.GetContext(ctx, &i, `
		insert into invitations as i (id, profile_id, owner_id, email, role, profile_name, handle, owner_name, expires_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, now() + make_interval(secs => $9))
		returning `+invitationColumns,
		model.NewInvitationID(), profile, tx.UserID, email, role, name, handle.String(), either(me.Name, me.Email), InvitationLife.Seconds())
	if err != nil {
		return i, err
	}
	// Nothing goes into it that somebody could have written at will: a name may be a
	// sentence, and the mail is to a stranger.
	err = tx.SendMail(ctx, NewMail{Kind: "invited", To: email, Data: map[string]string{"by": me.Email, "handle": handle.String(), "role": string(role)}})
	if err != nil {
		return i, err
	}
	return i, tx.auditProfile(ctx, from, "member.invited", profile, nil, map[string]any{"email": email, "role": role})
}

func either(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// SetRole gives somebody who works on one of the user's own profiles another role.
// Nobody becomes an owner by it. It is NotFound for who does not work on it.
func (tx *UserTx) SetRole(ctx context.Context, profile model.ProfileID, member model.UserID, role model.Role, from Origin) error {
	if _, _, err := tx.ownProfile(ctx, profile); err != nil {
		return err
	}
	var was model.Role
	err := tx.GetContext(ctx, &was, `
		select m.role
		from profile_members m
		join profiles p on p.id = m.profile_id
		where m.profile_id = $1
		  and `+owns+`
		  and m.user_id = $3
		for update of m`, profile, tx.UserID, member)
	if err != nil || was == role {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		update profile_members m
		set role = $4
		from profiles p
		where m.profile_id = $1
		  and p.id = m.profile_id
		  and `+owns+`
		  and m.user_id = $3`, profile, tx.UserID, member, role)
	if err != nil {
		return err
	}
	return tx.auditMember(ctx, from, "member.role_changed", profile, member, map[string]any{"role": was}, map[string]any{"role": role})
}

// RemoveMember ends somebody's work on a profile: its owner ends anybody's, everybody
// else the own. An offer of the profile to them goes with it. It is Forbidden for
// somebody else's when the profile is not the user's, and NotFound for who does not
// work on it.
func (tx *UserTx) RemoveMember(ctx context.Context, profile model.ProfileID, member model.UserID, from Origin) error {
	if member != tx.UserID {
		if _, _, err := tx.ownProfile(ctx, profile); err != nil {
			return err
		}
	}
	var gone struct {
		Role  model.Role   `db:"role"`
		Owner model.UserID `db:"owner_id"`
	}
	err := tx.GetContext(ctx, &gone, `
		delete from profile_members m
		using profiles p
		where m.profile_id = $1
		  and p.id = m.profile_id
		  and p.deleted_at is null
		  and (`+owns+` or m.user_id = $2)
		  and m.user_id = $3
		returning m.role, m.owner_id`, profile, tx.UserID, member)
	if err != nil {
		return err
	}
	if member == tx.UserID {
		// The owner reads it too.
		err = tx.Audit(ctx, Entry{Actor: from.Actor, User: gone.Owner, Action: "member.left", Subject: profile.String(),
			Before: map[string]any{"role": gone.Role}, AddressPrefix: from.AddressPrefix})
		if err != nil {
			return err
		}
	}
	return tx.auditMember(ctx, from, "member.removed", profile, member, map[string]any{"role": gone.Role}, nil)
}

// TakeInvitationBack ends an open invitation to one of the user's own profiles. It is
// NotFound when there is none.
func (tx *UserTx) TakeInvitationBack(ctx context.Context, profile model.ProfileID, id model.InvitationID, from Origin) error {
	if _, _, err := tx.ownProfile(ctx, profile); err != nil {
		return err
	}
	var email string
	err := tx.GetContext(ctx, &email, `
		delete from invitations i
		using profiles p
		where i.profile_id = $1
		  and p.id = i.profile_id
		  and `+owns+`
		  and i.id = $3
		returning i.email`, profile, tx.UserID, id)
	if err != nil {
		return err
	}
	return tx.auditProfile(ctx, from, "member.uninvited", profile, map[string]any{"email": email}, nil)
}

// auditMember tells the owner's log, and the one whom it is about.
func (tx *UserTx) auditMember(ctx context.Context, from Origin, action string, profile model.ProfileID, member model.UserID, before, after any) error {
	for _, user := range []model.UserID{tx.UserID, member} {
		err := tx.Audit(ctx, Entry{Actor: from.Actor, User: user, Action: action, Subject: profile.String(),
			Before: before, After: after, AddressPrefix: from.AddressPrefix})
		if err != nil || tx.UserID == member {
			return err
		}
	}
	return nil
}

// invited holds for an invitation i that the user $1 may answer: the address is the
// user's present one, and proved.
const invited = `
	i.expires_at > now()
	and exists (select from users u where u.id = $1 and u.email = i.email and u.email_verified_at is not null)`

// WaitingInvitations lists those that wait for the user's answer.
func (tx *UserTx) WaitingInvitations(ctx context.Context) (list []Invitation, err error) {
	err = tx.SelectContext(ctx, &list, `
		select `+invitationColumns+`
		from invitations i
		where `+invited+`
		order by i.id`, tx.UserID)
	return list, err
}

// AcceptInvitation puts the user on the profile and ends the invitation; of many who
// try at the same moment one does. It is NotFound for an invitation that is somebody
// else's, over, taken back or accepted already.
func (tx *UserTx) AcceptInvitation(ctx context.Context, id model.InvitationID, from Origin) (model.ProfileID, error) {
	var i struct {
		Invitation
		OwnerID model.UserID `db:"owner_id"`
	}
	err := tx.GetContext(ctx, &i, `
		select `+invitationColumns+`, i.owner_id
		from invitations i
		where `+invited+`
		  and i.id = $2
		for update of i`, tx.UserID, id)
	if err != nil {
		return model.ProfileID{}, err
	}
	_, err = tx.ExecContext(ctx, `
		insert into profile_members (profile_id, user_id, owner_id, role)
		values ($1, $2, $3, $4)
		on conflict do nothing`, i.Profile, tx.UserID, i.OwnerID, i.Role)
	if err != nil {
		return i.Profile, err
	}
	if _, err = tx.ExecContext(ctx, `delete from invitations where id = $1`, id); err != nil {
		return i.Profile, err
	}
	err = tx.Audit(ctx, Entry{Actor: from.Actor, User: i.OwnerID, Action: "member.joined", Subject: i.Profile.String(),
		After: map[string]any{"email": i.Email, "role": i.Role}, AddressPrefix: from.AddressPrefix})
	if err != nil {
		return i.Profile, err
	}
	return i.Profile, tx.auditProfile(ctx, from, "member.joined", i.Profile, nil, map[string]any{"role": i.Role})
}

// RefuseInvitation ends an invitation without accepting it. Its errors are those of
// AcceptInvitation.
func (tx *UserTx) RefuseInvitation(ctx context.Context, id model.InvitationID, from Origin) error {
	var gone struct {
		Profile model.ProfileID `db:"profile_id"`
		Owner   model.UserID    `db:"owner_id"`
		Email   string          `db:"email"`
	}
	err := tx.GetContext(ctx, &gone, `
		delete from invitations i
		where `+invited+`
		  and i.id = $2
		returning i.profile_id, i.owner_id, i.email`, tx.UserID, id)
	if err != nil {
		return err
	}
	return tx.Audit(ctx, Entry{Actor: from.Actor, User: gone.Owner, Action: "member.refused", Subject: gone.Profile.String(),
		Before: map[string]any{"email": gone.Email}, AddressPrefix: from.AddressPrefix})
}

// Shared is somebody else's profile that the user works on.
type Shared struct {
	model.Profile
	OwnerName string // or the address of somebody without a name
}

// ProfilesOfOthers lists the profiles of others that the user works on, in the order in
// which they were made, those after a profile (zero: from the first), at most limit.
func (tx *UserTx) ProfilesOfOthers(ctx context.Context, after model.ProfileID, limit int) ([]Shared, error) {
	var rows []struct {
		profileRow
		OwnerName sql.NullString `db:"owner_name"`
	}
	err := tx.SelectContext(ctx, &rows, `
		select `+profileColumns+`, person_on(p.id, p.user_id) as owner_name
		from profile_members mine
		join profiles p on p.id = mine.profile_id
		where mine.user_id = $2
		  and p.id > $1
		  and p.deleted_at is null
		order by p.id
		limit $3`, after, tx.UserID, limit)
	if err != nil {
		return nil, err
	}
	list := make([]Shared, len(rows))
	for i, row := range rows {
		p, err := row.profile()
		if err != nil {
			return nil, err
		}
		list[i] = Shared{p, row.OwnerName.String}
	}
	return list, nil
}

// SweepInvitations deletes invitations and offers that nobody can accept any more.
func (tx *SystemTx) SweepInvitations(ctx context.Context) (int64, error) {
	var n int64
	for _, statement := range []string{
		`delete from invitations where expires_at < now()`,
		`delete from transfers where expires_at < now()`,
	} {
		done, err := tx.ExecContext(ctx, statement)
		if err != nil {
			return n, err
		}
		swept, err := done.RowsAffected()
		if err != nil {
			return n, err
		}
		n += swept
	}
	return n, nil
}
