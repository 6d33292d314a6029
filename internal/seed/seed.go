// Package seed fills a database for looking at: demo artists with pages, pictures
// and ninety days of visits, and as many more as are asked for, for scale. All
// people in it are invented. Seeding twice adds nothing twice.
package seed

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"embed"
	"encoding/base32"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/hlpfl/platform/internal/analytics"
	"github.com/hlpfl/platform/internal/media"
	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/internal/plans"
	"github.com/hlpfl/platform/store"
)

// DefaultDays is how many days of visits are made up where Options say nothing.
const DefaultDays = 90

// Options say what to make.
type Options struct {
	Store *store.Store
	Media *media.Store
	// Hash makes the hash of a password.
	Hash func(ctx context.Context, password string) (string, error)
	// Secret is what the demo passwords are made from: whoever has it is shown them
	// again, nobody else can guess them.
	Secret []byte
	// Admin makes a demo admin too.
	Admin bool
	// Profiles is how many made-up profiles there shall be besides the demo artists.
	Profiles int
	// Events is how many events they shall get, about. They come on top of those
	// that are there.
	Events int
	Days   int // 0 means DefaultDays
	Now    func() time.Time
	Log    *slog.Logger
}

// Account is a demo sign-in.
type Account struct {
	Email, Password string
	What            string // who it is, in a few words
	New             bool   // made by this run: only then is the password surely right
}

// Result is what there is after seeding.
type Result struct {
	Accounts []Account
	Handles  []model.Handle // of the demo artists, the one to show first
	Profiles int            // made for scale by this run
	Events   int            // enqueued by this run; the worker counts them
}

// demo is an artist as it stands in a file. Its document has two things that a
// finished one has not: a picture of the demo art by its name ("art:cover-night-bus"
// as media, without alt), and days counted from the day of seeding ("{+19}").
type demo struct {
	Handle      string          `json:"handle"`
	ProfileName string          `json:"profile_name"`
	TimeZone    string          `json:"time_zone"`
	Picture     string          `json:"picture"`
	ProfileData json.RawMessage `json:"profile_data"`
}

//go:embed demo/*.json
var demos embed.FS

// owner is a demo account with its profiles, by the names of their files.
type owner struct {
	email, name, what string
	plan              plans.Plan
	admin             bool
	profiles          []string
}

var owners = []owner{
	{"demo@example.com", "Noor Adeyemi", "an artist's manager, three pages", plans.Artist, false, []string{"inesokafor", "harboursound", "brackenbury"}},
	{"free@example.com", "Lena Marsh", "the free plan, with its limits reached", plans.Free, false, []string{"lenamarsh"}},
	{"admin@example.com", "Ada Quist", "an admin", plans.Free, true, nil},
}

