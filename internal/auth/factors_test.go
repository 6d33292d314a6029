package auth

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"github.com/hlpfl/platform/config"
	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/store"
	"github.com/hlpfl/platform/tests/authenticator"
)

// person is somebody signed in at the API's door.
type person struct {
	Acting
	*Auth
	t      *testing.T
	secret string   // of the app
	codes  []string // recovery
	device *authenticator.Device
}

func register(t *testing.T, a *Auth, email string) *person {
	t.Helper()
	entered, err := a.Register(t.Context(), model.RegisterInput{Email: email, Password: "harbour fog", TimeZone: "UTC"}, here)
	if err != nil {
		t.Fatal(err)
	}
	return &person{Acting: Acting{User: entered.User, Session: entered.Session, From: here}, Auth: a, t: t, device: authenticator.New(t, "http://hlpfl.test")}
}

// code is what the person's app shows some steps from now.
func (p *person) code(steps int) string {
	p.t.Helper()
	if steps < 0 { // at a step's end it would be too old by the time it is looked at
		if left := totpPeriod - time.Duration(time.Now().UnixNano()%int64(totpPeriod)); left < 2*time.Second {
			time.Sleep(left)
		}
	}
	code, err := totp.GenerateCode(p.secret, time.Now().Add(time.Duration(steps)*totpPeriod))
	if err != nil {
		p.t.Fatal(err)
	}
	return code
}

// withApp sets an app up; the code of the step before this one is used by it.
func (p *person) withApp() *person {
	p.t.Helper()
	setup, err := p.StartTOTP(p.t.Context(), p.Acting, false)
	if err != nil {
		p.t.Fatal(err)
	}
	p.secret = setup.Secret
	if p.codes, err = p.ConfirmTOTP(p.t.Context(), p.Acting, p.code(-1)); err != nil {
		p.t.Fatal(err)
	}
	return p
}

func (p *person) withPasskey() *person {
	p.t.Helper()
	asked, err := p.AskNewPasskey(p.t.Context(), p.Acting)
	if err != nil {
		p.t.Fatal(err)
	}
	_, codes, err := p.AddPasskey(p.t.Context(), p.Acting, "", asked.Ceremony, string(p.device.Create(asked.Options)))
	if err != nil {
		p.t.Fatal(err)
	}
	p.codes = append(p.codes, codes...)
	return p
}

// halfway gives the first proof, and what waits for the second.
func (p *person) halfway() string {
	p.t.Helper()
	entered, err := p.SignIn(p.t.Context(), model.LoginInput{Email: p.User.Email, Password: "harbour fog"}, here)
	if err != nil {
		p.t.Fatal(err)
	}
	if entered.Challenge == "" || entered.Tokens.Access != "" || !entered.Session.IsZero() {
		p.t.Fatalf("a password alone: %+v", entered)
	}
	return entered.Challenge
}

func wants(t *testing.T, err error, kind model.Kind) {
	t.Helper()
	if err == nil || model.KindOf(err) != kind {
		t.Errorf("got %v, want kind %d", err, kind)
	}
}

func TestACodeOfTheAppIsGoodOnce(t *testing.T) {
	t.Parallel()
	p := register(t, open(t), "ines@example.com").withApp()
	// The code that confirmed the app is used up by it.
	_, err := p.Redeem(t.Context(), p.halfway(), SecondProof{Code: p.code(-1)}, here)
	wants(t, err, model.KindUnauthorized)
	code := p.code(0)
	entered, err := p.Redeem(t.Context(), p.halfway(), SecondProof{Code: code}, here)
	if err != nil {
		t.Fatal(err)
	}
	who, ok, err := p.store.SignedIn(t.Context(), entered.Session, store.DoorAPI)
	if err != nil || !ok || !slices.Equal(who.Methods, []string{"password", "totp"}) || !WithSecondFactor(who.Methods) {
		t.Errorf("signed in as %+v, %v, %v", who.Methods, ok, err)
	}
	_, err = p.Redeem(t.Context(), p.halfway(), SecondProof{Code: code}, here)
	wants(t, err, model.KindUnauthorized)
	// With a later code, an earlier one that was never used is void too.
	if _, err = p.Redeem(t.Context(), p.halfway(), SecondProof{Code: p.code(1)}, here); err != nil {
		t.Fatal(err)
	}
	_, err = p.Redeem(t.Context(), p.halfway(), SecondProof{Code: p.code(0)}, here)
	wants(t, err, model.KindUnauthorized)
}

