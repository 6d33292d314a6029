package auth

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"

	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/store"
)

// Proof is how somebody proved who they are.
type Proof struct {
	Method string // "password", "email_link", "passkey", "google" …
	Strong bool   // two proofs in one: something they have, that knows them
}

// admit lets somebody in who proved to be the user. It is the one way in, whatever
// the proof was. Who is suspended is Forbidden. Who has a second factor, and did not
// bring it along, gets a challenge instead of a session.
func (a *Auth) admit(ctx context.Context, tx *store.SystemTx, user model.User, proof Proof, from From) (Entered, error) {
	if user.SuspendedAt != nil {
		return Entered{}, suspended()
	}
	second, err := tx.SecondFactor(ctx, user.ID)
	if err != nil {
		return Entered{}, err
	}
	if !second || proof.Strong {
		return a.enter(ctx, tx, user, []string{proof.Method}, from)
	}
	secret := newSecret()
	if err := tx.AddChallenge(ctx, digest(secret), user.ID, from.Door, proof.Method); err != nil {
		return Entered{}, err
	}
	if from.Door == store.DoorWeb {
		err = from.Hold(ctx, secret)
	}
	return Entered{User: user, Challenge: secret}, err
}

func suspended() error {
	return model.Forbidden("This account is suspended. Write to us if you think that this is wrong.")
}

// SecondFactorNeeded is the answer at the API's door to a first proof that needs a
// second one.
func SecondFactorNeeded(challenge string) error {
	return &model.Error{
		Kind: model.KindSecondFactor, Challenge: challenge,
		Message: "This account has a second factor. Send its code with this challenge to /api/auth/second-factor within ten minutes.",
	}
}

// enter writes a sign-in down and makes what stands for it at its door.
func (a *Auth) enter(ctx context.Context, tx *store.SystemTx, user model.User, methods []string, from From) (Entered, error) {
	entered := Entered{User: user, Session: model.NewSessionID()}
	err := tx.AddSession(ctx, store.NewSession{
		ID: entered.Session, User: user.ID, Door: from.Door, Methods: methods,
		Device: Device(from.Agent), AddressPrefix: Network(from.Address),
	})
	if err != nil {
		return Entered{}, err
	}
	if !from.Replaces.IsZero() {
		if _, err := tx.EndSession(ctx, from.Replaces, "replaced"); err != nil {
			return Entered{}, err
		}
	}
	err = tx.Audit(ctx, store.Entry{
		Actor: user.ID, User: user.ID, Action: "user.signed_in", Subject: entered.Session.String(),
		After: map[string]any{"methods": methods, "device": Device(from.Agent)}, AddressPrefix: Network(from.Address),
	})
	if err != nil {
		return Entered{}, err
	}
	if from.Door == store.DoorAPI {
		entered.Tokens, err = a.giveTokens(ctx, tx, user.ID, entered.Session)
		return entered, err
	}
	if from.Keep == nil {
		return Entered{}, errors.New("a browser's sign-in with nowhere to keep it")
	}
	if from.Remember != nil {
		from.Remember(a.mark(user.Email))
	}
	return entered, from.Keep(ctx, entered.Session)
}

// newSecret is 256 random bits, for whatever is worth what it stands for.
func newSecret() string {
	var b [32]byte
	_, _ = rand.Read(b[:]) // never fails since Go 1.24
	return base64.RawURLEncoding.EncodeToString(b[:])
}
