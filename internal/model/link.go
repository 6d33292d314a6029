package model

import (
	"fmt"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"
)

// URL is an address that a link may lead to. One that ParseURL gave is http,
// https, mailto, tel or sms, has a public host where the scheme has one, no user
// info, and consists of printable ASCII alone, so that it can stand in a header
// as it is.
type URL string

// MaxURL is the longest address, in bytes, before and after mending.
const MaxURL = 2048

// schemes that a link may have.
var schemes = map[string]bool{"http": true, "https": true, "mailto": true, "tel": true, "sms": true}

// ParseURL mends and checks an address somebody typed or pasted. Spaces at the
// ends go, scheme and host become lower case, a missing scheme becomes https
// (mailto for name@host, tel for +49 …), a host in other letters becomes
// punycode, and what may not stand in an address is percent-encoded. Everything
// else is kept as it is or refused; the error is a Reason. Parsing a result again
// gives the same.
func ParseURL(raw string) (URL, error) {
	if !utf8.ValidString(raw) {
		return "", damagedURL
	}
	text := strings.TrimFunc(raw, blankAround)
	switch {
	case text == "":
		return "", Reason("Give an address, like https://example.com.")
	case len(text) > MaxURL:
		return "", longURL(len(text))
	}
	if err := checkURLRunes(text); err != nil {
		return "", err
	}
	u, err := parseScheme(text)
	if err != nil {
		return "", err
	}
	if len(u) > MaxURL {
		return "", longURL(len(u))
	}
	return URL(u), nil
}

const damagedURL = Reason("Some characters of the address arrived damaged. Copy it again from the browser's address bar.")

func longURL(n int) Reason {
	return Reason(fmt.Sprintf("The address is %s characters long; at most %s fit. Use the short one that the service's share button gives.", thousands(n), thousands(MaxURL)))
}

// blankAround is what copying leaves at the ends of an address.
func blankAround(r rune) bool { return blank(r) || r == '\u200E' || r == '\u200F' }

func checkURLRunes(text string) error {
	for _, r := range text {
		switch {
		case r == utf8.RuneError, nonCharacter(r):
			return damagedURL
		case r == '\u200C', r == '\u200D': // joiners: part of emoji and of Persian words
		case unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp):
			return Reason("There is an invisible character (" + codePoint(r) + ") in the address. Copy it again, or type it.")
		}
	}
	return nil
}

// parseScheme sends the address to the rules of its scheme, guessing a missing one.
func parseScheme(text string) (string, error) {
	if strings.ContainsRune(`/\`, rune(text[0])) {
		return "", Reason("The address begins with " + text[:1] + ". Write it whole, beginning with https://.")
	}
	scheme, rest, ok := splitScheme(text)
	if !ok {
		return parseBare(text)
	}
	switch scheme {
	case "http", "https":
		return parseWeb(scheme, rest)
	case "mailto":
		return parseMail(rest)
	case "tel", "sms":
		return parsePhone(scheme, rest)
	case "spotify":
		return "", Reason("spotify: opens in the app alone. Use the link that Share gives in Spotify; it begins with https://open.spotify.com/.")
	}
	if len(scheme) > 20 {
		scheme = scheme[:20] + "…"
	}
	return "", Reason(scheme + ": is not allowed. A link begins with https://, http://, mailto:, tel: or sms:.")
}

// splitScheme finds what stands before the first colon, lower case, when it has
// the form of a scheme. example.com:8080 has a port, not a scheme.
func splitScheme(text string) (scheme, rest string, ok bool) {
	before, rest, found := strings.Cut(text, ":")
	if !found || !schemeForm(before) {
		return "", "", false
	}
	scheme = strings.ToLower(before)
	if schemes[scheme] || !strings.Contains(scheme, ".") {
		return scheme, rest, true
	}
	port := rest
	if i := strings.IndexAny(rest, `/?#\`); i >= 0 {
		port = rest[:i]
	}
	if strings.Trim(port, "0123456789") == "" {
		return "", "", false
	}
	return scheme, rest, true
}

func schemeForm(s string) bool {
	for i := range len(s) {
		c := s[i]
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
		if !letter && (i == 0 || !(c >= '0' && c <= '9' || c == '+' || c == '-' || c == '.')) {
			return false
		}
	}
	return s != ""
}

// parseBare reads an address without a scheme.
func parseBare(text string) (string, error) {
	switch before, _, at := strings.Cut(text, "@"); {
	case strings.HasPrefix(text, "+"):
		return parsePhone("tel", text)
	case at && before == "":
		return "", Reason("This is a name, not an address. Write the whole address, like https://www.instagram.com/name.")
	case at && !strings.ContainsAny(before, `/?#\:`):
		return parseMail(text)
	}
	return parseWeb("https", "//"+text)
}