func TestOfFiftyWithOneCodeOneComesIn(t *testing.T) {
	t.Parallel()
	p := register(t, open(t), "ines@example.com").withApp()
	for what, proof := range map[string]string{"the app's": p.code(0), "a recovery code": p.codes[0]} {
		challenges := make([]string, 50)
		for i := range challenges {
			if i%2 == 0 { // by one challenge twice, and by many
				challenges[i] = p.halfway()
			} else {
				challenges[i] = challenges[i-1]
			}
		}
		errs := make([]error, len(challenges))
		var wg sync.WaitGroup
		for i, challenge := range challenges {
			wg.Go(func() { _, errs[i] = p.Redeem(t.Context(), challenge, SecondProof{Code: proof}, here) })
		}
		wg.Wait()
		in := 0
		for _, err := range errs {
			if err == nil {
				in++
			} else {
				wants(t, err, model.KindUnauthorized)
			}
		}
		if in != 1 {
			t.Errorf("%s let %d in", what, in)
		}
	}
}

func TestCodesOfOtherTimesAreRefused(t *testing.T) {
	secret := []byte("12345678901234567890") // RFC 6238, appendix B
	at := time.Unix(1111111109, 0)
	if step, ok := totpStep(secret, "081804", at); !ok || step != 37037036 {
		t.Errorf("the RFC's own code: step %d, %v", step, ok)
	}
	code := func(steps int) string {
		text, err := totp.GenerateCode(totpText.EncodeToString(secret), at.Add(time.Duration(steps)*totpPeriod))
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	for steps, want := range map[int]bool{-20: false, -3: false, -2: false, -1: true, 0: true, 1: true, 2: false, 3: false, 20: false} {
		if step, ok := totpStep(secret, code(steps), at); ok != want || ok && step != 37037036+int64(steps) {
			t.Errorf("%d steps off: step %d, %v", steps, step, ok)
		}
	}
}

func TestAChallengeIsGoodAtItsOwnDoorForFewTriesAndOnce(t *testing.T) {
	t.Parallel()
	a := open(t)
	p := register(t, a, "ines@example.com").withApp()
	web := here
	web.Door = store.DoorWeb
	challenge := p.halfway()
	if _, err := p.Redeem(t.Context(), challenge, SecondProof{Code: p.codes[0]}, web); !errors.Is(err, ErrChallengeOver) {
		t.Errorf("at another door: %v", err)
	}
	for range store.ChallengeTries {
		_, err := p.Redeem(t.Context(), challenge, SecondProof{Code: "000000"}, here)
		wants(t, err, model.KindUnauthorized)
	}
	if _, err := p.Redeem(t.Context(), challenge, SecondProof{Code: p.codes[0]}, here); !errors.Is(err, ErrChallengeOver) {
		t.Errorf("after too many tries: %v", err)
	}
	challenge = p.halfway()
	if _, err := p.Redeem(t.Context(), challenge, SecondProof{Code: p.codes[0]}, here); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Redeem(t.Context(), challenge, SecondProof{Code: p.codes[1]}, here); !errors.Is(err, ErrChallengeOver) {
		t.Errorf("met once already: %v", err)
	}
	for _, made := range []string{"", "x", newSecret(), strings.Repeat("x", 1<<20), "\x00", "٣"} {
		if _, err := p.Redeem(t.Context(), made, SecondProof{Code: p.codes[1]}, here); !errors.Is(err, ErrChallengeOver) {
			t.Errorf("a challenge that nobody gave: %v", err)
		}
	}
	// Another account's codes open nothing here.
	other := register(t, a, "other@example.com").withApp()
	for _, code := range []string{other.codes[0], other.code(0)} {
		_, err := p.Redeem(t.Context(), p.halfway(), SecondProof{Code: code}, here)
		wants(t, err, model.KindUnauthorized)
	}
}

// TestGuessingWaits: digits that can be guessed wait longer and longer, from wherever
// they come; what cannot be guessed lets the owner in all the while.
func TestGuessingWaits(t *testing.T) {
	t.Parallel()
	a := open(t)
	a.Limits.scale = 1
	p := register(t, a, "ines@example.com").withApp().withPasskey()
	var err error
	for range freeFailures + 1 {
		challenge := ""
		a.Limits.scale = 1e6
		challenge = p.halfway()
		a.Limits.scale = 1
		if _, err = p.Redeem(t.Context(), challenge, SecondProof{Code: "000000"}, here); model.KindOf(err) == model.KindTooMany {
			break
		}
	}
	wants(t, err, model.KindTooMany)
	_, err = p.Redeem(t.Context(), p.halfway(), SecondProof{Code: p.code(0)}, here)
	wants(t, err, model.KindTooMany)
	if _, err := p.Redeem(t.Context(), p.halfway(), SecondProof{Code: p.codes[0]}, here); err != nil {
		t.Errorf("the owner's recovery code: %v", err)
	}
	asked, err := p.AskPasskey(t.Context(), here)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.SignInByPasskey(t.Context(), asked.Ceremony, string(p.device.Sign(asked.Options)), here); err != nil {
		t.Errorf("the owner's passkey: %v", err)
	}
}

func TestBadCodesAreInvalid(t *testing.T) {
	t.Parallel()
	p := register(t, open(t), "ines@example.com").withApp()
	challenge := p.halfway()
	arabic := strings.Map(func(r rune) rune { return r - '0' + '٠' }, p.code(0))
	full := strings.Map(func(r rune) rune { return r - '0' + '０' }, p.code(0))
	for _, code := range []string{"", " ", "12345", "1234567", "12345a", "\x00\x00\x00\x00\x00\x00", p.code(0) + "\x00", arabic, full,
		strings.Repeat("1", 1<<20), "-00001", "+00001", "1e5", "0x1234", p.codes[0] + "a", p.codes[0][1:], strings.Repeat("0", 25)} {
		_, err := p.Redeem(t.Context(), challenge, SecondProof{Code: code}, here)
		wants(t, err, model.KindInvalid)
	}
	// They cost no try. Spaces, dashes and capitals are how people write.
	spoken := " " + strings.ToUpper(strings.ReplaceAll(p.codes[0], "-", " ")) + " "
	if _, err := p.Redeem(t.Context(), challenge, SecondProof{Code: spoken}, here); err != nil {
		t.Error(err)
	}
}

// TestSecretsAreSealed: what lies in the database opens with any SECRET_KEY that is
// given, and with no other; on another's row not at all.
func TestSecretsAreSealed(t *testing.T) {
	t.Parallel()
	a := open(t)
	p := register(t, a, "ines@example.com").withApp()
	sealed := func() (sealed []byte) {
		t.Helper()
		err := a.store.Entry(t.Context(), func(tx *store.SystemTx) (err error) {
			sealed, _, err = tx.TOTPOfAnyUser(t.Context(), p.User.ID)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return sealed
	}
	plain, err := totpText.DecodeString(p.secret)
	if err != nil || len(plain) != totpBytes {
		t.Fatal(err)
	}
	first := sealed()
	if strings.Contains(string(first), string(plain)) || strings.Contains(string(first), p.secret) {
		t.Error("the secret lies open")
	}
	if _, _, err := a.seals.open(first, model.NewUserID().String()); err == nil {
		t.Error("it opens on another's row")
	}
	old, new := config.Key(strings.Repeat("k", 32)), config.Key(strings.Repeat("n", 32))
	if a.seals, err = newSealer([]config.Key{new, old}, "hlpfl totp v1"); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Redeem(t.Context(), p.halfway(), SecondProof{Code: p.code(0)}, here); err != nil {
		t.Fatalf("after a new key came first: %v", err)
	}
	// It was sealed anew by that: the old key may go.
	if a.seals, err = newSealer([]config.Key{new}, "hlpfl totp v1"); err != nil {
		t.Fatal(err)
	}
	if back, _, err := a.seals.open(sealed(), p.User.ID.String()); err != nil || string(back) != string(plain) {
		t.Errorf("without the old key: %v", err)
	}
	if _, _, err := a.seals.open(first, p.User.ID.String()); err == nil {
		t.Error("it opens with a key that is not given")
	}
}

func TestAnAdminKeepsASecondFactor(t *testing.T) {
	t.Parallel()
	a := open(t)
	p := register(t, a, "ines@example.com").withApp()
	if err := a.store.System(t.Context(), func(tx *store.SystemTx) error { _, err := tx.SetAdmin(t.Context(), p.User.ID, true); return err }); err != nil {
		t.Fatal(err)
	}
	wants(t, p.RemoveTOTP(t.Context(), p.Acting), model.KindForbidden)
	p.withPasskey()
	if err := p.RemoveTOTP(t.Context(), p.Acting); err != nil {
		t.Errorf("with a passkey beside it: %v", err)
	}
	var has store.Factors
	err := a.store.AsUser(t.Context(), p.User.ID, func(tx *store.UserTx) (err error) { has, err = tx.Factors(t.Context()); return err })
	if err != nil || len(has.Passkeys) != 1 || has.TOTPSince != nil {
		t.Fatalf("left: %+v, %v", has, err)
	}
	wants(t, p.RemovePasskey(t.Context(), p.Acting, has.Passkeys[0].ID), model.KindForbidden)
}

// TestAChangeOfFactorsEndsTheOthers: every session but the one that acts, its refresh
// tokens and what is halfway.
func TestAChangeOfFactorsEndsTheOthers(t *testing.T) {
	t.Parallel()
	p := register(t, open(t), "ines@example.com")
	elsewhere := func() Entered {
		t.Helper()
		var entered Entered
		err := p.store.Entry(t.Context(), func(tx *store.SystemTx) (err error) {
			entered, err = p.enter(t.Context(), tx, p.User, []string{"password", "recovery"}, here)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return entered
	}
	steps := []struct {
		what string
		act  func() error
	}{
		{"a passkey is added", func() error { p.withPasskey(); return nil }},
		{"an app is added", func() error { p.withApp(); return nil }},
		{"codes are renewed", func() (err error) { p.codes, err = p.NewRecoveryCodes(t.Context(), p.Acting); return err }},
		{"the app is removed", func() error { return p.RemoveTOTP(t.Context(), p.Acting) }},
	}
	for _, s := range steps {
		other := elsewhere()
		if err := s.act(); err != nil {
			t.Fatalf("%s: %v", s.what, err)
		}
		if _, ok, err := p.store.SignedIn(t.Context(), other.Session, store.DoorAPI); ok || err != nil {
			t.Errorf("%s: another session goes on, %v", s.what, err)
		}
		if _, err := p.Refresh(t.Context(), other.Tokens.Refresh, here); model.KindOf(err) != model.KindUnauthorized {
			t.Errorf("%s: its refresh token is good, %v", s.what, err)
		}
		if _, ok, err := p.store.SignedIn(t.Context(), p.Session, store.DoorAPI); !ok || err != nil {
			t.Fatalf("%s: the one that acts has ended, %v", s.what, err)
		}
	}
}
