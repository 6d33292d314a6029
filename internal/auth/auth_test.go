package auth

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"runtime/metrics"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"

	"github.com/hlpfl/platform/config"
	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/internal/testenv"
	"github.com/hlpfl/platform/store"
)

var here = From{Door: store.DoorAPI, Address: netip.MustParseAddr("203.0.113.9")}

func open(t *testing.T) *Auth {
	t.Helper()
	s, err := store.Open(store.Options{DatabaseURL: testenv.Database(t), RedisURL: testenv.Redis(t)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	a, err := New(Options{Store: s, Keys: []config.Key{config.Key(strings.Repeat("k", 32))}, Origin: "http://hlpfl.test", LimitScale: 1e6, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestNoKeyNoAuth(t *testing.T) {
	if _, err := New(Options{Origin: "http://hlpfl.test"}); err == nil {
		t.Error("an Auth that signs with nothing")
	}
}

// TestSameWorkForKnownAndUnknown: what takes the time of a sign-in is the hash, so
// exactly one is computed whoever is asked for.
func TestSameWorkForKnownAndUnknown(t *testing.T) {
	t.Parallel()
	a := open(t)
	ctx := t.Context()
	if _, err := a.Register(ctx, model.RegisterInput{Email: "known@example.com", Password: "harbour fog", TimeZone: "UTC"}, here); err != nil {
		t.Fatal(err)
	}
	err := a.store.System(ctx, func(tx *store.SystemTx) error {
		return tx.AddUser(ctx, model.User{ID: model.NewUserID(), Email: "imported@example.com", Language: "en", TimeZone: "UTC"}, "")
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, email := range []string{"known@example.com", "unknown@example.com", "imported@example.com"} {
		before := a.passwords.ran.Load()
		_, err := a.SignIn(ctx, model.LoginInput{Email: email, Password: "wrong"}, here)
		if model.KindOf(err) != model.KindUnauthorized {
			t.Errorf("%s: %v", email, err)
		}
		if ran := a.passwords.ran.Load() - before; ran != 1 {
			t.Errorf("%s: %d hashes", email, ran)
		}
	}
	// The hash that stands in for none costs what the others cost.
	params, _, _, err := argon2id.DecodeHash(a.passwords.nobody)
	if err != nil || *params != cost {
		t.Errorf("nobody's hash costs %v, %v", params, err)
	}
}

func TestHashesAreMadeAnewAtTodaysCost(t *testing.T) {
	t.Parallel()
	a := open(t)
	ctx := t.Context()
	cheap := cost
	cheap.Memory = 1024
	old, err := argon2id.CreateHash("harbour fog", &cheap)
	if err != nil {
		t.Fatal(err)
	}
	err = a.store.System(ctx, func(tx *store.SystemTx) error {
		return tx.AddUser(ctx, model.User{ID: model.NewUserID(), Email: "ines@example.com", Language: "en", TimeZone: "UTC"}, old)
	})
	if err != nil {
		t.Fatal(err)
	}
	in := model.LoginInput{Email: "ines@example.com", Password: "harbour fog"}
	for range 2 {
		if _, err := a.SignIn(ctx, in, here); err != nil {
			t.Fatal(err)
		}
	}
	now, _, err := a.store.CredentialsOfAnyUser(ctx, in.Email)
	if err != nil || now.PasswordHash == old {
		t.Fatalf("the cheap hash stays: %v", err)
	}
	if params, _, _, err := argon2id.DecodeHash(now.PasswordHash); err != nil || *params != cost {
		t.Errorf("made anew at %v, %v", params, err)
	}
}

// TestFiftyAtOnce holds the memory of a rush of sign-ins. Each hash takes 19 MiB,
// so it fails when more than a few are computed at the same time.
func TestFiftyAtOnce(t *testing.T) {
	a := open(t)
	ctx := t.Context()
	if _, err := a.Register(ctx, model.RegisterInput{Email: "ines@example.com", Password: "harbour fog", TimeZone: "UTC"}, here); err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	var most uint64
	var watching sync.WaitGroup
	watching.Go(func() {
		sample := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
		for {
			metrics.Read(sample)
			most = max(most, sample[0].Value.Uint64()-sample[1].Value.Uint64())
			select {
			case <-done:
				return
			case <-time.After(time.Millisecond):
			}
		}
	})
	errs := make([]error, 50)
	var wg sync.WaitGroup
	for i := range errs {
		wg.Go(func() {
			_, errs[i] = a.SignIn(ctx, model.LoginInput{Email: "ines@example.com", Password: "harbour fog"}, here)
		})
	}
	wg.Wait()
	close(done)
	watching.Wait()
	for _, err := range errs {
		if err != nil {
			t.Error(err)
		}
	}
	if most > 256<<20 {
		t.Errorf("50 sign-ins at once took %d MiB", most>>20)
	}
	t.Logf("50 sign-ins at once took %d MiB at most", most>>20)
}

func TestLineOfHashesIsBounded(t *testing.T) {
	p, err := newPasswords()
	if err != nil {
		t.Fatal(err)
	}
	// Nobody gets a place: all stand in line until it is full.
	for range hashesAtOnce {
		p.slots <- struct{}{}
	}
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	for range hashesAtOnce + hashesWaiting {
		wg.Go(func() {
			if _, err := p.hash(ctx, "harbour fog"); model.KindOf(err) != model.KindUnavailable {
				t.Errorf("hung up: %v", err)
			}
		})
	}
	for p.waiting.Load() < hashesAtOnce+hashesWaiting {
		time.Sleep(time.Millisecond)
	}
	_, _, err = p.check(t.Context(), "harbour fog", "")
	var e *model.Error
	if !errors.As(err, &e) || e.Kind != model.KindUnavailable || e.RetryAfter <= 0 {
		t.Errorf("past the end of the line: %v", err)
	}
	cancel()
	wg.Wait()
	if n := p.waiting.Load(); n != 0 {
		t.Errorf("%d stand in line still", n)
	}
	for range hashesAtOnce {
		<-p.slots
	}
	if _, err := p.hash(t.Context(), "harbour fog"); err != nil {
		t.Errorf("after the rush: %v", err)
	}
}

func TestNetworks(t *testing.T) {
	for text, want := range map[string][2]string{
		"203.0.113.9":            {"203.0.113.9", "203.0.113.0/24"},
		"::ffff:203.0.113.9":     {"203.0.113.9", "203.0.113.0/24"},
		"2001:db8:1:2:3:4:5:6":   {"2001:db8:1:2::/64", "2001:db8:1::/48"},
		"fe80::1%eth0":           {"fe80::/64", "fe80::/48"},
		"2001:db8:1:2:ffff::9":   {"2001:db8:1:2::/64", "2001:db8:1::/48"},
		"2001:db8:1:3:ffff::9":   {"2001:db8:1:3::/64", "2001:db8:1::/48"},
		"0.0.0.0":                {"0.0.0.0", "0.0.0.0/24"},
		"255.255.255.255":        {"255.255.255.255", "255.255.255.0/24"},
		"2001:db8:ffff:ffff::77": {"2001:db8:ffff:ffff::/64", "2001:db8:ffff::/48"},
	} {
		a := netip.MustParseAddr(text)
		if got := addressKey(a); got != want[0] {
			t.Errorf("%s counts as %s, want %s", text, got, want[0])
		}
		if got := Network(a); got != want[1] {
			t.Errorf("%s is kept as %s, want %s", text, got, want[1])
		}
	}
	if addressKey(netip.Addr{}) != "unknown" || Network(netip.Addr{}) != "" {
		t.Error("no address is taken for one")
	}
}

func TestDevices(t *testing.T) {
	for agent, want := range map[string]string{
		"Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1": "Safari on iPhone",
		"Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0":                                                                  "Firefox on Linux",
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36":                         "Chrome on Windows",
		"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15":                   "Safari on macOS",
		"curl/8.5.0": "curl",
		"":           "",
	} {
		if got := Device(agent); got != want {
			t.Errorf("%.60s is %q, want %q", agent, got, want)
		}
	}
	for _, agent := range []string{"\x00\xff", strings.Repeat("A", 1<<20), "<script>alert(1)</script>", "a\u202eb/1.0", strings.Repeat("(", 5000)} {
		if got := Device(agent); len(got) > 240 || strings.ContainsAny(got, "\x00\u202e") {
			t.Errorf("%.20q became %q", agent, got)
		}
	}
}

func TestWaitsAreTold(t *testing.T) {
	for wait, want := range map[time.Duration]string{
		time.Millisecond: "1 second", 30 * time.Second: "30 seconds", 89500 * time.Millisecond: "90 seconds", 91 * time.Second: "2 minutes", time.Hour: "60 minutes",
	} {
		if got := spoken(wait); got != want {
			t.Errorf("%v is told as %q", wait, got)
		}
	}
	for scale, want := range map[float64]int{1: 10, 0.001: 1, 2.5: 25, 1e9: 10_000_000_000, 1e300: maxScaledLimit} {
		if got := (&Limits{scale: scale}).scaled(10); got != want {
			t.Errorf("10 times %v is %d", scale, got)
		}
	}
	if err := tooMany("x", 0); err != nil {
		t.Errorf("no wait is an error: %v", err)
	}
	if err := tooMany("Too many.", 90*time.Second); fmt.Sprint(err) != "Too many. Try again in 90 seconds." || model.KindOf(err) != model.KindTooMany {
		t.Errorf("a wait: %v", err)
	}
}
