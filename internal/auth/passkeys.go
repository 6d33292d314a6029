package auth

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/store"
)

// What a ceremony is for: an answer to one is worth nothing for another.
const (
	purposeRegister     = "register"
	purposeSignIn       = "sign-in"
	purposeSecondFactor = "second-factor"
	purposeStepUp       = "step-up"
)

// ceremonyOf says what a ceremony is for, and whose it is.
type ceremonyOf struct {
	purpose string
	user    model.UserID    // zero: whoever it turns out to be
	session model.SessionID // zero before there is one
}

// newPasskeys makes what knows about passkeys for the site at an origin. It is nil
// where there can be none: a site that is reached by a bare address has no name that
// a passkey could belong to.
func newPasskeys(origin string) (*webauthn.WebAuthn, error) {
	u, err := url.Parse(origin)
	if err != nil {
		return nil, err
	}
	if named := protocol.ValidateRPID(u.Hostname()) == nil; !named {
		return nil, nil
	}
	resident := true
	return webauthn.New(&webauthn.Config{
		RPID: u.Hostname(), RPDisplayName: "HLPFL", RPOrigins: []string{origin},
		AttestationPreference: protocol.PreferNoAttestation, // whose make it is does not matter here
		AuthenticatorSelection: protocol.AuthenticatorSelection{
			ResidentKey: protocol.ResidentKeyRequirementRequired, RequireResidentKey: &resident, UserVerification: protocol.VerificationRequired,
		},
		Timeouts: webauthn.TimeoutsConfig{
			Login:        webauthn.TimeoutConfig{Enforce: true, Timeout: store.CeremonyLife},
			Registration: webauthn.TimeoutConfig{Enforce: true, Timeout: store.CeremonyLife},
		},
		// Password managers answer with extensions that nobody asked for; none changes what we decide.
		ExtensionsUnsolicitedOutputPolicy: protocol.UnsolicitedOutputPolicyIgnore,
	})
}

// PasskeysOffered reports whether this site can have passkeys.
func (a *Auth) PasskeysOffered() bool { return a.passkeys != nil }

// Asked is what an authenticator is asked: Options for its browser, and the secret
// under which its answer is waited for.
type Asked struct {
	Ceremony string
	Options  json.RawMessage // PublicKeyCredentialCreationOptions or …RequestOptions, as JSON
}

// AskNewPasskey begins to make a passkey for somebody signed in.
func (a *Auth) AskNewPasskey(ctx context.Context, who Acting) (Asked, error) {
	return a.ask(ctx, ceremonyOf{purposeRegister, who.User.ID, who.Session}, func(has store.Factors) (any, *webauthn.SessionData, error) {
		if len(has.Passkeys) >= store.MaxPasskeys {
			return nil, nil, &model.Error{Kind: model.KindConflict, Message: fmt.Sprintf("You have %d passkeys, and no more fit. Remove one first.", store.MaxPasskeys)}
		}
		keys := keyring{user: who.User, passkeys: has.Passkeys}
		creation, session, err := a.passkeys.BeginRegistration(keys, webauthn.WithExclusions(webauthn.Credentials(keys.WebAuthnCredentials()).CredentialDescriptors()))
		if err != nil {
			return nil, nil, err
		}
		return creation.Response, session, nil
	})
}

// AskPasskey begins a sign-in by passkey, of whoever has one here.
func (a *Auth) AskPasskey(ctx context.Context, from From) (Asked, error) {
	if err := a.Limits.Ceremony(ctx, from.Address); err != nil {
		return Asked{}, err
	}
	return a.ask(ctx, ceremonyOf{purpose: purposeSignIn}, func(store.Factors) (any, *webauthn.SessionData, error) {
		assertion, session, err := a.passkeys.BeginDiscoverableLogin()
		if err != nil {
			return nil, nil, err
		}
		return assertion.Response, session, nil
	})
}

// AskSecondFactor begins a passkey's answer to a challenge.
func (a *Auth) AskSecondFactor(ctx context.Context, challenge string, from From) (Asked, error) {
	if err := a.Limits.Ceremony(ctx, from.Address); err != nil {
		return Asked{}, err
	}
	user, _, err := a.Waiting(ctx, challenge, from.Door)
	if err != nil {
		return Asked{}, err
	}
	return a.askOwn(ctx, user, ceremonyOf{purposeSecondFactor, user.ID, model.SessionID{}})
}

