package auth

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/markbates/goth"
	"github.com/markbates/goth/providers/apple"
	"github.com/markbates/goth/providers/google"
	"github.com/markbates/goth/providers/spotify"
	"golang.org/x/oauth2"
	"golang.org/x/oauth2/endpoints"

	"github.com/hlpfl/platform/config"
	"github.com/hlpfl/platform/internal/model"
)

// The identity providers.
const (
	Google  = "google"
	Spotify = "spotify"
	Apple   = "apple"
)

const (
	// providerPatience is how long all of a provider's answers to one sign-in may take.
	providerPatience = 8 * time.Second
	// providerAnswer is the largest answer that is read of one, in bytes.
	providerAnswer = 256 << 10
	// appleSecretLife is how long one of our secrets for Apple is good: each is made anew.
	appleSecretLife = 5 * time.Minute
)

// ProviderName is what people call a provider: "Google". It is "" for none of ours.
func ProviderName(provider string) string {
	return map[string]string{Google: "Google", Spotify: "Spotify", Apple: "Apple"}[provider]
}

// Providers are the identity providers that keys are there for. Addresses, scopes and
// who somebody is are goth's; the exchange of a code is done here, as goth's has no
// PKCE, no deadline at Apple, and checks no id token of Google's.
type Providers struct {
	origin          string
	google, spotify config.OAuthClient
	apple           config.AppleClient
	transport       http.RoundTripper
}

func newProviders(o Options) *Providers {
	t := &http.Transport{
		Proxy: http.ProxyFromEnvironment, ForceAttemptHTTP2: true, MaxIdleConnsPerHost: 2, IdleConnTimeout: 30 * time.Second,
		TLSHandshakeTimeout: providerPatience, MaxResponseHeaderBytes: 64 << 10,
	}
	return &Providers{origin: o.Origin, google: o.Google, spotify: o.Spotify, apple: o.Apple, transport: t}
}

// On lists the providers that are offered, in the order in which they are shown.
func (p *Providers) On() []string {
	var on []string
	for _, each := range []struct {
		name string
		on   bool
	}{{Google, p.google.On()}, {Apple, p.apple.On()}, {Spotify, p.spotify.On()}} {
		if each.on {
			on = append(on, each.name)
		}
	}
	return on
}

// Has reports whether a provider is offered.
func (p *Providers) Has(provider string) bool { return slices.Contains(p.On(), provider) }

// Sites are the origins that a sign-in leads a browser to.
func (p *Providers) Sites() []string {
	var sites []string
	for _, name := range p.On() {
		if u, err := url.Parse(endpoint(name).AuthURL); err == nil {
			sites = append(sites, u.Scheme+"://"+u.Host)
		}
	}
	return sites
}

func endpoint(provider string) oauth2.Endpoint {
	var e oauth2.Endpoint
	switch provider {
	case Google:
		e = google.Endpoint
	case Spotify:
		e = endpoints.Spotify
		e.AuthStyle = oauth2.AuthStyleInHeader
	case Apple:
		e = endpoints.Apple
		e.AuthStyle = oauth2.AuthStyleInParams
	}
	return e
}

// Journey is a sign-in on its way to a provider and back.
type Journey struct {
	Provider string `json:"provider"`
	Verifier string `json:"verifier,omitempty"` // PKCE's; "" where the provider knows none
	Nonce    string `json:"nonce,omitempty"`    // that the id token must repeat; "" where there is no id token
	For      string `json:"for"`                // what it is for: one of the purposes

	User    model.UserID    `json:"user"`    // who began it; zero for a visitor
	Session model.SessionID `json:"session"` // that it was begun in

	Next     string `json:"next,omitempty"`      // the path to go to afterwards
	Handle   string `json:"handle,omitempty"`    // wanted for the first profile
	TimeZone string `json:"time_zone,omitempty"` // of a new account
}

// What a journey is for.
const (
	ToEnter   = "enter"   // sign in, or make an account
	ToConnect = "connect" // one more way in for who is signed in
	ToConfirm = "confirm" // prove again to be there
)

