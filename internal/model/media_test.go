package model

import (
	"slices"
	"testing"
)

func TestMediaNameTellsItsSize(t *testing.T) {
	for name, want := range map[string][2]int{
		"0123456789abcdef_960x1200":    {960, 1200},
		"0123456789abcdef_1x99999":     {1, 99999},
		"0123456789abcdef_0x10":        {},
		"0123456789abcdef_10x100000":   {},
		"0123456789ABCDEF_10x10":       {},
		"../../etc/passwd_10x10":       {},
		"0123456789abcdef_960x1200-48": {},
		"":                             {},
	} {
		w, h, ok := ParseMedia(name)
		if [2]int{w, h} != want || ok != (want[0] > 0) {
			t.Errorf("%q: %d × %d, %v", name, w, h, ok)
		}
	}
}

func TestMediaWidths(t *testing.T) {
	for full, want := range map[int][]int{
		300:  {300},
		480:  {480},
		600:  {480, 600},
		960:  {480, 960},
		1200: {480, 960, 1200},
		4000: {480, 960, 1600, 4000},
	} {
		if got := MediaWidths(full); !slices.Equal(got, want) {
			t.Errorf("%d: %v", full, got)
		}
	}
	if got := MediaFile("0123456789abcdef_960x1200", 480); got != "0123456789abcdef_960x1200-480.webp" {
		t.Error(got)
	}
}

func TestMediaNamesAndColours(t *testing.T) {
	name := MediaName("0123456789abcdef", 960, 1200, []byte{0xa1, 0x0, 0xc3})
	if name != "0123456789abcdef_960x1200_a100c3" {
		t.Error(name)
	}
	if bare := MediaName("0123456789abcdef", 960, 1200, nil); bare != "0123456789abcdef_960x1200" {
		t.Error(bare)
	}
	if w, h, ok := ParseMedia(name); !ok || w != 960 || h != 1200 {
		t.Errorf("%d × %d, %v", w, h, ok)
	}
	for name, want := range map[string]string{name: "#a100c3", "0123456789abcdef_960x1200": "", "0123456789abcdef_960x1200_red": "", "x_y_a100c3": ""} {
		if got, ok := MediaTint(name); got != want || ok != (want != "") {
			t.Errorf("%s: %q, %v", name, got, ok)
		}
	}
	if got := MediaJPEG("0123456789abcdef_960x1200", 480); got != "0123456789abcdef_960x1200-480.jpg" {
		t.Error(got)
	}
}

func TestPictureFormIsChecked(t *testing.T) {
	n := func(i int) *int { return &i }
	in := PictureSave{Version: 1, Alt: "  Ines singing ", Across: n(0), Down: n(100)}
	if err := in.Validate(); err != nil || in.Alt != "Ines singing" || in.Focus() != "0% 100%" {
		t.Errorf("%v, %q, %q", err, in.Alt, in.Focus())
	}
	in = PictureSave{Across: n(-1), Down: n(101)}
	if err := in.Validate(); KindOf(err) != KindInvalid || len(fieldsIn(err)) != 3 {
		t.Errorf("%+v", err)
	}
	if focus := (&PictureSave{Across: n(3)}).Focus(); focus != "" {
		t.Errorf("half a point is %q", focus)
	}
	for focus, want := range map[string][2]int{"46% 42%": {46, 42}, "": {50, 50}, "left": {50, 50}, "7%": {50, 50}} {
		if x, y := FocusOf(focus); x != want[0] || y != want[1] {
			t.Errorf("%q: %d %d", focus, x, y)
		}
	}
}
