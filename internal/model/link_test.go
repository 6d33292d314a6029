package model

import (
	"net/url"
	"strings"
	"testing"
)

// mended are addresses as people give them, and what they become.
var mended = []struct{ given, want string }{
	{"https://example.com", "https://example.com"},
	{"  https://example.com/a \n", "https://example.com/a"},
	{"\u200b\ufeffhttps://example.com\u200e", "https://example.com"},
	{"example.com", "https://example.com"},
	{"https://example.com/\u0085", "https://example.com/"}, // a space by Unicode, at the end
	{"www.example.com/tour?x=1#top", "https://www.example.com/tour?x=1#top"},
	{"HTTPS://OPEN.Spotify.COM/artist/4Z8W", "https://open.spotify.com/artist/4Z8W"},
	{"Http://Example.com/CaSe?Q=Ü", "http://example.com/CaSe?Q=%C3%9C"},
	{"example.com:8080/path", "https://example.com:8080/path"},
	{"example.com:443", "https://example.com"},
	{"http://example.com:80/", "http://example.com/"},
	{"http://example.com:443/", "http://example.com:443/"},
	{"https://example.com:/x", "https://example.com/x"},
	{"https://example.com:0080/x", "https://example.com:80/x"},
	{"https://example.com./x", "https://example.com/x"},
	{"https://münchen.example/straße", "https://xn--mnchen-3ya.example/stra%C3%9Fe"},
	{"BÜCHER.example", "https://xn--bcher-kva.example"},
	{"https://xn--mnchen-3ya.example", "https://xn--mnchen-3ya.example"},
	{"https://例え。テスト/道", "https://xn--r8jz45g.xn--zckzah/%E9%81%93"},
	{"ｅｘａｍｐｌｅ．com", "https://example.com"},
	{"https://example.com/100%", "https://example.com/100%25"},
	{"https://example.com/a%20b%zz", "https://example.com/a%20b%25zz"},
	{"https://example.com/?off=100%", "https://example.com/?off=100%"},
	{"https://example.com/?u=https://a.b/c?d=e&f[]=g", "https://example.com/?u=https://a.b/c?d=e&f[]=g"},
	{"https://example.com/#a#b", "https://example.com/#a%23b"},
	{`https://example.com/"<x>"`, "https://example.com/%22%3Cx%3E%22"},
	{"https://example.com/a'b", "https://example.com/a'b"},
	{"https://example.com/👩‍🎤", "https://example.com/%F0%9F%91%A9%E2%80%8D%F0%9F%8E%A4"},
	{"https://my_shop.example.com", "https://my_shop.example.com"},
	{"https://r3---sn-x.example.com", "https://r3---sn-x.example.com"},
	{"https://medium.com/@name", "https://medium.com/@name"},
	{"medium.com/@name", "https://medium.com/@name"},
	{"music.youtube.com/watch?v=a&list=b", "https://music.youtube.com/watch?v=a&list=b"},

	{"name@example.com", "mailto:name@example.com"},
	{"Booking.Me+live@EXAMPLE.com", "mailto:Booking.Me+live@example.com"},
	{"MAILTO:name@Example.com", "mailto:name@example.com"},
	{"mailto://name@example.com", "mailto:name@example.com"},
	{"mailto:name@example.com?subject=Hello there&body=Hi%0D%0A", "mailto:name@example.com?subject=Hello%20there&body=Hi%0D%0A"},
	{"mailto:name@example.com?", "mailto:name@example.com"},
	{"name@bücher.example", "mailto:name@xn--bcher-kva.example"},

	{"+49 (0)30 123-45 67", "tel:+49301234567"},
	{"+1 (212) 555.0100", "tel:+12125550100"},
	{"tel:+49\u00a030\u2011123", "tel:+4930123"},
	{"TEL:030/1234567", "tel:0301234567"},
	{"tel:%2B49%2030%20123", "tel:+4930123"},
	{"tel://112", "tel:112"},
	{"sms:+44 7700 900123", "sms:+447700900123"},
	{"sms:+447700900123?body=Hello you", "sms:+447700900123?body=Hello%20you"},
	{"sms:+447700900123?&body=Hi", "sms:+447700900123?body=Hi"},
}

