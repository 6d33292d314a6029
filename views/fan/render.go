package fan

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"github.com/hlpfl/platform/static"
	"github.com/hlpfl/platform/views"
)

// sheet is a page with everything decided that its markup needs.
type sheet struct {
	Page
	*theme
	themeName string
	style     string
	values    string
	cdn       string
	beacon    string
	player    string
	icon      string
	icons     map[string]bool
	// preload is the address of the font that the name is set in, face its widths; nil where the theme does not fit the
	// name to a width.
	preload string
	face    *face
	// light and dark are the colours at the top of the page.
	light, dark string
	// half is the block that opens the second half, -1 when there is none.
	half int
}

// Render draws a page: the whole document, and the Content-Security-Policy that belongs to exactly these bytes.
// The error is never about the page's content; it means that writing to memory failed.
func (t *Themes) Render(page Page) (html []byte, csp string, err error) {
	s := t.sheet(page)
	var out bytes.Buffer
	out.Grow(len(s.style) + 16<<10)
	if err := document(s).Render(context.Background(), &out); err != nil {
		return nil, "", fmt.Errorf("draw the page of %s: %w", page.Handle, err)
	}
	return out.Bytes(), t.policy(s.style, s.values, s.frames(), page.Preview), nil
}

func (t *Themes) sheet(page Page) sheet {
	s := sheet{Page: page, cdn: t.cdn, beacon: t.beacon, player: t.player, icon: t.icon, icons: map[string]bool{}}
	s.themeName, s.theme = t.theme(page.Theme)
	if len(s.Name.Words) == 0 {
		s.Name = Measure(page.Handle)
	}
	if s.Scheme != "light" && s.Scheme != "dark" {
		s.Scheme = "auto"
	}
	s.wear()
	if s.Lang == "" {
		s.Lang = s.guessLanguage()
	}
	s.Blocks = known(page.Blocks)
	if !s.theme.icons {
		s.Icons = s.ownIcons()
	}
	for _, icon := range s.Icons {
		s.icons[icon.ID] = true
	}
	s.half = half(s.Blocks)
	s.style = t.faces(s.Look) + s.dress(s.blockClasses())
	s.values = s.pageValues()
	if s.Home == "" {
		s.Home = views.Home()
	}
	if s.Card.Title == "" {
		s.Card.Title = s.Name.Text
	}
	if s.Card.Description == "" {
		s.Card.Description = s.Description
	}
	return s
}

// wear takes over what the artist changed of the theme.
func (s *sheet) wear() {
	s.preload, s.face, s.light, s.dark = s.theme.preload, s.theme.face, s.theme.light, s.theme.dark
	if c := s.Look.Colours; c != nil {
		s.light = string(c.Ground)
		if s.top != nil {
			s.light = string(s.top(tonesOf(*c)))
		}
		s.dark = s.light
		s.Scheme = "light"
		if c.Ground.Dark() {
			s.Scheme = "dark"
		}
	}
	if s.full && s.Picture != nil {
		s.Look.Background = nil
	}
	if font, ok := FontByID(s.Look.NameFont); ok {
		s.preload = s.cdn + static.URL(font.NameFile)
		own := face{widths: font.widths, spacing: s.spacing}
		if s.face != nil {
			own = s.face.in(font)
		}
		s.face = &own
	}
}

// rootClass is the class of the document.
func (s sheet) rootClass() string {
	return strings.Join(append([]string{"t-" + s.themeName}, s.Look.classes()...), " ")
}

// guessLanguage looks at everything the artist wrote: a name in kanji alone is Japanese when the rest is.
func (s sheet) guessLanguage() string {
	texts := []string{s.Name.Text, s.Bio}
	for _, block := range s.Blocks {
		texts = append(texts, block.Title, block.Text)
	}
	if lang := count(texts...).language(); lang != "" {
		return lang
	}
	if s.Name.Lang != "" {
		return s.Name.Lang
	}
	return "en"
}

// known leaves out what this version cannot draw.
func known(blocks []Block) []Block {
	kept := make([]Block, 0, len(blocks))
	for _, block := range blocks {
		if kinds[block.Kind] {
			kept = append(kept, block)
		}
	}
	return kept
}

// half is the block that opens the second half, -1 for fewer than four. A heading goes with what it stands over.
func half(blocks []Block) int {
	if len(blocks) < 4 {
		return -1
	}
	at := len(blocks) / 2
	for at > 1 && blocks[at-1].Kind == KindHeading {
		at--
	}
	return at
}

// tintForm is the only kind of colour that reaches it.
var tintForm = regexp.MustCompile(`^#[0-9a-f]{6}$`)

// focusForm is the only kind of focus that reaches the page's style.
var focusForm = regexp.MustCompile(`^\d{1,3}(\.\d{1,2})?% \d{1,3}(\.\d{1,2})?%$`)