// Run seeds. What was there before stays as it is; demo artists that are there
// already get the visits of the days since.
func Run(ctx context.Context, o Options) (Result, error) {
	if o.Days <= 0 {
		o.Days = DefaultDays
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	s := seeder{Options: o, now: o.Now().UTC(), maker: media.NewMaker(), pictures: map[string]media.Picture{}}
	var err error
	if s.inbox, err = o.Store.Inbox(30 * time.Second); err != nil {
		return s.result, err
	}
	defer s.inbox.Close()
	if s.visits, err = newVisits(); err != nil {
		return s.result, err
	}
	for _, owner := range owners {
		if owner.admin && !o.Admin {
			continue
		}
		if err := s.owner(ctx, owner); err != nil {
			return s.result, fmt.Errorf("seed %s: %w", owner.email, err)
		}
	}
	return s.result, s.scale(ctx)
}

type seeder struct {
	Options
	now    time.Time
	inbox  *store.Inbox
	visits *visits
	result Result

	maker    *media.Maker
	pictures map[string]media.Picture // made already, by the name of the art
}

// owner makes an account and its profiles.
func (s *seeder) owner(ctx context.Context, o owner) error {
	user, since, made, err := s.account(ctx, o)
	if err != nil {
		return err
	}
	s.result.Accounts = append(s.result.Accounts, Account{o.email, s.password(o.email), o.what, made})
	for i, file := range o.profiles {
		profile, err := s.profile(ctx, user, file)
		if err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		if profile == nil {
			continue
		}
		s.result.Handles = append(s.result.Handles, profile.Handle)
		// Visits need a page to go to: it is as old as its account.
		if err := s.Store.System(ctx, func(tx *store.SystemTx) error { return tx.BackdateAnyUser(ctx, user, since) }); err != nil {
			return err
		}
		profile.CreatedAt = since
		if err := s.history(ctx, *profile, demoTraffic(i, o.plan)); err != nil {
			return fmt.Errorf("visits of %s: %w", file, err)
		}
	}
	return nil
}

// account finds or makes a user with a plan, and tells since when there is one. A
// new one is made to look as old as its visits.
func (s *seeder) account(ctx context.Context, o owner) (id model.UserID, since time.Time, made bool, err error) {
	hash, err := s.Hash(ctx, s.password(o.email))
	if err != nil {
		return id, since, false, err
	}
	err = s.Store.System(ctx, func(tx *store.SystemTx) error {
		u, err := tx.AnyUserByEmail(ctx, o.email)
		if err == nil {
			id, since = u.ID, u.CreatedAt
			return nil
		}
		if model.KindOf(store.Translate(err)) != model.KindNotFound {
			return err
		}
		id, since, made = model.NewUserID(), s.now.AddDate(0, 0, -s.Days).Truncate(time.Hour), true
		u = model.User{ID: id, Email: o.email, Name: o.name, Language: "en", TimeZone: "Europe/London"}
		if err := tx.AddUser(ctx, u, hash); err != nil {
			return err
		}
		if err := tx.ProveEmail(ctx, id, o.email); err != nil {
			return err
		}
		if err := tx.BackdateAnyUser(ctx, id, since); err != nil {
			return err
		}
		if o.admin {
			if _, err := tx.SetAdmin(ctx, id, true); err != nil {
				return err
			}
		}
		if o.plan == plans.Free {
			return nil
		}
		_, err = tx.GrantPlan(ctx, id, o.plan, "demo data")
		return err
	})
	return id, since, made, err
}

// password is the same for the same secret, and told by nothing else.
func (s *seeder) password(email string) string {
	mac := hmac.New(sha256.New, s.Secret)
	mac.Write([]byte("demo password of " + email))
	text := strings.ToLower(base32.StdEncoding.EncodeToString(mac.Sum(nil)))
	return text[:4] + "-" + text[4:8] + "-" + text[8:12] + "-" + text[12:16]
}

// profile finds or makes a demo artist's profile; nil when the handle is somebody
// else's.
func (s *seeder) profile(ctx context.Context, user model.UserID, file string) (*model.Profile, error) {
	raw, err := demos.ReadFile("demo/" + file + ".json")
	if err != nil {
		return nil, err
	}
	var d demo
	if err := json.Unmarshal(raw, &d); err != nil {
		return nil, err
	}
	album, err := s.album(ctx, &d)
	if err != nil {
		return nil, err
	}
	doc, err := model.ParseDocument(d.ProfileData)
	if err != nil {
		return nil, err
	}
	var found model.Profile
	err = s.Store.AsUser(ctx, user, func(tx *store.UserTx) error {
		own, err := tx.Profiles(ctx, false, model.ProfileID{}, 100)
		if err != nil {
			return err
		}
		for _, p := range own {
			if p.Handle.String() == d.Handle {
				found = p
				return nil
			}
		}
		found, err = tx.CreateProfile(ctx, store.NewProfile{Handle: model.Handle(d.Handle), Name: d.ProfileName, TimeZone: d.TimeZone, Document: album.bare(doc)})
		if err != nil || len(album) == 0 {
			return err
		}
		found, err = s.hang(ctx, tx, found, doc, album)
		return err
	})
	switch model.KindOf(err) {
	case model.KindTaken, model.KindPlanLimit: // somebody's own work: leave it alone
		if err != nil {
			s.Log.Warn("a demo artist was left out", "handle", d.Handle, "why", err)
			return nil, nil
		}
	}
	if err != nil {
		return nil, err
	}
	return &found, nil
}

// enqueue hands events to where real ones wait for the worker.
func (s *seeder) enqueue(ctx context.Context, events []model.Event) error {
	if len(events) == 0 {
		return nil
	}
	s.result.Events += len(events)
	return analytics.Enqueue(ctx, s.inbox, events)
}
