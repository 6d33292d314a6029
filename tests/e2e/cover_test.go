package e2e

import (
	"strings"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/hlpfl/platform/tests/program"
)

// TestACoverIsDroppedAndCropped makes a release with a cover by hand and keys: what is no picture is told and costs
// nothing that was typed, the cover is cropped, saved and seen in the preview; then a gallery takes several at once.
func TestACoverIsDroppedAndCropped(t *testing.T) {
	t.Parallel()
	p := program.Start(t, program.Options{})
	b := artist(t, p)
	b.Forgive("status of 4")
	owner, id := withProfile(t, p, b, "maud@example.com", "maudteller", threeLinks())
	blocks := func() []any {
		draft, _ := owner.Do("GET", "/api/profiles/"+id, nil).JSON(t)["draft"].(map[string]any)
		if draft == nil {
			return nil
		}
		list, _ := draft["profile_data"].(map[string]any)["blocks"].([]any)
		return list
	}
	shown := func(field string) (src string) {
		_ = b.Eval(`(() => { const i = document.querySelector('[data-picture="`+field+`"] [data-shown]'); return i && i.complete && i.naturalWidth > 0 ? i.getAttribute('src') : '' })()`, &src)
		return src
	}

	b.Link("Release").Click()
	b.Field("Title").Paste("Slow Harbour")
	handTo(b, "#add-cover", "drop", "cover.jpg", "image/jpeg", []byte("<html>not a picture"))
	b.See("This is no picture we can read.")
	b.Field("Title").Holds("Slow Harbour")
	handTo(b, "#add-cover", "drop", "cover.jpg", "image/jpeg", portrait(t, 200))
	b.Until("the dropped cover", func() bool { return shown("cover") != "" })
	b.Field("Title").Holds("Slow Harbour")
	b.SeeNot("This is no picture we can read.")
	whole := shown("cover")
	b.Field("What is to be seen").Paste("Fog over a pier")

	// Of 800 × 1000 the largest square; by keys it is made smaller and moved.
	b.Must(`(document.querySelector('#add-cover-crop').open = true, document.querySelector('#add-cover-crop [data-box]').focus(), true)`, new(bool))
	b.Until("the whole picture to crop", func() bool {
		var there bool
		_ = b.Eval(`document.querySelector('#add-cover-crop img').naturalWidth > 0`, &there)
		return there
	})
	b.Do(chromedp.KeyEvent(kb.ArrowUp, chromedp.KeyModifiers(input.ModifierShift)))
	b.Do(chromedp.KeyEvent(kb.ArrowUp))
	b.Do(chromedp.KeyEvent(kb.ArrowRight))
	numbers := func() (all string) {
		b.Must(`[...document.querySelectorAll('#add-cover-crop .numbers input')].map((i) => i.value).join(' ')`, &all)
		return all
	}
	if got := numbers(); got != "8 92 792" {
		t.Errorf("by keys the crop is %q, not 8 from the left, 92 from the top, 792 wide", got)
	}
	b.Must(`(() => { const z = document.querySelector('#add-cover-crop [data-zoom]'); z.value = 50; z.dispatchEvent(new Event('input', {bubbles: true})); return true })()`, new(bool))
	if got := numbers(); got != "188 272 432" {
		t.Errorf("half way closer the crop is %q", got)
	}
	b.Button("Crop it").Click()
	b.Button("Undo crop").See()
	b.Until("the crop to be shown", func() bool { s := shown("cover"); return s != "" && s != whole })
	cut := shown("cover")
	if !strings.Contains(cut, "_432x432") {
		t.Errorf("the crop is %s", cut)
	}
	b.Field("What is to be seen").Holds("Fog over a pier")
	b.Button("Add it").Click()
	b.Until("the release to be there", func() bool { return len(blocks()) == 4 })
	cover, _ := blocks()[3].(map[string]any)["cover"].(map[string]any)
	if cover["media"] == nil || !strings.Contains(cut, cover["media"].(string)) || cover["alt"] != "Fog over a pier" {
		t.Errorf("saved is %v", cover)
	}
	b.Until("the preview to show it", func() bool {
		var there bool
		_ = b.Eval(`document.querySelector('#preview-page').contentDocument.documentElement.outerHTML.includes('_432x432')`, &there)
		return there
	})
	// In the form that saves by itself: the crop put back, the point moved by a key, another cover in its place.
	b.Button("Undo crop").Click()
	now := func() map[string]any { c, _ := blocks()[3].(map[string]any)["cover"].(map[string]any); return c }
	b.Until("the whole one to be saved", func() bool { return strings.Contains(whole, now()["media"].(string)) })
	b.Must(`(document.querySelector('[data-picture="cover"] [data-focus-on]').focus(), true)`, new(bool))
	b.Do(chromedp.KeyEvent(kb.ArrowLeft, chromedp.KeyModifiers(input.ModifierShift)), chromedp.KeyEvent(kb.ArrowDown))
	b.Until("the point to be saved", func() bool { return now()["focus"] == "40% 51%" })
	handTo(b, `[data-picture="cover"]`, "paste", "image.png", "image/jpeg", portrait(t, 90))
	b.Until("another cover", func() bool {
		s := shown("cover")
		return s != "" && s != whole && strings.Contains(s, now()["media"].(string))
	})
	if c := now(); c["focus"] != nil || c["alt"] != "Fog over a pier" {
		t.Errorf("the other cover is %v", c)
	}
	b.Button("Done").Click()

	// Three at once, and one that is none: the three are there in their order, the one says why not.
	b.Link("Link").See()
	b.Must(`(document.querySelector('.menu').open = true, true)`, new(bool))
	b.Link("Gallery").Click()
	b.Until("the form", func() bool {
		var is bool
		_ = b.Eval(`document.querySelector('#add-pictures') !== null`, &is)
		return is
	})
	handTo(b, "#add-pictures", "drop", "many.jpg", "image/jpeg", portrait(t, 1), []byte("<html>"), portrait(t, 60), portrait(t, 120))
	b.Until("three rows", func() bool {
		var n int
		_ = b.Eval(`document.querySelectorAll('#add-pictures .row--picture').length`, &n)
		return n == 3
	})
	b.See("This is no picture we can read.")
	b.Button("Leave out many.jpg").Click()
	b.SeeNot("This is no picture we can read.")
	b.Button("Take out picture 1").Click()
	b.Until("two rows", func() bool {
		var n int
		_ = b.Eval(`document.querySelectorAll('#add-pictures .row--picture').length`, &n)
		return n == 2
	})
	// What is added while a picture is on its way is added with it.
	handTo(b, "#add-pictures", "drop", "late.jpg", "image/jpeg", portrait(t, 90))
	b.Button("Add it").Click()
	b.Until("the gallery to be there", func() bool { return len(blocks()) == 5 })
	if pictures, _ := blocks()[4].(map[string]any)["pictures"].([]any); len(pictures) != 3 {
		t.Errorf("the gallery holds %v", pictures)
	}
}
