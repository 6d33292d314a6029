// Package auth knows who somebody is: accounts, passwords, sign-ins and the tokens
// that stand for them. The truth of a sign-in is its row in PostgreSQL, for both
// doors; a cookie and an access token only name it.
package auth

import (
	"context"
	"crypto/sha256"
	"log/slog"
	"net/netip"

	"github.com/go-webauthn/webauthn/webauthn"

	"github.com/hlpfl/platform/config"
	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/store"
)

// Options are what an Auth needs.
type Options struct {
	Store      *store.Store
	Keys       []config.Key // SECRET_KEY: the first signs, all are accepted
	Origin     string       // scheme and host of BASE_URL: who gives the tokens out
	LimitScale float64      // RATE_LIMIT_SCALE
	Log        *slog.Logger

	Google, Spotify config.OAuthClient // zero: not offered
	Apple           config.AppleClient
}

// Auth registers people and signs them in and out. It is safe for use by many
// goroutines.
type Auth struct {
	Limits    *Limits
	Providers *Providers
	store     *store.Store
	passwords *passwords
	tokens    accessTokens
	seals     sealer             // of apps' secrets
	known     sealer             // of known devices' marks
	passkeys  *webauthn.WebAuthn // nil where there can be none
	log       *slog.Logger
}

// New makes an Auth. It fails when there is no key to sign with.
func New(o Options) (*Auth, error) {
	tokens, err := newAccessTokens(o.Keys, o.Origin)
	if err != nil {
		return nil, err
	}
	passwords, err := newPasswords()
	if err != nil {
		return nil, err
	}
	seals, err := newSealer(o.Keys, "hlpfl totp v1")
	if err != nil {
		return nil, err
	}
	known, err := newSealer(o.Keys, "hlpfl known device v1")
	if err != nil {
		return nil, err
	}
	passkeys, err := newPasskeys(o.Origin)
	if err != nil {
		return nil, err
	}
	return &Auth{
		Limits: &Limits{store: o.Store, scale: o.LimitScale}, Providers: newProviders(o),
		store: o.Store, passwords: passwords, tokens: tokens, seals: seals, known: known, passkeys: passkeys, log: o.Log,
	}, nil
}

// From says where somebody comes in.
type From struct {
	Door    string     // store.DoorWeb or store.DoorAPI
	Address netip.Addr // of the client; only its network is kept
	Agent   string     // the User-Agent header; only what it stands for is kept

	// Keep puts the session where the door will look for it (the cookie's entry).
	// It is called before the sign-in is committed, so that nothing has happened
	// when it fails. nil at the API's door.
	Keep func(context.Context, model.SessionID) error
	// Hold is Keep for a challenge, where a second proof is needed.
	Hold func(context.Context, string) error
	// Known is the mark that an earlier sign-in left with the browser, "" for none, and
	// Remember leaves a new one. nil at the API's door.
	Known    string
	Remember func(mark string)
	// Replaces is the session that the same browser was signed in by; it ends.
	Replaces model.SessionID
}

// Entered is a sign-in, or the first half of one.
type Entered struct {
	User      model.User
	Session   model.SessionID
	Tokens    Tokens // at the API's door
	Challenge string // not "": nobody is signed in yet, a second proof is to come under this secret
}

// Tokens are what a program gets for a sign-in.
type Tokens struct {
	Access    string
	ExpiresIn int    // seconds that Access is good for
	Refresh   string // good once
}

// Register makes an account and signs it in. The error is Taken for an address
// that has one, TooMany past the limit, Unavailable when we are overloaded.
func (a *Auth) Register(ctx context.Context, in model.RegisterInput, from From) (Entered, error) {
	if err := a.Limits.Register(ctx, from.Address); err != nil {
		return Entered{}, err
	}
	if err := RefuseDisposable("email", in.Email); err != nil {
		return Entered{}, err
	}
	hash, err := a.passwords.hash(ctx, in.Password)
	if err != nil {
		return Entered{}, err
	}
	user := model.User{ID: model.NewUserID(), Email: in.Email, Name: in.Name, Plan: "free", Language: "en", TimeZone: in.TimeZone}
	var entered Entered
	err = a.store.Entry(ctx, func(tx *store.SystemTx) error {
		if err := tx.AddUser(ctx, user, hash); err != nil {
			return err
		}
		err := tx.Audit(ctx, store.Entry{Actor: user.ID, User: user.ID, Action: "user.registered", AddressPrefix: Network(from.Address)})
		if err != nil {
			return err
		}
		if err := askToVerify(ctx, tx, user.ID); err != nil {
			return err
		}
		entered, err = a.enter(ctx, tx, user, []string{"password"}, from)
		return err
	})
	return entered, err
}

