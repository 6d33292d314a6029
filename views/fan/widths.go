package fan

import (
	"embed"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// tables are what scripts/fonts read from the fonts' files. tests/look compares them with what a browser measures.
//
//go:embed widths/*.json
var tables embed.FS

// widths is how wide the letters of one font are at one weight, in ems.
type widths struct {
	advances map[rune]float64
	// kerns are what stands closer together (below zero) or further apart, by the two letters: {'L','T'}: -.09.
	kerns map[[2]rune]float64
	// weight is the font-weight at which they were read.
	weight int
	// stack and capital are of fonts that can be chosen: the font-family, with what stands in until it is there, and how
	// high its capitals are, in ems.
	stack   string
	capital float64
}

// measured reads the table of a font. It panics for one that is not there: names are written in our own code, and any
// test that draws a page finds the mistake.
func measured(font string) *widths {
	// Letters are grouped by thousandths of an em: "263":"IÌÍÎÏ", and pairs "-90":"LT AV".
	var table struct {
		Weight, Capital int
		Stack           string
		Advances, Kerns map[string]string
	}
	text, err := tables.ReadFile("widths/" + font + ".json")
	if err == nil {
		err = json.Unmarshal(text, &table)
	}
	w := &widths{advances: map[rune]float64{}, kerns: map[[2]rune]float64{}, weight: table.Weight, stack: table.Stack, capital: float64(table.Capital) / 1000}
	ems := func(thousandths string) float64 {
		n, wrong := strconv.Atoi(thousandths)
		if wrong != nil {
			err = wrong
		}
		return float64(n) / 1000
	}
	for width, letters := range table.Advances {
		for _, r := range letters {
			w.advances[r] = ems(width)
		}
	}
	for apart, pairs := range table.Kerns {
		for pair := range strings.FieldsSeq(pairs) {
			r := []rune(pair)
			w.kerns[[2]rune{r[0], r[1]}] = ems(apart)
		}
	}
	if err != nil {
		panic(fmt.Sprintf("fan: widths of %s: %v", font, err))
	}
	return w
}
