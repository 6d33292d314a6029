package auth

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base32"
	"net/url"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"

	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/store"
)

// What authenticator apps agree on (RFC 6238), and how far a phone's clock may be off.
const (
	totpPeriod = 30 * time.Second
	totpSkew   = 1 // steps before and after
	totpBytes  = 20
)

var totpText = base32.StdEncoding.WithPadding(base32.NoPadding)

// TOTPSetup is what an authenticator app has to know.
type TOTPSetup struct {
	Secret string // base32, to be typed
	URL    string // otpauth://…, to be scanned or tapped
}

// Acting is somebody who changes the own account.
type Acting struct {
	User    model.User
	Session model.SessionID // stays when all others end
	From    From
}

// StartTOTP gives the user a secret for an app. It has no effect until its first code
// is confirmed. With again, one that was given within the hour is given once more.
// The error is Taken when an app is in use already.
func (a *Auth) StartTOTP(ctx context.Context, who Acting, again bool) (TOTPSetup, error) {
	var secret []byte
	err := a.store.AsUser(ctx, who.User.ID, func(tx *store.UserTx) error {
		sealed, ok, err := tx.PendingTOTP(ctx)
		if err != nil {
			return err
		}
		if ok && again {
			if secret, _, err = a.seals.open(sealed, who.User.ID.String()); err == nil {
				return nil
			}
		}
		secret = make([]byte, totpBytes)
		_, _ = rand.Read(secret) // never fails since Go 1.24
		return tx.SetPendingTOTP(ctx, a.seals.seal(secret, who.User.ID.String()))
	})
	if err != nil {
		return TOTPSetup{}, err
	}
	text := totpText.EncodeToString(secret)
	address := url.URL{Scheme: "otpauth", Host: "totp", Path: "/HLPFL:" + who.User.Email,
		RawQuery: "secret=" + text + "&issuer=HLPFL&algorithm=SHA1&digits=6&period=30"}
	return TOTPSetup{Secret: text, URL: address.String()}, nil
}

// ConfirmTOTP takes the secret that StartTOTP gave into use, with the first code of
// the app. It gives recovery codes when the user has none yet. The error is Invalid
// for a wrong code, Conflict when no secret waits, TooMany past the limit.
func (a *Auth) ConfirmTOTP(ctx context.Context, who Acting, code string) (recovery []string, err error) {
	if err := a.Limits.TryFactor(ctx, who.User.ID); err != nil {
		return nil, err
	}
	err = a.store.AsUser(ctx, who.User.ID, func(tx *store.UserTx) error {
		before, err := lockedFactors(ctx, tx)
		if err != nil {
			return err
		}
		sealed, ok, err := tx.PendingTOTP(ctx)
		if err != nil {
			return err
		}
		if !ok {
			return &model.Error{Kind: model.KindConflict, Message: "No app waits to be confirmed. Begin again with a new secret."}
		}
		secret, _, err := a.seals.open(sealed, who.User.ID.String())
		if err != nil {
			return err
		}
		step, ok := totpStep(secret, code, time.Now())
		if !ok {
			return model.Invalid("code", "This is not the code that the app shows now. Wait for the next one; the phone’s clock must be right.")
		}
		if ok, err = tx.ConfirmTOTP(ctx, step); err != nil || !ok {
			return err
		}
		if err := tx.SessionProved(ctx, who.Session, methodTOTP); err != nil {
			return err
		}
		recovery, err = a.factorAdded(ctx, tx, who, before, change{action: "totp.added", what: "An authenticator app was added."})
		return err
	})
	if err == nil {
		a.Limits.FactorPassed(ctx, who.User.ID)
	}
	return recovery, err
}

// RemoveTOTP forgets the app. The error is NotFound when there is none, Forbidden
// when an admin would be left without a second factor.
func (a *Auth) RemoveTOTP(ctx context.Context, who Acting) error {
	return a.store.AsUser(ctx, who.User.ID, func(tx *store.UserTx) error {
		if _, err := lockedFactors(ctx, tx); err != nil {
			return err
		}
		if err := tx.RemoveTOTP(ctx); err != nil {
			return err
		}
		return a.factorRemoved(ctx, tx, who, change{action: "totp.removed", what: "The authenticator app was removed."})
	})
}

// useTOTP uses a code of the user's app up. It reports false for a wrong one, and for
// one that was used before.
func (a *Auth) useTOTP(ctx context.Context, tx *store.SystemTx, user model.UserID, code string) (bool, error) {
	sealed, ok, err := tx.TOTPOfAnyUser(ctx, user)
	if err != nil || !ok {
		return false, err
	}
	secret, old, err := a.seals.open(sealed, user.String())
	if err != nil {
		return false, err
	}
	step, ok := totpStep(secret, code, time.Now())
	if !ok {
		return false, nil
	}
	var fresh []byte
	if old {
		fresh = a.seals.seal(secret, user.String())
	}
	return tx.UseTOTPStepOfAnyUser(ctx, user, step, fresh)
}

// totpStep finds which step a code is of, a step around now at most. All are looked at
// whichever fits, so that time tells nothing.
func totpStep(secret []byte, code string, now time.Time) (step int64, ok bool) {
	present := now.Unix() / int64(totpPeriod.Seconds())
	text := totpText.EncodeToString(secret)
	for s := present - totpSkew; s <= present+totpSkew; s++ {
		want, err := hotp.GenerateCodeCustom(text, uint64(s), hotp.ValidateOpts{Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1}) //nolint:gosec // a step is after 1970
		if err == nil && subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 {
			step, ok = s, true
		}
	}
	return step, ok
}