// Begin starts a journey: what is left out is filled in, and the address is given to
// which the browser is to be sent. state is 256 bits that must come back.
func (p *Providers) Begin(ctx context.Context, j *Journey) (address, state string, err error) {
	if !p.Has(j.Provider) {
		return "", "", model.NotFound()
	}
	state = newSecret()
	session, err := p.goth(ctx, j.Provider).BeginAuth(state)
	if err != nil {
		return "", "", err
	}
	if address, err = session.GetAuthURL(); err != nil {
		return "", "", err
	}
	more := url.Values{}
	if j.Provider != Apple {
		j.Verifier = oauth2.GenerateVerifier()
		more.Set("code_challenge", oauth2.S256ChallengeFromVerifier(j.Verifier))
		more.Set("code_challenge_method", "S256")
	}
	if j.Provider != Spotify {
		j.Nonce = newSecret()
		more.Set("nonce", j.Nonce)
	}
	return address + "&" + more.Encode(), state, nil
}

// goth gives goth's provider, whose calls end with ctx.
func (p *Providers) goth(ctx context.Context, provider string) goth.Provider {
	back := p.callback(provider)
	switch provider {
	case Google:
		g := google.New(p.google.ID, string(p.google.Secret), back, "openid", "email", "profile")
		g.HTTPClient = p.client(ctx)
		g.SetAccessType("online") // we never act for anybody, so we want no token that lasts
		g.SetPrompt("select_account")
		return g
	case Spotify:
		s := spotify.New(p.spotify.ID, string(p.spotify.Secret), back)
		s.HTTPClient = p.client(ctx)
		return s
	}
	return apple.New(p.apple.ID, "", back, p.client(ctx), apple.ScopeName, apple.ScopeEmail)
}

func (p *Providers) callback(provider string) string {
	return p.origin + "/auth/" + provider + "/callback"
}

