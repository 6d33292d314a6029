package seed

import (
	"context"
	"database/sql"
	"fmt"
	"testing"
	"time"

	"github.com/hlpfl/platform/internal/analytics"
	"github.com/hlpfl/platform/internal/media"
	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/internal/testenv"
	"github.com/hlpfl/platform/store"
)

// place is an empty database, a place for pictures, and the worker that counts.
type place struct {
	t       *testing.T
	db      *sql.DB
	options Options
	worker  *analytics.Worker
}

func newPlace(t *testing.T, now time.Time, days int) *place {
	t.Helper()
	address := testenv.Database(t)
	s, err := store.Open(store.Options{DatabaseURL: address})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	db, err := sql.Open("postgres", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	pictures, err := media.Open(t.Context(), "file://"+t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { pictures.Close() })
	p := &place{t: t, db: db, worker: analytics.NewWorker(analytics.WorkerOptions{Store: s})}
	p.options = Options{
		Store: s, Media: pictures, Secret: []byte("secret"), Admin: true, Days: days,
		Hash: func(_ context.Context, password string) (string, error) { return "hash of " + password, nil },
		Now:  func() time.Time { return now },
	}
	return p
}

func (p *place) run() Result {
	p.t.Helper()
	result, err := Run(p.t.Context(), p.options)
	if err != nil {
		p.t.Fatal(err)
	}
	for more := true; more; {
		if more, err = p.worker.Unpack(p.t.Context()); err != nil {
			p.t.Fatal(err)
		}
	}
	return result
}

func (p *place) count(query string, args ...any) (n int) {
	p.t.Helper()
	if err := p.db.QueryRow(query, args...).Scan(&n); err != nil {
		p.t.Fatal(err)
	}
	return n
}

func TestSeedingTwiceAddsNothingTwice(t *testing.T) {
	t.Parallel()
	now := time.Now().UTC()
	p := newPlace(t, now, 30)
	first := p.run()
	if len(first.Accounts) != 3 || len(first.Handles) != 4 || first.Handles[0] != "inesokafor" {
		t.Fatalf("accounts %v, handles %v", first.Accounts, first.Handles)
	}
	figures := func() string {
		return fmt.Sprint(
			p.count(`select count(*) from users`), p.count(`select count(*) from profiles`), p.count(`select count(*) from media`),
			p.count(`select count(*) from analytics`), p.count(`select sum(views) from analytics_days`), p.count(`select sum(clicks) from analytics_days`),
			p.count(`select count(*) from grants`))
	}
	before := figures()
	if stored := p.count(`select count(*) from analytics`); stored != first.Events || stored < 5_000 {
		t.Errorf("%d events are stored of %d", stored, first.Events)
	}
	if n := p.count(`select count(*) from events_set_aside`); n != 0 {
		t.Errorf("%d events could not be stored", n)
	}
	second := p.run()
	if after := figures(); after != before {
		t.Errorf("figures before and after seeding again:\n%s\n%s", before, after)
	}
	for i, account := range second.Accounts {
		if account.New || !first.Accounts[i].New || account.Password != first.Accounts[i].Password {
			t.Errorf("%s: %+v, then %+v", account.Email, first.Accounts[i], account)
		}
		var hash string
		if err := p.db.QueryRow(`select password_hash from users where email = $1`, account.Email).Scan(&hash); err != nil || hash != "hash of "+account.Password {
			t.Errorf("%s cannot sign in with the password that is shown: %v", account.Email, err)
		}
	}
	if second.Events >= first.Events/2 {
		t.Errorf("%d events were made up again of %d", second.Events, first.Events)
	}
	// Another day brings that day's visits and no others.
	later := now.Add(24 * time.Hour)
	p.options.Now = func() time.Time { return later }
	p.worker = analytics.NewWorker(analytics.WorkerOptions{Store: p.options.Store, Now: p.options.Now})
	events := p.count(`select count(*) from analytics`)
	p.run()
	if n := p.count(`select count(*) from analytics where created_at <= $1`, now); n != events {
		t.Errorf("a day later there are %d events of before, not %d", n, events)
	}
	if n := p.count(`select count(*) from analytics where created_at > $1`, now); n < 50 {
		t.Errorf("the new day has %d events", n)
	}
}

func TestDemoArtistsAreFinished(t *testing.T) {
	t.Parallel()
	p := newPlace(t, time.Now(), 2)
	result := p.run()
	themes := map[string]bool{}
	for _, handle := range result.Handles {
		row, err := p.options.Store.Public().ByHandle(t.Context(), handle)
		if err != nil {
			t.Fatal(err)
		}
		doc, err := model.ReadStored(row.Data)
		if err != nil {
			t.Fatal(err)
		}
		themes[doc.Theme.Name] = true
		if handle == "lenamarsh" {
			if doc.Links() != 5 || row.Plan != "free" {
				t.Errorf("the free artist has %d links and plan %s", doc.Links(), row.Plan)
			}
			continue
		}
		kinds := map[string]int{}
		for _, b := range doc.Blocks {
			kinds[b.Body.Type()]++
		}
		if len(doc.Blocks) < 12 || len(doc.Socials) < 3 || kinds["heading"] == 0 || kinds["text"] == 0 || doc.Bio == "" || row.Plan != "artist" {
			t.Errorf("%s: %d blocks %v, %d socials, plan %s", handle, len(doc.Blocks), kinds, len(doc.Socials), row.Plan)
		}
		if doc.Picture == nil || doc.Picture.Alt == "" {
			t.Fatalf("%s has no picture", handle)
		}
		width, _, ok := model.ParseMedia(doc.Picture.Media)
		if !ok {
			t.Fatalf("%s: the picture is called %s", handle, doc.Picture.Media)
		}
		for _, w := range model.MediaWidths(width) {
			r, err := p.options.Media.Open(t.Context(), model.MediaFile(doc.Picture.Media, w))
			if err != nil {
				t.Errorf("%s: the picture at %d: %v", handle, w, err)
				continue
			}
			r.Close()
		}
	}
	if len(themes) != 3 {
		t.Errorf("the demo artists show the themes %v", themes)
	}
	if n := p.count(`select count(*) from users where is_admin`); n != 1 {
		t.Errorf("%d admins", n)
	}
}

func TestVisitsArePlausible(t *testing.T) {
	t.Parallel()
	p := newPlace(t, time.Now(), 90)
	p.run()
	const ines = ` from analytics where profile_id = (select id from profiles where handle = 'inesokafor') `
	views := p.count(`select count(*)` + ines + `and kind = 'view'`)
	clicks := p.count(`select count(*)` + ines + `and kind = 'click' and filtered is null`)
	if ctr := 100 * clicks / views; ctr < 25 || ctr > 90 {
		t.Errorf("%d clicks of %d views", clicks, views)
	}
	for what, query := range map[string]string{
		"days":      `select count(distinct local_day)` + ines,
		"countries": `select 9 * count(distinct country)` + ines,
		"devices":   `select 30 * count(distinct device)` + ines,
		"sources":   `select 14 * count(distinct source)` + ines,
		"links":     `select 6 * count(distinct link)` + ines,
		"campaigns": `select 90 * count(*) / greatest(count(*), 1)` + ines + `and campaign = 'new-record'`,
		"filtered":  `select 45 * count(distinct filtered)` + ines,
	} {
		if n := p.count(query); n < 85 {
			t.Errorf("%s: %d, too few", what, n)
		}
	}
	on := func(weekday time.Weekday) int {
		return p.count(`select percentile_disc(.5) within group (order by n) from (select count(*) n`+ines+`and extract(dow from local_day) = $1 group by local_day) days`, int(weekday))
	}
	if friday, monday := on(time.Friday), on(time.Monday); friday < monday*5/4 {
		t.Errorf("%d events on a Friday, %d on a Monday", friday, monday)
	}
	best := p.count(`select max(n) from (select count(*) n` + ines + `group by local_day) days`)
	usual := p.count(`select percentile_disc(.5) within group (order by n) from (select count(*) n` + ines + `group by local_day) days`)
	if best < 3*usual {
		t.Errorf("the best day has %d events, a usual one %d", best, usual)
	}
	if n := p.count(`select count(*)` + ines + `and created_at > now()`); n != 0 {
		t.Errorf("%d events of the future", n)
	}
	if n := p.count(`select count(*)` + ines + `and filtered is not null and visitor is not null`); n != 0 {
		t.Errorf("%d events that do not count have a visitor", n)
	}
}

func TestScale(t *testing.T) {
	t.Parallel()
	p := newPlace(t, time.Now(), 5)
	p.options.Profiles, p.options.Events = 300, 3000
	first := p.run()
	if n := p.count(`select count(*) from profiles p join users u on u.id = p.user_id where u.email like 'artist-%'`); n != 300 || first.Profiles != 300 {
		t.Errorf("%d profiles, %d told", n, first.Profiles)
	}
	const made = ` from analytics a join profiles p on p.id = a.profile_id join users u on u.id = p.user_id where u.email like 'artist-%'`
	if n := p.count(`select count(*)` + made); n < 2500 || n > 3500 {
		t.Errorf("%d events of 3000", n)
	}
	if n := p.count(`select count(*)` + made + ` and p.handle in (select handle from profiles where handle like '%-0')`); n < 300 {
		t.Errorf("the first profile has %d events", n)
	}
	p.options.Profiles, p.options.Events = 310, 0
	if again := p.run(); again.Profiles != 10 {
		t.Errorf("from 300 to 310: %d made", again.Profiles)
	}
	if again := p.run(); again.Profiles != 0 {
		t.Errorf("from 310 to 310: %d made", again.Profiles)
	}
	// Each of them is a page like any other.
	rows, err := p.db.Query(`select profile_data, handle, profile_name from profiles`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var data []byte
		var handle, name string
		if err := rows.Scan(&data, &handle, &name); err != nil {
			t.Fatal(err)
		}
		doc, err := model.ReadStored(data)
		if err != nil {
			t.Fatal(err)
		}
		raw, err := doc.Stored()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := model.ParseDocument(raw); err != nil {
			t.Errorf("%s: its own document would be refused: %v %v", handle, err, raw)
		}
		if h, err := model.ParseHandle(handle); err != nil || h.String() != handle || name == "" {
			t.Errorf("%q: %v", handle, err)
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
}

// Somebody's own profile under a demo artist's handle stays as it is.
func TestSeedingLeavesOthersAlone(t *testing.T) {
	t.Parallel()
	p := newPlace(t, time.Now(), 1)
	user := model.NewUserID()
	if _, err := p.db.Exec(`insert into users (id, email) values ($1, 'somebody@example.com')`, user); err != nil {
		t.Fatal(err)
	}
	err := p.options.Store.AsUser(t.Context(), user, func(tx *store.UserTx) error {
		_, err := tx.CreateProfile(t.Context(), store.NewProfile{Handle: "inesokafor", Name: "Somebody", TimeZone: "UTC", Document: model.NewDocument()})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	result := p.run()
	if len(result.Handles) != 3 {
		t.Errorf("handles: %v", result.Handles)
	}
	if n := p.count(`select count(*) from profiles where profile_name = 'Somebody' and user_id = $1`, user); n != 1 {
		t.Error("somebody's profile is another's now")
	}
}

func TestPasswordsHangOnTheSecret(t *testing.T) {
	a, b := seeder{Options: Options{Secret: []byte("a")}}, seeder{Options: Options{Secret: []byte("b")}}
	if a.password("demo@example.com") == b.password("demo@example.com") || a.password("demo@example.com") == a.password("admin@example.com") {
		t.Error("two secrets or two accounts have one password")
	}
	if _, err := model.CleanPassword(a.password("demo@example.com")); err != nil {
		t.Errorf("nobody could register with it: %v", err)
	}
}
