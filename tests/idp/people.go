package idp

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"slices"
	"strings"
	"testing"
)

// The vendors.
const (
	Google  = "google"
	Spotify = "spotify"
	Apple   = "apple"
)

// Person is somebody with an account at a provider.
type Person struct {
	Subject  string // the account's id there
	Email    string // "" for an account that gives none
	Verified bool   // the provider has proven the address
	Name     string
	Private  bool    // Apple's relay instead of the own address
	Faults   []Fault // how the provider misbehaves when this person signs in
}

// Fault is one way to misbehave.
type Fault string

// What can be wrong with a provider's answers.
const (
	TokenLate     Fault = "the token never comes"
	TokenEmpty    Fault = "the token's answer is empty"
	TokenHuge     Fault = "the token's answer never ends"
	TokenHTML     Fault = "the token's answer is a page"
	TokenBroken   Fault = "the token's answer is a failure of theirs"
	NoIDToken     Fault = "there is no id token"
	OtherKey      Fault = "the id token is signed by another key of the same name"
	UnknownKey    Fault = "the id token is signed by a key that is not published"
	AlgNone       Fault = "the id token is not signed"
	KeyConfusion  Fault = "the id token is signed by HS256 with the public key"
	OtherIssuer   Fault = "the id token is another issuer's"
	OtherAudience Fault = "the id token is meant for another client"
	OtherNonce    Fault = "the id token carries another nonce"
	NoNonce       Fault = "the id token carries no nonce"
	Expired       Fault = "the id token is over"
	OtherHash     Fault = "the id token belongs to another access token"
	NoSubject     Fault = "the id token names nobody"
	UserLate      Fault = "who it is never comes"
	UserEmpty     Fault = "who it is comes empty"
	UserHuge      Fault = "who it is never ends"
	UserOther     Fault = "who it is names another account"
	UserBroken    Fault = "who it is is a failure of theirs"
)

func (p Person) has(f Fault) bool { return slices.Contains(p.Faults, f) }

// Add makes an account at the providers. It is chosen at the sign-in by its address, or by its subject when it has none.
func (s *Servers) Add(p Person) Person {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.people[p.handle()] = p
	return p
}

func (p Person) handle() string {
	if p.Email == "" {
		return p.Subject
	}
	return p.Email
}

func (s *Servers) person(handle string) (Person, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, ok := s.people[strings.TrimSpace(handle)]
	return p, ok
}

// App is a program as the providers know it: what an operator gets from their consoles.
type App struct {
	s          *Servers
	id, secret string // the same at Google and Spotify; at Apple the id alone
	team, key  string
	private    *ecdsa.PrivateKey
	privatePEM string
	redirects  map[string]string // by vendor
}

// NewApp registers a program at all three.
func (s *Servers) NewApp(t testing.TB) *App {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	a := &App{s: s, id: "client-" + random(), secret: "secret-" + random(), team: "TEAM" + random()[:6], key: "KEY" + random()[:7], private: private,
		privatePEM: string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})), redirects: map[string]string{}}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.apps[a.id] = a
	return a
}

// Env is what an operator writes into the environment.
func (a *App) Env() map[string]string {
	return map[string]string{
		"GOOGLE_CLIENT_ID": a.id, "GOOGLE_CLIENT_SECRET": a.secret,
		"SPOTIFY_CLIENT_ID": a.id, "SPOTIFY_CLIENT_SECRET": a.secret,
		"APPLE_CLIENT_ID": a.id, "APPLE_TEAM_ID": a.team, "APPLE_KEY_ID": a.key, "APPLE_PRIVATE_KEY": a.privatePEM,
	}
}

// Serve enters the program's redirect addresses; origin is its BASE_URL.
func (a *App) Serve(origin string) {
	a.s.mu.Lock()
	defer a.s.mu.Unlock()
	for _, vendor := range []string{Google, Spotify, Apple} {
		a.redirects[vendor] = origin + "/auth/" + vendor + "/callback"
	}
}

func (s *Servers) app(id string) (*App, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a, ok := s.apps[id]
	return a, ok
}

func (a *App) redirect(vendor string) string {
	a.s.mu.Lock()
	defer a.s.mu.Unlock()
	return a.redirects[vendor]
}

func random() string {
	var b [18]byte
	_, _ = rand.Read(b[:])
	return base64.RawURLEncoding.EncodeToString(b[:])
}
