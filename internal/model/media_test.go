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
