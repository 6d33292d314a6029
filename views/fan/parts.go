package fan

import (
	"slices"
	"strings"
)

// part is a stretch of a theme's CSS.
type part struct {
	// of are the classes of the blocks it dresses; none for what every page needs.
	of  []string
	css string
}

// mark opens a part within a theme's CSS and names the classes of the blocks that it is for:
//
//	/*= tour release */ … /*= */
//
// What follows a mark without names, and what stands before the first, goes to every page.
const mark = "/*="

// cut takes a theme's CSS apart at its marks, without comments and needless space.
func cut(css string) []part {
	var parts []part
	for i, text := range strings.Split(css, mark) {
		var p part
		if i > 0 {
			names, rest, _ := strings.Cut(text, "*/")
			p.of, text = strings.Fields(names), rest
		}
		if p.css = minify(text); p.css != "" {
			parts = append(parts, p)
		}
	}
	return parts
}

// dress joins what a page with blocks of these classes needs. The same classes always give the same bytes.
func (t *theme) dress(classes map[string]bool) string {
	var out strings.Builder
	out.Grow(12 << 10)
	for _, p := range t.parts {
		if len(p.of) == 0 || slices.ContainsFunc(p.of, func(class string) bool { return classes[class] }) {
			out.WriteString(p.css)
		}
	}
	return out.String()
}
