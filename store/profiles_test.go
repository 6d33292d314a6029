package store_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/internal/plans"
	"github.com/hlpfl/platform/internal/testenv"
	"github.com/hlpfl/platform/store"
)

// desk is a store with one user who makes pages.
type desk struct {
	*testing.T
	*store.Store
	user model.UserID
}

func openDesk(t *testing.T, plan plans.Plan) desk {
	t.Helper()
	s, err := store.Open(store.Options{DatabaseURL: testenv.Database(t)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	d := desk{t, s, model.NewUserID()}
	d.system(func(ctx context.Context, tx *store.SystemTx) error {
		err := tx.AddUser(ctx, model.User{ID: d.user, Email: d.user.String() + "@hlpfl.example", Language: "en", TimeZone: "Asia/Tokyo"}, "")
		if err == nil {
			_, err = tx.GrantPlan(ctx, d.user, plan, "test")
		}
		return err
	})
	return d
}

func (d desk) system(f func(context.Context, *store.SystemTx) error) {
	d.Helper()
	ctx := context.Background()
	if err := d.System(ctx, func(tx *store.SystemTx) error { return f(ctx, tx) }); err != nil {
		d.Fatal(err)
	}
}

func (d desk) try(f func(context.Context, *store.UserTx) error) error {
	ctx := context.Background()
	return d.AsUser(ctx, d.user, func(tx *store.UserTx) error { return f(ctx, tx) })
}

func (d desk) do(f func(context.Context, *store.UserTx) error) {
	d.Helper()
	if err := d.try(f); err != nil {
		d.Fatal(err)
	}
}

func (d desk) create(handle string) (p model.Profile) {
	d.Helper()
	d.do(func(ctx context.Context, tx *store.UserTx) (err error) {
		p, err = tx.CreateProfile(ctx, store.NewProfile{Handle: model.Handle(handle), Name: "Ines", Document: model.NewDocument(), Origin: store.Origin{Actor: d.user, AddressPrefix: "192.0.2.0/24"}})
		return err
	})
	return p
}

// write adds a text to the draft.
func (d desk) write(p model.Profile, text string, typing bool) (out model.Profile) {
	d.Helper()
	d.do(func(ctx context.Context, tx *store.UserTx) (err error) {
		out, err = tx.EditDraft(ctx, p.ID, p.Version, func(p model.Profile) (model.Draft, model.Edit, error) {
			next := p.Working()
			next.Document.Bio = text
			return next, model.Edit{Kind: model.EditWho, Title: text, Typing: typing}, nil
		})
		return err
	})
	return out
}

// ask reads one value behind the screen.
func ask[T any](d desk, query string, args ...any) (v T) {
	d.Helper()
	d.system(func(ctx context.Context, tx *store.SystemTx) error { return tx.GetContext(ctx, &v, query, args...) })
	return v
}

// Whatever changes what fans see writes a row of profile_changes with it, and what
// does not writes none.
func TestWhatFansSeeIsNoted(t *testing.T) {
	t.Parallel()
	d := openDesk(t, plans.Artist)
	notes := func() string {
		return ask[string](d, `select coalesce(string_agg(distinct handle, ',' order by handle), '') from profile_changes`)
	}
	forget := func() {
		d.system(func(ctx context.Context, tx *store.SystemTx) error {
			_, err := tx.ExecContext(ctx, `delete from profile_changes`)
			return err
		})
	}
	forget()
	p := d.create("noted")
	step := func(name, want string, f func(context.Context, *store.UserTx) (model.Profile, error)) {
		t.Helper()
		forget()
		d.do(func(ctx context.Context, tx *store.UserTx) (err error) {
			p, err = f(ctx, tx)
			return err
		})
		if got := notes(); got != want {
			t.Errorf("%s: noted %q, not %q", name, got, want)
		}
	}
	if notes() != "noted" {
		t.Errorf("created: noted %q", notes())
	}
	off, zone, handle, name := false, "Europe/London", model.Handle("moved"), "Renamed"
	save := func(c model.ProfileChange) func(context.Context, *store.UserTx) (model.Profile, error) {
		return func(ctx context.Context, tx *store.UserTx) (model.Profile, error) {
			return tx.SaveProfile(ctx, p.ID, p.Version, c, store.Origin{})
		}
	}
	step("a draft", "", save(model.ProfileChange{Name: &name, AsDraft: true}))
	step("a time zone", "noted", save(model.ProfileChange{TimeZone: &zone}))
	step("published", "noted", func(ctx context.Context, tx *store.UserTx) (model.Profile, error) {
		return tx.PublishProfile(ctx, p.ID, 0)
	})
	step("published again", "", func(ctx context.Context, tx *store.UserTx) (model.Profile, error) {
		return tx.PublishProfile(ctx, p.ID, 0)
	})
	step("published by a save", "noted", save(model.ProfileChange{Name: &name}))
	step("moved", "moved,noted", save(model.ProfileChange{Handle: &handle}))
	step("off", "moved", save(model.ProfileChange{IsActive: &off}))
	step("deleted", "moved", func(ctx context.Context, tx *store.UserTx) (model.Profile, error) {
		return p, tx.DeleteProfile(ctx, p.ID, p.Version, store.Origin{})
	})
	step("restored", "moved", func(ctx context.Context, tx *store.UserTx) (model.Profile, error) {
		return tx.RestoreProfile(ctx, p.ID, 0, store.Origin{})
	})
	want := "profile.created,profile.deleted,profile.handle_changed,profile.restored,profile.switched"
	if got := ask[string](d, `select string_agg(action, ',' order by action) from audit_log where subject = $1`, p.ID.String()); got != want {
		t.Errorf("the audit log has %s, not %s", got, want)
	}
	if got := ask[string](d, `select actor_id || ' ' || address_prefix from audit_log where action = 'profile.created'`); got != d.user.String()+" 192.0.2.0/24" {
		t.Errorf("made by %s", got)
	}
}

func TestEveryPublishIsKept(t *testing.T) {
	t.Parallel()
	d := openDesk(t, plans.Free)
	p := d.create("kept")
	for i := range 3 {
		p = d.write(p, fmt.Sprint("text ", i), false)
		d.do(func(ctx context.Context, tx *store.UserTx) (err error) {
			p, err = tx.PublishProfile(ctx, p.ID, p.Version)
			return err
		})
	}
	got := ask[string](d, `select string_agg(version || ':' || (profile_data->>'bio'), ',' order by version) from profile_versions where profile_id = $1`, p.ID)
	if got != "1:,3:text 0,5:text 1,7:text 2" {
		t.Errorf("kept are %s", got)
	}
}

func TestUndoHistory(t *testing.T) {
	t.Parallel()
	d := openDesk(t, plans.Free)
	p := d.create("undone")
	undo := func() (e model.Edit) {
		t.Helper()
		d.do(func(ctx context.Context, tx *store.UserTx) (err error) {
			p, e, err = tx.Undo(ctx, p.ID, p.Version)
			return err
		})
		return e
	}
	p = d.write(p, "one", false)
	for _, text := range []string{"t", "ty", "typ", "typed"} {
		p = d.write(p, text, true)
	}
	p = d.write(p, "typed", false) // nothing new: nothing to take back
	if e := undo(); p.Working().Document.Bio != "one" || e.Kind != model.EditWho {
		t.Errorf("what was typed is taken back at once: %q, %+v", p.Working().Document.Bio, e)
	}
	if undo(); p.Draft != nil {
		t.Errorf("there is a draft: %+v", p.Draft)
	}
	err := d.try(func(ctx context.Context, tx *store.UserTx) error {
		_, _, err := tx.Undo(ctx, p.ID, p.Version)
		return err
	})
	if model.KindOf(err) != model.KindInvalid {
		t.Errorf("nothing to take back: %v", err)
	}
	for i := range store.KeepUndo + 10 {
		p = d.write(p, fmt.Sprint(i), false)
	}
	if n := ask[int](d, `select count(*) from draft_history`); n != store.KeepUndo {
		t.Errorf("%d saves are kept", n)
	}
	if undo(); p.Working().Document.Bio != fmt.Sprint(store.KeepUndo+8) {
		t.Errorf("the last is %q", p.Working().Document.Bio)
	}
	d.do(func(ctx context.Context, tx *store.UserTx) (err error) {
		p, err = tx.PublishProfile(ctx, p.ID, 0)
		return err
	})
	if n := ask[int](d, `select count(*) from draft_history`); n != 0 {
		t.Errorf("%d saves can be taken back after a publish", n)
	}
}

func TestDeletedForTooLong(t *testing.T) {
	t.Parallel()
	d := openDesk(t, plans.Free)
	p := d.create("gone")
	d.do(func(ctx context.Context, tx *store.UserTx) error {
		return tx.DeleteProfile(ctx, p.ID, 0, store.Origin{})
	})
	age := func(by time.Duration) {
		d.system(func(ctx context.Context, tx *store.SystemTx) error {
			_, err := tx.ExecContext(ctx, `update profiles set deleted_at = now() - make_interval(secs => $1)`, by.Seconds())
			return err
		})
	}
	purge := func() (n int64) {
		d.system(func(ctx context.Context, tx *store.SystemTx) (err error) {
			n, err = tx.PurgeDeletedOfAnyUser(ctx)
			return err
		})
		return n
	}
	age(model.RestorableFor - time.Minute)
	if n := purge(); n != 0 {
		t.Errorf("%d purged before their time", n)
	}
	age(model.RestorableFor + time.Minute)
	err := d.try(func(ctx context.Context, tx *store.UserTx) error {
		_, err := tx.RestoreProfile(ctx, p.ID, 0, store.Origin{})
		return err
	})
	if model.KindOf(err) != model.KindNotFound {
		t.Errorf("restored too late: %v", err)
	}
	d.do(func(ctx context.Context, tx *store.UserTx) error {
		list, err := tx.Profiles(ctx, true, model.ProfileID{}, 10)
		if len(list) != 0 {
			t.Errorf("listed: %+v", list)
		}
		return err
	})
	if n := purge(); n != 1 {
		t.Errorf("%d purged", n)
	}
	d.create("gone") // the handle is free
}

func TestAPictureBelongsToItsProfile(t *testing.T) {
	t.Parallel()
	d := openDesk(t, plans.Artist)
	p, other := d.create("pictured"), d.create("other")
	const name = "0123456789abcdef_100x200"
	d.system(func(ctx context.Context, tx *store.SystemTx) error {
		_, err := tx.ExecContext(ctx, `
			with file as (insert into media_files (name) values ($2))
			insert into media (profile_id, name) values ($1, $2)`, p.ID, name)
		return err
	})
	doc := model.NewDocument()
	doc.Picture = &model.Picture{Media: name, Alt: "A portrait"}
	save := func(p model.Profile, draft bool) error {
		return d.try(func(ctx context.Context, tx *store.UserTx) error {
			_, err := tx.SaveProfile(ctx, p.ID, 0, model.ProfileChange{Document: &doc, AsDraft: draft}, store.Origin{})
			return err
		})
	}
	for _, draft := range []bool{true, false} {
		if err := save(p, draft); err != nil {
			t.Errorf("draft %v: %v", draft, err)
		}
		if err := save(other, draft); model.KindOf(err) != model.KindInvalid {
			t.Errorf("draft %v, another's: %v", draft, err)
		}
	}
}

func TestATimeZonePostgresDoesNotKnow(t *testing.T) {
	t.Parallel()
	d := openDesk(t, plans.Free)
	p := d.create("zoned")
	if p.TimeZone != "Asia/Tokyo" {
		t.Errorf("not the owner's: %s", p.TimeZone)
	}
	zone := "Mars/Base"
	err := d.try(func(ctx context.Context, tx *store.UserTx) error {
		_, err := tx.SaveProfile(ctx, p.ID, 0, model.ProfileChange{TimeZone: &zone}, store.Origin{})
		return err
	})
	if model.KindOf(err) != model.KindInvalid || !strings.Contains(fmt.Sprint(err), "mending") {
		t.Errorf("%v", err)
	}
}

func TestAConflictTellsThePresentVersion(t *testing.T) {
	t.Parallel()
	d := openDesk(t, plans.Free)
	p := d.write(d.create("stale"), "x", false)
	for _, version := range []int64{1, 3, 99} {
		err := d.try(func(ctx context.Context, tx *store.UserTx) error {
			_, err := tx.PublishProfile(ctx, p.ID, version)
			return err
		})
		var e *model.Error
		if model.KindOf(err) == model.KindConflict {
			e = err.(*model.Error) //nolint:errorlint // never wrapped here
		}
		if e == nil || e.Version != 2 {
			t.Errorf("made from %d: %v", version, err)
		}
	}
}