// parseWeb reads what follows http: or https:.
func parseWeb(scheme, rest string) (string, error) {
	after, ok := strings.CutPrefix(rest, "//")
	if !ok {
		return "", Reason("After " + scheme + ": come two slashes and a host, like " + scheme + "://example.com.")
	}
	authority, tail := after, ""
	if i := strings.IndexAny(after, "/?#"); i >= 0 {
		authority, tail = after[:i], after[i:]
	}
	if strings.Contains(authority, "@") {
		return "", Reason("There is a user name or a password before the host (the part before @). Take it out: everybody could read it.")
	}
	if strings.ContainsFunc(after, unicode.IsSpace) {
		return "", Reason("There is a space inside the address. Take it out, or write it as %20.")
	}
	path := tail
	if i := strings.IndexAny(tail, "?#"); i >= 0 {
		path = tail[:i]
	}
	if strings.Contains(authority+path, `\`) {
		return "", Reason(`There is a \ in the address. Addresses have / instead.`)
	}
	host, port, err := splitPort(scheme, authority)
	if err != nil {
		return "", err
	}
	host, err = parseHost(host)
	if err != nil {
		return "", err
	}
	if port != "" {
		host += ":" + port
	}
	out := scheme + "://" + host + escapeTail(tail)
	// The last word has the parser that everybody else in Go uses.
	if u, err := url.Parse(out); err != nil || u.Host != host || u.User != nil {
		return "", Reason("This address cannot be read. Copy it again from the browser's address bar.")
	}
	return out, nil
}

// escapeTail percent-encodes what may not stand in a path, query or fragment, and
// leaves everything else, every % of a query included, as it is. tail is "" or
// begins with one of / ? #.
func escapeTail(tail string) string {
	var b strings.Builder
	inQuery, inFragment := false, false
	for i := range len(tail) {
		c := tail[i]
		switch {
		case c == '?' && !inFragment:
			inQuery = true
		case c == '#' && !inFragment:
			inQuery, inFragment = false, true
		case c == '%' && !inQuery && !escaped(tail[i:]), // a path with a bare % has no one reading
			c <= ' ', c >= 0x7F,
			strings.IndexByte("\"<>\\^`{|}", c) >= 0,
			c == '#' && inFragment:
			fmt.Fprintf(&b, "%%%02X", c)
			continue
		}
		b.WriteByte(c)
	}
	return b.String()
}

// escaped reports whether s begins with a % and two hexadecimal digits.
func escaped(s string) bool {
	return len(s) > 2 && isHex(s[1]) && isHex(s[2])
}

func isHex(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}

// Scheme is what stands before the colon: http, https, mailto, tel or sms.
func (u URL) Scheme() string {
	scheme, _, _ := strings.Cut(string(u), ":")
	return scheme
}

// LeadsOut reports whether the address goes through our redirect: http and https.
// The others stand in the page as they are.
func (u URL) LeadsOut() bool {
	scheme := u.Scheme()
	return scheme == "http" || scheme == "https"
}

// Hostname is the host in ASCII as the network knows it, without port; of a
// mailto: what follows the @; "" for a phone number.
func (u URL) Hostname() string {
	scheme, rest, _ := strings.Cut(string(u), ":")
	switch scheme {
	case "http", "https":
		host := strings.TrimPrefix(rest, "//")
		if i := strings.IndexAny(host, "/?#:"); i >= 0 {
			host = host[:i]
		}
		return host
	case "mailto":
		address, _, _ := strings.Cut(rest, "?")
		return address[strings.LastIndexByte(address, '@')+1:]
	}
	return ""
}

// Host is the host for people to read: without a leading www., in its own
// letters, or in punycode where letters of several scripts, or look-alikes of
// Latin ones, could pass for another host.
func (u URL) Host() string {
	return displayHost(strings.TrimPrefix(u.Hostname(), "www."))
}

// Path is what follows the host, up to the query; of a mailto or a number, all of
// it up to the query.
func (u URL) Path() string {
	_, rest, _ := strings.Cut(string(u), ":")
	if after, ok := strings.CutPrefix(rest, "//"); ok {
		i := strings.IndexAny(after, "/?#")
		if i < 0 {
			return ""
		}
		rest = after[i:]
	}
	if i := strings.IndexAny(rest, "?#"); i >= 0 {
		rest = rest[:i]
	}
	return rest
}

// String is the address.
func (u URL) String() string { return string(u) }