// SignIn signs a user in by password. The answer to a wrong password is the same,
// and takes as long, as to an address that nobody has.
func (a *Auth) SignIn(ctx context.Context, in model.LoginInput, from From) (Entered, error) {
	if err := a.Limits.SignIn(ctx, from.Address); err != nil {
		return Entered{}, err
	}
	key := a.tryKey(in.Email, from.Known)
	if err := a.Limits.Try(ctx, key); err != nil {
		return Entered{}, err
	}
	known, _, err := a.store.CredentialsOfAnyUser(ctx, in.Email)
	if err != nil {
		return Entered{}, err
	}
	// Nobody's credentials have no hash; the check runs all the same.
	right, outdated, err := a.passwords.check(ctx, in.Password, known.PasswordHash)
	if err != nil {
		return Entered{}, err
	}
	if !right {
		return Entered{}, a.refuse(ctx, known.User, from)
	}
	a.Limits.Passed(ctx, key)
	fresh := ""
	if outdated {
		if fresh, err = a.passwords.hash(ctx, in.Password); err != nil {
			return Entered{}, err
		}
	}
	var entered Entered
	err = a.store.Entry(ctx, func(tx *store.SystemTx) error {
		if outdated {
			if err := tx.SetPasswordHash(ctx, known.ID, known.PasswordHash, fresh); err != nil {
				return err
			}
		}
		entered, err = a.admit(ctx, tx, known.User, Proof{Method: "password"}, from)
		return err
	})
	return entered, err
}

// refuse notes a sign-in that failed; user is zero when nobody has the address.
func (a *Auth) refuse(ctx context.Context, user model.User, from From) error {
	err := a.store.Entry(ctx, func(tx *store.SystemTx) error {
		return tx.Audit(ctx, store.Entry{User: user.ID, Action: "user.sign_in_failed", Subject: from.Door, AddressPrefix: Network(from.Address)})
	})
	if err != nil {
		return err
	}
	return model.Unauthorized("This address and this password do not belong together. Try again; capital letters in the password matter.")
}

func (a *Auth) giveTokens(ctx context.Context, tx *store.SystemTx, user model.UserID, session model.SessionID) (Tokens, error) {
	refresh := newSecret()
	if err := tx.AddRefreshToken(ctx, session, digest(refresh)); err != nil {
		return Tokens{}, err
	}
	access, err := a.tokens.sign(user, session)
	return Tokens{Access: access, ExpiresIn: int(AccessLife.Seconds()), Refresh: refresh}, err
}

// digest is how a random secret is stored; one of 256 bits needs no slow hash.
func digest(secret string) []byte {
	sum := sha256.Sum256([]byte(secret))
	return sum[:]
}

// Refresh takes a refresh token and gives a new pair. A token that was used before
// ends its session, for whoever holds the newer ones too: one of the two holders
// is a thief, and nobody can tell which.
func (a *Auth) Refresh(ctx context.Context, token string, from From) (Entered, error) {
	if err := a.Limits.Refresh(ctx, from.Address); err != nil {
		return Entered{}, err
	}
	var entered Entered
	refused := model.Unauthorized("This refresh token is not good, or not any more. Sign in again.")
	err := a.store.Entry(ctx, func(tx *store.SystemTx) error {
		state, session, user, err := tx.UseRefreshToken(ctx, digest(token))
		if err != nil {
			return err
		}
		switch state {
		case store.RefreshGood:
			if err := tx.TouchSession(ctx, session); err != nil {
				return err
			}
			entered = Entered{User: user, Session: session}
			entered.Tokens, err = a.giveTokens(ctx, tx, user.ID, session)
			refused = err
			return err
		case store.RefreshReused:
			ended, err := tx.EndSession(ctx, session, "refresh token used twice")
			if err != nil || ended.IsZero() {
				return err
			}
			return tx.Audit(ctx, store.Entry{User: user.ID, Action: "session.refresh_reused", Subject: session.String(), AddressPrefix: Network(from.Address)})
		}
		return nil
	})
	if err == nil {
		err = refused
	}
	if err != nil {
		return Entered{}, err
	}
	return entered, nil
}

// SignOut ends the session of a cookie. It is no error when it has ended already.
func (a *Auth) SignOut(ctx context.Context, session model.SessionID, from From) error {
	return a.store.Entry(ctx, func(tx *store.SystemTx) error { return a.end(ctx, tx, session, from) })
}

// SignOutToken ends the session that a refresh token belongs to. It is no error
// when there is none.
func (a *Auth) SignOutToken(ctx context.Context, token string, from From) error {
	if err := a.Limits.Refresh(ctx, from.Address); err != nil {
		return err
	}
	return a.store.Entry(ctx, func(tx *store.SystemTx) error {
		session, err := tx.SessionOfRefreshToken(ctx, digest(token))
		if err != nil || session.IsZero() {
			return err
		}
		return a.end(ctx, tx, session, from)
	})
}

func (a *Auth) end(ctx context.Context, tx *store.SystemTx, session model.SessionID, from From) error {
	user, err := tx.EndSession(ctx, session, "signed out")
	if err != nil || user.IsZero() {
		return err
	}
	return tx.Audit(ctx, store.Entry{Actor: user, User: user, Action: "user.signed_out", Subject: session.String(), AddressPrefix: Network(from.Address)})
}
