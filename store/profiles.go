package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/lib/pq"

	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/internal/plans"
)

// profileRow is a profile as it stands in the table.
type profileRow struct {
	ID          model.ProfileID `db:"id"`
	Owner       model.UserID    `db:"user_id"`
	Role        model.Role      `db:"role"`
	Handle      model.Handle    `db:"handle"`
	Name        string          `db:"profile_name"`
	Data        []byte          `db:"profile_data"`
	Draft       []byte          `db:"draft"`
	DraftName   *string         `db:"draft_name"`
	Version     int64           `db:"version"`
	IsActive    bool            `db:"is_active"`
	TimeZone    string          `db:"time_zone"`
	Plan        string          `db:"plan"`
	PublishAt   *time.Time      `db:"publish_at"`
	PublishOf   *int64          `db:"publish_version"`
	Refused     string          `db:"publish_refused"`
	Guide       bool            `db:"guide"`
	GuideTheme  bool            `db:"guide_theme"`
	PublishedAt time.Time       `db:"published_at"`
	SuspendedAt *time.Time      `db:"suspended_at"`
	DeletedAt   *time.Time      `db:"deleted_at"`
	CreatedAt   time.Time       `db:"created_at"`
	UpdatedAt   time.Time       `db:"updated_at"`
}

// profileColumns are those of a profileRow: of a profile p, read by the user $2.
const profileColumns = `
	p.id, p.user_id, p.handle, p.profile_name, p.profile_data, p.draft, p.draft_name, p.version, p.is_active, p.time_zone, p.plan,
	p.publish_at, p.publish_version, p.publish_refused, p.guide, p.guide_theme, p.published_at, p.suspended_at, p.deleted_at,
	p.created_at, p.updated_at,` + roleOf + ` as role`

func (row profileRow) profile() (model.Profile, error) {
	p := model.Profile{
		ID: row.ID, Owner: row.Owner, Role: row.Role, Handle: row.Handle, Name: row.Name, Version: row.Version, IsActive: row.IsActive,
		TimeZone: row.TimeZone, Plan: row.Plan, PublishedAt: row.PublishedAt.UTC(), SuspendedAt: row.SuspendedAt,
		DeletedAt: row.DeletedAt, CreatedAt: row.CreatedAt.UTC(), UpdatedAt: row.UpdatedAt.UTC(), Guide: row.Guide, ThemePicked: row.GuideTheme,
	}
	if row.PublishAt != nil && row.Draft != nil {
		p.Scheduled = &model.PublishPlan{At: row.PublishAt.UTC(), Refused: row.Refused}
		if row.PublishOf != nil {
			p.Scheduled.Version = *row.PublishOf
		}
	}
	var err error
	if p.Document, err = readDocument(row.ID, row.Data); err != nil {
		return p, err
	}
	if row.Draft == nil {
		return p, nil
	}
	p.Draft = &model.Draft{Name: row.Name}
	if row.DraftName != nil {
		p.Draft.Name = *row.DraftName
	}
	p.Draft.Document, err = readDocument(row.ID, row.Draft)
	return p, err
}

// readDocument reads what we stored; anything it cannot read is our fault.
func readDocument(id model.ProfileID, raw []byte) (model.Document, error) {
	d, err := model.ReadStored(raw)
	if err != nil {
		return d, &model.Error{Kind: model.KindInternal, Message: "database", Err: fmt.Errorf("the document of profile %s: %w", id, err)}
	}
	return d, nil
}

