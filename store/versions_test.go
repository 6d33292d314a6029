package store_test

import (
	"context"
	"testing"
	"time"

	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/internal/plans"
	"github.com/hlpfl/platform/store"
)

func (d desk) publish(p model.Profile) (out model.Profile) {
	d.Helper()
	d.do(func(ctx context.Context, tx *store.UserTx) (err error) {
		out, err = tx.PublishProfile(ctx, p.ID, p.Version)
		return err
	})
	return out
}

func (d desk) now(p model.Profile) (out model.Profile) {
	d.Helper()
	d.do(func(ctx context.Context, tx *store.UserTx) (err error) {
		out, err = tx.Profile(ctx, p.ID)
		return err
	})
	return out
}

func (d desk) versions(p model.Profile, before int64, limit int) (list []store.Version) {
	d.Helper()
	d.do(func(ctx context.Context, tx *store.UserTx) (err error) {
		list, err = tx.Versions(ctx, p.ID, before, limit)
		return err
	})
	return list
}

// Two publishes of one transaction have the same time; one of them is public.
func TestOneVersionIsPresent(t *testing.T) {
	t.Parallel()
	d := openDesk(t, plans.Artist)
	var p model.Profile
	d.do(func(ctx context.Context, tx *store.UserTx) (err error) {
		p, err = tx.CreateProfile(ctx, store.NewProfile{Handle: "at-once", Name: "Ines", TimeZone: "UTC", Document: model.NewDocument()})
		if err != nil {
			return err
		}
		doc := model.NewDocument()
		doc.Bio = "second"
		p, err = tx.SaveProfile(ctx, p.ID, p.Version, model.ProfileChange{Document: &doc}, store.Origin{})
		return err
	})
	list := d.versions(p, 0, 3)
	if len(list) != 2 || !list[0].At.Equal(list[1].At) || !list[0].Present || list[1].Present {
		t.Errorf("the versions are %+v", list)
	}
	if older := d.versions(p, list[0].Number, 3); len(older) != 1 || older[0].Present {
		t.Errorf("on the next page stands %+v", older)
	}
}

func TestVersionsAreKeptAndComeBack(t *testing.T) {
	t.Parallel()
	d := openDesk(t, plans.Artist)
	p := d.create("versions")
	first := p.Version
	for _, bio := range []string{"one", "two", "three"} {
		p = d.publish(d.write(p, bio, false))
	}
	list := d.versions(p, 0, 3)
	if len(list) != 3 || list[0].Document.Bio != "three" || list[2].Document.Bio != "one" || list[0].By != d.user || !list[0].At.Equal(p.PublishedAt) {
		t.Fatalf("the newest three are %+v", list)
	}
	if rest := d.versions(p, list[2].Number, 3); len(rest) != 1 || rest[0].Number != first {
		t.Errorf("before them stands %+v", rest)
	}

	// Back to "one": it is the draft, nothing is public by it, and Undo takes it back.
	d.do(func(ctx context.Context, tx *store.UserTx) (err error) {
		p, err = tx.RestoreVersion(ctx, p.ID, list[2].Number, p.Version)
		return err
	})
	if p.Document.Bio != "three" || p.Draft == nil || p.Draft.Document.Bio != "one" {
		t.Fatalf("public %q, draft %+v", p.Document.Bio, p.Draft)
	}
	err := d.try(func(ctx context.Context, tx *store.UserTx) error {
		_, err := tx.RestoreVersion(ctx, p.ID, list[1].Number, p.Version-1)
		return err
	})
	if model.KindOf(err) != model.KindConflict {
		t.Errorf("an old version's restore: %v", err)
	}
	stranger := desk{t, d.Store, model.NewUserID()}
	if got := stranger.versions(p, 0, 5); len(got) != 0 {
		t.Errorf("a stranger reads %d versions", len(got))
	}
	for _, number := range []int64{first, 999} {
		err := stranger.try(func(ctx context.Context, tx *store.UserTx) error {
			_, err := tx.Version(ctx, p.ID, number)
			return err
		})
		if model.KindOf(store.Translate(err)) != model.KindNotFound {
			t.Errorf("a stranger reads version %d: %v", number, err)
		}
	}
}

