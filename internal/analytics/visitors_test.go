package analytics

import (
	"context"
	"net/netip"
	"testing"
	"time"

	"github.com/hlpfl/platform/internal/model"
)

func TestVisitors(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a, b := newVisitors(w.store), newVisitors(w.store)
	at := time.Now()
	for _, v := range []*visitors{a, b} {
		if err := v.refresh(context.Background(), at); err != nil {
			t.Fatal(err)
		}
	}
	p := model.NewProfileID()
	address := netip.MustParseAddr("192.0.2.7")
	const agent = "Mozilla/5.0 (iPhone)"
	same := a.hash(p, time.UTC, address, agent, at)
	if same == (model.VisitorHash{}) || same != b.hash(p, time.UTC, address, agent, at) {
		t.Error("two replicas disagree about a visitor")
	}
	if same != a.hash(p, time.UTC, netip.MustParseAddr("::ffff:192.0.2.7"), agent, at) {
		t.Error("the same address written in another way is another visitor")
	}
	six := func(text string) model.VisitorHash { return a.hash(p, time.UTC, netip.MustParseAddr(text), agent, at) }
	if six("2001:db8:1:2::1") != six("2001:db8:1:2:ffff::9") || six("2001:db8:1:2::1") == six("2001:db8:1:3::1") {
		t.Error("a household is its network of 64 bits")
	}
	for name, other := range map[string]model.VisitorHash{
		"profile": a.hash(model.NewProfileID(), time.UTC, address, agent, at),
		"address": a.hash(p, time.UTC, netip.MustParseAddr("192.0.2.8"), agent, at),
		"agent":   a.hash(p, time.UTC, address, agent+"x", at),
		"day":     a.hash(p, time.UTC, address, agent, at.AddDate(0, 0, 1)),
	} {
		if other == same {
			t.Errorf("another %s is the same visitor", name)
		}
	}
	if n := one[int](w, `select count(*) from visitor_salts where length(salt) = 32`); n != 4 {
		t.Errorf("%d salts, want those of four dates", n)
	}
}

// A visitor of one day in the profile's zone is one visitor, whatever UTC says.
func TestVisitorsDayIsTheZones(t *testing.T) {
	t.Parallel()
	v := newVisitors(nil)
	zone := loadZone("America/Los_Angeles")
	p, address := model.NewProfileID(), netip.MustParseAddr("192.0.2.7")
	before, after := time.Date(2026, 11, 20, 23, 30, 0, 0, time.UTC), time.Date(2026, 11, 21, 0, 30, 0, 0, time.UTC)
	if v.hash(p, zone, address, "a", before) != v.hash(p, zone, address, "a", after) {
		t.Error("the afternoon in Los Angeles has two visitors")
	}
	if v.hash(p, time.UTC, address, "a", before) == v.hash(p, time.UTC, address, "a", after) {
		t.Error("two days of UTC have one visitor")
	}
}

// Without PostgreSQL a process goes on with salts of its own, and shares them when
// it can, unless others were first. Salts that were thrown away never come back.
func TestSaltsWithoutPostgres(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	at := time.Date(2026, 11, 20, 18, 0, 0, 0, time.UTC)
	v := newVisitors(w.store)
	p, address := model.NewProfileID(), netip.MustParseAddr("192.0.2.7")
	alone := v.hash(p, time.UTC, address, "a", at)
	v.hash(p, time.UTC, address, "a", at.AddDate(0, 0, -1)) // a day that is over everywhere
	if err := v.refresh(context.Background(), at); err != nil {
		t.Fatal(err)
	}
	if v.hash(p, time.UTC, address, "a", at) != alone {
		t.Error("nobody else had a salt, and ours was not taken")
	}
	if got := one[string](w, `select min(day) || ' ' || max(day) from visitor_salts`); got != "2026-11-20 2026-11-23" {
		t.Errorf("salts of %s", got)
	}
	other := newVisitors(w.store)
	theirs := other.hash(p, time.UTC, address, "a", at)
	if err := other.refresh(context.Background(), at); err != nil {
		t.Fatal(err)
	}
	if theirs == alone || other.hash(p, time.UTC, address, "a", at) != alone {
		t.Error("the one that came second does not use the first one's salt")
	}
	w.exec(`delete from visitor_salts`)
	if err := v.refresh(context.Background(), at.AddDate(0, 0, 1)); err != nil {
		t.Fatal(err)
	}
	if n := one[int](w, `select count(*) from visitor_salts where day < '2026-11-21'`); n != 0 {
		t.Error("a salt that was thrown away came back")
	}
	if have := *v.salts.Load(); len(have) != 4 {
		t.Errorf("%d salts in memory, want four", len(have))
	}
}
