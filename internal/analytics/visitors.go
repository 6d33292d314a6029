package analytics

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"maps"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/store"
)

// visitors makes the hashes that stand for visitors. Each calendar date has a
// random salt of its own, made two days ahead, kept in PostgreSQL for all
// replicas and thrown away when the date is over everywhere. Nothing waits for
// it: salts are in memory, and one that could not be read in time is replaced by
// a salt of this process, so that after more than two days without PostgreSQL a
// fan may count once a process.
type visitors struct {
	store *store.Store
	salts atomic.Pointer[map[int]salt] // by date; never changed, only replaced
	own   sync.Mutex                   // held while a salt of our own is put in
}

type salt struct {
	secret [32]byte
	shared bool // the one that all replicas have
}

func newVisitors(s *store.Store) *visitors {
	v := &visitors{store: s}
	v.salts.Store(&map[int]salt{})
	return v
}

// hash gives the visitor's hash on a profile at an instant. Dates are those of
// the profile's zone, so that a visitor of one day there is one visitor.
func (v *visitors) hash(profile model.ProfileID, zone *time.Location, address netip.Addr, agent string, at time.Time) model.VisitorHash {
	year, month, day := at.In(zone).Date()
	secret := v.secret(dateKey(year, month, day))
	if address = address.Unmap(); address.Is6() {
		// A network of 64 bits is one household's; addresses inside it change by the hour.
		address = netip.PrefixFrom(address, 64).Masked().Addr()
	}
	var room [512]byte
	b := append(room[:0], secret[:]...)
	b = append(b, profile.UUID[:]...)
	b = append(b, address.AsSlice()...)
	b = append(b, 0)
	b = append(b, agent...)
	sum := sha256.Sum256(b)
	return model.VisitorHash(sum[:8])
}

func dateKey(year int, month time.Month, day int) int { return year*10000 + int(month)*100 + day }

func (v *visitors) secret(date int) [32]byte {
	if s, ok := (*v.salts.Load())[date]; ok {
		return s.secret
	}
	v.own.Lock()
	defer v.own.Unlock()
	if s, ok := (*v.salts.Load())[date]; ok {
		return s.secret
	}
	var s salt
	_, _ = rand.Read(s.secret[:]) // never fails since Go 1.24
	salts := maps.Clone(*v.salts.Load())
	salts[date] = s
	v.salts.Store(&salts)
	return s.secret
}

// refresh reads the salts of the dates around now, and makes those of the next
// two days.
func (v *visitors) refresh(ctx context.Context, now time.Time) error {
	from, to := firstDate(now), firstDate(now).AddDate(0, 0, 3)
	offer, known := v.offer(from, to)
	if known {
		return nil
	}
	var found []store.Salt
	err := v.store.System(ctx, func(tx *store.SystemTx) (err error) {
		found, err = tx.Salts(ctx, from, to, offer)
		return err
	})
	if err != nil {
		return err
	}
	salts := map[int]salt{}
	for _, s := range found {
		if len(s.Salt) == len(salt{}.secret) {
			salts[dateKey(s.Day.Date())] = salt{[32]byte(s.Salt), true}
		}
	}
	v.own.Lock()
	defer v.own.Unlock()
	v.salts.Store(&salts)
	return nil
}

// firstDate is the earliest calendar date that is not over everywhere, as
// midnight UTC: the last zone is twelve hours behind.
func firstDate(now time.Time) time.Time {
	return now.UTC().Add(-12 * time.Hour).Truncate(24 * time.Hour)
}

// offer gives salts for all days of the range, ours where we have one; known
// tells that we have the shared ones of just these days.
func (v *visitors) offer(from, to time.Time) (offer []store.Salt, known bool) {
	have := *v.salts.Load()
	known = true
	for day := from; !day.After(to); day = day.AddDate(0, 0, 1) {
		s, ok := have[dateKey(day.Date())]
		if !ok {
			_, _ = rand.Read(s.secret[:])
		}
		known = known && s.shared
		offer = append(offer, store.Salt{Day: day, Salt: bytes.Clone(s.secret[:])})
	}
	return offer, known && len(have) == len(offer)
}

// zones keeps time zones that were loaded: reading one takes a file.
type zones struct{ loaded sync.Map }

// zone gives a time zone by its name, UTC for an unknown one.
func (z *zones) zone(name string) *time.Location {
	if found, ok := z.loaded.Load(name); ok {
		return found.(*time.Location)
	}
	l := loadZone(name)
	if l != time.UTC {
		z.loaded.Store(name, l) // wrong names are without number, and not kept
	}
	return l
}

// loadZone gives a time zone by its name, UTC for an unknown one.
func loadZone(name string) *time.Location {
	l, err := time.LoadLocation(name)
	if err != nil || name == "Local" {
		return time.UTC
	}
	return l
}