// client makes calls that end with ctx, follow no redirect, and read no more than fits.
func (p *Providers) client(ctx context.Context) *http.Client {
	return &http.Client{
		Transport:     bounded(func(r *http.Request) (*http.Response, error) { return p.transport.RoundTrip(r.WithContext(ctx)) }),
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

type bounded func(*http.Request) (*http.Response, error)

// RoundTrip makes a call whose answer breaks off with an error where it gets too large.
func (b bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := b(r)
	if err == nil {
		res.Body = &limited{res.Body, providerAnswer}
	}
	return res, err
}

type limited struct {
	io.ReadCloser
	left int
}

func (l *limited) Read(b []byte) (int, error) {
	if l.left <= 0 {
		return 0, errTooMuch
	}
	n, err := l.ReadCloser.Read(b[:min(len(b), l.left)])
	l.left -= n
	return n, err
}

var errTooMuch = errors.New("the answer is larger than what is read of one")

// Person is who a provider says somebody is.
type Person struct {
	Provider string `json:"provider"`
	Subject  string `json:"subject"`
	Email    string `json:"email,omitempty"`  // as model.ParseEmail writes it; "" when none was told that can be used
	Proven   bool   `json:"proven,omitempty"` // the provider has proven that the address is this person's
	Name     string `json:"name,omitempty"`
}

// Finish takes the code that a journey came back with and asks the provider who it is.
// The error is Unauthorized when the answer cannot be trusted, Unavailable when there
// is none; it carries neither codes nor tokens.
func (p *Providers) Finish(ctx context.Context, j Journey, code string) (Person, error) {
	if !p.Has(j.Provider) {
		return Person{}, model.NotFound()
	}
	ctx, cancel := context.WithTimeout(ctx, providerPatience)
	defer cancel()
	who, err := p.ask(ctx, j, code)
	if err != nil {
		return Person{}, failed(ctx, ProviderName(j.Provider), err)
	}
	who.Provider = j.Provider
	who.Name = cleanName(who.Name)
	if who.Email, err = model.ParseEmail(who.Email); err != nil {
		who.Email = ""
	}
	who.Proven = who.Proven && who.Email != ""
	return who, nil
}

func (p *Providers) ask(ctx context.Context, j Journey, code string) (Person, error) {
	tokens, err := p.exchange(ctx, j, code)
	if err != nil {
		return Person{}, err
	}
	var session goth.Session
	var said idClaims
	if j.Nonce != "" {
		raw, _ := tokens.Extra("id_token").(string)
		if said, err = p.readIDToken(ctx, j, raw, tokens.AccessToken); err != nil {
			return Person{}, distrust{err}
		}
	}
	switch j.Provider {
	case Google:
		session = &google.Session{AccessToken: tokens.AccessToken, ExpiresAt: tokens.Expiry}
	case Spotify:
		session = &spotify.Session{AccessToken: tokens.AccessToken, ExpiresAt: tokens.Expiry}
	case Apple:
		session = &apple.Session{AccessToken: tokens.AccessToken, ExpiresAt: tokens.Expiry, ID: apple.ID{Sub: said.Subject, Email: said.Email}}
	}
	user, err := p.goth(ctx, j.Provider).FetchUser(session)
	if err != nil {
		return Person{}, err
	}
	who := Person{Subject: user.UserID, Email: user.Email, Name: user.Name}
	if j.Nonce != "" {
		if subtle.ConstantTimeCompare([]byte(user.UserID), []byte(said.Subject)) != 1 {
			return Person{}, distrust{errors.New("the id token names another account than the provider's answer")}
		}
		if said.Email != "" {
			who.Email, who.Proven = said.Email, bool(said.EmailVerified) // what is signed counts
		} else {
			who.Proven, _ = user.RawData["verified_email"].(bool) // Google's word for it, of the same account
		}
	}
	if who.Subject == "" || len(who.Subject) > 255 || strings.ContainsFunc(who.Subject, func(c rune) bool { return c <= ' ' || c > '~' }) {
		return Person{}, distrust{errors.New("the answer names nobody")}
	}
	return who, nil
}

// exchange uses the code up.
func (p *Providers) exchange(ctx context.Context, j Journey, code string) (*oauth2.Token, error) {
	c := oauth2.Config{Endpoint: endpoint(j.Provider), RedirectURL: p.callback(j.Provider)}
	var options []oauth2.AuthCodeOption
	switch j.Provider {
	case Google:
		c.ClientID, c.ClientSecret = p.google.ID, string(p.google.Secret)
	case Spotify:
		c.ClientID, c.ClientSecret = p.spotify.ID, string(p.spotify.Secret)
	case Apple:
		secret, err := p.appleSecret(time.Now())
		if err != nil {
			return nil, err
		}
		c.ClientID, c.ClientSecret = p.apple.ID, secret
	}
	if j.Verifier != "" {
		options = append(options, oauth2.VerifierOption(j.Verifier))
	}
	tokens, err := c.Exchange(context.WithValue(ctx, oauth2.HTTPClient, p.client(ctx)), code, options...)
	if err == nil && !tokens.Valid() {
		err = errors.New("the token is over already")
	}
	return tokens, err
}

// appleSecret makes a client secret for Apple: one is good for a few minutes, so none
// ever runs out in use.
func (p *Providers) appleSecret(now time.Time) (string, error) {
	secret, err := apple.MakeSecret(apple.SecretParams{
		PKCS8PrivateKey: string(p.apple.PrivateKey), TeamId: p.apple.TeamID, KeyId: p.apple.KeyID, ClientId: p.apple.ID,
		Iat: int(now.Unix()), Exp: int(now.Add(appleSecretLife).Unix()),
	})
	if err != nil {
		return "", errors.New("APPLE_PRIVATE_KEY cannot sign") // the cause could quote it
	}
	return *secret, nil
}

// AppleName reads the name that Apple tells with the first consent alone; "" for none.
func AppleName(user string) string {
	var told struct {
		Name struct {
			First string `json:"firstName"`
			Last  string `json:"lastName"`
		} `json:"name"`
	}
	if len(user) > 4096 || json.Unmarshal([]byte(user), &told) != nil {
		return ""
	}
	return cleanName(told.Name.First + " " + told.Name.Last)
}

func cleanName(raw string) string {
	name, err := model.CleanLine(raw, model.MaxUserName)
	if err != nil {
		return ""
	}
	return name
}
