package web

import (
	"net/http"
	"net/netip"
	"testing"
)

// Headers that nobody is believed for are not looked at.
func TestClientIP(t *testing.T) {
	trusted := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}
	header := http.Header{"X-Forwarded-For": {"192.0.2.1, 198.51.100.1"}, "X-Real-Ip": {"192.0.2.77"}, "Forwarded": {"for=192.0.2.77"}}
	for remote, want := range map[string]string{"10.0.0.1:4711": "198.51.100.1", "203.0.113.9:4711": "203.0.113.9", "@": ""} {
		if got := ClientIP(trusted)(&http.Request{RemoteAddr: remote, Header: header}); got != want {
			t.Errorf("%s: %q, want %q", remote, got, want)
		}
	}
}
