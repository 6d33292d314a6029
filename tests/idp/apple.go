package idp

import (
	"errors"
	"net/http"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

const appleIssuer = "https://appleid.apple.com"

func (s *Servers) apple(m *http.ServeMux) {
	const action = "https://appleid.apple.com/signin"
	m.HandleFunc("GET appleid.apple.com/auth/authorize", s.authorize(Apple, action))
	m.HandleFunc("POST appleid.apple.com/signin", s.decide(Apple, action))
	m.HandleFunc("GET appleid.apple.com/auth/keys", s.keySet)
	m.HandleFunc("POST appleid.apple.com/auth/token", func(w http.ResponseWriter, r *http.Request) {
		app, ok := s.app(r.PostFormValue("client_id"))
		if !ok || app.appleSecret(r.PostFormValue("client_secret")) != nil {
			refuse(w, http.StatusBadRequest, "invalid_client")
			return
		}
		g, wrong := s.take(Apple, app, r.PostForm)
		if wrong != "" {
			refuse(w, http.StatusBadRequest, wrong)
			return
		}
		more := map[string]any{"nonce_supported": true, "auth_time": time.Now().Unix()}
		if g.person.Email != "" {
			// Booleans come as texts, as Apple sent them for years.
			more["email"], more["email_verified"] = g.person.Email, map[bool]string{true: "true", false: "false"}[g.person.Verified]
		}
		if g.person.Private {
			more["is_private_email"] = "true"
		}
		s.giveTokens(w, r, g, appleIssuer, more)
	})
}

// appleSecret checks a client secret as Apple does: a token signed by the client's own key, for Apple, for half a year
// at most.
func (a *App) appleSecret(secret string) error {
	var claims jwt.RegisteredClaims
	_, err := jwt.ParseWithClaims(secret, &claims, func(t *jwt.Token) (any, error) {
		if t.Header["kid"] != a.key {
			return nil, errors.New("no such key")
		}
		return a.private.Public(), nil
	}, jwt.WithValidMethods([]string{"ES256"}), jwt.WithIssuer(a.team), jwt.WithSubject(a.id), jwt.WithAudience(appleIssuer), jwt.WithExpirationRequired(), jwt.WithIssuedAt())
	if err != nil {
		return err
	}
	if claims.IssuedAt == nil || claims.ExpiresAt.Sub(claims.IssuedAt.Time) > 15777000*time.Second {
		return errors.New("good for too long")
	}
	return nil
}
