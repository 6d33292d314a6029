package idp

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// grant is a consent on its way from the authorize page over a code to a token.
type grant struct {
	app                                *App
	vendor, redirect, nonce, challenge string
	scope                              []string
	person                             Person
	access                             string
	made                               time.Time
	used                               bool
}

// page is the sign-in of a vendor: it knows no passwords, and whoever it is asked for has an account or has not.
var page = template.Must(template.New("").Parse(`<!doctype html><html lang="en"><title>{{.Vendor}}</title><link rel="icon" href="data:,">
<h1>Sign in with {{.Vendor}}</h1>{{with .Fault}}<p role="alert">{{.}}</p>{{end}}
<form method="post" action="{{.Action}}"><input type="hidden" name="request" value="{{.Request}}">
<label>Account <input name="account" autocomplete="off"></label> <button name="do" value="allow">Continue</button> <button name="do" value="cancel">Cancel</button></form>`))

// authorize checks a request as vendors do: what does not fit is told here, and the browser is not sent back with it.
func (s *Servers) authorize(vendor, action string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		app, ok := s.app(q.Get("client_id"))
		switch {
		case !ok:
			oops(w, http.StatusUnauthorized, "invalid_client: The OAuth client was not found.")
		case app.redirect(vendor) == "" || q.Get("redirect_uri") != app.redirect(vendor):
			oops(w, http.StatusBadRequest, "redirect_uri_mismatch: "+q.Get("redirect_uri"))
		case q.Get("response_type") != "code":
			oops(w, http.StatusBadRequest, "unsupported_response_type")
		case q.Get("code_challenge") != "" && q.Get("code_challenge_method") != "S256":
			oops(w, http.StatusBadRequest, "invalid_request: code_challenge_method")
		case vendor == Google && inApp(r.UserAgent()):
			oops(w, http.StatusForbidden, "disallowed_useragent")
		case vendor == Google && !slices.Contains(scopes(q), "openid"):
			oops(w, http.StatusBadRequest, "invalid_scope")
		case vendor == Apple && q.Get("scope") != "" && q.Get("response_mode") != "form_post":
			oops(w, http.StatusBadRequest, "invalid_request: response_mode must be form_post when name or email scope is requested.")
		default:
			s.show(w, vendor, action, r.URL.RawQuery, "")
		}
	}
}

func scopes(q url.Values) []string { return strings.Fields(q.Get("scope")) }

// inApp is whom Google refuses: browsers inside of apps.
func inApp(agent string) bool {
	for _, word := range []string{"Instagram", "FBAN", "FBAV", "FB_IAB", "musical_ly", "BytedanceWebview", "; wv)"} {
		if strings.Contains(agent, word) {
			return true
		}
	}
	return false
}

func (s *Servers) show(w http.ResponseWriter, vendor, action, request, fault string) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_ = page.Execute(w, map[string]string{"Vendor": strings.ToUpper(vendor[:1]) + vendor[1:], "Action": action, "Request": request, "Fault": fault})
}

