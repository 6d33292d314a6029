package e2e

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/hlpfl/platform/handlers/dev"
	"github.com/hlpfl/platform/internal/model"
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
    // A name may stand out by the empty side of its first letter.
    if (e.tagName === 'H1' && box.right <= width + 1 && box.left > -parseFloat(getComputedStyle(e).fontSize) * .05) continue;
    let held = false;
    for (let at = e; at && at !== document.documentElement; at = at.parentElement) {
      const s = getComputedStyle(at);
      if (s.overflowX === 'auto' || s.overflowX === 'scroll' || s.position === 'fixed' || s.clipPath !== 'none' || s.visibility === 'hidden' || at.getAttribute('aria-hidden') === 'true') held = true;
    }
    if (!held) faults.push(e.tagName + ' “' + e.textContent.trim().slice(0, 30) + '” spans ' + Math.round(box.left) + ' to ' + Math.round(box.right));
  }
  return faults.slice(0, 5);
})()`

// thin takes the middle out of lists of more than forty rows: rows of a list are drawn by one loop, so axe-core, which
// takes ten seconds and more for a page of thousands of elements, hears nothing new from the hundredth. What a long list
// alone can break is looked for in the whole of it before: that nothing stands out, and here that no id is there twice.
const thin = `(() => {
  const faults = [], seen = new Set();
  for (const e of document.querySelectorAll('[id]')) {
    if (seen.has(e.id)) faults.push('the id ' + e.id + ' is there twice');
    seen.add(e.id);
  }
  for (const e of document.querySelectorAll('body *')) if (e.children.length > 40) for (const row of [...e.children].slice(20, -5)) row.remove();
  return faults.slice(0, 5);
})()`

// view is a look at a page: on a screen, with all rules or for contrast alone.
type view struct {
	on      browser.Screen
	colours bool
}

// Every page is looked at on both screens in both colours; a state of one whose other states were, on each screen once.
var (
	fourViews = []view{{browser.Desk, false}, {browser.Desk.Night(), true}, {browser.Phone, false}, {browser.Phone.Night(), true}}
	twoViews  = []view{{browser.Desk.Night(), true}, {browser.Phone, false}}
)

// inspect looks at a page: nothing that keeps people out, nothing that stands out of the window.
func inspect(b *browser.Tab, path string, views []view) {
	b.T.Helper()
	told := map[string]bool{}
	fault := func(on browser.Screen, list []string, err error) {
		where := fmt.Sprintf("%s, %d px, dark %t", path, on.Width, on.Dark)
		if err != nil {
			b.T.Fatalf("%s: %v", where, err)
		}
		for _, line := range list {
			if !told[line] {
				b.T.Errorf("%s: %s", where, line)
			}
			told[line] = true
		}
	}
	ctx, cancel := context.WithTimeout(b.Context, 2*time.Minute)
	defer cancel()
	b.Do(browser.Resize(views[0].on), browser.Colours(views[0].on))
	b.Go(path)
	small := browser.Screen{Width: 320, Height: 640, Density: 1}
	sideways := func(on browser.Screen) {
		found, err := standsOut(b)
		fault(on, found, err)
	}
	var long bool
	if b.Must(`document.querySelectorAll('*').length > 2000`, &long); long {
		for _, on := range []browser.Screen{browser.Phone, browser.Desk} {
			b.Do(browser.Resize(on), browser.Settle())
			sideways(on)
		}
		b.Do(browser.Resize(small))
		sideways(small)
		var twice []string
		err := b.Eval(thin, &twice)
		fault(small, twice, err)
	}
	for _, v := range views {
		b.Do(browser.Resize(v.on), browser.Colours(v.on), browser.Settle())
		found, err := axe.Check(ctx, v.colours)
		fault(v.on, found, err)
		sideways(v.on)
	}
	b.Do(browser.Resize(small))
	sideways(small)
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
		inspect(b, path, fourViews)
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
	for _, theme := range model.Themes() {
		data["theme"] = map[string]any{"name": theme}
		a := owner.Do("PUT", "/api/profiles/"+made["id"].(string), map[string]any{"version": version, "profile_data": data})
		if a.Status != http.StatusOK {
			t.Fatalf("%s: %d %s", theme, a.Status, a.Body)
		}
		version = a.JSON(t)["version"]
		f.Until("the page in "+theme, func() bool {
			return strings.Contains(public(t, p, "maudteller"), `class="t-`+theme)
		})
		inspect(f, "/maudteller", fourViews)
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
	inspect(empty, "/dashboard", fourViews)

	b := artist(t, p)
	b.Forgive("status of 404")
	_, id := withProfile(t, p, b, "maud@example.com", "maudteller", fullPage())
	editor := "/dashboard/profiles/" + id
	for _, path := range []string{
		"/dashboard", "/dashboard/profiles/new", "/dashboard/account", editor, editor + "?tab=who", editor + "?tab=elsewhere", editor + "?tab=sleeve",
		editor + "?tab=preview", editor + "?open=record", editor + "?open=words", editor + "?add=heading", editor + "/analytics", "/no/such/page",
	} {
		inspect(b, path, fourViews)
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
	inspect(b, editor, fourViews)
	b.Go(editor + "/analytics")
	b.Until("the tap", func() bool { b.Reload(); return figure(b, "Clicks") == "1" })
	inspect(b, editor+"/analytics", fourViews)
}

// TestEveryState looks at what a story does not lead to: errors, conflicts, limits, long names.
func TestEveryState(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(samples())
	t.Cleanup(server.Close)
	for _, room := range dev.Rooms() {
		for part := range stateParts {
			t.Run(fmt.Sprintf("%s %d", room.Name, part+1), func(t *testing.T) {
				t.Parallel()
				b := browser.New(session, t, browser.Setting{Screen: browser.Desk, Agent: browser.DeskAgent, Origin: server.URL})
				b.Forgive("/(preview|versions/31)") // the sample of an editor has no page to show
				for i, s := range room.Samples {
					if s.Page && i%stateParts == part {
						inspect(b, "/"+room.Name+"/"+s.Name, twoViews)
					}
				}
			})
		}
	}
}

// stateParts is how many tabs look at the states of a room, so that they do not take longer than all other tests do.
const stateParts = 3

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
