package auth

import (
	"context"
	"errors"
	"strconv"

	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/store"
	"github.com/hlpfl/platform/views/mail"
)

// SecondProof is what somebody brings as a second proof: a code, or a passkey's
// answer.
type SecondProof struct {
	Code       string // as it was typed: of the app, or a recovery code
	Ceremony   string // the secret of the ceremony that Credential answers
	Credential string // "" for a code
}

// ErrChallengeOver is behind the answer to a second proof of a sign-in that is not
// waited for any more, or never was at this door.
var ErrChallengeOver = errors.New("no second proof is waited for")

func challengeOver() error {
	return &model.Error{Kind: model.KindUnauthorized, Message: "This sign-in took too long, or was tried too often. Begin it again.", Err: ErrChallengeOver}
}

// Waiting tells whose second proof a challenge waits for, and what that person has to
// prove it with. The error is ErrChallengeOver when it does not wait.
func (a *Auth) Waiting(ctx context.Context, challenge, door string) (user model.User, has store.Factors, err error) {
	c, err := a.store.ChallengeOf(ctx, digest(challenge), door)
	if model.KindOf(err) == model.KindNotFound {
		return user, has, challengeOver()
	}
	if err != nil {
		return user, has, err
	}
	err = a.store.Entry(ctx, func(tx *store.SystemTx) (err error) {
		has, err = tx.FactorsOfAnyUser(ctx, c.ID)
		return err
	})
	return c.User, has, err
}

// Redeem signs somebody in whose first proof was good, by the second. A challenge is
// good at its own door alone, for a few tries, and once. The error is Unauthorized
// for a wrong proof (ErrChallengeOver when there is no use in another try), TooMany
// past the limits.
func (a *Auth) Redeem(ctx context.Context, challenge string, proof SecondProof, from From) (Entered, error) {
	if err := a.Limits.SecondFactor(ctx, from.Address); err != nil {
		return Entered{}, err
	}
	user, _, err := a.Waiting(ctx, challenge, from.Door)
	if err != nil {
		return Entered{}, err
	}
	check, err := a.checker(ctx, user, proof, ceremonyOf{purposeSecondFactor, user.ID, model.SessionID{}})
	if err != nil {
		return Entered{}, err
	}
	var entered Entered
	var refused error
	err = a.store.Entry(ctx, func(tx *store.SystemTx) error {
		c, err := tx.TryChallenge(ctx, digest(challenge), from.Door)
		if model.KindOf(err) == model.KindNotFound {
			refused = challengeOver()
			return nil
		}
		if err != nil {
			return err
		}
		method, err := check(ctx, tx, from)
		if err != nil {
			return err
		}
		if method == "" {
			// The try counts, so this must be committed.
			refused = wrongProof(proof)
			if c.Tries >= store.ChallengeTries {
				refused = challengeOver()
			}
			return tx.Audit(ctx, store.Entry{User: c.ID, Action: "user.second_factor_failed", Subject: from.Door, AddressPrefix: Network(from.Address)})
		}
		if _, err := tx.EndChallenge(ctx, digest(challenge)); err != nil {
			return err
		}
		if err := a.linkWaiting(ctx, tx, digest(challenge), c.User, from); err != nil {
			return err
		}
		entered, err = a.enter(ctx, tx, c.User, []string{c.Method, method}, from)
		return err
	})
	if err == nil {
		err = refused
	}
	if err != nil {
		return Entered{}, err
	}
	a.Limits.FactorPassed(ctx, user.ID)
	return entered, nil
}

func wrongProof(proof SecondProof) error {
	if proof.Credential != "" {
		return model.Unauthorized("This passkey does not open this account. Try another, or use a code.")
	}
	return &model.Error{
		Kind: model.KindUnauthorized, Message: "This code is not right, or was used before. Wait for the next one; a recovery code is good once.",
		Fields: map[string]string{"code": "This code is not right, or was used before. Wait for the next one; a recovery code is good once."},
	}
}

// checker makes what checks a second proof of a user within a transaction: it gives
// the method that was good, "" for a wrong proof. Whoever guesses the digits of an app
// has to wait between tries, on this account from wherever they come; recovery codes
// and passkeys cannot be guessed, and so nobody can keep their owner waiting.
func (a *Auth) checker(ctx context.Context, user model.User, proof SecondProof, c ceremonyOf) (func(context.Context, *store.SystemTx, From) (string, error), error) {
	if proof.Credential != "" {
		answer, err := a.takeAnswer(ctx, proof, c)
		if err != nil {
			return nil, err
		}
		return func(ctx context.Context, tx *store.SystemTx, from From) (string, error) {
			owner, ok, err := a.signedBy(ctx, tx, answer, from)
			if err != nil || !ok || owner != user.ID {
				return "", err
			}
			return methodPasskey, nil
		}, nil
	}
	code, recovery, err := model.ParseFactorCode(proof.Code)
	if err != nil {
		return nil, model.Invalid("code", err.Error())
	}
	if recovery {
		return func(ctx context.Context, tx *store.SystemTx, from From) (string, error) {
			return a.useRecovery(ctx, tx, user, code, from)
		}, nil
	}
	if err := a.Limits.TryFactor(ctx, user.ID); err != nil {
		return nil, err
	}
	return func(ctx context.Context, tx *store.SystemTx, _ From) (string, error) {
		ok, err := a.useTOTP(ctx, tx, user.ID, code)
		if err != nil || !ok {
			return "", err
		}
		return methodTOTP, nil
	}, nil
}

