// Package importer takes profiles in from files: the API's own profile JSON, from
// other programs and by hand. What is wrong in a file is mended or left out and
// told, so that one bad link does not cost a page.
package importer

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/internal/plans"
	"github.com/hlpfl/platform/store"
)

// MaxFile is the largest file that is taken, in bytes.
const MaxFile = 8 << 20

// Importer takes files in.
type Importer struct{ Store *store.Store }

// Action is what came of a file.
type Action string

// What can come of a file.
const (
	Created Action = "created"
	Updated Action = "updated"
	Refused Action = "refused"
)

// Result is what was done with a file.
type Result struct {
	Action Action
	Handle string   // as far as it could be read
	Notes  []string // what was mended or left out, one sentence each
	Reason string   // why it was refused
}

// String is the line that is told of a file: "created inesokafor", "refused: …".
// The notes are not in it.
func (r Result) String() string {
	if r.Action == Refused {
		return strings.TrimSpace(string(r.Action)+" "+r.Handle) + ": " + r.Reason
	}
	return string(r.Action) + " " + r.Handle
}

// Import takes one file in, whole or not at all. A file that is no good is Refused
// with the reason; an error means that the store failed.
func (i Importer) Import(ctx context.Context, raw []byte) (Result, error) {
	f, reason := read(raw)
	result := Result{Handle: f.handle, Notes: f.notes}
	if reason != "" {
		result.Action, result.Reason, result.Notes = Refused, reason, nil
		return result, nil
	}
	err := i.Store.System(ctx, func(tx *store.SystemTx) error {
		var err error
		result.Action, err = f.take(ctx, tx)
		return err
	})
	result.Notes = f.notes
	if refused(err) {
		result.Action, result.Reason, result.Notes = Refused, told(err), nil
		return result, nil
	}
	return result, err
}

// refused reports whether an error is about the file and not about the store.
func refused(err error) bool {
	switch model.KindOf(err) {
	case model.KindInvalid, model.KindTaken, model.KindPlanLimit, model.KindTooLarge, model.KindForbidden, model.KindConflict:
		return err != nil
	}
	return false
}

func told(err error) string {
	var e *model.Error
	if !errors.As(err, &e) {
		return err.Error()
	}
	if e.Kind == model.KindInvalid {
		for field, reason := range e.Fields {
			return field + ": " + reason
		}
	}
	return e.Message
}

// file is what could be read of a file.
type file struct {
	handle   string
	email    string
	name     string // "" when there was none that could be taken
	zone     string // "" for none
	plan     plans.Plan
	active   *bool
	document *model.Document // nil when there was none
	notes    []string
}

func (f *file) note(format string, args ...any) {
	f.notes = append(f.notes, fmt.Sprintf(format, args...))
}

// readOnly are fields that the API gives and an import has no use for.
var readOnly = map[string]bool{
	"id": true, "url": true, "version": true, "draft": true, "created_at": true, "updated_at": true, "deleted_at": true, "block": true, "social": true,
}

// read reads a file as far as it goes; reason says why it cannot be taken at all.
func read(raw []byte) (f *file, reason string) {
	f = &file{}
	if len(raw) > MaxFile {
		return f, fmt.Sprintf("the file has %d MB; at most %d are taken", len(raw)>>20, MaxFile>>20)
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf")), &fields); err != nil || fields == nil {
		return f, "this is not one JSON object {…}"
	}
	text := func(key string) (s string, ok bool) {
		err := json.Unmarshal(fields[key], &s)
		return s, err == nil && fields[key] != nil
	}
	typed, _ := text("handle")
	handle, err := model.ParseHandle(typed)
	if err != nil {
		return f, "handle: " + err.Error()
	}
	f.handle = handle.String()
	typed, _ = text("owner_email")
	if f.email, err = model.ParseEmail(typed); err != nil {
		return f, "owner_email: " + err.Error()
	}
	f.readName(fields, text)
	if zone, ok := text("time_zone"); ok {
		if f.zone, err = model.ParseTimeZone(zone); err != nil {
			f.note("time_zone left out: %s", err)
		}
	} else if fields["time_zone"] != nil {
		f.note("time_zone left out: it must be text")
	}
	if raw := fields["plan"]; raw != nil && !isNull(raw) {
		if plan, _ := text("plan"); plans.Known(plan) {
			f.plan = plans.Plan(plan)
		} else {
			f.note("plan left out: there is no such plan, choose free, artist, business or enterprise")
		}
	}
	if raw := fields["is_active"]; raw != nil && !isNull(raw) {
		if err := json.Unmarshal(raw, &f.active); err != nil {
			f.active = nil // a pointer was made all the same, to false
			f.note("is_active left out: it must be true or false")
		}
	}
	if raw := fields["profile_data"]; raw != nil && !isNull(raw) {
		f.document = f.readDocument(raw)
	}
	for _, key := range sorted(fields) {
		switch key {
		case "handle", "owner_email", "profile_name", "time_zone", "plan", "is_active", "profile_data":
		default:
			if !readOnly[key] {
				f.note("%s left out: there is no such field", short(key))
			}
		}
	}
	return f, ""
}

func (f *file) readName(fields map[string]json.RawMessage, text func(string) (string, bool)) {
	typed, ok := text("profile_name")
	if !ok {
		if fields["profile_name"] != nil {
			f.note("profile_name left out: it must be text")
		}
		return
	}
	name, err := model.CleanLine(typed, model.MaxProfileName)
	if err != nil {
		name, err = model.CleanLine(cut(typed, model.MaxProfileName), model.MaxProfileName)
		if err == nil {
			f.note("profile_name shortened to %d characters", model.MaxProfileName)
		}
	}
	if err != nil {
		f.note("profile_name left out: %s", err)
		return
	}
	f.name = name
}

