package auth

import (
	"encoding/json"
	"strings"
	"sync"
	"testing"

	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/store"
	"github.com/hlpfl/platform/tests/authenticator"
)

// signIn comes in by the device's passkey alone.
func (p *person) signIn() (Entered, error) {
	p.t.Helper()
	asked, err := p.AskPasskey(p.t.Context(), here)
	if err != nil {
		p.t.Fatal(err)
	}
	return p.SignInByPasskey(p.t.Context(), asked.Ceremony, string(p.device.Sign(asked.Options)), here)
}

func TestAPasskeySignsInByItself(t *testing.T) {
	t.Parallel()
	a := open(t)
	p := register(t, a, "ines@example.com").withPasskey()
	if len(p.codes) != RecoveryCodes {
		t.Errorf("%d recovery codes with the first factor", len(p.codes))
	}
	entered, err := p.signIn()
	if err != nil || entered.User.ID != p.User.ID || entered.Challenge != "" || entered.Tokens.Access == "" {
		t.Fatalf("signed in as %+v, %v", entered.User.Email, err)
	}
	who, ok, err := a.store.SignedIn(t.Context(), entered.Session, store.DoorAPI)
	if err != nil || !ok || !WithSecondFactor(who.Methods) {
		t.Errorf("by %v, %v, %v", who.Methods, ok, err)
	}
	// It is a second factor too.
	challenge := p.halfway()
	asked, err := p.AskSecondFactor(t.Context(), challenge, here)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Redeem(t.Context(), challenge, SecondProof{Ceremony: asked.Ceremony, Credential: string(p.device.Sign(asked.Options))}, here); err != nil {
		t.Errorf("as a second factor: %v", err)
	}
	// And proves again that its person is there.
	if asked, err = p.AskStepUp(t.Context(), p.Acting); err != nil {
		t.Fatal(err)
	}
	if err := p.StepUp(t.Context(), p.Acting, "", SecondProof{Ceremony: asked.Ceremony, Credential: string(p.device.Sign(asked.Options))}); err != nil {
		t.Errorf("to step up: %v", err)
	}
	// A suspended user stays outside.
	err = a.store.System(t.Context(), func(tx *store.SystemTx) error {
		_, err := tx.ExecContext(t.Context(), `update users set suspended_at = now() where id = $1`, p.User.ID)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	_, err = p.signIn()
	wants(t, err, model.KindForbidden)
}

func TestACeremonyIsGoodOnce(t *testing.T) {
	t.Parallel()
	p := register(t, open(t), "ines@example.com").withPasskey()
	asked, err := p.AskPasskey(t.Context(), here)
	if err != nil {
		t.Fatal(err)
	}
	answer := string(p.device.Sign(asked.Options))
	errs := make([]error, 50)
	var wg sync.WaitGroup
	for i := range errs {
		wg.Go(func() { _, errs[i] = p.SignInByPasskey(t.Context(), asked.Ceremony, answer, here) })
	}
	wg.Wait()
	in := 0
	for _, err := range errs {
		if err == nil {
			in++
		} else {
			wants(t, err, model.KindConflict)
		}
	}
	if in != 1 {
		t.Errorf("one answer let %d in", in)
	}
	// Nor does it answer a question that was asked anew.
	again, err := p.AskPasskey(t.Context(), here)
	if err != nil {
		t.Fatal(err)
	}
	_, err = p.SignInByPasskey(t.Context(), again.Ceremony, answer, here)
	wants(t, err, model.KindUnauthorized)
	// A wrong answer uses the question up.
	_, err = p.SignInByPasskey(t.Context(), again.Ceremony, string(p.device.Sign(again.Options)), here)
	wants(t, err, model.KindConflict)
}

func TestAPasskeyOfAnotherPlaceOrPersonOpensNothing(t *testing.T) {
	t.Parallel()
	a := open(t)
	p := register(t, a, "ines@example.com").withPasskey()
	truth := *p.device
	for what, lie := range map[string]func(*authenticator.Device){
		"another origin":               func(d *authenticator.Device) { d.Origin = "https://hlpfl.test.example" },
		"another port":                 func(d *authenticator.Device) { d.Origin = "http://hlpfl.test:8443" },
		"a subdomain":                  func(d *authenticator.Device) { d.Origin = "http://evil.hlpfl.test" },
		"another site's":               func(d *authenticator.Device) { d.RPID = "example.com" },
		"a device that knew nobody":    func(d *authenticator.Device) { d.Unverified = true },
		"another person's by its word": func(d *authenticator.Device) { id := model.NewUserID(); d.Handle = id.UUID[:] },
	} {
		device := truth
		lie(&device)
		p.device = &device
		if _, err := p.signIn(); model.KindOf(err) != model.KindUnauthorized {
			t.Errorf("%s: %v", what, err)
		}
	}
	p.device = &truth
	if _, err := p.signIn(); err != nil {
		t.Fatalf("the truth: %v", err)
	}

	// Another user's passkey, brought to this one's challenge and session.
	other := register(t, a, "other@example.com").withPasskey()
	other.device.Handle = p.User.ID.UUID[:]
	challenge := p.halfway()
	asked, err := p.AskSecondFactor(t.Context(), challenge, here)
	if err != nil {
		t.Fatal(err)
	}
	_, err = p.Redeem(t.Context(), challenge, SecondProof{Ceremony: asked.Ceremony, Credential: string(other.device.Sign(asked.Options))}, here)
	wants(t, err, model.KindUnauthorized)
	if asked, err = p.AskStepUp(t.Context(), p.Acting); err != nil {
		t.Fatal(err)
	}
	err = p.StepUp(t.Context(), p.Acting, "", SecondProof{Ceremony: asked.Ceremony, Credential: string(other.device.Sign(asked.Options))})
	wants(t, err, model.KindForbidden)
	// The own ceremony of the other, at this one's challenge.
	other.device.Handle = nil
	theirs, err := other.AskSecondFactor(t.Context(), other.halfway(), here)
	if err != nil {
		t.Fatal(err)
	}
	_, err = p.Redeem(t.Context(), challenge, SecondProof{Ceremony: theirs.Ceremony, Credential: string(other.device.Sign(theirs.Options))}, here)
	wants(t, err, model.KindConflict)
}

// TestAnAnswerIsForItsOwnQuestion: what was signed for one purpose or session is worth
// nothing for another.
func TestAnAnswerIsForItsOwnQuestion(t *testing.T) {
	t.Parallel()
	p := register(t, open(t), "ines@example.com").withPasskey()
	signIn, err := p.AskPasskey(t.Context(), here)
	if err != nil {
		t.Fatal(err)
	}
	err = p.StepUp(t.Context(), p.Acting, "", SecondProof{Ceremony: signIn.Ceremony, Credential: string(p.device.Sign(signIn.Options))})
	wants(t, err, model.KindConflict)
	stepUp, err := p.AskStepUp(t.Context(), p.Acting)
	if err != nil {
		t.Fatal(err)
	}
	_, err = p.SignInByPasskey(t.Context(), stepUp.Ceremony, string(p.device.Sign(stepUp.Options)), here)
	wants(t, err, model.KindConflict)
	elsewhere := p.Acting
	if entered, err := p.signIn(); err != nil {
		t.Fatal(err)
	} else {
		elsewhere.Session = entered.Session
	}
	err = p.StepUp(t.Context(), elsewhere, "", SecondProof{Ceremony: stepUp.Ceremony, Credential: string(p.device.Sign(stepUp.Options))})
	wants(t, err, model.KindConflict)
	made, err := p.AskNewPasskey(t.Context(), elsewhere)
	if err != nil {
		t.Fatal(err)
	}
	_, _, err = p.AddPasskey(t.Context(), p.Acting, "", made.Ceremony, string(p.device.Create(made.Options)))
	wants(t, err, model.KindConflict)
}

func TestANewPasskeyIsCheckedToo(t *testing.T) {
	t.Parallel()
	a := open(t)
	p := register(t, a, "ines@example.com")
	var known string
	add := func(who *person, lie func(*authenticator.Device)) error {
		t.Helper()
		asked, err := who.AskNewPasskey(t.Context(), who.Acting)
		if err != nil {
			t.Fatal(err)
		}
		var options struct {
			Selection struct {
				ResidentKey string `json:"residentKey"`
				Required    bool   `json:"requireResidentKey"`
				User        string `json:"userVerification"`
			} `json:"authenticatorSelection"`
		}
		if err := json.Unmarshal(asked.Options, &options); err != nil || options.Selection.ResidentKey != "required" || !options.Selection.Required || options.Selection.User != "required" {
			t.Errorf("asked for %+v, %v", options, err)
		}
		device := authenticator.New(t, "http://hlpfl.test")
		lie(device)
		known = string(device.Create(asked.Options))
		_, _, err = who.AddPasskey(t.Context(), who.Acting, "", asked.Ceremony, known)
		return err
	}
	for what, lie := range map[string]func(*authenticator.Device){
		"another origin":            func(d *authenticator.Device) { d.Origin = "http://evil.test" },
		"another site's":            func(d *authenticator.Device) { d.RPID = "evil.test" },
		"a device that knew nobody": func(d *authenticator.Device) { d.Unverified = true },
	} {
		if err := add(p, lie); model.KindOf(err) != model.KindInvalid {
			t.Errorf("%s: %v", what, err)
		}
	}
	for _, junk := range []string{"{}", "null", "[]", "x", "\x00", strings.Repeat("[", 60000), `{"id":"AA","rawId":"AA","type":"public-key","response":{"clientDataJSON":"AA","attestationObject":"AA"}}`} {
		asked, err := p.AskNewPasskey(t.Context(), p.Acting)
		if err != nil {
			t.Fatal(err)
		}
		_, _, err = p.AddPasskey(t.Context(), p.Acting, "", asked.Ceremony, junk)
		wants(t, err, model.KindInvalid)
		in, err := p.AskPasskey(t.Context(), here)
		if err != nil {
			t.Fatal(err)
		}
		_, err = p.SignInByPasskey(t.Context(), in.Ceremony, junk, here)
		wants(t, err, model.KindUnauthorized)
	}
	if err := add(p, func(*authenticator.Device) {}); err != nil {
		t.Fatal(err)
	}
}

// TestACountThatWentBackIsWrittenDown: a copied authenticator signs fewer times than
// the one it was copied from.
func TestACountThatWentBackIsWrittenDown(t *testing.T) {
	t.Parallel()
	a := open(t)
	p := register(t, a, "ines@example.com").withPasskey()
	noted := func() (n int) {
		t.Helper()
		err := a.store.System(t.Context(), func(tx *store.SystemTx) error {
			return tx.GetContext(t.Context(), &n, `select count(*) from audit_log where user_id = $1 and action = 'passkey.count_went_back'`, p.User.ID)
		})
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	p.device.Count = 40
	if _, err := p.signIn(); err != nil || noted() != 0 {
		t.Fatalf("noted %d, %v", noted(), err)
	}
	p.device.Count = 7
	if _, err := p.signIn(); err != nil || noted() != 1 {
		t.Errorf("noted %d, %v", noted(), err)
	}
}

func TestNoPasskeysWithoutAName(t *testing.T) {
	for origin, want := range map[string]bool{
		"https://hlpfl.com": true, "http://localhost:8080": true, "http://127.0.0.1:8080": false, "http://[::1]:8080": false, "https://links.example.com:8443": true,
	} {
		if w, err := newPasskeys(origin); (w != nil) != want || err != nil {
			t.Errorf("%s: %v, %v", origin, w != nil, err)
		}
	}
}
