package model

import (
	"fmt"
	"math"
	"regexp"
	"strings"
)

// Colour is an opaque sRGB colour as CSS writes it: "#a1b2c3", in lower case.
type Colour string

var colourForm = regexp.MustCompile(`^#[0-9a-f]{6}$`)
var shortColour = regexp.MustCompile(`^#[0-9a-f]{3}$`)

// ParseColour mends capitals, spaces, a missing # and the short form. Anything else
// is refused with a Reason.
func ParseColour(text string) (Colour, error) {
	c := strings.ToLower(strings.TrimSpace(text))
	if !strings.HasPrefix(c, "#") {
		c = "#" + c
	}
	if shortColour.MatchString(c) {
		c = "#" + c[1:2] + c[1:2] + c[2:3] + c[2:3] + c[3:4] + c[3:4]
	}
	if !colourForm.MatchString(c) {
		return Colour(text), Reason("Give a colour as # and six digits, like #ff7426.")
	}
	return Colour(c), nil
}

// LeastContrast is the lowest ratio at which text is easy enough to read (WCAG 2.2,
// success criterion 1.4.3).
const LeastContrast = 4.5

// Contrast is the contrast ratio of two colours, 1 to 21 (WCAG 2.2, definition of
// contrast ratio).
func Contrast(a, b Colour) float64 {
	x, y := a.luminance(), b.luminance()
	return (max(x, y) + .05) / (min(x, y) + .05)
}

// Dark reports whether white is easier to read on the colour than black.
func (c Colour) Dark() bool { return Contrast(c, "#ffffff") > Contrast(c, "#000000") }

// luminance is the relative luminance, 0 to 1 (WCAG 2.2).
func (c Colour) luminance() float64 {
	r, g, b := c.linear()
	return .2126*r + .7152*g + .0722*b
}

// linear is the light of the three channels, 0 to 1.
func (c Colour) linear() (r, g, b float64) {
	v := c.channels()
	light := func(v uint8) float64 {
		if s := float64(v) / 255; s > .04045 {
			return math.Pow((s+.055)/1.055, 2.4)
		}
		return float64(v) / 255 / 12.92
	}
	return light(v[0]), light(v[1]), light(v[2])
}

// channels are red, green and blue. What is no colour is black.
func (c Colour) channels() (v [3]uint8) {
	if _, err := fmt.Sscanf(string(c), "#%02x%02x%02x", &v[0], &v[1], &v[2]); err != nil {
		return [3]uint8{}
	}
	return v
}

// Over is what shows when so much (0 to 1) of the colour lies over another, as
// browsers mix them.
func (c Colour) Over(under Colour, part float64) Colour {
	v, w := c.channels(), under.channels()
	for i := range v {
		v[i] = uint8(part*float64(v[i]) + (1-part)*float64(w[i]) + .5)
	}
	return Colour(fmt.Sprintf("#%02x%02x%02x", v[0], v[1], v[2]))
}

// Mix is the colour so far (0 to 1) on the way from one colour to another, by even
// steps for the eye (OKLab, https://bottosson.github.io/posts/oklab/).
func Mix(from, to Colour, far float64) Colour {
	a, b := from.lab(), to.lab()
	for i := range a {
		a[i] += (b[i] - a[i]) * far
	}
	return a.colour()
}

// Readable is the first colour on the way from c to another that can be read on a
// ground: c itself where it can. When none can, it is the other.
func (c Colour) Readable(towards, on Colour) Colour {
	for i := range mixSteps {
		if m := Mix(c, towards, float64(i)/mixSteps); Contrast(m, on) >= LeastContrast {
			return m
		}
	}
	return towards
}

const mixSteps = 64

// Mended is a colour for text that can be read on a ground: c itself where it can,
// else c made so much darker or lighter, as little as will do. One of black and
// white can be read on any ground, so there always is one.
func (c Colour) Mended(on Colour) Colour {
	nearer, other := Colour("#000000"), Colour("#ffffff")
	if c.luminance() > on.luminance() {
		nearer, other = other, nearer
	}
	if Contrast(nearer, on) < LeastContrast {
		nearer = other
	}
	return c.Readable(nearer, on)
}

// lab is a colour in OKLab.
type lab [3]float64

func (c Colour) lab() lab {
	r, g, b := c.linear()
	l := math.Cbrt(.4122214708*r + .5363325363*g + .0514459929*b)
	m := math.Cbrt(.2119034982*r + .6806995451*g + .1073969566*b)
	s := math.Cbrt(.0883024619*r + .2817188376*g + .6299787005*b)
	return lab{
		.2104542553*l + .7936177850*m - .0040720468*s,
		1.9779984951*l - 2.4285922050*m + .4505937099*s,
		.0259040371*l + .7827717662*m - .8086757660*s,
	}
}

func (v lab) colour() Colour {
	cube := func(x float64) float64 { return x * x * x }
	l := cube(v[0] + .3963377774*v[1] + .2158037573*v[2])
	m := cube(v[0] - .1055613458*v[1] - .0638541728*v[2])
	s := cube(v[0] - .0894841775*v[1] - 1.2914855480*v[2])
	channel := func(x float64) int {
		if x > .0031308 {
			x = 1.055*math.Pow(x, 1/2.4) - .055
		} else {
			x *= 12.92
		}
		return int(math.Round(255 * min(max(x, 0), 1)))
	}
	return Colour(fmt.Sprintf("#%02x%02x%02x",
		channel(4.0767416621*l-3.3077115913*m+.2309699292*s),
		channel(-1.2684380046*l+2.6097574011*m-.3413193965*s),
		channel(-.0041960863*l-.7034186147*m+1.7076147010*s)))
}
