package fan

import (
	"strconv"

	"github.com/hlpfl/platform/internal/model"
)

// Look is what the artist changed of the theme. The zero value changes nothing.
type Look struct {
	Colours *model.Colours
	// NameFont and TextFont are ids of fonts; an empty or unknown one is the theme's own.
	NameFont, TextFont string
	Buttons            model.Buttons
	// Background stands behind the page, decorative.
	Background *Picture
}

// classes are those of the root, by which a theme's parts are chosen too: own for colours, shaped for buttons, backed
// for a background.
func (l Look) classes() []string {
	var all []string
	for _, c := range []struct {
		is   bool
		name string
	}{{l.Colours != nil, "own"}, {l.Buttons != "", "shaped"}, {l.Background != nil, "backed"}} {
		if c.is {
			all = append(all, c.name)
		}
	}
	return all
}

// shapes are the corners of buttons.
var shapes = map[model.Buttons]string{model.ButtonsSquare: "0px", model.ButtonsSoft: ".75rem", model.ButtonsRound: "2rem"}

// tones are the colours that a theme dresses in, mixed from the artist's three. Whatever is written on another of them
// has at least model.LeastContrast.
type tones struct {
	ground, ink, accent model.Colour
	// on is written on accent.
	on model.Colour
	// quiet is text on ground that steps back, sign text there that stands out: accent, as near as can be read.
	quiet, sign model.Colour
	// wash is accent as near as ink can be read on it.
	wash model.Colour
	// deep is accent as near as white can be read on it.
	deep model.Colour
	// far are three steps from accent away from on, so that on can be read on them too.
	far [3]model.Colour
}

func tonesOf(c model.Colours) tones {
	t := tones{ground: c.Ground, ink: c.Ink, accent: c.Accent}
	t.on = c.Ink
	if model.Contrast(c.Ground, c.Accent) > model.Contrast(c.Ink, c.Accent) {
		t.on = c.Ground
	}
	t.on = t.on.Mended(c.Accent)
	t.quiet = model.Mix(c.Ink, c.Ground, .35).Readable(c.Ink, c.Ground)
	t.sign = c.Accent.Readable(c.Ink, c.Ground)
	t.wash = c.Accent.Readable(c.Ground, c.Ink)
	t.deep = c.Accent.Readable("#000000", white)
	pole := white
	if model.Contrast(t.on, black) > model.Contrast(t.accent, black) { // on is the lighter of the two
		pole = black
	}
	for i, step := range []float64{.3, .55, .8} {
		t.far[i] = model.Mix(c.Accent, pole, step)
	}
	return t
}

const white, black = model.Colour("#ffffff"), model.Colour("#000000")

// values are the tones as themes name them: --own-ground and so on.
func (t tones) values(value func(name, text string)) {
	for _, v := range []struct {
		name   string
		colour model.Colour
	}{
		{"ground", t.ground}, {"ink", t.ink}, {"accent", t.accent}, {"on", t.on}, {"quiet", t.quiet}, {"sign", t.sign},
		{"wash", t.wash}, {"deep", t.deep}, {"far-1", t.far[0]}, {"far-2", t.far[1]}, {"far-3", t.far[2]},
	} {
		value("own-"+v.name, string(v.colour))
	}
	light, dark := t.accent, t.on
	if !t.on.Dark() {
		light, dark = dark, light
	}
	value("own-light", string(light))
	value("own-dark", string(dark))
	value("own-rule", string(t.ink)+"2b")
	value("veil", strconv.FormatFloat(veil(t.ink, t.ground), 'f', 2, 64))
}

// veil is how much of the ground has to lie over a picture, 0 to 1, so that the ink can be read on it whatever the
// picture shows. Under less than two thirds a page would look restless.
func veil(ink, ground model.Colour) float64 {
	for part := .66; part < 1; part += .01 {
		readable := func(picture model.Colour) bool {
			return model.Contrast(ink, ground.Over(picture, part)) >= model.LeastContrast
		}
		if readable(white) && readable(black) {
			return part
		}
	}
	return 1
}
