package model

import (
	"net/netip"
	"testing"
)

func TestClientBehindProxies(t *testing.T) {
	proxies := Proxies{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("2001:db8:ffff::/48")}
	for _, test := range []struct {
		name, remote string
		forwarded    []string
		trusted      Proxies
		want         string
	}{
		{"no proxy", "203.0.113.9:4711", nil, proxies, "203.0.113.9"},
		{"a stranger's header", "203.0.113.9:4711", []string{"198.51.100.1"}, proxies, "203.0.113.9"},
		{"nobody is trusted", "10.0.0.1:4711", []string{"198.51.100.1"}, nil, "10.0.0.1"},
		{"one proxy", "10.0.0.1:4711", []string{"198.51.100.1"}, proxies, "198.51.100.1"},
		{"two proxies", "10.0.0.1:4711", []string{"198.51.100.1, 10.0.0.2"}, proxies, "198.51.100.1"},
		{"several lines", "10.0.0.1:4711", []string{"192.0.2.1", "198.51.100.1", "10.0.0.2"}, proxies, "198.51.100.1"},
		{"forged to the left", "10.0.0.1:4711", []string{"192.0.2.1, 198.51.100.1"}, proxies, "198.51.100.1"},
		{"forged as a proxy", "10.0.0.1:4711", []string{"10.9.9.9, 198.51.100.1"}, proxies, "198.51.100.1"},
		{"all are proxies", "10.0.0.1:4711", []string{"10.0.0.3, 10.0.0.2"}, proxies, "10.0.0.3"},
		{"garbage", "10.0.0.1:4711", []string{"unknown"}, proxies, "10.0.0.1"},
		{"garbage to the left", "10.0.0.1:4711", []string{"<script>, 10.0.0.2"}, proxies, "10.0.0.2"},
		{"nothing between commas", "10.0.0.1:4711", []string{"198.51.100.1,"}, proxies, "10.0.0.1"},
		{"an empty header", "10.0.0.1:4711", []string{""}, proxies, "10.0.0.1"},
		{"with a port", "10.0.0.1:4711", []string{"198.51.100.1:80"}, proxies, "198.51.100.1"},
		{"IPv6", "[2001:db8:ffff::1]:4711", []string{"2001:db8::9"}, proxies, "2001:db8::9"},
		{"IPv6 in brackets", "10.0.0.1:4711", []string{"[2001:db8::9]"}, proxies, "2001:db8::9"},
		{"IPv6 with a port", "10.0.0.1:4711", []string{"[2001:db8::9]:443"}, proxies, "2001:db8::9"},
		{"IPv4 in IPv6", "[::ffff:10.0.0.1]:4711", []string{"::ffff:198.51.100.1"}, proxies, "198.51.100.1"},
		{"a zone", "[fe80::1%eth0]:4711", nil, proxies, "fe80::1"},
		{"a unix socket", "@", []string{"198.51.100.1"}, proxies, ""},
	} {
		got, proxied := test.trusted.Client(test.remote, test.forwarded)
		if want, _ := netip.ParseAddr(test.want); got != want {
			t.Errorf("%s: %v, want %q", test.name, got, test.want)
		}
		if first := ParseAddress(test.remote); proxied != test.trusted.hold(first) {
			t.Errorf("%s: proxied is %v", test.name, proxied)
		}
	}
}
