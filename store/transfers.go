package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/hlpfl/platform/internal/model"
)

// TransferLife is how long an offered profile can be taken over.
const TransferLife = 7 * 24 * time.Hour

// Transfer is a profile that its owner offers to somebody who works on it.
type Transfer struct {
	Profile   model.ProfileID `db:"profile_id"`
	From      model.UserID    `db:"owner_id"`
	To        model.UserID    `db:"user_id"`
	Stays     bool            `db:"stays"` // who owned it goes on as an editor
	CreatedAt time.Time       `db:"created_at"`
	ExpiresAt time.Time       `db:"expires_at"`
}

const transferColumns = `t.profile_id, t.owner_id, t.user_id, t.stays, t.created_at, t.expires_at`

// Transfer is the open offer of a profile, for who made it and for who got it; there is
// false when there is none.
func (tx *UserTx) Transfer(ctx context.Context, profile model.ProfileID) (t Transfer, there bool, err error) {
	err = tx.GetContext(ctx, &t, `
		select `+transferColumns+`
		from transfers t
		where t.profile_id = $1
		  and $2 in (t.owner_id, t.user_id)
		  and t.expires_at > now()`, profile, tx.UserID)
	if errors.Is(err, sql.ErrNoRows) {
		return t, false, nil
	}
	return t, err == nil, err
}

// Offers lists the profiles that are offered to the user.
func (tx *UserTx) Offers(ctx context.Context) (list []Transfer, err error) {
	err = tx.SelectContext(ctx, &list, `
		select `+transferColumns+`
		from transfers t
		where t.user_id = $1
		  and t.expires_at > now()
		order by t.created_at`, tx.UserID)
	return list, err
}

// OfferProfile offers one of the user's own profiles to somebody who works on it, in
// the place of an earlier offer; nothing changes hands until they accept. It is Invalid
// for anybody else.
func (tx *UserTx) OfferProfile(ctx context.Context, profile model.ProfileID, to model.UserID, stays bool, from Origin) (Transfer, error) {
	var t Transfer
	_, handle, err := tx.ownProfile(ctx, profile)
	if err != nil {
		return t, err
	}
	people, err := tx.People(ctx, profile)
	if err != nil {
		return t, err
	}
	address := ""
	for _, p := range people {
		if p.ID == to && p.Role != model.RoleOwner {
			address = p.Email
		}
	}
	if address == "" {
		return t, model.Invalid("member", "Choose somebody who works on this profile.")
	}
	_, err = tx.ExecContext(ctx, `
		delete from transfers
		where profile_id = $1
		  and owner_id = $2`, profile, tx.UserID)
	if err != nil {
		return t, err
	}
	err = tx.GetContext(ctx, &t, `
		insert into transfers as t (profile_id, owner_id, user_id, stays, expires_at)
		values ($1, $2, $3, $4, now() + make_interval(secs => $5))
		returning `+transferColumns, profile, tx.UserID, to, stays, TransferLife.Seconds())
	if err != nil {
		return t, err
	}
	me, err := tx.User(ctx)
	if err != nil {
		return t, err
	}
	err = tx.SendMail(ctx, NewMail{Kind: "offered", To: address, Data: map[string]string{"by": me.Email, "handle": handle.String(), "profile": profile.String()}})
	if err != nil {
		return t, err
	}
	return t, tx.auditMember(ctx, from, "profile.offered", profile, to, nil, map[string]any{"to": to, "stays": stays})
}

// EndTransfer takes an offer back, or refuses it. It is NotFound when the user has no
// part in one.
func (tx *UserTx) EndTransfer(ctx context.Context, profile model.ProfileID, from Origin) error {
	var t Transfer
	err := tx.GetContext(ctx, &t, `
		delete from transfers t
		where t.profile_id = $1
		  and $2 in (t.owner_id, t.user_id)
		returning `+transferColumns, profile, tx.UserID)
	if err != nil {
		return err
	}
	other := t.To
	if t.To == tx.UserID {
		other = t.From
	}
	return tx.auditMember(ctx, from, "profile.offer_ended", profile, other, map[string]any{"to": t.To}, nil)
}

// AcceptTransfer makes a user the owner of a profile that was offered to them: page,
// versions, pictures and figures stay where they are, the plan becomes the new owner's.
// Clicks that were counted stay counted where they were; those to come count for the
// new owner. It is NotFound when nothing was offered to them, or it is over, and
// PlanLimit when their plan holds no further profile.
func (s *Store) AcceptTransfer(ctx context.Context, profile model.ProfileID, user model.UserID, from Origin) error {
	return s.Entry(ctx, func(tx *SystemTx) error { return tx.acceptTransfer(ctx, profile, user, from) })
}

func (tx *SystemTx) acceptTransfer(ctx context.Context, profile model.ProfileID, user model.UserID, from Origin) error {
	as, err := tx.OnBehalf(ctx, user)
	if err != nil {
		return err
	}
	o, err := as.lockOwner(ctx) // first: whoever changes the plan begins with it too
	if err != nil {
		return err
	}
	var t struct {
		Transfer
		Handle model.Handle `db:"handle"`
	}
	// The profile's lock keeps away whoever saves it, or counts its clicks, meanwhile.
	err = tx.GetContext(ctx, &t, `
		select `+transferColumns+`, p.handle
		from transfers t
		join profiles p on p.id = t.profile_id and p.user_id = t.owner_id and p.deleted_at is null
		join profile_members m on m.profile_id = t.profile_id and m.user_id = t.user_id
		where t.profile_id = $1
		  and t.user_id = $2
		  and t.expires_at > now()
		for update of t, p`, profile, user)
	if err != nil {
		return err
	}
	if err := as.roomForProfiles(ctx, o, 1); err != nil {
		return err
	}
	for _, step := range []struct {
		statement string
		args      []any
	}{
		{`delete from transfers where profile_id = $1`, []any{profile}},
		// What the old owner asked for and made goes with them.
		{`delete from invitations where profile_id = $1`, []any{profile}},
		{`update api_keys set ended_at = now() where profile_id = $1 and user_id = $2 and ended_at is null`, []any{profile, t.From}},
		{`delete from profile_members where profile_id = $1 and user_id = $2`, []any{profile, user}},
		{`update profiles set user_id = $2, plan = $3, updated_at = now() where id = $1`, []any{profile, user, string(o.Plan)}},
		{`update old_handles set user_id = $2 where profile_id = $1`, []any{profile, user}},
	} {
		if _, err := tx.ExecContext(ctx, step.statement, step.args...); err != nil {
			return err
		}
	}
	if t.Stays {
		_, err := tx.ExecContext(ctx, `
			insert into profile_members (profile_id, user_id, owner_id, role)
			values ($1, $2, $3, 'editor')`, profile, t.From, user)
		if err != nil {
			return err
		}
	}
	if err := tx.NoteChange(ctx, profile, t.Handle); err != nil {
		return err
	}
	for _, side := range []model.UserID{t.From, user} {
		err := tx.Audit(ctx, Entry{Actor: from.Actor, User: side, Action: "profile.transferred", Subject: profile.String(),
			Before: map[string]any{"owner": t.From}, After: map[string]any{"owner": user, "stays": t.Stays}, AddressPrefix: from.AddressPrefix})
		if err != nil {
			return err
		}
	}
	return tx.SendMail(ctx, NewMail{Kind: "handed_over", User: t.From, Data: map[string]string{"handle": t.Handle.String()}})
}
