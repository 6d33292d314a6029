package model

import (
	"errors"
	"strings"
	"testing"
)

func FuzzParseEmail(f *testing.F) {
	for _, s := range []string{"a@example.com", " A@B.co ", "a@bücher.example", `"a"@b.c`, "a@[::1]", "İ@example.com", "a@example.com\x00", "a@ex\u202eample.com", "a@@b.c", "ﬀ@ﬀ.com"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		email, err := ParseEmail(raw)
		if err != nil {
			var why Reason
			if !errors.As(err, &why) || why == "" {
				t.Fatalf("%q is refused without a reason: %v", raw, err)
			}
			return
		}
		// What is stored is ASCII and lower case whatever the database's locale says,
		// fits, has one @ and cannot break out of a mail's head.
		if len(email) > MaxEmail || strings.Count(email, "@") != 1 || strings.ToLower(email) != email ||
			strings.ContainsFunc(email, func(r rune) bool { return r <= ' ' || r > 0x7e || strings.ContainsRune(`"<>(),;:\[]`, r) }) {
			t.Fatalf("%q became %q", raw, email)
		}
		if again, err := ParseEmail(email); again != email || err != nil {
			t.Fatalf("%q became %q and then %q, %v", raw, email, again, err)
		}
	})
}

func FuzzCleanPassword(f *testing.F) {
	for _, s := range []string{"harbour fog", " a ", "e\u0301", "\x00", "\xff", "👩‍🚀", strings.Repeat("a", 129)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		text, err := CleanPassword(raw)
		if err != nil {
			return
		}
		if again, err := CleanPassword(text); again != text || err != nil {
			t.Fatalf("%q became %q and then %q, %v", raw, text, again, err)
		}
		if text == "" || len([]rune(text)) > MaxPassword || strings.ContainsRune(text, 0) {
			t.Fatalf("%q became %q", raw, text)
		}
	})
}

func TestNewPasswords(t *testing.T) {
	for raw, ok := range map[string]bool{
		"harbour": false, "harbour ": true, "93417502": true, "ääääääää": false, "ab ab ab": true, "aaaaaaaaaaaaab": true,
		"ines@example.com": false, "INES@EXAMPLE.COM": false, "ines.okafor": false, "Ines.Okafor": false, "ines.okafors": true,
		strings.Repeat("é", 127) + "x": true, strings.Repeat("e\u0301", 127) + "x": true, strings.Repeat("e\u0301", 128) + "x": false,
	} {
		email := "ines@example.com"
		if strings.Contains(strings.ToLower(raw), "okafor") {
			email = "ines.okafor@example.com"
		}
		if _, err := newPassword(raw, email); (err == nil) != ok {
			t.Errorf("%.20q: %v", raw, err)
		}
	}
}

func TestLanguages(t *testing.T) {
	for raw, want := range map[string]string{"en": "en", " DE ": "de", "pt-br": "pt-BR", "zh-hant-tw": "zh-Hant-TW"} {
		if got, err := parseLanguage(raw); got != want || err != nil {
			t.Errorf("%q became %q, %v", raw, got, err)
		}
	}
	for _, raw := range []string{"", "x", "und", "english", "en_US.UTF-8", "en\x00", strings.Repeat("en-", 200)} {
		if got, err := parseLanguage(raw); err == nil {
			t.Errorf("%.20q became %q", raw, got)
		}
	}
}
