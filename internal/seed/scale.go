package seed

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/internal/plans"
	"github.com/hlpfl/platform/store"
)

const (
	// scaleEmail is the address of the n-th made-up user, scaleLike of all of them.
	scaleEmail = "artist-%07d@example.com"
	scaleLike  = "artist-%@example.com"
	// perBatch is how many profiles are made in one transaction.
	perBatch = 5000
)

var (
	firstNames = strings.Fields("Ada Bram Cleo Dario Edda Femi Gala Hugo Ivo Juno Kira Levi Mara Nilo Oona Pia Quin Rafa Suki Timo Uma Vera Wim Xenia Yara Zeno")
	lastNames  = strings.Fields("Abara Brandt Castell Dunmore Ekwall Fontana Greer Hollis Ilves Jarnik Kestrel Lindqvist Morrow Nakata Oduya Pellar Quist Rosdahl Sorel Tamboli Umber Voss Wyatt Xavi Yilmaz Zander")
	nouns      = strings.Fields("Harbour Window Lantern Signal Orchard Velvet Winter Paper Copper Garden Mirror Ladder Engine Salt River Static Kitchen Summer Gravel Postcard")
	adjectives = strings.Fields("Slow Late Quiet Golden Broken Northern Second Empty Little Electric Patient Borrowed Silver Crooked Distant")
	kinds      = strings.Fields("single EP album session video remix playlist tour tickets vinyl shirt interview lyrics demo")
	scaleHosts = strings.Fields("open.spotify.com/album music.apple.com/gb/album bandcamp.com/hlpfl-demo www.youtube.com/playlist soundcloud.com/hlpfl-demo dice.fm/event www.songkick.com/concerts example.com/shop tidal.com/browse/album www.deezer.com/album")
	zones      = strings.Fields("Europe/London Europe/Berlin America/New_York America/Los_Angeles Asia/Tokyo Africa/Lagos America/Sao_Paulo Australia/Sydney")
	networks   = []string{"https://www.instagram.com/hlpfl.demo.%s/", "https://www.tiktok.com/@hlpfl.demo.%s", "https://www.youtube.com/@hlpfl-demo-%s", "https://hlpfl-demo-%s.bandcamp.com/"}
)

// scale makes as many profiles as there shall be, and their events.
func (s *seeder) scale(ctx context.Context) error {
	have, err := s.scaleProfiles(ctx)
	if err != nil || s.Events <= 0 {
		return err
	}
	if have == 0 {
		return fmt.Errorf("there are no profiles that %d events could be of: ask for some with --profiles", s.Events)
	}
	return s.scaleEvents(ctx, have)
}

// scaleProfiles fills up to the number that is asked for and gives the number
// there is.
func (s *seeder) scaleProfiles(ctx context.Context) (have int, err error) {
	err = s.Store.System(ctx, func(tx *store.SystemTx) error {
		have, err = tx.CountAnyUserLike(ctx, scaleLike)
		return err
	})
	for err == nil && have < s.Profiles {
		var batch []store.SeedProfile
		for n := have; n < min(s.Profiles, have+perBatch); n++ {
			p, err := s.made(n)
			if err != nil {
				return have, err
			}
			batch = append(batch, p)
		}
		err = s.Store.System(ctx, func(tx *store.SystemTx) error { return tx.AddSeedProfilesOfAnyUser(ctx, batch, "data for scale") })
		if err != nil {
			break
		}
		have += len(batch)
		s.result.Profiles += len(batch)
		s.Log.Info("profiles made", "profiles", have, "of", s.Profiles)
	}
	return have, err
}

