package local

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"strconv"
)

// portsBelow is how many ports below the system's own range FreePort chooses from.
const portsBelow = 12_000

// FreePort is a port of 127.0.0.1 that nobody uses at this moment, as decimal digits. It stands below the range that the system hands out for
// outgoing connections, so that none of those takes it before a server does, or while that server is stopped for a while.
func FreePort(ctx context.Context) (string, error) {
	top := outgoingPorts()
	var last error
	for range 50 {
		port := strconv.Itoa(top - 1 - rand.IntN(min(portsBelow, top-1024))) //nolint:gosec // nobody's secret
		l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", net.JoinHostPort("127.0.0.1", port))
		if err == nil {
			return port, l.Close()
		}
		last = err
	}
	return "", fmt.Errorf("no free port on 127.0.0.1: %w", last)
}

// outgoingPorts is the first port that the system gives to outgoing connections (ip(7), ip_local_port_range).
func outgoingPorts() int {
	const usual = 32_768
	text, err := os.ReadFile("/proc/sys/net/ipv4/ip_local_port_range")
	if err != nil {
		return usual
	}
	var first, last int
	if _, err := fmt.Sscan(string(text), &first, &last); err != nil || first <= 2048 {
		return usual
	}
	return first
}
