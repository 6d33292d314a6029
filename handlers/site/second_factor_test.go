package site_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/hlpfl/platform/store"
	"github.com/hlpfl/platform/tests/program"
)

// age makes every proof of a sign-in old.
func age(t *testing.T, p *program.Program) {
	t.Helper()
	err := p.App.Store().System(t.Context(), func(tx *store.SystemTx) error {
		_, err := tx.ExecContext(t.Context(), `update sessions set proved_at = now() - interval '11 minutes'`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func goesTo(t *testing.T, a program.Answer, path string) {
	t.Helper()
	if a.Status != http.StatusSeeOther || a.Header.Get("Location") != path {
		t.Errorf("answered %d to %q, want %q: %.300s", a.Status, a.Header.Get("Location"), path, a.Body)
	}
}

// TestNobodyIsInWithHalfASignIn: after the password nothing is open but the question
// for the second proof, and that in the same browser alone.
func TestNobodyIsInWithHalfASignIn(t *testing.T) {
	t.Parallel()
	p := program.Start(t, program.Options{Named: true})
	ines := p.Register(t, "ines@example.com")
	ines.App()
	if me := ines.Do("GET", "/api/me", nil).JSON(t); me["second_factor"] != true {
		t.Errorf("me: %v", me["second_factor"])
	}
	b := p.Client(t)
	goesTo(t, b.Do("POST", "/login", url.Values{"email": {"ines@example.com"}, "password": {program.Password}, "next": {"/dashboard/account"}}), "/login/second-factor")
	goesTo(t, b.Do("GET", "/dashboard", nil), "/login?next=%2Fdashboard")
	if a := b.Do("GET", "/dashboard/account/factors", nil); a.Status != http.StatusSeeOther {
		t.Errorf("the factors: %d", a.Status)
	}
	if a := b.Do("GET", "/login/second-factor", nil); a.Status != http.StatusOK || !strings.Contains(string(a.Body), `autocomplete="one-time-code"`) || !strings.Contains(string(a.Body), `inputmode="numeric"`) {
		t.Errorf("the question: %d %s", a.Status, a.Body)
	}
	// Another browser has nothing to answer, whatever it sends.
	other := p.Client(t)
	goesTo(t, other.Do("GET", "/login/second-factor", nil), "/login")
	if a := other.Do("POST", "/login/second-factor", url.Values{"code": {ines.RecoveryCode()}}); a.Status != http.StatusUnauthorized {
		t.Errorf("another browser: %d", a.Status)
	}
	// The API's challenge is no browser's, and the other way round.
	api := p.Client(t).Do("POST", "/api/auth/login", map[string]string{"email": "ines@example.com", "password": program.Password})
	problem := api.JSON(t)
	if api.Status != http.StatusUnauthorized || problem["type"] != "/problems/second-factor" || problem["challenge"] == "" || problem["access_token"] != nil {
		t.Fatalf("the API says %d %s", api.Status, api.Body)
	}
	if a := other.Do("POST", "/login/second-factor", url.Values{"code": {ines.RecoveryCode()}, "challenge": {problem["challenge"].(string)}}); a.Status != http.StatusUnauthorized {
		t.Errorf("an API's challenge in a browser: %d", a.Status)
	}
	if a := p.Client(t).Do("POST", "/api/auth/second-factor", map[string]any{"challenge": problem["challenge"], "code": "000000"}); a.Status != http.StatusUnauthorized {
		t.Errorf("a wrong code: %d %s", a.Status, a.Body)
	}
	in := p.Client(t).Do("POST", "/api/auth/second-factor", map[string]any{"challenge": problem["challenge"], "code": ines.RecoveryCode()})
	if in.Status != http.StatusOK || in.JSON(t)["access_token"] == "" || in.JSON(t)["user"].(map[string]any)["second_factor"] != true {
		t.Errorf("the API: %d %s", in.Status, in.Body)
	}
	if a := p.Client(t).Do("POST", "/api/auth/second-factor", map[string]any{"challenge": problem["challenge"], "code": ines.RecoveryCode()}); a.Status != http.StatusUnauthorized {
		t.Errorf("the challenge again: %d", a.Status)
	}
	// What cannot be a code is said to be none, and keeps the question open.
	for _, code := range []string{"", "12345", "1234567", "\x00\x00\x00\x00\x00\x00", "١٢٣٤٥٦", "１２３４５６", strings.Repeat("1", 900<<10)} {
		if a := b.Do("POST", "/login/second-factor", url.Values{"code": {code}}); a.Status != http.StatusUnprocessableEntity {
			t.Errorf("%.20q: %d", code, a.Status)
		}
	}
	if a := b.Do("POST", "/login/second-factor", url.Values{"code": {strings.Repeat("1", 2<<20)}}); a.Status != http.StatusRequestEntityTooLarge {
		t.Errorf("2 MB: %d", a.Status)
	}
	goesTo(t, b.Do("POST", "/login/second-factor", url.Values{"code": {ines.RecoveryCode()}}), "/dashboard/account")
	if a := b.Do("GET", "/dashboard/account", nil); a.Status != http.StatusOK {
		t.Errorf("in: %d", a.Status)
	}
}

func TestTooManyWrongCodesBeginAgain(t *testing.T) {
	t.Parallel()
	p := program.Start(t, program.Options{})
	ines := p.Register(t, "ines@example.com")
	ines.App()
	b := p.SignIn(t, "ines@example.com")
	for range 5 {
		if a := b.Do("POST", "/login/second-factor", url.Values{"code": {"000000"}}); a.Status != http.StatusUnauthorized {
			t.Errorf("a wrong code: %d", a.Status)
		}
	}
	if a := b.Do("POST", "/login/second-factor", url.Values{"code": {ines.RecoveryCode()}}); a.Status != http.StatusUnauthorized || !strings.Contains(string(a.Body), "Begin it again") {
		t.Errorf("after too many: %d %s", a.Status, a.Body)
	}
	goesTo(t, b.Do("GET", "/dashboard", nil), "/login?next=%2Fdashboard")
}

// TestAPasskeysAnswerBelongsToItsBrowser: what is asked waits behind the cookie of
// whoever asked.
func TestAPasskeysAnswerBelongsToItsBrowser(t *testing.T) {
	t.Parallel()
	p := program.Start(t, program.Options{Named: true})
	ines := p.Register(t, "ines@example.com")
	device, _ := ines.Passkey()
	b := p.Client(t)
	answer := b.Answer("/login/passkey", device.Sign)
	if a := p.Client(t).Do("POST", "/login/passkey", answer); a.Status != http.StatusConflict {
		t.Errorf("another browser: %d", a.Status)
	}
	goesTo(t, b.Do("POST", "/login/passkey", answer), "/dashboard")
	if a := b.Do("POST", "/login/passkey", answer); a.Status != http.StatusConflict {
		t.Errorf("the same again: %d", a.Status)
	}
	if a := b.Do("GET", "/dashboard/account/factors", nil); a.Status != http.StatusOK || strings.Contains(string(a.Body), "Admins sign in") {
		t.Errorf("in: %d", a.Status)
	}
	if a := p.Client(t).Do("POST", "/api/auth/passkey", p.Client(t).Answer("/api/auth/passkey", device.Sign)); a.Status != http.StatusOK {
		t.Errorf("at the API: %d %s", a.Status, a.Body)
	}
}

// TestWhatMattersAsksOnceMore: an old sign-in opens nothing that changes who gets in,
// at either door, and goes on by itself after the proof.
func TestWhatMattersAsksOnceMore(t *testing.T) {
	t.Parallel()
	p := program.Start(t, program.Options{Named: true})
	api := p.Register(t, "ines@example.com")
	b := p.SignIn(t, "ines@example.com")
	age(t, p)
	goesTo(t, b.Do("GET", "/dashboard/account/factors/app", nil), "/dashboard/confirm?next=%2Fdashboard%2Faccount%2Ffactors%2Fapp")
	if a := b.Do("POST", "/dashboard/account/factors/app", url.Values{"code": {"123456"}}); a.Status != http.StatusSeeOther || !strings.HasPrefix(a.Header.Get("Location"), "/dashboard/confirm") {
		t.Errorf("a POST past the question: %d", a.Status)
	}
	if a := api.Do("POST", "/api/auth/totp", nil); a.Status != http.StatusForbidden || a.JSON(t)["type"] != "/problems/step-up" {
		t.Errorf("the API: %d %s", a.Status, a.Body)
	}
	if a := b.Do("POST", "/dashboard/confirm", url.Values{"password": {"not the password"}, "next": {"/dashboard"}}); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("a wrong password: %d", a.Status)
	}
	for next, to := range map[string]string{"//evil.example": "/dashboard/account/security", "https://evil.example": "/dashboard/account/security", `/\evil.example`: "/dashboard/account/security", "/dashboard/account/factors": "/dashboard/account/factors"} {
		goesTo(t, b.Do("POST", "/dashboard/confirm", url.Values{"password": {program.Password}, "next": {next}}), to)
	}
	secret := b.App()
	if a := api.Do("GET", "/api/me", nil); a.Status != http.StatusUnauthorized {
		t.Errorf("another session goes on after a factor was added: %d", a.Status)
	}
	// With a second factor the password alone is not enough.
	age(t, p)
	if a := b.Do("POST", "/dashboard/confirm", url.Values{"password": {program.Password}}); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("by password in spite of the app: %d", a.Status)
	}
	goesTo(t, b.Do("POST", "/dashboard/confirm", url.Values{"code": {program.Code(t, secret, 0)}, "next": {"/dashboard"}}), "/dashboard")
	if a := b.Do("GET", "/dashboard/account/factors", nil); a.Status != http.StatusOK {
		t.Errorf("after the proof: %d", a.Status)
	}
	// Whoever changes factors is told so by mail, and it is written down.
	var mails, lines int
	err := p.App.Store().System(t.Context(), func(tx *store.SystemTx) error {
		if err := tx.GetContext(t.Context(), &mails, `select count(*) from mails where kind = 'factor_changed'`); err != nil {
			return err
		}
		return tx.GetContext(t.Context(), &lines, `select count(*) from audit_log where action = 'totp.added'`)
	})
	if err != nil || mails != 1 || lines != 1 {
		t.Errorf("%d mails, %d lines, %v", mails, lines, err)
	}
}

// TestOthersPasskeysAreNotThere: naming and removing touch the own ones alone.
func TestOthersPasskeysAreNotThere(t *testing.T) {
	t.Parallel()
	p := program.Start(t, program.Options{Named: true})
	ines, mara := p.Register(t, "ines@example.com"), p.Register(t, "mara@example.com")
	_, id := ines.Passkey()
	mara.Passkey()
	for _, a := range []program.Answer{mara.Do("DELETE", "/api/auth/passkeys/"+id, nil), mara.Do("PATCH", "/api/auth/passkeys/"+id, map[string]string{"name": "Mine"})} {
		if a.Status != http.StatusNotFound {
			t.Errorf("another's passkey: %d %s", a.Status, a.Body)
		}
	}
	if a := ines.Do("PATCH", "/api/auth/passkeys/"+id, map[string]string{"name": "My phone"}); a.Status != http.StatusNoContent {
		t.Errorf("the own: %d %s", a.Status, a.Body)
	}
	list := ines.Do("GET", "/api/auth/factors", nil).JSON(t)
	keys := list["passkeys"].([]any)
	if len(keys) != 1 || keys[0].(map[string]any)["name"] != "My phone" || list["recovery_codes_left"] != 10.0 {
		t.Errorf("left: %v", list)
	}
	if a := ines.Do("DELETE", "/api/auth/passkeys/"+id, nil); a.Status != http.StatusNoContent {
		t.Errorf("the own: %d %s", a.Status, a.Body)
	}
	if me := ines.Do("GET", "/api/me", nil).JSON(t); me["second_factor"] != false {
		t.Errorf("me: %v", me["second_factor"])
	}
}
