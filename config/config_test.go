package config

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

func load(t *testing.T, env map[string]string) (Config, error) {
	t.Helper()
	return Load(func(name string) string { return env[name] })
}

func TestLocalModeNeedsNothing(t *testing.T) {
	c, err := load(t, nil)
	if err != nil {
		t.Fatal(err)
	}
	if !c.Local() || c.Host != "127.0.0.1" || c.Port != 8080 || c.Origin() != "http://localhost:8080" || c.Secure() {
		t.Errorf("%+v", c)
	}
}

func TestEveryMistakeIsToldAtOnce(t *testing.T) {
	_, err := load(t, map[string]string{
		"DATABASE_URL": "mysql://x", "PORT": "99999", "RATE_LIMIT_SCALE": "-1", "TRUSTED_PROXIES": "everyone",
		"SECRET_KEY": "short", "CDN_URL": "cdn", "SMTP_URL": "mail.example",
	})
	if err == nil {
		t.Fatal("no error")
	}
	for _, name := range []string{"DATABASE_URL", "PORT", "RATE_LIMIT_SCALE", "TRUSTED_PROXIES", "SECRET_KEY", "BASE_URL", "REDIS_URL", "BLOB_URL", "CDN_URL", "SMTP_URL", "MAIL_FROM"} {
		if !strings.Contains(err.Error(), name+" ") {
			t.Errorf("%s is not told: %v", name, err)
		}
	}
}

func TestSecretsPrintAsStars(t *testing.T) {
	c, err := load(t, map[string]string{
		"DATABASE_URL": "postgres://u:hunter2@db/x", "REDIS_URL": "redis://:hunter2@r:6379", "BASE_URL": "https://hlpfl.example",
		"BLOB_URL": "file:///b", "SECRET_KEY": strings.Repeat("ab", 32),
		"SMTP_URL": "smtps://u:hunter2@mail.example", "MAIL_FROM": "HLPFL <mail@hlpfl.example>",
	})
	if err != nil {
		t.Fatal(err)
	}
	j, _ := json.Marshal(c.DatabaseURL)
	for _, printed := range []string{fmt.Sprintf("%v %+v %s", c.DatabaseURL, c.RedisURL, c.AdminURL), fmt.Sprintf("%#v", c.AdminURL), fmt.Sprintf("%v %+v %#v", c.SMTP, c.SMTP, c.SMTP), string(j)} {
		if strings.Contains(printed, "hunter2") {
			t.Errorf("a secret is printed: %s", printed)
		}
	}
	if printed := fmt.Sprintf("%v %+v %x %#v", c, c, c.SecretKeys, c.SecretKeys); strings.Contains(printed, "171") || strings.Contains(printed, "abab") {
		t.Errorf("a key is printed: %s", printed)
	}
	if !c.Secure() || c.Host != "" || len(c.SecretKeys) != 1 {
		t.Errorf("%+v", c)
	}
}

func TestKeyForms(t *testing.T) {
	for _, good := range []string{strings.Repeat("0f", 32), "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="} {
		if _, err := ParseKey(good); err != nil {
			t.Errorf("%q: %v", good, err)
		}
	}
	for _, bad := range []string{"", "00", strings.Repeat("zz", 32), strings.Repeat("0f", 31)} {
		if _, err := ParseKey(bad); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}

func TestWherePicturesMayBe(t *testing.T) {
	env := map[string]string{}
	for value, ok := range map[string]bool{
		"file:///var/lib/blobs": true, "s3://bucket?region=eu-central-1": true, "s3://bucket?region=x&endpoint=http://127.0.0.1:7070": true,
		"file://relative": false, "s3://bucket": false, "s3://?region=x": false, "s3://key:secret@bucket?region=x": false, "s3://bucket/folder?region=x": false, "gs://bucket": false,
	} {
		env["BLOB_URL"] = value
		if c, err := load(t, env); (err == nil) != ok || ok && c.BlobURL != value {
			t.Errorf("%s: %v", value, err)
		}
	}
}

func TestWhereMailsGo(t *testing.T) {
	for value, want := range map[string]SMTP{
		"":                                   {},
		"smtps://mail.example":               {Host: "mail.example", Port: 465, TLS: TLSFromTheStart},
		"smtps://u%40x:p%3Aw@mail.example:4": {Host: "mail.example", Port: 4, TLS: TLSFromTheStart, User: "u@x", Password: "p:w"},
		"smtp://mail.example":                {Host: "mail.example", Port: 587, TLS: TLSStart},
		"smtp://localhost:25":                {Host: "localhost", Port: 25, TLS: TLSNone},
		"smtp://[::1]:25":                    {Host: "::1", Port: 25, TLS: TLSNone},
		"smtp://127.0.0.1:25":                {Host: "127.0.0.1", Port: 25, TLS: TLSNone},
	} {
		if c, err := load(t, map[string]string{"SMTP_URL": value}); err != nil || c.SMTP != want {
			t.Errorf("%s: %+v, %v", value, c.SMTP, err)
		}
	}
	for _, bad := range []string{"mail.example:25", "http://mail.example", "smtp://", "smtps://user@mail.example", "smtp://mail.example/x", "smtp://mail.example:0", "smtp://mail.example:x", "smtp://:secret@mail.example"} {
		if _, err := load(t, map[string]string{"SMTP_URL": bad}); err == nil || !strings.Contains(err.Error(), "SMTP_URL ") || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v", bad, err)
		}
	}
}

func TestWhoMailsAreFrom(t *testing.T) {
	for value, want := range map[string]string{
		"":                             `"HLPFL" <mail@hlpfl.localhost>`,
		"mail@hlpfl.example":           "<mail@hlpfl.example>",
		"HLPFL <mail@hlpfl.example>":   `"HLPFL" <mail@hlpfl.example>`,
		"Hölpfl <mail@hlpfl.example> ": `=?utf-8?q?H=C3=B6lpfl?= <mail@hlpfl.example>`,
	} {
		if c, err := load(t, map[string]string{"MAIL_FROM": value}); err != nil || c.MailFrom.String() != want {
			t.Errorf("%s: %s, %v", value, c.MailFrom.String(), err)
		}
	}
	for _, bad := range []string{"nobody", "HLPFL <mail@localhost>", "a@b.example, c@d.example", "a@b.example\r\nBcc: c@d.example"} {
		if _, err := load(t, map[string]string{"MAIL_FROM": bad}); err == nil || !strings.Contains(err.Error(), "MAIL_FROM ") {
			t.Errorf("%q: %v", bad, err)
		}
	}
}
