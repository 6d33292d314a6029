package auth

import (
	"net/netip"
	"strings"

	"github.com/mileusna/useragent"

	"github.com/hlpfl/platform/internal/model"
)

// addressKey is what a limit counts an address as. Whoever has an IPv6 address has
// all of its /64, so that is what counts.
func addressKey(a netip.Addr) string {
	a = a.Unmap().WithZone("")
	switch {
	case !a.IsValid():
		return "unknown"
	case a.Is6():
		return prefix(a, 64)
	}
	return a.String()
}

// Network is what is kept of an address: its network, /24 or /48, in which nobody
// can be told from others; "" for none.
func Network(a netip.Addr) string {
	a = a.Unmap().WithZone("")
	switch {
	case !a.IsValid():
		return ""
	case a.Is6():
		return prefix(a, 48)
	}
	return prefix(a, 24)
}

func prefix(a netip.Addr, bits int) string {
	p, err := a.Prefix(bits)
	if err != nil {
		return ""
	}
	return p.String()
}

// Device says what a User-Agent stands for, like "Safari on iPhone"; "" when that
// cannot be told.
func Device(agent string) string {
	const longest = 512 // of what is looked at; nothing beyond says more
	ua := useragent.Parse(strings.ToValidUTF8(agent[:min(len(agent), longest)], ""))
	where := ua.Device
	if where == "" || len(where) > 20 {
		where = ua.OS
	}
	device := ua.Name
	if device != "" && where != "" {
		device += " on " + where
	}
	clean, err := model.CleanLine(device, 60)
	if err != nil {
		return ""
	}
	return clean
}
