package auth

import (
	"context"
	"crypto/hkdf"
	"crypto/sha256"
	"errors"
	"fmt"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/hlpfl/platform/config"
	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/store"
)

// AccessLife is how long an access token is good for.
const AccessLife = 15 * time.Minute

// accessTokens signs and reads access tokens.
type accessTokens struct {
	keys     []jwt.VerificationKey // the first signs
	issuer   string
	audience string
	parser   *jwt.Parser
}

// claims are what an access token says: whose it is, and by which session.
type claims struct {
	jwt.RegisteredClaims
	Session string `json:"sid"`
}

func newAccessTokens(secrets []config.Key, origin string) (accessTokens, error) {
	t := accessTokens{issuer: origin, audience: origin + "/api"}
	for _, secret := range secrets {
		// A key of its own for this use, so that nothing signed elsewhere with the
		// same secret passes for a token.
		key, err := hkdf.Key(sha256.New, secret, nil, "hlpfl access token v1", 32)
		if err != nil {
			return t, fmt.Errorf("key for access tokens: %w", err)
		}
		t.keys = append(t.keys, key)
	}
	if len(t.keys) == 0 {
		return t, errors.New("no SECRET_KEY to sign access tokens with")
	}
	t.parser = jwt.NewParser(
		jwt.WithValidMethods([]string{jwt.SigningMethodHS256.Alg()}), // the token has no say in how it is checked
		jwt.WithIssuer(t.issuer),
		jwt.WithAudience(t.audience),
		jwt.WithExpirationRequired(),
		jwt.WithStrictDecoding(),
	)
	return t, nil
}

func (t accessTokens) sign(user model.UserID, session model.SessionID) (string, error) {
	now := time.Now()
	return jwt.NewWithClaims(jwt.SigningMethodHS256, claims{
		RegisteredClaims: jwt.RegisteredClaims{
			Issuer: t.issuer, Audience: jwt.ClaimStrings{t.audience}, Subject: user.String(),
			IssuedAt: jwt.NewNumericDate(now), ExpiresAt: jwt.NewNumericDate(now.Add(AccessLife)),
		},
		Session: session.String(),
	}).SignedString(t.keys[0])
}

// maxAccessToken is longer than any that we make, in bytes.
const maxAccessToken = 2048

func (t accessTokens) read(token string) (user model.UserID, session model.SessionID, err error) {
	if len(token) > maxAccessToken {
		return user, session, errors.New("too long")
	}
	var c claims
	_, err = t.parser.ParseWithClaims(token, &c, func(*jwt.Token) (any, error) { return jwt.VerificationKeySet{Keys: t.keys}, nil })
	if err != nil {
		return user, session, err
	}
	if user, err = model.ParseUserID(c.Subject); err != nil {
		return user, session, err
	}
	session, err = model.ParseSessionID(c.Session)
	return user, session, err
}

// Bearer finds who an access token stands for: its signature and its time must be
// good, and its session alive in the database. The error is Unauthorized with one
// message whatever was wrong, or Unavailable.
func (a *Auth) Bearer(ctx context.Context, token string) (store.SignedIn, model.SessionID, error) {
	refused := &model.Error{Kind: model.KindUnauthorized, Message: "This access token is not good, or not any more. Get a new one from /api/auth/refresh, or sign in again."}
	owner, session, err := a.tokens.read(token)
	if err != nil {
		refused.Err = err
		return store.SignedIn{}, session, refused
	}
	who, ok, err := a.store.SignedIn(ctx, session, store.DoorAPI)
	if err != nil {
		return store.SignedIn{}, session, err
	}
	if !ok || who.ID != owner {
		return store.SignedIn{}, session, refused
	}
	return who, session, nil
}

// Cookie finds who the session named by a cookie's entry stands for. ok is false
// when it is over.
func (a *Auth) Cookie(ctx context.Context, session model.SessionID) (who store.SignedIn, ok bool, err error) {
	return a.store.SignedIn(ctx, session, store.DoorWeb)
}