func (d desk) turn(p model.Profile, redo bool) (out model.Profile, err error) {
	err = d.try(func(ctx context.Context, tx *store.UserTx) (err error) {
		if redo {
			out, _, err = tx.Redo(ctx, p.ID, p.Version)
		} else {
			out, _, err = tx.Undo(ctx, p.ID, p.Version)
		}
		return err
	})
	return out, err
}

func TestUndoAndRedo(t *testing.T) {
	t.Parallel()
	d := openDesk(t, plans.Artist)
	p := d.create("redo")
	must := func(redo bool, want string) {
		t.Helper()
		var err error
		if p, err = d.turn(p, redo); err != nil {
			t.Fatal(err)
		}
		if got := p.Working().Document.Bio; got != want {
			t.Errorf("it is %q, want %q", got, want)
		}
	}
	for _, bio := range []string{"one", "two", "three"} {
		p = d.write(p, bio, false)
	}
	must(false, "two")
	must(false, "one")
	must(true, "two")
	must(true, "three")
	if _, err := d.turn(p, true); model.KindOf(err) != model.KindInvalid {
		t.Errorf("there is nothing left to do again: %v", err)
	}
	must(false, "two")
	must(false, "one")
	must(false, "")
	if p.Draft != nil {
		t.Errorf("there is a draft: %+v", p.Draft)
	}
	must(true, "one")
	// Another edit ends what can be done again.
	p = d.write(p, "else", false)
	if _, err := d.turn(p, true); model.KindOf(err) != model.KindInvalid {
		t.Errorf("an edit lies between: %v", err)
	}
	must(false, "one")
	must(true, "else")
	p = d.publish(p)
	if _, err := d.turn(p, false); model.KindOf(err) != model.KindInvalid {
		t.Errorf("it is public: %v", err)
	}
}

func (d desk) schedule(p model.Profile, at time.Time) (out model.Profile) {
	d.Helper()
	d.do(func(ctx context.Context, tx *store.UserTx) (err error) {
		out, err = tx.SchedulePublish(ctx, p.ID, p.Version, at)
		return err
	})
	return out
}

// due does what the job does, for the schedule that a profile had.
func (d desk) due(p model.Profile) model.Profile {
	d.Helper()
	for range 2 { // as often as anybody likes
		d.do(func(ctx context.Context, tx *store.UserTx) error {
			return tx.PublishScheduled(ctx, p.ID, p.Scheduled.Version)
		})
	}
	return d.now(p)
}

func TestScheduledPublish(t *testing.T) {
	t.Parallel()
	d := openDesk(t, plans.Artist)
	p := d.create("scheduled")
	at := time.Now().Add(time.Hour).Truncate(time.Microsecond)
	if err := d.try(func(ctx context.Context, tx *store.UserTx) error {
		_, err := tx.SchedulePublish(ctx, p.ID, p.Version, at)
		return err
	}); model.KindOf(err) != model.KindInvalid {
		t.Errorf("without a draft: %v", err)
	}
	p = d.schedule(d.write(p, "one", false), at)
	if !p.Scheduled.Stands() || !p.Scheduled.At.Equal(at) {
		t.Fatalf("the plan is %+v", p.Scheduled)
	}
	var waits int
	d.system(func(ctx context.Context, tx *store.SystemTx) error {
		return tx.GetContext(ctx, &waits, `select count(*) from jobs where kind = $1 and run_at = $2`, store.JobPublish, at)
	})
	if waits != 1 {
		t.Errorf("%d jobs wait for it", waits)
	}

	// A change of the draft calls it off; what is no change does not.
	planned := p
	d.do(func(ctx context.Context, tx *store.UserTx) (err error) {
		zone := "Europe/Paris"
		p, err = tx.SaveProfile(ctx, p.ID, p.Version, model.ProfileChange{TimeZone: &zone}, store.Origin{Actor: d.user})
		return err
	})
	if !p.Scheduled.Stands() {
		t.Error("the time zone is no part of the draft")
	}
	p = d.write(p, "two", false)
	if p.Scheduled == nil || p.Scheduled.Stands() {
		t.Errorf("the draft changed, the plan is %+v", p.Scheduled)
	}
	if got := d.due(planned); got.Document.Bio != "" || got.Version != p.Version {
		t.Errorf("published %q although it was called off", got.Document.Bio)
	}

	// Cancelled by hand.
	cancelled := d.schedule(p, at)
	d.do(func(ctx context.Context, tx *store.UserTx) (err error) {
		p, err = tx.CancelPublish(ctx, p.ID, cancelled.Version)
		return err
	})
	if p.Scheduled != nil {
		t.Errorf("cancelled, and the plan is %+v", p.Scheduled)
	}
	if got := d.due(cancelled); got.Document.Bio != "" {
		t.Errorf("published %q although it was cancelled", got.Document.Bio)
	}

	// Set to another time: only the last one counts. Then it is public, once.
	before := d.schedule(p, at)
	p = d.schedule(before, at.Add(time.Hour))
	if got := d.due(before); got.Document.Bio != "" {
		t.Errorf("published %q at the time that was set before", got.Document.Bio)
	}
	p = d.due(p)
	if p.Document.Bio != "two" || p.Draft != nil || p.Scheduled != nil {
		t.Errorf("not published: %q, draft %v, plan %+v", p.Document.Bio, p.Draft, p.Scheduled)
	}
	list := d.versions(p, 0, 10)
	if len(list) != 2 || !list[0].Scheduled || list[1].Scheduled || list[0].By != d.user {
		t.Errorf("the publishes are %+v", list)
	}
}