// Profiles lists the user's own profiles in the order they were made, those after a
// profile (zero: from the first), at most limit. Deleted ones are listed apart:
// those that can still be restored.
func (tx *UserTx) Profiles(ctx context.Context, deleted bool, after model.ProfileID, limit int) ([]model.Profile, error) {
	var rows []profileRow
	err := tx.SelectContext(ctx, &rows, `
		select `+profileColumns+`
		from profiles p
		where p.id > $1
		  and `+owns+`
		  and case when $3 then deleted_at > now() - make_interval(secs => $4) else deleted_at is null end
		order by p.id
		limit $5`, after, tx.UserID, deleted, model.RestorableFor.Seconds(), limit)
	if err != nil {
		return nil, err
	}
	list := make([]model.Profile, len(rows))
	for i, row := range rows {
		if list[i], err = row.profile(); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// FindProfiles lists those of the user's profiles whose handle or name, the draft's
// too, holds a text in any case; "" finds all. They stand in the order they were
// made, those after a profile (zero: from the first), at most limit.
func (tx *UserTx) FindProfiles(ctx context.Context, text string, after model.ProfileID, limit int) ([]model.Profile, error) {
	var rows []profileRow
	err := tx.SelectContext(ctx, &rows, `
		select `+profileColumns+`
		from profiles p
		where p.id > $1
		  and `+owns+`
		  and deleted_at is null
		  and (strpos(lower(handle), lower($3)) > 0
		    or strpos(lower(profile_name), lower($3)) > 0
		    or strpos(lower(coalesce(draft_name, '')), lower($3)) > 0)
		order by p.id
		limit $4`, after, tx.UserID, text, limit)
	if err != nil {
		return nil, err
	}
	list := make([]model.Profile, len(rows))
	for i, row := range rows {
		if list[i], err = row.profile(); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// ProfileCount is how many profiles the user has, deleted ones left out.
func (tx *UserTx) ProfileCount(ctx context.Context) (n int, err error) {
	err = tx.GetContext(ctx, &n, `
		select count(*)
		from profiles
		where user_id = $1
		  and deleted_at is null`, tx.UserID)
	return n, err
}

// Profile reads a profile that the user works on, in any role. It is NotFound for
// everybody else's and for a deleted one.
func (tx *UserTx) Profile(ctx context.Context, id model.ProfileID) (model.Profile, error) {
	var row profileRow
	err := tx.GetContext(ctx, &row, `
		select `+profileColumns+`
		from profiles p
		where p.id = $1
		  and `+sees+`
		  and p.deleted_at is null`, id, tx.UserID)
	if err != nil {
		return model.Profile{}, err
	}
	return row.profile()
}

// OwnProfile is nil for a profile of the user's own, a deleted one included. Else it
// is NotFound, or Forbidden for somebody who works on it.
func (tx *UserTx) OwnProfile(ctx context.Context, id model.ProfileID) error {
	role, err := tx.Role(ctx, id)
	if err != nil {
		return err
	}
	return role.Enough(model.RoleOwner)
}

// NewProfile is what a profile begins with. It is published at once.
type NewProfile struct {
	Handle   model.Handle
	Name     string
	TimeZone string // "" takes the owner's
	Document model.Document
	Guide    bool // begin with the first-run guide
	Origin   Origin
}

// Origin says for the audit log where a write came from.
type Origin struct {
	Actor         model.UserID // zero: the program itself
	AddressPrefix string       // a network, never an address
}

// owner is who owns a profile, as far as limits go.
type owner struct {
	plans.Entitlements
	TimeZone string
}

// lockOwner locks the user's row: how many profiles there are is counted while nobody
// else of that account, and no change of plan, can write. What is counted on one
// profile is counted under that profile's lock, where its owner's plan stands too.
func (tx *UserTx) lockOwner(ctx context.Context) (owner, error) {
	var row struct {
		Plan     plans.Plan `db:"subscription_tier"`
		TimeZone string     `db:"time_zone"`
	}
	// "no key": rows that only refer to the user are not kept waiting.
	err := tx.GetContext(ctx, &row, `
		select subscription_tier, time_zone
		from users
		where id = $1
		for no key update`, tx.UserID)
	return owner{plans.Of(row.Plan), row.TimeZone}, err
}

// CreateProfile makes a profile and publishes it. It is PlanLimit when the plan
// holds no further one, Taken when somebody has the handle, Invalid when the
// document names a picture that is not there.
func (tx *UserTx) CreateProfile(ctx context.Context, n NewProfile) (model.Profile, error) {
	o, err := tx.lockOwner(ctx)
	if err != nil {
		return model.Profile{}, err
	}
	if err := tx.roomForProfiles(ctx, o, 1); err != nil {
		return model.Profile{}, err
	}
	id := model.NewProfileID()
	if err := tx.fits(ctx, o, id, n.Document, 0); err != nil {
		return model.Profile{}, err
	}
	if n.TimeZone == "" {
		n.TimeZone = o.TimeZone
	}
	if err := tx.knownZone(ctx, n.TimeZone); err != nil {
		return model.Profile{}, err
	}
	data, err := n.Document.Stored()
	if err != nil {
		return model.Profile{}, err
	}
	var rows []profileRow
	err = tx.SelectContext(ctx, &rows, `
		insert into profiles as p (id, user_id, handle, profile_name, profile_data, time_zone, plan, guide)
		values ($1, $2, $3, $4, $5, $6, $7, $8)
		on conflict (handle) do nothing
		returning `+profileColumns,
		id, tx.UserID, n.Handle.String(), n.Name, string(data), n.TimeZone, string(o.Plan), n.Guide)
	if err != nil {
		return model.Profile{}, err
	}
	if len(rows) == 0 {
		return model.Profile{}, HandleTaken()
	}
	p, err := rows[0].profile()
	if err != nil {
		return p, err
	}
	if err := tx.takeHandle(ctx, p.Handle); err != nil {
		return model.Profile{}, err
	}
	if err := tx.keepVersion(ctx, p, false); err != nil {
		return p, err
	}
	err = tx.auditProfile(ctx, n.Origin, "profile.created", p.ID, nil, map[string]any{"handle": p.Handle, "profile_name": p.Name})
	if err != nil {
		return p, err
	}
	return p, tx.NoteChange(ctx, p.ID, p.Handle)
}

// HandleTaken is the answer when a handle belongs to a profile already, a deleted
// one included.
func HandleTaken() error { return model.Taken("handle", "That handle is taken.") }

// roomForProfiles checks that the plan holds so many profiles more; deleted ones do
// not count.
func (tx *UserTx) roomForProfiles(ctx context.Context, o owner, more int) error {
	var used int
	err := tx.GetContext(ctx, &used, `
		select count(*)
		from profiles
		where user_id = $1
		  and deleted_at is null`, tx.UserID)
	if err != nil || plans.Within(used+more, o.Profiles) {
		return err
	}
	if more == 0 {
		used-- // the one that is asked for is counted already
	}
	return planLimit(o, "profiles", "profile", used, func(e plans.Entitlements) int { return e.Profiles })
}

// fits checks that a document is within the owner's plan and names no picture but
// the profile's. used is how many links there are now, held what was there before:
// a document that is over the plan may be saved as long as it does not grow beyond
// that.
func (tx *UserTx) fits(ctx context.Context, o owner, id model.ProfileID, d model.Document, used int, held ...model.Document) error {
	most := 0
	for _, h := range held {
		most = max(most, h.Links())
	}
	if n := d.Links(); !plans.Within(n, o.Links) && n > most {
		return planLimit(o, "links", "link", used, func(e plans.Entitlements) int { return e.Links })
	}
	if err := ownLook(o, d.Theme.Look, held); err != nil {
		return err
	}
	return tx.ownPictures(ctx, id, d, held)
}

// ownLook checks that the plan holds a look of one's own. One that was held before
// may stay.
func ownLook(o owner, look model.Look, held []model.Document) error {
	if o.OwnLook || look.Plain() || slices.ContainsFunc(held, func(h model.Document) bool { return look.Within(h.Theme.Look) }) {
		return nil
	}
	lifted := plans.Lowest(func(e plans.Entitlements) bool { return e.OwnLook })
	return &model.Error{Kind: model.KindPlanLimit,
		Message: fmt.Sprintf("Your plan, %s, shows the themes as they are. %s holds colours, fonts, buttons and a background of your own.", o.Name, plans.Of(lifted).Name),
		Limit:   &model.Limit{Name: "own_look", LiftedBy: string(lifted)}}
}

func planLimit(o owner, name, one string, used int, of func(plans.Entitlements) int) error {
	limit, lifted := of(o.Entitlements), plans.LiftedBy(o.Plan, of)
	what := fmt.Sprintf("%d %s", limit, name)
	if limit == 1 {
		what = "1 " + one
	}
	message := fmt.Sprintf("Your plan, %s, holds %s.", o.Name, what)
	switch more := of(plans.Of(lifted)); {
	case lifted == "":
	case more == plans.Unlimited:
		message += fmt.Sprintf(" %s holds as many as you like.", plans.Of(lifted).Name)
	default:
		message += fmt.Sprintf(" %s holds %d.", plans.Of(lifted).Name, more)
	}
	return &model.Error{Kind: model.KindPlanLimit, Message: message,
		Limit: &model.Limit{Name: name, Limit: limit, Used: used, LiftedBy: string(lifted)}}
}

// knownZone refuses a time zone that PostgreSQL, which cuts the days, does not know.
func (tx *UserTx) knownZone(ctx context.Context, zone string) error {
	var at time.Time
	err := tx.GetContext(ctx, &at, `select now() at time zone $1`, zone)
	var pe *pq.Error
	if errors.As(err, &pe) && pe.Code == "22023" { // invalid_parameter_value
		return model.Invalid("time_zone", "There is no such time zone. Give one by its region and city, like Europe/London.")
	}
	return err
}

func (tx *UserTx) auditProfile(ctx context.Context, from Origin, action string, id model.ProfileID, before, after any) error {
	return tx.Audit(ctx, Entry{Actor: from.Actor, User: tx.UserID, Action: action, Subject: id.String(),
		Before: before, After: after, AddressPrefix: from.AddressPrefix})
}
