package idp

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"maps"
	"math/big"
	"net/http"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// keyName is what the published key is called.
const keyName = "W6WcOKB"

// keys sign id tokens: the first is published, the other is a stranger's.
type keys struct{ published, stranger *rsa.PrivateKey }

func newKeys() (k keys, err error) {
	if k.published, err = rsa.GenerateKey(rand.Reader, 2048); err != nil {
		return k, err
	}
	k.stranger, err = rsa.GenerateKey(rand.Reader, 2048)
	return k, err
}

func (s *Servers) keySet(w http.ResponseWriter, _ *http.Request) {
	public := s.keys.published.PublicKey
	answerJSON(w, http.StatusOK, map[string]any{"keys": []any{
		map[string]string{"kty": "EC", "kid": "other", "use": "sig", "alg": "ES256", "crv": "P-256", "x": "AA", "y": "AA"},
		map[string]string{"kty": "RSA", "kid": keyName, "use": "sig", "alg": "RS256",
			"n": base64.RawURLEncoding.EncodeToString(public.N.Bytes()), "e": base64.RawURLEncoding.EncodeToString(big.NewInt(int64(public.E)).Bytes())},
	}})
}

// giveTokens answers a good code with tokens, or with what is scripted for the person.
func (s *Servers) giveTokens(w http.ResponseWriter, r *http.Request, g *grant, issuer string, more map[string]any) {
	p := g.person
	if misbehave(w, r, p, TokenLate, TokenEmpty, TokenHuge, TokenBroken) {
		return
	}
	if p.has(TokenHTML) {
		oops(w, http.StatusOK, "Something went wrong. Please try again later.")
		return
	}
	body := map[string]any{"access_token": g.access, "token_type": "Bearer", "expires_in": 3599, "refresh_token": random()}
	if !p.has(NoIDToken) {
		idToken, err := s.idToken(g, issuer, more)
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		body["id_token"] = idToken
	}
	answerJSON(w, http.StatusOK, body)
}

func (s *Servers) idToken(g *grant, issuer string, more map[string]any) (string, error) {
	p := g.person
	hash := sha256.Sum256([]byte(g.access))
	now := time.Now()
	claims := jwt.MapClaims{"iss": issuer, "aud": g.app.id, "sub": p.Subject, "iat": now.Unix(), "exp": now.Add(time.Hour).Unix(),
		"at_hash": base64.RawURLEncoding.EncodeToString(hash[:16])}
	if g.nonce != "" {
		claims["nonce"] = g.nonce
	}
	maps.Copy(claims, more)
	for fault, wrong := range map[Fault]func(){
		OtherIssuer:   func() { claims["iss"] = "https://accounts.example.com" },
		OtherAudience: func() { claims["aud"] = "another-client" },
		OtherNonce:    func() { claims["nonce"] = random() },
		NoNonce:       func() { delete(claims, "nonce") },
		Expired:       func() { claims["iat"], claims["exp"] = now.Add(-2*time.Hour).Unix(), now.Add(-time.Hour).Unix() },
		OtherHash:     func() { claims["at_hash"] = random()[:22] },
		NoSubject:     func() { delete(claims, "sub") },
	} {
		if p.has(fault) {
			wrong()
		}
	}
	method, key, name := jwt.SigningMethod(jwt.SigningMethodRS256), any(s.keys.published), keyName
	switch {
	case p.has(OtherKey):
		key = s.keys.stranger
	case p.has(UnknownKey):
		key, name = s.keys.stranger, "nobody-knows"
	case p.has(AlgNone):
		method, key = jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType
	case p.has(KeyConfusion):
		der, err := x509.MarshalPKIXPublicKey(&s.keys.published.PublicKey)
		if err != nil {
			return "", err
		}
		method, key = jwt.SigningMethodHS256, pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
	}
	token := jwt.NewWithClaims(method, claims)
	token.Header["kid"] = name
	return token.SignedString(key)
}
