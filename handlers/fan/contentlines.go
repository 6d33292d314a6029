package fan

import (
	"strings"
	"unicode/utf8"
)

// contentLines is the text format that iCalendar (RFC 5545) and vCard (RFC 6350)
// share: name, colon, value; long lines folded; lines end in CRLF.
type contentLines struct{ strings.Builder }

// maxLine is the longest line before it is folded, in bytes without its end.
const maxLine = 75

// raw writes a line whose value needs no escaping.
func (c *contentLines) raw(name, value string) {
	line := name + ":" + value
	for limit := maxLine; len(line) > limit; limit = maxLine - 1 { // the space that a folded line begins with counts
		at := limit
		for at > 0 && !utf8.RuneStart(line[at]) {
			at--
		}
		c.WriteString(line[:at] + "\r\n ")
		line = line[at:]
	}
	c.WriteString(line + "\r\n")
}

// text writes a line whose value is text; an empty one is left out.
func (c *contentLines) text(name, value string) {
	if value != "" {
		c.raw(name, escapeText.Replace(value))
	}
}

// value is text for a vCard's property that is one value: there a semicolon parts
// nothing, and programs show the mark before it.
func (c *contentLines) value(name, value string) {
	if value != "" {
		c.raw(name, escapeValue.Replace(value))
	}
}

var escapeValue = strings.NewReplacer(`\`, `\\`, ",", `\,`, "\r\n", `\n`, "\n", `\n`)

var escapeText = strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\r\n", `\n`, "\n", `\n`)