// pageValues is the second style element: what the theme has to know of this page.
func (s sheet) pageValues() string {
	var out strings.Builder
	value := func(name, text string) {
		if out.Len() > 0 {
			out.WriteByte(';')
		}
		out.WriteString("--" + name + ":" + text)
	}
	value("longest", figure(s.Name.Longest))
	value("length", figure(s.Name.Length))
	value("words", strconv.Itoa(len(s.Name.Words)))
	if s.face != nil {
		if em, ok := s.face.widest(s.Name); ok {
			value("fit", figure(em))
		}
		if em, ok := s.face.line(s.Name); ok {
			value("all", figure(em))
		}
	}
	if s.Look.Colours != nil {
		tonesOf(*s.Look.Colours).values(value)
	}
	if font, ok := FontByID(s.Look.NameFont); ok {
		value("big", font.Stack)
		value("heavy", strconv.Itoa(font.Weight))
		value("cap", figure(font.Capital))
	}
	if font, ok := FontByID(s.Look.TextFont); ok {
		value("run", font.Stack)
		if font.NameFile != font.File { // what is a little bolder than text is not worth another file
			value("firm", "400")
		}
	}
	if shape, ok := shapes[s.Look.Buttons]; ok {
		value("shape", shape)
	}
	if s.Look.Background != nil && focusForm.MatchString(s.Look.Background.Focus) {
		value("back", s.Look.Background.Focus)
	}
	if s.Picture != nil && focusForm.MatchString(s.Picture.Focus) {
		value("focus", s.Picture.Focus)
		value("aim", "1")
	}
	tint := ""
	if s.Picture != nil && tintForm.MatchString(s.Picture.Tint) {
		value("tint", s.Picture.Tint)
		tint = ".portrait img{background:var(--tint)}"
	}
	rooms := ""
	if s.face != nil && s.Name.Script == "latin" { // others are set without the theme's spacing
		rooms = s.face.rooms(s.Name)
	}
	return ":root:root{" + out.String() + "}" + rooms + tint
}

// figure writes a number as short as CSS can read it.
func figure(f float64) string {
	text := strconv.FormatFloat(f, 'f', 3, 64)
	return strings.TrimPrefix(strings.TrimRight(strings.TrimRight(text, "0"), "."), "0")
}

// pageClass is the class of main.
func (s sheet) pageClass() string {
	class := "page has-picture"
	if s.Picture == nil {
		class = "page no-picture"
	}
	switch n := len(s.Blocks); {
	case n == 1:
		class += " one"
	case n > 12:
		class += " many"
	}
	return class
}

// blockClass is the class of the block at place i.
func (s sheet) blockClass(i int) string {
	class := "block " + string(s.Blocks[i].Kind)
	if s.Blocks[i].Featured {
		class += " featured"
	}
	if !s.Blocks[i].Out.IsZero() {
		class += " to-come"
	}
	if i == s.half {
		class += " half"
	}
	return class
}

// blockClasses are the classes of the look and of all blocks together, by which a theme knows what it has to dress; big
// and run among them where its own fonts are worn.
func (s sheet) blockClasses() map[string]bool {
	all := map[string]bool{}
	if _, ok := FontByID(s.Look.NameFont); !ok {
		all["big"] = true
	}
	if _, ok := FontByID(s.Look.TextFont); !ok {
		all["run"] = true
	}
	for _, class := range s.Look.classes() {
		all[class] = true
	}
	for i := range s.Blocks {
		for class := range strings.FieldsSeq(s.blockClass(i)) {
			all[class] = true
		}
	}
	return all
}

// dir gives a text its own direction where that is not the page's.
func (s sheet) dir(text string) templ.OrderedAttributes {
	if l := count(text); l.known() && l.direction() != s.Name.Dir {
		return templ.OrderedAttributes{{Key: "dir", Value: l.direction()}}
	}
	return nil
}

// leads is what every link has: where it goes and, in a preview, that it does so in a new tab.
func (s sheet) leads(href, dataLink, rel string) templ.OrderedAttributes {
	attributes := templ.OrderedAttributes{{Key: "href", Value: string(safe(href))}}
	if s.Preview {
		rel = strings.TrimSpace(rel + " noopener")
		attributes = append(attributes, templ.KeyValue[string, any]{Key: "target", Value: "_blank"})
	} else if dataLink != "" {
		attributes = append(attributes, templ.KeyValue[string, any]{Key: "data-link", Value: dataLink})
	}
	if rel != "" {
		attributes = append(attributes, templ.KeyValue[string, any]{Key: "rel", Value: rel})
	}
	return attributes
}

// safe lets through the addresses a page may lead to. Links are checked when they are saved; this holds should a
// document ever come from somewhere else.
func safe(href string) templ.SafeURL {
	lower := strings.ToLower(href)
	for _, scheme := range []string{"http://", "https://", "mailto:", "tel:", "sms:"} {
		if strings.HasPrefix(lower, scheme) {
			return templ.SafeURL(href)
		}
	}
	if strings.HasPrefix(href, "#") || strings.HasPrefix(href, "/") && !strings.HasPrefix(href, "//") && !strings.HasPrefix(href, `/\`) {
		return templ.SafeURL(href)
	}
	return "about:invalid"
}

// words writes the name. It is written by hand because a space between two words is a matter of the name, not of the
// markup: Japanese words follow one another without.
func words(name Name) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		var out strings.Builder
		for i, word := range name.Words {
			if word.Spaced && i > 0 {
				out.WriteByte(' ')
			}
			out.WriteString(`<span class="word`)
			if word.Emoji {
				out.WriteString(` emoji`)
			}
			out.WriteString(`">`)
			for j, part := range word.Parts {
				if j > 0 {
					out.WriteString("<wbr>")
				}
				out.WriteString(templ.EscapeString(part))
			}
			out.WriteString("</span>")
		}
		_, err := io.WriteString(w, out.String())
		return err
	})
}

// style writes one style element whose content is our own CSS.
func style(css string) templ.Component { return templ.Raw("<style>" + css + "</style>") }

// portraitSizes is how wide the theme shows the portrait.
func (s sheet) portraitSizes() string {
	if s.Picture.Sizes != "" {
		return s.Picture.Sizes
	}
	return s.sizes
}
