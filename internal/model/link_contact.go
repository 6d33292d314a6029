package model

import (
	"fmt"
	"net/url"
	"strings"
)

// parseMail reads what follows mailto: — one address, and after a ? what the mail
// shall begin with.
func parseMail(rest string) (string, error) {
	rest = strings.TrimPrefix(rest, "//")
	address, query, _ := strings.Cut(rest, "?")
	local, host, _ := cutLast(address, "@")
	if strings.Contains(address, ",") {
		return "", Reason("A link writes to one e-mail address. Leave the others out.")
	}
	if !validLocal(local) {
		return "", Reason("This is no e-mail address. It looks like name@example.com, in plain letters and without spaces.")
	}
	host, err := parseHost(host)
	if err != nil {
		return "", Reason("What follows the @ is not the name of a mail server. It looks like name@example.com.")
	}
	query, err = parsePrefill(query, "subject", "body", "cc", "bcc")
	if err != nil {
		return "", err
	}
	return "mailto:" + local + "@" + host + query, nil
}

func cutLast(s, sep string) (before, after string, found bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return "", s, false
	}
	return s[:i], s[i+len(sep):], true
}

// validLocal takes the characters that stand before an @ in practice and need no
// encoding in a mailto address.
func validLocal(local string) bool {
	const marks = "!$&'*+-=_~."
	for i := range len(local) {
		c := local[i]
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
		if !letter && strings.IndexByte(marks, c) < 0 {
			return false
		}
	}
	return local != "" && len(local) <= 64 && local[0] != '.' && local[len(local)-1] != '.' && !strings.Contains(local, "..")
}

// parsePrefill checks what a mail or a message shall begin with. Only the named
// fields: some mail programs attach files by others.
func parsePrefill(query string, fields ...string) (string, error) {
	query = strings.TrimLeft(query, "?&")
	if query == "" {
		return "", nil
	}
	if strings.Contains(query, "#") {
		return "", Reason("There is a # in the address. Write it as %23.")
	}
	var out []string
	for pair := range strings.SplitSeq(query, "&") {
		key, value, _ := strings.Cut(pair, "=")
		key = lowerASCII(key)
		known := false
		for _, field := range fields {
			known = known || key == field
		}
		if !known {
			return "", Reason("After the ? may stand " + strings.Join(fields, ", ") + " and nothing else.")
		}
		if _, err := url.PathUnescape(value); err != nil {
			return "", Reason("There is a % in the address that stands for itself. Write it as %25.")
		}
		out = append(out, key+"="+escapeValue(value))
	}
	return "?" + strings.Join(out, "&"), nil
}

// escapeValue percent-encodes what may not stand in a value, spaces too.
func escapeValue(value string) string {
	var b strings.Builder
	for i := range len(value) {
		if c := value[i]; c <= ' ' || c >= 0x7F || strings.IndexByte("\"<>\\^`{|}", c) >= 0 {
			fmt.Fprintf(&b, "%%%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

const badNumber = Reason("This is no phone number. Write it with its country code and 3 to 15 digits, like +49 30 1234567.")

// dialMarks are written into numbers to make them readable; telephones skip them.
var dialMarks = strings.NewReplacer(" ", "", "-", "", ".", "", "(", "", ")", "", "/", "",
	"\u00A0", "", "\u2007", "", "\u2009", "", "\u202F", "", "\u2010", "", "\u2011", "", "\u2012", "", "\u2013", "")

// parsePhone reads what follows tel: or sms:. Codes with * and # are refused: on
// some telephones a tap on them changes settings.
func parsePhone(scheme, rest string) (string, error) {
	number, query, asked := strings.Cut(strings.TrimPrefix(rest, "//"), "?")
	if asked && scheme == "tel" {
		return "", badNumber
	}
	number = strings.ReplaceAll(strings.ReplaceAll(strings.ReplaceAll(number, "%20", " "), "%2B", "+"), "%2b", "+")
	number = strings.TrimSpace(number)
	number, international := strings.CutPrefix(number, "+")
	if international {
		// In +49 (0)30 … the nought is dialled only without the country code.
		number = strings.Replace(number, "(0)", "", 1)
	}
	number = dialMarks.Replace(number)
	if len(number) < 3 || len(number) > 15 || strings.Trim(number, "0123456789") != "" {
		return "", badNumber
	}
	if international {
		if number[0] == '0' || len(number) < 5 {
			return "", badNumber
		}
		number = "+" + number
	}
	query, err := parsePrefill(query, "body")
	if err != nil {
		return "", err
	}
	return scheme + ":" + number + query, nil
}
