// Package e2e drives the whole program in a browser: what a person does, seen as a person sees it. Things are found by
// role and name, as a screen reader would; each test has a program of its own, and all share one Chromium.
package e2e

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/hlpfl/platform/tests/browser"
	"github.com/hlpfl/platform/tests/idp"
	"github.com/hlpfl/platform/tests/program"
)

// session is the Chromium of all tests, vendors are the identity providers in its world.
var (
	session context.Context
	vendors *idp.Servers
)

func TestMain(m *testing.M) {
	code := func() int {
		world := browser.NewWorld()
		defer world.Close()
		var stop func()
		var err error
		if vendors, err = idp.Start(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		defer vendors.Close()
		session, stop, err = browser.Start(context.Background(), browser.Options{World: world.Address(), Hosts: vendors.Hosts()})
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		defer stop()
		return m.Run()
	}()
	os.Exit(code)
}

// artist is somebody at a desk with a browser of their own.
func artist(t *testing.T, p *program.Program) *browser.Tab {
	t.Helper()
	return browser.New(session, t, browser.Setting{Screen: browser.Desk, Agent: browser.DeskAgent, Origin: p.URL})
}

// plainArtist is an artist whose browser runs no scripts.
func plainArtist(t *testing.T, p *program.Program) *browser.Tab {
	t.Helper()
	return browser.New(session, t, browser.Setting{Screen: browser.Desk, Agent: browser.DeskAgent, Origin: p.URL, NoScript: true})
}

// fan is somebody with a phone.
func fan(t *testing.T, p *program.Program, scripts bool) *browser.Tab {
	t.Helper()
	f := browser.New(session, t, browser.Setting{Screen: browser.Phone, Agent: browser.PhoneAgent, Origin: p.URL, NoScript: !scripts})
	f.Leaves()
	return f
}

// signIn signs an account in by the form.
func signIn(b *browser.Tab, email string) {
	b.T.Helper()
	b.Go("/login")
	b.Field("E-mail").Paste(email)
	b.Field("Password").Paste(program.Password)
	b.Button("Sign in").Click()
	b.At("/dashboard")
}

// withProfile makes an account with one profile, signs its owner in and opens the editor. Its id is given back.
func withProfile(t *testing.T, p *program.Program, b *browser.Tab, email, handle string, data map[string]any) (owner *program.Client, id string) {
	t.Helper()
	owner = p.Register(t, email)
	a := owner.Do("POST", "/api/profiles", map[string]any{"handle": handle, "profile_name": "Maud Teller", "profile_data": data})
	if a.Status != 201 {
		t.Fatalf("profile %s: %d %s", handle, a.Status, a.Body)
	}
	id = a.JSON(t)["id"].(string)
	signIn(b, email)
	b.Go("/dashboard/profiles/" + id)
	return owner, id
}

// link is a block of a profile's JSON.
func link(id, title, url string) map[string]any {
	return map[string]any{"id": id, "type": "link", "title": title, "url": url}
}

// threeLinks are a profile's data with three links, each of a service of its own.
func threeLinks() map[string]any {
	return map[string]any{"blocks": []any{
		link("record", "Slow Harbour", "https://open.spotify.com/album/4uLU6hMCjMI75M1A2tKUQC"),
		link("video", "Night Bus, the video", "https://www.youtube.com/watch?v=dQw4w9WgXcQ"),
		link("shop", "On vinyl", "https://example.bandcamp.com/album/slow-harbour"),
	}}
}

// public is the public page as a phone without a browser gets it.
func public(t *testing.T, p *program.Program, handle string) string {
	return string(p.Client(t).Do("GET", "/"+handle, nil).Body)
}

// inOrder tells whether texts stand in a page one after the other.
func inOrder(page string, texts ...string) bool {
	for _, text := range texts {
		at := strings.Index(page, text)
		if at < 0 {
			return false
		}
		page = page[at+len(text):]
	}
	return true
}
