package model

import (
	"net/mail"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/net/idna"
)

// The longest an address may be, whole and before the @, in bytes (RFC 5321).
const (
	MaxEmail      = 254
	maxEmailLocal = 64
)

const notAnAddress = Reason("This is no e-mail address we can write to. It looks like name@example.com.")

// ParseEmail mends and checks an e-mail address: spaces at the ends go, capital
// letters become small ones, a domain in other scripts takes its ASCII form. What
// it gives is how an address is stored and compared. The error is a Reason.
func ParseEmail(raw string) (string, error) {
	text, err := CleanLine(raw, 2*MaxEmail)
	switch {
	case err != nil:
		return "", err
	case text == "":
		return "", Reason("Write your e-mail address.")
	}
	parsed, err := mail.ParseAddress(text)
	if err != nil || parsed.Name != "" || parsed.Address != text {
		return "", notAnAddress // also: a name with it, brackets, quotes, comments
	}
	at := strings.LastIndexByte(text, '@')
	local, domain := strings.ToLower(text[:at]), text[at+1:]
	for _, r := range local {
		if r > 0x7e || r == '"' || r == ' ' {
			return "", Reason("Before the @ only plain letters, digits and marks like . _ - + can stand.")
		}
	}
	domain, err = idna.Lookup.ToASCII(strings.ToLower(domain))
	if err != nil || !strings.Contains(domain, ".") || strings.HasSuffix(domain, ".") || len(domain) > 253 || allDigits(domain[strings.LastIndexByte(domain, '.')+1:]) {
		return "", notAnAddress
	}
	for label := range strings.SplitSeq(domain, ".") {
		if label == "" || len(label) > 63 {
			return "", notAnAddress
		}
	}
	if readable, err := idna.Lookup.ToUnicode(domain); err != nil || mixedScripts(readable) {
		return "", Reason("The part after the @ mixes letters of several scripts that look alike. Type it again on one keyboard.")
	}
	email := local + "@" + domain
	if len(local) > maxEmailLocal || len(email) > MaxEmail {
		return "", Reason("This address is too long: at most 64 characters before the @ and 254 in all.")
	}
	return email, nil
}

// mixedScripts tells whether a label of a domain is written in several scripts, as
// nobody's is whose owner wants to be found: paypal with a Cyrillic a. Japanese,
// Chinese and Korean are each written in several, with Latin among them.
func mixedScripts(domain string) bool {
	for label := range strings.SplitSeq(domain, ".") {
		var scripts []string
		for _, r := range label {
			if script := scriptOf(r); script != "" && !slices.Contains(scripts, script) {
				scripts = append(scripts, script)
			}
		}
		if len(scripts) > 1 && slices.ContainsFunc(scripts, func(s string) bool { return s != "Latin" && s != "East Asian" }) {
			return true
		}
	}
	return false
}

// scriptOf names the script of a letter; "" for what belongs to all: digits, hyphens.
func scriptOf(r rune) string {
	if unicode.In(r, unicode.Common, unicode.Inherited) {
		return ""
	}
	if unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Bopomofo) {
		return "East Asian"
	}
	for name, table := range unicode.Scripts {
		if unicode.Is(table, r) {
			return name
		}
	}
	return "unknown"
}

func allDigits(s string) bool { return strings.Trim(s, "0123456789") == "" }
