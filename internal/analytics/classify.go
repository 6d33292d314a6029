package analytics

import (
	"fmt"
	"net/http"
	"net/netip"
	"slices"
	"strings"

	"github.com/oschwald/maxminddb-golang/v2"

	"github.com/hlpfl/platform/internal/model"
)

// ClassifierOptions say whom to believe.
type ClassifierOptions struct {
	TrustedProxies []netip.Prefix // whose forwarding and country headers are believed
	CountryHeader  string         // "" for none
	GeoIPDB        string         // a file in MaxMind's format, "" for none
}

// Classifier tells what may be known of a visit from its request, and whether it
// counts. It is safe for use by many goroutines.
type Classifier struct {
	proxies model.Proxies
	country string
	geo     *maxminddb.Reader
	agents  *agents
}

// NewClassifier reads what it needs. It fails when the file of countries cannot be
// read.
func NewClassifier(o ClassifierOptions) (*Classifier, error) {
	agents, err := newAgents()
	if err != nil {
		return nil, err
	}
	c := &Classifier{proxies: o.TrustedProxies, country: http.CanonicalHeaderKey(o.CountryHeader), agents: agents}
	if o.GeoIPDB != "" {
		if c.geo, err = maxminddb.Open(o.GeoIPDB); err != nil {
			return nil, fmt.Errorf("GEOIP_DB: %w", err)
		}
	}
	return c, nil
}

// Close lets go of the file of countries.
func (c *Classifier) Close() error {
	if c.geo == nil {
		return nil
	}
	return c.geo.Close()
}

// Seen is what a request tells.
type Seen struct {
	model.Visit
	Filtered string     // why it does not count, "" when it does
	Address  netip.Addr // whence; never stored
	Agent    string     // as it came; never stored
}

// Request reads a request. referrer is the address of the page that led here, ""
// when unknown; a page of our own is no source, but its utm values are.
func (c *Classifier) Request(r *http.Request, referrer string) Seen {
	s := Seen{Agent: r.UserAgent()}
	var trusted bool
	s.Address, trusted = c.proxies.Client(r.RemoteAddr, r.Header["X-Forwarded-For"])
	a := c.agents.read(s.Agent)
	s.Filtered = filtered(r, s.Agent, a)
	s.Device, s.OS, s.Browser, s.App = a.device, a.os, a.browser, a.app
	s.Country = c.countryOf(r, s.Address, trusted)
	if host := referrerHost(referrer); host != "" && host != hostOnly(r.Host) {
		s.Referrer, s.Source = host, sourceOf(host)
	}
	if _, query, ok := strings.Cut(referrer, "?"); ok && s.Referrer == "" {
		query, _, _ = strings.Cut(query, "#")
		campaign(query, &s.Visit)
	}
	if s.Source == "" {
		s.Source = s.App // apps seldom say where their readers come from
	}
	return s
}

// Campaign adds the utm values of a page's query, which go before a referrer.
func (s *Seen) Campaign(query string) { campaign(strings.TrimPrefix(query, "?"), &s.Visit) }

// filtered says why a request does not count.
func filtered(r *http.Request, text string, a agent) string {
	h := r.Header
	switch {
	case r.Method == http.MethodHead:
		return model.FilteredHead
	case hasWord(h["Sec-Purpose"], "prefetch"), hasWord(h["Purpose"], "prefetch"), hasWord(h["X-Moz"], "prefetch"),
		hasWord(h["X-Purpose"], "preview"), hasWord(h["Purpose"], "preview"):
		return model.FilteredPrefetch
	case strings.TrimSpace(text) == "":
		return model.FilteredNoAgent
	case a.bot:
		return model.FilteredBot
	}
	return ""
}

func hasWord(values []string, word string) bool {
	return slices.ContainsFunc(values, func(v string) bool { return strings.Contains(strings.ToLower(v), word) })
}

// countryOf gives two capital letters, "" when the country is unknown.
func (c *Classifier) countryOf(r *http.Request, address netip.Addr, trusted bool) string {
	if c.country != "" && trusted {
		if code := r.Header.Get(c.country); isCountry(code) {
			return strings.ToUpper(code)
		}
	}
	if c.geo == nil || !address.IsValid() {
		return ""
	}
	var code string
	if err := c.geo.Lookup(address).DecodePath(&code, "country", "iso_code"); err != nil || !isCountry(code) {
		return ""
	}
	return strings.ToUpper(code)
}

// isCountry takes two letters, but not the codes that CDNs give to the unknown
// (XX) and to Tor (T1).
func isCountry(code string) bool {
	if len(code) != 2 || strings.EqualFold(code, "XX") || strings.EqualFold(code, "ZZ") {
		return false
	}
	letter := func(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }
	return letter(code[0]) && letter(code[1])
}

func hostOnly(host string) string {
	if i := strings.LastIndexByte(host, ':'); i >= 0 && !strings.HasSuffix(host, "]") {
		host = host[:i]
	}
	return strings.ToLower(host)
}