// AskStepUp begins a passkey's proof that somebody signed in is there.
func (a *Auth) AskStepUp(ctx context.Context, who Acting) (Asked, error) {
	if err := a.Limits.Ceremony(ctx, who.From.Address); err != nil {
		return Asked{}, err
	}
	return a.askOwn(ctx, who.User, ceremonyOf{purposeStepUp, who.User.ID, who.Session})
}

// askOwn asks for one of a user's own passkeys.
func (a *Auth) askOwn(ctx context.Context, user model.User, c ceremonyOf) (Asked, error) {
	return a.ask(ctx, c, func(has store.Factors) (any, *webauthn.SessionData, error) {
		if len(has.Passkeys) == 0 {
			return nil, nil, &model.Error{Kind: model.KindConflict, Message: "This account has no passkey. Use a code."}
		}
		assertion, session, err := a.passkeys.BeginLogin(keyring{user: user, passkeys: has.Passkeys})
		if err != nil {
			return nil, nil, err
		}
		return assertion.Response, session, nil
	})
}

func (a *Auth) ask(ctx context.Context, c ceremonyOf, begin func(store.Factors) (any, *webauthn.SessionData, error)) (asked Asked, err error) {
	if a.passkeys == nil {
		return asked, model.Forbidden("A passkey belongs to a site with a name, and this one is reached by its address alone. Use an authenticator app.")
	}
	secret := newSecret()
	err = a.store.Entry(ctx, func(tx *store.SystemTx) error {
		var has store.Factors
		if !c.user.IsZero() {
			var err error
			if has, err = tx.FactorsOfAnyUser(ctx, c.user); err != nil {
				return err
			}
		}
		options, session, err := begin(has)
		if err != nil {
			return err
		}
		if asked.Options, err = json.Marshal(options); err != nil {
			return err
		}
		kept, err := json.Marshal(session)
		if err != nil {
			return err
		}
		return tx.AddCeremony(ctx, digest(secret), store.Ceremony{Purpose: c.purpose, User: c.user, Session: c.session, Asked: kept})
	})
	asked.Ceremony = secret
	return asked, err
}

// answered is what an authenticator answered, with what it was asked.
type answered struct {
	session webauthn.SessionData
	raw     []byte
}

// takeAnswer takes the ceremony out that an answer belongs to, in a transaction of its
// own: whatever becomes of the answer, there is no second try at it. The error is
// Conflict when none waits.
func (a *Auth) takeAnswer(ctx context.Context, proof SecondProof, c ceremonyOf) (answered, error) {
	over := &model.Error{Kind: model.KindConflict, Message: "The passkey’s answer came too late, or twice. Try again."}
	answer := answered{raw: []byte(proof.Credential)}
	if a.passkeys == nil || proof.Ceremony == "" {
		return answer, over
	}
	var kept json.RawMessage
	var ok bool
	err := a.store.Entry(ctx, func(tx *store.SystemTx) (err error) {
		kept, ok, err = tx.TakeCeremony(ctx, digest(proof.Ceremony), c.purpose, c.user, c.session)
		return err
	})
	if err != nil {
		return answer, err
	}
	if !ok {
		return answer, over
	}
	return answer, json.Unmarshal(kept, &answer.session)
}

