// Package idp plays Google, Spotify and Apple for tests: three identity providers, each shaped like its vendor's own,
// served by TLS under the vendors' real host names. The program reaches them as it would in production, by HTTPS_PROXY
// and SSL_CERT_FILE, which Go reads by itself; a browser by the rules of its resolver. Nothing leaves the machine.
package idp

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// The hosts that are played.
var hosts = []string{
	"accounts.google.com", "oauth2.googleapis.com", "www.googleapis.com",
	"accounts.spotify.com", "api.spotify.com",
	"appleid.apple.com",
}

// Servers are the three providers.
type Servers struct {
	folder string
	roots  *x509.CertPool
	vendor *httptest.Server // all hosts, by TLS
	proxy  *httptest.Server // takes CONNECT to those hosts

	mu       sync.Mutex
	apps     map[string]*App // by client id
	codes    map[string]*grant
	tokens   map[string]*grant
	people   map[string]Person // by what one types at the sign-in
	known    map[string]bool   // client and subject that gave consent before
	calls    map[string]int    // how often a path was asked for
	switches map[string]http.Handler
	keys     keys
}

// Start starts them. Whoever calls it does so before the process makes its first request by TLS: Go reads the proxy and
// the certificates once.
func Start() (*Servers, error) {
	folder, err := os.MkdirTemp("", "idp-")
	if err != nil {
		return nil, err
	}
	s := &Servers{folder: folder, apps: map[string]*App{}, codes: map[string]*grant{}, tokens: map[string]*grant{}, people: map[string]Person{},
		known: map[string]bool{}, calls: map[string]int{}, switches: map[string]http.Handler{}}
	if s.keys, err = newKeys(); err != nil {
		return nil, err
	}
	certificate, err := s.certificates()
	if err != nil {
		return nil, err
	}
	s.vendor = httptest.NewUnstartedServer(s.routes())
	s.vendor.TLS = &tls.Config{Certificates: []tls.Certificate{certificate}}
	s.vendor.Config.ErrorLog = log.New(io.Discard, "", 0) // a browser hangs up when it likes
	s.vendor.StartTLS()
	s.proxy = httptest.NewServer(http.HandlerFunc(s.connect))
	for name, value := range map[string]string{"HTTPS_PROXY": s.proxy.URL, "https_proxy": "", "NO_PROXY": "", "no_proxy": "", "SSL_CERT_FILE": s.authority()} {
		if err := os.Setenv(name, value); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// Close ends them.
func (s *Servers) Close() {
	s.proxy.CloseClientConnections()
	s.vendor.CloseClientConnections()
	s.proxy.Close()
	s.vendor.Close()
	_ = os.RemoveAll(s.folder)
}

// Hosts are the hosts that are played, each with the address that plays it, for a browser's resolver.
func (s *Servers) Hosts() map[string]string {
	at := map[string]string{}
	for _, host := range hosts {
		at[host] = s.vendor.Listener.Addr().String()
	}
	return at
}

// Calls tells how often a path of the providers was asked for, such as "oauth2.googleapis.com/token".
func (s *Servers) Calls(path string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.calls[path]
}

// Secrets are all codes and access tokens that were given out so far.
func (s *Servers) Secrets() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []string
	for code := range s.codes {
		list = append(list, code)
	}
	for access := range s.tokens {
		list = append(list, access)
	}
	return list
}

// Play lets another server answer for a host.
func (s *Servers) Play(host string, h http.Handler) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.switches[host] = h
}

func (s *Servers) authority() string { return filepath.Join(s.folder, "authority.pem") }

// certificates makes an authority of our own, and by it the certificate of all hosts.
func (s *Servers) certificates() (tls.Certificate, error) {
	var none tls.Certificate
	rootKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return none, err
	}
	root := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Test authority"}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageCertSign, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour)}
	rootDER, err := x509.CreateCertificate(rand.Reader, root, root, rootKey.Public(), rootKey)
	if err != nil {
		return none, err
	}
	rootPEM := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: rootDER})
	s.roots = x509.NewCertPool()
	s.roots.AppendCertsFromPEM(rootPEM)
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return none, err
	}
	leaf := &x509.Certificate{SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: hosts[0]}, DNSNames: hosts,
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour)}
	leafDER, err := x509.CreateCertificate(rand.Reader, leaf, root, key.Public(), rootKey)
	if err != nil {
		return none, err
	}
	return tls.Certificate{Certificate: [][]byte{leafDER}, PrivateKey: key}, os.WriteFile(s.authority(), rootPEM, 0o600)
}

// connect is the proxy: a tunnel to the hosts that are played, and to no other.
func (s *Servers) connect(w http.ResponseWriter, r *http.Request) {
	host, port, _ := net.SplitHostPort(r.Host)
	if _, played := s.Hosts()[host]; r.Method != http.MethodConnect || !played || port != "443" {
		http.Error(w, "nobody plays "+r.Host, http.StatusForbidden)
		return
	}
	there, err := (&net.Dialer{}).DialContext(r.Context(), "tcp", s.vendor.Listener.Addr().String())
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	defer there.Close()
	here, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return
	}
	defer here.Close()
	if _, err := io.WriteString(here, "HTTP/1.1 200 Connection established\r\n\r\n"); err != nil {
		return
	}
	done := make(chan struct{}, 2)
	for _, way := range [][2]net.Conn{{here, there}, {there, here}} {
		go func() { _, _ = io.Copy(way[0], way[1]); done <- struct{}{} }()
	}
	<-done
}

// routes is what answers, by host and path.
func (s *Servers) routes() http.Handler {
	m := http.NewServeMux()
	s.google(m)
	s.spotify(m)
	s.apple(m)
	m.HandleFunc("/favicon.ico", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.calls[r.Host+r.URL.Path]++
		other := s.switches[r.Host]
		s.mu.Unlock()
		if other != nil {
			other.ServeHTTP(w, r)
			return
		}
		m.ServeHTTP(w, r)
	})
}

// Browser is an HTTP client that finds the hosts as a browser with the resolver's rules does. It follows nothing.
func (s *Servers) Browser() *http.Client {
	transport := &http.Transport{
		TLSClientConfig: &tls.Config{RootCAs: s.roots},
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, network, s.vendor.Listener.Addr().String())
		},
	}
	return &http.Client{Transport: transport, Timeout: 30 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

var errNoForm = errors.New("the page has no form")

// oops is a vendor's own error page: the browser stays there.
func oops(w http.ResponseWriter, status int, what string) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = fmt.Fprintf(w, `<!doctype html><html lang="en"><title>Error</title><link rel="icon" href="data:,"><h1>Error %d: %s</h1>`, status, strings.ReplaceAll(what, "<", "&lt;"))
}
