package model

import (
	"strings"
	"testing"
)

// flat writes the tree in a short form: [b], [i], [ul|a|b].
func flat(text string) string {
	run := func(spans Inline) string {
		var out strings.Builder
		for _, s := range spans {
			switch {
			case s.Bold && s.Italic:
				out.WriteString("[bi " + s.Text + "]")
			case s.Bold:
				out.WriteString("[b " + s.Text + "]")
			case s.Italic:
				out.WriteString("[i " + s.Text + "]")
			default:
				out.WriteString(s.Text)
			}
		}
		return out.String()
	}
	var parts []string
	for _, p := range ReadMarkdown(text) {
		if p.List == "" {
			parts = append(parts, run(p.Items[0]))
			continue
		}
		list := "[" + p.List
		for _, item := range p.Items {
			list += "|" + run(item)
		}
		parts = append(parts, list+"]")
	}
	return strings.Join(parts, " / ")
}

func TestReadMarkdown(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"plain":                       "plain",
		"a\nb\n\nc":                   "a\nb / c",
		"**bold** and *italic*":       "[b bold] and [i italic]",
		"__bold__ and _italic_":       "[b bold] and [i italic]",
		"***both***":                  "[bi both]",
		"**a *b* c**":                 "[b a ][bi b][b  c]",
		"*a **b** c*":                 "[i a ][bi b][i  c]",
		"2 * 3 * 4":                   "2 * 3 * 4",
		"**open":                      "**open",
		"* **":                        "[ul|**]",
		"snake_case_name":             "snake_case_name",
		"**":                          "**",
		"****":                        "****",
		"- a\n- **b**\n* c":           "[ul|a|[b b]|c]",
		"1. a\n2) b\n\ntext":          "[ol|a|b] / text",
		"Intro\n- a\nafter":           "Intro / [ul|a] / after",
		"- a\n1. b":                   "[ul|a] / [ol|b]",
		"- a\n\n- b":                  "[ul|a] / [ul|b]",
		"1999. A year":                "1999. A year",
		"[link](https://example.com)": "[link](https://example.com)",
		"<script>alert(1)</script>":   "<script>alert(1)</script>",
		"https://example.com/a_b_c":   "https://example.com/a_b_c",
		"# heading":                   "# heading",
		"**über** _東京_":               "[b über] [i 東京]",
		"-":                           "-",
		"":                            "",
	} {
		if got := flat(text); got != want {
			t.Errorf("%q reads %q, want %q", text, got, want)
		}
	}
}

// No letter is lost but marks, and none is made.
func FuzzReadMarkdown(f *testing.F) {
	for _, seed := range []string{"**a** _b_", "- a\n1. b", "***", "**a*b**c*", "_a_b_", strings.Repeat("*_", 200)} {
		f.Add(seed)
	}
	marks := strings.NewReplacer("*", "", "_", "", "-", "", "•", "", "\n", "", "\r", "", "\t", "", " ", "", ".", "", ")", "")
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 4*MaxText || strings.ContainsAny(text, "0123456789") {
			return // a list's own numbers are marks
		}
		var out strings.Builder
		for _, p := range ReadMarkdown(text) {
			for _, item := range p.Items {
				for _, span := range item {
					out.WriteString(span.Text)
				}
			}
		}
		clean := func(s string) string { return strings.Join(strings.Fields(marks.Replace(s)), "") }
		if got, want := clean(out.String()), clean(text); got != want {
			t.Fatalf("%q reads %q, want %q", text, got, want)
		}
	})
}