// useRecovery uses a recovery code up, and tells its owner.
func (a *Auth) useRecovery(ctx context.Context, tx *store.SystemTx, user model.User, code string, from From) (string, error) {
	used, left, err := tx.UseRecoveryCodeOfAnyUser(ctx, user.ID, digest(code))
	if err != nil || !used {
		return "", err
	}
	err = tx.Audit(ctx, store.Entry{
		Actor: user.ID, User: user.ID, Action: "recovery_code.used", After: map[string]int{"left": left}, AddressPrefix: Network(from.Address),
	})
	if err != nil {
		return "", err
	}
	return methodRecovery, tx.SendMail(ctx, store.NewMail{Kind: mail.KindRecoveryUsed, User: user.ID, Data: map[string]string{"left": codesLeft(left)}})
}

func codesLeft(n int) string {
	switch n {
	case 0:
		return "No code is left"
	case 1:
		return "One code is left"
	}
	return strconv.Itoa(n) + " codes are left"
}

// Ways are the proofs that an account can step up with.
type Ways struct {
	Password bool // only where there is no second factor, which proves more
	TOTP     bool
	Passkey  bool
	Recovery bool

	Providers []string // whose account is connected; where there is no second factor either
}

// Ways tells what a user can prove to be there with.
func (a *Auth) Ways(ctx context.Context, user model.User) (Ways, error) {
	var w Ways
	known, _, err := a.store.CredentialsOfAnyUser(ctx, user.Email)
	if err != nil {
		return w, err
	}
	err = a.store.Entry(ctx, func(tx *store.SystemTx) error {
		has, err := tx.FactorsOfAnyUser(ctx, user.ID)
		w = Ways{
			Password: !has.Any() && known.ID == user.ID && known.PasswordHash != "",
			TOTP:     has.TOTPSince != nil, Passkey: len(has.Passkeys) > 0 && a.PasskeysOffered(), Recovery: has.Any() && has.RecoveryLeft > 0,
		}
		if err != nil || has.Any() {
			return err
		}
		list, err := tx.IdentitiesOfAnyUser(ctx, user.ID)
		for _, i := range list {
			if a.Providers.Has(i.Provider) {
				w.Providers = append(w.Providers, i.Provider)
			}
		}
		return err
	})
	return w, err
}

// StepUp notes that the person behind a session has proved again to be there: by the
// second factor where the account has one, else by its password. The error is
// Invalid for a wrong proof, TooMany past the limits.
func (a *Auth) StepUp(ctx context.Context, who Acting, password string, proof SecondProof) error {
	ways, err := a.Ways(ctx, who.User)
	if err != nil {
		return err
	}
	if proof.Credential == "" && proof.Code == "" {
		return a.stepUpByPassword(ctx, who, password, ways)
	}
	check, err := a.checker(ctx, who.User, proof, ceremonyOf{purposeStepUp, who.User.ID, who.Session})
	if err != nil {
		return err
	}
	var refused error
	err = a.store.Entry(ctx, func(tx *store.SystemTx) error {
		method, err := check(ctx, tx, who.From)
		if err != nil {
			return err
		}
		if method == "" {
			refused = model.Invalid("code", "This code is not right, or was used before. Wait for the next one; a recovery code is good once.")
			if proof.Credential != "" {
				refused = model.Forbidden("This passkey does not belong to this account. Try another, or use a code.")
			}
			return a.stepUpFailed(ctx, tx, who)
		}
		return a.provedAgain(ctx, tx, who, method)
	})
	if err == nil {
		err = refused
	}
	if err == nil {
		a.Limits.FactorPassed(ctx, who.User.ID)
	}
	return err
}

func (a *Auth) stepUpByPassword(ctx context.Context, who Acting, password string, ways Ways) error {
	if !ways.Password {
		return model.Invalid("code", "Confirm with your second factor: this account has one, and a password alone is less.")
	}
	if err := a.Limits.Confirm(ctx, who.User.ID); err != nil {
		return err
	}
	known, _, err := a.store.CredentialsOfAnyUser(ctx, who.User.Email)
	if err != nil {
		return err
	}
	right, _, err := a.passwords.check(ctx, password, known.PasswordHash)
	if err != nil {
		return err
	}
	err = a.store.Entry(ctx, func(tx *store.SystemTx) error {
		if !right {
			return a.stepUpFailed(ctx, tx, who)
		}
		return a.provedAgain(ctx, tx, who, "password")
	})
	if err == nil && !right {
		err = model.Invalid("password", "This is not your password. Try again; capital letters matter.")
	}
	if err == nil {
		a.Limits.Confirmed(ctx, who.User.ID)
	}
	return err
}

func (a *Auth) provedAgain(ctx context.Context, tx *store.SystemTx, who Acting, method string) error {
	if err := tx.SessionProved(ctx, who.Session, method); err != nil {
		return err
	}
	return tx.Audit(ctx, store.Entry{
		Actor: who.User.ID, User: who.User.ID, Action: "session.stepped_up", Subject: who.Session.String(),
		After: map[string]string{"method": method}, AddressPrefix: Network(who.From.Address),
	})
}

func (a *Auth) stepUpFailed(ctx context.Context, tx *store.SystemTx, who Acting) error {
	return tx.Audit(ctx, store.Entry{
		Actor: who.User.ID, User: who.User.ID, Action: "session.step_up_failed", Subject: who.Session.String(), AddressPrefix: Network(who.From.Address),
	})
}
