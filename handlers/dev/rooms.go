package dev

import (
	"context"
	"strconv"
	"strings"

	"github.com/hlpfl/platform/internal/providers"
	"github.com/hlpfl/platform/internal/seed/art"
	"github.com/hlpfl/platform/views"
	adminviews "github.com/hlpfl/platform/views/admin"
	artistviews "github.com/hlpfl/platform/views/artist"
	"github.com/hlpfl/platform/views/fan"
	siteviews "github.com/hlpfl/platform/views/site"
	"github.com/hlpfl/platform/views/ui"
)

// Rooms are the desk's samples, in the order they are shown.
func Rooms() []Room {
	return []Room{
		{Name: "ui", Samples: ui.Samples()},
		{Name: "site", Samples: siteviews.Samples()},
		{Name: "artist", Samples: artistviews.Samples()},
		{Name: "admin", Samples: adminviews.Samples()},
	}
}

// Supply gives the fans' samples the demo artists' pictures, which stand where the seed put them, and the services'
// icons.
func Supply() fan.Supply { return fan.Supply{Picture: picture, Icon: icon} }

func picture(name string) *fan.Picture {
	piece, ok := art.Named(name)
	if !ok {
		return nil
	}
	var sources []string
	for _, width := range piece.Widths {
		sources = append(sources, address(piece.File(width))+" "+strconv.Itoa(width)+"w")
	}
	return &fan.Picture{
		Src: address(piece.File(piece.Width())), SrcSet: strings.Join(sources, ", "),
		Width: piece.Width(), Height: piece.Height, Alt: piece.Alt, Focus: piece.Focus,
	}
}

func address(file string) string { return views.Media(context.Background(), file) }

func icon(network string) fan.Icon {
	provider, ok := providers.ByKey(network)
	if !ok {
		return fan.Icon{}
	}
	return fan.Icon{ID: provider.Icon.Name, Path: provider.Icon.Path, Stroke: provider.Icon.Stroke}
}
