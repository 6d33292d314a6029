package fan

import (
	"crypto/sha256"
	"encoding/base64"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// directives takes a policy apart.
func directives(csp string) map[string][]string {
	parts := map[string][]string{}
	for part := range strings.SplitSeq(csp, ";") {
		words := strings.Fields(part)
		parts[words[0]] = words[1:]
	}
	return parts
}

var styleElement = regexp.MustCompile(`(?s)<style>(.*?)</style>`)

func TestPolicyAllowsExactlyTheStyles(t *testing.T) {
	made := themes(t, "")
	fixed := map[string]string{}
	for _, theme := range ThemeNames() {
		for _, sample := range Samples(testSupply()) {
			page := sample.Page
			page.Theme = theme
			text, csp, err := made.Render(page)
			if err != nil {
				t.Fatal(err)
			}
			var hashes []string
			for _, found := range styleElement.FindAllSubmatch(text, -1) {
				sum := sha256.Sum256(found[1])
				hashes = append(hashes, "'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+"'")
			}
			if got := directives(csp)["style-src"]; len(hashes) != 2 || !slices.Equal(got, hashes) {
				t.Errorf("%s/%s: the policy allows %v, the styles are %v", theme, sample.Name, got, hashes)
			}
			kinds := theme
			for _, class := range slices.Sorted(maps.Keys(made.sheet(page).blockClasses())) {
				if slices.ContainsFunc(made.byName[theme].parts, func(p part) bool { return slices.Contains(p.of, class) }) {
					kinds += " " + class
				}
			}
			if before, ok := fixed[kinds]; ok && before != hashes[0] {
				t.Errorf("%s: the style differs between pages with the same kinds of block", kinds)
			}
			fixed[kinds] = hashes[0]
		}
	}
}

func TestPolicy(t *testing.T) {
	page := normal()
	for _, c := range []struct {
		theme, cdn string
		preview    bool
		want       map[string]string
	}{
		{"plain", "", false, map[string]string{
			"default-src": "'none'", "img-src": "'self'", "font-src": "'self'", "script-src": "'self'", "connect-src": "'self'",
			"base-uri": "'none'", "form-action": "'none'", "frame-ancestors": "'none'",
		}},
		{"tape", "https://cdn.example/a", false, map[string]string{
			"default-src": "'none'", "img-src": "'self' https://cdn.example data:", "font-src": "'self' https://cdn.example",
			"script-src": "'self' https://cdn.example", "connect-src": "'self'",
			"base-uri": "'none'", "form-action": "'none'", "frame-ancestors": "'none'",
		}},
		{"jacket", "", true, map[string]string{
			"default-src": "'none'", "img-src": "'self'", "font-src": "'self'",
			"base-uri": "'none'", "form-action": "'none'", "frame-ancestors": "'self'",
		}},
	} {
		page.Theme, page.Preview = c.theme, c.preview
		text, csp, err := themes(t, c.cdn).Render(page)
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]string{}
		for name, sources := range directives(csp) {
			if name != "style-src" {
				got[name] = strings.Join(sources, " ")
			}
		}
		for name := range c.want {
			if got[name] != c.want[name] {
				t.Errorf("%s, CDN %q: %s is %q, want %q", c.theme, c.cdn, name, got[name], c.want[name])
			}
		}
		if len(got) != len(c.want) {
			t.Errorf("%s: directives %v, want %v", c.theme, got, c.want)
		}
		if strings.Contains(csp, "unsafe") || strings.Contains(csp, "*") {
			t.Errorf("the policy is loose: %s", csp)
		}
		if c.cdn != "" && (!strings.Contains(string(text), c.cdn+"/static/fonts/") || !strings.Contains(string(text), `src="`+c.cdn+"/static/js/beacon.")) {
			t.Error("fonts or beacon do not come from the CDN")
		}
	}
}

func TestThemesRefuseAWrongCDN(t *testing.T) {
	for _, cdn := range []string{"cdn.example", "ftp://cdn.example", "https://", "https://a b/"} {
		if _, err := NewThemes(cdn); err == nil {
			t.Errorf("%q was taken", cdn)
		}
	}
}

func TestMinify(t *testing.T) {
	for css, want := range map[string]string{
		"a { color : red ; }\n\nb{}":                          "a{color :red}b{}",
		"/* one */a{b:c}/* two */":                            "a{b:c}",
		"a /* x */ b{c:d}":                                    "a b{c:d}",
		"a :hover > b , c{d:e}":                               "a :hover>b,c{d:e}",
		`a{content:"x ; /* y */ {  }"}`:                       `a{content:"x ; /* y */ {  }"}`,
		`a{content:"\"  {"}`:                                  `a{content:"\"  {"}`,
		"a{width:calc( 1px + 2px );margin: 0 auto}":           "a{width:calc(1px + 2px);margin:0 auto}",
		"@media (min-width: 60rem) and (hover:hover){a{b:c}}": "@media (min-width:60rem) and (hover:hover){a{b:c}}",
		"a{b:c;\n}\n":                                         "a{b:c}",
		`a{b:c 50% / cover}`:                                  `a{b:c 50% / cover}`,
	} {
		if got := minify(css); got != want {
			t.Errorf("minify(%q) = %q, want %q", css, got, want)
		}
	}
}

func TestThemesLoadOnlyOurOwnFiles(t *testing.T) {
	for name, theme := range themes(t, "").byName {
		style := whole(theme)
		for _, found := range regexp.MustCompile(`url\(([^)]*)`).FindAllStringSubmatch(style, -1) {
			if address := strings.Trim(found[1], `"'`); !strings.HasPrefix(address, "/static/fonts/") && !strings.HasPrefix(address, "data:image/svg+xml,") && !strings.HasPrefix(address, "data:image/webp;base64,") && !strings.HasPrefix(address, "%23") &&
				!strings.Contains(theme.filters, `id="`+strings.TrimPrefix(address, "#")+`"`) {
				t.Errorf("%s loads %s", name, address)
			}
		}
		if strings.Contains(style, "@import") || strings.Contains(style, "/*") {
			t.Errorf("%s: an import or a comment is left", name)
		}
	}
}

// whole is all of a theme's CSS, as a page with every kind of block would get it.
func whole(theme *theme) string {
	all := map[string]bool{}
	for _, p := range theme.parts {
		for _, class := range p.of {
			all[class] = true
		}
	}
	return theme.dress(all)
}

func TestCut(t *testing.T) {
	made := theme{parts: cut(`/* Title */ a{b:c}
/*= tour release */
.d { e : f } /* why */
/*= divider */
.g{h:i}
/*= */
j{k:l}`)}
	for _, c := range []struct {
		classes []string
		want    string
	}{
		{nil, "a{b:c}j{k:l}"},
		{[]string{"link", "block"}, "a{b:c}j{k:l}"},
		{[]string{"release"}, "a{b:c}.d{e :f}j{k:l}"},
		{[]string{"divider", "tour"}, "a{b:c}.d{e :f}.g{h:i}j{k:l}"},
	} {
		classes := map[string]bool{}
		for _, class := range c.classes {
			classes[class] = true
		}
		if got := made.dress(classes); got != c.want {
			t.Errorf("%v: %s, want %s", c.classes, got, c.want)
		}
	}
}

// TestPartsAreForKnownBlocks finds a mark that is misspelt: what it opens would reach no page.
func TestPartsAreForKnownBlocks(t *testing.T) {
	structure, err := os.ReadFile("STRUCTURE.md")
	if err != nil {
		t.Fatal(err)
	}
	classes := map[string]bool{"big": true, "run": true}
	for _, class := range worn(t).Look.classes() {
		classes[class] = true
	}
	for _, found := range regexp.MustCompile(`<li class="block ([^"]*)"`).FindAllSubmatch(structure, -1) {
		for class := range strings.FieldsSeq(string(found[1])) {
			classes[class] = true
		}
	}
	for name, theme := range themes(t, "").byName {
		for _, p := range theme.parts {
			for _, class := range p.of {
				if !classes[class] {
					t.Errorf("%s has a part for %q, which no block is called", name, class)
				}
			}
		}
	}
}

// TestBraces finds a part that opens what it does not close: joined with others it would take them along.
func TestBraces(t *testing.T) {
	for name, theme := range themes(t, "").byName {
		for _, p := range theme.parts {
			depth := 0
			for _, r := range p.css {
				switch r {
				case '{':
					depth++
				case '}':
					depth--
				}
				if depth < 0 {
					break
				}
			}
			if depth != 0 {
				t.Errorf("%s: the part for %v does not close what it opens", name, p.of)
			}
		}
	}
}
