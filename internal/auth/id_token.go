package auth

import (
	"context"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"golang.org/x/oauth2"

	"github.com/hlpfl/platform/internal/model"
)

// authority is who signs a provider's id tokens, and where the keys are.
type authority struct {
	issuers []string
	keys    string
}

var authorities = map[string]authority{
	Google: {[]string{"https://accounts.google.com", "accounts.google.com"}, "https://www.googleapis.com/oauth2/v3/certs"},
	Apple:  {[]string{"https://appleid.apple.com"}, "https://appleid.apple.com/auth/keys"},
}

// idClaims are what an id token says of somebody.
type idClaims struct {
	jwt.RegisteredClaims
	Nonce         string `json:"nonce"`
	AccessHash    string `json:"at_hash"`
	Email         string `json:"email"`
	EmailVerified truth  `json:"email_verified"`
}

// truth is true for true and "true", which is how Apple writes it.
type truth bool

// UnmarshalJSON reads it; whatever else it is, is not true.
func (v *truth) UnmarshalJSON(raw []byte) error {
	*v = string(raw) == "true" || string(raw) == `"true"`
	return nil
}

// Speaks reports whether an answer that says who it is from is the provider's; most do
// not say.
func (p *Providers) Speaks(provider string, issuers []string) bool {
	for _, issuer := range issuers {
		if !slices.Contains(authorities[provider].issuers, issuer) {
			return false
		}
	}
	return true
}

// maxIDToken is longer than any that a provider makes, in bytes.
const maxIDToken = 16 << 10

// readIDToken reads an id token that must have been signed by the provider, for us, in
// this journey, together with this access token.
func (p *Providers) readIDToken(ctx context.Context, j Journey, raw, access string) (said idClaims, err error) {
	if raw == "" || len(raw) > maxIDToken {
		return said, errors.New("no id token, or none that can be read")
	}
	from := authorities[j.Provider]
	audience := p.google.ID
	if j.Provider == Apple {
		audience = p.apple.ID
	}
	parser := jwt.NewParser(
		jwt.WithValidMethods([]string{jwt.SigningMethodRS256.Alg()}), // the token has no say in how it is checked
		jwt.WithAudience(audience),
		jwt.WithExpirationRequired(),
		jwt.WithIssuedAt(),
		jwt.WithLeeway(time.Minute),
		jwt.WithStrictDecoding(),
	)
	_, err = parser.ParseWithClaims(raw, &said, func(t *jwt.Token) (any, error) {
		name, _ := t.Header["kid"].(string)
		return p.publicKey(ctx, from.keys, name)
	})
	if err != nil {
		return said, err
	}
	hash := sha256.Sum256([]byte(access))
	switch {
	case !slices.Contains(from.issuers, said.Issuer):
		return said, errors.New("the id token is another issuer's")
	case len(said.Audience) != 1:
		return said, errors.New("the id token is meant for others as well")
	case subtle.ConstantTimeCompare([]byte(said.Nonce), []byte(j.Nonce)) != 1:
		return said, errors.New("the id token is of another sign-in")
	case said.AccessHash != "" && said.AccessHash != base64.RawURLEncoding.EncodeToString(hash[:len(hash)/2]):
		return said, errors.New("the id token belongs to another access token")
	case said.Subject == "":
		return said, errors.New("the id token names nobody")
	}
	return said, nil
}

// publicKey asks a provider for the key of that name. Keys change, sign-ins by
// providers are few: they are asked for each time.
func (p *Providers) publicKey(ctx context.Context, address, name string) (*rsa.PublicKey, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	res, err := p.client(ctx).Do(r)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the keys' page answered %d", res.StatusCode)
	}
	var set struct {
		Keys []struct{ Kty, Kid, N, E string }
	}
	if err := json.NewDecoder(res.Body).Decode(&set); err != nil {
		return nil, err
	}
	for _, k := range set.Keys {
		if k.Kty != "RSA" || k.Kid != name {
			continue
		}
		n, err := base64.RawURLEncoding.DecodeString(k.N)
		if err != nil {
			return nil, err
		}
		e, err := base64.RawURLEncoding.DecodeString(k.E)
		if err != nil {
			return nil, err
		}
		exponent := new(big.Int).SetBytes(e)
		if len(n) < 256 || len(n) > 1024 || !exponent.IsInt64() || exponent.Int64() < 3 || exponent.Int64() > 1<<31-1 {
			return nil, errors.New("a key of a size that nobody uses")
		}
		return &rsa.PublicKey{N: new(big.Int).SetBytes(n), E: int(exponent.Int64())}, nil
	}
	return nil, errors.New("no key of that name is published")
}

// distrust is an answer that came and cannot be believed.
type distrust struct{ error }

// Unwrap gives the cause.
func (d distrust) Unwrap() error { return d.error }

// failed says what became of a journey that did not end well. The causes that libraries
// give quote addresses and bodies with codes and tokens in them: only what is known to
// hold none is kept, for the log.
func failed(ctx context.Context, name string, err error) error {
	var told *oauth2.RetrieveError
	var called *url.Error
	cause, again := errors.New("an answer that cannot be read"), false
	switch {
	case ctx.Err() != nil:
		cause = ctx.Err()
	case errors.As(err, &told):
		cause = fmt.Errorf("the token's answer was %d", told.Response.StatusCode)
		// A code that is used up, or too old: to begin again helps.
		if again = told.ErrorCode == "invalid_grant"; again || told.ErrorCode == "invalid_client" || told.ErrorCode == "redirect_uri_mismatch" {
			cause = errors.New(told.ErrorCode)
		}
	case errors.As(err, &called):
		cause = called.Err
	}
	if distrusted := (distrust{}); errors.As(err, &distrusted) && ctx.Err() == nil && !errors.As(err, &called) {
		return &model.Error{
			Kind: model.KindUnauthorized, Err: distrusted.error,
			Message: name + "’s answer does not prove who you are, so nobody was signed in and nothing was changed. Start again, or sign in another way.",
		}
	}
	if again {
		return &model.Error{
			Kind: model.KindUnauthorized, Err: cause,
			Message: name + " takes each sign-in once, and for a few minutes. Nothing was changed; start again.",
		}
	}
	return &model.Error{
		Kind: model.KindUnavailable, RetryAfter: 30 * time.Second, Err: fmt.Errorf("%s: %w", name, cause),
		Message: name + " did not answer as it should. Nothing was changed. Try again in a moment, or sign in another way.",
	}
}
