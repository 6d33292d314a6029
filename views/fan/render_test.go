package fan

import (
	"bytes"
	"compress/gzip"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/internal/providers"
)

func themes(t *testing.T, cdn string) *Themes {
	t.Helper()
	made, err := NewThemes(cdn)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func testSupply() Supply {
	return Supply{
		Picture: func(name string) *Picture {
			return &Picture{
				Src: "/m/" + name + "-960.webp", SrcSet: "/m/" + name + "-480.webp 480w, /m/" + name + "-960.webp 960w",
				Width: 960, Height: 1200, Alt: "A portrait", Focus: "46% 42%",
			}
		},
		Icon: func(network string) Icon {
			p, _ := providers.ByKey(network)
			return Icon{ID: p.Icon.Name, Path: p.Icon.Path, Stroke: p.Icon.Stroke}
		},
	}
}

// normal is the usual sample.
func normal() Page {
	page := Samples(testSupply())[0].Page
	page.ProfileID = model.NewProfileID()
	return page
}

// drawn is a page as it was sent, parsed.
type drawn struct {
	text, csp string
	root      *html.Node
}

func draw(t *testing.T, themes *Themes, page Page) drawn {
	t.Helper()
	text, csp, err := themes.Render(page)
	if err != nil {
		t.Fatal(err)
	}
	root, err := html.Parse(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return drawn{string(text), csp, root}
}

// all are the elements of a name in document order.
func (d drawn) all(tag string) []*html.Node {
	var found []*html.Node
	for n := range d.root.Descendants() {
		if n.Type == html.ElementNode && n.Data == tag {
			found = append(found, n)
		}
	}
	return found
}

// class are the elements that carry a class.
func (d drawn) class(name string) []*html.Node {
	var found []*html.Node
	for n := range d.root.Descendants() {
		if n.Type == html.ElementNode && slices.Contains(strings.Fields(attr(n, "class")), name) {
			found = append(found, n)
		}
	}
	return found
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func has(n *html.Node, name string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == name })
}

func inner(n *html.Node) string {
	var out strings.Builder
	for child := range n.Descendants() {
		if child.Type == html.TextNode {
			out.WriteString(child.Data)
		}
	}
	return out.String()
}

func TestStructure(t *testing.T) {
	made := themes(t, "")
	for _, theme := range ThemeNames() {
		for _, sample := range Samples(testSupply()) {
			t.Run(theme+"/"+sample.Name, func(t *testing.T) {
				page := sample.Page
				page.Theme = theme
				d := draw(t, made, page)
				root := d.all("html")[0]
				class, scheme := strings.Join(append([]string{"t-" + theme}, page.Look.classes()...), " "), "auto"
				if colours := page.Look.Colours; colours != nil {
					scheme = map[bool]string{true: "dark", false: "light"}[colours.Ground.Dark()]
				}
				if attr(root, "class") != class || attr(root, "lang") == "" || attr(root, "data-scheme") != scheme {
					t.Errorf("html: %v", root.Attr)
				}
				if attr(root, "dir") != page.Name.Dir || attr(root, "data-script") != page.Name.Script {
					t.Errorf("html: %v for a name that is %s %s", root.Attr, page.Name.Dir, page.Name.Script)
				}
				if got := inner(d.class("name")[0]); strings.Join(strings.Fields(got), " ") != page.Name.Text {
					t.Errorf("the name reads %q, want %q", got, page.Name.Text)
				}
				if got := len(d.class("portrait")); (got == 1) != (page.Picture != nil) {
					t.Errorf("%d portraits", got)
				}
				main := strings.Fields(attr(d.all("main")[0], "class"))
				if slices.Contains(main, "has-picture") != (page.Picture != nil) || slices.Contains(main, "many") != (len(page.Blocks) > 12) ||
					slices.Contains(main, "one") != (len(page.Blocks) == 1) {
					t.Errorf("main is %v with %d blocks", main, len(page.Blocks))
				}
				if got := len(d.class("block")); got != len(page.Blocks) {
					t.Errorf("%d blocks, want %d", got, len(page.Blocks))
				}
				if got := len(d.class("half")); (got == 1) != (len(page.Blocks) >= 4) {
					t.Errorf("%d halves of %d blocks", got, len(page.Blocks))
				}
				if got := len(d.class("mark")); (got == 1) != page.Branding {
					t.Errorf("%d footers, branding %v", got, page.Branding)
				}
				if got := len(d.all("h1")); got != 1 {
					t.Errorf("%d h1", got)
				}
				for _, list := range append(d.all("ol"), d.all("ul")...) {
					if attr(list, "role") != "list" {
						t.Error("a list without its role")
					}
				}
				for _, use := range d.all("use") {
					id := strings.TrimPrefix(attr(use, "href"), "#")
					if !slices.ContainsFunc(d.all("symbol"), func(n *html.Node) bool { return attr(n, "id") == id }) {
						t.Errorf("no drawing %s", id)
					}
				}
				for n := range d.root.Descendants() {
					for _, a := range n.Attr {
						if a.Key == "style" || strings.HasPrefix(a.Key, "on") {
							t.Errorf("<%s %s=%q> is not allowed by the policy", n.Data, a.Key, a.Val)
						}
					}
				}
			})
		}
	}
}

func TestSamplesAreWhatTheySay(t *testing.T) {
	seen := map[string]Page{}
	for _, sample := range Samples(testSupply()) {
		if _, twice := seen[sample.Name]; twice {
			t.Errorf("two samples are called %s", sample.Name)
		}
		seen[sample.Name] = sample.Page
	}
	links := 0
	for _, block := range seen["forty-links"].Blocks {
		if block.Kind == KindLink {
			links++
		}
	}
	if links != 40 {
		t.Errorf("forty-links has %d", links)
	}
	if n := len([]rune(seen["long-name"].Name.Text)); n != 60 {
		t.Errorf("the name of 60 characters has %d", n)
	}
	if seen["arabic"].Name.Dir != "rtl" || seen["japanese"].Name.Script != "cjk" || seen["no-picture"].Picture != nil {
		t.Error("a sample does not show its state")
	}
}

func TestHostileText(t *testing.T) {
	const evil = `"><script>alert(1)</script><img src=x onerror=alert(1)>'</style></title>&amp;<!--`
	page := normal()
	page.Name, page.Bio, page.Description = Measure(evil), evil, evil
	page.Handle, page.URL, page.Lang, page.Scheme, page.Theme = evil, "https://x.example/"+evil, evil, evil, evil
	page.Picture = &Picture{Src: evil, SrcSet: evil, Sizes: evil, Alt: evil, Width: 1, Height: 1, Focus: "1% 1%}</style>" + evil}
	page.Card = Card{Title: evil, Description: evil, Image: evil, ImageAlt: evil}
	page.Socials = []Social{{Network: evil, Icon: evil, Label: evil, Href: "javascript:alert(1)", DataLink: evil}}
	page.Icons = []Icon{{ID: evil, Path: evil}}
	page.Blocks = []Block{
		{Kind: KindLink, Title: evil, Figure: evil, Href: "JavaScript:alert(1)", DataLink: evil},
		{Kind: KindLink, Title: evil, Href: "//evil.example"},
		{Kind: KindLink, Title: evil, Href: `/\evil.example`},
		{Kind: KindLink, Title: evil, Href: "data:text/html," + evil},
		{Kind: KindHeading, Title: evil},
		{Kind: KindText, Text: evil + "\n\n" + evil},
		{Kind: Kind(evil), Title: evil},
	}
	page.Home = "javascript:alert(1)"
	made := themes(t, "")
	for _, theme := range append(ThemeNames(), evil) {
		page.Theme = theme
		d := draw(t, made, page)
		if n := len(d.all("script")); n != 1 {
			t.Errorf("%s: %d scripts, want the beacon alone", theme, n)
		}
		if n := len(d.all("style")); n != 2 {
			t.Errorf("%s: %d styles", theme, n)
		}
		if n := len(d.all("img")); n != 1 {
			t.Errorf("%s: %d pictures, want the portrait alone", theme, n)
		}
		if n := strings.Count(d.text, "</style>"); n != 2 {
			t.Errorf("%s: %d ends of styles", theme, n)
		}
		for _, a := range d.all("a") {
			if href := attr(a, "href"); href != "about:invalid" {
				t.Errorf("%s: a link leads to %q", theme, href)
			}
		}
		for n := range d.root.Descendants() {
			for _, a := range n.Attr {
				if strings.HasPrefix(a.Key, "on") {
					t.Errorf("%s: <%s %s>", theme, n.Data, a.Key)
				}
			}
		}
		if got := inner(d.class("name")[0]); got != page.Name.Text {
			t.Errorf("%s: the name reads %q", theme, got)
		}
		if got := inner(d.class("bio")[0]); got != evil {
			t.Errorf("%s: the bio reads %q", theme, got)
		}
		if n := len(d.class("block")); n != 6 {
			t.Errorf("%s: %d blocks, the unknown one is not to be drawn", theme, n)
		}
	}
}

func TestLinks(t *testing.T) {
	page := normal()
	page.Socials = []Social{{Network: "mail", Label: "E-mail", Href: "mailto:a@b.example", DataLink: "s1"}}
	page.Blocks = []Block{
		{Kind: KindLink, Title: "Out", Href: "/r/p/l1"},
		{Kind: KindLink, Title: "Call", Href: "tel:+491234", DataLink: "l2"},
		{Kind: KindLink, Title: "Text", Href: "sms:+491234?body=a&b", DataLink: "l3"},
	}
	made := themes(t, "")
	d := draw(t, made, page)
	want := []string{"mailto:a@b.example s1", "/r/p/l1 ", "tel:+491234 l2", "sms:+491234?body=a&b l3", "/ "}
	var got []string
	for _, a := range d.all("a") {
		got = append(got, attr(a, "href")+" "+attr(a, "data-link"))
		if has(a, "target") {
			t.Errorf("%s opens a tab of its own", attr(a, "href"))
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("links %q, want %q", got, want)
	}
	if len(d.all("script")) != 1 || attr(d.all("script")[0], "data-view") != "/v/"+page.ProfileID.String() || !has(d.all("script")[0], "async") {
		t.Error("no async beacon for this profile")
	}
	if !strings.Contains(d.text, `<noscript><img class="vh" src="/v/`+page.ProfileID.String()+`.gif" alt="" width="1" height="1"></noscript>`) {
		t.Error("no pixel for browsers without scripts")
	}

	page.Preview = true
	d = draw(t, made, page)
	if len(d.all("script")) != 0 || len(d.all("noscript")) != 0 || strings.Contains(d.text, "/v/") {
		t.Error("a preview counts")
	}
	for _, a := range d.all("a") {
		if attr(a, "target") != "_blank" || !strings.Contains(attr(a, "rel"), "noopener") || has(a, "data-link") {
			t.Errorf("in a preview: %v", a.Attr)
		}
	}
}

func TestDirectionOfSingleTexts(t *testing.T) {
	page := normal()
	page.Blocks = []Block{
		{Kind: KindLink, Title: "Night Bus", Href: "/r/1"},
		{Kind: KindLink, Title: "باص الليل", Href: "/r/2"},
		{Kind: KindLink, Title: "42", Href: "/r/3"},
	}
	var got []string
	for _, n := range draw(t, themes(t, ""), page).class("title") {
		got = append(got, attr(n, "dir"))
	}
	if !slices.Equal(got, []string{"", "rtl", ""}) {
		t.Errorf("directions %q", got)
	}
}

func TestLanguage(t *testing.T) {
	made := themes(t, "")
	for _, c := range []struct{ name, bio, set, want string }{
		{"Ines", "Soul and dub", "", "en"},
		{"Ines", "Soul and dub", "pt-BR", "pt-BR"},
		{"山田", "夜のバスのための歌", "", "ja"},
		{"山田", "", "", "zh"},
		{"YOASOBI", "小説を音楽にするユニット。新しい曲はこちらから聴けます。", "", "ja"},
		{"ليلى", "", "", "ar"},
	} {
		page := Page{Handle: "x", Name: Measure(c.name), Bio: c.bio, Lang: c.set}
		if got := attr(draw(t, made, page).all("html")[0], "lang"); got != c.want {
			t.Errorf("%s, %q: language %s, want %s", c.name, c.bio, got, c.want)
		}
	}
}

func TestPageWithoutAName(t *testing.T) {
	d := draw(t, themes(t, ""), Page{Handle: "nameless"})
	if got := inner(d.all("h1")[0]); got != "nameless" {
		t.Errorf("the page is headed %q", got)
	}
	if len(d.all("ol"))+len(d.all("nav"))+len(d.all("footer")) != 0 {
		t.Error("empty parts are drawn")
	}
}

func TestDocumentFitsTheFirstRoundTrip(t *testing.T) {
	made := themes(t, "")
	page := normal()
	page.Description = "Soul, dub and harbour fog. London–Lagos."
	page.Card.Image = "https://hlpfl.example/m/portrait-ines-960.webp"
	page.Socials, page.Icons, page.Blocks = nil, nil, nil
	used := map[string]bool{}
	for _, provider := range providers.Networks() {
		if len(page.Icons) == 20 {
			break
		}
		if used[provider.Icon.Name] {
			continue
		}
		used[provider.Icon.Name] = true
		id := model.NewProfileID().String()[24:]
		page.Icons = append(page.Icons, Icon{ID: provider.Icon.Name, Path: provider.Icon.Path, Stroke: provider.Icon.Stroke})
		page.Socials = append(page.Socials, Social{
			Network: provider.Key, Icon: provider.Icon.Name, Label: provider.Name, Href: "/r/" + page.ProfileID.String() + "/s" + id,
		})
	}
	blocks := Samples(testSupply())[3].Page.Blocks
	for i, block := range blocks[:20] {
		block.Href = "/r/" + page.ProfileID.String() + "/" + model.NewProfileID().String()[24:]
		blocks[i] = block
	}
	page.Blocks = blocks[:20]
	if len(page.Icons) != 20 {
		t.Fatalf("only %d different drawings", len(page.Icons))
	}
	for _, theme := range ThemeNames() {
		page.Theme = theme
		text, _, err := made.Render(page)
		if err != nil {
			t.Fatal(err)
		}
		var packed bytes.Buffer
		z, err := gzip.NewWriterLevel(&packed, 6)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := z.Write(text); err != nil {
			t.Fatal(err)
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		t.Logf("%-7s 20 links and 20 icons: %5d bytes, %5d in gzip", theme, len(text), packed.Len())
		if packed.Len() > 14*1024 {
			t.Errorf("%s: %d bytes in gzip, more than fit the first round trip (%d)", theme, packed.Len(), 14*1024)
		}
	}
}
