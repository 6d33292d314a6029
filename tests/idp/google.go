package idp

import (
	"net/http"
	"strings"
)

const googleIssuer = "https://accounts.google.com"

func (s *Servers) google(m *http.ServeMux) {
	const action = "https://accounts.google.com/signin"
	m.HandleFunc("GET accounts.google.com/o/oauth2/auth", s.authorize(Google, action))
	m.HandleFunc("POST accounts.google.com/signin", s.decide(Google, action))
	m.HandleFunc("POST oauth2.googleapis.com/token", func(w http.ResponseWriter, r *http.Request) {
		app, ok := s.app(r.PostFormValue("client_id"))
		if !ok || r.PostFormValue("client_secret") != app.secret {
			refuse(w, http.StatusUnauthorized, "invalid_client")
			return
		}
		g, wrong := s.take(Google, app, r.PostForm)
		if wrong != "" {
			refuse(w, http.StatusBadRequest, wrong)
			return
		}
		more := map[string]any{"azp": app.id, "name": g.person.Name}
		if g.person.Email != "" {
			more["email"], more["email_verified"] = g.person.Email, g.person.Verified
		}
		s.giveTokens(w, r, g, googleIssuer, more)
	})
	m.HandleFunc("GET www.googleapis.com/oauth2/v3/certs", s.keySet)
	m.HandleFunc("GET www.googleapis.com/oauth2/v2/userinfo", func(w http.ResponseWriter, r *http.Request) {
		s.userInfo(w, r, Google, func(p Person) any {
			return map[string]any{"id": p.Subject, "email": p.Email, "verified_email": p.Verified, "name": p.Name, "picture": "https://lh3.googleusercontent.com/a/x"}
		})
	})
	m.HandleFunc("GET www.googleapis.com/oauth2/v3/userinfo", func(w http.ResponseWriter, r *http.Request) {
		s.userInfo(w, r, Google, func(p Person) any {
			return map[string]any{"sub": p.Subject, "email": p.Email, "email_verified": p.Verified, "name": p.Name}
		})
	})
}

// userInfo tells a token's holder, by the header or, at Google, the query.
func (s *Servers) userInfo(w http.ResponseWriter, r *http.Request, vendor string, tell func(Person) any) {
	access, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if access == "" && vendor == Google {
		access = r.URL.Query().Get("access_token")
	}
	g, ok := s.holder(access)
	if !ok || g.vendor != vendor {
		answerJSON(w, http.StatusUnauthorized, map[string]any{"error": map[string]any{"status": 401, "message": "Invalid access token"}})
		return
	}
	p := g.person
	if misbehave(w, r, p, UserLate, UserEmpty, UserHuge, UserBroken) {
		return
	}
	if p.has(UserOther) {
		p.Subject = "another-" + p.Subject
	}
	answerJSON(w, http.StatusOK, tell(p))
}
