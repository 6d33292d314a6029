package e2e

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/hlpfl/platform/handlers/dev"
	"github.com/hlpfl/platform/static"
	"github.com/hlpfl/platform/tests/axe"
	"github.com/hlpfl/platform/tests/browser"
	"github.com/hlpfl/platform/tests/program"
)

// wide finds what stands out of the window to the side, where no hand can scroll to.
const wide = `(() => {
  const faults = [], width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth > width) faults.push('the page is ' + document.documentElement.scrollWidth + ' wide');
  for (const e of document.querySelectorAll('a, button, input, textarea, select, h1, h2, p, li, td, th, dd, dt')) {
    const box = e.getBoundingClientRect();
    if (!e.checkVisibility({visibilityProperty: true, contentVisibilityAuto: true}) || !box.width || !box.height || (box.right <= width + 1 && box.left >= -1)) continue;
    let held = false;
    for (let at = e; at && at !== document.documentElement; at = at.parentElement) {
      const s = getComputedStyle(at);
      if (s.overflowX === 'auto' || s.overflowX === 'scroll' || s.position === 'fixed' || s.clipPath !== 'none' || s.visibility === 'hidden' || at.getAttribute('aria-hidden') === 'true') held = true;
    }
    if (!held) faults.push(e.tagName + ' “' + e.textContent.trim().slice(0, 30) + '” spans ' + Math.round(box.left) + ' to ' + Math.round(box.right));
  }
  return faults.slice(0, 5);
})()`

// inspect looks at a page on both screens in both colours: nothing that keeps people out, nothing that stands out.
func inspect(b *browser.Tab, path string) {
	b.T.Helper()
	faults := func(where string, list []string, err error) {
		if err != nil {
			b.T.Fatalf("%s, %s: %v", path, where, err)
		}
		for _, fault := range list {
			b.T.Errorf("%s, %s: %s", path, where, fault)
		}
	}
	ctx, cancel := context.WithTimeout(b.Context, 2*time.Minute)
	defer cancel()
	b.Do(browser.Resize(browser.Desk), browser.Colours(browser.Desk))
	b.Go(path)
	for _, on := range []browser.Screen{browser.Desk, browser.Phone} {
		b.Do(browser.Resize(on), browser.Colours(on), browser.Settle())
		where := "1280 px"
		if on.Width < 600 {
			where = "390 px"
		}
		found, err := axe.Check(ctx, false)
		faults(where, found, err)
		b.Do(browser.Colours(on.Night()), browser.Settle())
		found, err = axe.Check(ctx, true)
		faults(where+", dark", found, err)
		out, err := standsOut(b)
		faults(where, out, err)
	}
	b.Do(browser.Resize(browser.Screen{Width: 320, Height: 640, Density: 1}))
	out, err := standsOut(b)
	faults("320 px", out, err)
	b.Do(browser.Resize(b.Setting.Screen), browser.Colours(b.Setting.Screen))
}

func standsOut(b *browser.Tab) (list []string, err error) {
	err = b.Eval(wide, &list)
	return list, err
}

func TestPagesForEverybody(t *testing.T) {
	t.Parallel()
	p := program.Start(t, program.Options{})
	p.Register(t, "maud@example.com").Profile("maudteller")
	b := artist(t, p)
	b.Forgive("status of 404")
	for _, path := range []string{"/", "/pricing", "/register", "/register?handle=nobody", "/login", "/maudtelle", "/no/such/page", "/api/docs"} {
		inspect(b, path)
	}
	for _, r := range b.Requests() {
		if r.Set != "" && !strings.HasSuffix(r.URL, "/login") && !strings.HasSuffix(r.URL, "/register") {
			t.Errorf("%s sets a cookie on somebody who only looks: %s", r.URL, r.Set)
		}
	}
}

