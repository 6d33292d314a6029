package model

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Reason says in one sentence why a value is not taken and how to mend it. It is
// shown to people as it stands, beside the field it belongs to.
type Reason string

// Error is the sentence.
func (r Reason) Error() string { return string(r) }

// maxMarks is how many combining marks may stand on one letter. Living scripts
// need four or five (Hebrew with cantillation, Thai, Tibetan); more only paint
// over the lines above and below.
const maxMarks = 8

// CleanLine mends and checks text of one line, at most limit characters after
// mending: spaces at the ends go, the rest is brought into Unicode's composed
// form (NFC), which reads the same. HTML is text like any other, escaped when
// shown. Text without anything to see is "". The error is a Reason.
func CleanLine(raw string, limit int) (string, error) {
	return clean(raw, limit, false)
}

// CleanText is CleanLine for text of several lines: line breaks are kept, all
// written as \n, and tabs may stand.
func CleanText(raw string, limit int) (string, error) {
	return clean(raw, limit, true)
}

func clean(raw string, limit int, lines bool) (string, error) {
	if !utf8.ValidString(raw) {
		return "", damaged
	}
	text := raw
	if lines {
		text = lineBreaks.Replace(text)
	}
	text = strings.TrimFunc(text, blank)
	// Counted before the slower checks: a megabyte is refused for its length. NFC
	// makes at most one character out of four.
	if n := utf8.RuneCountInString(text); n > 4*limit {
		return "", tooLong(n, limit)
	}
	// Twice: composing may hide a run of marks, and may make one.
	if err := checkText(text, lines); err != nil {
		return "", err
	}
	text = norm.NFC.String(text)
	if err := checkText(text, lines); err != nil {
		return "", err
	}
	if n := utf8.RuneCountInString(text); n > limit {
		return "", tooLong(n, limit)
	}
	if !strings.ContainsFunc(text, visible) {
		return "", nil
	}
	return text, nil
}

// lineBreaks brings every way to end a line into one; forms send \r\n.
var lineBreaks = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n")

const damaged = Reason("Some characters arrived damaged. Type the text again, or copy it anew from where it came.")

// checkText looks at every character; text is valid UTF-8.
func checkText(text string, lines bool) error {
	marks := 0
	for _, r := range text {
		if unicode.Is(unicode.M, r) {
			if marks++; marks > maxMarks {
				return Reason(fmt.Sprintf("More than %d accents are stacked on one letter. Take some away.", maxMarks))
			}
			continue
		}
		if !unicode.Is(unicode.Cf, r) { // a joiner between marks does not begin a new letter
			marks = 0
		}
		if lines && (r == '\n' || r == '\t') {
			continue
		}
		if err := checkRune(r); err != nil {
			return err
		}
	}
	return nil
}

// checkRune refuses what no text may hold.
func checkRune(r rune) error {
	switch {
	// U+FFFD is what a lone surrogate in JSON, or text read in a wrong encoding,
	// has become by the time it is here.
	case r == utf8.RuneError, nonCharacter(r):
		return damaged
	case r == '\n', r == '\r', r == '\u0085', r == '\u2028', r == '\u2029':
		return Reason("There is a line break in it. Write it on one line.")
	case r == '\t':
		return Reason("There is a tab in it. Write a space instead.")
	case unicode.Is(unicode.Cc, r):
		return Reason("There is an invisible control character (" + codePoint(r) + ") in it. Take it out, or type the text again.")
	case bidiControl(r):
		return Reason("There is an invisible character (" + codePoint(r) + ") in it that turns the writing direction around. Type the text again instead of copying it; right-to-left writing needs no such character.")
	}
	return nil
}

// bidiControl names the embeddings, overrides and isolates: they make a text read
// otherwise than it is stored, beyond its own end too. The plain marks (LRM, RLM,
// ALM) only help neighbouring punctuation and may stay.
func bidiControl(r rune) bool {
	return r >= '\u202A' && r <= '\u202E' || r >= '\u2066' && r <= '\u2069'
}

// nonCharacter names the 66 code points that Unicode promises never to use.
func nonCharacter(r rune) bool {
	return r >= 0xFDD0 && r <= 0xFDEF || r&0xFFFE == 0xFFFE
}

// blank is what is trimmed from the ends: all spaces, and the two that have no width.
func blank(r rune) bool {
	return unicode.IsSpace(r) || r == '\u200B' || r == '\uFEFF'
}

// visible reports whether a character leaves something to see, alone.
func visible(r rune) bool {
	switch r {
	case '\u115F', '\u1160', '\u3164', '\uFFA0', '\u2800': // fillers: letters and a symbol by name, empty by sight
		return false
	}
	return !blank(r) && !unicode.In(r, unicode.M, unicode.Cf, unicode.Cc)
}

func codePoint(r rune) string { return fmt.Sprintf("U+%04X", r) }

func tooLong(n, limit int) Reason {
	return Reason("This is " + thousands(n) + " characters long; at most " + thousands(limit) +
		" fit. Shorten it by " + thousands(n-limit) + ".")
}

// thousands writes a whole number as people read it: 10,240.
func thousands(n int) string {
	digits := strconv.Itoa(n)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}
