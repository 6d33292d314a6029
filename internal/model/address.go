package model

import (
	"net/netip"
	"slices"
	"strings"
)

// Proxies are the networks whose forwarding headers are believed; nobody else's
// are.
type Proxies []netip.Prefix

// Client is the address of whoever asks, from a connection's own address and the
// lines of X-Forwarded-For: read from the right, the first that is no proxy's. It
// is not valid when there is none (a unix socket). proxied tells that the
// connection is a proxy's, so that its other headers may be believed too.
func (p Proxies) Client(remote string, forwarded []string) (client netip.Addr, proxied bool) {
	client = ParseAddress(remote)
	proxied = p.hold(client)
	if !proxied {
		return client, false
	}
	// Every proxy adds to the right, as one header or as another line of it.
	for _, line := range slices.Backward(forwarded) {
		for _, hop := range slices.Backward(strings.Split(line, ",")) {
			next := ParseAddress(hop)
			if !next.IsValid() {
				return client, true // nobody knows what stands before garbage
			}
			client = next
			if !p.hold(client) {
				return client, true
			}
		}
	}
	return client, true
}

func (p Proxies) hold(a netip.Addr) bool {
	return slices.ContainsFunc(p, func(network netip.Prefix) bool { return network.Contains(a) })
}

// ParseAddress reads an address with or without a port, an IPv6 one with or
// without brackets. It is not valid when the text is none.
func ParseAddress(text string) netip.Addr {
	text = strings.TrimSpace(text)
	if with, err := netip.ParseAddrPort(text); err == nil {
		return with.Addr().Unmap().WithZone("")
	}
	a, err := netip.ParseAddr(strings.TrimSuffix(strings.TrimPrefix(text, "["), "]"))
	if err != nil {
		return netip.Addr{}
	}
	return a.Unmap().WithZone("")
}
