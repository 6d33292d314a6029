package model

import (
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/net/idna"
)

// splitPort takes the port off an authority; the scheme's own one is left out.
func splitPort(scheme, authority string) (host, port string, err error) {
	if strings.HasPrefix(authority, "[") {
		return "", "", numericHost
	}
	host, port, _ = strings.Cut(authority, ":")
	if port == "" || scheme == "https" && port == "443" || scheme == "http" && port == "80" {
		return host, "", nil
	}
	n, err := strconv.ParseUint(port, 10, 16)
	if err != nil || n == 0 || strings.Trim(port, "0123456789") != "" {
		return "", "", Reason("What follows the colon after the host is no port. Leave it out, or give a number from 1 to 65535.")
	}
	return host, strconv.FormatUint(n, 10), nil
}

const numericHost = Reason("The host is a number (an IP address). Give the site's name, like example.com.")

// ownNetwork are endings of names that mean something in the visitor's own
// network only, where a page of ours has no business.
var ownNetwork = []string{".localhost", ".local", ".internal", ".lan", ".home.arpa", ".localdomain"}

// parseHost gives a public host name in lower-case ASCII, without a dot at the end.
func parseHost(host string) (string, error) {
	if host == "" {
		return "", Reason("The address has no host. Write it whole, like https://example.com.")
	}
	foreign := strings.ContainsFunc(host, func(r rune) bool { return r >= 0x80 })
	host = lowerASCII(host)
	if foreign || strings.HasPrefix(host, "xn--") || strings.Contains(host, ".xn--") {
		ascii, err := idna.Lookup.ToASCII(host)
		if err != nil {
			return "", Reason("The host has letters that no host name may have. Copy the address again from the browser.")
		}
		host = ascii
	}
	host = strings.TrimSuffix(host, ".")
	switch {
	case host == "localhost":
		return "", Reason("localhost is the visitor's own machine. Give an address that everybody can open.")
	case host == "http" || host == "https":
		return "", Reason("The address begins with " + host + "… twice. Write it once.")
	}
	labels := strings.Split(host, ".")
	last := labels[len(labels)-1]
	if last != "" && (strings.Trim(last, "0123456789") == "" || strings.HasPrefix(last, "0x")) {
		return "", numericHost
	}
	if len(labels) < 2 {
		return "", Reason("The host has no dot in it. Write it whole, like https://example.com.")
	}
	for _, label := range labels {
		if !validLabel(label) {
			return "", Reason("The host name is not right: between its dots stand letters, digits and hyphens, at most 63 of them. Copy the address again from the browser.")
		}
	}
	if len(host) > 253 || len(last) < 2 || strings.Trim(last, "abcdefghijklmnopqrstuvwxyz") != "" && !strings.HasPrefix(last, "xn--") {
		return "", Reason("The host name is not right: it ends in something like .com, and has at most 253 characters. Copy the address again from the browser.")
	}
	for _, ending := range ownNetwork {
		if strings.HasSuffix(host, ending) {
			return "", Reason("Names that end in " + ending + " open in your own network alone. Give an address that everybody can open.")
		}
	}
	return host, nil
}

// validLabel allows underscores and hyphens at the ends too: no registry sells
// such names, yet they stand in the wild below one, and browsers open them.
func validLabel(label string) bool {
	return label != "" && len(label) <= 63 && strings.Trim(label, "abcdefghijklmnopqrstuvwxyz0123456789-_") == ""
}

// lowerASCII lowers A–Z alone: strings.ToLower would also make a k of the Kelvin sign.
func lowerASCII(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, s)
}

// displayHost writes punycode in its own letters where that deceives nobody.
func displayHost(host string) string {
	labels := strings.Split(host, ".")
	for i, label := range labels {
		if !strings.HasPrefix(label, "xn--") {
			continue
		}
		name, err := idna.Lookup.ToUnicode(label)
		if err != nil || !oneScript(name) || looksLatin(name) {
			continue
		}
		labels[i] = name
	}
	return strings.Join(labels, ".")
}

// together are scripts that one language writes in one word.
var together = [][]*unicode.RangeTable{
	{unicode.Latin}, {unicode.Cyrillic}, {unicode.Greek}, {unicode.Arabic}, {unicode.Hebrew}, {unicode.Thai},
	{unicode.Devanagari}, {unicode.Armenian}, {unicode.Georgian}, {unicode.Bengali}, {unicode.Tamil},
	{unicode.Han, unicode.Hiragana, unicode.Katakana}, {unicode.Han, unicode.Hangul}, {unicode.Han, unicode.Bopomofo},
}

// oneScript reports whether all letters come from scripts that belong together.
// A script that is not listed counts as mixed: punycode is ugly, never wrong.
func oneScript(name string) bool {
	for _, scripts := range together {
		strange := func(r rune) bool {
			switch {
			case r < 0x80 && !unicode.IsLetter(r), r == 'ー', r > 0x36F && unicode.In(r, unicode.Inherited): // below are strokes that look like a /
				return false
			case unicode.In(r, unicode.Latin):
				return scripts[0] != unicode.Latin || !everydayLatin(r)
			}
			return !unicode.In(r, scripts...)
		}
		if !strings.ContainsFunc(name, strange) {
			return true
		}
	}
	return false
}

// everydayLatin leaves out the phonetic letters, of which many look like plain ones.
func everydayLatin(r rune) bool {
	return r < 0x180 || r >= 0x1E00 && r <= 0x1EFF || strings.ContainsRune("ơưșțǎǐǒǔ", r)
}

// latinTwins are small letters of Cyrillic, Greek and Armenian that look like Latin ones.
const latinTwins = "асԁеһіјӏорԛѕԝхугԍѵьҽҝ" + "αικνορυωχγ" + "օհոսցքզ"

// looksLatin reports whether a name in another script could be read as a Latin one.
func looksLatin(name string) bool {
	foreign := false
	for _, r := range name {
		if r < 0x80 {
			continue
		}
		if !strings.ContainsRune(latinTwins, r) {
			return false
		}
		foreign = true
	}
	return foreign
}