// take does what the file says, in one transaction.
func (f *file) take(ctx context.Context, tx *store.SystemTx) (Action, error) {
	owner, err := f.owner(ctx, tx)
	if err != nil {
		return "", err
	}
	holder, there, err := tx.AnyUsersHandle(ctx, model.Handle(f.handle))
	switch {
	case err != nil:
		return "", err
	case there && holder.Owner != owner.ID:
		return "", model.Taken("handle", "the handle belongs to another user")
	case there && holder.DeletedAt != nil:
		return "", model.Taken("handle", "this profile was deleted by its owner and can be restored for 30 days; the handle is held meanwhile")
	}
	if f.plan != "" && string(f.plan) != owner.Plan {
		if err := f.grant(ctx, tx, &owner); err != nil {
			return "", err
		}
	}
	as, err := tx.OnBehalf(ctx, owner.ID)
	if err != nil {
		return "", err
	}
	if there {
		return Updated, f.update(ctx, as, holder.Profile, owner)
	}
	return Created, f.create(ctx, as, owner)
}

// owner finds the owner, or makes one without a password.
func (f *file) owner(ctx context.Context, tx *store.SystemTx) (model.User, error) {
	u, err := tx.AnyUserByEmail(ctx, f.email)
	if model.KindOf(store.Translate(err)) != model.KindNotFound {
		return u, err
	}
	u = model.User{ID: model.NewUserID(), Email: f.email, Plan: string(plans.Free), Language: "en", TimeZone: or(f.zone, "UTC")}
	if err := tx.AddUser(ctx, u, ""); model.KindOf(err) == model.KindTaken {
		return tx.AnyUserByEmail(ctx, f.email) // somebody registered this very moment
	} else if err != nil {
		return u, err
	}
	f.note("made an account for %s, without a password", f.email)
	return u, tx.Audit(ctx, store.Entry{User: u.ID, Action: "user.imported", After: map[string]any{"email": f.email}})
}

func (f *file) grant(ctx context.Context, tx *store.SystemTx, owner *model.User) error {
	plan, err := tx.GrantPlan(ctx, owner.ID, f.plan, "import")
	owner.Plan = string(plan)
	f.note("granted the plan %s", f.plan)
	return err
}

func (f *file) create(ctx context.Context, tx *store.UserTx, owner model.User) error {
	doc := model.NewDocument()
	if f.document != nil {
		doc = *f.document
	}
	f.leaveOut(&doc, doc.Pictures(), "a new profile has no pictures yet")
	if f.name == "" {
		f.name = f.handle
		f.note("profile_name taken from the handle")
	}
	f.fit(&doc, owner.Plan, 0)
	p, err := tx.CreateProfile(ctx, store.NewProfile{Handle: model.Handle(f.handle), Name: f.name, TimeZone: f.zone, Document: doc})
	if err != nil || f.active == nil || *f.active {
		return err
	}
	_, err = tx.SaveProfile(ctx, p.ID, p.Version, model.ProfileChange{IsActive: f.active}, store.Origin{})
	return err
}

func (f *file) update(ctx context.Context, tx *store.UserTx, id model.ProfileID, owner model.User) error {
	p, err := tx.Profile(ctx, id)
	if err != nil {
		return err
	}
	change := model.ProfileChange{IsActive: f.active, Document: f.document}
	if f.name != "" {
		change.Name = &f.name
	}
	if f.zone != "" {
		change.TimeZone = &f.zone
	}
	if doc := f.document; doc != nil {
		absent, err := tx.AbsentPictures(ctx, id, doc.Pictures())
		if err != nil {
			return err
		}
		f.leaveOut(doc, absent, "there is no such picture on this profile")
		f.fit(doc, owner.Plan, p.Document.Links())
	}
	_, err = tx.SaveProfile(ctx, id, p.Version, change, store.Origin{})
	return err
}

// leaveOut takes pictures out of a document and tells why.
func (f *file) leaveOut(d *model.Document, pictures []model.Named, why string) {
	if len(pictures) == 0 {
		return
	}
	out := map[string]bool{}
	for _, n := range pictures {
		out[n.Picture.Media] = true
		f.note("%s left out: %s", n.Field, why)
	}
	*d = d.WithoutPictures(func(media string) bool { return !out[media] })
}

// fit leaves out a look of one's own and the last links that the plan does not hold. held is how many are
// public already: those may stay.
func (f *file) fit(d *model.Document, plan string, held int) {
	e := plans.Of(plans.Plan(plan))
	if !e.OwnLook && !d.Theme.Plain() {
		d.Theme.Look = model.Look{}
		f.note("colours, fonts, buttons and background left out: the plan, %s, shows the themes as they are", e.Name)
	}
	if e.Links == plans.Unlimited {
		return
	}
	room := max(e.Links, held)
	left := 0
	for d.Links() > room && f.dropLast(d) {
		left++
	}
	if left > 0 {
		f.note("%s left out: the plan, %s, holds %d", count(left, "link"), e.Name, e.Links)
	}
}

// dropLast takes the last link out of a document, the socials' after the blocks'.
func (f *file) dropLast(d *model.Document) bool {
	for i := len(d.Blocks) - 1; i >= 0; i-- {
		if model.LeadsOut(d.Blocks[i].Body) {
			next, err := d.RemoveBlock(d.Blocks[i].ID)
			*d = next
			return err == nil
		}
	}
	if n := len(d.Socials); n > 0 {
		d.Socials = d.Socials[:n-1]
		return true
	}
	return false
}

func isNull(raw []byte) bool { return bytes.Equal(bytes.TrimSpace(raw), []byte("null")) }

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