func TestParseURLMends(t *testing.T) {
	for _, c := range mended {
		got, err := ParseURL(c.given)
		if err != nil {
			t.Errorf("ParseURL(%q): %v", c.given, err)
		} else if string(got) != c.want {
			t.Errorf("ParseURL(%q) = %q, want %q", c.given, got, c.want)
		}
	}
}

// refused are addresses that nothing can mend, and words the reason must hold.
var refused = []struct{ given, says string }{
	{"", "Give an address"},
	{" \t\n", "Give an address"},
	{"javascript:alert(1)", "javascript: is not allowed"},
	{"JavaScript:alert(1)", "javascript: is not allowed"},
	{" javascript:alert(1)", "javascript: is not allowed"},
	{"java\nscript:alert(1)", "U+000A"},
	{"java\tscript:alert(1)", "U+0009"},
	{"\x01javascript:alert(1)", "U+0001"},
	{"javascript://example.com/%0aalert(1)", "javascript: is not allowed"},
	{"data:text/html,<script>alert(1)</script>", "data: is not allowed"},
	{"vbscript:msgbox", "vbscript: is not allowed"},
	{"file:///etc/passwd", "file: is not allowed"},
	{"blob:https://example.com/x", "blob: is not allowed"},
	{"about:blank", "about: is not allowed"},
	{"ftp://example.com", "ftp: is not allowed"},
	{"intent://scan/#Intent;scheme=x;end", "intent: is not allowed"},
	{"spotify:track:4Z8W", "https://open.spotify.com/"},
	{strings.Repeat("x", 300) + ":y", "xxxxxxxxxxxxxxxxxxxx…: is not allowed"},
	{"//example.com", "begins with /"},
	{`\\example.com`, `begins with \`},
	{`/\example.com`, "begins with /"},
	{"/path", "begins with /"},
	{"https:example.com", "two slashes"},
	{"https:/example.com", "two slashes"},
	{`https:\\example.com`, "two slashes"},
	{"https:///example.com", "no host"},
	{"https://", "no host"},
	{"https://?x", "no host"},
	{"?x", "no host"},
	{`https://example.com\@evil.example`, "before @"},
	{`https://example.com\.evil.example`, `\`},
	{`https://example.com/a\b`, `\`},
	{"https://user@example.com", "before @"},
	{"https://user:pass@example.com", "before @"},
	{"https://open.spotify.com@evil.example/x", "before @"},
	{"https://@example.com", "before @"},
	{"user:pass@example.com", "user: is not allowed"},
	{"https://exa mple.com", "space"},
	{"https://example.com/a b", "%20"},
	{"https://example.com/a\u00a0b", "space"},
	{"https://example.com/a\u3000b", "space"},
	{"not an address", "space"},
	{"https://example.com/a\x00b", "U+0000"},
	{"https://example.com/\r\nSet-Cookie: a=b", "U+000D"},
	{"https://example.com/\u2028x", "U+2028"},
	{"https://example.com/\u202etxt.exe", "U+202E"},
	{"https://example.com/\u2066x", "U+2066"},
	{"https://exa\u00admple.com", "U+00AD"},
	{"https://exam\u200bple.com", "U+200B"},
	{"https://example.com/\xff", "damaged"},
	{"https://example.com/\xed\xa0\x80", "damaged"},
	{"https://example.com/\ufffd", "damaged"},
	{"https://example.com/\ufdd0", "damaged"},
	{"https://example.com/" + strings.Repeat("a", 10<<10), "10,260 characters"},
	{"https://example.com/" + strings.Repeat("ü", 1000), "6,020 characters"},
	{"localhost", "localhost"},
	{"localhost:8080", "localhost: is not allowed"},
	{"http://localhost:8080", "localhost"},
	{"http://LOCALHOST.", "localhost"},
	{"http://ｌｏｃａｌｈｏｓｔ/", "localhost"},
	{"http://foo.localhost", ".localhost"},
	{"http://printer.local", ".local"},
	{"http://db.internal", ".internal"},
	{"http://nas.home.arpa", ".home.arpa"},
	{"http://127.0.0.1", "IP address"},
	{"http://１２７.０.０.１", "IP address"},
	{"http://127.1", "IP address"},
	{"http://2130706433", "IP address"},
	{"http://0x7f.0x0.0x0.0x1", "IP address"},
	{"http://0x7f000001", "IP address"},
	{"http://8.8.8.8/", "IP address"},
	{"http://8.8.8.8./", "IP address"},
	{"8.8.8.8", "IP address"},
	{"http://[::1]/", "IP address"},
	{"http://[2001:db8::1]:80/", "IP address"},
	{"http://169.254.169.254/latest", "IP address"},
	{"intranet", "no dot"},
	{"https://intranet/x", "no dot"},
	{"https://https://example.com", "twice"},
	{"https://http//example.com", "twice"},
	{"https://.example.com", "host name"},
	{"https://example..com", "host name"},
	{"https://exa%6dple.com", "host name"},
	{"https://exa!mple.com", "host name"},
	{"<https://example.com>", "no dot"},
	{"https://" + strings.Repeat("a", 64) + ".com", "63"},
	{"https://" + strings.Repeat("a.", 130) + "com", "253"},
	{"https://example.c", ".com"},
	{"https://example.c0m", ".com"},
	{"https://xn--a.com", "letters"},
	{"https://xn--zz--zz.example", "letters"},
	{"https://example.com:0", "port"},
	{"https://example.com:65536", "port"},
	{"https://example.com:8a", "port"},
	{"https://example.com:+8", "port"},
	{"https://a:b:c.example", "port"},
	{"@mirandalee", "whole address"},
	{"mailto:", "e-mail address"},
	{"mailto:name", "e-mail address"},
	{"mailto:@example.com", "e-mail address"},
	{"mailto:a b@example.com", "e-mail address"},
	{"mailto:a..b@example.com", "e-mail address"},
	{"mailto:.a@example.com", "e-mail address"},
	{"mailto:müller@example.com", "e-mail address"},
	{"mailto:a@b@example.com", "e-mail address"},
	{"mailto:a@example.com,b@example.com", "one e-mail address"},
	{"mailto:a@localhost", "mail server"},
	{"mailto:a@127.0.0.1", "mail server"},
	{"mailto:a@example.com?attach=/etc/passwd", "subject, body, cc, bcc"},
	{"mailto:a@example.com?subject=100%", "%25"},
	{"mailto:a@example.com?subject=a#b", "%23"},
	{"mailto:a@example.com%0d%0aBcc:x@example.com", "e-mail address"},
	{"a@b", "mail server"},
	{"tel:", "phone number"},
	{"tel:*#06#", "phone number"},
	{"tel:+49", "phone number"},
	{"tel:+0301234567", "phone number"},
	{"tel:12", "phone number"},
	{"tel:1234567890123456", "phone number"},
	{"tel:+49301234;ext=1", "phone number"},
	{"tel:+49301234?x=1", "phone number"},
	{"tel:CALLME", "phone number"},
	{"tel:+٤٩٣٠١٢٣", "phone number"},
	{"+", "phone number"},
	{"sms:", "phone number"},
	{"sms:+4930123?to=1", "body"},
	{"sms:+4930123,+4930124", "phone number"},
}

func TestParseURLRefuses(t *testing.T) {
	for _, c := range refused {
		got, err := ParseURL(c.given)
		short := c.given[:min(len(c.given), 60)]
		if err == nil {
			t.Errorf("ParseURL(%q) = %q, want an error", short, got)
			continue
		}
		if got != "" {
			t.Errorf("ParseURL(%q) gives %q beside its error", short, got)
		}
		if !strings.Contains(err.Error(), c.says) {
			t.Errorf("ParseURL(%q): %q does not say %q", short, err, c.says)
		}
		if msg := err.Error(); !strings.HasSuffix(msg, ".") || len(msg) > 300 {
			t.Errorf("ParseURL(%q): %q is no sentence to show", short, msg)
		}
	}
}

func TestURLParts(t *testing.T) {
	for _, c := range []struct {
		given                        URL
		scheme, hostname, host, path string
		out                          bool
	}{
		{"https://www.example.com:81/a/b?c#d", "https", "www.example.com", "example.com", "/a/b", true},
		{"http://example.com", "http", "example.com", "example.com", "", true},
		{"https://example.com?a=/b", "https", "example.com", "example.com", "", true},
		{"https://xn--mnchen-3ya.example/", "https", "xn--mnchen-3ya.example", "münchen.example", "/", true},
		{"https://xn--r8jz45g.xn--zckzah/", "https", "xn--r8jz45g.xn--zckzah", "例え.テスト", "/", true},
		{"https://xn--80ak6aa92e.com/", "https", "xn--80ak6aa92e.com", "xn--80ak6aa92e.com", "/", true}, // "apple" in Cyrillic
		{"https://xn--pple-43d.com/", "https", "xn--pple-43d.com", "xn--pple-43d.com", "/", true},       // Cyrillic а, Latin pple
		{"https://xn--oogle-qmc.com/", "https", "xn--oogle-qmc.com", "xn--oogle-qmc.com", "/", true},    // phonetic ɡ
		{"https://xn--e1afmkfd.xn--p1ai/", "https", "xn--e1afmkfd.xn--p1ai", "пример.рф", "/", true},    // an honest Cyrillic name
		{"https://xn--ab-yyb.example/", "https", "xn--ab-yyb.example", "xn--ab-yyb.example", "/", true}, // a stroke over a, like a slash
		{"mailto:a@example.com?subject=x", "mailto", "example.com", "example.com", "a@example.com", false},
		{"tel:+4930123", "tel", "", "", "+4930123", false},
		{"sms:+4930123?body=x", "sms", "", "", "+4930123", false},
		{"", "", "", "", "", false},
	} {
		if got := c.given.Scheme(); got != c.scheme {
			t.Errorf("%q.Scheme() = %q", c.given, got)
		}
		if got := c.given.Hostname(); got != c.hostname {
			t.Errorf("%q.Hostname() = %q", c.given, got)
		}
		if got := c.given.Host(); got != c.host {
			t.Errorf("%q.Host() = %q, want %q", c.given, got, c.host)
		}
		if got := c.given.Path(); got != c.path {
			t.Errorf("%q.Path() = %q", c.given, got)
		}
		if got := c.given.LeadsOut(); got != c.out {
			t.Errorf("%q.LeadsOut() = %v", c.given, got)
		}
	}
}

func FuzzParseURL(f *testing.F) {
	for _, c := range mended {
		f.Add(c.given)
	}
	for _, c := range refused {
		f.Add(c.given)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		u, err := ParseURL(raw)
		if err != nil {
			if u != "" || strings.ContainsFunc(err.Error(), func(r rune) bool { return r < ' ' || bidiControl(r) }) {
				t.Fatalf("ParseURL(%q) = %q, %q", raw, u, err)
			}
			return
		}
		if len(u) > MaxURL || strings.ContainsFunc(string(u), func(r rune) bool { return r <= ' ' || r > '~' }) {
			t.Fatalf("ParseURL(%q) = %q: not fit for a header", raw, u)
		}
		if again, err := ParseURL(string(u)); err != nil || again != u {
			t.Fatalf("ParseURL(%q) = %q, again %q, %v", raw, u, again, err)
		}
		std, err := url.Parse(string(u))
		if err != nil || !schemes[std.Scheme] || std.Scheme != u.Scheme() || std.User != nil {
			t.Fatalf("%q: net/url says %+v, %v", u, std, err)
		}
		if u.LeadsOut() {
			if std.Hostname() != u.Hostname() || std.EscapedPath() != u.Path() || !strings.Contains(std.Hostname(), ".") {
				t.Fatalf("%q: net/url says host %q path %q, we say %q %q", u, std.Hostname(), std.EscapedPath(), u.Hostname(), u.Path())
			}
		} else if std.Host != "" || std.Opaque != u.Path() {
			t.Fatalf("%q: net/url says host %q opaque %q, we say %q", u, std.Host, std.Opaque, u.Path())
		}
		u.Host() // must not panic on any name
	})
}