// decide takes what the person chose and sends the browser back.
func (s *Servers) decide(vendor, action string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		request := r.PostFormValue("request")
		q, err := url.ParseQuery(request)
		if err != nil {
			oops(w, http.StatusBadRequest, "invalid_request")
			return
		}
		app, ok := s.app(q.Get("client_id"))
		if !ok || q.Get("redirect_uri") != app.redirect(vendor) {
			oops(w, http.StatusBadRequest, "invalid_request")
			return
		}
		answer := url.Values{}
		if state := q.Get("state"); state != "" {
			answer.Set("state", state)
		}
		if r.PostFormValue("do") == "cancel" {
			answer.Set("error", map[string]string{Google: "access_denied", Spotify: "access_denied", Apple: "user_cancelled_authorize"}[vendor])
			s.back(w, r, vendor, app, answer)
			return
		}
		person, ok := s.person(r.PostFormValue("account"))
		if !ok {
			s.show(w, vendor, action, request, "There is no such account.")
			return
		}
		code := random()
		s.mu.Lock()
		s.codes[code] = &grant{app: app, vendor: vendor, redirect: q.Get("redirect_uri"), nonce: q.Get("nonce"), challenge: q.Get("code_challenge"),
			scope: scopes(q), person: person, made: time.Now()}
		seen := s.known[app.id+" "+person.Subject]
		s.known[app.id+" "+person.Subject] = true
		s.mu.Unlock()
		answer.Set("code", code)
		switch {
		case vendor == Google:
			answer.Set("scope", q.Get("scope"))
			answer.Set("iss", "https://accounts.google.com")
			answer.Set("authuser", "0")
			answer.Set("prompt", "consent")
		case vendor == Apple && !seen:
			// Apple tells the name with the first consent, and never again.
			first, last, _ := strings.Cut(person.Name, " ")
			user, _ := json.Marshal(map[string]any{"name": map[string]string{"firstName": first, "lastName": last}, "email": person.Email})
			answer.Set("user", string(user))
		}
		s.back(w, r, vendor, app, answer)
	}
}

var post = template.Must(template.New("").Parse(`<!doctype html><html lang="en"><title>Apple</title><link rel="icon" href="data:,">
<form method="post" action="{{.To}}">{{range $name, $value := .Fields}}<input type="hidden" name="{{$name}}" value="{{index $value 0}}">{{end}}</form>
<script>document.forms[0].submit()</script>`))

func (s *Servers) back(w http.ResponseWriter, r *http.Request, vendor string, app *App, answer url.Values) {
	to := app.redirect(vendor)
	if vendor == Apple {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_ = post.Execute(w, map[string]any{"To": to, "Fields": answer})
		return
	}
	http.Redirect(w, r, to+"?"+answer.Encode(), http.StatusFound)
}

// take uses a code up, for the client that proved to be app.
func (s *Servers) take(vendor string, app *App, form url.Values) (*grant, string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g := s.codes[form.Get("code")]
	switch {
	case form.Get("grant_type") != "authorization_code":
		return nil, "unsupported_grant_type"
	case g == nil || g.used || g.app != app || g.vendor != vendor || time.Since(g.made) > 10*time.Minute:
		return nil, "invalid_grant"
	case form.Get("redirect_uri") != g.redirect:
		return nil, "redirect_uri_mismatch"
	}
	g.used = true
	if g.challenge != "" {
		sum := sha256.Sum256([]byte(form.Get("code_verifier")))
		if base64.RawURLEncoding.EncodeToString(sum[:]) != g.challenge {
			return nil, "invalid_grant"
		}
	}
	g.access = random()
	s.tokens[g.access] = g
	return g, ""
}

func (s *Servers) holder(access string) (*grant, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g, ok := s.tokens[access]
	return g, ok
}

func answerJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json;charset=UTF-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v)
}

func refuse(w http.ResponseWriter, status int, what string) {
	answerJSON(w, status, map[string]string{"error": what, "error_description": what + " (test)"})
}

// misbehave does what is scripted for an answer, and tells whether it did.
func misbehave(w http.ResponseWriter, r *http.Request, p Person, late, empty, huge, broken Fault) bool {
	switch {
	case p.has(late):
		select {
		case <-r.Context().Done():
		case <-time.After(time.Minute):
		}
	case p.has(empty):
		w.Header().Set("Content-Type", "application/json")
	case p.has(huge):
		w.Header().Set("Content-Type", "application/json")
		_, err := fmt.Fprint(w, `{"name":"`)
		for chunk := strings.Repeat("a", 64<<10); err == nil && r.Context().Err() == nil; {
			_, err = fmt.Fprint(w, chunk)
		}
	case p.has(broken):
		http.Error(w, "upstream", http.StatusBadGateway)
	default:
		return false
	}
	return true
}
