package mail

import (
	"bytes"
	"context"
	"flag"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

var update = flag.Bool("update", false, "write the texts in testdata anew")

func letters(t *testing.T) map[string]Letter {
	t.Helper()
	out := map[string]Letter{}
	for _, kind := range Kinds() {
		l, err := Write(kind, SampleFacts())
		if err != nil {
			t.Fatal(err)
		}
		out[kind] = l
	}
	return out
}

func drawn(t *testing.T, l Letter) string {
	t.Helper()
	var page bytes.Buffer
	if err := l.HTML().Render(context.Background(), &page); err != nil {
		t.Fatal(err)
	}
	return page.String()
}

// The texts are read as they are sent. After a change of words: go test ./views/mail -update, and read them.
func TestTexts(t *testing.T) {
	for kind, l := range letters(t) {
		file := filepath.Join("testdata", kind+".txt")
		got := l.Subject + "\n\n" + l.Text()
		if *update {
			if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if got != string(want) {
			t.Errorf("%s reads\n%s", kind, got)
		}
	}
}

func TestThereIsNoMailOfAnUnknownKind(t *testing.T) {
	if _, err := Write("x", SampleFacts()); err == nil {
		t.Error("written")
	}
}

func TestHTMLAndTextSayTheSame(t *testing.T) {
	for kind, l := range letters(t) {
		doc, err := html.Parse(strings.NewReader(drawn(t, l)))
		if err != nil {
			t.Fatal(err)
		}
		var shown strings.Builder
		for n := range doc.Descendants() {
			if n.Type == html.TextNode && n.Parent.Data != "style" && n.Parent.Data != "title" {
				shown.WriteString(strings.Join(strings.Fields(n.Data), " ") + "\n")
			}
		}
		for _, said := range append(append([]string{l.Title, l.Act.Label, l.Act.URL, l.Why}, l.Before...), l.After...) {
			if said == "" || !strings.Contains(shown.String(), said) || !strings.Contains(l.Text(), said) {
				t.Errorf("%s: %q does not stand in both", kind, said)
			}
		}
		if l.Subject == "" || l.Preview == "" || len(l.Subject) > 60 {
			t.Errorf("%s: subject %q, preview %q", kind, l.Subject, l.Preview)
		}
	}
}

// What a mail loads tells who opened it, and when.
func TestMailsLoadNothing(t *testing.T) {
	for kind, l := range letters(t) {
		page := drawn(t, l)
		doc, err := html.Parse(strings.NewReader(page))
		if err != nil {
			t.Fatal(err)
		}
		for n := range doc.Descendants() {
			for _, a := range n.Attr {
				if a.Key == "src" || a.Key == "background" || a.Key == "srcset" || a.Key == "href" && (n.Data != "a" || a.Val != l.Act.URL) || strings.HasPrefix(a.Key, "on") {
					t.Errorf("%s: <%s %s=%q>", kind, n.Data, a.Key, a.Val)
				}
			}
			if n.Type == html.ElementNode && (n.Data == "script" || n.Data == "link" || n.Data == "img" || n.Data == "form") {
				t.Errorf("%s: a <%s>", kind, n.Data)
			}
		}
		if strings.Contains(page, "url(") || strings.Contains(page, "@import") {
			t.Errorf("%s: its styles load something", kind)
		}
		if !strings.Contains(page, `<meta name="color-scheme" content="light dark"`) || !strings.Contains(page, "prefers-color-scheme: dark") {
			t.Errorf("%s: it has one palette", kind)
		}
	}
}

func TestWhatPeopleWroteIsText(t *testing.T) {
	f := SampleFacts()
	evil := `"><img src=x onerror=alert(1)>`
	f.Name, f.To = evil, evil
	for name := range f.Data {
		f.Data[name] = evil
	}
	for _, kind := range Kinds() {
		l, err := Write(kind, f)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(drawn(t, l), "<img") {
			t.Errorf("%s: what was typed is drawn", kind)
		}
	}
}

// Both palettes can be read: every colour of a text against the paper, and the button's.
func TestBothPalettesCanBeRead(t *testing.T) {
	page := drawn(t, letters(t)[KindSignIn])
	colour := func(pattern string) string {
		m := regexp.MustCompile(pattern).FindStringSubmatch(page)
		if m == nil {
			t.Fatalf("no %s", pattern)
		}
		return m[1]
	}
	for what, pair := range map[string][2]string{
		"ink":          {colour(`class="ink"[^>]*[^-]color:(#\w{6})`), colour(`class="paper"[^>]*background:(#\w{6})`)},
		"quiet":        {colour(`class="quiet"[^>]*[^-]color:(#\w{6})`), colour(`class="paper"[^>]*background:(#\w{6})`)},
		"button":       {colour(`class="button"[^>]*[^-]color:(#\w{6})`), colour(`class="button"[^>]*background:(#\w{6})`)},
		"dark, ink":    {colour(`\.ink \{ color: (#\w{6})`), colour(`\.paper \{ background: (#\w{6})`)},
		"dark, quiet":  {colour(`\.quiet \{ color: (#\w{6})`), colour(`\.paper \{ background: (#\w{6})`)},
		"dark, button": {colour(`\.button \{ background: #\w{6} !important; color: (#\w{6})`), colour(`\.button \{ background: (#\w{6})`)},
	} {
		if c := contrast(t, pair[0], pair[1]); c < 4.5 {
			t.Errorf("%s: %s on %s is %.1f:1", what, pair[0], pair[1], c)
		}
	}
	if !regexp.MustCompile(`class="button"[^>]*padding:12px 24px[^>]*/24px`).MatchString(page) { // 48 px high
		t.Error("the button is lower than 44 px")
	}
}

func contrast(t *testing.T, a, b string) float64 {
	t.Helper()
	light := func(hex string) float64 {
		var sum float64
		for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
			n, err := strconv.ParseUint(hex[1+2*i:3+2*i], 16, 8)
			if err != nil {
				t.Fatal(err)
			}
			c := float64(n) / 255
			if c <= 0.04045 {
				c /= 12.92
			} else {
				c = math.Pow((c+0.055)/1.055, 2.4)
			}
			sum += weight * c
		}
		return sum + 0.05
	}
	x, y := light(a), light(b)
	return max(x, y) / min(x, y)
}