func TestScheduledPublishThatThePlanRefuses(t *testing.T) {
	t.Parallel()
	d := openDesk(t, plans.Artist)
	p := d.create("refused")
	d.do(func(ctx context.Context, tx *store.UserTx) (err error) {
		p, err = tx.EditDraft(ctx, p.ID, 0, func(p model.Profile) (model.Draft, model.Edit, error) {
			next := p.Working()
			for range 6 {
				if next.Document, _, err = next.Document.AddBlock(model.Block{Enabled: true, Body: model.Link{Title: "More", URL: "https://example.com"}}, -1); err != nil {
					return next, model.Edit{}, err
				}
			}
			return next, model.Edit{Kind: model.EditAdd}, nil
		})
		return err
	})
	p = d.schedule(p, time.Now().Add(time.Hour))
	d.system(func(ctx context.Context, tx *store.SystemTx) error {
		_, err := tx.GrantPlan(ctx, d.user, plans.Free, "test")
		return err
	})
	p = d.due(p)
	if p.Document.Links() != 0 || p.Draft == nil || p.Scheduled == nil || p.Scheduled.Stands() || p.Scheduled.Refused == "" {
		t.Errorf("six links on Free are public, or nobody is told why not: %+v", p.Scheduled)
	}
}

func TestDeletedBlocksCanBePutBack(t *testing.T) {
	t.Parallel()
	d := openDesk(t, plans.Artist)
	p := d.create("deleted")
	edit := func(change func(model.Document) (model.Document, error)) {
		t.Helper()
		d.do(func(ctx context.Context, tx *store.UserTx) (err error) {
			p, err = tx.EditDraft(ctx, p.ID, p.Version, func(p model.Profile) (model.Draft, model.Edit, error) {
				next := p.Working()
				next.Document, err = change(next.Document)
				return next, model.Edit{Kind: model.EditDelete}, err
			})
			return err
		})
	}
	deleted := func() (list []store.DeletedBlock) {
		t.Helper()
		d.do(func(ctx context.Context, tx *store.UserTx) (err error) {
			list, err = tx.DeletedBlocks(ctx, p.ID, 10)
			return err
		})
		return list
	}
	edit(func(doc model.Document) (model.Document, error) {
		doc, _, err := doc.AddBlock(model.Block{ID: "spring", Enabled: true, Body: model.Heading{Text: "Spring"}}, -1)
		return doc, err
	})
	p = d.publish(p)
	edit(func(doc model.Document) (model.Document, error) { return doc.RemoveBlock("spring") })
	p = d.publish(p) // gone for fans, undo has forgotten it
	if list := deleted(); len(list) != 1 || list[0].Block.ID != "spring" || model.TitleOf(list[0].Block.Body) != "Spring" {
		t.Fatalf("deleted are %+v", list)
	}
	err := desk{t, d.Store, model.NewUserID()}.try(func(ctx context.Context, tx *store.UserTx) error {
		_, err := tx.DeletedBlock(ctx, p.ID, "spring")
		return err
	})
	if model.KindOf(store.Translate(err)) != model.KindNotFound {
		t.Errorf("a stranger reads it: %v", err)
	}
	var back model.Block
	d.do(func(ctx context.Context, tx *store.UserTx) (err error) {
		back, err = tx.DeletedBlock(ctx, p.ID, "spring")
		return err
	})
	edit(func(doc model.Document) (model.Document, error) {
		doc, _, err := doc.AddBlock(back, 0)
		return doc, err
	})
	if list := deleted(); len(list) != 0 {
		t.Errorf("it is back, and stands among the deleted: %+v", list)
	}
	edit(func(doc model.Document) (model.Document, error) { return doc.RemoveBlock("spring") })
	d.system(func(ctx context.Context, tx *store.SystemTx) error {
		if _, err := tx.ExecContext(ctx, `update deleted_blocks set deleted_at = now() - interval '31 days'`); err != nil {
			return err
		}
		n, err := tx.SweepDeletedBlocksOfAnyUser(ctx)
		if n != 1 {
			t.Errorf("swept %d", n)
		}
		return err
	})
	if list := deleted(); len(list) != 0 {
		t.Errorf("after 31 days there is still %+v", list)
	}
}