func TestPublicPages(t *testing.T) {
	t.Parallel()
	p := program.Start(t, program.Options{})
	owner := p.Register(t, "maud@example.com")
	made := owner.Profile("maudteller")
	data := fullPage()
	f := fan(t, p, true)
	version := made["version"]
	for _, theme := range []string{"jacket", "tape", "plain"} {
		data["theme"] = map[string]any{"name": theme}
		a := owner.Do("PUT", "/api/profiles/"+made["id"].(string), map[string]any{"version": version, "profile_data": data})
		if a.Status != http.StatusOK {
			t.Fatalf("%s: %d %s", theme, a.Status, a.Body)
		}
		version = a.JSON(t)["version"]
		f.Until("the page in "+theme, func() bool {
			return strings.Contains(public(t, p, "maudteller"), `class="t-`+theme)
		})
		inspect(f, "/maudteller")
		var blocking, keeps []string
		f.Must(`performance.getEntriesByType('resource').filter(e => e.renderBlockingStatus === 'blocking').map(e => e.name)`, &blocking)
		f.Must(`[document.cookie, ...Object.keys(localStorage), ...Object.keys(sessionStorage)].filter(Boolean)`, &keeps)
		if len(blocking) > 0 || len(keeps) > 0 {
			t.Errorf("%s: blocked by %q, keeps %q", theme, blocking, keeps)
		}
	}
	noTraces(t, f)
}

// fullPage is the data of a page with something of everything.
func fullPage() map[string]any {
	return map[string]any{
		"bio": "Soul, dub and harbour fog.",
		"socials": []any{
			map[string]any{"id": "insta", "network": "instagram", "url": "https://instagram.com/maudteller"},
			map[string]any{"id": "tube", "network": "youtube", "url": "https://www.youtube.com/@maudteller"},
		},
		"blocks": []any{
			link("record", "Slow Harbour", "https://open.spotify.com/album/4uLU6hMCjMI75M1A2tKUQC"),
			map[string]any{"id": "head", "type": "heading", "text": "Elsewhere"},
			link("shop", "On vinyl, with a long title that has to go over two lines", "https://example.bandcamp.com/album/slow-harbour"),
			map[string]any{"id": "words", "type": "text", "text": "Two records.\n\nOne more comes."},
			map[string]any{"id": "mail", "type": "link", "title": "Write to us", "url": "mailto:hello@example.com"},
		},
	}
}

func TestPagesOfTheDesk(t *testing.T) {
	t.Parallel()
	p := program.Start(t, program.Options{})
	empty := artist(t, p)
	p.Register(t, "empty@example.com")
	signIn(empty, "empty@example.com")
	inspect(empty, "/dashboard")

	b := artist(t, p)
	b.Forgive("status of 404")
	_, id := withProfile(t, p, b, "maud@example.com", "maudteller", fullPage())
	editor := "/dashboard/profiles/" + id
	for _, path := range []string{
		"/dashboard", "/dashboard/profiles/new", "/dashboard/account", editor, editor + "?tab=who", editor + "?tab=elsewhere", editor + "?tab=sleeve",
		editor + "?tab=preview", editor + "?open=record", editor + "?open=words", editor + "?add=heading", editor + "/analytics", "/no/such/page",
	} {
		inspect(b, path)
	}

	// With fans, changes that wait, and something deleted.
	f := fan(t, p, true)
	f.Go("/maudteller")
	f.Link("Slow Harbour*").Click()
	f.See("Arrived at")
	b.Go(editor + "?open=record")
	b.Field("Title").Paste("Slow Harbour, out now")
	saved(b)
	b.Go(editor + "?open=words")
	b.Button("Delete").Click()
	b.Button("Put back*Two records*").See()
	inspect(b, editor)
	b.Go(editor + "/analytics")
	b.Until("the tap", func() bool { b.Reload(); return figure(b, "Clicks") == "1" })
	inspect(b, editor+"/analytics")
}

// TestEveryState looks at what a story does not lead to: errors, conflicts, limits, long names.
func TestEveryState(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(samples())
	t.Cleanup(server.Close)
	b := browser.New(t, session, browser.Setting{Screen: browser.Desk, Agent: browser.DeskAgent, Origin: server.URL})
	b.Forgive("/preview") // the sample of an editor has no page to show
	for _, room := range dev.Rooms() {
		for _, s := range room.Samples {
			if !s.Page || strings.HasSuffix(s.Name, "-1000") {
				continue
			}
			inspect(b, "/"+room.Name+"/"+s.Name)
		}
	}
}

// samples serves every screen in every state under the policy of the real ones.
func samples() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET "+static.Prefix, static.Handler())
	for _, room := range dev.Rooms() {
		for _, s := range room.Samples {
			mux.HandleFunc("GET /"+room.Name+"/"+s.Name, func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Content-Type", "text/html; charset=utf-8")
				w.Header().Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'")
				_ = s.Component.Render(r.Context(), w)
			})
		}
	}
	return mux
}
