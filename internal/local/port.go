package local

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"strconv"
)

// portsBelow is how many ports below the system's own range freePort chooses from.
const portsBelow = 12_000

// freePort is a loopback port that nobody uses at this moment. It stands below the range that the system hands out for
// outgoing connections, so that none of those takes it before a server does, or while that server is stopped for a while.
func freePort(ctx context.Context) (int, error) {
	top := outgoingPorts()
	var last error
	for range 50 {
		port := top - 1 - rand.IntN(min(portsBelow, top-1024)) //nolint:gosec // nobody's secret
		l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
		if err == nil {
			return port, l.Close()
		}
		last = err
	}
	return 0, fmt.Errorf("no free port on 127.0.0.1: %w", last)
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
