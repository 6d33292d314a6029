package model

import (
	"strings"
	"testing"
)

func TestAddressesAreMended(t *testing.T) {
	for raw, want := range map[string]string{
		" Ines@Example.COM ":         "ines@example.com",
		"ines+shop@example.com":      "ines+shop@example.com",
		"ines@bücher.example":        "ines@xn--bcher-kva.example",
		"INES@BÜCHER.example":        "ines@xn--bcher-kva.example",
		"ines@bu\u0308cher.example":  "ines@xn--bcher-kva.example",
		"ines@例え.テスト":                "ines@xn--r8jz45g.xn--zckzah",
		"ines@почта.рф":              "ines@xn--80a1acny.xn--p1ai",
		"ines@\uff25xample.com":      "ines@example.com",
		"ines@exam\u200bple.com":     "ines@example.com",
		"ines@xn--bcher-kva.example": "ines@xn--bcher-kva.example",
	} {
		if got, err := ParseEmail(raw); err != nil || got != want {
			t.Errorf("%q becomes %q, %v, want %q", raw, got, err, want)
		}
	}
}

func TestWhatIsNoAddress(t *testing.T) {
	for name, raw := range map[string]string{
		"nothing": "", "no @": "ines", "no dot": "ines@localhost", "two": "a@example.com,b@example.com", "with a name": "Ines <ines@example.com>",
		"a line break": "ines@example.com\r\nBcc: victim@example.com", "a line break within": "ines\n@example.com", "NUL": "ines\x00@example.com",
		"10 KB": strings.Repeat("a", 10_000) + "@example.com", "10 KB behind": "ines@" + strings.Repeat("a.", 5000) + "com",
		"a quoted space": `"ines okafor"@example.com`, "a comment": "ines(x)@example.com", "an address of a machine": "ines@[127.0.0.1]", "numbers": "ines@127.0.0.1",
		"letters that look alike before the @":   "іnes@example.com", // Cyrillic
		"letters that look alike behind it":      "ines@pаypal.com",  // Cyrillic а among Latin ones
		"the same, in ASCII":                     "ines@xn--pypal-4ve.com",
		"Greek among Latin":                      "ines@gοοgle.com",
		"a character that turns the direction":   "ines@\u202eelpmaxe.com",
		"no punycode":                            "ines@xn--\u00fc.example",
		"punycode of nothing":                    "ines@xn--a.example",
		"a label that is too long":               "ines@" + strings.Repeat("a", 64) + ".com",
		"wide letters before the @":              "\uff49nes@example.com",
		"bytes that are no text":                 "ines\xff@example.com",
		"a percent sign that hides another host": "ines%evil.example@example.com@example.com",
	} {
		if got, err := ParseEmail(raw); err == nil {
			t.Errorf("%s: %q is taken as %q", name, raw, got)
		} else if len(err.Error()) > 300 || err.Error() == "" {
			t.Errorf("%s: told as %q", name, err)
		}
	}
}
