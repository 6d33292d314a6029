package e2e

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/hlpfl/platform/tests/browser"
	"github.com/hlpfl/platform/tests/program"
)

// portrait is a photograph as a camera makes it, of a shade.
func portrait(t *testing.T, shade uint8) []byte {
	t.Helper()
	p := image.NewRGBA(image.Rect(0, 0, 800, 1000))
	for y := range 1000 {
		for x := range 800 {
			p.SetRGBA(x, y, color.RGBA{shade, uint8(x / 4), uint8(y / 5), 255})
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, p, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// shownPicture is the address of the portrait in the editor, once it is loaded; "" before.
func shownPicture(b *browser.Tab) (src string) {
	_ = b.Eval(`(() => { const i = document.querySelector('#portrait-picture [data-shown]'); return i && i.complete && i.naturalWidth > 0 ? i.getAttribute('src') : '' })()`, &src)
	return src
}

// hand puts a file into the page as a drop or a paste brings it, onto the portrait.
func hand(b *browser.Tab, kind, name, mime string, file []byte) {
	b.T.Helper()
	handTo(b, "#picture", kind, name, mime, file)
}

// handTo puts files into the page onto what a selector finds.
func handTo(b *browser.Tab, onto, kind, name, mime string, files ...[]byte) {
	b.T.Helper()
	var all []string
	for _, file := range files {
		all = append(all, base64.StdEncoding.EncodeToString(file))
	}
	list, err := json.Marshal(all)
	if err != nil {
		b.T.Fatal(err)
	}
	b.Must(fmt.Sprintf(`(() => {
		const held = new DataTransfer();
		for (const file of %s) held.items.add(new File([Uint8Array.from(atob(file), (c) => c.charCodeAt(0))], %q, { type: %q }));
		const target = document.querySelector(%q);
		const event = %q === 'drop'
			? new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer: held })
			: new ClipboardEvent('paste', { bubbles: true, cancelable: true, clipboardData: held });
		return !target.dispatchEvent(event);
	})()`, list, name, mime, onto, kind), new(bool))
}

func TestPortraitIsChosenDroppedAndPasted(t *testing.T) {
	t.Parallel()
	p := program.Start(t, program.Options{})
	b := artist(t, p)
	owner, id := withProfile(t, p, b, "maud@example.com", "maudteller", threeLinks())
	b.Link("Who*").Click()
	b.See("No picture yet.")

	file := filepath.Join(t.TempDir(), "me.jpg")
	if err := os.WriteFile(file, portrait(t, 200), 0o600); err != nil {
		t.Fatal(err)
	}
	b.Do(chromedp.SetUploadFiles(`[id="portrait-picture.file"]`, []string{file}, chromedp.ByQuery))
	b.Until("the chosen picture", func() bool { return shownPicture(b) != "" })
	chosen := shownPicture(b)
	b.Until("the preview to follow", func() bool {
		var there bool
		_ = b.Eval(`document.querySelector('#preview-page').contentDocument.querySelector('.portrait img') !== null`, &there)
		return there
	})

	hand(b, "drop", "me.jpg", "image/jpeg", portrait(t, 20))
	b.Until("the dropped picture", func() bool { s := shownPicture(b); return s != "" && s != chosen })
	dropped := shownPicture(b)
	hand(b, "paste", "image.png", "image/jpeg", portrait(t, 120))
	b.Until("the pasted picture", func() bool { s := shownPicture(b); return s != "" && s != chosen && s != dropped })

	b.Field("What is to be seen").Paste("Maud on a pier")
	saved(b)
	// A tap on the picture, a quarter from the left and three quarters down.
	b.Must(`(() => { const i = document.querySelector('#portrait-picture [data-shown]'); i.scrollIntoView({block: 'center'}); const r = i.getBoundingClientRect();
		document.querySelector('#portrait-picture [data-focus-on]').dispatchEvent(new MouseEvent('click', {bubbles: true, detail: 1, clientX: r.left + r.width / 4, clientY: r.top + r.height * 3 / 4})); return true })()`, new(bool))
	picture := func() map[string]any {
		draft, _ := owner.Do("GET", "/api/profiles/"+id, nil).JSON(t)["draft"].(map[string]any)
		if draft == nil {
			return nil
		}
		m, _ := draft["profile_data"].(map[string]any)["picture"].(map[string]any)
		return m
	}
	b.Until("the point to be saved", func() bool { m := picture(); return m["focus"] == "25% 75%" && m["alt"] == "Maud on a pier" })
	last := shownPicture(b)
	if media := picture()["media"].(string); !strings.Contains(last, media) {
		t.Errorf("saving words and focus changed the picture to %s", media)
	}

	// What is no picture is told beside the field, and the picture stays.
	b.Forgive("status of 4")
	hand(b, "drop", "me.jpg", "image/jpeg", []byte("<html>not a picture"))
	b.See("This is no picture we can read.")
	if shownPicture(b) != last {
		t.Error("a file that was refused took the picture away")
	}
	b.Button("Take the picture out").Click()
	b.See("No picture yet.")
	b.Button("Undo*").Click()
	b.Until("the picture to be back", func() bool { return shownPicture(b) == last })
	b.Button("Publish*").Click()
	b.Until("the page to show it", func() bool { return strings.Contains(public(t, p, "maudteller"), picturePath(last)) })
}

// picturePath is what all files of a picture begin with.
func picturePath(src string) string { return src[:strings.LastIndexByte(src, '-')] }

func TestPortraitWithoutScript(t *testing.T) {
	t.Parallel()
	p := program.Start(t, program.Options{})
	b := plainArtist(t, p)
	withProfile(t, p, b, "maud@example.com", "maudteller", threeLinks())
	b.Link("Who*").Click()
	file := filepath.Join(t.TempDir(), "me.jpg")
	if err := os.WriteFile(file, portrait(t, 200), 0o600); err != nil {
		t.Fatal(err)
	}
	b.Do(chromedp.SetUploadFiles(`[id="portrait-picture.file"]`, []string{file}, chromedp.ByQuery))
	b.Button("Save picture").Click()
	b.Field("What is to be seen").Paste("Maud on a pier")
	b.Find("spinbutton", "From the left, %").Paste("10")
	b.Button("Save picture").Click()
	b.Button("Publish*").Click()
	b.See("All of it is public")
	if page := public(t, p, "maudteller"); !strings.Contains(page, `alt="Maud on a pier"`) {
		t.Error("the page does not show the picture with its words")
	}
}
