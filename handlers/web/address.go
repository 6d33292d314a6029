package web

import (
	"net"
	"net/http"
	"net/netip"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/hlpfl/platform/internal/auth"
	"github.com/hlpfl/platform/store"
)

// ClientIP gives echo's IPExtractor: the address of whoever asks. X-Forwarded-For
// is believed only as far as trusted proxies wrote it: read from the right, the
// first address that is none of theirs. Without trusted proxies it is the
// connection's own address. It gives "" when there is none (a unix socket).
func ClientIP(trusted []netip.Prefix) echo.IPExtractor {
	return func(r *http.Request) string {
		a := clientAddr(r, trusted)
		if !a.IsValid() {
			return ""
		}
		return a.String()
	}
}

func clientAddr(r *http.Request, trusted []netip.Prefix) netip.Addr {
	client := parseHop(r.RemoteAddr)
	// Every proxy adds to the right, as one header or as another line of it.
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0 && believed(client, trusted); i-- {
		hop := parseHop(hops[i])
		if !hop.IsValid() {
			break // nobody knows what stands before garbage
		}
		client = hop
	}
	return client
}

func believed(a netip.Addr, trusted []netip.Prefix) bool {
	for _, p := range trusted {
		if p.Contains(a) {
			return true
		}
	}
	return false
}

// parseHop reads an address with or without a port, an IPv6 one with or without
// brackets.
func parseHop(text string) netip.Addr {
	text = strings.TrimSpace(text)
	if host, _, err := net.SplitHostPort(text); err == nil {
		text = host
	}
	a, err := netip.ParseAddr(strings.TrimSuffix(strings.TrimPrefix(text, "["), "]"))
	if err != nil {
		return netip.Addr{}
	}
	return a.Unmap().WithZone("")
}

// Address is the address of whoever asks; not valid when there is none.
func (r *Request) Address() netip.Addr { return parseHop(r.RealIP()) }

// From says where a request comes in, for auth.
func (r *Request) From() auth.From {
	from := auth.From{Door: store.DoorWeb, Address: r.Address(), Agent: r.Request().UserAgent()}
	if r.Door == API {
		from.Door = store.DoorAPI
	} else if r.Signed != nil {
		from.Replaces = r.Signed.Session
	}
	return from
}
