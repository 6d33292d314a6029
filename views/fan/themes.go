package fan

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/static"
)

// DefaultTheme is what a page without a theme, or with one that is gone, is drawn in.
const DefaultTheme = "plain"

// Themes draws pages. It is made once at the start, is read only afterwards, and so may be used from many goroutines.
type Themes struct {
	byName map[string]*theme
	// fonts are the styles of the fonts to choose, by id, and cdn stands before their addresses.
	fonts map[string]string
	cdn   string
	// origin is the CDN's, or empty.
	origin string
	beacon string
	player string
	icon   string
}

// theme is one way a page can look, as it is sent.
type theme struct {
	// parts are the theme's CSS, in the order they apply: a page gets those that its blocks need.
	parts []part
	// preload is the address of the font that the name is set in.
	preload string
	look
}

// look is what a theme's CSS does that the markup has to know.
type look struct {
	// light and dark are the colours at the top of the page, for the browser's own frame around it.
	light, dark string
	// top is the same of the artist's own colours, nil for the ground.
	top func(tones) model.Colour
	// sizes is how wide the portrait is shown, as the img attribute wants it.
	sizes string
	// font is the file of the name's font.
	font string
	// icons tells that the theme shows the drawings of the networks. One that hides them does not get them sent.
	icons bool
	// face are the widths of the name's font, nil where the theme does not fit the name to a width.
	face *face
	// spacing is the letter-spacing of the name, in ems, for a theme without face.
	spacing float64
	// full tells that the portrait is the whole page: there is no background beside it.
	full bool
	// filters are SVG filters that the CSS names, for the page's sprite.
	filters string
}

var looks = map[string]look{
	"gatefold": {
		light: "#15252b", dark: "#15252b", top: func(t tones) model.Colour { return t.deep }, sizes: "(min-width:60rem) 62vw,100vw",
		font: "fonts/fraunces-sleeve-display.woff2", icons: true, full: true, spacing: -.035,
	},
	"riso": {
		// The screen's dots are coarser than a small file's pixels.
		light: "#f5f0e6", dark: "#f5f0e6", sizes: "45vw",
		font: "fonts/bricolage-riso-display.woff2", icons: true, face: &bricolageRiso, filters: risoFilters,
	},
	"stadium": {
		light: "#2331f2", dark: "#131a6b", sizes: "(min-width:60rem) 40rem,100vw",
		font: "fonts/bricolage-stadium-display.woff2", icons: true, face: &bricolageStadium,
	},
	"jacket": {
		light: "#ff7426", dark: "#ff7426", top: func(t tones) model.Colour { return t.accent }, sizes: "(min-width:60rem) 55vw,100vw",
		font: "fonts/archivo-62.woff2", icons: true, face: &archivo,
	},
	"tape": {
		light: "#f7f3e8", dark: "#1b1917", sizes: "11rem",
		font: "fonts/special-elite.woff2", icons: true,
	},
	"plain": {
		light: "#fcfcfa", dark: "#131312", sizes: "7rem",
		font: "fonts/instrument-sans.woff2",
	},
}

// ThemeNames lists the themes there are, sorted.
func ThemeNames() []string {
	names := make([]string, 0, len(looks))
	for name := range looks {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// NewThemes prepares every theme. cdn is the prefix for static files, an origin with or without a path, or empty.
// The error says what is wrong with the prefix or with a theme's CSS.
func NewThemes(cdn string) (*Themes, error) {
	t := &Themes{
		byName: map[string]*theme{},
		fonts:  map[string]string{},
		cdn:    cdn,
		beacon: cdn + static.URL("js/beacon.js"),
		player: cdn + static.URL("js/player.js"),
		icon:   cdn + static.URL("icons/favicon.svg"),
	}
	if cdn != "" {
		address, err := url.Parse(cdn)
		if err != nil || address.Host == "" || address.Scheme != "https" && address.Scheme != "http" {
			return nil, fmt.Errorf("the CDN prefix %q is not an http or https address", cdn)
		}
		t.origin = address.Scheme + "://" + address.Host
	}
	for _, font := range Fonts() {
		t.fonts[font.ID] = minify(static.CSS(font.CSS, cdn))
	}
	for name, look := range looks {
		style := static.CSS("themes/"+name+".css", cdn)
		if strings.Contains(style, "</") {
			return nil, fmt.Errorf("the CSS of theme %s would end its style element early", name)
		}
		t.byName[name] = &theme{parts: cut(style), preload: cdn + static.URL(look.font), look: look}
	}
	return t, nil
}

// faces is the style of the fonts that a look sets the page in.
func (t *Themes) faces(look Look) string {
	if look.TextFont == look.NameFont {
		return t.fonts[look.NameFont]
	}
	return t.fonts[look.NameFont] + t.fonts[look.TextFont]
}

// theme is the named one, or the default.
func (t *Themes) theme(name string) (string, *theme) {
	if found, ok := t.byName[name]; ok {
		return name, found
	}
	return DefaultTheme, t.byName[DefaultTheme]
}

// source is the CSP source that allows an inline style by its content.
func source(style string) string {
	sum := sha256.Sum256([]byte(style))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// policy is the Content-Security-Policy of a page that was drawn with the given style and page values; frames are
// the hosts of its players.
func (t *Themes) policy(style, values string, frames []string, preview bool) string {
	own := "'self'"
	if t.origin != "" {
		own += " " + t.origin
	}
	images := own
	if strings.Contains(style, `url("data:`) {
		images += " data:"
	}
	parts := []string{
		"default-src 'none'",
		"style-src " + source(style) + " " + source(values),
		"img-src " + images,
		"font-src " + own,
		"base-uri 'none'",
		"form-action 'none'",
	}
	if len(frames) > 0 {
		parts = append(parts, "frame-src "+strings.Join(frames, " "))
	}
	if preview {
		parts = append(parts, "frame-ancestors 'self'")
	} else {
		parts = append(parts, "script-src "+own, "connect-src 'self'", "frame-ancestors 'none'")
	}
	return strings.Join(parts, "; ")
}
