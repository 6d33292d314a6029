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
	form := func(pairs ...string) *PictureSave {
		in := &PictureSave{Version: 1}
		for i := 0; i < len(pairs); i += 2 {
			if !in.SetForm(pairs[i], []string{"first", pairs[i+1]}) {
				t.Errorf("%s is no field", pairs[i])
			}
		}
		return in
	}
	const media = "0123456789abcdef_960x1200"
	in := form("picture.media", media, "picture.alt", "  Ines singing ", "picture.across", "0", "picture.down", " 100 ")
	if err := in.Validate(); err != nil {
		t.Error(err)
	}
	if p, err := in.Portrait(nil); err != nil || p.Media != media || p.Alt != "Ines singing" || p.Focus != "0% 100%" {
		t.Errorf("%+v, %v", p, err)
	}
	in = form("picture.across", "-1", "picture.down", "101", "picture.alt", "a\x00b")
	in.Version = 0
	if err := in.Validate(); KindOf(err) != KindInvalid || len(fieldsIn(err)) != 4 {
		t.Errorf("%+v", err)
	}
	if in.SetForm("picture.src", []string{"x"}) || in.SetForm("cover.alt", []string{"x"}) || in.SetForm("alt", []string{"x"}) {
		t.Error("a name that is none is taken")
	}
	was := &Picture{Media: media, Alt: "As it was", Focus: "1% 2%"}
	for what, c := range map[string]struct {
		in   *PictureSave
		was  *Picture
		want string
	}{
		"half a point": {form("picture.across", "3"), was, "3% 50% As it was"},
		"no point":     {form("picture.across", "", "picture.down", "", "picture.alt", ""), was, " "},
		"words alone":  {form("picture.alt", "New words"), was, " New words"},
		"taken out":    {form("picture.media", "", "picture.alt", "kept"), was, "none"},
		"nothing":      {form("picture.alt", "x"), nil, "Choose a picture first."},
	} {
		p, err := c.in.Portrait(c.was)
		got := "none"
		if err != nil {
			got = fieldsIn(err)["picture.file"]
		} else if p != nil {
			got = p.Focus + " " + p.Alt
		}
		if got != c.want {
			t.Errorf("%s: %q, not %q", what, got, c.want)
		}
	}
	for focus, want := range map[string][2]int{"46% 42%": {46, 42}, "": {50, 50}, "left": {50, 50}, "7%": {50, 50}} {
		if x, y := FocusOf(focus); x != want[0] || y != want[1] {
			t.Errorf("%q: %d %d", focus, x, y)
		}
	}
}

func TestPicturesOfAForm(t *testing.T) {
	const media, other = "0123456789abcdef_960x1200", "fedcba9876543210_800x800"
	f := FormPictures{"cover.media": media, "cover.alt": "A harbour", "cover.across": "10", "cover.down": "20", "cover.crop_left": "3", "cover.crop_top": "4",
		"cover.crop_width": "100", "pictures[7].media": media, "pictures": ""}
	if c := f.Crop("cover"); *c.Left != 3 || *c.Top != 4 || *c.Width != 100 || *c.Height != 100 {
		t.Errorf("a square is %+v", c)
	}
	f["cover.crop_height"], f["cover.crop_left"] = "x", "9999999999999999999999"
	if c := f.Crop("cover"); c.Height != nil || c.Left != nil {
		t.Errorf("no numbers are %+v", c)
	}
	if at := f.Add("pictures", other); at != "pictures[8]" || f.Media(at) != other {
		t.Errorf("added at %s: %v", at, f)
	}
	f.Put("cover", other, "1% 2%")
	if focus, err := f.Focus("cover"); err != nil || focus != "1% 2%" || f["cover.alt"] != "A harbour" || f.Media("cover") != other {
		t.Errorf("put: %v, %v", f, err)
	}
	for name := range f {
		if PictureMark(name) {
			t.Errorf("%s is left of the picture before", name)
		}
	}
	f.TakeOut("cover")
	if f.Media("cover") != "" || f["cover.alt"] != "" || f.Media("pictures[8]") != other {
		t.Errorf("taken out: %v", f)
	}

	in := &BlockSave{Version: 1}
	for name, text := range map[string]string{"pictures": "", "pictures[0].media": media, "pictures[0].across": "5", "pictures[0].down": "", "pictures[0].crop_top": "9",
		"pictures[3].across": "50", "pictures[3].down": "50", "pictures[4].media": other, "pictures[4].across": "", "pictures[4].down": "", "cover.across": "1e3"} {
		if !in.SetForm(name, []string{text}) {
			t.Errorf("%s is no field", name)
		}
	}
	if err := in.Validate(); fieldsIn(err)["cover.across"] == "" || len(fieldsIn(err)) != 1 {
		t.Errorf("%v", err)
	}
	if got, want := string(in.Pictures), `[{"focus":"5% 50%","media":"`+media+`"},{"focus":"","media":"`+other+`"}]`; got != want {
		t.Errorf("the gallery is %s, not %s", got, want)
	}
}
