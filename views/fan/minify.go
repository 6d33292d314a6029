package fan

import "strings"

// minify takes comments and needless space out of CSS. It knows only what our own themes use: strings and url(…) stay
// as they are, and so does the space around + and - that calc() needs and the one before a colon, which in a selector
// means "any descendant".
func minify(css string) string {
	var out strings.Builder
	out.Grow(len(css))
	space := false
	last := byte(0)
	for i := 0; i < len(css); i++ {
		c := css[i]
		switch {
		case strings.HasPrefix(css[i:], "/*"):
			end := strings.Index(css[i+2:], "*/")
			if end < 0 {
				return out.String()
			}
			i += 2 + end + 1
			space = true
		case c == ' ' || c == '\n' || c == '\t' || c == '\r':
			space = true
		default:
			if space && last != 0 && !strings.ContainsRune("{};:,>(", rune(last)) && !strings.ContainsRune("{};,>)", rune(c)) {
				out.WriteByte(' ')
			}
			space = false
			if c == '}' && last == ';' {
				text := strings.TrimSuffix(out.String(), ";")
				out.Reset()
				out.WriteString(text)
			}
			if c == '"' || c == '\'' {
				end := closing(css, i)
				out.WriteString(css[i : end+1])
				i = end
			} else {
				out.WriteByte(c)
			}
			last = css[i]
		}
	}
	return out.String()
}

// closing is where the string that opens at start ends.
func closing(css string, start int) int {
	for i := start + 1; i < len(css); i++ {
		switch css[i] {
		case '\\':
			i++
		case css[start]:
			return i
		}
	}
	return len(css) - 1
}
