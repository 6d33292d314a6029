package site

import "testing"

func TestThePencilWritesEverySignOfAHandle(t *testing.T) {
	for _, r := range "abcdefghijklmnopqrstuvwxyz0123456789-_." {
		if hand[string(r)] == "" {
			t.Errorf("no %c", r)
		}
	}
}

func TestOneLetterIsMended(t *testing.T) {
	for _, c := range []struct {
		asked, exists string
		want          correction
	}{
		{"inesokafr", "inesokafor", correction{missing, "inesokaf", "r", "", "o"}},
		{"nesokafor", "inesokafor", correction{missing, "", "nesokafor", "", "i"}},
		{"inesokafo", "inesokafor", correction{missing, "inesokafo", "", "", "r"}},
		{"inesokaffor", "inesokafor", correction{surplus, "inesokaf", "or", "f", ""}},
		{"inesokaforr", "inesokafor", correction{surplus, "inesokafor", "", "r", ""}},
		{"inesokafur", "inesokafor", correction{wrong, "inesokaf", "r", "u", "o"}},
		{"ines", "inesokafor", correction{}},
		{"ab", "ba", correction{}},
		{"ines", "", correction{}},
		{"ines", "ines", correction{}},
	} {
		if got := correct(c.asked, c.exists); got != c.want {
			t.Errorf("%s for %s: %+v, want %+v", c.asked, c.exists, got, c.want)
		}
	}
}

func FuzzCorrect(f *testing.F) {
	f.Add("inesokafr", "inesokafor")
	f.Add("", "a")
	f.Fuzz(func(t *testing.T, asked, exists string) {
		c := correct(asked, exists)
		if c.kind == unlike {
			return
		}
		if c.before+c.asked+c.after != asked || c.before+c.letter+c.after != exists {
			t.Errorf("%q for %q: %+v", asked, exists, c)
		}
	})
}
