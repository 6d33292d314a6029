package store_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/internal/plans"
	"github.com/hlpfl/platform/store"
)

// dress gives the draft a look.
func (d desk) dress(p model.Profile, look model.Look) (out model.Profile, err error) {
	err = d.try(func(ctx context.Context, tx *store.UserTx) error {
		out, err = tx.EditDraft(ctx, p.ID, 0, func(p model.Profile) (model.Draft, model.Edit, error) {
			next := p.Working()
			next.Document.Theme.Look = look
			return next, model.Edit{Kind: model.EditTheme}, nil
		})
		return err
	})
	return out, err
}

// A look of one's own is the paying plans'. One that was made stays when the plan ends, may be taken apart, and is not
// added to.
func TestLookBelongsToThePlan(t *testing.T) {
	t.Parallel()
	look := model.Look{Colours: &model.Colours{Ground: "#ffffff", Ink: "#000000", Accent: "#ff0000"}, Buttons: model.ButtonsSoft}
	free := openDesk(t, plans.Free)
	_, err := free.dress(free.create("plainly"), look)
	var limit *model.Error
	if !errors.As(err, &limit) || limit.Kind != model.KindPlanLimit || limit.Limit.Name != "own_look" || limit.Limit.LiftedBy != "artist" ||
		!strings.Contains(limit.Message, "Artist") {
		t.Errorf("free: %v", err)
	}

	d := openDesk(t, plans.Artist)
	p, err := d.dress(d.create("dressed"), look)
	if err != nil {
		t.Fatal(err)
	}
	d.system(func(ctx context.Context, tx *store.SystemTx) error {
		_, err := tx.GrantPlan(ctx, d.user, plans.Free, "test")
		return err
	})
	for _, c := range []struct {
		what string
		look model.Look
		ok   bool
	}{
		{"kept", look, true},
		{"other buttons", model.Look{Colours: look.Colours, Buttons: model.ButtonsRound}, false},
		{"a font more", model.Look{Colours: look.Colours, Buttons: look.Buttons, NameFont: "instrument-sans"}, false},
		{"without buttons", model.Look{Colours: look.Colours}, true},
		{"none", model.Look{}, true},
		{"back again", look, false},
	} {
		if _, err := d.dress(p, c.look); (err == nil) != c.ok || err != nil && model.KindOf(err) != model.KindPlanLimit {
			t.Errorf("%s: %v", c.what, err)
		}
	}
}

// No page names a picture that is somebody else's, wherever in the document it stands: it would go with that one's.
func TestPicturesAreThePagesOwn(t *testing.T) {
	t.Parallel()
	d := openDesk(t, plans.Artist)
	p, other := d.create("mine"), d.create("other")
	name := func(n int) string { return fmt.Sprintf("%032x_800x600", n) }
	for id, media := range map[model.ProfileID]string{p.ID: name(1), other.ID: name(2)} {
		d.do(func(ctx context.Context, tx *store.UserTx) error { return tx.TouchMedia(ctx, media, 10) })
		d.do(func(ctx context.Context, tx *store.UserTx) error { return tx.AddMedia(ctx, id, media) })
	}
	put := func(field, media string) error {
		doc := model.NewDocument()
		pic := &model.Picture{Media: media}
		switch field {
		case "picture":
			doc.Picture = pic
		case "theme.background":
			doc.Theme.Background = pic
		default:
			doc.Blocks = []model.Block{{ID: "a", Body: model.Gallery{Pictures: []model.Picture{*pic}}}}
		}
		return d.try(func(ctx context.Context, tx *store.UserTx) error {
			_, err := tx.SaveProfile(ctx, p.ID, 0, model.ProfileChange{Document: &doc, AsDraft: true}, store.Origin{})
			return err
		})
	}
	for _, field := range []string{"picture", "theme.background", "blocks[0].pictures[0]"} {
		for _, foreign := range []string{name(2), name(3)} {
			err := put(field, foreign)
			var e *model.Error
			if !errors.As(err, &e) || e.Fields["profile_data."+field+".media"] == "" {
				t.Errorf("%s: %v", field, err)
			}
		}
		if err := put(field, name(1)); err != nil {
			t.Errorf("its own as %s: %v", field, err)
		}
	}
}