func TestOldHandles(t *testing.T) {
	t.Parallel()
	d := openDesk(t, plans.Artist)
	other := desk{t, d.Store, model.NewUserID()}
	d.system(func(ctx context.Context, tx *store.SystemTx) error {
		return tx.AddUser(ctx, model.User{ID: other.user, Email: other.user.String() + "@hlpfl.example", Language: "en", TimeZone: "UTC"}, "")
	})
	p := d.create("first")
	move := func(to string) error {
		return d.try(func(ctx context.Context, tx *store.UserTx) (err error) {
			handle := model.Handle(to)
			p, err = tx.SaveProfile(ctx, p.ID, 0, model.ProfileChange{Handle: &handle}, store.Origin{Actor: d.user})
			return err
		})
	}
	leads := func(from string) string {
		to, err := d.Public().MovedTo(t.Context(), model.Handle(from))
		if err != nil && model.KindOf(err) != model.KindNotFound {
			t.Fatal(err)
		}
		return to.String()
	}
	for _, to := range []string{"second", "third"} {
		if err := move(to); err != nil {
			t.Fatal(err)
		}
	}
	if leads("first") != "third" || leads("second") != "third" || leads("third") != "" {
		t.Errorf("they lead to %q, %q, %q", leads("first"), leads("second"), leads("third"))
	}
	take := func(handle string) error {
		return other.try(func(ctx context.Context, tx *store.UserTx) error {
			_, err := tx.CreateProfile(ctx, store.NewProfile{Handle: model.Handle(handle), Name: "Other", Document: model.NewDocument()})
			return err
		})
	}
	if err := take("first"); model.KindOf(err) != model.KindTaken {
		t.Errorf("somebody else takes it at once: %v", err)
	}
	if free, err := d.Public().FreeHandles(t.Context(), []model.Handle{"first", "fourth"}); err != nil || len(free) != 1 {
		t.Errorf("free are %v, %v", free, err)
	}
	// Who left it comes back to it.
	if err := move("second"); err != nil {
		t.Fatal(err)
	}
	if leads("second") != "" || leads("third") != "second" || leads("first") != "second" {
		t.Errorf("they lead to %q, %q, %q", leads("first"), leads("second"), leads("third"))
	}
	d.system(func(ctx context.Context, tx *store.SystemTx) error {
		_, err := tx.ExecContext(ctx, `update old_handles set left_at = now() - interval '31 days'`)
		return err
	})
	if leads("first") != "second" {
		t.Error("nobody took it, and it leads nowhere")
	}
	if err := take("first"); err != nil {
		t.Errorf("after 31 days: %v", err)
	}
	if leads("first") != "" {
		t.Errorf("it is somebody else's, and leads to %q", leads("first"))
	}
}
