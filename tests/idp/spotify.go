package idp

import (
	"net/http"
	"slices"
)

func (s *Servers) spotify(m *http.ServeMux) {
	const action = "https://accounts.spotify.com/login"
	m.HandleFunc("GET accounts.spotify.com/authorize", s.authorize(Spotify, action))
	m.HandleFunc("POST accounts.spotify.com/login", s.decide(Spotify, action))
	m.HandleFunc("POST accounts.spotify.com/api/token", func(w http.ResponseWriter, r *http.Request) {
		id, secret, given := r.BasicAuth()
		if !given {
			id, secret = r.PostFormValue("client_id"), r.PostFormValue("client_secret")
		}
		app, ok := s.app(id)
		if !ok || secret != app.secret {
			refuse(w, http.StatusBadRequest, "invalid_client")
			return
		}
		if err := r.ParseForm(); err != nil {
			refuse(w, http.StatusBadRequest, "invalid_request")
			return
		}
		g, wrong := s.take(Spotify, app, r.PostForm)
		if wrong != "" {
			refuse(w, http.StatusBadRequest, wrong)
			return
		}
		if misbehave(w, r, g.person, TokenLate, TokenEmpty, TokenHuge, TokenBroken) {
			return
		}
		answerJSON(w, http.StatusOK, map[string]any{"access_token": g.access, "token_type": "Bearer", "expires_in": 3600, "refresh_token": random(), "scope": r.PostFormValue("scope")})
	})
	m.HandleFunc("GET api.spotify.com/v1/me", func(w http.ResponseWriter, r *http.Request) {
		s.userInfo(w, r, Spotify, func(p Person) any {
			me := map[string]any{"id": p.Subject, "display_name": p.Name, "images": []any{}, "type": "user", "uri": "spotify:user:" + p.Subject}
			g, _ := s.holder(r.Header.Get("Authorization")[len("Bearer "):])
			// The address is told to whoever asked for it. Spotify's own reference warns that it is unproven.
			if p.Email != "" && slices.Contains(g.scope, "user-read-email") {
				me["email"] = p.Email
			}
			return me
		})
	})
}
