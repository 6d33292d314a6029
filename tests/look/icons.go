package main

import (
	"github.com/hlpfl/platform/internal/providers"
	"github.com/hlpfl/platform/views/fan"
)

// demoIcon is the drawing that a real page would get for a network.
func demoIcon(network string) fan.Icon {
	provider, ok := providers.ByKey(network)
	if !ok {
		return fan.Icon{}
	}
	return fan.Icon{ID: provider.Icon.Name, Path: provider.Icon.Path, Stroke: provider.Icon.Stroke}
}
