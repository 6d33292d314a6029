package model

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// Theme is how the profile looks: a theme, and what the artist changed of it.
type Theme struct {
	Name string
	Look

	// What a newer version of the program stored and this one does not know.
	extra extra
}

// Look is what an artist changes of a theme. The zero value changes nothing. Plans
// without a look of one's own keep it and do not show it.
type Look struct {
	Colours    *Colours // nil for the theme's
	NameFont   string   // id of the font of the name and the headings; "" for the theme's
	TextFont   string   // id of the font of all the rest; "" for the theme's
	Buttons    Buttons
	Background *Picture // behind the page; nil for none
}

// Plain reports whether it changes nothing.
func (l Look) Plain() bool {
	return l.Colours == nil && l.NameFont == "" && l.TextFont == "" && l.Buttons == "" && l.Background == nil
}

// Within reports whether each of its changes stands in another look too.
func (l Look) Within(other Look) bool {
	same := func(a, b any) bool { return sameJSON(mustJSON(a), mustJSON(b)) }
	return (l.Colours == nil || same(l.Colours, other.Colours)) && (l.Background == nil || same(l.Background, other.Background)) &&
		(l.NameFont == "" || l.NameFont == other.NameFont) && (l.TextFont == "" || l.TextFont == other.TextFont) &&
		(l.Buttons == "" || l.Buttons == other.Buttons)
}

// Colours are the three colours from which a theme mixes all others. Ink on Ground
// has at least LeastContrast.
type Colours struct {
	Ground, Ink, Accent Colour

	extra extra
}

// MarshalJSON writes the colours in their one canonical form.
func (c Colours) MarshalJSON() ([]byte, error) {
	return mustJSON(c.extra.object(map[string]any{"ground": c.Ground, "ink": c.Ink, "accent": c.Accent})), nil
}

// Buttons is the shape of what is tapped.
type Buttons string

// The shapes of buttons; "" is the theme's own.
const (
	ButtonsSquare Buttons = "square"
	ButtonsSoft   Buttons = "soft"
	ButtonsRound  Buttons = "round"
)

// ButtonShapes lists them in the order they are shown.
func ButtonShapes() []Buttons { return []Buttons{ButtonsSquare, ButtonsSoft, ButtonsRound} }

// fields are the theme's, by their names in JSON. What the artist did not change is
// absent.
func (t Theme) fields() map[string]any {
	out := map[string]any{"name": t.Name}
	put(out, "colours", t.Colours)
	put(out, "name_font", t.NameFont)
	put(out, "text_font", t.TextFont)
	put(out, "buttons", string(t.Buttons))
	put(out, "background", t.Background)
	return t.extra.object(out)
}

// MarshalJSON writes the theme in its one canonical form.
func (t Theme) MarshalJSON() ([]byte, error) { return mustJSON(t.fields()), nil }

// extras are all that the theme and its parts keep of a newer version.
func (t Theme) extras() []map[string]json.RawMessage {
	all := []map[string]json.RawMessage{t.extra}
	if t.Colours != nil {
		all = append(all, t.Colours.extra)
	}
	if t.Background != nil {
		all = append(all, t.Background.extra)
	}
	return all
}

// theme reads the theme of a document.
func (p *parser) theme(own map[string]json.RawMessage) Theme {
	t := Theme{Name: DefaultTheme}
	document := &fields{p: p, own: own}
	for _, h := range p.held {
		document.held = append(document.held, h.Theme.extras()...)
	}
	f := document.object("theme")
	if f == nil {
		return t
	}
	p.take(f.own, "theme.name", "name", &t.Name, "text")
	if c := f.object("colours"); c != nil && c.own != nil {
		t.Colours = &Colours{Ground: Colour(c.text("ground")), Ink: Colour(c.text("ink")), Accent: Colour(c.text("accent"))}
		t.Colours.extra = c.rest()
	}
	t.NameFont, t.TextFont = f.text("name_font"), f.text("text_font")
	t.Buttons = Buttons(f.text("buttons"))
	t.Background = f.picture("background")
	t.extra = f.rest()
	if p.strict {
		problems := Problems{}
		t.Look = t.Look.check(problems)
		for field, reason := range problems {
			p.problems.Add("theme."+field, Reason(reason))
		}
		p.heldTheme(t)
	}
	return t
}

// heldTheme refuses a theme that does not exist, unless it stands in the store: a
// newer version's.
func (p *parser) heldTheme(t Theme) {
	if !slices.ContainsFunc(p.held, func(h Document) bool { return t.Name != "" && h.Theme.Name == t.Name }) {
		p.problems.Add("theme.name", CheckTheme(t.Name))
	}
}

// check mends what is mendable in a look and names what is not.
func (l Look) check(problems Problems) Look {
	if l.Colours != nil {
		c := l.Colours.check(problems)
		l.Colours = &c
	}
	problems.Add("name_font", checkFont(l.NameFont, false))
	problems.Add("text_font", checkFont(l.TextFont, true))
	if l.Buttons != "" && !slices.Contains(ButtonShapes(), l.Buttons) {
		problems.Add("buttons", Reason("Buttons are square, soft or round. Leave it empty for the theme's own."))
	}
	if l.Background != nil {
		b := checkPicture(*l.Background, "background.", problems)
		l.Background = &b
	}
	return l
}

// check mends and checks the colours: those that are no colours are named, and so is
// text that nobody can read.
func (c Colours) check(problems Problems) Colours {
	before := len(problems)
	for _, field := range []struct {
		name   string
		colour *Colour
	}{{"ground", &c.Ground}, {"ink", &c.Ink}, {"accent", &c.Accent}} {
		clean, err := ParseColour(string(*field.colour))
		problems.Add("colours."+field.name, err)
		*field.colour = clean
	}
	if len(problems) > before {
		return c
	}
	if ratio := Contrast(c.Ink, c.Ground); ratio < LeastContrast {
		problems.Add("colours.ink", Reason(fmt.Sprintf("Text in %s on %s has a contrast of %s: hard to read. At least %s is needed; %s would do.",
			c.Ink, c.Ground, Ratio(ratio), Ratio(LeastContrast), c.Ink.Mended(c.Ground))))
	}
	return c
}

// Ratio writes a contrast ratio for people, rounded down: "4.4:1" has not reached 4.5.
func Ratio(r float64) string { return fmt.Sprintf("%.1f:1", float64(int(r*10))/10) }

// checkFont refuses a font that does not exist, and one that running text cannot be
// set in.
func checkFont(id string, text bool) error {
	if id == "" {
		return nil
	}
	var names []string
	for _, f := range Fonts() {
		if f.ID == id && (f.Text || !text) {
			return nil
		}
		if f.Text || !text {
			names = append(names, f.ID)
		}
	}
	return Reason("There is no such font for this. Choose one of " + strings.Join(names, ", ") + ", or leave it empty for the theme's own.")
}
