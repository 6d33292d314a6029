// Package dev is the room of whoever builds the program: every component and
// page in every state. It exists in local mode alone and answers loopback alone.
package dev

import (
	"net"
	"net/http"
	"net/netip"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"github.com/hlpfl/platform/handlers/web"
	"github.com/hlpfl/platform/internal/model"
	"github.com/hlpfl/platform/views"
	"github.com/hlpfl/platform/views/dev"
	"github.com/hlpfl/platform/views/fan"
	"github.com/hlpfl/platform/views/mail"
	"github.com/hlpfl/platform/views/ui"
)

// Views shows samples.
type Views struct {
	// On is local mode.
	On bool
	// Rooms are the desk's samples by room, in the order they are shown.
	Rooms []Room
	// Themes draws the fans' samples.
	Themes *fan.Themes
	// Fan are the fans' samples, without a theme.
	Fan []fan.Sample
	// Mails are a mail of every kind.
	Mails []ui.Sample
}

// New is the room with all samples when on, empty and closed otherwise.
func New(on bool, themes *fan.Themes) Views {
	if !on {
		return Views{}
	}
	return Views{On: true, Rooms: Rooms(), Themes: themes, Fan: fan.Samples(Supply()), Mails: mail.Samples()}
}

// Room is the samples of one room.
type Room struct {
	Name    string
	Samples []ui.Sample
}

// Index lists all samples.
func (v Views) Index(r *web.Request) (web.Reply, error) {
	if !v.open(r.Context) {
		return web.Reply{}, model.NotFound()
	}
	var groups []dev.Group
	for _, room := range v.Rooms {
		g := dev.Group{Name: room.Name}
		for _, s := range room.Samples {
			g.Links = append(g.Links, dev.Link{Title: s.Name, Href: views.DevView(room.Name, s.Name)})
		}
		groups = append(groups, g)
	}
	mails := dev.Group{Name: "mail"}
	for _, s := range v.Mails {
		mails.Links = append(mails.Links, dev.Link{Title: s.Name, Href: views.DevView("mail", s.Name)})
	}
	groups = append(groups, mails)
	for _, theme := range model.Themes() {
		g := dev.Group{Name: theme}
		for _, s := range v.Fan {
			g.Links = append(g.Links, dev.Link{Title: s.Title, Href: views.DevView("fan-"+theme, s.Name)})
		}
		groups = append(groups, g)
	}
	return web.Reply{Show: dev.Index(groups)}, nil
}

// Show draws one sample.
func (v Views) Show(r *web.Request) (web.Reply, error) {
	if !v.open(r.Context) {
		return web.Reply{}, model.NotFound()
	}
	room, name := r.Param("room"), r.Param("name")
	for _, theme := range model.Themes() {
		if room == "fan-"+theme {
			return v.fan(r, theme, name)
		}
	}
	if room == "mail" {
		for _, s := range v.Mails {
			if s.Name == name {
				return web.Reply{Header: mailPolicy("'none'"), Show: s.Component}, nil
			}
		}
	}
	for _, candidate := range v.Rooms {
		for _, s := range candidate.Samples {
			if candidate.Name == room && s.Name == name {
				return web.Reply{Show: whole(s)}, nil
			}
		}
	}
	return web.Reply{}, model.NotFound()
}

func (v Views) fan(r *web.Request, theme, name string) (web.Reply, error) {
	for _, s := range v.Fan {
		if s.Name != name {
			continue
		}
		s.Page.Theme, s.Page.Scheme, s.Page.Preview = theme, r.QueryParam("scheme"), true
		html, csp, err := v.Themes.Render(s.Page)
		if err != nil {
			return web.Reply{}, err
		}
		return web.Reply{Header: http.Header{"Content-Security-Policy": {csp}}, Show: templ.Raw(string(html))}, nil
	}
	return web.Reply{}, model.NotFound()
}

// mailPolicy is under what a mail is shown: it brings its styles along, and nothing else
// happens in it. framedBy says who may put it in a frame.
func mailPolicy(framedBy string) http.Header {
	return http.Header{"Content-Security-Policy": {"default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; " +
		"sandbox allow-top-navigation-by-user-activation; frame-ancestors " + framedBy}}
}

func whole(s ui.Sample) templ.Component {
	if s.Page {
		return s.Component
	}
	return dev.Part(s.Name, s.Component)
}

// open reports whether the request comes from this very machine. A page elsewhere
// could point a name of its own at loopback: the Host must be loopback too.
func (v Views) open(c echo.Context) bool { return v.On && here(c) }

func here(c echo.Context) bool {
	return loopback(c.Request().RemoteAddr) && loopback(c.Request().Host) && c.Request().Header.Get("X-Forwarded-For") == ""
}

func loopback(hostport string) bool {
	host, _, err := net.SplitHostPort(hostport)
	if err != nil {
		host = hostport
	}
	if host == "localhost" {
		return true
	}
	address, err := netip.ParseAddr(host)
	return err == nil && address.Unmap().IsLoopback()
}
