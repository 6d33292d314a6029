package e2e

import (
	"strings"
	"testing"
	"time"

	"github.com/hlpfl/platform/tests/browser"
	"github.com/hlpfl/platform/tests/program"
)

// real are addresses as people paste them, and the service that each must be known as.
var real = []struct{ pasted, service, leads string }{
	{"https://open.spotify.com/album/4uLU6hMCjMI75M1A2tKUQC?si=Zk3bW2cSQ0", "Spotify", "https://open.spotify.com/album/4uLU6hMCjMI75M1A2tKUQC?si=Zk3bW2cSQ0"},
	{"music.apple.com/gb/album/slow-harbour/1440857781", "Apple Music", "https://music.apple.com/gb/album/slow-harbour/1440857781"},
	{"https://youtu.be/dQw4w9WgXcQ", "YouTube", "https://youtu.be/dQw4w9WgXcQ"},
	{"https://maudteller.bandcamp.com/album/slow-harbour", "Bandcamp", "https://maudteller.bandcamp.com/album/slow-harbour"},
	{" HTTPS://www.Instagram.com/maudteller/ ", "Instagram", "https://www.instagram.com/maudteller/"},
}

// TestFromNothingToACountedTap is the main job, whole.
func TestFromNothingToACountedTap(t *testing.T) {
	t.Parallel()
	p := program.Start(t, program.Options{})
	b := artist(t, p)

	claim(b)

	for i, r := range real {
		b.Link("Link").Click()
		b.Field("Address").Paste(r.pasted)
		b.Until("the service of "+r.pasted, func() bool { return strings.HasSuffix(b.Field("Title").Value(), " "+r.service) })
		if r.service == "Bandcamp" {
			b.Field("Title").Paste("Slow Harbour, on vinyl")
		}
		b.Button("Add it").Click()
		b.Until("the row of "+r.service, func() bool { return len(rows(b)) == i+1 })
	}
	if got := rows(b); got[0] != "Listen on Spotify Spotify" || got[3] != "Slow Harbour, on vinyl Bandcamp" || got[4] != "Follow on Instagram Instagram" {
		t.Errorf("the rows say %q", got)
	}
	b.See("Free holds five links, and you have five.")

	b.Link("Sleeve*").Click()
	b.Button("Jacket*").Click()
	b.Until("Jacket to be chosen", func() bool { return b.Button("Jacket*").Is("pressed") == "true" })
	b.Until("the preview in Jacket", func() bool { return strings.Contains(preview(b), "Slow Harbour, on vinyl") })

	if page := public(t, p, "maudteller"); strings.Contains(page, "Bandcamp") {
		t.Error("what is not published is public")
	}
	b.Button("Publish*").Click()
	b.Button("Nothing to publish").See()

	f := fan(t, p, true)
	f.Go("/maudteller")
	f.See("Maud Teller", "Slow Harbour, on vinyl")
	f.Link("Slow Harbour, on vinyl*").Click()
	f.See("Arrived at " + real[3].leads)
	if took := counted(t, p, "maud@example.com"); took > 5*time.Second {
		t.Errorf("the count came %s after the tap had arrived", took)
	}

	b.Link("Analytics").Click()
	b.Find("heading", "Analytics for Maud Teller").See()
	for _, name := range []string{"Clicks", "Views", "Visitors"} {
		if got := figure(b, name); got != "1" {
			t.Errorf("%s: %q", name, got)
		}
	}
	b.See("What they tapped", "Slow Harbour, on vinyl")
	noTraces(t, f)
}

// claim registers at the door and takes the first address, after one that is not to be had.
func claim(b *browser.Tab) {
	b.T.Helper()
	b.Go("/")
	b.Link("Register").Click()
	b.At("/register")
	b.Field("E-mail").Paste("maud@example.com")
	b.Field("Password").Paste(program.Password)
	b.Button("Register").Click()

	b.At("/dashboard")
	b.See("Nothing here yet. Good.")
	b.Field("What do people call you?").Paste("Maud Teller")
	b.Field("Where should your page be?").Paste("login")
	b.See("login is kept for HLPFL itself")
	b.Field("Where should your page be?").Paste("maudteller")
	b.See("maudteller is free")
	b.Button("Make it").Click()
}

// counted waits until the only profile of an account has a click and a view, and tells how long it took.
func counted(t *testing.T, p *program.Program, email string) time.Duration {
	t.Helper()
	began := time.Now()
	c := p.Client(t)
	c.Token = c.Do("POST", "/api/auth/login", map[string]string{"email": email, "password": program.Password}).JSON(t)["access_token"].(string)
	profiles := c.Do("GET", "/api/profiles", nil).JSON(t)["data"].([]any)
	id := profiles[0].(map[string]any)["id"].(string)
	for {
		totals := c.Do("GET", "/api/analytics/"+id, nil).JSON(t)["totals"].(map[string]any)
		if totals["clicks"] == 1.0 && totals["views"] == 1.0 {
			return time.Since(began)
		}
		if time.Since(began) > time.Minute {
			t.Fatalf("after a minute there are %v", totals)
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// rows are the editor's rows of blocks, title and service.
func rows(b *browser.Tab) []string {
	var list []string
	_ = b.Eval(`[...document.querySelectorAll('#tracks .track__what')].map(e => e.innerText.replace(/\s+/g, ' ').trim())`, &list)
	return list
}

// preview is the text of the page in the drawn phone.
func preview(b *browser.Tab) string {
	var text string
	_ = b.Eval(`document.querySelector('iframe[title*="as fans will see it"]').contentDocument.body.innerText`, &text)
	return text
}

// figure is a figure of the analytics screen by its name.
func figure(b *browser.Tab, name string) string {
	var text string
	_ = b.Eval(`[...document.querySelectorAll('dt')].filter(e => e.innerText.trim().toLowerCase() === '`+strings.ToLower(name)+`').map(e => e.parentElement.querySelector('dd').innerText)[0] || ''`, &text)
	return strings.TrimSpace(text)
}

// noTraces holds a fan's visit to the promise: no cookie came or went, nothing is kept on the device, nothing blocked
// the page.
func noTraces(t *testing.T, f *browser.Tab) {
	t.Helper()
	for _, r := range f.Requests() {
		if r.Set != "" || r.Sent != "" {
			t.Errorf("%s %s: cookies sent %q, set %q", r.Method, r.URL, r.Sent, r.Set)
		}
	}
}
