package ui

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Number writes a whole number with its thousands apart: 13,334.
func Number(n int) string {
	s := strconv.Itoa(n)
	sign := ""
	if n < 0 {
		sign, s = "−", s[1:]
	}
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return sign + s
}

var words = []string{"No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten", "Eleven", "Twelve"}

// Words writes a small number as a word with a capital, a larger one in figures: "Three", "13".
func Words(n int) string {
	if n >= 0 && n < len(words) {
		return words[n]
	}
	return Number(n)
}

// Plural picks the form that fits a number: "1 change", "4 changes".
func Plural(n int, one, many string) string {
	if n == 1 {
		return Number(n) + " " + one
	}
	return Number(n) + " " + many
}

// Percent is a share of a whole in whole percent, "24 %"; more than nothing is never written as 0.
func Percent(part, whole int) string {
	if whole <= 0 {
		return "0 %"
	}
	p := int(math.Round(100 * float64(part) / float64(whole)))
	if p == 0 && part > 0 {
		return "< 1 %"
	}
	return strconv.Itoa(p) + " %"
}

// Rate is a share in percent with one decimal, "37.2 %"; "–" of nothing.
func Rate(part, whole int) string {
	if whole <= 0 {
		return "–"
	}
	return fmt.Sprintf("%.1f %%", 100*float64(part)/float64(whole))
}

// Width is a share of the largest as an SVG length: "67.4%".
func Width(part, largest int) string {
	if largest <= 0 || part <= 0 {
		return "0%"
	}
	return strconv.FormatFloat(math.Min(100, 100*float64(part)/float64(largest)), 'f', 1, 64) + "%"
}

// Moved says how a figure moved against the one before: "↑ 20 %", "↓ 3 %", "↑ 12 times", "No change", "New".
func Moved(now, before int) string {
	switch {
	case now == before:
		return "No change"
	case before == 0:
		return "New"
	}
	share := int(math.Round(100 * math.Abs(float64(now-before)) / float64(before)))
	arrow := "↑"
	if now < before {
		arrow = "↓"
	}
	switch {
	case share == 0:
		return arrow + " < 1 %"
	case share >= 1000:
		return arrow + " " + Number(now/before) + " times"
	}
	return arrow + " " + Number(share) + " %"
}

// Points says how a rate moved, in points: "↑ 0.6 points". A rate of nothing counts as 0.
func Points(part, whole, partBefore, wholeBefore int) string {
	rate := func(p, w int) float64 {
		if w <= 0 {
			return 0
		}
		return math.Round(1000*float64(p)/float64(w)) / 10
	}
	by := rate(part, whole) - rate(partBefore, wholeBefore)
	switch {
	case by > 0.049:
		return fmt.Sprintf("↑ %.1f points", by)
	case by < -0.049:
		return fmt.Sprintf("↓ %.1f points", -by)
	}
	return "No change"
}

// Day writes a date without its year: "14 Nov".
func Day(t time.Time) string { return t.Format("2 Jan") }

// LongDay writes a date in full: "14 November 2026".
func LongDay(t time.Time) string { return t.Format("2 January 2006") }

// Moment writes a date and a time: "14 Nov, 10:00", with its year when it is not now's.
func Moment(t, now time.Time) string {
	if t.Year() != now.Year() && !now.IsZero() {
		return t.Format("2 Jan 2006, 15:04")
	}
	return t.Format("2 Jan, 15:04")
}

// Bytes writes a size in the unit that fits: "312 KB", "4.2 MB".
func Bytes(n int64) string {
	switch {
	case n < 1000:
		return Plural(int(n), "byte", "bytes")
	case n < 1_000_000:
		return fmt.Sprintf("%d KB", (n+500)/1000)
	case n < 1_000_000_000:
		return fmt.Sprintf("%.1f MB", float64(n)/1e6)
	}
	return fmt.Sprintf("%.1f GB", float64(n)/1e9)
}

// Machine writes a time for a datetime attribute.
func Machine(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// Ago says how long ago something was: "just now", "3 minutes ago", "on 14 Nov".
func Ago(t, now time.Time) string {
	passed := now.Sub(t)
	switch {
	case passed < 2*time.Second:
		return "just now"
	case passed < time.Minute:
		return Plural(int(passed/time.Second), "second", "seconds") + " ago"
	case passed < time.Hour:
		return Plural(int(passed/time.Minute), "minute", "minutes") + " ago"
	case passed < 24*time.Hour:
		return Plural(int(passed/time.Hour), "hour", "hours") + " ago"
	case t.Year() == now.Year():
		return "on " + Day(t)
	}
	return "on " + t.Format("2 Jan 2006")
}

// FirstSentence parts a message so that its first sentence can be set apart: what is wrong, then how to mend it.
func FirstSentence(message string) (first, rest string) {
	if i := strings.Index(message, ". "); i >= 0 {
		return message[:i+1], strings.TrimSpace(message[i+1:])
	}
	return message, ""
}

// Initial is the first letter of a name, for the place of a missing picture.
func Initial(name string) string {
	r, _ := utf8.DecodeRuneInString(strings.TrimSpace(name))
	if r == utf8.RuneError {
		return "·"
	}
	return strings.ToUpper(string(r))
}

// Capital writes a text with a capital letter at its head.
func Capital(text string) string {
	r, size := utf8.DecodeRuneInString(text)
	if r == utf8.RuneError {
		return text
	}
	return strings.ToUpper(string(r)) + text[size:]
}

// Long reports whether a text has more characters than a headline holds in one size.
func Long(text string, over int) bool { return utf8.RuneCountInString(text) > over }

// says is the sentence of a plan's limit: how much is used, and what to do when it is full.
func (m Meter) says() (text, lift string) {
	one := strings.TrimSuffix(m.What, "s")
	if !m.Full() {
		return fmt.Sprintf("%s of %s", Number(m.Used), Plural(m.Limit, one, m.What)), ""
	}
	held := strings.ToLower(Words(m.Limit))
	if m.Limit == 1 {
		text = fmt.Sprintf("%s holds one %s, and you have it.", m.Plan, one)
	} else {
		text = fmt.Sprintf("%s holds %s %s, and you have %s.", m.Plan, held, m.What, strings.ToLower(Words(m.Used)))
	}
	switch {
	case m.LiftedBy == "":
	case m.Lifted == 0:
		lift = fmt.Sprintf("%s has no limit", m.LiftedBy)
	default:
		lift = fmt.Sprintf("%s holds %s", m.LiftedBy, strings.ToLower(Words(m.Lifted)))
	}
	return text, lift
}

func length(s string) int { return utf8.RuneCountInString(s) }
