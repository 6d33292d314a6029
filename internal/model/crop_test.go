package model

import (
	"maps"
	"math"
	"slices"
	"testing"
)

func TestCropLiesWithinThePicture(t *testing.T) {
	t.Parallel()
	n := func(i int) *int { return &i }
	rect := func(left, top, width, height int) CropSave { return CropSave{n(left), n(top), n(width), n(height)} }
	for _, in := range []CropSave{rect(0, 0, 64, 64), rect(736, 936, 64, 64), rect(0, 0, 799, 1000), rect(1, 0, 799, 1000), rect(100, 200, 300, 300)} {
		r, err := in.Rect(800, 1000, "")
		if err != nil || r != (Rect{*in.Left, *in.Top, *in.Width, *in.Height}) {
			t.Errorf("%v: %v", r, err)
		}
		if err := in.Validate(); err != nil {
			t.Error(err)
		}
	}
	for _, c := range []struct {
		in     CropSave
		fields []string
	}{
		{CropSave{}, []string{"height", "left", "top", "width"}},
		{CropSave{n(0), n(0), n(100), nil}, []string{"height"}},
		{rect(-1, 0, 100, 100), []string{"left"}},
		{rect(0, math.MinInt, 100, 100), []string{"top"}},
		{rect(0, 0, 63, 100), []string{"width"}},
		{rect(0, 0, 0, -5), []string{"height", "width"}},
		{rect(0, 0, 801, 100), []string{"width"}},
		{rect(701, 0, 100, 100), []string{"width"}},
		{rect(737, 0, 64, 100), []string{"left"}},
		{rect(0, 937, 100, 64), []string{"top"}},
		{rect(0, 0, math.MaxInt, math.MaxInt), []string{"height", "width"}},
		{rect(math.MaxInt, math.MaxInt, math.MaxInt, math.MaxInt), []string{"left", "top"}},
		{rect(700, 0, math.MaxInt, 100), []string{"width"}},
		{rect(0, 0, 800, 1000), []string{"width"}},
	} {
		_, err := c.in.Rect(800, 1000, "at.")
		want := []string{}
		for _, name := range c.fields {
			want = append(want, "at."+name)
		}
		if got := slices.Sorted(maps.Keys(fieldsIn(err))); KindOf(err) != KindInvalid || !slices.Equal(got, want) {
			t.Errorf("%+v: %v, not %v", c.in, got, want)
		}
	}
	// What is smaller than the least has nothing to cut off.
	if _, err := func() (Rect, error) { in := rect(0, 0, 64, 64); return in.Rect(40, 40, "") }(); KindOf(err) != KindInvalid {
		t.Errorf("out of a small one: %v", err)
	}
}

func TestFocusGoesAlongWithACrop(t *testing.T) {
	t.Parallel()
	r := Rect{200, 100, 400, 400}
	for whole, inside := range map[string]string{"": "", "50% 30%": "50% 50%", "25% 10%": "0% 0%", "0% 0%": "0% 0%", "100% 100%": "100% 100%", "nonsense": ""} {
		if got := r.FocusInside(whole, 800, 1000); got != inside {
			t.Errorf("%q is %q inside, not %q", whole, got, inside)
		}
	}
	for inside, whole := range map[string]string{"": "", "50% 50%": "50% 30%", "0% 0%": "25% 10%", "100% 100%": "75% 50%"} {
		if got := r.FocusOutside(inside, 800, 1000); got != whole {
			t.Errorf("%q is %q outside, not %q", inside, got, whole)
		}
	}
}
