package model

import (
	"strings"
	"unicode"
)

// Paragraph is one part of a text with a little Markdown: lines, or a list.
type Paragraph struct {
	// List says what it is: "" for lines, "ul" for points, "ol" for numbers.
	List string
	// Items are the points of a list; lines have one item.
	Items []Inline
}

// Inline is a run of text; a line break in it is "\n".
type Inline []Span

// Span is text of one kind.
type Span struct {
	Text         string
	Bold, Italic bool
}

// ReadMarkdown reads bold (**…** or __…__), italic (*…* or _…_), lists (lines that
// begin with "- ", "* " or "1. ") and paragraphs, which an empty line parts.
// Anything else, addresses and HTML too, is text as it stands.
func ReadMarkdown(text string) []Paragraph {
	var all []Paragraph
	var plain []string
	end := func() {
		if joined := strings.TrimSpace(strings.Join(plain, "\n")); joined != "" {
			all = append(all, Paragraph{Items: []Inline{spans(joined)}})
		}
		plain = nil
	}
	open := false // the last line was a point of the last list
	for line := range strings.SplitSeq(strings.ReplaceAll(text, "\r\n", "\n"), "\n") {
		kind, rest := point(line)
		switch {
		case kind != "":
			end()
			if !open || all[len(all)-1].List != kind {
				all = append(all, Paragraph{List: kind})
			}
			last := &all[len(all)-1]
			last.Items = append(last.Items, spans(rest))
		case strings.TrimSpace(line) == "":
			end()
		default:
			plain = append(plain, line)
		}
		open = kind != ""
	}
	end()
	return all
}

// point reads a line of a list.
func point(line string) (kind, rest string) {
	line = strings.TrimLeft(line, " \t")
	for _, mark := range []string{"- ", "* ", "• "} {
		if rest, ok := strings.CutPrefix(line, mark); ok && strings.TrimSpace(rest) != "" {
			return "ul", strings.TrimSpace(rest)
		}
	}
	digits := len(line) - len(strings.TrimLeft(line, "0123456789"))
	if digits == 0 || digits > 3 || len(line) < digits+2 || line[digits] != '.' && line[digits] != ')' || line[digits+1] != ' ' {
		return "", ""
	}
	if rest = strings.TrimSpace(line[digits+2:]); rest == "" {
		return "", ""
	}
	return "ol", rest
}

// spans reads bold and italic. A mark that nothing closes is text; one with a
// space inside its beginning or its end, or an underscore inside a word, too.
func spans(text string) Inline { return inside(text, Span{}) }

func inside(text string, style Span) Inline {
	var out Inline
	begin := 0
	say := func(to int) {
		if begin < to {
			s := style
			s.Text = text[begin:to]
			out = append(out, s)
		}
	}
	for i := 0; i < len(text); {
		mark := markAt(text, i)
		if mark == "" {
			i++
			continue
		}
		bold := len(mark) == 2
		shut := -1
		if bold && !style.Bold || !bold && !style.Italic {
			shut = closing(text, i+len(mark), mark)
		}
		if shut < 0 || !opens(text, i, mark) {
			i += len(mark)
			continue
		}
		say(i)
		inner := style
		inner.Bold, inner.Italic = style.Bold || bold, style.Italic || !bold
		out = append(out, inside(text[i+len(mark):shut], inner)...)
		i = shut + len(mark)
		begin = i
	}
	say(len(text))
	return out
}

// markAt is the mark at a place, "" for none.
func markAt(text string, i int) string {
	if text[i] != '*' && text[i] != '_' {
		return ""
	}
	if i+1 < len(text) && text[i+1] == text[i] {
		return text[i : i+2]
	}
	return text[i : i+1]
}

// opens reports whether a mark may begin something: text follows at once and, for
// underscores, no word goes before.
func opens(text string, i int, mark string) bool {
	after, before := text[i+len(mark):], text[:i]
	return !startsBlank(after) && (mark[0] == '*' || !endsWord(before))
}

// closing finds the mark that ends what began before from, -1 when there is none.
func closing(text string, from int, mark string) int {
	for i := from; i < len(text); {
		found := markAt(text, i)
		if found == "" {
			i++
			continue
		}
		if len(mark) == 2 && found == mark && strings.HasPrefix(text[i+2:], mark[:1]) {
			i++ // of three the last two: the first ends what is italic inside
			continue
		}
		if found == mark && i > from && !endsBlank(text[:i]) && (mark[0] == '*' || !startsWord(text[i+len(mark):])) {
			return i
		}
		i += len(found)
	}
	return -1
}

func startsBlank(s string) bool { return s == "" || unicode.IsSpace([]rune(s[:min(len(s), 4)])[0]) }

func endsBlank(s string) bool {
	return s == "" || strings.TrimRightFunc(s, unicode.IsSpace) != s
}

func startsWord(s string) bool {
	for _, r := range s {
		return unicode.IsLetter(r) || unicode.IsDigit(r)
	}
	return false
}

func endsWord(s string) bool {
	r := []rune(s[max(0, len(s)-4):])
	return len(r) > 0 && (unicode.IsLetter(r[len(r)-1]) || unicode.IsDigit(r[len(r)-1]))
}