// AddPasskey keeps the passkey that answered AskNewPasskey. It gives recovery codes
// when the user has no second factor yet. The error is Conflict when no answer is
// waited for, Invalid for one that proves nothing, Taken for a passkey that is known.
func (a *Auth) AddPasskey(ctx context.Context, who Acting, name, ceremony, credential string) (id model.PasskeyID, recovery []string, err error) {
	answer, err := a.takeAnswer(ctx, SecondProof{Ceremony: ceremony, Credential: credential}, ceremonyOf{purposeRegister, who.User.ID, who.Session})
	if err != nil {
		return id, nil, err
	}
	bad := func(err error) error {
		return &model.Error{Kind: model.KindInvalid, Message: "This passkey could not be taken. Try again, or use another device.", Err: err,
			Fields: map[string]string{"credential": "This passkey could not be taken. Try again, or use another device."}}
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes(answer.raw)
	if err != nil {
		return id, nil, bad(err)
	}
	made, err := a.passkeys.CreateCredential(keyring{user: who.User}, answer.session, parsed)
	if err != nil {
		return id, nil, bad(err)
	}
	if name == "" {
		name = passkeyName(who.From.Agent)
	}
	p := store.Passkey{
		ID: model.NewPasskeyID(), CredentialID: made.ID, PublicKey: made.PublicKey, SignCount: int64(made.Authenticator.SignCount), AAGUID: made.Authenticator.AAGUID,
		BackupEligible: made.Flags.BackupEligible, BackedUp: made.Flags.BackupState, Name: name, Transports: []string{},
	}
	for _, t := range made.Transport {
		p.Transports = append(p.Transports, string(t))
	}
	err = a.store.AsUser(ctx, who.User.ID, func(tx *store.UserTx) error {
		before, err := lockedFactors(ctx, tx)
		if err != nil {
			return err
		}
		if err := tx.AddPasskey(ctx, p); err != nil {
			return err
		}
		if err := tx.SessionProved(ctx, who.Session, methodPasskey); err != nil {
			return err
		}
		recovery, err = a.factorAdded(ctx, tx, who, before, change{action: "passkey.added", subject: name, what: "The passkey “" + name + "” was added."})
		return err
	})
	return p.ID, recovery, err
}

func passkeyName(agent string) string {
	if device := Device(agent); device != "" {
		return device
	}
	return "Passkey"
}

// RenamePasskey names a passkey anew. The error is NotFound when the user has none of
// that id.
func (a *Auth) RenamePasskey(ctx context.Context, who Acting, id model.PasskeyID, name string) error {
	return a.store.AsUser(ctx, who.User.ID, func(tx *store.UserTx) error {
		before, err := tx.RenamePasskey(ctx, id, name)
		if err != nil {
			return err
		}
		return tx.Audit(ctx, store.Entry{Actor: who.User.ID, User: who.User.ID, Action: "passkey.renamed", Subject: id.String(), Before: before, After: name, AddressPrefix: Network(who.From.Address)})
	})
}

// RemovePasskey forgets a passkey. The error is NotFound when the user has none of
// that id, Forbidden when an admin would be left without a second factor.
func (a *Auth) RemovePasskey(ctx context.Context, who Acting, id model.PasskeyID) error {
	return a.store.AsUser(ctx, who.User.ID, func(tx *store.UserTx) error {
		if _, err := lockedFactors(ctx, tx); err != nil {
			return err
		}
		name, err := tx.RemovePasskey(ctx, id)
		if err != nil {
			return err
		}
		return a.factorRemoved(ctx, tx, who, change{action: "passkey.removed", subject: name, what: "The passkey “" + name + "” was removed."})
	})
}

// SignInByPasskey signs in whoever a passkey belongs to; it is two proofs in one.
// The error is Unauthorized for one that nobody has here, Conflict when no answer is
// waited for.
func (a *Auth) SignInByPasskey(ctx context.Context, ceremony, credential string, from From) (Entered, error) {
	if err := a.Limits.SecondFactor(ctx, from.Address); err != nil {
		return Entered{}, err
	}
	answer, err := a.takeAnswer(ctx, SecondProof{Ceremony: ceremony, Credential: credential}, ceremonyOf{purpose: purposeSignIn})
	if err != nil {
		return Entered{}, err
	}
	var entered Entered
	refused := model.Unauthorized("This passkey opens no account here. Sign in another way; a passkey is added in your settings.")
	err = a.store.Entry(ctx, func(tx *store.SystemTx) error {
		owner, ok, err := a.signedBy(ctx, tx, answer, from)
		if err != nil {
			return err
		}
		if !ok {
			return tx.Audit(ctx, store.Entry{Action: "user.sign_in_failed", Subject: from.Door, AddressPrefix: Network(from.Address)})
		}
		user, err := tx.AnyUser(ctx, owner)
		if err != nil {
			return err
		}
		refused = nil
		entered, err = a.admit(ctx, tx, user, Proof{Method: methodPasskey, Strong: true}, from)
		return err
	})
	if err == nil {
		err = refused
	}
	if err != nil {
		return Entered{}, err
	}
	return entered, nil
}

// signedBy tells whose passkey signed what was asked. ok is false when nobody's did,
// or it did not know its person.
func (a *Auth) signedBy(ctx context.Context, tx *store.SystemTx, answer answered, from From) (owner model.UserID, ok bool, err error) {
	parsed, err := protocol.ParseCredentialRequestResponseBytes(answer.raw)
	if err != nil {
		return owner, false, nil //nolint:nilerr // a stranger's bytes: not signed by anybody
	}
	p, ok, err := tx.PasskeyOfAnyUser(ctx, parsed.RawID)
	if err != nil || !ok {
		return owner, false, err
	}
	keys := keyring{user: model.User{ID: p.User}, passkeys: []store.Passkey{p}}
	var credential *webauthn.Credential
	if len(answer.session.UserID) == 0 {
		_, credential, err = a.passkeys.ValidatePasskeyLogin(func(_, handle []byte) (webauthn.User, error) {
			if string(handle) != string(p.User.UUID[:]) {
				return nil, errors.New("the passkey is another user’s")
			}
			return keys, nil
		}, answer.session, parsed)
	} else {
		// Of those that were asked for this one is at hand.
		answer.session.AllowedCredentialIDs = only(answer.session.AllowedCredentialIDs, p.CredentialID)
		credential, err = a.passkeys.ValidateLogin(keys, answer.session, parsed)
	}
	if err != nil {
		return owner, false, nil //nolint:nilerr // the answer is not good: not signed by anybody
	}
	if credential.Authenticator.CloneWarning {
		// Some authenticators lose count; a copied one does too. It is written down for whoever looks.
		err := tx.Audit(ctx, store.Entry{
			Actor: p.User, User: p.User, Action: "passkey.count_went_back", Subject: p.ID.String(),
			Before: p.SignCount, After: parsed.Response.AuthenticatorData.Counter, AddressPrefix: Network(from.Address),
		})
		if err != nil {
			return owner, false, err
		}
	}
	return p.User, true, tx.PasskeyUsed(ctx, p.ID, int64(credential.Authenticator.SignCount), credential.Flags.BackupState)
}

// only keeps an id of a list, where it is on it; of an empty one nothing is left that
// anything could match.
func only(list [][]byte, id []byte) [][]byte {
	for _, one := range list {
		if string(one) == string(id) {
			return [][]byte{id}
		}
	}
	return [][]byte{{}}
}

// keyring is a user with passkeys, as the library wants it.
type keyring struct {
	user     model.User
	passkeys []store.Passkey
}

// WebAuthnID is what an authenticator keeps of the user.
func (k keyring) WebAuthnID() []byte { return k.user.ID.UUID[:] }

// WebAuthnName is what an authenticator shows to tell accounts apart.
func (k keyring) WebAuthnName() string { return k.user.Email }

// WebAuthnDisplayName is how an authenticator calls the user.
func (k keyring) WebAuthnDisplayName() string {
	if k.user.Name != "" {
		return k.user.Name
	}
	return k.user.Email
}

// WebAuthnCredentials are the passkeys.
func (k keyring) WebAuthnCredentials() []webauthn.Credential {
	var list []webauthn.Credential
	for _, p := range k.passkeys {
		c := webauthn.Credential{
			ID: p.CredentialID, PublicKey: p.PublicKey,
			Flags:         webauthn.CredentialFlags{UserPresent: true, UserVerified: true, BackupEligible: p.BackupEligible, BackupState: p.BackedUp},
			Authenticator: webauthn.Authenticator{AAGUID: p.AAGUID, SignCount: uint32(p.SignCount)}, //nolint:gosec // it came from one
		}
		for _, t := range p.Transports {
			c.Transport = append(c.Transport, protocol.AuthenticatorTransport(t))
		}
		list = append(list, c)
	}
	return list
}
