package ui

import (
	"strconv"
	"strings"

	"github.com/boombuler/barcode/qr"
)

// qrQuiet is the border that a scanner needs around a QR code, in modules.
const qrQuiet = 4

// qrDrawing is a QR code as the path of its dark modules, a run of them at a time, in a
// square of so many modules. Both are empty for a text that does not fit into one.
func qrDrawing(text string) (path string, size int) {
	code, err := qr.Encode(text, qr.M, qr.Unicode)
	if err != nil {
		return "", 0
	}
	n := code.Bounds().Dx()
	dark := func(x, y int) bool {
		if x >= n {
			return false
		}
		r, _, _, _ := code.At(x, y).RGBA()
		return r == 0
	}
	var b strings.Builder
	for y := range n {
		for x := 0; x < n; x++ {
			run := 0
			for dark(x+run, y) {
				run++
			}
			if run > 0 {
				b.WriteString("M" + strconv.Itoa(x+qrQuiet) + " " + strconv.Itoa(y+qrQuiet) + "h" + strconv.Itoa(run) + "v1h-" + strconv.Itoa(run) + "z")
				x += run
			}
		}
	}
	return b.String(), n + 2*qrQuiet
}
