package web

import (
	"net/url"
	"strings"
)

// LocalPath lets through what leads to a page of ours and nowhere else; "" for the
// rest. Browsers read a backslash as a slash and skip control characters.
func LocalPath(next string) string {
	if len(next) > 2000 || !strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") ||
		strings.ContainsFunc(next, func(c rune) bool { return c <= ' ' || c == '\\' || c > 0x7e }) {
		return ""
	}
	u, err := url.Parse(next)
	if err != nil || u.Host != "" || u.Scheme != "" {
		return ""
	}
	return next
}