// made is the n-th made-up user with a profile. Most are on the free plan with a
// few links; some have many.
func (s *seeder) made(n int) (store.SeedProfile, error) {
	r := rand.New(rand.NewPCG(20261123, uint64(n)))
	one := func(list []string) string { return list[r.IntN(len(list))] }
	first, last := one(firstNames), one(lastNames)
	handle := strings.ToLower(first) + fmt.Sprintf("-%d", n)
	p := store.SeedProfile{
		User: model.NewUserID(), Profile: model.NewProfileID(),
		Email: fmt.Sprintf(scaleEmail, n), Handle: model.Handle(handle), Name: first + " " + last,
		TimeZone: one(zones), Plan: plans.Free, Created: s.now.AddDate(0, 0, -s.Days),
	}
	socials, links := r.IntN(3), 1+r.IntN(3)
	if r.Float64() < .4 {
		p.Plan, socials, links = plans.Artist, 2+r.IntN(3), 6+r.IntN(15)
	}
	doc := model.NewDocument()
	doc.Theme.Name = one(model.Themes())
	doc.Bio = fmt.Sprintf("%s %s music by %s %s.", one(adjectives), strings.ToLower(one(nouns)), first, last)
	for i := range socials {
		doc.Socials = append(doc.Socials, model.Social{ID: model.BlockID(fmt.Sprint("s", i)), URL: model.URL(fmt.Sprintf(networks[i], handle))})
	}
	for i := range links {
		if i > 0 && i%7 == 0 {
			doc.Blocks = append(doc.Blocks, model.Block{ID: model.BlockID(fmt.Sprint("h", i)), Enabled: true, Body: model.Heading{Text: one(adjectives) + " things"}})
		}
		title := fmt.Sprintf("%s %s (%s)", one(adjectives), one(nouns), one(kinds))
		url := model.URL(fmt.Sprintf("https://%s/%s-%d", one(scaleHosts), handle, i))
		doc.Blocks = append(doc.Blocks, model.Block{ID: model.BlockID(fmt.Sprint("b", i)), Enabled: true, Body: model.Link{Title: title, URL: url}})
	}
	var err error
	p.Data, err = doc.Stored()
	return p, err
}

// scaleEvents spreads events over the made-up profiles by Zipf's law, the first
// one getting the most, and over the days.
func (s *seeder) scaleEvents(ctx context.Context, profiles int) error {
	const perVisit = 1.9 // events that a visit makes, about
	share := float64(s.Events) / perVisit / harmonic(profiles)
	t := traffic{taps: 45, countries: demoTraffic(0, plans.Artist).countries}
	owed := 0.0 // visits of profiles that get less than one
	var events []model.Event
	flush := func() error {
		err := s.enqueue(ctx, events)
		events = events[:0]
		return err
	}
	for skip := 0; skip < profiles; skip += perBatch {
		var found []store.SeededProfile
		err := s.Store.System(ctx, func(tx *store.SystemTx) (err error) {
			found, err = tx.SeedProfilesOfAnyUser(ctx, scaleLike, skip, perBatch)
			return err
		})
		if err != nil {
			return err
		}
		for i, p := range found {
			owed += share / float64(skip+i+1)
			if owed < 1 {
				continue
			}
			doc, err := model.ReadStored(p.Data)
			if err != nil {
				return err
			}
			r := rand.New(rand.NewPCG(rand.Uint64(), rand.Uint64()))
			for ; owed >= 1; owed-- {
				// A visit lasts; its end is not in the future either.
				at := s.now.Add(-time.Hour - time.Duration(r.Int64N(int64(s.Days)*int64(24*time.Hour))))
				events = s.visit(events, r, p.Profile, doc, at, t, 0)
				if len(events) >= maxBatch {
					if err := flush(); err != nil {
						return err
					}
				}
			}
		}
		s.Log.Info("events made", "events", s.result.Events, "of", s.Events)
	}
	return flush()
}

// harmonic is 1 + 1/2 + … + 1/n.
func harmonic(n int) float64 {
	if n < 100 {
		sum := 0.0
		for i := 1; i <= n; i++ {
			sum += 1 / float64(i)
		}
		return sum
	}
	return math.Log(float64(n)) + .5772156649 + 1/(2*float64(n))
}
